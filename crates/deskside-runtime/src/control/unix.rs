//! A Unix socket in the profile's folder, which only this user can enter.

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tokio::net::{UnixListener, UnixStream};

/// The companion's end. Dropping it ends the companion's claim to the profile.
pub struct Listener {
    listener: UnixListener,
    path: PathBuf,
}

impl Listener {
    /// Becomes the companion of the profile in `folder`; `None` when there is one already.
    ///
    /// # Errors
    /// When the socket cannot be made.
    pub async fn claim(folder: &Path) -> io::Result<Option<Self>> {
        let path = socket(folder);
        if connect(folder).await.is_ok() {
            return Ok(None);
        }
        // A socket that nobody answers is what a crash left behind.
        match fs::remove_file(&path) {
            Err(why) if why.kind() != io::ErrorKind::NotFound => return Err(why),
            Ok(()) | Err(_) => {}
        }
        let listener = UnixListener::bind(&path)?;
        fs::set_permissions(&path, Permissions::from_mode(0o600))?;
        Ok(Some(Self { listener, path }))
    }

    /// Waits for the next visitor.
    ///
    /// # Errors
    /// When the operating system cannot take one in at this moment.
    pub async fn visitor(&mut self) -> io::Result<UnixStream> {
        self.listener.accept().await.map(|(stream, _)| stream)
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        if let Err(why) = fs::remove_file(&self.path) {
            tracing::debug!(%why, "the control socket was gone already");
        }
    }
}

/// Visits the companion.
pub(super) async fn connect(folder: &Path) -> io::Result<UnixStream> {
    UnixStream::connect(socket(folder)).await
}

fn socket(folder: &Path) -> PathBuf {
    folder.join("control.sock")
}
