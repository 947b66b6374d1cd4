//! The installer for all users of a computer, made with wixl and completed with msibuild.
//!
//! wixl 0.101 understands a part of WiX. An MSI is a database, and the cells that wixl leaves empty
//! are filled in afterwards.

use std::fs;
use std::path::Path;

use super::contents::Contents;
use crate::command::{Output, tool};
use crate::outcome::Outcome;
use crate::paths;

/// What wixl cannot express.
///
/// - A policy is written only when it is given. `REMOVE`: Wine removes only what it would also
///   install.
/// - Properties given by a user without administrator rights are passed on, and the enrollment code
///   is kept out of the installer's log.
/// - The shortcut starts the program itself: wixl can only advertise it.
const CORRECTIONS: &[&str] = &[
    r#"UPDATE `Component` SET `Condition`='AUTOSTART <> "0" OR REMOVE' WHERE `Component`='Autostart'"#,
    "UPDATE `Component` SET `Condition`='AUTOSTART OR REMOVE' WHERE `Component`='PolicyAutostart'",
    "UPDATE `Component` SET `Condition`='DESKSIDE_BACKEND OR REMOVE' WHERE `Component`='PolicyBackend'",
    "UPDATE `Component` SET `Condition`='DESKSIDE_ENROLLMENT OR REMOVE' WHERE `Component`='PolicyEnrollment'",
    "UPDATE `Property` SET `Value`='WIX_DOWNGRADE_DETECTED;WIX_UPGRADE_DETECTED;AUTOSTART;DESKSIDE_BACKEND;DESKSIDE_ENROLLMENT' WHERE `Property`='SecureCustomProperties'",
    "INSERT INTO `Property` (`Property`,`Value`) VALUES ('MsiHiddenProperties','DESKSIDE_ENROLLMENT')",
    "UPDATE `Shortcut` SET `Target`='[#deskside.exe]' WHERE `Shortcut`='StartMenu'",
];

/// The table with the shortcut's AppUserModelID, to which Windows assigns notifications, and the
/// activator without which it does not keep them.
const SHORTCUT_PROPERTIES: &str = "MsiShortcutProperty\tShortcut_\tPropertyKey\tPropVariantValue\n\
    s72\ts72\ts255\ts255\n\
    MsiShortcutProperty\tMsiShortcutProperty\n\
    Aumid\tStartMenu\tSystem.AppUserModel.ID\tcom.deskside.companion\n\
    Activator\tStartMenu\tSystem.AppUserModel.ToastActivatorCLSID\t{E2B41D0C-6B0F-4B0B-8E0F-3C5D9A7714F6}\n";

/// Makes the installer and signs it.
pub(super) fn make(
    output: &mut Output,
    contents: &Contents,
    version: &str,
    file: &Path,
) -> Outcome {
    let loader = if contents.has_loader() { "yes" } else { "no" };
    let mut wixl = tool("wixl");
    wixl.args(["--arch", "x64", "--output"]).arg(file);
    for (name, value) in
        [("Version", version), ("ProductCode", &product_code(version)?), ("Loader", loader)]
    {
        wixl.arg("--define").arg(format!("{name}={value}"));
    }
    // wixl finds files only below its working directory.
    let (parent, name) = contents.folder.parent().zip(contents.folder.file_name()).unzip();
    let (parent, name) = (parent.unwrap_or(&contents.folder), name.unwrap_or_default());
    wixl.arg("--define").arg(format!("Files={}", name.display())).current_dir(parent);
    output.run(wixl.arg(paths::root().join("installer/deskside.wxs")))?;

    let table = paths::work_folder("dist")?.join("MsiShortcutProperty.idt");
    fs::write(&table, SHORTCUT_PROPERTIES)?;
    let mut msibuild = tool("msibuild");
    msibuild.arg(file).arg("-i").arg(table);
    msibuild.args(CORRECTIONS.iter().flat_map(|query| ["-q", query]));
    output.run(&mut msibuild)?;
    contents.signer.sign(output, file)
}

/// Windows Installer takes each version for another product, and the same version must always get
/// the same code: its three numbers are the end of it.
fn product_code(version: &str) -> Outcome<String> {
    let numbers: Vec<u16> = version.split('.').map(str::parse).collect::<Result<_, _>>()?;
    let [major, minor, patch] = numbers.as_slice() else {
        return Err(format!("{version} is not three numbers").into());
    };
    Ok(format!("E3A2C6F4-0D1B-4B7A-9C55-{major:04X}{minor:04X}{patch:04X}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_version_has_one_product_code_of_its_own() {
        let code = |version| product_code(version).unwrap();
        assert_eq!(code("1.2.10"), "E3A2C6F4-0D1B-4B7A-9C55-00010002000A");
        assert_ne!(code("1.2.10"), code("1.2.11"));
        assert_ne!(code("1.2.10"), code("1.21.0"));
        assert!(product_code("1.2.10-beta").is_err(), "Windows Installer accepts numbers only");
    }
}
