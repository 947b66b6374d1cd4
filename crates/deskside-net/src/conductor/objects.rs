//! The objects of Conductor's API, in both of its generations. docs/sources/conductor.md#objects

use deskside_model::Secret;
use deskside_model::evidence::Finding;
use jiff::{SignedDuration, Timestamp};

use super::super::fields::Fields;
use crate::fields::moment;

/// One company file of one customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndUser {
    /// Conductor's identifier.
    pub id: String,
    /// The company's name.
    pub company_name: Option<String>,
    /// The caller's own identifier.
    pub source_id: Option<String>,
    /// The customer's email address.
    pub email: Option<String>,
    /// When it was created.
    pub created_at: Option<Timestamp>,
    /// Its connections; `None` in the oldest generation, which means unknown.
    pub integration_connections: Option<Vec<IntegrationConnection>>,
}

/// A connection. It is created when the auth flow starts, so its existence does not mean "connected".
/// docs/sources/conductor.md#objects
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IntegrationConnection {
    /// Conductor's identifier.
    pub id: Option<String>,
    /// The end user it belongs to; only the older generation sends it.
    pub end_user_id: Option<String>,
    /// The integration, `quickbooks_desktop` or an older spelling; `None` if missing.
    pub integration_slug: Option<String>,
    /// When it was created.
    pub created_at: Option<Timestamp>,
    /// The time of its last request, successful or not.
    pub last_request_at: Finding<Timestamp>,
    /// The time of its last request that succeeded end to end.
    pub last_successful_request_at: Finding<Timestamp>,
}

/// A link for an end user.
#[derive(Debug)]
pub struct AuthSession {
    /// Conductor's identifier.
    pub id: Option<String>,
    /// The end user to connect.
    pub end_user_id: Option<String>,
    /// The link: anyone who has it can connect a company file.
    pub auth_flow_url: Secret,
    /// When the link expires; for a session just created, by this computer's clock.
    pub expires_at: Option<Timestamp>,
    /// When it was created.
    pub created_at: Option<Timestamp>,
}

/// The answer to an active check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConductorCheck {
    /// The round trip to QuickBooks.
    pub duration: Option<SignedDuration>,
    /// `ok`; the older generation sends no status.
    pub status: Option<String>,
}

impl EndUser {
    pub(super) fn read(fields: Fields<'_>) -> Option<Self> {
        let connections = fields.list("integrationConnections");
        let read = |value| IntegrationConnection::read(Fields::of(value));
        Some(Self {
            id: fields.text("id")?,
            company_name: fields.text("companyName"),
            source_id: fields.text("sourceId"),
            email: fields.text("email"),
            created_at: fields.moment("createdAt"),
            integration_connections: connections.map(|all| all.iter().map(read).collect()),
        })
    }
}

impl IntegrationConnection {
    pub(super) fn read(fields: Fields<'_>) -> Self {
        Self {
            id: fields.text("id"),
            end_user_id: fields.text("endUserId"),
            integration_slug: fields.text("integrationSlug"),
            created_at: fields.moment("createdAt"),
            last_request_at: finding(fields, "lastRequestAt"),
            last_successful_request_at: finding(fields, "lastSuccessfulRequestAt"),
        }
    }
}

impl AuthSession {
    pub(super) fn read(fields: Fields<'_>) -> Option<Self> {
        Some(Self {
            id: fields.text("id"),
            end_user_id: fields.text("endUserId"),
            auth_flow_url: fields.secret("authFlowUrl")?,
            expires_at: fields.moment("expiresAt"),
            created_at: fields.moment("createdAt"),
        })
    }
}

impl ConductorCheck {
    /// `None` if the answer has neither a duration nor a status.
    pub(super) fn read(fields: Fields<'_>) -> Option<Self> {
        let duration = fields.amount("duration").map(|milliseconds| milliseconds / 1000.0);
        let duration = duration.and_then(|seconds| SignedDuration::try_from_secs_f64(seconds).ok());
        let status = fields.text("status");
        (duration.is_some() || status.is_some()).then_some(Self { duration, status })
    }

    /// True if QuickBooks answered.
    #[must_use]
    pub fn is_ok(&self) -> bool {
        self.status.as_deref().is_none_or(|status| status.eq_ignore_ascii_case("ok"))
    }
}

/// Null means never; a date that is missing or cannot be parsed is unknown.
fn finding(fields: Fields<'_>, name: &str) -> Finding<Timestamp> {
    if fields.is_null(name) {
        return Finding::Absent;
    }
    match fields.value(name).and_then(|value| moment(value.as_str()?)) {
        Some(moment) => Finding::Known(moment),
        None => Finding::Unknown("the date cannot be read".into()),
    }
}
