//! Codat's objects on the wire.
//!
//! Absent values are omitted, because the official client rejects most of the nulls that Codat's schema allows. The
//! loose dialect sends nulls and also undocumented fields and enum values: a client of a live service must expect
//! them.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::listing::insert;
use crate::world::codat::{
    Codat, Company, ConnectionError, DataConnection, Dataset, Integration, Pull,
};

/// The dialect of all objects.
#[derive(Clone, Copy)]
pub struct CodatDialect {
    pub loose: bool,
}

impl CodatDialect {
    pub fn of(codat: &Codat) -> Self {
        Self { loose: codat.settings.loose }
    }

    /// UTC; the loose dialect omits the time zone.
    fn time(self, time: Timestamp) -> String {
        let format = if self.loose { "%Y-%m-%dT%H:%M:%S" } else { "%Y-%m-%dT%H:%M:%S%.7fZ" };
        time.strftime(format).to_string()
    }

    /// Adds the present values; the loose dialect adds the others as null.
    fn with<const N: usize>(
        self,
        mut object: Value,
        optional: [(&str, Option<Value>); N],
    ) -> Value {
        for (name, value) in optional {
            match value {
                Some(value) => insert(&mut object, name, value),
                None if self.loose => insert(&mut object, name, Value::Null),
                None => {}
            }
        }
        if self.loose {
            insert(&mut object, "sandboxUnknownField", json!({ "is": ["not", "documented"] }));
        }
        object
    }

    fn connection(self, connection: &DataConnection, link_url: &str) -> Value {
        let integration = connection.integration;
        let object = json!({
            "id": connection.id,
            "integrationId": integration.id,
            "integrationKey": integration.key,
            "sourceId": integration.source_id,
            "sourceType": integration.source_type,
            "platformName": integration.name,
            "linkUrl": link_url,
            "status": connection.status,
            "created": self.time(connection.created),
        });
        let errors: Vec<_> = connection.errors.iter().map(|it| self.connection_error(it)).collect();
        self.with(
            object,
            [
                ("lastSync", connection.last_sync.map(|time| json!(self.time(time)))),
                ("dataConnectionErrors", (!errors.is_empty()).then(|| json!(errors))),
                ("connectionInfo", connection.info.clone().map(Value::Object)),
            ],
        )
    }

    fn connection_error(self, error: &ConnectionError) -> Value {
        let object = json!({
            "statusCode": error.status_code,
            "statusText": error.status_text,
            "errorMessage": error.error_message,
            "erroredOnUtc": self.time(error.errored_on),
        });
        self.with(
            object,
            [
                ("status", error.status.as_ref().map(|text| json!(text))),
                ("resolvedOnUtc", error.resolved_on.map(|time| json!(self.time(time)))),
            ],
        )
    }

    fn company(self, company: &Company, redirect: &str, connections: &[Value]) -> Value {
        let object = json!({
            "id": company.id,
            "name": company.name,
            "redirect": redirect,
            "created": self.time(company.created),
            "products": [],
            "tags": company.tags,
            "referenceSubsidiaryCompanies": [],
            "dataConnections": connections,
        });
        self.with(
            object,
            [
                ("description", company.description.as_ref().map(|text| json!(text))),
                ("lastSync", company.last_sync.map(|time| json!(self.time(time)))),
                ("createdByUserName", None),
                ("referenceParentCompany", None),
            ],
        )
    }

    /// `images` is the base URL of the pictures.
    pub fn integration(self, integration: &Integration, images: &str) -> Value {
        let get = json!([{ "featureType": "Get", "featureState": "Release" }]);
        // Codat's schema defines one spelling and requires the other.
        let features = integration
            .data_types
            .iter()
            .map(|it| json!({ "dataType": it, "datatype": it, "supportedFeatures": get.clone() }));
        let object = json!({
            "key": integration.key,
            "logoUrl": format!("{images}/{}/logo-square.png", integration.key),
            "name": integration.name,
            "enabled": integration.enabled,
            "sourceId": integration.source_id,
            "sourceType": integration.source_type,
            "integrationId": integration.id,
            "isOfflineConnector": integration.offline,
            "isBeta": false,
            "datatypeFeatures": features.collect::<Vec<_>>(),
        });
        self.with(object, [("dataProvidedBy", None)])
    }

