//! The OS keyring, owned by one thread.
//!
//! Operations from several threads are not sequenced by the keyring libraries, and a locked
//! Secret Service that shows its own prompt blocks for as long as the prompt is open. So one
//! thread owns the store, callers wait with a time limit, and a call that hangs holds up neither
//! the companion nor its end. There is no other place for secrets: no file, no fall-back.

#[cfg_attr(windows, path = "windows.rs")]
#[cfg_attr(not(windows), path = "other.rs")]
mod platform;

use std::sync::Arc;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use keyring_core::api::CredentialStore;
use keyring_core::{Entry, Error};
use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;

use crate::{IDENTIFIER, Secret};

/// Windows keeps at most this many bytes a credential; enforced everywhere, so that tests on
/// other systems notice. Source: `CRED_MAX_CREDENTIAL_BLOB_SIZE`.
pub const MAX_SECRET_BYTES: usize = 2560;

/// A store answers within milliseconds unless it shows a prompt; after this long we go on without.
const PATIENCE: Duration = Duration::from_secs(5);

/// Written, read and deleted to learn whether the vault works: reading alone proves nothing,
/// because a Secret Service without a collection answers reads as if the entry were absent. Each
/// process has an entry of its own: another one that tries at the same moment would delete it.
fn probe_name() -> String {
    format!("probe-{}", std::process::id())
}

/// How the vault is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VaultState {
    /// Nobody has tried yet.
    #[default]
    Unknown,
    /// It takes and gives.
    Working,
    /// It is there and does not let us in.
    Locked,
    /// It does not answer; often because it waits for the user behind a prompt of its own.
    Silent,
    /// There is none, or it fails.
    Missing,
}

/// Why the vault did not do what was asked. Keyring errors are translated here and never kept:
/// two of them carry the secret itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VaultFault {
    /// No such entry: signed out, not broken.
    #[error("there is no such secret")]
    Absent,
    /// The store does not let us in.
    #[error("the keyring is locked")]
    Locked,
    /// No answer in time.
    #[error("the keyring does not answer")]
    Silent,
    /// No store, or it fails.
    #[error("the keyring is missing or fails")]
    Broken,
    /// More than [`MAX_SECRET_BYTES`].
    #[error("the secret is longer than {MAX_SECRET_BYTES} bytes")]
    TooLong,
}

impl From<VaultFault> for VaultState {
    fn from(fault: VaultFault) -> Self {
        match fault {
            VaultFault::Locked => Self::Locked,
            VaultFault::Silent => Self::Silent,
            VaultFault::Absent | VaultFault::Broken | VaultFault::TooLong => Self::Missing,
        }
    }
}

impl From<Error> for VaultFault {
    #[expect(clippy::wildcard_enum_match_arm, reason = "the foreign enum is non-exhaustive")]
    fn from(error: Error) -> Self {
        match error {
            Error::NoEntry => Self::Absent,
            Error::TooLong(..) => Self::TooLong,
            Error::NoStorageAccess(why) => {
                tracing::warn!(%why, "the keyring does not let us in");
                Self::Locked
            }
            Error::PlatformFailure(why) => {
                tracing::warn!(%why, "the keyring fails");
                Self::Broken
            }
            // Never printed: some of the others carry the secret.
            _ => Self::Broken,
        }
    }
}

enum Request {
    Probe(oneshot::Sender<VaultState>),
    Read(String, oneshot::Sender<Result<Secret, VaultFault>>),
    Write(String, Arc<Secret>, oneshot::Sender<Result<(), VaultFault>>),
    Delete(String, oneshot::Sender<Result<(), VaultFault>>),
}

/// A handle to the thread that owns the keyring.
#[derive(Clone)]
pub struct Vault {
    requests: mpsc::Sender<Request>,
}

impl Vault {
    /// Starts the owner. It ends when the last handle is dropped, or with the program.
    ///
    /// # Errors
    /// When no thread can be started.
    pub fn start() -> std::io::Result<Self> {
        let (requests, inbox) = mpsc::channel();
        thread::Builder::new().name("vault".into()).spawn(move || own(&inbox))?;
        Ok(Self { requests })
    }

    /// Writes, reads and deletes an entry of no value.
    pub async fn probe(&self) -> VaultState {
        self.ask(Request::Probe).await.unwrap_or(VaultState::Silent)
    }

