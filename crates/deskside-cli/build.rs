//! Gives the Windows program its version, its icon and its manifest.

use std::io;

const MANIFEST: &str = "../../src-tauri/windows/program.manifest";
const ICON: &str = "../../icons/generated/icon.ico";

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed={MANIFEST}");
    println!("cargo::rerun-if-changed={ICON}");
    if std::env::var_os("CARGO_CFG_WINDOWS").is_none() {
        return Ok(());
    }
    let mut resource = tauri_winres::WindowsResource::new();
    resource.set("ProductName", "Deskside").set("FileDescription", "Deskside on the command line");
    resource.set_manifest_file(MANIFEST).set_icon(ICON).compile()
}