    /// An integration of a kind that is not documented; only the loose dialect lists it.
    pub fn unknown_integration(self) -> Value {
        json!({
            "key": "zzzz",
            "logoUrl": null,
            "name": "Something New",
            "enabled": true,
            "sourceType": "SandboxUnknown",
            "datatypeFeatures": null,
        })
    }

    pub fn branding(self, integration: &Integration, images: &str) -> Value {
        let image = |file: &str, alt: String| {
            let src = format!("{images}/{}/{file}", integration.key);
            json!({ "image": { "src": src, "alt": alt } })
        };
        let (logo, button) =
            (format!("{} logo", integration.name), format!("Connect to {}", integration.name));
        json!({
            "logo": {
                "full": image("logo-full.svg", logo.clone()),
                "square": image("logo-square.png", logo),
            },
            "button": {
                "default": image("button-default.svg", button.clone()),
                "hover": image("button-hover.svg", button),
            },
            "sourceId": integration.source_id,
        })
    }

    pub fn data_status(self, company: &Company) -> Value {
        let datasets = company.datasets.iter();
        let mut all: Value = datasets.map(|(name, it)| (name, self.dataset(name, it))).collect();
        if self.loose {
            insert(&mut all, "suppliers", json!({ "dataType": "suppliers" }));
            insert(&mut all, "transfers", Value::Null);
            let unknown =
                json!({ "dataType": "sandboxUnknown", "currentStatus": "SandboxUnknown" });
            insert(&mut all, "sandboxUnknown", unknown);
        }
        all
    }

    fn dataset(self, name: &str, dataset: &Dataset) -> Value {
        self.with(
            json!({ "dataType": name, "currentStatus": dataset.status }),
            [
                ("lastSuccessfulSync", dataset.last_successful_sync.map(|it| json!(self.time(it)))),
                ("latestSyncId", dataset.latest_sync_id.as_ref().map(|id| json!(id))),
                (
                    "latestSuccessfulSyncId",
                    dataset.latest_successful_sync_id.as_ref().map(|id| json!(id)),
                ),
            ],
        )
    }

    pub fn pull(self, pull: &Pull) -> Value {
        let object = json!({
            "id": pull.id,
            "companyId": pull.company_id,
            "connectionId": pull.connection_id,
            "dataType": pull.data_type,
            "status": pull.status,
            "requested": self.time(pull.requested),
            "progress": pull.progress,
            "isCompleted": pull.is_completed(),
            "isErrored": pull.is_errored(),
        });
        self.with(
            object,
            [
                ("statusDescription", pull.status_description.as_ref().map(|text| json!(text))),
                ("errorMessage", pull.error_message.as_ref().map(|text| json!(text))),
                ("completed", pull.completed.map(|time| json!(self.time(time)))),
            ],
        )
    }
}

/// A connection with a new link.
pub fn connection(codat: &mut Codat, id: &str, now: Timestamp) -> Option<Value> {
    let link = codat.create_link(id, now);
    codat.connection(id).map(|connection| CodatDialect::of(codat).connection(connection, &link))
}

/// All connections of a company, each with a new link.
pub fn connections(codat: &mut Codat, company_id: &str, now: Timestamp) -> Vec<Value> {
    let ids: Vec<_> = codat.connections_of(company_id).map(|it| it.id.clone()).collect();
    ids.iter().filter_map(|id| connection(codat, id, now)).collect()
}

/// A company with its connections.
pub fn company(codat: &mut Codat, id: &str, now: Timestamp) -> Option<Value> {
    let connections = connections(codat, id, now);
    let redirect = codat.hosted_link(id);
    codat
        .company(id)
        .map(|company| CodatDialect::of(codat).company(company, &redirect, &connections))
}
