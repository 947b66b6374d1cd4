//! Why Conductor gave nothing, in its own words where it has any.
//!
//! Its list of codes is not public, and its list of types may grow: both stay open here, and a
//! word that is not known survives as text.

use deskside_model::evidence::Fault;
use jiff::SignedDuration;

use super::super::fields::Fields;
use crate::ProviderRefusal;
use crate::http::Answer;

/// Nobody is left alone for longer.
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_hours(24);

/// Why there is no result.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConductorFailure {
    /// Nobody answered, or what came is not from Conductor: a page, a redirect, too much.
    #[error("there was no usable answer")]
    NoAnswer(Fault),
    /// Refused before anything was sent: a link cannot live for this many minutes.
    #[error("a link cannot live for {0} minutes")]
    LinkExpiry(u32),
    /// Conductor answered that it cannot be done.
    #[error("Conductor refused with status {}", .0.http_status_code)]
    Refused(Box<ConductorError>),
}

/// What Conductor says of a refusal. All but the status may be missing: not everybody who answers
/// in Conductor's name speaks its language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConductorError {
    /// For the developer.
    pub message: Option<String>,
    /// For the end user; says nothing where only the developer can do something.
    pub user_facing_message: Option<String>,
    /// What kind of fault it is.
    pub kind: ErrorType,
    /// Which fault it is, for example `INTEGRATION_CONNECTION_NOT_SET_UP`; an open set.
    pub code: Option<String>,
    /// QuickBooks' or the Web Connector's own code, for example `0x80040420`.
    pub integration_code: Option<String>,
    /// The status of the answer itself, whatever its body says.
    pub http_status_code: u16,
    /// For support.
    pub request_id: Option<String>,
    /// How long Conductor wants not to be asked.
    pub retry_after: Option<SignedDuration>,
}

/// What kind of fault an error is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ErrorType {
    /// QuickBooks refused the request; the connection works.
    Integration,
    /// Something at the end user's side, for the end user to mend.
    IntegrationConnection,
    /// The request was wrong.
    InvalidRequest,
    /// The key is missing or wrong.
    Authentication,
    /// The key does not allow this.
    Permission,
    /// A fault at Conductor.
    Internal,
    /// A word that this version does not know.
    Other(String),
    /// None was said.
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

    /// True where nobody of Conductor's stands behind the address. Conductor itself speaks of the
    /// end user, in words of which not all are known.
    pub(super) fn is_unknown_route(&self) -> bool {
        self.refusal()
            .is_some_and(|error| error.http_status_code == 404 && !error.is_from_conductor())
    }

    /// For how long Conductor wants not to be asked.
    pub(crate) fn pause(&self) -> Option<SignedDuration> {
        self.refusal()?.retry_after.map(|pause| pause.min(LONGEST_PAUSE))
    }

    /// True where the request itself was not accepted as it was.
    pub(crate) fn is_of_the_request(&self) -> bool {
        self.refusal().is_some_and(|error| {
            error.http_status_code == 400 && error.kind == ErrorType::InvalidRequest
        })
    }

    /// What Conductor says, where it has said something.
    #[must_use]
    pub fn refusal(&self) -> Option<&ConductorError> {
        match self {
            Self::Refused(error) => Some(error),
            Self::NoAnswer(_) | Self::LinkExpiry(_) => None,
        }
    }

    /// What the failure is to somebody who only wants to know how a connection is.
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
        let said = |error: &ConductorError| Some(error.text_to_show()?.to_owned());
        Self::of(fault, error.and_then(said), error.and_then(|error| error.request_id.clone()))
    }
}

impl ConductorError {
    /// The nested body of today, or the flat one that older documentation prints.
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

    /// True where Conductor itself has spoken, not somebody before it.
    #[must_use]
    pub fn is_from_conductor(&self) -> bool {
        self.kind != ErrorType::Missing || self.code.is_some()
    }

    /// The text to show: what is meant for users, unless it is masked, as it is for wrong requests.
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
