//! The pages behind the links: Codat's, and Conductor's, which is what the person sees in the browser on the QuickBooks computer. The vendor's page was
//! never seen; the steps are those of its help pages, and the two buttons stand for what Web Connector would do.

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
    world::{Outcome, Shared, Standing, World},
};

const STEPS: &str = "<ol>\
    <li>Open QuickBooks Desktop with the right company file, signed in as Admin, in single-user mode.</li>\
    <li>Download the setup file and open it in QuickBooks Web Connector.</li>\
    <li>Confirm that the application may be added.</li>\
    <li>In the QuickBooks certificate window choose \
        <strong>Yes, always; allow access even if QuickBooks is not running</strong> and a user.</li>\
    <li>Paste the password from this page into Web Connector and save it.</li>\
    <li>Tick Auto-Run and update. Leave Web Connector running: Hide, not Exit.</li></ol>";

pub fn router(world: Shared) -> Router {
    Router::new()
        .route("/qbd/{client_secret}", get(open))
        .route("/qbd/{client_secret}/finish", post(finish))
        .route("/qbd/{client_secret}/cancel", post(cancel))
        .with_state(world.clone())
        .merge(codat::pages(world))
        .fallback(async || not_found())
}

#[derive(Deserialize)]
struct Key {
    #[serde(default)]
    key: String,
}

async fn open(
    State(world): State<Shared>,
    Path(client_secret): Path<String>,
    Query(key): Query<Key>,
) -> Response {
    let now = Timestamp::now();
    let mut world = world.lock();
    let end_user_id = match usable(&mut world, &client_secret, &key.key, true, now) {
        Ok(end_user_id) => end_user_id,
        Err(refusal) => return *refusal,
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
        key = escape(&key.key),
    );
    page(StatusCode::OK, "Connect QuickBooks Desktop", &body)
}

async fn finish(state: State<Shared>, path: Path<String>, key: Query<Key>) -> Response {
    close(&state, &path, &key.key, Outcome::Finished)
}

async fn cancel(state: State<Shared>, path: Path<String>, key: Query<Key>) -> Response {
    close(&state, &path, &key.key, Outcome::Cancelled)
}

fn close(world: &Shared, client_secret: &str, key: &str, outcome: Outcome) -> Response {
    let now = Timestamp::now();
    let mut world = world.lock();
    if let Err(refusal) = usable(&mut world, client_secret, key, false, now) {
        return *refusal;
    }
    world.close_session(client_secret, outcome, now);
    let session = world.sessions.iter().find(|session| session.client_secret == client_secret);
    match session.and_then(|session| session.redirect_url.as_deref()) {
        Some(target) => Redirect::to(target).into_response(),
        None => {
            let title = match outcome {
                Outcome::Finished => "QuickBooks Desktop is connected",
                Outcome::Cancelled => "Nothing was connected",
            };
            page(StatusCode::OK, title, "<p>You can close this tab.</p>")
        }
    }
}

/// The end user whose link this is; or the page that says why it is no use. Each look at the page counts as an
/// opening, whatever it showed: a test wants to know what the browser did.
fn usable(
    world: &mut World,
    client_secret: &str,
    key: &str,
    counts: bool,
    now: Timestamp,
) -> Result<String, Box<Response>> {
    let right_key = key == world.place.publishable_key;
    let found = world
        .sessions
        .iter_mut()
        .find(|session| right_key && session.client_secret == client_secret);
    let owner_exists = |id: &str| world.end_users.iter().any(|user| user.id == id && user.exists());
    let session = found
        .filter(|session| owner_exists(&session.end_user_id))
        .ok_or_else(|| Box::new(not_found()))?;
    session.opens += u64::from(counts);
    let (title, text) = match session.standing(now) {
        Standing::Open => return Ok(session.end_user_id.clone()),
        Standing::Used => {
            ("This link has been used", "<p>A link works once. Ask for a new one.</p>")
        }
        Standing::Expired => ("This link has expired", "<p>Ask for a new one.</p>"),
    };
    Err(Box::new(page(StatusCode::GONE, title, text)))
}

/// Also for a link that is not complete.
pub fn not_found() -> Response {
    page(
        StatusCode::NOT_FOUND,
        "There is no such link",
        "<p>Check that the whole address was copied.</p>",
    )
}
