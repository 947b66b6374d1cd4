//! The vault: the OS keyring, owned by one thread.
//!
//! The keyring libraries do not sequence operations from several threads
//! (docs/sources/platform.md#keyring), and a locked Secret Service blocks as long as its prompt is open
//! (docs/sources/platform.md#secret-service). So one thread owns the store and callers wait with a time
//! limit; a call that hangs delays neither the companion nor its shutdown. Secrets have no other place: no
//! file, no fallback.

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

/// How long callers wait. A store answers within milliseconds unless it shows a prompt.
const TIME_LIMIT: Duration = Duration::from_secs(5);

/// The entry that a probe writes, reads and deletes. Reading alone proves nothing: a Secret Service without
/// a default collection answers as if the entry were absent (docs/sources/platform.md#secret-service).
/// Each process has its own entry, which another process probing at the same time cannot delete.
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
    /// Starts the thread. It ends when the last handle is dropped, or with the program.
    ///
    /// # Errors
    /// When the thread cannot be started.
    pub fn start() -> std::io::Result<Self> {
        let (requests, inbox) = mpsc::channel();
        thread::Builder::new().name("vault".into()).spawn(move || serve(&inbox))?;
        Ok(Self { requests })
    }

    /// Determines whether the keyring works by writing, reading and deleting an entry without value.
    pub async fn probe(&self) -> VaultState {
        self.ask(Request::Probe).await.unwrap_or(VaultState::Silent)
    }

    /// Reads a secret.
    ///
    /// # Errors
    /// [`VaultFault::Absent`] when there is none; any other fault means that it is unknown.
    pub async fn read(&self, name: &str) -> Result<Secret, VaultFault> {
        let request = |reply| Request::Read(name.to_owned(), reply);
        self.ask(request).await.unwrap_or(Err(VaultFault::Silent))
    }

    /// Writes a secret and replaces an older one.
    ///
    /// # Errors
    /// When it is too long or the store refuses it; an older one is then kept.
    pub async fn write(&self, name: &str, secret: Arc<Secret>) -> Result<(), VaultFault> {
        if secret.reveal().len() > MAX_SECRET_BYTES {
            return Err(VaultFault::TooLong);
        }
        let request = |reply| Request::Write(name.to_owned(), secret, reply);
        self.ask(request).await.unwrap_or(Err(VaultFault::Silent))
    }

    /// Deletes a secret. Succeeds if there is none.
    ///
    /// # Errors
    /// When the store cannot be used.
    pub async fn delete(&self, name: &str) -> Result<(), VaultFault> {
        let request = |reply| Request::Delete(name.to_owned(), reply);
        self.ask(request).await.unwrap_or(Err(VaultFault::Silent))
    }

    async fn ask<T>(&self, request: impl FnOnce(oneshot::Sender<T>) -> Request) -> Option<T> {
        let (reply, answer) = oneshot::channel();
        self.requests.send(request(reply)).ok()?;
        tokio::time::timeout(TIME_LIMIT, answer).await.ok()?.ok()
    }
}

/// Serves the requests in order. Skips those whose caller has stopped waiting, so that a prompt that
/// blocked for an hour is not followed by an hour's worth of outdated calls.
fn serve(inbox: &mpsc::Receiver<Request>) {
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
        tracing::debug!("the vault answered after its caller had stopped waiting");
    }
}

/// The store, opened when first needed and again after a failure: a keyring that was started later or
/// restarted needs a new connection.
#[derive(Default)]
struct Keyring {
    store: Option<Arc<CredentialStore>>,
}

impl Keyring {
    fn probe(&mut self) -> VaultState {
        let name = probe_name();
        let tried = self.write(&name, &Secret::new(name.clone())).and_then(|()| {
            let read = self.read(&name).map(drop);
            // Deleted whatever the read returned, because nothing else would delete it.
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
        if !matches!(done, Err(VaultFault::Broken | VaultFault::Locked | VaultFault::Forbidden)) {
            self.store = Some(store);
        }
        done
    }
}

/// Translates a keyring error. The error itself is never kept: two of its variants contain the secret.
/// docs/sources/platform.md#keyring
#[expect(clippy::wildcard_enum_match_arm, reason = "the foreign enum is non-exhaustive")]
fn fault_of(error: Error) -> VaultFault {
    match error {
        Error::NoEntry => VaultFault::Absent,
        Error::TooLong(..) => VaultFault::TooLong,
        Error::NoStorageAccess(why) => {
            tracing::warn!(%why, "the keyring refuses access");
            platform::NO_ACCESS
        }
        Error::PlatformFailure(why) => {
            tracing::warn!(%why, "the keyring fails");
            VaultFault::Broken
        }
        // Never logged: some of the other variants contain the secret.
        _ => VaultFault::Broken,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refused_access_is_locked_or_forbidden_as_the_system_has_it() {
        let refused = fault_of(Error::NoStorageAccess("refused".into()));
        let meant = if cfg!(windows) { VaultFault::Forbidden } else { VaultFault::Locked };
        assert_eq!(refused, meant);
    }
}
