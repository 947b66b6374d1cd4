//! The page behind Codat's link, which the user at the QuickBooks computer sees.
//!
//! It has one button for each way to leave it, and then redirects to the profile's template.

use std::collections::BTreeMap;

use axum::{
    Router,
    extract::{Path, RawQuery, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use jiff::Timestamp;
use url::{Url, form_urlencoded};

use crate::{
    connect::not_found,
    html::{encode, escape, page},
    world::{
        LinkState, SharedWorld,
        codat::{Codat, DataConnection, Profile, VisitOutcome},
    },
};

const STEPS: &str = "<ol>\
    <li>On the computer with QuickBooks: open QuickBooks Desktop and sign in to the company.</li>\
    <li>Download and run QuickBooksDesktopConnector.exe, then the configuration file.</li>\
    <li>In the certificate window choose \
        <strong>Yes, always; allow access even if QuickBooks is not running</strong>.</li>\
    <li>In Web Connector check the new row, paste the password from this page, and press Update Selected.</li>\
    <li>Choose a sync schedule if you want one.</li></ol>";

/// The one-time password and the custom parameters of a link, by name.
type Parameters = BTreeMap<String, String>;

pub fn router(world: SharedWorld) -> Router {
    Router::new()
        .route("/companies/{company}/connections/{connection}/start", get(open))
        .route("/companies/{company}/connections/{connection}/{outcome}", post(end_visit))
        .with_state(world)
}

async fn open(
    State(world): State<SharedWorld>,
    Path((company, connection)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Response {
    let query = query.unwrap_or_default();
    let codat = &mut world.lock().codat;
    if let Err(error_page) = check_link(codat, &company, &connection, &parameters(&query), true) {
        return *error_page;
    }
    let name = codat.company(&company).map(|company| escape(&company.name)).unwrap_or_default();
    let buttons = VisitOutcome::ALL.iter().map(|(_, word, label)| {
        format!(
            "<button type=\"submit\" id=\"{word}\" formaction=\"{word}?{query}\">{label}</button>",
            query = escape(&query),
        )
    });
    let body = format!(
        "<p>Company: <strong>{name}</strong></p>{STEPS}<form method=\"post\">{}</form>",
        buttons.collect::<String>(),
    );
    page(StatusCode::OK, "Connect QuickBooks Desktop", &body)
}

async fn end_visit(
    State(world): State<SharedWorld>,
    Path((company, connection, outcome)): Path<(String, String, String)>,
    RawQuery(query): RawQuery,
) -> Response {
    let known = VisitOutcome::ALL.iter().find(|(_, word, _)| *word == outcome);
    let Some((outcome, ..)) = known else { return not_found() };
    let parameters = parameters(&query.unwrap_or_default());
    let codat = &mut world.lock().codat;
    if let Err(error_page) = check_link(codat, &company, &connection, &parameters, false) {
        return *error_page;
    }
    codat.end_visit(&connection, password(&parameters), *outcome, Timestamp::now());
    let Some(connection) = codat.connection(&connection) else { return not_found() };
    if codat.profile.redirect_url.is_empty() {
        return last_page(*outcome);
    }
    let values = placeholder_values(&codat.client_id, connection, *outcome, parameters);
    redirect_target(&codat.profile, &values)
        .map_or_else(invalid_target, |target| Redirect::to(target.as_str()).into_response())
}

fn parameters(query: &str) -> Parameters {
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

fn password(parameters: &Parameters) -> &str {
    parameters.get("otp").map_or("", String::as_str)
}

/// Checks that the link works.
///
/// # Errors
/// The page that says why it does not.
fn check_link(
    codat: &mut Codat,
    company: &str,
    connection: &str,
    parameters: &Parameters,
    opens: bool,
) -> Result<(), Box<Response>> {
    let exists = codat.connection(connection).is_some_and(|it| it.company_id == company);
    let link_state = codat.visit(connection, password(parameters), opens, Timestamp::now());
    let (title, text) = match link_state.filter(|_| exists) {
        Some(LinkState::Open) => return Ok(()),
        Some(LinkState::Used) => {
            ("This link has been used", "<p>A link works once. Ask for a new one.</p>")
        }
        Some(LinkState::Expired) => ("This link has expired", "<p>Ask for a new one.</p>"),
        None => return Err(Box::new(not_found())),
    };
    Err(Box::new(page(StatusCode::GONE, title, text)))
}

/// The values of a template's placeholders: Codat's own and the custom parameters of the link.
fn placeholder_values(
    client_id: &str,
    connection: &DataConnection,
    outcome: VisitOutcome,
    custom: Parameters,
) -> Parameters {
    let integration = connection.integration;
    let (status_code, error_message, status_text) = outcome.redirect_values();
    let mut values = custom;
    values.remove("otp");
    values.extend(
        [
            ("clientId", client_id),
            ("connectionId", &connection.id),
            ("companyId", &connection.company_id),
            ("integrationId", integration.id),
            ("sourceId", integration.source_id),
            ("platform", integration.key),
            ("platformName", integration.name),
            ("sourceType", integration.source_type),
            ("integrationType", integration.source_type),
            ("statusCode", status_code),
            ("errorMessage", error_message),
            ("statusText", status_text),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned())),
    );
    values
}

/// The address that the template leads to; None if it is invalid or the profile does not allow its host.
fn redirect_target(profile: &Profile, values: &Parameters) -> Option<Url> {
    let template = profile.redirect_url.as_str();
    let (scheme, rest) = template.split_once("://")?;
    let (host, rest) = rest.split_at_checked(rest.find(['/', '?']).unwrap_or(rest.len()))?;
    let filled_host = fill(host, |name| values.get(name).cloned().unwrap_or_default());
    let filled = fill(rest, |name| values.get(name).map(|value| encode(value)).unwrap_or_default());
    let target = Url::parse(&format!("{scheme}://{filled_host}{filled}")).ok()?;
    let allowed = |text: &String| Url::parse(text).is_ok_and(|url| url.origin() == target.origin());
    let fits = filled_host == host || profile.white_list_urls.iter().any(allowed);
    fits.then_some(target)
}

/// The template with each `{name}` replaced; names are case-sensitive.
fn fill(template: &str, value: impl Fn(&str) -> String) -> String {
    let mut filled = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, tail)) = after.split_once('}') else { break };
        filled.push_str(before);
        filled.push_str(&value(name));
        rest = tail;
    }
    filled.push_str(rest);
    filled
}

/// Codat's last page, for a profile without a redirect.
fn last_page(outcome: VisitOutcome) -> Response {
    let title = match outcome {
        VisitOutcome::Finish | VisitOutcome::Already => "QuickBooks Desktop is connected",
        VisitOutcome::Cancel | VisitOutcome::Fail | VisitOutcome::Unsupported => {
            "Nothing was connected"
        }
    };
    page(StatusCode::OK, title, "<p>You can close this tab.</p>")
}

fn invalid_target() -> Response {
    page(
        StatusCode::BAD_REQUEST,
        "This link has an invalid redirect",
        "<p>The profile does not allow the address that it redirects to.</p>",
    )
}
