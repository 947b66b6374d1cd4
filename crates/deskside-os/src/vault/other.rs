//! Other systems: the desktop's Secret Service. docs/sources/platform.md#secret-service

use std::collections::HashMap;
use std::sync::Arc;

use keyring_core::api::CredentialStore;

/// Opens the store.
pub(super) fn open() -> keyring_core::Result<Arc<CredentialStore>> {
    zbus_secret_service_keyring_store::Store::new().map(|store| store as Arc<CredentialStore>)
}

/// The attributes of an entry besides service and user. `target` would select another collection.
pub(super) fn modifiers(target: &str) -> HashMap<&str, &str> {
    HashMap::from([("label", target)])
}
