//! Tells Tauri which commands there are, so that a page may use only those its capability names.

use std::path::Path;
use std::process::ExitCode;

const COMMANDS: &[&str] = &["attach", "act", "details", "ready"];

fn main() -> ExitCode {
    if !Path::new("../ui/dist/index.html").exists() {
        println!("cargo::error=the window's page is not built: run `cargo xtask ui` first");
        return ExitCode::FAILURE;
    }
    let manifest = tauri_build::AppManifest::new().commands(COMMANDS);
    match tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            println!("cargo::error={why:#}");
            ExitCode::FAILURE
        }
    }
}
