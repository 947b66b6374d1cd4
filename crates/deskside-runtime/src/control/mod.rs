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
mod unreached;

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
use unreached::Unreached;

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
    /// One runs, and others ask it so much that there was no turn in time.
    #[error("Deskside is running but too busy to answer")]
    Busy,
    /// One does not admit this program: it runs with other rights.
    #[error(
        "Deskside is running with other rights, for example as administrator, and cannot be \
         reached; quit it and start it again"
    )]
    OtherRights,
    /// Another user of this computer holds the place where this user's companion would answer.
    #[error("another user's program is in the place of Deskside")]
    AnotherUser,
    /// One runs and does not answer, or not in a way that this version understands.
    #[error("Deskside is running but does not answer")]
    NoAnswer,
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
    let attempt = async || match exchange(folder, request).await? {
        Attempt::Done(line) => {
            let answer = serde_json::from_str(&line).map_err(|_| ControlFault::NoAnswer)?;
            Ok(Attempt::Done(answer))
        }
        Attempt::Busy => Ok(Attempt::Busy),
        Attempt::Between if is_running(folder) => Ok(Attempt::Between),
        Attempt::Between => Err(ControlFault::NotRunning),
    };
    persist(patience, attempt).await
}

/// What came of one attempt that may be repeated.
#[derive(Debug)]
enum Attempt<T> {
    Done(T),
    /// The companion has not had time.
    Busy,
    /// The companion is just starting or ending, or there is none.
    Between,
}

/// Repeats an attempt until it comes to something, for as long as `patience` lasts.
///
/// # Errors
/// When it fails in a way that repetition does not change, or time is up.
async fn persist<T>(
    patience: Duration,
    mut attempt: impl AsyncFnMut() -> Result<Attempt<T>, ControlFault>,
) -> Result<T, ControlFault> {
    let mut was_busy = false;
    let attempts = async {
        loop {
            match attempt().await? {
                Attempt::Done(result) => return Ok(result),
                Attempt::Busy => was_busy = true,
                Attempt::Between => was_busy = false,
            }
            sleep(PAUSE).await;
        }
    };
    match timeout(patience, attempts).await {
        Ok(result) => result,
        Err(_) if was_busy => Err(ControlFault::Busy),
        Err(_) => Err(ControlFault::NoAnswer),
    }
}

/// True while a process is the companion of the profile in `folder`, also before it answers and until
/// it has saved everything.
#[must_use]
pub fn is_running(folder: &Path) -> bool {
    Lock::is_held(folder)
}

/// One attempt: sends the request and reads the whole line that answers it, without its end. Anything
/// but `Done` means that the request was not handled.
///
/// # Errors
/// When another attempt would end the same way.
async fn exchange(folder: &Path, request: &Request) -> Result<Attempt<String>, ControlFault> {
    match send(folder, request).await {
        Ok(line) => Ok(Attempt::Done(line)),
        Err(Unreached::Nobody) => Ok(Attempt::Between),
        Err(Unreached::Busy) => Ok(Attempt::Busy),
        Err(Unreached::OtherRights) => Err(ControlFault::OtherRights),
        Err(Unreached::AnotherUser) => {
            tracing::warn!("another user offers a channel in the place of the companion's");
            Err(ControlFault::AnotherUser)
        }
        Err(Unreached::Broken(why)) => {
            tracing::debug!(%why, "the companion was not reached");
            Ok(Attempt::Between)
        }
    }
}

async fn send(folder: &Path, request: &Request) -> Result<String, Unreached> {
    let mut stream = platform::connect(folder).await?;
    let exchange = async {
        stream.write_all(request.line().reveal().as_bytes()).await?;
        let mut line = read_line(&mut stream).await?;
        match line.pop() {
            Some('\n') => Ok(line),
            Some(_) | None => Err(io::ErrorKind::UnexpectedEof.into()),
        }
    };
    exchange.await.map_err(Unreached::Broken)
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

#[cfg(test)]
mod tests {
    use super::*;

    const BRIEFLY: Duration = Duration::from_secs(2);

    #[tokio::test(start_paused = true)]
    async fn a_busy_companion_is_asked_again_until_it_answers() {
        let mut attempts = 0;
        let attempt = async || {
            attempts += 1;
            Ok(if attempts < 20 { Attempt::Busy } else { Attempt::Done("answer") })
        };
        assert_eq!(persist(BRIEFLY, attempt).await.unwrap(), "answer");
    }

    #[tokio::test(start_paused = true)]
    async fn busy_and_silent_companions_are_told_apart() {
        let busy = persist::<()>(BRIEFLY, async || Ok(Attempt::Busy)).await;
        assert!(matches!(busy, Err(ControlFault::Busy)), "{busy:?}");
        let between = persist::<()>(BRIEFLY, async || Ok(Attempt::Between)).await;
        assert!(matches!(between, Err(ControlFault::NoAnswer)), "{between:?}");
        // One that takes the request and does not answer
        let silent = persist::<()>(BRIEFLY, async || std::future::pending().await).await;
        assert!(matches!(silent, Err(ControlFault::NoAnswer)), "{silent:?}");
    }
}
