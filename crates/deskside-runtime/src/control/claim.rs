//! How a process becomes the companion of a profile, or passes its request to the one that is.
//!
//! The lock comes first and is held until everything else has ended, so there is never a second
//! companion. Between taking the lock and opening the channel, and between closing the channel and
//! releasing the lock, a companion holds the profile and cannot be reached; a start that meets it
//! then keeps trying both until one of them succeeds.

use std::path::Path;
use std::time::Duration;

use super::lock::Lock;
use super::platform::{self, Listener};
use super::unreached::Unreached;
use super::{Attempt, ControlFault, NOT_UNDERSTOOD, Request, exchange, persist};

/// How long a start waits for a companion that is starting or ending. Right after signing in, a
/// computer may take this long to start a program.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long a start that has nothing to deliver waits for a companion that does not answer.
const QUIET_PATIENCE: Duration = Duration::from_secs(5);

/// The right to be the companion of a profile. Dropping it closes the channel and then releases the
/// lock.
#[derive(Debug)]
pub struct Claim {
    // In this order: the channel must be gone before the next holder of the lock opens its own.
    listener: Option<Listener>,
    lock: Option<Lock>,
}

/// Keeps others from becoming the companion until dropped.
#[derive(Debug)]
pub(crate) struct Held {
    _lock: Option<Lock>,
}

impl Claim {
    /// Becomes the companion of the profile in `folder`; `None` when another process is.
    async fn take(folder: &Path) -> Option<Self> {
        let lock = match Lock::take(folder) {
            Ok(None) => return None,
            Ok(lock) => lock,
            Err(why) => {
                tracing::error!(%why, "the profile cannot be locked");
                // Whoever is there, or may be, keeps this process from becoming a second companion.
                if !matches!(platform::connect(folder).await, Err(Unreached::Nobody)) {
                    return None;
                }
                None
            }
        };
        // Without a channel Deskside still works; only other processes cannot reach it.
        let listener = Listener::open(folder)
            .inspect_err(|why| tracing::error!(%why, "other processes will not reach this one"));
        Some(Self { listener: listener.ok(), lock })
    }

    /// Separates the channel, which closes first, from what keeps other companions out.
    pub(crate) fn split(self) -> (Option<Listener>, Held) {
        (self.listener, Held { _lock: self.lock })
    }
}

/// Becomes the companion of the profile in `folder`; `None` when one is running.
pub async fn claim(folder: &Path) -> Option<Claim> {
    claim_or_send_within(QUIET_PATIENCE, folder, &Request::Summary).await.ok()?
}

/// Becomes the companion of the profile in `folder`, or has the one that is running take `request`:
/// then `None`.
///
/// # Errors
/// When a companion holds the profile and does not take the request.
pub async fn claim_or_send(
    folder: &Path,
    request: &Request,
) -> Result<Option<Claim>, ControlFault> {
    claim_or_send_within(PATIENCE, folder, request).await
}

async fn claim_or_send_within(
    patience: Duration,
    folder: &Path,
    request: &Request,
) -> Result<Option<Claim>, ControlFault> {
    let attempt = async || {
        if let Some(claim) = Claim::take(folder).await {
            return Ok(Attempt::Done(Some(claim)));
        }
        match exchange(folder, request).await? {
            Attempt::Done(answer) if answer == NOT_UNDERSTOOD => Err(ControlFault::NoAnswer),
            Attempt::Done(_) => Ok(Attempt::Done(None)),
            Attempt::Busy => Ok(Attempt::Busy),
            Attempt::Between => Ok(Attempt::Between),
        }
    };
    persist(patience, attempt).await
}