    /// Reads a secret.
    ///
    /// # Errors
    /// [`VaultFault::Absent`] when there is none; anything else means that nobody can know.
    pub async fn read(&self, name: &str) -> Result<Secret, VaultFault> {
        let request = |reply| Request::Read(name.to_owned(), reply);
        self.ask(request).await.unwrap_or(Err(VaultFault::Silent))
    }

    /// Writes a secret, replacing an older one.
    ///
    /// # Errors
    /// When it is too long or the store does not take it; the older one then stays.
    pub async fn write(&self, name: &str, secret: Arc<Secret>) -> Result<(), VaultFault> {
        if secret.reveal().len() > MAX_SECRET_BYTES {
            return Err(VaultFault::TooLong);
        }
        let request = |reply| Request::Write(name.to_owned(), secret, reply);
        self.ask(request).await.unwrap_or(Err(VaultFault::Silent))
    }

    /// Deletes a secret; one that is not there is deleted already.
    ///
    /// # Errors
    /// When the store cannot be asked.
    pub async fn delete(&self, name: &str) -> Result<(), VaultFault> {
        let request = |reply| Request::Delete(name.to_owned(), reply);
        self.ask(request).await.unwrap_or(Err(VaultFault::Silent))
    }

    async fn ask<T>(&self, request: impl FnOnce(oneshot::Sender<T>) -> Request) -> Option<T> {
        let (reply, answer) = oneshot::channel();
        self.requests.send(request(reply)).ok()?;
        tokio::time::timeout(PATIENCE, answer).await.ok()?.ok()
    }
}

/// Serves one request after the other. A request that nobody waits for any more is skipped, so
/// that a prompt which blocked for an hour is not followed by an hour's worth of old calls.
fn own(inbox: &mpsc::Receiver<Request>) {
    let mut keyring = Keyring::default();
    while let Ok(request) = inbox.recv() {
        match request {
            Request::Probe(reply) if !reply.is_closed() => answer(reply, keyring.probe()),
            Request::Read(name, reply) if !reply.is_closed() => answer(reply, keyring.read(&name)),
            Request::Write(name, secret, reply) if !reply.is_closed() => {
                answer(reply, keyring.write(&name, &secret));
            }
            Request::Delete(name, reply) if !reply.is_closed() => {
                answer(reply, keyring.delete(&name));
            }
            Request::Probe(_) | Request::Read(..) | Request::Write(..) | Request::Delete(..) => {}
        }
    }
}

fn answer<T>(reply: oneshot::Sender<T>, value: T) {
    if reply.send(value).is_err() {
        tracing::debug!("the vault answered after its caller had gone");
    }
}

/// The store, opened when it is first needed and again after any failure: a keyring that was
/// started late, or restarted, is another one.
#[derive(Default)]
struct Keyring {
    store: Option<Arc<CredentialStore>>,
}

impl Keyring {
    fn probe(&mut self) -> VaultState {
        let name = probe_name();
        let tried = self.write(&name, &Secret::new(name.clone())).and_then(|()| {
            let read = self.read(&name).map(drop);
            // Whatever was read: nobody else would ever delete it.
            self.delete(&name).and(read)
        });
        tried.map_or_else(VaultState::from, |()| VaultState::Working)
    }

    fn read(&mut self, name: &str) -> Result<Secret, VaultFault> {
        let bytes = self.with_entry(name, Entry::get_secret)?;
        String::from_utf8(bytes).map(Secret::new).map_err(|_| VaultFault::Broken)
    }

    fn write(&mut self, name: &str, secret: &Secret) -> Result<(), VaultFault> {
        self.with_entry(name, |entry| entry.set_secret(secret.reveal().as_bytes()))
    }

    fn delete(&mut self, name: &str) -> Result<(), VaultFault> {
        match self.with_entry(name, Entry::delete_credential) {
            Err(VaultFault::Absent) => Ok(()),
            other => other,
        }
    }

    fn with_entry<T>(
        &mut self,
        name: &str,
        act: impl FnOnce(&Entry) -> keyring_core::Result<T>,
    ) -> Result<T, VaultFault> {
        let store = match self.store.take() {
            Some(store) => store,
            None => platform::open()?,
        };
        let target = format!("{IDENTIFIER}/{name}");
        let entry = store.build(IDENTIFIER, name, Some(&platform::modifiers(&target)))?;
        let done = act(&entry).map_err(VaultFault::from);
        if !matches!(done, Err(VaultFault::Broken | VaultFault::Locked)) {
            self.store = Some(store);
        }
        done
    }
}
