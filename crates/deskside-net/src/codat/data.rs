//! The transfer state of a company's data, by type and by pull operation.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;

use crate::fields::Fields;

/// The state of each data type by its name. Codat reports it per company, not per connection.
/// docs/sources/codat.md#endpoints
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DataStatus(pub BTreeMap<String, DataSet>);

/// The state of one data type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataSet {
    /// How far the transfer is.
    pub progress: Progress,
    /// Codat's own word for it.
    pub word: Option<String>,
    /// When it was last transferred completely.
    pub last_successful_sync: Option<Timestamp>,
}

/// How far the transfer of data is. docs/sources/codat.md#data-status
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// It was never requested.
    Never,
    /// It waits for the connector on the user's computer, or in Codat's queue.
    Queued,
    /// It is being fetched, which can also mean that the connector has not answered yet.
    Fetching,
    /// Codat has received it and processes it.
    Working,
    /// It is complete.
    Complete,
    /// The platform does not have this type, which is not an error.
    NotSupported,
    /// It was canceled.
    Cancelled,
    /// It could not be fetched or processed.
    Failed,
    /// Codat is no longer allowed to read it.
    AuthError,
    /// A word unknown to this version.
    Unknown,
}

/// One attempt to fetch one data type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PullOperation {
    /// Codat's identifier.
    pub id: String,
    /// The connection it uses.
    pub connection_id: Option<String>,
    /// The data type.
    pub data_type: Option<String>,
    /// How far it is.
    pub progress: Progress,
    /// Codat's description of the progress.
    pub description: Option<String>,
    /// Codat's error message.
    pub error_message: Option<String>,
    /// When it was requested.
    pub requested: Option<Timestamp>,
    /// When it ended.
    pub completed: Option<Timestamp>,
}

impl Progress {
    /// Parses one of Codat's 21 words. docs/sources/codat.md#data-status
    fn of(word: Option<&str>) -> Self {
        let Some(word) = word else { return Self::Never };
        match word.to_ascii_lowercase().as_str() {
            "initial" | "queued" => Self::Queued,
            "fetching" => Self::Fetching,
            // After a rate limit error Codat continues later.
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
    /// `None` if the body is not an object.
    pub(super) fn read(body: &Value) -> Option<Self> {
        let sets = body.as_object()?.iter();
        Some(Self(sets.map(|(name, set)| (name.clone(), DataSet::read(set))).collect()))
    }
}

impl DataSet {
    /// Null and an object without a status mean that the data was never requested.
    /// docs/sources/codat.md#nulls
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

    /// True while it waits for an answer of the user's computer.
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
/// docs/sources/codat.md#data-status
fn is_waiting(description: &str) -> bool {
    description.to_ascii_lowercase().contains("waiting for asynchronous")
}
