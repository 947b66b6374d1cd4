//! How other processes of the same user reach the running companion: a second copy of the app passes
//! its link on, the command line asks for the state.
//!
//! One lock decides which process is the companion of a profile, and one channel leads to it: one line
//! in, one line out, over a Unix socket or a Windows pipe that belongs to this user. Whoever gets no
//! answer knows that the request was not handled, and may send it again; so no link is lost when a
//! companion starts or ends at that moment.

mod claim;
mod lock;
#[cfg_attr(windows, path = "windows.rs")]
#[cfg_attr(not(windows), path = "unix.rs")]
mod platform;
mod request;
#[cfg(test)]
mod starts;

pub use claim::{Claim, claim, claim_or_send};
pub(crate) use platform::Listener;
pub use request::{CheckResult, Request};

use std::io;
use std::path::Path;
use std::time::Duration;

use lock::Lock;
use serde::de::DeserializeOwned;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::time::{sleep, timeout};

/// A companion that does not answer within this time does not answer at all.
const PATIENCE: Duration = Duration::from_secs(5);

/// Between two attempts to reach a companion that is starting or ending.
const PAUSE: Duration = Duration::from_millis(20);

/// The longest line: a deep link and a verb, or a summary of many connections.
const MAX_LINE: u64 = 1 << 20;

/// The answer to a request that this version does not know.
const NOT_UNDERSTOOD: &str = "null";

/// Why the companion could not be asked.
#[derive(Debug, thiserror::Error)]
pub enum ControlFault {
    /// None runs for this profile.
    #[error("Deskside is not running")]
    NotRunning,
    /// One runs and does not answer, or not in a way that this version understands.
    #[error("Deskside is running but does not answer")]
    NoAnswer(#[source] Option<io::Error>),
}

/// Sends one request to the companion of the profile in `folder` and reads its answer. Waits for a
/// companion that is just starting or ending.
///
/// # Errors
/// When none runs, or it does not answer within 5 seconds.
pub async fn ask<T: DeserializeOwned>(folder: &Path, request: &Request) -> Result<T, ControlFault> {
    ask_within(PATIENCE, folder, request).await
}

/// The same, with another time limit.
///
/// # Errors
/// When none runs, or it does not answer in time.
pub async fn ask_within<T: DeserializeOwned>(
    patience: Duration,
    folder: &Path,
    request: &Request,
) -> Result<T, ControlFault> {
    let attempt = move || async move {
        match exchange(folder, request).await? {
            Some(line) => {
                serde_json::from_str(&line).map(Some).map_err(|_| ControlFault::NoAnswer(None))
            }
            None if is_running(folder) => Ok(None),
            None => Err(ControlFault::NotRunning),
        }
    };
    persist(patience, attempt).await
}

/// Repeats an attempt until it comes to something; `None` is a companion that is just starting or
/// ending.
async fn persist<T, F>(
    patience: Duration,
    mut attempt: impl FnMut() -> F,
) -> Result<T, ControlFault>
where
    F: Future<Output = Result<Option<T>, ControlFault>>,
{
    let attempts = async {
        loop {
            if let Some(result) = attempt().await? {
                return Ok(result);
            }
            sleep(PAUSE).await;
        }
    };
    timeout(patience, attempts).await.unwrap_or(Err(ControlFault::NoAnswer(None)))
}

/// True while a process is the companion of the profile in `folder`, also before it answers and until
/// it has saved everything.
#[must_use]
pub fn is_running(folder: &Path) -> bool {
    Lock::is_held(folder)
}

/// One attempt: sends the request and reads the whole line that answers it, without its end. `None`
/// when no companion was reached, or it ended without an answer and so without handling the request.
///
/// # Errors
/// When another attempt would end the same way: the channel is not this user's.
async fn exchange(folder: &Path, request: &Request) -> Result<Option<String>, ControlFault> {
    match send(folder, request).await {
        Ok(line) => Ok(Some(line)),
        Err(why) if why.kind() == io::ErrorKind::PermissionDenied => {
            Err(ControlFault::NoAnswer(Some(why)))
        }
        Err(_) => Ok(None),
    }
}

async fn send(folder: &Path, request: &Request) -> io::Result<String> {
    let mut stream = platform::connect(folder).await?;
    stream.write_all(request.line().reveal().as_bytes()).await?;
    let mut line = read_line(&mut stream).await?;
    match line.pop() {
        Some('\n') => Ok(line),
        Some(_) | None => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

/// Reads one line, up to [`MAX_LINE`].
pub(crate) async fn read_line(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<String> {
    let mut line = String::new();
    BufReader::new(stream.take(MAX_LINE)).read_line(&mut line).await?;
    Ok(line)
}

/// Serves one visitor: reads a request, lets `answer` make a JSON text of it, writes that. `None`
/// closes the connection without an answer: the request was not handled.
pub(crate) async fn serve<S, F>(mut stream: S, answer: impl FnOnce(Request) -> F)
where
    S: AsyncRead + AsyncWrite + Unpin,
    F: Future<Output = Option<String>>,
{
    let exchange = async {
        let line = read_line(&mut stream).await?;
        let answer = match Request::parse(line) {
            Some(request) => answer(request).await,
            None => Some(NOT_UNDERSTOOD.into()),
        };
        if let Some(answer) = answer {
            stream.write_all(format!("{answer}\n").as_bytes()).await?;
        }
        stream.shutdown().await
    };
    match timeout(PATIENCE, exchange).await {
        Ok(Ok(())) => {}
        Ok(Err(why)) => tracing::debug!(%why, "a visitor left early"),
        Err(_) => tracing::debug!("a visitor took too long"),
    }
}
