//! The two things every listener reads from a request in the same way.

use axum::http::{HeaderMap, header};
use serde::de::DeserializeOwned;

/// The token of `Authorization: Bearer …`.
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ").map(str::trim)
}

/// A JSON body, or a sentence on why it is none. The content type is not asked for: one official client sends it on
/// requests without a body, so it says little.
pub fn json<T: DeserializeOwned>(body: &[u8]) -> Result<T, String> {
    serde_json::from_slice(body).map_err(|error| error.to_string())
}
