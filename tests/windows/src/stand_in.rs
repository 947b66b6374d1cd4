//! A companion that only listens: what other programs hand over can be read byte by byte.

use std::fs;
use std::io;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::windows::named_pipe::{NamedPipeServer, ServerOptions};
use tokio::runtime::{Builder, Runtime};

use crate::{PATIENCE, Play, Stage};

/// What the file in the profile says where the companion is.
const PIPE: &str = r"\\.\pipe\deskside-tests";

/// A companion that only listens.
pub struct StandIn {
    tokio: Runtime,
    pipe: NamedPipeServer,
}

impl StandIn {
    /// Takes the companion's place in this profile.
    ///
    /// # Errors
    /// When that cannot be.
    pub fn claim(stage: &Stage) -> Play<Self> {
        let tokio = Builder::new_current_thread().enable_all().build()?;
        let pipe = tokio.block_on(async { ServerOptions::new().create(PIPE) })?;
        fs::create_dir_all(&stage.data)?;
        fs::write(stage.data.join("control.pipe"), PIPE)?;
        Ok(Self { tokio, pipe })
    }

    /// Waits for a visitor, says yes to whatever it wants, and answers what that was.
    ///
    /// # Errors
    /// When nobody comes.
    pub fn asked(&mut self) -> Play<String> {
        let exchange = async {
            self.pipe.connect().await?;
            // Each visitor has a pipe's end of its own.
            let next = ServerOptions::new().create(PIPE)?;
            let mut visitor = BufReader::new(std::mem::replace(&mut self.pipe, next));
            let mut line = String::new();
            visitor.read_line(&mut line).await?;
            visitor.write_all(b"true\n").await?;
            // The visitor has read it all when it closes its end, which is told as an error.
            visitor.read_u8().await.ok();
            Ok::<_, io::Error>(line)
        };
        Ok(self.tokio.block_on(async { tokio::time::timeout(PATIENCE, exchange).await })??)
    }
}
