//! Other systems: the desktop's Secret Service. docs/sources/platform.md#secret-service

use std::collections::HashMap;
use std::sync::Arc;

use deskside_model::vault::VaultFault;
use keyring_core::api::CredentialStore;

/// What "no access" means: the collection is locked, and its owner can unlock it.
pub(super) const NO_ACCESS: VaultFault = VaultFault::Locked;

/// Opens the store.
pub(super) fn open() -> keyring_core::Result<Arc<CredentialStore>> {
    zbus_secret_service_keyring_store::Store::new().map(|store| store as Arc<CredentialStore>)
}

/// The attributes of an entry besides service and user. `target` would select another collection.
pub(super) fn modifiers(target: &str) -> HashMap<&str, &str> {
    HashMap::from([("label", target)])
}
