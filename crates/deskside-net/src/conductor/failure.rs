//! Why a request to Conductor failed, in Conductor's own words if it sent any.
//!
//! Types and codes are open sets without a public list, so unknown words are kept as text.
//! docs/sources/conductor.md#error-types, docs/sources/conductor.md#error-codes

use deskside_model::evidence::Fault;
use jiff::SignedDuration;

use super::super::fields::Fields;
use crate::ProviderRefusal;
use crate::http::Answer;

/// The longest pause between requests, whatever the server asks for.
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_hours(24);

/// Why a request has no result.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConductorFailure {
    /// No answer, or one that is not from Conductor: a page, a redirect, or too much data.
    #[error("there was no usable answer")]
    NoAnswer(Fault),
    /// Refused locally: links cannot have this lifetime in minutes.
    #[error("a link cannot be valid for {0} minutes")]
    LinkExpiry(u32),
    /// Conductor refused the request.
    #[error("Conductor refused with status {}", .0.http_status_code)]
    Refused(Box<ConductorError>),
}

/// Conductor's error object. All fields but the status can be missing, because an intermediary may have
/// answered instead. docs/sources/conductor.md#error-body
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConductorError {
    /// The message for the developer.
    pub message: Option<String>,
    /// The message for the end user; a generic text if only the developer can act.
    pub user_facing_message: Option<String>,
    /// The type of the error.
    pub kind: ErrorType,
    /// The error code, for example `INTEGRATION_CONNECTION_NOT_SET_UP`; an open set.
    pub code: Option<String>,
    /// QuickBooks' or the Web Connector's own code, for example `0x80040420`.
    pub integration_code: Option<String>,
    /// The HTTP status of the answer, whatever its body says.
    pub http_status_code: u16,
    /// The request's identifier, for Conductor's support.
    pub request_id: Option<String>,
    /// The pause that Conductor asks for.
    pub retry_after: Option<SignedDuration>,
}

/// The type of an error. docs/sources/conductor.md#error-types
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ErrorType {
    /// QuickBooks refused the request; the connection works.
    Integration,
    /// An error on the end user's side that the end user can correct.
    IntegrationConnection,
    /// The request was invalid.
    InvalidRequest,
    /// The key is missing or wrong.
    Authentication,
    /// The key does not allow this.
    Permission,
    /// An internal error of Conductor.
    Internal,
    /// A word unknown to this version.
    Other(String),
    /// No type was sent.
    #[default]
    Missing,
}

impl ErrorType {
    fn of(word: Option<String>) -> Self {
        match word.as_deref() {
            Some("INTEGRATION_ERROR") => Self::Integration,
            Some("INTEGRATION_CONNECTION_ERROR") => Self::IntegrationConnection,
            Some("INVALID_REQUEST_ERROR") => Self::InvalidRequest,
            Some("AUTHENTICATION_ERROR") => Self::Authentication,
            Some("PERMISSION_ERROR") => Self::Permission,
            Some("INTERNAL_ERROR") => Self::Internal,
            Some(_) | None => word.map_or(Self::Missing, Self::Other),
        }
    }
}

impl From<Fault> for ConductorFailure {
    fn from(fault: Fault) -> Self {
        Self::NoAnswer(fault)
    }
}

impl ConductorFailure {
    pub(super) fn of(answer: &Answer) -> Self {
        if answer.is_redirect() {
            return Self::NoAnswer(Fault::Unusable);
        }
        let body = answer.any_json();
        let error = ConductorError {
            http_status_code: answer.status,
            retry_after: answer.retry_after,
            ..ConductorError::read(Fields::of(&body))
        };
        let from_header = || answer.header("conductor-request-id").map(str::to_owned);
        let request_id = error.request_id.clone().or_else(from_header);
        Self::Refused(Box::new(ConductorError { request_id, ..error }))
    }

    /// True if the endpoint does not exist: a 404 that is not Conductor's own. Conductor's own 404 means
    /// that the end user is missing.
    pub(super) fn is_unknown_route(&self) -> bool {
        self.refusal()
            .is_some_and(|error| error.http_status_code == 404 && !error.is_from_conductor())
    }

    /// The pause that Conductor asks for, at most one day.
    pub(crate) fn pause(&self) -> Option<SignedDuration> {
        self.refusal()?.retry_after.map(|pause| pause.min(LONGEST_PAUSE))
    }

    /// True if Conductor refused the request's content.
    pub(crate) fn is_invalid_request(&self) -> bool {
        self.refusal().is_some_and(|error| {
            error.http_status_code == 400 && error.kind == ErrorType::InvalidRequest
        })
    }

    /// Conductor's error object, if it sent one.
    #[must_use]
    pub fn refusal(&self) -> Option<&ConductorError> {
        match self {
            Self::Refused(error) => Some(error),
            Self::NoAnswer(_) | Self::LinkExpiry(_) => None,
        }
    }

    /// The failure as a fault of the status request.
    #[must_use]
    pub fn fault(&self) -> Fault {
        match self {
            Self::NoAnswer(fault) => *fault,
            Self::Refused(error) if matches!(error.http_status_code, 401 | 403) => Fault::Rejected,
            Self::Refused(_) | Self::LinkExpiry(_) => Fault::Unusable,
        }
    }
}

impl From<ConductorFailure> for ProviderRefusal {
    fn from(failure: ConductorFailure) -> Self {
        let (fault, error) = (failure.fault(), failure.refusal());
        let message = |error: &ConductorError| Some(error.text_to_show()?.to_owned());
        Self::of(fault, error.and_then(message), error.and_then(|error| error.request_id.clone()))
    }
}

impl ConductorError {
    /// Parses the current nested body, or the flat one of older documentation.
    /// docs/sources/conductor.md#error-body
    fn read(body: Fields<'_>) -> Self {
        let error =
            if body.object("error").names().next().is_some() { body.object("error") } else { body };
        Self {
            message: error.text("message"),
            user_facing_message: error.text("userFacingMessage"),
            kind: ErrorType::of(error.text("type")),
            code: error.text("code"),
            integration_code: error.text("integrationCode"),
            request_id: error.text("requestId"),
            ..Self::default()
        }
    }

    /// True if Conductor itself answered, not an intermediary.
    #[must_use]
    pub fn is_from_conductor(&self) -> bool {
        self.kind != ErrorType::Missing || self.code.is_some()
    }

    /// The message to show: the one for users, except for invalid requests, where it is generic.
    /// docs/sources/conductor.md#error-body
    #[must_use]
    pub fn text_to_show(&self) -> Option<&str> {
        let (first, second) = if self.kind == ErrorType::InvalidRequest {
            (&self.message, &self.user_facing_message)
        } else {
            (&self.user_facing_message, &None)
        };
        first.as_deref().or(second.as_deref())
    }
}
