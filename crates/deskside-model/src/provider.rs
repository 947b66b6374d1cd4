//! Facts about the providers that are needed beyond their own clients.

/// The base address of Conductor's API. See docs/sources/conductor.md#http.
pub const CONDUCTOR_BASE: &str = "https://api.conductor.is/v1";

/// The base address of Codat's API. See docs/sources/codat.md#http.
pub const CODAT_BASE: &str = "https://api.codat.io";

/// Codat's key for QuickBooks Desktop. See docs/sources/codat.md#quickbooks-desktop.
pub const QUICKBOOKS_DESKTOP: &str = "pqsw";
