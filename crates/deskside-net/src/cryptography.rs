//! The cryptography of every TLS connection, so that the ordinary clients and the slow look at a host
//! agree on what a server may use.

use std::sync::Arc;

use rustls::crypto::{CryptoProvider, ring};

/// ring's algorithms: docs/decisions/http.md says why.
pub(super) fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

/// Makes ring's algorithms those that this process's HTTP clients use. Call it before building a client;
/// every further call changes nothing.
pub fn install() {
    // It fails only when one is installed already.
    ring::default_provider().install_default().ok();
}
