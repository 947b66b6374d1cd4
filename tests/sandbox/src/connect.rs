//! The pages behind the links, which the user sees in the browser on the QuickBooks computer: Conductor's here, Codat's
//! in its own module.
//!
//! Conductor's page itself is not documented. The steps are those of its help pages, and the two buttons stand for what
//! the Web Connector would do.

use axum::{
    Router,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use jiff::Timestamp;
use serde::Deserialize;

use crate::{
    codat,
    html::{escape, page},
    world::{LinkState, SessionOutcome, SharedWorld, World},
};

const STEPS: &str = "<ol>\
    <li>Open QuickBooks Desktop with the right company file, signed in as Admin, in single-user mode.</li>\
    <li>Download the setup file and open it in QuickBooks Web Connector.</li>\
    <li>Confirm that the application may be added.</li>\
    <li>In the QuickBooks certificate window choose \
        <strong>Yes, always; allow access even if QuickBooks is not running</strong> and a user.</li>\
    <li>Paste the password from this page into Web Connector and save it.</li>\
    <li>Check the Auto-Run box and update. Leave Web Connector running: Hide, not Exit.</li></ol>";

pub fn router(world: SharedWorld) -> Router {
    Router::new()
        .route("/qbd/{client_secret}", get(open))
        .route("/qbd/{client_secret}/finish", post(finish))
        .route("/qbd/{client_secret}/cancel", post(cancel))
        .with_state(world.clone())
        .merge(codat::pages(world))
        .fallback(async || not_found())
}

#[derive(Deserialize)]
struct KeyQuery {
    #[serde(default)]
    key: String,
}

async fn open(
    State(world): State<SharedWorld>,
    Path(client_secret): Path<String>,
    Query(query): Query<KeyQuery>,
) -> Response {
    let now = Timestamp::now();
    let mut world = world.lock();
    let end_user_id = match check_link(&mut world, &client_secret, &query.key, true, now) {
        Ok(end_user_id) => end_user_id,
        Err(error_page) => return *error_page,
    };
    let Some(user) = world.end_user_mut(&end_user_id) else {
        return not_found();
    };
    user.begin_connection(now);
    let body = format!(
        "<p>Company: <strong>{company}</strong></p>{STEPS}\
         <form method=\"post\">\
         <button type=\"submit\" id=\"finish\" formaction=\"/qbd/{secret}/finish?key={key}\">Finish</button>\
         <button type=\"submit\" id=\"cancel\" formaction=\"/qbd/{secret}/cancel?key={key}\">Cancel</button></form>",
        company = escape(&user.company_name),
        secret = escape(&client_secret),
        key = escape(&query.key),
    );
    page(StatusCode::OK, "Connect QuickBooks Desktop", &body)
}

async fn finish(state: State<SharedWorld>, path: Path<String>, query: Query<KeyQuery>) -> Response {
    close(&state, &path, &query.key, SessionOutcome::Finished)
}

async fn cancel(state: State<SharedWorld>, path: Path<String>, query: Query<KeyQuery>) -> Response {
    close(&state, &path, &query.key, SessionOutcome::Canceled)
}

fn close(world: &SharedWorld, client_secret: &str, key: &str, outcome: SessionOutcome) -> Response {
    let now = Timestamp::now();
    let mut world = world.lock();
    if let Err(error_page) = check_link(&mut world, client_secret, key, false, now) {
        return *error_page;
    }
    world.close_session(client_secret, outcome, now);
    let session = world.sessions.iter().find(|session| session.client_secret == client_secret);
    match session.and_then(|session| session.redirect_url.as_deref()) {
        Some(target) => Redirect::to(target).into_response(),
        None => {
            let title = match outcome {
                SessionOutcome::Finished => "QuickBooks Desktop is connected",
                SessionOutcome::Canceled => "Nothing was connected",
            };
            page(StatusCode::OK, title, "<p>You can close this tab.</p>")
        }
    }
}

/// Checks that a link works and returns its end user.
///
/// With `counts`, the request counts as an opening even if it is refused: tests check what the browser did.
///
/// # Errors
/// The page that says why the link does not work.
fn check_link(
    world: &mut World,
    client_secret: &str,
    key: &str,
    counts: bool,
    now: Timestamp,
) -> Result<String, Box<Response>> {
    let key_matches = key == world.endpoints.conductor_publishable_key;
    let found = world
        .sessions
        .iter_mut()
        .find(|session| key_matches && session.client_secret == client_secret);
    let owner_exists = |id: &str| world.end_users.iter().any(|user| user.id == id && user.exists());
    let session = found
        .filter(|session| owner_exists(&session.end_user_id))
        .ok_or_else(|| Box::new(not_found()))?;
    session.opens += u64::from(counts);
    let (title, text) = match session.link_state(now) {
        LinkState::Open => return Ok(session.end_user_id.clone()),
        LinkState::Used => {
            ("This link has been used", "<p>A link works once. Ask for a new one.</p>")
        }
        LinkState::Expired => ("This link has expired", "<p>Ask for a new one.</p>"),
    };
    Err(Box::new(page(StatusCode::GONE, title, text)))
}

/// The page for unknown and incomplete links.
pub fn not_found() -> Response {
    page(
        StatusCode::NOT_FOUND,
        "There is no such link",
        "<p>Check that the whole address was copied.</p>",
    )
}
