//! The client's own profile: its name, and the one template for all redirects.

use axum::{Json, body::Bytes, extract::State};

use super::Refusal;
use crate::{
    requests,
    world::{Shared, codat::Profile},
};

pub async fn retrieve(State(world): State<Shared>) -> Json<Profile> {
    Json(world.lock().codat.profile.clone())
}

pub async fn update(State(world): State<Shared>, body: Bytes) -> Result<Json<Profile>, Refusal> {
    let profile: Profile =
        requests::json(&body).map_err(|why| Refusal::invalid(format!("sandbox: {why}")))?;
    let target = profile.redirect_url.as_str();
    let on_the_web = ["http://", "https://"].iter().any(|start| target.starts_with(start));
    if !target.is_empty() && !on_the_web {
        return Err(Refusal::invalid(
            "sandbox: redirectUrl begins neither with https nor with http",
        ));
    }
    world.lock().codat.profile = profile.clone();
    Ok(Json(profile))
}
