//! The proxy for each host. The system is asked before a connection, off the calling thread, and its
//! answer is used by the ordinary clients and by the probe of a host alike.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use deskside_model::ProxyChoice;
use tokio::task::spawn_blocking;
use tokio::time::timeout;
use url::{Origin, Url};

/// How long an answer is used. Settings change when a computer moves between networks.
const KEPT: Duration = Duration::from_secs(60);
/// How long the system may take to answer: it may load a script.
const PATIENCE: Duration = Duration::from_secs(15);

/// What the system answered lately, for each host.
#[derive(Clone)]
pub(super) struct Proxies {
    /// Asks the system. It may block for seconds.
    ask: Arc<dyn Fn(&Url) -> ProxyChoice + Send + Sync>,
    known: Arc<Mutex<HashMap<Origin, Known>>>,
}

#[derive(Clone)]
struct Known {
    choice: Arc<ProxyChoice>,
    since: Instant,
}

impl Proxies {
    pub(super) fn new(ask: impl Fn(&Url) -> ProxyChoice + Send + Sync + 'static) -> Self {
        Self { ask: Arc::new(ask), known: Arc::default() }
    }

    /// The proxy for this address; the system is asked if its last answer is old.
    pub(super) async fn choose(&self, url: &Url) -> Arc<ProxyChoice> {
        let kept = self.lock(|known| known.get(&url.origin()).cloned());
        match kept.filter(|kept| kept.since.elapsed() < KEPT) {
            Some(kept) => kept.choice,
            None => self.choose_anew(url).await,
        }
    }

    /// The proxy for this address, by the system's settings of this moment.
    pub(super) async fn choose_anew(&self, url: &Url) -> Arc<ProxyChoice> {
        let (ask, to) = (Arc::clone(&self.ask), url.clone());
        let asked = spawn_blocking(move || ask(&to));
        let choice = match timeout(PATIENCE, asked).await {
            Ok(Ok(choice)) => choice,
            Ok(Err(why)) => ProxyChoice::Unknown(why.to_string()),
            Err(_) => ProxyChoice::Unknown("the system did not name the proxy in time".into()),
        };
        if let ProxyChoice::Unknown(why) = &choice {
            tracing::info!(why, "the proxy is not known; connecting without one");
        }
        let choice = Arc::new(choice);
        let known = Known { choice: Arc::clone(&choice), since: Instant::now() };
        self.lock(|all| all.insert(url.origin(), known));
        choice
    }

    /// Forgets the answer for this address: nothing was reached by it, so the settings may be others now.
    pub(super) fn forget(&self, url: &Url) {
        self.lock(|known| known.remove(&url.origin()));
    }

    /// For the ordinary client, which asks when it connects: the address of the proxy that was chosen
    /// last, with its password.
    pub(super) fn last(&self, url: &Url) -> Option<Url> {
        let known = self.lock(|known| known.get(&url.origin()).cloned())?;
        let ProxyChoice::Through(proxy) = known.choice.as_ref() else { return None };
        let mut address = proxy.address.clone();
        if let Some((name, password)) = &proxy.sign_in {
            // Both fail only for an address without a host.
            address.set_username(name).ok()?;
            address.set_password(Some(password.reveal())).ok()?;
        }
        Some(address)
    }

    fn lock<T>(&self, use_it: impl FnOnce(&mut HashMap<Origin, Known>) -> T) -> T {
        use_it(&mut self.known.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
