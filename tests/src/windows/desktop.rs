//! The desktop of the person who runs the tests: its profile is clean before each test and after.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Command;

use sysinfo::Process;

use super::registry::{self, MovedProfile};
use super::{credential, credentials};
use crate::processes::snapshot;
use crate::{IDENTIFIER, NAME, Outcome, built, eventually};

/// Set to `1` where nobody's own Deskside can be harmed, such as a Wine prefix or a CI machine.
const MAY_CLEAN: &str = "DESKSIDE_TESTS_MAY_CLEAN_THIS_PROFILE";

/// The files of an installed Deskside. Some toolchains link WebView2's loader statically.
pub const INSTALLED: [&str; 3] = ["deskside.exe", "deskside-cli.exe", "WebView2Loader.dll"];

/// Which parts a desktop has.
#[derive(Clone, Copy, Debug, Default)]
pub struct Parts {
    /// The name of the user whose profile it is, below the stage's own folder; otherwise the
    /// profile is the real one of this session.
    pub user: Option<&'static str>,
}

/// The desktop of this session.
pub struct Desktop {
    /// Where Deskside keeps its data.
    pub data: PathBuf,
    /// The only folder of the user that Deskside writes to: the same.
    pub home: PathBuf,
    _profile: Option<MovedProfile>,
}

impl Desktop {
    /// Cleans the profile, which may be one of its own in `folder`.
    ///
    /// # Errors
    /// When this profile is in use, or cannot be cleaned.
    pub(crate) fn set_up(parts: Parts, folder: &Path) -> Outcome<Self> {
        let real = std::env::var_os("LOCALAPPDATA").ok_or("there is no LOCALAPPDATA")?;
        refuse_to_harm(&Path::new(&real).join(NAME))?;
        let (local, profile) = match parts.user {
            None => (real.into(), None),
            Some(user) => {
                let local = folder.join(user).join("AppData").join("Local");
                fs::create_dir_all(&local)?;
                let moved = MovedProfile::to(&local)?;
                (local, Some(moved))
            }
        };
        let data = local.join(NAME);
        let mut desktop = Self { home: data.clone(), data, _profile: profile };
        desktop.end(&built()?)?;
        Ok(desktop)
    }

    /// A command that runs on this desktop.
    pub(crate) fn command(&self, program: &Path) -> Command {
        Command::new(program)
    }

    /// Removes everything of Deskside: processes from this folder, keys, credentials and files.
    pub(crate) fn end(&mut self, programs: &Path) -> Outcome {
        end_all_in(programs)?;
        registry::clean()?;
        credentials::clean()?;
        // A program that has ended may hold its files a moment longer.
        eventually("the profile is clean", || {
            // A test may have put a file where the folder belongs.
            let is_file = self.data.is_file();
            let removed =
                if is_file { fs::remove_file(&self.data) } else { fs::remove_dir_all(&self.data) };
            match removed {
                Err(why) if why.kind() != ErrorKind::NotFound => Err(why.into()),
                Ok(()) | Err(_) => Ok(Some(())),
            }
        })
    }

    /// What the Credential Manager holds under a name.
    ///
    /// # Errors
    /// When it cannot be asked.
    pub fn secret(&self, name: &str) -> Outcome<Option<String>> {
        let found = credential(&format!("{IDENTIFIER}/{name}"))?;
        Ok(found.map(|found| String::from_utf8(found.secret)).transpose()?)
    }

    /// The names under which the Credential Manager holds something of Deskside.
    ///
    /// # Errors
    /// When it cannot be asked.
    pub fn secrets(&self) -> Outcome<Vec<String>> {
        Ok(credentials()?.into_iter().map(|one| one.target).collect())
    }
}

/// Ends every process whose program lies in this folder itself, and waits until they are gone.
fn end_all_in(folder: &Path) -> Outcome {
    eventually(&format!("what runs in {} has ended", folder.display()), || {
        let system = snapshot()?;
        let of_folder = |process: &&Process| process.exe().and_then(Path::parent) == Some(folder);
        let found: Vec<_> = system.processes().values().filter(of_folder).collect();
        for process in &found {
            // A process that cannot be ended is found again in the next round.
            process.kill();
        }
        Ok(found.is_empty().then_some(()))
    })
}

/// A developer may use Deskside on the computer that runs the tests.
fn refuse_to_harm(data: &Path) -> Outcome {
    let allowed = std::env::var_os(MAY_CLEAN).is_some_and(|value| value == "1");
    if allowed || !data.exists() {
        return Ok(());
    }
    let data = data.display();
    Err(format!("{data} is there: Deskside is used here. {MAY_CLEAN}=1 lets tests remove it")
        .into())
}
