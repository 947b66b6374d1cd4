//! Tells Tauri which commands there are, so that a page may use only those its capability names, and
//! which page goes into the app.
//!
//! Cargo cannot build the window's page. A debug build without it gets a placeholder, so that
//! `cargo check` and editors work on a fresh clone. Nothing that is tested or shipped gets it:
//! release builds need the real page, and so does every build that `cargo xtask` starts.

use std::env;
use std::path::Path;
use std::process::ExitCode;

const WINDOWS_MANIFEST: &str = include_str!("windows/program.manifest");

const COMMANDS: &[&str] = &["attach", "act", "details", "image", "ready"];

/// The real page, where `tauri.conf.json` expects it.
const PAGE: &str = "../ui/dist/index.html";

/// Replaces the page's folder in `tauri.conf.json`. Tauri merges this variable into it.
const PLACEHOLDER: &str = r#"TAURI_CONFIG={"build":{"frontendDist":"placeholder"}}"#;

/// While it is set, a build without the real page fails.
const REQUIRE_PAGE: &str = "DESKSIDE_REQUIRE_PAGE";

fn main() -> ExitCode {
    match build() {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            println!("cargo::error={why}");
            ExitCode::FAILURE
        }
    }
}

fn build() -> Result<(), String> {
    choose_page()?;
    let manifest = tauri_build::AppManifest::new().commands(COMMANDS);
    let windows = tauri_build::WindowsAttributes::new().app_manifest(WINDOWS_MANIFEST);
    let attributes = tauri_build::Attributes::new().app_manifest(manifest);
    tauri_build::try_build(attributes.windows_attributes(windows)).map_err(|why| format!("{why:#}"))
}

fn choose_page() -> Result<(), String> {
    // Cargo runs this script again at each build while the page is missing, so neither the
    // placeholder nor an answer to the variable lasts.
    println!("cargo::rerun-if-changed={PAGE}");
    println!("cargo::rerun-if-changed=build.rs");
    if Path::new(PAGE).exists() {
        return Ok(());
    }
    let is_debug = env::var_os("PROFILE").is_some_and(|profile| profile == "debug");
    if !is_debug || env::var_os(REQUIRE_PAGE).is_some() {
        return Err("the window's page is not built: run `cargo xtask ui`".to_owned());
    }
    println!("cargo::rustc-env={PLACEHOLDER}");
    println!("cargo::warning=this build shows a placeholder: run `cargo xtask ui` for the page");
    Ok(())
}
