//! What can be connected, and how its buttons look.

use axum::{
    Json,
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
};
use serde_json::Value;

use super::{
    Refusal,
    listing::{Asked, Listing},
    objects::Manner,
};
use crate::{
    cache::cacheable,
    world::{
        Shared, World,
        codat::{INTEGRATIONS, Integration},
    },
};

pub async fn list(State(world): State<Shared>, asked: Asked) -> Result<Json<Value>, Refusal> {
    let world = world.lock();
    let listing = Listing::of(asked, world.codat.settings.queries)?;
    let manner = Manner::of(&world.codat);
    let images = images(&world);
    let mut rows: Vec<_> = INTEGRATIONS.iter().map(|it| manner.integration(it, &images)).collect();
    if manner.loose {
        rows.push(manner.unknown_integration());
    }
    Ok(listing.page("/integrations", rows))
}

pub async fn retrieve(
    State(world): State<Shared>,
    Path(key): Path<String>,
) -> Result<Json<Value>, Refusal> {
    let world = world.lock();
    Ok(Json(Manner::of(&world.codat).integration(find(&key)?, &images(&world))))
}

pub async fn branding(
    State(world): State<Shared>,
    Path(key): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let world = world.lock();
    let branding = Manner::of(&world.codat).branding(find(&key)?, &images(&world));
    Ok(cacheable(&headers, "application/json", branding.to_string().into()))
}

fn find(key: &str) -> Result<&'static Integration, Refusal> {
    Integration::of(key).ok_or_else(|| Refusal::not_found("sandbox: there is no such integration"))
}

fn images(world: &World) -> String {
    format!("{}/images", world.place.codat)
}
