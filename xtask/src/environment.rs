//! Environment variables: those that change what the commands do, and those that are set for the
//! programs they start.

use std::process::Command;
use std::{env, fs};

use crate::outcome::Outcome;
use crate::paths;

/// Where the tests of ts-rs write the page's TypeScript types.
pub(crate) const TYPES_FOLDER: &str = "TS_RS_EXPORT_DIR";

/// While it is set, the app does not build without the window's real page: see `src-tauri/build.rs`.
pub(crate) const REQUIRE_PAGE: &str = "DESKSIDE_REQUIRE_PAGE";

/// True on a CI machine: no one answers questions, and the logs are deleted afterwards.
pub(crate) fn unattended() -> bool {
    env::var_os("CI").is_some_and(|value| value == "true")
}

/// Lets unit tests write the types they export into a folder that is not used.
pub(crate) fn discard_types(command: &mut Command) -> Outcome<&mut Command> {
    let folder = paths::work_folder("types-of-unit-tests")?;
    fs::remove_dir_all(&folder)?;
    Ok(command.env(TYPES_FOLDER, folder))
}
