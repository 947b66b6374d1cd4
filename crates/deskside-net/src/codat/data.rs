//! How far a company's data has come, kind by kind and attempt by attempt.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;

use crate::fields::Fields;

/// Every kind of a company's data, by its name. Codat tells it by company, not by connection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DataStatus(pub BTreeMap<String, DataSet>);

/// One kind of data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataSet {
    /// How far it has come.
    pub progress: Progress,
    /// Codat's own word for that.
    pub word: Option<String>,
    /// When it last came as a whole.
    pub last_successful_sync: Option<Timestamp>,
}

/// How far data has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// It was never asked for.
    Never,
    /// It waits for the connector on the user's computer, or for its turn.
    Queued,
    /// It is being fetched, which may also mean that the connector has not answered yet.
    Fetching,
    /// Codat has it and works on it.
    Working,
    /// It is there.
    Complete,
    /// The platform does not have this kind, which is no failure.
    NotSupported,
    /// Somebody stopped it.
    Cancelled,
    /// It did not come, or cannot be read.
    Failed,
    /// Codat may not read it any more.
    AuthError,
    /// A word that this version does not know.
    Unknown,
}

/// One attempt to get one kind of data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PullOperation {
    /// Codat's identifier.
    pub id: String,
    /// Through which connection.
    pub connection_id: Option<String>,
    /// Which kind of data.
    pub data_type: Option<String>,
    /// How far it has come.
    pub progress: Progress,
    /// More about that, in words.
    pub description: Option<String>,
    /// What went wrong, in words.
    pub error_message: Option<String>,
    /// When it was asked for.
    pub requested: Option<Timestamp>,
    /// When it was over.
    pub completed: Option<Timestamp>,
}

impl Progress {
    /// Reads one of Codat's words. Source: the states of data in its `OpenAPI` document.
    fn of(word: Option<&str>) -> Self {
        let Some(word) = word else { return Self::Never };
        match word.to_ascii_lowercase().as_str() {
            "initial" | "queued" => Self::Queued,
            "fetching" => Self::Fetching,
            // The last one asked for too much at once, and gets its turn later.
            "mapqueued" | "mapping" | "processingqueued" | "processing" | "validationqueued"
            | "validating" | "ratelimiterror" => Self::Working,
            "complete" => Self::Complete,
            "notsupported" => Self::NotSupported,
            "cancelled" => Self::Cancelled,
            "fetcherror" | "maperror" | "internalerror" | "processingerror" | "validationerror"
            | "permissionserror" | "prerequisitenotmet" => Self::Failed,
            "autherror" => Self::AuthError,
            _ => Self::Unknown,
        }
    }
}

impl DataStatus {
    /// `None` for what is no object.
    pub(super) fn read(body: &Value) -> Option<Self> {
        let sets = body.as_object()?.iter();
        Some(Self(sets.map(|(name, set)| (name.clone(), DataSet::read(set))).collect()))
    }
}

impl DataSet {
    /// Null, and an object without a status, stand for data that was never asked for.
    fn read(value: &Value) -> Self {
        let fields = Fields::of(value);
        let word = fields.text("currentStatus");
        let is_readable = value.is_null()
            || value.is_object() && (word.is_some() || fields.value("currentStatus").is_none());
        Self {
            progress: if is_readable { Progress::of(word.as_deref()) } else { Progress::Unknown },
            word,
            last_successful_sync: fields.moment("lastSuccessfulSync"),
        }
    }
}

impl PullOperation {
    pub(super) fn read(fields: Fields<'_>) -> Option<Self> {
        Some(Self {
            id: fields.text("id")?,
            connection_id: fields.text("connectionId"),
            data_type: fields.text("dataType").or_else(|| fields.text("datatype")),
            progress: Progress::of(fields.text("status").as_deref()),
            description: fields.text("statusDescription"),
            error_message: fields.text("errorMessage"),
            requested: fields.moment("requested"),
            completed: fields.moment("completed"),
        })
    }

    /// True while nothing has come of it yet because the user's computer has not answered.
    pub(super) fn awaits_the_computer(&self) -> bool {
        match self.progress {
            Progress::Queued => true,
            Progress::Fetching => self.description.as_deref().is_some_and(is_waiting),
            Progress::Never
            | Progress::Working
            | Progress::Complete
            | Progress::NotSupported
            | Progress::Cancelled
            | Progress::Failed
            | Progress::AuthError
            | Progress::Unknown => false,
        }
    }
}

/// "Waiting for asynchronous response from third party": the Web Connector has not answered.
/// Source: Codat's page on troubleshooting QuickBooks Desktop.
fn is_waiting(description: &str) -> bool {
    description.to_ascii_lowercase().contains("waiting for asynchronous")
}
