//! Waiting for something to become true, with a deadline and a name.

use std::time::Duration;

use tokio::time::Instant;

use crate::Play;

/// How long anything that should happen soon may take on a slow computer.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Asks again and again until `ask` has an answer.
///
/// # Errors
/// When there is none within [`PATIENCE`].
pub async fn eventually<T>(what: &str, ask: impl AsyncFnMut() -> Play<Option<T>>) -> Play<T> {
    eventually_within(PATIENCE, what, ask).await
}

/// Asks again and again until `ask` has an answer.
///
/// # Errors
/// When there is none in time; what `ask` itself complained about last is told too.
pub async fn eventually_within<T>(
    patience: Duration,
    what: &str,
    mut ask: impl AsyncFnMut() -> Play<Option<T>>,
) -> Play<T> {
    let deadline = Instant::now() + patience;
    loop {
        let complaint = match ask().await {
            Ok(Some(answer)) => return Ok(answer),
            Ok(None) => String::new(),
            Err(why) => format!(" ({why})"),
        };
        if Instant::now() >= deadline {
            return Err(format!("waited {patience:?} in vain: {what}{complaint}").into());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
