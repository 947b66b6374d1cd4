//! The folder that holds this user's profile.

use std::fs;
use std::path::PathBuf;

use deskside_model::NAME;
use directories::BaseDirs;

/// Why the profile folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PathFault {
    /// The operating system does not say where this user's data belongs.
    #[error("this user has no home folder")]
    NoHome,
    /// The folder cannot be created.
    #[error("the folder {0} cannot be created")]
    NoFolder(PathBuf, #[source] std::io::Error),
}

/// The folder for data that stays on this computer and does not roam; created if it is missing.
///
/// # Errors
/// When the user has no home folder or the folder cannot be created.
pub fn data_folder() -> Result<PathBuf, PathFault> {
    let base = BaseDirs::new().ok_or(PathFault::NoHome)?;
    let folder = base.data_local_dir().join(NAME);
    fs::create_dir_all(&folder).map_err(|why| PathFault::NoFolder(folder.clone(), why))?;
    Ok(folder)
}
