//! The integrations that can be connected, and their branding.

use axum::{
    Json,
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
};
use serde_json::Value;

use super::{
    CodatError,
    listing::{ListQuery, Listing},
    objects::CodatDialect,
};
use crate::{
    cache::cacheable,
    world::{
        SharedWorld, World,
        codat::{INTEGRATIONS, Integration},
    },
};

pub async fn list(
    State(world): State<SharedWorld>,
    query: ListQuery,
) -> Result<Json<Value>, CodatError> {
    let world = world.lock();
    let listing = Listing::new(query, world.codat.settings.queries)?;
    let dialect = CodatDialect::of(&world.codat);
    let images = images_url(&world);
    let mut rows: Vec<_> = INTEGRATIONS.iter().map(|it| dialect.integration(it, &images)).collect();
    if dialect.loose {
        rows.push(dialect.unknown_integration());
    }
    Ok(listing.page("/integrations", rows))
}

pub async fn retrieve(
    State(world): State<SharedWorld>,
    Path(key): Path<String>,
) -> Result<Json<Value>, CodatError> {
    let world = world.lock();
    Ok(Json(CodatDialect::of(&world.codat).integration(find(&key)?, &images_url(&world))))
}

pub async fn branding(
    State(world): State<SharedWorld>,
    Path(key): Path<String>,
    headers: HeaderMap,
) -> Result<Response, CodatError> {
    let world = world.lock();
    let branding = CodatDialect::of(&world.codat).branding(find(&key)?, &images_url(&world));
    Ok(cacheable(&headers, "application/json", branding.to_string().into()))
}

fn find(key: &str) -> Result<&'static Integration, CodatError> {
    Integration::of(key)
        .ok_or_else(|| CodatError::not_found("sandbox: there is no such integration"))
}

fn images_url(world: &World) -> String {
    format!("{}/images", world.endpoints.codat)
}
