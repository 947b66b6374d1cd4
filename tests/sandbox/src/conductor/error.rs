//! Conductor's error document, and the error that each state of an end user causes.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use super::REQUEST_ID;
use crate::{
    random,
    world::{EndUser, EndUserState},
};

/// Conductor's message for end users when the error is the developer's.
const GENERIC_USER_MESSAGE: &str = "An internal server error occurred. Please try again.";

/// Conductor documents this code with both of its messages.
const DEFAULT_HRESULT: &str = "0x80040420";
const DENIED_MESSAGE: &str =
    "QBD Connection Error (0x80040420): The QuickBooks user has denied access.";
const DENIED_USER_MESSAGE: &str = "We could not connect to QuickBooks Desktop because we must re-authorize our \
    connection. To fix this, open QuickBooks Desktop, log in as Admin, navigate to 'Edit > Preferences > Integrated \
    Applications', click 'Company Preferences', select our app, click 'Properties...', ensure 'Allow this application \
    to log in automatically' is checked, then click 'OK'. Then try again.";

/// An error answer of Conductor's API.
pub struct ConductorError {
    status: StatusCode,
    kind: &'static str,
    code: &'static str,
    message: String,
    /// None stands for the generic message.
    user_message: Option<String>,
    integration_code: Option<String>,
}

impl ConductorError {
    fn new(
        status: u16,
        kind: &'static str,
        code: &'static str,
        message: impl Into<String>,
    ) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self {
            status,
            kind,
            code,
            message: message.into(),
            user_message: None,
            integration_code: None,
        }
    }

    fn with_user_message(self, text: impl Into<String>) -> Self {
        Self { user_message: Some(text.into()), ..self }
    }

    pub fn invalid(message: impl Into<String>) -> Self {
        Self::invalid_at(400, message)
    }

    pub fn invalid_at(status: u16, message: impl Into<String>) -> Self {
        Self::new(status, "INVALID_REQUEST_ERROR", "SANDBOX_INVALID_REQUEST", message)
    }

    pub fn not_found(what: &str) -> Self {
        Self::new(
            404,
            "INVALID_REQUEST_ERROR",
            "RESOURCE_MISSING",
            format!("sandbox: there is no such {what}"),
        )
    }

    /// Conductor's message, with the key shortened as in its documentation.
    pub fn invalid_key(key: Option<&str>) -> Self {
        let message = key.map_or_else(
            || "sandbox: the request has no API key".to_owned(),
            |key| {
                let start: String = key.chars().take(8).collect();
                let end: String =
                    key.chars().skip(key.chars().count().saturating_sub(4).max(8)).collect();
                format!("Invalid API key provided: '{start}...{end}'")
            },
        );
        Self::new(401, "AUTHENTICATION_ERROR", "API_KEY_INVALID", message)
    }

    /// The document of a planned fault with this status.
    pub fn of_status(status: StatusCode) -> Self {
        let (kind, code) = match status.as_u16() {
            401 => ("AUTHENTICATION_ERROR", "API_KEY_INVALID"),
            403 => ("PERMISSION_ERROR", "SANDBOX_PERMISSION"),
            404 => ("INVALID_REQUEST_ERROR", "RESOURCE_MISSING"),
            400..=499 => ("INVALID_REQUEST_ERROR", "SANDBOX_INVALID_REQUEST"),
            _ => ("INTERNAL_ERROR", "SANDBOX_INTERNAL"),
        };
        Self::new(status.as_u16(), kind, code, "sandbox: this is a planned fault")
    }

    /// The error that a request to this end user's QuickBooks gets now; None for success.
    pub fn of_end_user(user: &EndUser) -> Option<Self> {
        let error = match user.state {
            EndUserState::Working => return None,
            EndUserState::Removed => Self::not_found("end user"),
            EndUserState::NotSetUp => not_set_up(),
            EndUserState::Inactive => not_active(user),
            EndUserState::Broken => {
                broken(user.integration_code.as_deref().unwrap_or(DEFAULT_HRESULT))
            }
            EndUserState::Timeout => timeout(),
            EndUserState::RequestRefused => {
                request_refused(user.integration_code.as_deref().unwrap_or("3200"))
            }
        };
        Some(match user.user_message.clone() {
            Some(text) => error.with_user_message(text),
            None => error,
        })
    }

    /// The message for the end user.
    pub fn user_message(&self) -> &str {
        self.user_message.as_deref().unwrap_or(GENERIC_USER_MESSAGE)
    }

    fn body(&self, request_id: &str) -> Value {
        let mut error = json!({
            "message": self.message,
            "userFacingMessage": self.user_message(),
            "type": self.kind,
            "code": self.code,
            "httpStatusCode": self.status.as_u16(),
            "requestId": request_id,
        });
        if let (Some(code), Some(fields)) = (&self.integration_code, error.as_object_mut()) {
            fields.insert("integrationCode".to_owned(), code.as_str().into());
        }
        json!({ "error": error })
    }
}

impl IntoResponse for ConductorError {
    fn into_response(self) -> Response {
        let request_id = random::id("req_");
        let body = Json(self.body(&request_id));
        (self.status, [(REQUEST_ID, request_id)], body).into_response()
    }
}

fn connection_error(status: u16, code: &'static str, message: impl Into<String>) -> ConductorError {
    ConductorError::new(status, "INTEGRATION_CONNECTION_ERROR", code, message)
}

fn not_set_up() -> ConductorError {
    connection_error(
        409,
        "INTEGRATION_CONNECTION_NOT_SET_UP",
        "sandbox: the connection was never set up",
    )
    .with_user_message("sandbox: Your QuickBooks Desktop connection is not set up.")
}

fn not_active(user: &EndUser) -> ConductorError {
    let last =
        user.connection.as_ref().and_then(|connection| connection.last_successful_request_at);
    let text = format!(
        "Your QuickBooks Desktop connection is not active. It was last active {}. sandbox: the rest is not documented.",
        last.map_or_else(|| "never".to_owned(), |time| time.to_string()),
    );
    connection_error(
        409,
        "INTEGRATION_CONNECTION_NOT_ACTIVE",
        "sandbox: the connection is not active",
    )
    .with_user_message(text)
}

fn broken(hresult: &str) -> ConductorError {
    let (message, text) = if hresult.eq_ignore_ascii_case(DEFAULT_HRESULT) {
        (DENIED_MESSAGE.to_owned(), DENIED_USER_MESSAGE.to_owned())
    } else {
        (
            format!(
                "QBD Connection Error ({hresult}): sandbox: the text for this code is not documented."
            ),
            format!("sandbox: We could not connect to QuickBooks Desktop ({hresult})."),
        )
    };
    let error = connection_error(502, "QBD_CONNECTION_ERROR", message).with_user_message(text);
    ConductorError { integration_code: Some(hresult.to_owned()), ..error }
}

fn timeout() -> ConductorError {
    connection_error(504, "QBD_REQUEST_TIMEOUT", "sandbox: Request timed out after 90 seconds")
        .with_user_message(
            "sandbox: Request timed out after 90 seconds. QuickBooks Desktop may be busy.",
        )
}

fn request_refused(status: &str) -> ConductorError {
    let message = format!("QBD Request Error ({status}): sandbox: QuickBooks refused the request.");
    let error = ConductorError::new(502, "INTEGRATION_ERROR", "QBD_REQUEST_ERROR", message);
    ConductorError { integration_code: Some(status.to_owned()), ..error }
}
