//! Facts about the providers that more than their own client needs.

use url::Url;

use crate::connection::{Account, Connection, Origin};

/// Where Conductor's API is. Source: Conductor's API reference.
pub const CONDUCTOR_BASE: &str = "https://api.conductor.is/v1";

/// Where Codat's API is. Source: Codat's API reference.
pub const CODAT_BASE: &str = "https://api.codat.io";

/// Codat's key for QuickBooks Desktop.
pub const QUICKBOOKS_DESKTOP: &str = "pqsw";

/// Where the provider of a direct connection is; `None` for any other.
#[must_use]
pub fn address(connection: &Connection) -> Option<Url> {
    let Origin::Direct { account, base_url } = &connection.origin else { return None };
    let usual = match account {
        Account::Conductor { .. } => CONDUCTOR_BASE,
        Account::Codat { .. } => CODAT_BASE,
    };
    Url::parse(base_url.as_deref().unwrap_or(usual)).ok()
}
