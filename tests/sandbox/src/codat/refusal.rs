//! Codat's error document. The status inside it is always that of the answer, which the vendor's own examples are not
//! careful about.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::random;

/// An answer that is not a success.
pub struct Refusal {
    status: StatusCode,
    service: &'static str,
    error: String,
}

impl Refusal {
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

    pub fn no_company(id: &str) -> Self {
        Self::new(404, "ClientsApi", format!("No company was found with ID {id}"))
    }

    pub fn no_connection(id: &str) -> Self {
        Self::not_found(format!("Data connection {id} not found"))
    }

    pub fn company_limit() -> Self {
        Self::new(402, "PublicApi", "CompanyValidationException: Company limit exceeded")
    }

    pub fn too_many() -> Self {
        let text = "You have made too many requests in a given amount of time; please retry later.";
        Self::new(429, "PublicApi", text)
    }

    /// A planned fault: the document that would go with this status.
    pub fn of_status(status: StatusCode) -> Self {
        let error = match status.as_u16() {
            401 => "Unauthorized",
            402 => return Self::company_limit(),
            403 => "You are using an outdated API key or a key not associated with that resource.",
            404 => "NotFound",
            429 => return Self::too_many(),
            503 => "The Codat API is temporarily offline for maintenance. Please try again later.",
            _ => "sandbox: a fault planned by the test",
        };
        Self::new(status.as_u16(), "PublicApi", error)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let passing = matches!(self.status.as_u16(), 429 | 503);
        let body = json!({
            "statusCode": self.status.as_u16(),
            "service": self.service,
            "error": self.error,
            "correlationId": random::uuid(),
            "validation": null,
            "canBeRetried": if passing { "True" } else { "Unknown" },
            "detailedErrorCode": 0,
        });
        (self.status, Json(body)).into_response()
    }
}
