//! Conductor itself as somebody who tells how a connection is, for a business that holds its own
//! key: the end user's record, which is passive, and the check, which reaches into QuickBooks.

use std::sync::Arc;

use jiff::Timestamp;
use url::Url;

use super::{BASE, Client, checked, keep_what_a_check_found, recorded};
use crate::Secret;
use crate::companion::Told;
use crate::connection::{Connection, Origin};
use crate::evidence::{Fault, RemoteStatus};
use crate::provider::{Http, Provider};

/// Conductor, with the key of this business.
pub struct Conductor {
    client: Client,
    connection: Connection,
    end_user: String,
    last: Option<RemoteStatus>,
}

impl Conductor {
    /// Conductor for one direct connection, whose last status is `last`. `None` when the
    /// connection is of another kind or its address cannot be used.
    #[must_use]
    pub fn new(
        http: Http,
        connection: Connection,
        last: Option<RemoteStatus>,
        key: Arc<Secret>,
    ) -> Option<Self> {
        let Origin::Direct { end_user, .. } = connection.origin.clone() else { return None };
        let client = Client::new(http, Self::address(&connection)?, key);
        Some(Self { client, connection, end_user, last })
    }

    /// Where Conductor is for a direct connection; `None` for any other.
    #[must_use]
    pub fn address(connection: &Connection) -> Option<Url> {
        let Origin::Direct { base_url, .. } = &connection.origin else { return None };
        Url::parse(base_url.as_deref().unwrap_or(BASE)).ok()
    }
}

impl Provider for Conductor {
    async fn statuses(&self) -> Result<Vec<Told>, Fault> {
        let record = self.client.end_user(&self.end_user).await;
        let status = keep_what_a_check_found(self.last.as_ref(), recorded(&record)?);
        Ok(vec![Told {
            id: self.connection.id.clone(),
            company: record.ok().and_then(|end_user| end_user.company_name),
            provider: self.connection.provider,
            mode: self.connection.mode,
            status,
        }])
    }

    async fn check(&self, _connection: &str) -> Result<RemoteStatus, Fault> {
        checked(&self.client.check(&self.end_user).await, Timestamp::now())
    }
}
