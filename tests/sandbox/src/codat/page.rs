//! The page behind Codat's link: what the person at the QuickBooks computer sees, with one button for each way in
//! which the visit may end. It leads on as the profile's template says.

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
        Shared, Standing,
        codat::{Codat, DataConnection, Ending, Profile},
    },
};

const STEPS: &str = "<ol>\
    <li>On the computer with QuickBooks: open QuickBooks Desktop and sign in to the company.</li>\
    <li>Download and run QuickBooksDesktopConnector.exe, then the configuration file.</li>\
    <li>In the certificate window choose \
        <strong>Yes, always; allow access even if QuickBooks is not running</strong>.</li>\
    <li>In Web Connector tick the new row, paste the password from this page, and press Update Selected.</li>\
    <li>Choose a sync schedule, if you wish.</li></ol>";

/// The password and the custom parameters of a link, by name.
type Parameters = BTreeMap<String, String>;

pub fn router(world: Shared) -> Router {
    Router::new()
        .route("/companies/{company}/connections/{connection}/start", get(open))
        .route("/companies/{company}/connections/{connection}/{ending}", post(leave))
        .with_state(world)
}

async fn open(
    State(world): State<Shared>,
    Path((company, connection)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Response {
    let query = query.unwrap_or_default();
    let codat = &mut world.lock().codat;
    if let Err(refusal) = admit(codat, &company, &connection, &parameters(&query), true) {
        return *refusal;
    }
    let name = codat.company(&company).map(|company| escape(&company.name)).unwrap_or_default();
    let buttons = Ending::ALL.iter().map(|(_, word, label)| {
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

async fn leave(
    State(world): State<Shared>,
    Path((company, connection, ending)): Path<(String, String, String)>,
    RawQuery(query): RawQuery,
) -> Response {
    let known = Ending::ALL.iter().find(|(_, word, _)| *word == ending);
    let Some((ending, ..)) = known else { return not_found() };
    let parameters = parameters(&query.unwrap_or_default());
    let codat = &mut world.lock().codat;
    if let Err(refusal) = admit(codat, &company, &connection, &parameters, false) {
        return *refusal;
    }
    codat.leave(&connection, password(&parameters), *ending, Timestamp::now());
    let Some(connection) = codat.connection(&connection) else { return not_found() };
    if codat.profile.redirect_url.is_empty() {
        return farewell(*ending);
    }
    let values = values(&codat.client_id, connection, *ending, parameters);
    target(&codat.profile, &values)
        .map_or_else(no_such_target, |target| Redirect::to(target.as_str()).into_response())
}

fn parameters(query: &str) -> Parameters {
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

fn password(parameters: &Parameters) -> &str {
    parameters.get("otp").map_or("", String::as_str)
}

/// Whether the link is any good; if not, the page that says why.
fn admit(
    codat: &mut Codat,
    company: &str,
    connection: &str,
    parameters: &Parameters,
    opens: bool,
) -> Result<(), Box<Response>> {
    let exists = codat.connection(connection).is_some_and(|it| it.company_id == company);
    let standing = codat.visit(connection, password(parameters), opens, Timestamp::now());
    let (title, text) = match standing.filter(|_| exists) {
        Some(Standing::Open) => return Ok(()),
        Some(Standing::Used) => {
            ("This link has been used", "<p>A link works once. Ask for a new one.</p>")
        }
        Some(Standing::Expired) => ("This link has expired", "<p>Ask for a new one.</p>"),
        None => return Err(Box::new(not_found())),
    };
    Err(Box::new(page(StatusCode::GONE, title, text)))
}

/// What the placeholders of a template stand for: the vendor's names, and whatever else the link carried.
fn values(
    client_id: &str,
    connection: &DataConnection,
    ending: Ending,
    custom: Parameters,
) -> Parameters {
    let integration = connection.integration;
    let (status_code, error_message, status_text) = ending.words();
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

/// Where the template leads; None if that is no web address, or a host that the profile does not allow.
fn target(profile: &Profile, values: &Parameters) -> Option<Url> {
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
        let Some((name, behind)) = after.split_once('}') else { break };
        filled.push_str(before);
        filled.push_str(&value(name));
        rest = behind;
    }
    filled.push_str(rest);
    filled
}

/// Codat's own last page, when the profile has no redirect.
fn farewell(ending: Ending) -> Response {
    let title = match ending {
        Ending::Finish | Ending::Already => "QuickBooks Desktop is connected",
        Ending::Cancel | Ending::Fail | Ending::Unsupported => "Nothing was connected",
    };
    page(StatusCode::OK, title, "<p>You can close this tab.</p>")
}

fn no_such_target() -> Response {
    page(
        StatusCode::BAD_REQUEST,
        "This link leads nowhere",
        "<p>The redirect of the profile is not allowed.</p>",
    )
}
