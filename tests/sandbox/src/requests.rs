//! Request parsing that all listeners share.

use axum::http::{HeaderMap, header};
use serde::de::DeserializeOwned;

/// The token of `Authorization: Bearer …`.
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ").map(str::trim)
}

/// Parses a JSON body.
///
/// The content type is not checked: one official client sends it on requests without a body.
///
/// # Errors
/// A message about what is wrong with the body.
pub fn json<T: DeserializeOwned>(body: &[u8]) -> Result<T, String> {
    serde_json::from_slice(body).map_err(|error| error.to_string())
}
