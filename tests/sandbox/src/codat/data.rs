//! How far a company's data has come, and asking for more of it. Nothing here moves by itself: QuickBooks Desktop syncs
//! within the customer's schedule, and that is for the control API to play.

use std::collections::BTreeMap;

use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
};
use jiff::Timestamp;
use serde_json::Value;

use super::{
    Refusal, companies, connections,
    listing::{Asked, Listing},
    objects::Manner,
};
use crate::world::{
    Shared,
    codat::{Codat, ConnectionStatus, Progress},
};

pub async fn status(
    State(world): State<Shared>,
    Path(company): Path<String>,
) -> Result<Json<Value>, Refusal> {
    let codat = &world.lock().codat;
    Ok(Json(Manner::of(codat).data_status(companies::find(codat, &company)?)))
}

/// The newest pull first.
pub async fn history(
    State(world): State<Shared>,
    Path(company): Path<String>,
    asked: Asked,
) -> Result<Json<Value>, Refusal> {
    let codat = &world.lock().codat;
    companies::find(codat, &company)?;
    let listing = Listing::of(asked, codat.settings.queries)?;
    let own = codat.pulls.iter().rev().filter(|pull| pull.company_id == company);
    let rows = own.map(|pull| Manner::of(codat).pull(pull)).collect();
    Ok(listing.page(&format!("/companies/{company}/data/history"), rows))
}

pub async fn queue_all(
    State(world): State<Shared>,
    Path(company): Path<String>,
) -> Result<StatusCode, Refusal> {
    let codat = &mut world.lock().codat;
    companies::find(codat, &company)?;
    let now = Timestamp::now();
    for (connection, data_type) in queueable(codat, &company) {
        codat.pulled(&company, &connection, data_type, Progress::of("Queued"), now);
    }
    Ok(StatusCode::NO_CONTENT)
}

pub async fn queue(
    State(world): State<Shared>,
    Path((company, data_type)): Path<(String, String)>,
    Query(asked): Query<BTreeMap<String, String>>,
) -> Result<Json<Value>, Refusal> {
    let codat = &mut world.lock().codat;
    companies::find(codat, &company)?;
    let wanted = asked.get("connectionId");
    if let Some(id) = wanted {
        connections::find(codat, &company, id)?;
    }
    let mut possible = queueable(codat, &company).into_iter();
    let fits = |(id, known): &(String, &str)| {
        *known == data_type && wanted.is_none_or(|wanted| wanted == id)
    };
    let (connection, _) = possible
        .find(fits)
        .ok_or_else(|| Refusal::invalid("sandbox: no linked connection has data of this type"))?;
    let progress = Progress::of("Queued");
    let pull = codat.pulled(&company, &connection, &data_type, progress, Timestamp::now());
    Ok(Json(Manner::of(codat).pull(&pull)))
}

/// Each linked connection with each kind of its data.
fn queueable(codat: &Codat, company: &str) -> Vec<(String, &'static str)> {
    let linked = codat.connections_of(company).filter(|it| it.status == ConnectionStatus::Linked);
    linked
        .flat_map(|it| it.integration.data_types.iter().map(|name| (it.id.clone(), *name)))
        .collect()
}
