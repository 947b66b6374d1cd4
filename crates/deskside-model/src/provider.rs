//! Facts about the providers that more than their own client needs.

/// Where Conductor's API is. Source: Conductor's API reference.
pub const CONDUCTOR_BASE: &str = "https://api.conductor.is/v1";

/// Where Codat's API is. Source: Codat's API reference.
pub const CODAT_BASE: &str = "https://api.codat.io";

/// Codat's key for QuickBooks Desktop.
pub const QUICKBOOKS_DESKTOP: &str = "pqsw";
