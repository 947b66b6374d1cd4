//! Answers that a client may cache and revalidate.

use axum::{
    body::Bytes,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use sha2::{Digest, Sha256};

/// Answers with the body and its entity tag, or with 304 if the client has this version.
pub fn cacheable(request: &HeaderMap, content_type: &'static str, body: Bytes) -> Response {
    let digest = Sha256::digest(&body);
    let digits: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let tag = format!("\"{digits}\"");
    let known = request.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let caching =
        [(header::CACHE_CONTROL, "private, max-age=3600"), (header::VARY, "authorization")];
    if known.is_some_and(|tags| tags.split(',').any(|it| it.trim() == tag || it.trim() == "*")) {
        return (StatusCode::NOT_MODIFIED, caching, [(header::ETAG, tag)]).into_response();
    }
    (caching, [(header::ETAG, tag)], [(header::CONTENT_TYPE, content_type)], body).into_response()
}
