//! A company's connections, each with the link that starts or repeats its authorisation.

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
    Refusal, companies,
    listing::{Asked, Listing},
    objects,
};
use crate::{
    requests,
    world::{
        Shared,
        codat::{Codat, ConnectionStatus, DataConnection, Integration},
    },
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NewConnection {
    platform_key: String,
}

#[derive(Deserialize)]
struct Change {
    status: String,
}

pub async fn list(
    State(world): State<Shared>,
    Path(company): Path<String>,
    asked: Asked,
) -> Result<Json<Value>, Refusal> {
    let codat = &mut world.lock().codat;
    companies::find(codat, &company)?;
    let listing = Listing::of(asked, codat.settings.queries)?;
    let rows = objects::connections(codat, &company, Timestamp::now());
    Ok(listing.page(&format!("/companies/{company}/connections"), rows))
}

pub async fn create(
    State(world): State<Shared>,
    Path(company): Path<String>,
    body: Bytes,
) -> Result<Json<Value>, Refusal> {
    let new: NewConnection =
        requests::json(&body).map_err(|why| Refusal::invalid(format!("sandbox: {why}")))?;
    let codat = &mut world.lock().codat;
    companies::find(codat, &company)?;
    let integration = Integration::of(&new.platform_key)
        .filter(|integration| integration.enabled)
        .ok_or_else(|| Refusal::invalid("sandbox: platformKey names no enabled integration"))?;
    let now = Timestamp::now();
    let id = codat.add_connection(&company, integration, now);
    shown(codat, &id, now)
}

/// Every reading makes a fresh link.
pub async fn retrieve(
    State(world): State<Shared>,
    Path((company, id)): Path<(String, String)>,
) -> Result<Json<Value>, Refusal> {
    let codat = &mut world.lock().codat;
    find(codat, &company, &id)?;
    shown(codat, &id, Timestamp::now())
}

/// Stop syncing but keep the data. What the vendor answers for a connection that is not linked is not known.
pub async fn unlink(
    State(world): State<Shared>,
    Path((company, id)): Path<(String, String)>,
    body: Bytes,
) -> Result<Json<Value>, Refusal> {
    let codat = &mut world.lock().codat;
    find(codat, &company, &id)?;
    let change: Change =
        requests::json(&body).map_err(|why| Refusal::invalid(format!("sandbox: {why}")))?;
    if change.status != "Unlinked" {
        return Err(Refusal::invalid("sandbox: the only status to ask for is Unlinked"));
    }
    let linked = codat.connection_mut(&id).filter(|it| it.status == ConnectionStatus::Linked);
    linked
        .ok_or_else(|| Refusal::invalid("sandbox: only a linked connection can be unlinked"))?
        .status = ConnectionStatus::Unlinked;
    shown(codat, &id, Timestamp::now())
}

/// Answers with an empty body.
pub async fn delete(
    State(world): State<Shared>,
    Path((company, id)): Path<(String, String)>,
) -> Result<StatusCode, Refusal> {
    let codat = &mut world.lock().codat;
    find(codat, &company, &id)?;
    codat.remove_connection(&id);
    Ok(StatusCode::from_u16(codat.settings.connection_delete_status).unwrap_or(StatusCode::OK))
}

pub fn find<'a>(codat: &'a Codat, company: &str, id: &str) -> Result<&'a DataConnection, Refusal> {
    companies::find(codat, company)?;
    let found = codat.connection(id).filter(|connection| connection.company_id == company);
    found.ok_or_else(|| Refusal::no_connection(id))
}

fn shown(codat: &mut Codat, id: &str, now: Timestamp) -> Result<Json<Value>, Refusal> {
    objects::connection(codat, id, now).map(Json).ok_or_else(|| Refusal::no_connection(id))
}
