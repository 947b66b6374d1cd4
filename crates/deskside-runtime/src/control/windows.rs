//! A named pipe with a random name.
//!
//! Every user of a computer can list pipe names and create a pipe under any name that is free. So the
//! name is drawn at random for each run and kept in a file in the profile's folder, and whoever
//! connects checks first that the other end belongs to the same user: after a crash, another user of
//! a terminal server could offer a pipe under the old name and be given this user's links.

use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{fs, io};

use deskside_os::pipe;
use tokio::net::windows::named_pipe::{
    ClientOptions, NamedPipeClient, NamedPipeServer, ServerOptions,
};
use tokio::time::sleep;

/// `ERROR_PIPE_BUSY`: the companion has not yet offered an end to the next visitor.
const BUSY: i32 = 231;

/// Until a busy pipe is tried again. The companion needs less to offer its next end.
const BUSY_PAUSE: Duration = Duration::from_millis(10);

/// The companion's end of the channel.
#[derive(Debug)]
pub(crate) struct Listener {
    name: String,
    next: NamedPipeServer,
    file: PathBuf,
}

impl Listener {
    /// Opens the channel. Only for the process that holds the lock.
    ///
    /// # Errors
    /// When the pipe cannot be made, or its name cannot be written down.
    pub(super) fn open(folder: &Path) -> io::Result<Self> {
        let mut random = [0_u8; 16];
        getrandom::fill(&mut random).map_err(io::Error::other)?;
        let random: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
        let name = format!(r"\\.\pipe\deskside-{random}");
        let next = ServerOptions::new()
            .first_pipe_instance(true)
            .reject_remote_clients(true)
            .create(&name)?;
        let file = name_file(folder);
        fs::write(&file, &name)?;
        Ok(Self { name, next, file })
    }

    /// Waits for the next visitor.
    ///
    /// # Errors
    /// When the operating system cannot take one in at this moment.
    pub(crate) async fn visitor(&mut self) -> io::Result<NamedPipeServer> {
        self.next.connect().await?;
        let next = ServerOptions::new().reject_remote_clients(true).create(&self.name)?;
        Ok(std::mem::replace(&mut self.next, next))
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        if let Err(why) = fs::remove_file(&self.file) {
            tracing::debug!(%why, "the pipe's name is already gone");
        }
    }
}

/// Connects to the companion, waiting while its pipe is busy.
///
/// # Errors
/// When no companion of this user listens.
pub(super) async fn connect(folder: &Path) -> io::Result<NamedPipeClient> {
    let file = name_file(folder);
    let client = loop {
        match ClientOptions::new().open(fs::read_to_string(&file)?) {
            Err(why) if why.raw_os_error() == Some(BUSY) => sleep(BUSY_PAUSE).await,
            opened => break opened?,
        }
    };
    if pipe::server_is_same_user(&client)? {
        return Ok(client);
    }
    tracing::warn!("another user offers a pipe under the companion's name");
    Err(io::ErrorKind::ConnectionRefused.into())
}

fn name_file(folder: &Path) -> PathBuf {
    folder.join("control.pipe")
}
