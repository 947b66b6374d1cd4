//! The calls that reach QuickBooks. Each is counted for its end user, so a test can prove that none was made.

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
    http::HeaderMap,
};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::{ConductorError, end_users::dialect};
use crate::{
    requests,
    world::{EndUser, SharedWorld, World},
};

pub async fn health_check(
    State(world): State<SharedWorld>,
    headers: HeaderMap,
) -> Result<Json<Value>, ConductorError> {
    let mut world = world.lock();
    addressed_end_user(&mut world, &headers)?.check_health(Timestamp::now())?;
    Ok(Json(json!({ "duration": dialect(&world).duration(), "status": "ok" })))
}

/// The older health check, which has no `status`.
pub async fn ping(
    State(world): State<SharedWorld>,
    Path(id): Path<String>,
) -> Result<Json<Value>, ConductorError> {
    let mut world = world.lock();
    find(&mut world, &id)?.check_health(Timestamp::now())?;
    Ok(Json(json!({ "duration": dialect(&world).duration() })))
}

pub async fn company(
    State(world): State<SharedWorld>,
    headers: HeaderMap,
) -> Result<Json<Value>, ConductorError> {
    let mut world = world.lock();
    let user = addressed_end_user(&mut world, &headers)?;
    user.request(Timestamp::now())?;
    Ok(Json(company_file(&user.company_name)))
}

/// `passthrough` and its older form `request`: raw qbXML as JSON.
pub async fn request(
    State(world): State<SharedWorld>,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Json<Value>, ConductorError> {
    let calls: Map<String, Value> = requests::json(&body)
        .map_err(|reason| ConductorError::invalid(format!("sandbox: {reason}")))?;
    if calls.is_empty() {
        return Err(ConductorError::invalid("sandbox: the body names no request"));
    }
    let mut world = world.lock();
    let user = find(&mut world, &id)?;
    let answers = calls
        .keys()
        .map(|name| {
            answer(name).ok_or_else(|| {
                ConductorError::invalid(format!("sandbox: {name} is not a qbXML request"))
            })
        })
        .collect::<Result<Map<_, _>, _>>()?;
    user.request(Timestamp::now())?;
    Ok(Json(Value::Object(answers)))
}

/// Answers `CustomerQueryRq`, for example, with `CustomerQueryRs` and one plausible `CustomerRet`.
fn answer(name: &str) -> Option<(String, Value)> {
    let call = name.strip_suffix("Rq")?;
    let entity = ["Query", "Add", "Mod", "Del"]
        .iter()
        .find_map(|verb| call.strip_suffix(verb))
        .unwrap_or(call);
    let record = json!({
        "ListID": "80000001-1700000000",
        "TimeCreated": "2026-01-05T09:00:00+00:00",
        "TimeModified": "2026-01-05T09:00:00+00:00",
        "EditSequence": "1767603600",
        "Name": format!("Sandbox {entity}"),
        "FullName": format!("Sandbox {entity}"),
        "IsActive": true,
    });
    let result = if call.ends_with("Query") { json!([record]) } else { record };
    Some((format!("{call}Rs"), json!({ format!("{entity}Ret"): result })))
}

/// Every field of a company that the strict official client requires; null where the sandbox has nothing.
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

fn addressed_end_user<'a>(
    world: &'a mut World,
    headers: &HeaderMap,
) -> Result<&'a mut EndUser, ConductorError> {
    let id = headers
        .get("conductor-end-user-id")
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    if id.is_empty() {
        return Err(ConductorError::invalid(
            "sandbox: the header Conductor-End-User-Id is missing",
        ));
    }
    find(world, id)
}

/// Finds removed end users too: their state answers "not found", and the attempt is counted.
fn find<'a>(world: &'a mut World, id: &str) -> Result<&'a mut EndUser, ConductorError> {
    world.end_user_mut(id).ok_or_else(|| ConductorError::not_found("end user"))
}
