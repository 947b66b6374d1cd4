//! Arranging Codat: companies, what happens to their connections, and how their data comes along.

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
    Mistake,
    arrange::{changed, or_empty},
};
use crate::{
    html::encode,
    requests,
    world::{
        Shared,
        codat::{
            Codat, ConnectionError, ConnectionStatus, Integration, Progress, QUICKBOOKS_DESKTOP,
        },
    },
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct NewCompany {
    name: String,
    description: Option<String>,
    tags: BTreeMap<String, String>,
    /// One connection for each of these integrations.
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
    State(world): State<Shared>,
    body: Bytes,
) -> Result<(StatusCode, Json<Value>), Mistake> {
    let new: NewCompany = requests::json(or_empty(&body)).map_err(Mistake::of)?;
    let known = |key: &String| Integration::of(key).ok_or_else(|| Mistake::unknown("integration"));
    let integrations = new.platform_keys.iter().map(known).collect::<Result<Vec<_>, _>>()?;
    let now = Timestamp::now();
    let codat = &mut world.lock().codat;
    let company_id = codat.add_company(new.name, new.description, new.tags, now);
    let connections = integrations.into_iter().map(|integration| {
        let id = codat.add_connection(&company_id, integration, now);
        let link_url = codat.mint_link(&id, now);
        let deep_link = format!("deskside://connect?link={}", encode(&link_url));
        json!({ "connection_id": id, "link_url": link_url, "deep_link": deep_link })
    });
    let answer =
        json!({ "connections": connections.collect::<Vec<_>>(), "company_id": company_id });
    Ok((StatusCode::CREATED, Json(answer)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    /// A documented word or any other. `Linked` queues the data as finishing the link does; `Deauthorized` without
    /// errors brings the documented one.
    status: Option<ConnectionStatus>,
    /// Replaces those that are there.
    errors: Option<Vec<ConnectionError>>,
    connection_info: Option<Map<String, Value>>,
    last_sync: Option<Timestamp>,
}

pub async fn connection(
    State(world): State<Shared>,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Json<Value>, Mistake> {
    let change: Change = requests::json(&body).map_err(Mistake::of)?;
    let now = Timestamp::now();
    let codat = &mut world.lock().codat;
    if change.status == Some(ConnectionStatus::Linked) {
        codat.linked(&id, now);
    }
    let connection = codat.connection_mut(&id).ok_or_else(|| Mistake::unknown("connection"))?;
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

/// The connection was deleted at the vendor's.
pub async fn remove_connection(
    State(world): State<Shared>,
    Path(id): Path<String>,
) -> Result<StatusCode, Mistake> {
    let codat = &mut world.lock().codat;
    codat.connection(&id).ok_or_else(|| Mistake::unknown("connection"))?;
    codat.remove_connection(&id);
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DataStatus {
    company_id: String,
    status: String,
    /// All that the company has, unless they are named.
    data_types: Option<Vec<String>>,
    #[serde(default = "Timestamp::now")]
    at: Timestamp,
}

/// A pull of each kind of data, with the same result for all.
pub async fn data_status(State(world): State<Shared>, body: Bytes) -> Result<Json<Value>, Mistake> {
    let wanted: DataStatus = requests::json(&body).map_err(Mistake::of)?;
    let codat = &mut world.lock().codat;
    let company = codat.company(&wanted.company_id).ok_or_else(|| Mistake::unknown("company"))?;
    let data_types =
        wanted.data_types.unwrap_or_else(|| company.datasets.keys().cloned().collect());
    let connection = first_connection(codat, &wanted.company_id)?;
    for data_type in data_types {
        let progress = Progress::of(&wanted.status);
        codat.pulled(&wanted.company_id, &connection, &data_type, progress, wanted.at);
    }
    Ok(Json(json!(codat.company(&wanted.company_id))))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewPull {
    company_id: String,
    /// The company's first, unless it is named.
    connection_id: Option<String>,
    data_type: String,
    status: String,
    status_description: Option<String>,
    error_message: Option<String>,
    /// In percent.
    progress: Option<u8>,
    #[serde(default = "Timestamp::now")]
    at: Timestamp,
}

/// One line of the history, and what it means for the data.
pub async fn pull(State(world): State<Shared>, body: Bytes) -> Result<Json<Value>, Mistake> {
    let new: NewPull = requests::json(&body).map_err(Mistake::of)?;
    let codat = &mut world.lock().codat;
    let connection = match new.connection_id {
        Some(id) if codat.connection(&id).is_none() => return Err(Mistake::unknown("connection")),
        Some(id) => id,
        None => first_connection(codat, &new.company_id)?,
    };
    let progress = Progress {
        status: new.status,
        description: new.status_description,
        error_message: new.error_message,
        percent: new.progress,
    };
    let pull = codat.pulled(&new.company_id, &connection, &new.data_type, progress, new.at);
    Ok(Json(json!(pull)))
}

fn first_connection(codat: &Codat, company_id: &str) -> Result<String, Mistake> {
    let first = codat.connections_of(company_id).next();
    first.map(|it| it.id.clone()).ok_or_else(|| Mistake::unknown("company with a connection"))
}

/// Settings that are named change; the others stay. The day's budget of requests is full again.
pub async fn settings(State(world): State<Shared>, body: Bytes) -> Result<Json<Value>, Mistake> {
    let codat = &mut world.lock().codat;
    codat.settings = changed(&codat.settings, &body)?;
    codat.spent = 0;
    Ok(Json(json!(codat.settings)))
}

/// As for settings; the names are those of `PUT /profile`.
pub async fn profile(State(world): State<Shared>, body: Bytes) -> Result<Json<Value>, Mistake> {
    let codat = &mut world.lock().codat;
    codat.profile = changed(&codat.profile, &body)?;
    Ok(Json(json!(codat.profile)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expire {
    connection_id: Option<String>,
}

/// All links, or those of one connection, are too old from now on.
pub async fn expire_links(
    State(world): State<Shared>,
    body: Bytes,
) -> Result<Json<Value>, Mistake> {
    let which: Expire = requests::json(or_empty(&body)).map_err(Mistake::of)?;
    let now = Timestamp::now();
    let links = world
        .lock()
        .codat
        .links
        .iter_mut()
        .filter(|link| {
            link.expires_at > now
                && which.connection_id.as_ref().is_none_or(|id| *id == link.connection_id)
        })
        .map(|link| link.expires_at = now)
        .count();
    Ok(Json(json!({ "expired": links })))
}
