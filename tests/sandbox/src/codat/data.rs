//! The sync state of a company's data, and requests for a refresh.
//!
//! Nothing here changes by itself: QuickBooks Desktop syncs on the customer's schedule, and the control API plays it.

use std::collections::BTreeMap;

use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
};
use jiff::Timestamp;
use serde_json::Value;

use super::{
    CodatError, companies, connections,
    listing::{ListQuery, Listing},
    objects::CodatDialect,
};
use crate::world::{
    SharedWorld,
    codat::{Codat, ConnectionStatus, PullStatus},
};

pub async fn status(
    State(world): State<SharedWorld>,
    Path(company): Path<String>,
) -> Result<Json<Value>, CodatError> {
    let codat = &world.lock().codat;
    Ok(Json(CodatDialect::of(codat).data_status(companies::find(codat, &company)?)))
}

/// Lists the pulls, newest first.
pub async fn history(
    State(world): State<SharedWorld>,
    Path(company): Path<String>,
    query: ListQuery,
) -> Result<Json<Value>, CodatError> {
    let codat = &world.lock().codat;
    companies::find(codat, &company)?;
    let listing = Listing::new(query, codat.settings.queries)?;
    let pulls = codat.pulls.iter().rev().filter(|pull| pull.company_id == company);
    let rows = pulls.map(|pull| CodatDialect::of(codat).pull(pull)).collect();
    Ok(listing.page(&format!("/companies/{company}/data/history"), rows))
}

pub async fn queue_all(
    State(world): State<SharedWorld>,
    Path(company): Path<String>,
) -> Result<StatusCode, CodatError> {
    let codat = &mut world.lock().codat;
    companies::find(codat, &company)?;
    let now = Timestamp::now();
    for (connection, data_type) in queueable(codat, &company) {
        codat.record_pull(&company, &connection, data_type, PullStatus::of("Queued"), now);
    }
    Ok(StatusCode::NO_CONTENT)
}

pub async fn queue(
    State(world): State<SharedWorld>,
    Path((company, data_type)): Path<(String, String)>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Json<Value>, CodatError> {
    let codat = &mut world.lock().codat;
    companies::find(codat, &company)?;
    let connection_id = query.get("connectionId");
    if let Some(id) = connection_id {
        connections::find(codat, &company, id)?;
    }
    let mut candidates = queueable(codat, &company).into_iter();
    let matches = |(id, candidate): &(String, &str)| {
        *candidate == data_type && connection_id.is_none_or(|wanted| wanted == id)
    };
    let (connection, _) = candidates.find(matches).ok_or_else(|| {
        CodatError::invalid("sandbox: no linked connection has data of this type")
    })?;
    let result = PullStatus::of("Queued");
    let pull = codat.record_pull(&company, &connection, &data_type, result, Timestamp::now());
    Ok(Json(CodatDialect::of(codat).pull(&pull)))
}

/// Each linked connection with each of its data types.
fn queueable(codat: &Codat, company: &str) -> Vec<(String, &'static str)> {
    let linked = codat.connections_of(company).filter(|it| it.status == ConnectionStatus::Linked);
    linked
        .flat_map(|it| it.integration.data_types.iter().map(|name| (it.id.clone(), *name)))
        .collect()
}
