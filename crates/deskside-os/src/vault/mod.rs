//! The OS keyring, owned by one thread.
//!
//! Operations from several threads are not sequenced by the keyring libraries, and a locked
//! Secret Service that shows its own prompt blocks for as long as the prompt is open. So one
//! thread owns the store, callers wait with a time limit, and a call that hangs holds up neither
//! the companion nor its end. There is no other place for secrets: no file, no fall-back.

#[cfg_attr(windows, path = "windows.rs")]
#[cfg_attr(not(windows), path = "other.rs")]
mod platform;

use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use deskside_model::vault::{MAX_SECRET_BYTES, VaultFault, VaultState};
use deskside_model::{IDENTIFIER, Secret};
use keyring_core::api::CredentialStore;
use keyring_core::{Entry, Error};
use tokio::sync::oneshot;

/// A store answers within milliseconds unless it shows a prompt; after this long we go on without.
const PATIENCE: Duration = Duration::from_secs(5);

/// Written, read and deleted to learn whether the vault works: reading alone proves nothing,
/// because a Secret Service without a collection answers reads as if the entry were absent. Each
/// process has an entry of its own: another one that tries at the same moment would delete it.
fn probe_name() -> String {
    format!("probe-{}", std::process::id())
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
            None => platform::open().map_err(fault_of)?,
        };
        let target = format!("{IDENTIFIER}/{name}");
        let entry =
            store.build(IDENTIFIER, name, Some(&platform::modifiers(&target))).map_err(fault_of)?;
        let done = act(&entry).map_err(fault_of);
        if !matches!(done, Err(VaultFault::Broken | VaultFault::Locked)) {
            self.store = Some(store);
        }
        done
    }
}

/// What a keyring error means. The error itself is never kept: two of its kinds carry the secret.
#[expect(clippy::wildcard_enum_match_arm, reason = "the foreign enum is non-exhaustive")]
fn fault_of(error: Error) -> VaultFault {
    match error {
        Error::NoEntry => VaultFault::Absent,
        Error::TooLong(..) => VaultFault::TooLong,
        Error::NoStorageAccess(why) => {
            tracing::warn!(%why, "the keyring does not let us in");
            VaultFault::Locked
        }
        Error::PlatformFailure(why) => {
            tracing::warn!(%why, "the keyring fails");
            VaultFault::Broken
        }
        // Never printed: some of the others carry the secret.
        _ => VaultFault::Broken,
    }
}
