//! Why a request to Codat failed. The HTTP status counts: the vendor's own examples have wrong statuses in
//! their bodies. docs/sources/codat.md#errors

use deskside_model::evidence::Fault;
use jiff::SignedDuration;
use serde_json::Value;

use crate::ProviderRefusal;
use crate::fields::Fields;
use crate::http::Answer;

/// Why a request has no result.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodatFailure {
    /// No answer, or one that is not from Codat: a page, a redirect, or too much data.
    #[error("there was no usable answer")]
    NoAnswer(Fault),
    /// Codat refused the request.
    #[error("Codat refused with status {}", .0.status)]
    Refused(Box<CodatError>),
}

/// Codat's error object. All fields but the status can be missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CodatError {
    /// The HTTP status of the answer.
    pub status: u16,
    /// The part of Codat that answered.
    pub service: Option<String>,
    /// The message.
    pub error: Option<String>,
    /// The request's identifier, for Codat's support.
    pub correlation_id: Option<String>,
    /// The error code; an open set.
    pub detailed_error_code: Option<String>,
    /// Whether a retry could help: `True`, `False`, `Unknown` or another word.
    pub can_be_retried: Option<String>,
    /// Validation errors of the request.
    pub validation: Vec<String>,
    /// The pause that Codat asks for.
    pub retry_after: Option<SignedDuration>,
}

impl From<Fault> for CodatFailure {
    fn from(fault: Fault) -> Self {
        Self::NoAnswer(fault)
    }
}

impl CodatFailure {
    pub(super) fn of(answer: &Answer) -> Self {
        if answer.is_redirect() {
            return Self::NoAnswer(Fault::Unusable);
        }
        Self::Refused(Box::new(CodatError {
            status: answer.status,
            retry_after: answer.retry_after,
            ..CodatError::read(&answer.any_json())
        }))
    }

    /// Codat's error object, if it sent one.
    #[must_use]
    pub fn refusal(&self) -> Option<&CodatError> {
        match self {
            Self::Refused(error) => Some(error),
            Self::NoAnswer(_) => None,
        }
    }

    /// The failure as a fault of the status request.
    #[must_use]
    pub fn fault(&self) -> Fault {
        match self {
            Self::NoAnswer(fault) => *fault,
            Self::Refused(error) if matches!(error.status, 401 | 403) => Fault::Rejected,
            Self::Refused(_) => Fault::Unusable,
        }
    }
}

impl From<CodatFailure> for ProviderRefusal {
    fn from(failure: CodatFailure) -> Self {
        let (fault, error) = (failure.fault(), failure.refusal());
        let message = error.and_then(|error| error.error.clone());
        Self::of(fault, message, error.and_then(|error| error.correlation_id.clone()))
    }
}

impl CodatError {
    fn read(body: &Value) -> Self {
        let fields = Fields::of(body);
        let problems = fields.object("validation").list("errors").unwrap_or_default();
        Self {
            service: fields.text("service"),
            error: fields.text("error"),
            correlation_id: fields.text("correlationId"),
            detailed_error_code: fields.text("detailedErrorCode"),
            can_be_retried: fields.text("canBeRetried"),
            validation: problems.iter().filter_map(|one| Fields::of(one).text("message")).collect(),
            ..Self::default()
        }
    }

    /// True if Codat itself answered, not an intermediary.
    #[must_use]
    pub fn is_from_codat(&self) -> bool {
        self.service.is_some() || self.error.is_some() || self.correlation_id.is_some()
    }
}
