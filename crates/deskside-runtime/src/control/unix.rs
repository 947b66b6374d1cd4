//! A Unix socket in the profile's folder, which only this user can enter.

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tokio::net::{UnixListener, UnixStream};

use super::unreached::{Unreached, of_socket};

/// The companion's end of the channel.
#[derive(Debug)]
pub(crate) struct Listener {
    listener: UnixListener,
    path: PathBuf,
}

impl Listener {
    /// Opens the channel. Only for the process that holds the lock.
    ///
    /// # Errors
    /// When the socket cannot be made.
    pub(super) fn open(folder: &Path) -> io::Result<Self> {
        let path = socket(folder);
        // Left behind by a companion that crashed: this process holds the lock.
        match fs::remove_file(&path) {
            Err(why) if why.kind() != io::ErrorKind::NotFound => return Err(why),
            Ok(()) | Err(_) => {}
        }
        let listener = UnixListener::bind(&path)?;
        fs::set_permissions(&path, Permissions::from_mode(0o600))?;
        Ok(Self { listener, path })
    }

    /// Waits for the next visitor.
    ///
    /// # Errors
    /// When the operating system cannot take one in at this moment.
    pub(crate) async fn visitor(&mut self) -> io::Result<UnixStream> {
        self.listener.accept().await.map(|(stream, _)| stream)
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        if let Err(why) = fs::remove_file(&self.path) {
            tracing::debug!(%why, "the control socket is already gone");
        }
    }
}

/// Connects to the companion. Only this user can have made the socket: the folder is theirs.
///
/// # Errors
/// When no companion can be reached at this moment, and why.
pub(super) async fn connect(folder: &Path) -> Result<UnixStream, Unreached> {
    UnixStream::connect(socket(folder)).await.map_err(of_socket)
}

fn socket(folder: &Path) -> PathBuf {
    folder.join("control.sock")
}
