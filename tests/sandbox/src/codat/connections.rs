//! A company's connections, each with the link that starts or repeats its authorization.

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
    http::StatusCode,
};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::{
    CodatError, companies,
    listing::{ListQuery, Listing},
    objects,
};
use crate::{
    requests,
    world::{
        SharedWorld,
        codat::{Codat, ConnectionStatus, DataConnection, Integration},
    },
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NewConnection {
    platform_key: String,
}

#[derive(Deserialize)]
struct ConnectionChange {
    status: String,
}

pub async fn list(
    State(world): State<SharedWorld>,
    Path(company): Path<String>,
    query: ListQuery,
) -> Result<Json<Value>, CodatError> {
    let codat = &mut world.lock().codat;
    companies::find(codat, &company)?;
    let listing = Listing::new(query, codat.settings.queries)?;
    let rows = objects::connections(codat, &company, Timestamp::now());
    Ok(listing.page(&format!("/companies/{company}/connections"), rows))
}

pub async fn create(
    State(world): State<SharedWorld>,
    Path(company): Path<String>,
    body: Bytes,
) -> Result<Json<Value>, CodatError> {
    let new: NewConnection = requests::json(&body)
        .map_err(|reason| CodatError::invalid(format!("sandbox: {reason}")))?;
    let codat = &mut world.lock().codat;
    companies::find(codat, &company)?;
    let integration = Integration::of(&new.platform_key)
        .filter(|integration| integration.enabled)
        .ok_or_else(|| CodatError::invalid("sandbox: platformKey names no enabled integration"))?;
    let now = Timestamp::now();
    let id = codat.add_connection(&company, integration, now);
    response(codat, &id, now)
}

/// Reads a connection. Every read creates a new link.
pub async fn retrieve(
    State(world): State<SharedWorld>,
    Path((company, id)): Path<(String, String)>,
) -> Result<Json<Value>, CodatError> {
    let codat = &mut world.lock().codat;
    find(codat, &company, &id)?;
    response(codat, &id, Timestamp::now())
}

/// Stops syncing but keeps the data. Codat does not document the answer for a connection that is not linked.
pub async fn unlink(
    State(world): State<SharedWorld>,
    Path((company, id)): Path<(String, String)>,
    body: Bytes,
) -> Result<Json<Value>, CodatError> {
    let codat = &mut world.lock().codat;
    find(codat, &company, &id)?;
    let change: ConnectionChange = requests::json(&body)
        .map_err(|reason| CodatError::invalid(format!("sandbox: {reason}")))?;
    if change.status != "Unlinked" {
        return Err(CodatError::invalid("sandbox: the only status that can be set is Unlinked"));
    }
    let linked = codat.connection_mut(&id).filter(|it| it.status == ConnectionStatus::Linked);
    linked
        .ok_or_else(|| CodatError::invalid("sandbox: only a linked connection can be unlinked"))?
        .status = ConnectionStatus::Unlinked;
    response(codat, &id, Timestamp::now())
}

/// Deletes a connection. The answer has no body.
pub async fn delete(
    State(world): State<SharedWorld>,
    Path((company, id)): Path<(String, String)>,
) -> Result<StatusCode, CodatError> {
    let codat = &mut world.lock().codat;
    find(codat, &company, &id)?;
    codat.remove_connection(&id);
    Ok(StatusCode::from_u16(codat.settings.connection_delete_status).unwrap_or(StatusCode::OK))
}

pub fn find<'a>(
    codat: &'a Codat,
    company: &str,
    id: &str,
) -> Result<&'a DataConnection, CodatError> {
    companies::find(codat, company)?;
    let found = codat.connection(id).filter(|connection| connection.company_id == company);
    found.ok_or_else(|| CodatError::connection_not_found(id))
}

fn response(codat: &mut Codat, id: &str, now: Timestamp) -> Result<Json<Value>, CodatError> {
    objects::connection(codat, id, now)
        .map(Json)
        .ok_or_else(|| CodatError::connection_not_found(id))
}
