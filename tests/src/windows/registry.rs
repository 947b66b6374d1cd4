//! What Deskside keeps in this user's registry, and where Windows looks for the profile.

use std::path::Path;

use windows_registry::CURRENT_USER;

use crate::{IDENTIFIER, NAME, Outcome};

const RUN: &str = r"Software\Microsoft\Windows\CurrentVersion\Run";
const FOLDERS: &str = r"Software\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders";
const LOCAL_DATA: &str = "Local AppData";

/// A text value of this user; `None` where there is none. The empty name is a key's own value.
#[must_use]
pub fn text_value(key: &str, name: &str) -> Option<String> {
    CURRENT_USER.open(key).ok()?.get_string(name).ok()
}

/// Removes every key and value of Deskside.
pub(crate) fn clean() -> Outcome {
    remove_key(r"Software\Classes\deskside")?;
    remove_key(&format!(r"Software\Classes\AppUserModelId\{IDENTIFIER}"))?;
    if text_value(RUN, NAME).is_some() {
        CURRENT_USER.create(RUN)?.remove_value(NAME)?;
    }
    Ok(())
}

fn remove_key(path: &str) -> Outcome {
    if CURRENT_USER.open(path).is_ok() {
        CURRENT_USER.remove_tree(path)?;
    }
    Ok(())
}

/// Where this user's data is, for programs that start from now on. Put back when dropped.
#[derive(Debug)]
pub struct MovedProfile {
    before: String,
}

impl MovedProfile {
    /// Moves it to this folder. Windows and Wine both ask the registry at each `SHGetKnownFolderPath`.
    ///
    /// # Errors
    /// When the registry cannot be written.
    pub fn to(local_data: &Path) -> Outcome<Self> {
        let before = text_value(FOLDERS, LOCAL_DATA)
            .unwrap_or_else(|| r"%USERPROFILE%\AppData\Local".to_owned());
        let folders = CURRENT_USER.create(FOLDERS)?;
        let local_data = local_data.to_str().ok_or("a folder that is no text")?;
        folders.set_expand_string(LOCAL_DATA, local_data)?;
        Ok(Self { before })
    }
}

impl Drop for MovedProfile {
    fn drop(&mut self) {
        let folders = CURRENT_USER.create(FOLDERS);
        let back = folders.and_then(|key| key.set_expand_string(LOCAL_DATA, &self.before));
        assert!(back.is_ok() || std::thread::panicking(), "the profile stays moved: {back:?}");
    }
}
