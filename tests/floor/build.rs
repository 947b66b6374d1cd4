//! What every Tauri app does at its build, as Deskside does it.

use std::process::ExitCode;

fn main() -> ExitCode {
    match tauri_build::try_build(tauri_build::Attributes::new()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            println!("cargo::error={why:#}");
            ExitCode::FAILURE
        }
    }
}
