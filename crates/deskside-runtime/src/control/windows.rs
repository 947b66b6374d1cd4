//! A named pipe whose name nobody else can guess.
//!
//! Pipe names are shared by everybody on the computer, so a fixed one could be taken by another
//! user of a terminal server, who would then be given this user's links. The name is drawn at
//! random for each run and kept in a file in the profile's folder, which only this user can read.

use std::path::{Path, PathBuf};
use std::{fs, io};

use tokio::net::windows::named_pipe::{
    ClientOptions, NamedPipeClient, NamedPipeServer, ServerOptions,
};

/// The companion's end. Dropping it ends the companion's claim to the profile.
pub struct Listener {
    name: String,
    next: NamedPipeServer,
    file: PathBuf,
}

impl Listener {
    /// Becomes the companion of the profile in `folder`; `None` when there is one already.
    ///
    /// # Errors
    /// When the pipe cannot be made.
    #[expect(clippy::unused_async, reason = "the same signature as on other systems")]
    pub async fn claim(folder: &Path) -> io::Result<Option<Self>> {
        let file = name_file(folder);
        if fs::read_to_string(&file).is_ok_and(|name| ClientOptions::new().open(name).is_ok()) {
            return Ok(None);
        }
        let mut random = [0_u8; 16];
        getrandom::fill(&mut random).map_err(io::Error::other)?;
        let random: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
        let name = format!(r"\\.\pipe\deskside-{random}");
        let next = ServerOptions::new()
            .first_pipe_instance(true)
            .reject_remote_clients(true)
            .create(&name)?;
        fs::write(&file, &name)?;
        Ok(Some(Self { name, next, file }))
    }

    /// Waits for the next visitor.
    ///
    /// # Errors
    /// When the operating system cannot take one in at this moment.
    pub async fn visitor(&mut self) -> io::Result<NamedPipeServer> {
        self.next.connect().await?;
        let next = ServerOptions::new().reject_remote_clients(true).create(&self.name)?;
        Ok(std::mem::replace(&mut self.next, next))
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        if let Err(why) = fs::remove_file(&self.file) {
            tracing::debug!(%why, "the pipe's name was gone already");
        }
    }
}

/// Visits the companion.
#[expect(clippy::unused_async, reason = "the same signature as on other systems")]
pub(super) async fn connect(folder: &Path) -> io::Result<NamedPipeClient> {
    ClientOptions::new().open(fs::read_to_string(name_file(folder))?)
}

fn name_file(folder: &Path) -> PathBuf {
    folder.join("control.pipe")
}
