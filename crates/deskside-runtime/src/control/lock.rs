//! The lock that makes one process the companion of a profile.
//!
//! A file lock, because the operating system grants it to one process at a time and releases it when
//! that process ends, however it ends. The file itself stays: once it is deleted, two processes could
//! each hold a lock on a file of this name.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

/// Held until dropped.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock; `None` when another process holds it.
    ///
    /// # Errors
    /// When the file cannot be opened, or the file system has no locks.
    pub(super) fn take(folder: &Path) -> io::Result<Option<Self>> {
        let file =
            OpenOptions::new().create(true).truncate(false).write(true).open(path(folder))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(why)) => Err(why),
        }
    }

    /// True while a process holds the lock.
    pub(super) fn is_held(folder: &Path) -> bool {
        // Shared, so that two processes that ask do not mistake each other for the companion. A start
        // that meets this short lock tries again.
        let asked = File::open(path(folder)).map(|file| file.try_lock_shared());
        matches!(asked, Ok(Err(TryLockError::WouldBlock)))
    }
}

fn path(folder: &Path) -> PathBuf {
    folder.join("companion.lock")
}
