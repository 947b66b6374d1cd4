//! The client's profile: its name and the template of all redirects.

use axum::{Json, body::Bytes, extract::State};

use super::CodatError;
use crate::{
    requests,
    world::{SharedWorld, codat::Profile},
};

pub async fn retrieve(State(world): State<SharedWorld>) -> Json<Profile> {
    Json(world.lock().codat.profile.clone())
}

pub async fn update(
    State(world): State<SharedWorld>,
    body: Bytes,
) -> Result<Json<Profile>, CodatError> {
    let profile: Profile = requests::json(&body)
        .map_err(|reason| CodatError::invalid(format!("sandbox: {reason}")))?;
    let target = profile.redirect_url.as_str();
    let is_web_address = ["http://", "https://"].iter().any(|start| target.starts_with(start));
    if !target.is_empty() && !is_web_address {
        return Err(CodatError::invalid("sandbox: redirectUrl is neither https nor http"));
    }
    world.lock().codat.profile = profile.clone();
    Ok(Json(profile))
}
