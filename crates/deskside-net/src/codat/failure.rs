//! Why Codat gave nothing. The status is the answer's own: the vendor's examples carry wrong ones
//! in their bodies.

use deskside_model::evidence::Fault;
use jiff::SignedDuration;
use serde_json::Value;

use crate::ProviderRefusal;
use crate::fields::Fields;
use crate::http::Answer;

/// Why there is no result.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodatFailure {
    /// Nobody answered, or what came is not from Codat: a page, a redirect, too much.
    #[error("there was no usable answer")]
    NoAnswer(Fault),
    /// Codat answered that it cannot be done.
    #[error("Codat refused with status {}", .0.status)]
    Refused(Box<CodatError>),
}

/// What Codat says of a refusal. All but the status may be missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CodatError {
    /// The status of the answer itself.
    pub status: u16,
    /// Which part of Codat speaks.
    pub service: Option<String>,
    /// What it says.
    pub error: Option<String>,
    /// For support.
    pub correlation_id: Option<String>,
    /// Which fault it is; an open set.
    pub detailed_error_code: Option<String>,
    /// Whether asking again could help: `True`, `False`, `Unknown` or another word.
    pub can_be_retried: Option<String>,
    /// What is wrong with the request, item by item.
    pub validation: Vec<String>,
    /// How long Codat wants not to be asked.
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

    /// What Codat says, where it has said something.
    #[must_use]
    pub fn refusal(&self) -> Option<&CodatError> {
        match self {
            Self::Refused(error) => Some(error),
            Self::NoAnswer(_) => None,
        }
    }

    /// What the failure is to somebody who only wants to know how a connection is.
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
        let said = error.and_then(|error| error.error.clone());
        Self::of(fault, said, error.and_then(|error| error.correlation_id.clone()))
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

    /// True where Codat itself has spoken, not somebody before it.
    #[must_use]
    pub fn is_from_codat(&self) -> bool {
        self.service.is_some() || self.error.is_some() || self.correlation_id.is_some()
    }
}
