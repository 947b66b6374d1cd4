//! A named pipe whose name follows from the user and the profile, so nothing has to be written down
//! and nothing stays behind, however the companion ends.

use std::io;
use std::path::Path;

use deskside_os::pipe;
use tokio::net::windows::named_pipe::{ClientOptions, NamedPipeClient, NamedPipeServer};

use super::unreached::{Unreached, of_pipe};

/// The companion's end of the channel.
#[derive(Debug)]
pub(crate) struct Listener {
    name: String,
    next: NamedPipeServer,
}

impl Listener {
    /// Opens the channel. Only for the process that holds the lock.
    ///
    /// # Errors
    /// When the pipe cannot be made, for example because another user has one of this name.
    pub(super) fn open(folder: &Path) -> io::Result<Self> {
        let name = pipe::name(folder)?;
        let next = pipe::first_end(&name)?;
        Ok(Self { name, next })
    }

    /// Waits for the next visitor.
    ///
    /// # Errors
    /// When the operating system cannot take one in at this moment.
    pub(crate) async fn visitor(&mut self) -> io::Result<NamedPipeServer> {
        self.next.connect().await?;
        let next = pipe::next_end(&self.name)?;
        Ok(std::mem::replace(&mut self.next, next))
    }
}

/// Connects to the companion.
///
/// # Errors
/// When no companion of this user can be reached at this moment, and why.
#[expect(clippy::unused_async, reason = "the other platform's connection takes time")]
pub(super) async fn connect(folder: &Path) -> Result<NamedPipeClient, Unreached> {
    let name = pipe::name(folder).map_err(Unreached::Broken)?;
    let client = ClientOptions::new().open(name).map_err(of_pipe)?;
    match pipe::is_own(&client) {
        Ok(true) => Ok(client),
        Ok(false) => Err(Unreached::AnotherUser),
        Err(why) => Err(Unreached::Broken(why)),
    }
}
