//! Codat's error document. The status inside it always equals the status of the answer, which is not so in all of
//! Codat's own examples.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::random;

/// An error answer of Codat's API.
pub struct CodatError {
    status: StatusCode,
    service: &'static str,
    error: String,
}

impl CodatError {
    pub fn new(status: u16, service: &'static str, error: impl Into<String>) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self { status, service, error: error.into() }
    }

    pub fn invalid(error: impl Into<String>) -> Self {
        Self::new(400, "ClientsApi", error)
    }

    pub fn malformed_query() -> Self {
        Self::invalid("Error parsing query - Malformed query.")
    }

    pub fn not_found(error: impl Into<String>) -> Self {
        Self::new(404, "PublicApi", error)
    }

    pub fn company_not_found(id: &str) -> Self {
        Self::new(404, "ClientsApi", format!("No company was found with ID {id}"))
    }

    pub fn connection_not_found(id: &str) -> Self {
        Self::not_found(format!("Data connection {id} not found"))
    }

    pub fn company_limit() -> Self {
        Self::new(402, "PublicApi", "CompanyValidationException: Company limit exceeded")
    }

    pub fn too_many_requests() -> Self {
        let text = "You have made too many requests in a given amount of time; please retry later.";
        Self::new(429, "PublicApi", text)
    }

    /// The document of a planned fault with this status.
    pub fn of_status(status: StatusCode) -> Self {
        let error = match status.as_u16() {
            401 => "Unauthorized",
            402 => return Self::company_limit(),
            403 => "You are using an outdated API key or a key not associated with that resource.",
            404 => "NotFound",
            429 => return Self::too_many_requests(),
            503 => "The Codat API is temporarily offline for maintenance. Please try again later.",
            _ => "sandbox: this is a planned fault",
        };
        Self::new(status.as_u16(), "PublicApi", error)
    }
}

impl IntoResponse for CodatError {
    fn into_response(self) -> Response {
        let is_temporary = matches!(self.status.as_u16(), 429 | 503);
        let body = json!({
            "statusCode": self.status.as_u16(),
            "service": self.service,
            "error": self.error,
            "correlationId": random::uuid(),
            "validation": null,
            "canBeRetried": if is_temporary { "True" } else { "Unknown" },
            "detailedErrorCode": 0,
        });
        (self.status, Json(body)).into_response()
    }
}
