//! Companies: the client's customers.

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
    CodatError, SECONDS_PER_DAY,
    listing::{ListQuery, Listing},
    objects,
};
use crate::{
    random, requests,
    world::{
        SharedWorld,
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

pub async fn list(
    State(world): State<SharedWorld>,
    query: ListQuery,
) -> Result<Json<Value>, CodatError> {
    let codat = &mut world.lock().codat;
    let listing = Listing::new(query, codat.settings.queries)?;
    let now = Timestamp::now();
    let ids: Vec<_> = codat.companies.iter().map(|company| company.id.clone()).collect();
    let rows = ids.iter().filter_map(|id| objects::company(codat, id, now)).collect();
    Ok(listing.page("/companies", rows))
}

/// Creates a company. Codat answers 200, not 201.
pub async fn create(
    State(world): State<SharedWorld>,
    body: Bytes,
) -> Result<Json<Value>, CodatError> {
    let new: NewCompany = requests::json(&body)
        .map_err(|reason| CodatError::invalid(format!("sandbox: {reason}")))?;
    let name: String = new.name.chars().filter(|it| is_allowed_in_name(*it)).collect();
    if name.trim().is_empty() {
        return Err(CodatError::invalid("sandbox: the name is empty"));
    }
    if !are_within_limits(&new.tags) {
        return Err(CodatError::invalid("sandbox: too many tags, or one is too long"));
    }
    let codat = &mut world.lock().codat;
    if codat.settings.company_limit.is_some_and(|limit| codat.companies.len() >= limit) {
        return Err(CodatError::company_limit());
    }
    let now = Timestamp::now();
    let id = codat.add_company(name, new.description, new.tags, now);
    response(codat, &id, now)
}

pub async fn retrieve(
    State(world): State<SharedWorld>,
    Path(id): Path<String>,
) -> Result<Json<Value>, CodatError> {
    response(&mut world.lock().codat, &id, Timestamp::now())
}

pub async fn delete(
    State(world): State<SharedWorld>,
    Path(id): Path<String>,
) -> Result<StatusCode, CodatError> {
    let codat = &mut world.lock().codat;
    find(codat, &id)?;
    codat.remove_company(&id);
    Ok(StatusCode::NO_CONTENT)
}

/// Issues a token for Codat's browser components. The sandbox does not accept it anywhere.
pub async fn access_token(
    State(world): State<SharedWorld>,
    Path(id): Path<String>,
) -> Result<Json<Value>, CodatError> {
    find(&world.lock().codat, &id)?;
    let token = random::id("sandbox_company_");
    Ok(Json(json!({ "expiresIn": SECONDS_PER_DAY, "accessToken": token, "tokenType": "Bearer" })))
}

pub fn find<'a>(codat: &'a Codat, id: &str) -> Result<&'a Company, CodatError> {
    codat.company(id).ok_or_else(|| CodatError::company_not_found(id))
}

fn response(codat: &mut Codat, id: &str, now: Timestamp) -> Result<Json<Value>, CodatError> {
    objects::company(codat, id, now).map(Json).ok_or_else(|| CodatError::company_not_found(id))
}

/// Whether the documented pattern of a name allows this character. Others are dropped silently.
fn is_allowed_in_name(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter.is_whitespace() || "-',&@.?!".contains(letter)
}

/// Whether tags are within the documented limits: ten tags, keys of 27 characters, values of 100.
fn are_within_limits(tags: &BTreeMap<String, String>) -> bool {
    let fits = |(key, value): (&String, &String)| {
        key.chars().count() <= 27 && value.chars().count() <= 100
    };
    tags.len() <= 10 && tags.iter().all(fits)
}
