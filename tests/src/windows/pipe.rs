//! A stand-in for the companion that shows byte by byte what other programs hand over.

use std::fs::{self, File};
use std::io;

use deskside_os::pipe;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::windows::named_pipe::NamedPipeServer;
use tokio::runtime::{Builder, Runtime};

use crate::{Desktop, Outcome, PATIENCE};

/// A companion that only listens.
pub struct Listener {
    tokio: Runtime,
    name: String,
    pipe: NamedPipeServer,
    _lock: File,
}

impl Listener {
    /// Takes the companion's place in this profile.
    ///
    /// # Errors
    /// When the pipe cannot be made.
    pub fn claim(desktop: &Desktop) -> Outcome<Self> {
        let tokio = Builder::new_current_thread().enable_all().build()?;
        fs::create_dir_all(&desktop.data)?;
        let name = pipe::name(&desktop.data)?;
        let pipe = tokio.block_on(async { pipe::first_end(&name) })?;
        let lock = File::create(desktop.data.join("companion.lock"))?;
        lock.lock()?;
        Ok(Self { tokio, name, pipe, _lock: lock })
    }

    /// Waits for a program to connect, agrees to whatever it asks for, and returns that.
    ///
    /// # Errors
    /// When none connects.
    pub fn asked(&mut self) -> Outcome<String> {
        self.answer("true")
    }

    /// Waits for a program to connect, gives this answer to whatever it asks for, and returns that.
    ///
    /// # Errors
    /// When none connects.
    pub fn answer(&mut self, answer: &str) -> Outcome<String> {
        let exchange = async {
            self.pipe.connect().await?;
            // Each program needs an instance of the pipe of its own.
            let next = pipe::next_end(&self.name)?;
            let mut visitor = BufReader::new(std::mem::replace(&mut self.pipe, next));
            let mut line = String::new();
            visitor.read_line(&mut line).await?;
            visitor.write_all(format!("{answer}\n").as_bytes()).await?;
            // The program has read everything when it closes its end, which is reported as an error.
            visitor.read_u8().await.ok();
            Ok::<_, io::Error>(line)
        };
        Ok(self.tokio.block_on(async { tokio::time::timeout(PATIENCE, exchange).await })??)
    }
}
