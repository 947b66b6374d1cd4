//! What customers get, below `target/dist`: two installers, a zip for those who install nothing, the
//! software bill of materials, and checksums.
//!
//! The recipes are in `installer/`, where people who know the tools look for them. This program
//! collects what goes in and runs them.

mod contents;
#[cfg_attr(windows, path = "windows.rs")]
#[cfg_attr(not(windows), path = "other.rs")]
mod host;
mod imports;
mod msi;
mod profile;
mod setup;
mod sign;

use std::fs;
use std::path::Path;

pub(crate) use profile::Profile;

use crate::command::{Output, tool};
use crate::outcome::Outcome;
use crate::{page, paths, terminal, windows};
use contents::{Contents, files_with_sizes};

/// The version of this release: all packages of the workspace share it.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// For tests of an upgrade: lower than every version there will be.
const OLDER_VERSION: &str = "0.0.1";

/// The largest installer for one user, in bytes: people download it over slow lines.
const MAX_SETUP_BYTES: u64 = 5_000_000;

/// Builds everything and prints the sizes.
pub(crate) fn dist(profile: Profile) -> Outcome {
    let output = &mut Output::terminal();
    page::build(output)?;
    build(output, profile)?;
    let folder = paths::empty_folder(paths::target().join("dist"))?;
    let file = |ending: &str| folder.join(format!("Deskside-{VERSION}{ending}"));
    let contents = Contents::collect(output, profile, VERSION, &file(".cdx.json"))?;
    let setup = file("-setup.exe");
    setup::make(output, &contents, VERSION, &setup)?;
    match missing_msi_tool() {
        Some(tool) => terminal::print(&format!("no MSI: there is no `{tool}` on this system\n"))?,
        None => msi::make(output, &contents, VERSION, &file("-x64.msi"))?,
    }
    let name_in_zip = format!("Deskside-{VERSION}");
    let mut zip = pack(&["zip"]);
    output.run(zip.arg(file("-portable.zip")).arg(&contents.folder).arg(name_in_zip))?;
    output.run(pack(&["sums"]).arg(&folder))?;
    terminal::print(&contents.signer.summary())?;
    terminal::print(&size_table(&folder)?)?;
    let size = fs::metadata(&setup)?.len();
    if profile == Profile::Release && size > MAX_SETUP_BYTES {
        return Err(format!("the installer has {size} bytes, more than {MAX_SETUP_BYTES}").into());
    }
    Ok(())
}

/// Makes the installers that the Windows tests try, from programs that are already built: one of
/// this version and one of an older version.
pub(crate) fn for_tests(output: &mut Output) -> Outcome {
    let folder = paths::empty_folder(paths::target().join("dist-test"))?;
    let sbom = paths::work_folder("dist")?.join("sbom.cdx.json");
    let contents = Contents::collect(output, Profile::Dev, VERSION, &sbom)?;
    for (version, name) in [(OLDER_VERSION, "older"), (VERSION, "newer")] {
        setup::make(output, &contents, version, &folder.join(format!("{name}-setup.exe")))?;
        if missing_msi_tool().is_none() {
            msi::make(output, &contents, version, &folder.join(format!("{name}.msi")))?;
        }
    }
    Ok(())
}

fn build(output: &mut Output, profile: Profile) -> Outcome {
    let mut build = windows::cargo("build")?;
    build.args(["--package", "deskside-app", "--package", "deskside-cli"]);
    if profile == Profile::Release {
        build.arg("--release");
    }
    output.run(&mut build)
}

/// The first tool that an MSI needs and that this system does not offer.
fn missing_msi_tool() -> Option<&'static str> {
    host::MSI_TOOLS.into_iter().find(|tool| paths::find_program(&[*tool]).is_none())
}

fn pack(words: &[&str]) -> std::process::Command {
    let mut pack = tool("node");
    pack.arg("installer/pack").args(words);
    pack
}

fn size_table(folder: &Path) -> Outcome<String> {
    let files = files_with_sizes(folder)?;
    let lines = files.iter().map(|(name, size)| format!("  {name:<36}{size:>12}\n"));
    Ok(format!("\n{}: sizes in bytes\n{}", folder.display(), lines.collect::<String>()))
}
