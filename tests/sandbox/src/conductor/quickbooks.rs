//! The calls that reach into QuickBooks. Each is counted at its end user, so a test can prove that none was made.

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
    http::HeaderMap,
};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::{Refusal, end_users::dialect};
use crate::{
    requests,
    world::{EndUser, Shared, World},
};

pub async fn health_check(
    State(world): State<Shared>,
    headers: HeaderMap,
) -> Result<Json<Value>, Refusal> {
    let mut world = world.lock();
    addressee(&mut world, &headers)?.check_health(Timestamp::now())?;
    Ok(Json(json!({ "duration": dialect(&world).duration(), "status": "ok" })))
}

/// The older health check, which has no `status`.
pub async fn ping(
    State(world): State<Shared>,
    Path(id): Path<String>,
) -> Result<Json<Value>, Refusal> {
    let mut world = world.lock();
    known(&mut world, &id)?.check_health(Timestamp::now())?;
    Ok(Json(json!({ "duration": dialect(&world).duration() })))
}

pub async fn company(
    State(world): State<Shared>,
    headers: HeaderMap,
) -> Result<Json<Value>, Refusal> {
    let mut world = world.lock();
    let user = addressee(&mut world, &headers)?;
    user.request(Timestamp::now())?;
    Ok(Json(company_file(&user.company_name)))
}

/// `passthrough` and its older form `request`: raw qbXML as JSON.
pub async fn request(
    State(world): State<Shared>,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Json<Value>, Refusal> {
    let asked: Map<String, Value> =
        requests::json(&body).map_err(|why| Refusal::invalid(format!("sandbox: {why}")))?;
    if asked.is_empty() {
        return Err(Refusal::invalid("sandbox: the body names no request"));
    }
    let mut world = world.lock();
    let user = known(&mut world, &id)?;
    let answers = asked
        .keys()
        .map(|name| {
            answer(name)
                .ok_or_else(|| Refusal::invalid(format!("sandbox: {name} is not a qbXML request")))
        })
        .collect::<Result<Map<_, _>, _>>()?;
    user.request(Timestamp::now())?;
    Ok(Json(Value::Object(answers)))
}

/// `CustomerQueryRq` is answered by `CustomerQueryRs` with one plausible `CustomerRet`.
fn answer(name: &str) -> Option<(String, Value)> {
    let call = name.strip_suffix("Rq")?;
    let entity = ["Query", "Add", "Mod", "Del"]
        .iter()
        .find_map(|verb| call.strip_suffix(verb))
        .unwrap_or(call);
    let found = json!({
        "ListID": "80000001-1700000000",
        "TimeCreated": "2026-01-05T09:00:00+00:00",
        "TimeModified": "2026-01-05T09:00:00+00:00",
        "EditSequence": "1767603600",
        "Name": format!("Sandbox {entity}"),
        "FullName": format!("Sandbox {entity}"),
        "IsActive": true,
    });
    let found = if call.ends_with("Query") { json!([found]) } else { found };
    Some((format!("{call}Rs"), json!({ format!("{entity}Ret"): found })))
}

/// All that the strict official client wants of a company, and null for the rest.
fn company_file(name: &str) -> Value {
    json!({
        "accountantCopy": { "accountantCopyExists": false, "dividingDate": null },
        "address": null,
        "addressForCustomer": null,
        "companyName": name,
        "companyType": null,
        "customFields": [],
        "ein": null,
        "email": null,
        "fax": null,
        "fiscalYearStartMonth": "january",
        "incomeTaxYearStartMonth": "january",
        "isSampleCompanyFile": true,
        "legalAddress": null,
        "legalCompanyName": name,
        "phone": null,
        "ssn": null,
        "subscribedServices": null,
        "taxForm": null,
        "website": null,
    })
}

fn addressee<'a>(world: &'a mut World, headers: &HeaderMap) -> Result<&'a mut EndUser, Refusal> {
    let id = headers
        .get("conductor-end-user-id")
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    if id.is_empty() {
        return Err(Refusal::invalid("sandbox: the header Conductor-End-User-Id is missing"));
    }
    known(world, id)
}

/// A removed end user is found too: its own state then says "missing", and the attempt is counted.
fn known<'a>(world: &'a mut World, id: &str) -> Result<&'a mut EndUser, Refusal> {
    world.end_user_mut(id).ok_or_else(|| Refusal::missing("end user"))
}
