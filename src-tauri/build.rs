//! Tells Tauri which commands there are, so that a page may use only those its capability names.

use std::path::Path;
use std::process::ExitCode;

const WINDOWS_MANIFEST: &str = include_str!("windows/program.manifest");

const COMMANDS: &[&str] = &["attach", "act", "details", "image", "ready"];

fn main() -> ExitCode {
    if !Path::new("../ui/dist/index.html").exists() {
        println!("cargo::error=the window's page is not built: run `cargo xtask ui` first");
        return ExitCode::FAILURE;
    }
    let manifest = tauri_build::AppManifest::new().commands(COMMANDS);
    let windows = tauri_build::WindowsAttributes::new().app_manifest(WINDOWS_MANIFEST);
    let attributes = tauri_build::Attributes::new().app_manifest(manifest);
    match tauri_build::try_build(attributes.windows_attributes(windows)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            println!("cargo::error={why:#}");
            ExitCode::FAILURE
        }
    }
}
