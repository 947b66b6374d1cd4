//! Windows: the Credential Manager.

use std::collections::HashMap;
use std::sync::Arc;

use keyring_core::api::CredentialStore;

/// Opens the store.
pub(super) fn open() -> keyring_core::Result<Arc<CredentialStore>> {
    windows_native_keyring_store::Store::new().map(|store| store as Arc<CredentialStore>)
}

/// An explicit target, so that entries can be told apart by name; `Local`, because the default
/// travels with a domain profile to computers where QuickBooks is not.
pub(super) fn modifiers(target: &str) -> HashMap<&str, &str> {
    HashMap::from([("target", target), ("persistence", "Local")])
}
