//! Windows: the Credential Manager. docs/sources/platform.md#credential-manager

use std::collections::HashMap;
use std::sync::Arc;

use keyring_core::api::CredentialStore;

/// Opens the store.
pub(super) fn open() -> keyring_core::Result<Arc<CredentialStore>> {
    windows_native_keyring_store::Store::new().map(|store| store as Arc<CredentialStore>)
}

/// The attributes of an entry: an explicit target that makes its name unique, and `Local` persistence,
/// because the default roams with a domain profile to computers without QuickBooks.
pub(super) fn modifiers(target: &str) -> HashMap<&str, &str> {
    HashMap::from([("target", target), ("persistence", "Local")])
}
