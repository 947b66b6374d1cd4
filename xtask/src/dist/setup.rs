//! The installer for one user, made with NSIS.

use std::path::Path;

use super::{Contents, Profile, host};
use crate::run::{Output, tool};
use crate::{Outcome, place};

/// Makes it, and signs it with the uninstaller that is inside.
pub(super) fn make(
    output: &mut Output,
    contents: &Contents,
    version: &str,
    file: &Path,
) -> Outcome {
    let mut makensis = tool(host::makensis());
    makensis.args(["-V2", "-WX", "-INPUTCHARSET", "UTF8"]);
    let icon = contents.folder.join("deskside.ico");
    let given = [
        ("CPU", host::NSIS_CPU.to_owned()),
        ("VERSION", version.to_owned()),
        ("FILES", contents.folder.display().to_string()),
        ("ICON", icon.display().to_string()),
        ("OUTPUT", file.display().to_string()),
        ("ESTIMATED_KB", contents.kilobytes()?.to_string()),
    ];
    makensis.args(given.iter().map(|(name, value)| format!("-D{name}={value}")));
    match contents.profile {
        Profile::Dev => makensis.arg("-DFAST"),
        Profile::Release => &mut makensis,
    };
    if let Some(command) = contents.signer.command() {
        makensis.arg(format!("-DSIGN={command}"));
    }
    output.run(makensis.arg(place::root().join("installer/setup.nsi")))?;
    contents.signer.sign(output, file)
}
