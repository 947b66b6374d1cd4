//! Conductor's objects on the wire.
//!
//! Every documented field is always present, nullable ones as null, because the strict official client rejects an
//! object without one.

use axum::Json;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::world::{AuthSession, EndUser, INTEGRATION, IntegrationConnection};

/// The formats of times and durations.
#[derive(Clone, Copy)]
pub struct ConductorDialect {
    pub legacy: bool,
}

impl ConductorDialect {
    fn time(self, time: Timestamp) -> String {
        let format =
            if self.legacy { "%Y-%m-%d %H:%M:%S%.3f+00" } else { "%Y-%m-%dT%H:%M:%S%.3fZ" };
        time.strftime(format).to_string()
    }

    /// Milliseconds; one page of the old documentation shows them as text.
    pub fn duration(self) -> Value {
        if self.legacy { json!("111") } else { json!(100) }
    }

    pub fn end_user(self, user: &EndUser) -> Value {
        json!({
            "id": user.id,
            "objectType": "end_user",
            "createdAt": self.time(user.created_at),
            "companyName": user.company_name,
            "sourceId": user.source_id,
            "email": user.email,
            "integrationConnections": user.connection.iter().map(|it| self.connection(it)).collect::<Vec<_>>(),
        })
    }

    fn connection(self, connection: &IntegrationConnection) -> Value {
        json!({
            "id": connection.id,
            "objectType": "integration_connection",
            "createdAt": self.time(connection.created_at),
            "integrationSlug": INTEGRATION,
            "lastRequestAt": connection.last_request_at.map(|time| self.time(time)),
            "lastSuccessfulRequestAt": connection.last_successful_request_at.map(|time| self.time(time)),
        })
    }

    /// The connection with its owner, as the older endpoint for connections answers it.
    pub fn owned_connection(self, user: &EndUser) -> Option<Value> {
        let mut value = self.connection(user.connection.as_ref()?);
        value.as_object_mut()?.insert("endUserId".to_owned(), user.id.as_str().into());
        Some(value)
    }

    pub fn session(self, session: &AuthSession) -> Value {
        json!({
            "id": session.id,
            "objectType": "auth_session",
            "createdAt": self.time(session.created_at),
            "endUserId": session.end_user_id,
            "clientSecret": session.client_secret,
            "authFlowUrl": session.auth_flow_url,
            "expiresAt": self.time(session.expires_at),
            "redirectUrl": session.redirect_url,
        })
    }
}

pub fn list(path: &str, data: Vec<Value>) -> Json<Value> {
    Json(json!({ "objectType": "list", "url": path, "data": data }))
}
