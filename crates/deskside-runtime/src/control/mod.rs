//! How other processes of the same user reach the running companion: a second copy of the app
//! hands over its link, the command line asks for the state.
//!
//! One line in, one line out, over a Unix socket or a Windows pipe that belongs to this user. It
//! is also the lock: whoever listens is the one companion of this profile. A link is handed over
//! here, and never stays in the arguments of a process that lives on.

#[cfg_attr(windows, path = "windows.rs")]
#[cfg_attr(not(windows), path = "unix.rs")]
mod platform;

mod request;

pub use platform::Listener;
pub use request::{CheckResult, Request};

use std::path::Path;
use std::time::Duration;

use serde::de::DeserializeOwned;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};

/// A companion that does not answer within this time does not answer at all.
const PATIENCE: Duration = Duration::from_secs(5);
/// The longest line: a deep link and a verb, or a summary of many connections.
const MAX_LINE: u64 = 1 << 20;

/// Why the companion could not be asked.
#[derive(Debug, thiserror::Error)]
pub enum ControlFault {
    /// None runs for this profile.
    #[error("Deskside is not running")]
    NotRunning,
    /// One runs and does not answer, or not in a way that this version understands.
    #[error("Deskside is running but does not answer")]
    NoAnswer(#[source] Option<std::io::Error>),
}

/// Sends one request to the companion of the profile in `folder` and reads its answer.
///
/// # Errors
/// When none runs, or it does not answer.
pub async fn ask<T: DeserializeOwned>(folder: &Path, request: &Request) -> Result<T, ControlFault> {
    let exchange = async {
        let mut stream = platform::connect(folder).await.map_err(|_| ControlFault::NotRunning)?;
        let broken = |why| ControlFault::NoAnswer(Some(why));
        stream.write_all(request.line().reveal().as_bytes()).await.map_err(broken)?;
        let line = read_line(&mut stream).await.map_err(broken)?;
        serde_json::from_str(&line).map_err(|_| ControlFault::NoAnswer(None))
    };
    tokio::time::timeout(PATIENCE, exchange).await.unwrap_or(Err(ControlFault::NoAnswer(None)))
}

/// Reads one line, up to [`MAX_LINE`].
pub(crate) async fn read_line(stream: &mut (impl AsyncRead + Unpin)) -> std::io::Result<String> {
    let mut line = String::new();
    BufReader::new(stream.take(MAX_LINE)).read_line(&mut line).await?;
    Ok(line)
}

/// Serves one visitor: reads a request, lets `answer` make a JSON text of it, writes that.
pub(crate) async fn serve<S, F>(mut stream: S, answer: impl FnOnce(Request) -> F)
where
    S: AsyncRead + AsyncWrite + Unpin,
    F: Future<Output = String>,
{
    let exchange = async {
        let line = read_line(&mut stream).await?;
        let reply = match Request::parse(line) {
            Some(request) => answer(request).await,
            None => "null".into(),
        };
        stream.write_all(reply.as_bytes()).await?;
        stream.write_all(b"\n").await?;
        stream.shutdown().await
    };
    match tokio::time::timeout(PATIENCE, exchange).await {
        Ok(Ok(())) => {}
        Ok(Err(why)) => tracing::debug!(%why, "a visitor left early"),
        Err(_) => tracing::debug!("a visitor took too long"),
    }
}
