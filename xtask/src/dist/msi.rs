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
    "INSERT INTO `Property` (`Property`,`Value`) VALUES ('MsiHiddenProperties','DESKSIDE_ENROLLMENT;SET_ENROLLMENT')",
    "UPDATE `Shortcut` SET `Target`='[#deskside.exe]' WHERE `Shortcut`='StartMenu'",
];

/// The table with the shortcut's AppUserModelID, to which Windows assigns notifications, and the
/// activator without which it does not keep them.
const SHORTCUT_PROPERTIES: &str = "MsiShortcutProperty\tShortcut_\tPropertyKey\tPropVariantValue\n\
    s72\ts72\ts255\ts255\n\
    MsiShortcutProperty\tMsiShortcutProperty\n\
    Aumid\tStartMenu\tSystem.AppUserModel.ID\tcom.deskside.companion\n\
    Activator\tStartMenu\tSystem.AppUserModel.ToastActivatorCLSID\t{E2B41D0C-6B0F-4B0B-8E0F-3C5D9A7714F6}\n";

/// Something that Windows Installer does besides its standard actions.
struct Action {
    name: &'static str,
    kind: u16,
    /// What a property is set to, the arguments of a file, or a command.
    what: &'static str,
    /// The property, the file, or the folder of the command.
    of: &'static str,
    condition: &'static str,
    /// Its place among the standard actions, by their numbers.
    place: u16,
}

/// Sets a property.
const SET: u16 = 51;

/// Runs a command as the person who installs. Its failure stops nothing.
const RUN: u16 = 34 + 64;

/// Starts an installed program as the person who installs, and does not wait.
const START: u16 = 18 + 64 + 128;

/// A property that is not given keeps its value, which is searched between 50 and 100. Values of Group
/// Policy may be numbers, which begin with "#".
///
/// The running program is asked to end before 1400, where Windows Installer looks for files in use, and
/// the new one is started after 6600, when everything is done. SYSTEM has no session to do either in,
/// and `AUTOSTART=0` says that the program is not for this session: there, Windows itself ends and
/// restarts it where it can.
///
/// Uninstalling also removes what the program has written for this person.
const ACTIONS: &[Action] = &[
    Action {
        name: "KeepAutostartOff",
        kind: SET,
        what: "0",
        of: "AUTOSTART",
        condition: r##"NOT AUTOSTART AND (SET_AUTOSTART = "0" OR SET_AUTOSTART = "#0")"##,
        place: 51,
    },
    Action {
        name: "KeepAutostartOn",
        kind: SET,
        what: "1",
        of: "AUTOSTART",
        condition: r##"NOT AUTOSTART AND (SET_AUTOSTART = "1" OR SET_AUTOSTART = "#1")"##,
        place: 52,
    },
    Action {
        name: "KeepBackend",
        kind: SET,
        what: "[SET_BACKEND]",
        of: "DESKSIDE_BACKEND",
        condition: r##"NOT DESKSIDE_BACKEND AND NOT (SET_BACKEND << "#")"##,
        place: 53,
    },
    Action {
        name: "KeepEnrollment",
        kind: SET,
        what: "[SET_ENROLLMENT]",
        of: "DESKSIDE_ENROLLMENT",
        condition: r##"NOT DESKSIDE_ENROLLMENT AND NOT (SET_ENROLLMENT << "#")"##,
        place: 54,
    },
    Action {
        name: "Quit",
        kind: RUN,
        what: r#""[INSTALLDIR]deskside-cli.exe" quit"#,
        of: "INSTALLDIR",
        condition: r#"UserSID <> "S-1-5-18" AND NOT UPGRADINGPRODUCTCODE AND ((Installed AND REMOVE = "ALL") OR ((Installed OR WIX_UPGRADE_DETECTED) AND AUTOSTART <> "0"))"#,
        place: 1390,
    },
    Action {
        name: "Forget",
        kind: RUN,
        what: r#""[System64Folder]cmd.exe" /d /c reg delete HKCU\Software\Classes\AppUserModelId\com.deskside.companion /f >nul 2>&1 & reg delete HKCU\Software\Microsoft\Windows\CurrentVersion\Run /v Deskside /f >nul 2>&1"#,
        of: "ProgramFiles64Folder",
        condition: r#"UserSID <> "S-1-5-18" AND NOT UPGRADINGPRODUCTCODE AND Installed AND REMOVE = "ALL""#,
        place: 6610,
    },
    Action {
        name: "Start",
        kind: START,
        what: "--background",
        of: "deskside.exe",
        condition: r#"UserSID <> "S-1-5-18" AND NOT REMOVE AND AUTOSTART <> "0""#,
        place: 6620,
    },
];

impl Action {
    /// The queries that add it.
    fn queries(&self) -> [String; 2] {
        let Self { name, kind, what, of, condition, place } = self;
        [
            format!(
                "INSERT INTO `CustomAction` (`Action`,`Type`,`Source`,`Target`) \
                 VALUES ('{name}',{kind},'{of}','{what}')"
            ),
            format!(
                "INSERT INTO `InstallExecuteSequence` (`Action`,`Condition`,`Sequence`) \
                 VALUES ('{name}','{condition}',{place})"
            ),
        ]
    }
}

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
    let defines = [
        ("Version", version),
        ("CommaVersion", &version.replace('.', ",")),
        ("ProductCode", &product_code(version)?),
        ("Loader", loader),
    ];
    for (name, value) in defines {
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
    let actions = ACTIONS.iter().flat_map(Action::queries);
    msibuild.args(actions.flat_map(|query| ["-q".to_owned(), query]));
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
