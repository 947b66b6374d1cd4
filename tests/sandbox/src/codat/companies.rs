//! Companies: the vendor's customers, as the client's key sees them all.

use std::collections::BTreeMap;

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
    http::StatusCode,
};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Refusal, SECONDS_PER_DAY,
    listing::{Asked, Listing},
    objects,
};
use crate::{
    random, requests,
    world::{
        Shared,
        codat::{Codat, Company},
    },
};

#[derive(Deserialize)]
struct NewCompany {
    name: String,
    description: Option<String>,
    #[serde(default)]
    tags: BTreeMap<String, String>,
}

pub async fn list(State(world): State<Shared>, asked: Asked) -> Result<Json<Value>, Refusal> {
    let codat = &mut world.lock().codat;
    let listing = Listing::of(asked, codat.settings.queries)?;
    let now = Timestamp::now();
    let ids: Vec<_> = codat.companies.iter().map(|company| company.id.clone()).collect();
    let rows = ids.iter().filter_map(|id| objects::company(codat, id, now)).collect();
    Ok(listing.page("/companies", rows))
}

/// Answers 200, not 201.
pub async fn create(State(world): State<Shared>, body: Bytes) -> Result<Json<Value>, Refusal> {
    let new: NewCompany =
        requests::json(&body).map_err(|why| Refusal::invalid(format!("sandbox: {why}")))?;
    let name: String = new.name.chars().filter(|it| is_allowed(*it)).collect();
    if name.trim().is_empty() {
        return Err(Refusal::invalid("sandbox: the name is empty"));
    }
    if !tags_fit(&new.tags) {
        return Err(Refusal::invalid("sandbox: too many tags, or one is too long"));
    }
    let codat = &mut world.lock().codat;
    if codat.settings.company_limit.is_some_and(|limit| codat.companies.len() >= limit) {
        return Err(Refusal::company_limit());
    }
    let now = Timestamp::now();
    let id = codat.add_company(name, new.description, new.tags, now);
    shown(codat, &id, now)
}

pub async fn retrieve(
    State(world): State<Shared>,
    Path(id): Path<String>,
) -> Result<Json<Value>, Refusal> {
    shown(&mut world.lock().codat, &id, Timestamp::now())
}

pub async fn delete(
    State(world): State<Shared>,
    Path(id): Path<String>,
) -> Result<StatusCode, Refusal> {
    let codat = &mut world.lock().codat;
    find(codat, &id)?;
    codat.remove_company(&id);
    Ok(StatusCode::NO_CONTENT)
}

/// A token for Codat's own components in a browser. It opens nothing in the sandbox.
pub async fn access_token(
    State(world): State<Shared>,
    Path(id): Path<String>,
) -> Result<Json<Value>, Refusal> {
    find(&world.lock().codat, &id)?;
    let token = random::id("sandbox_company_");
    Ok(Json(json!({ "expiresIn": SECONDS_PER_DAY, "accessToken": token, "tokenType": "Bearer" })))
}

pub fn find<'a>(codat: &'a Codat, id: &str) -> Result<&'a Company, Refusal> {
    codat.company(id).ok_or_else(|| Refusal::no_company(id))
}

fn shown(codat: &mut Codat, id: &str, now: Timestamp) -> Result<Json<Value>, Refusal> {
    objects::company(codat, id, now).map(Json).ok_or_else(|| Refusal::no_company(id))
}

/// The documented pattern of a name. What it does not allow is dropped without a word.
fn is_allowed(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter.is_whitespace() || "-',&@.?!".contains(letter)
}

/// The documented limits: ten tags, keys of 27 characters, values of 100.
fn tags_fit(tags: &BTreeMap<String, String>) -> bool {
    let fits = |(key, value): (&String, &String)| {
        key.chars().count() <= 27 && value.chars().count() <= 100
    };
    tags.len() <= 10 && tags.iter().all(fits)
}
