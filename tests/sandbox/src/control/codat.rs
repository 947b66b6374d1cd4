//! The routes of the control API for Codat: companies, their connections, and the sync state of their data.

use std::collections::BTreeMap;

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
    http::StatusCode,
};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{
    ControlError,
    arrange::{merge, or_empty},
};
use crate::{
    html::encode,
    requests,
    world::{
        SharedWorld,
        codat::{
            Codat, ConnectionError, ConnectionStatus, Integration, PullStatus, QUICKBOOKS_DESKTOP,
        },
    },
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct NewCompany {
    name: String,
    description: Option<String>,
    tags: BTreeMap<String, String>,
    /// One connection is created for each of these integrations.
    platform_keys: Vec<String>,
}

impl Default for NewCompany {
    fn default() -> Self {
        Self {
            name: "Sandbox Books".to_owned(),
            description: None,
            tags: BTreeMap::new(),
            platform_keys: vec![QUICKBOOKS_DESKTOP.to_owned()],
        }
    }
}

pub async fn company(
    State(world): State<SharedWorld>,
    body: Bytes,
) -> Result<(StatusCode, Json<Value>), ControlError> {
    let new: NewCompany = requests::json(or_empty(&body)).map_err(ControlError::bad_request)?;
    let find =
        |key: &String| Integration::of(key).ok_or_else(|| ControlError::not_found("integration"));
    let integrations = new.platform_keys.iter().map(find).collect::<Result<Vec<_>, _>>()?;
    let now = Timestamp::now();
    let codat = &mut world.lock().codat;
    let company_id = codat.add_company(new.name, new.description, new.tags, now);
    let connections = integrations.into_iter().map(|integration| {
        let id = codat.add_connection(&company_id, integration, now);
        let link_url = codat.create_link(&id, now);
        let deep_link = format!("deskside://connect?link={}", encode(&link_url));
        json!({ "connection_id": id, "link_url": link_url, "deep_link": deep_link })
    });
    let answer =
        json!({ "connections": connections.collect::<Vec<_>>(), "company_id": company_id });
    Ok((StatusCode::CREATED, Json(answer)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ConnectionChange {
    /// A documented status or any other text. `Linked` queues the data as finishing the link does; `Deauthorized`
    /// without errors adds the documented one.
    status: Option<ConnectionStatus>,
    /// Replaces all errors of the connection.
    errors: Option<Vec<ConnectionError>>,
    connection_info: Option<Map<String, Value>>,
    last_sync: Option<Timestamp>,
}

pub async fn connection(
    State(world): State<SharedWorld>,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Json<Value>, ControlError> {
    let change: ConnectionChange = requests::json(&body).map_err(ControlError::bad_request)?;
    let now = Timestamp::now();
    let codat = &mut world.lock().codat;
    if change.status == Some(ConnectionStatus::Linked) {
        codat.mark_linked(&id, now);
    }
    let connection =
        codat.connection_mut(&id).ok_or_else(|| ControlError::not_found("connection"))?;
    let deauthorized = change.status == Some(ConnectionStatus::Deauthorized);
    if let Some(status) = change.status {
        connection.status = status;
    }
    if let Some(errors) = change.errors {
        connection.errors = errors;
    } else if deauthorized {
        let text = "The integration de-authorized access to the connection.";
        connection.errors.push(ConnectionError::active("401", text, text, now));
    }
    connection.info = change.connection_info.or_else(|| connection.info.take());
    connection.last_sync = change.last_sync.or(connection.last_sync);
    Ok(Json(json!(connection)))
}

/// Deletes a connection as if at Codat.
pub async fn remove_connection(
    State(world): State<SharedWorld>,
    Path(id): Path<String>,
) -> Result<StatusCode, ControlError> {
    let codat = &mut world.lock().codat;
    codat.connection(&id).ok_or_else(|| ControlError::not_found("connection"))?;
    codat.remove_connection(&id);
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DataStatus {
    company_id: String,
    status: String,
    /// The data types to update; all of the company's by default.
    data_types: Option<Vec<String>>,
    #[serde(default = "Timestamp::now")]
    at: Timestamp,
}

/// Records one pull of each data type, all with the same result.
pub async fn data_status(
    State(world): State<SharedWorld>,
    body: Bytes,
) -> Result<Json<Value>, ControlError> {
    let update: DataStatus = requests::json(&body).map_err(ControlError::bad_request)?;
    let codat = &mut world.lock().codat;
    let company =
        codat.company(&update.company_id).ok_or_else(|| ControlError::not_found("company"))?;
    let data_types =
        update.data_types.unwrap_or_else(|| company.datasets.keys().cloned().collect());
    let connection = first_connection(codat, &update.company_id)?;
    for data_type in data_types {
        let result = PullStatus::of(&update.status);
        codat.record_pull(&update.company_id, &connection, &data_type, result, update.at);
    }
    Ok(Json(json!(codat.company(&update.company_id))))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewPull {
    company_id: String,
    /// The company's first connection by default.
    connection_id: Option<String>,
    data_type: String,
    status: String,
    status_description: Option<String>,
    error_message: Option<String>,
    /// Percent complete.
    progress: Option<u8>,
    #[serde(default = "Timestamp::now")]
    at: Timestamp,
}

/// Records one pull in the history and updates the sync state of its data type.
pub async fn pull(
    State(world): State<SharedWorld>,
    body: Bytes,
) -> Result<Json<Value>, ControlError> {
    let new: NewPull = requests::json(&body).map_err(ControlError::bad_request)?;
    let codat = &mut world.lock().codat;
    let connection = match new.connection_id {
        Some(id) if codat.connection(&id).is_none() => {
            return Err(ControlError::not_found("connection"));
        }
        Some(id) => id,
        None => first_connection(codat, &new.company_id)?,
    };
    let result = PullStatus {
        status: new.status,
        description: new.status_description,
        error_message: new.error_message,
        percent: new.progress,
    };
    let pull = codat.record_pull(&new.company_id, &connection, &new.data_type, result, new.at);
    Ok(Json(json!(pull)))
}

fn first_connection(codat: &Codat, company_id: &str) -> Result<String, ControlError> {
    let first = codat.connections_of(company_id).next();
    first
        .map(|it| it.id.clone())
        .ok_or_else(|| ControlError::not_found("company with a connection"))
}

/// Changes the settings in the body, keeps the others, and starts a new day for the rate limit.
pub async fn settings(
    State(world): State<SharedWorld>,
    body: Bytes,
) -> Result<Json<Value>, ControlError> {
    let codat = &mut world.lock().codat;
    codat.settings = merge(&codat.settings, &body)?;
    codat.requests_today = 0;
    Ok(Json(json!(codat.settings)))
}

/// Changes the fields of the profile that the body sets; their names are those of `PUT /profile`.
pub async fn profile(
    State(world): State<SharedWorld>,
    body: Bytes,
) -> Result<Json<Value>, ControlError> {
    let codat = &mut world.lock().codat;
    codat.profile = merge(&codat.profile, &body)?;
    Ok(Json(json!(codat.profile)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LinkSelection {
    connection_id: Option<String>,
}

/// Expires all links, or those of one connection.
pub async fn expire_links(
    State(world): State<SharedWorld>,
    body: Bytes,
) -> Result<Json<Value>, ControlError> {
    let selection: LinkSelection =
        requests::json(or_empty(&body)).map_err(ControlError::bad_request)?;
    let now = Timestamp::now();
    let links = world
        .lock()
        .codat
        .links
        .iter_mut()
        .filter(|link| {
            link.expires_at > now
                && selection.connection_id.as_ref().is_none_or(|id| *id == link.connection_id)
        })
        .map(|link| link.expires_at = now)
        .count();
    Ok(Json(json!({ "expired": links })))
}
