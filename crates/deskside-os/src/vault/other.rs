//! Linux and its relatives: the Secret Service of the desktop.

use std::collections::HashMap;
use std::sync::Arc;

use keyring_core::api::CredentialStore;

/// Opens the store.
pub(super) fn open() -> keyring_core::Result<Arc<CredentialStore>> {
    zbus_secret_service_keyring_store::Store::new().map(|store| store as Arc<CredentialStore>)
}

/// What an entry is to be, besides service and user. `target` would be a collection of its own.
pub(super) fn modifiers(target: &str) -> HashMap<&str, &str> {
    HashMap::from([("label", target)])
}
