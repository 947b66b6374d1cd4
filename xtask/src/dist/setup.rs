//! The installer for one user, made with NSIS.

use std::path::Path;

use super::contents::Contents;
use super::host;
use super::profile::Profile;
use crate::command::{Output, tool};
use crate::outcome::Outcome;
use crate::paths;

/// Makes the installer, and signs it and the uninstaller inside it.
pub(super) fn make(
    output: &mut Output,
    contents: &Contents,
    version: &str,
    file: &Path,
) -> Outcome {
    let mut makensis = tool(host::makensis());
    makensis.args(["-V2", "-WX", "-INPUTCHARSET", "UTF8"]);
    let icon = contents.folder.join("deskside.ico");
    let defines = [
        ("CPU", host::NSIS_CPU.to_owned()),
        ("VERSION", version.to_owned()),
        ("FILES", contents.folder.display().to_string()),
        ("ICON", icon.display().to_string()),
        ("OUTPUT", file.display().to_string()),
        ("ESTIMATED_KB", contents.kibibytes()?.to_string()),
    ];
    makensis.args(defines.iter().map(|(name, value)| format!("-D{name}={value}")));
    match contents.profile {
        Profile::Dev => makensis.arg("-DFAST"),
        Profile::Release => &mut makensis,
    };
    if let Some(command) = contents.signer.command() {
        makensis.arg(format!("-DSIGN={command}"));
    }
    output.run(makensis.arg(paths::root().join("installer/setup.nsi")))?;
    contents.signer.sign(output, file)
}
