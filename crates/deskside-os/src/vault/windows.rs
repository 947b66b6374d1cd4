//! Windows: the Credential Manager. docs/sources/platform.md#credential-manager

use std::collections::HashMap;
use std::sync::Arc;

use deskside_model::vault::VaultFault;
use keyring_core::api::CredentialStore;

/// What "no access" means: a policy of the computer, or a session without a sign-in of its own, lets
/// no program keep passwords. A person's Credential Manager is never locked.
pub(super) const NO_ACCESS: VaultFault = VaultFault::Forbidden;

/// Opens the store.
pub(super) fn open() -> keyring_core::Result<Arc<CredentialStore>> {
    windows_native_keyring_store::Store::new().map(|store| store as Arc<CredentialStore>)
}

/// The attributes of an entry: an explicit target that makes its name unique, and `Local` persistence,
/// because the default roams with a domain profile to computers without QuickBooks.
pub(super) fn modifiers(target: &str) -> HashMap<&str, &str> {
    HashMap::from([("target", target), ("persistence", "Local")])
}
