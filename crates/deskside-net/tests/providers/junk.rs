//! Whatever JSON is received, nothing panics, and only a valid answer is healthy.

use std::sync::{Arc, Mutex};

use deskside_model::evidence::RemoteState;
use deskside_net::Http;
use deskside_net::codat::{CodatFacts, Syncing, derive, gone};
use deskside_net::conductor::{checked, recorded};
use jiff::{Timestamp, Zoned};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Map, Value, json};
use tokio::runtime::Runtime;

use super::ask::{codat, conductor, http};
use super::server::{Answer, Server};

/// The field names that the parsers know, so that junk gets past the first of them.
const NAMES: &[&str] = &[
    "id",
    "error",
    "message",
    "type",
    "code",
    "data",
    "results",
    "_links",
    "next",
    "status",
    "duration",
    "integrationConnections",
    "integrationSlug",
    "lastRequestAt",
    "authFlowUrl",
    "lastSuccessfulRequestAt",
    "dataConnections",
    "dataConnectionErrors",
    "currentStatus",
    "created",
    "lastSync",
    "requested",
    "connectionInfo",
    "logo",
    "button",
    "image",
    "src",
    "key",
    "enabled",
    "sourceType",
    "datatypeFeatures",
    "validation",
    "errors",
    "invoices",
];

/// Words that the parsers know, except those that can mean "healthy".
const WORDS: &[&str] = &[
    "",
    "null",
    "quickbooks_desktop",
    "Queued",
    "Fetching",
    "AuthError",
    "PendingAuth",
    "Linked",
    "2024-01-01T00:00:00Z",
    "2024-09-01T23:59:99Z",
    "-9999-01-01",
    "9999-12-31T23:59:59.9999999Z",
    "INTEGRATION_CONNECTION_ERROR",
    "\u{202e}\u{0}",
    "https://",
    "NaN",
    "1e999",
    "-1",
];

fn name() -> impl Strategy<Value = String> {
    prop_oneof![3 => prop::sample::select(NAMES).prop_map(str::to_owned), 1 => ".{0,8}"]
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        prop::sample::select(WORDS).prop_map(Value::from),
        ".{0,16}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 64, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((name(), inner), 0..6)
                .prop_map(|fields| Value::Object(Map::from_iter(fields))),
        ]
    })
}

/// A server with any answer and any status.
struct JunkServer {
    runtime: Runtime,
    http: Http,
    server: Server,
    says: Arc<Mutex<(u16, Vec<u8>)>>,
}

impl JunkServer {
    fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let says = Arc::new(Mutex::new((200, Vec::new())));
        let theirs = Arc::clone(&says);
        let server = runtime.block_on(Server::choosing(move |_| {
            let (status, body) = theirs.lock().unwrap().clone();
            Answer::json(status, body)
        }));
        Self { runtime, http: http(), server, says }
    }

    fn say(&self, status: u16, body: impl Into<Vec<u8>>) {
        *self.says.lock().unwrap() = (status, body.into());
    }

    /// Sends every request to Conductor; the derived states.
    fn ask_conductor(&self) -> [Option<RemoteState>; 2] {
        self.runtime.block_on(async {
            let client = conductor(self.http.clone(), &self.server.url);
            let record = client.end_user("end_usr_1").await;
            let check = client.check("end_usr_1").await;
            drop(client.end_users().await);
            drop(client.integration_connections().await);
            drop(client.auth_session("auth_sess_1").await);
            let state = |status: deskside_model::evidence::RemoteStatus| status.state;
            [recorded(&record).ok().map(state), checked(&check, Timestamp::MAX).ok().map(state)]
        })
    }

    /// Sends every request to Codat; the derived state.
    fn ask_codat(&self) -> Option<RemoteState> {
        self.runtime.block_on(async {
            let mut client = codat(self.http.clone(), &self.server.url);
            drop(client.company("c").await);
            drop(client.companies().await);
            drop(client.integrations("Accounting").await);
            drop(client.branding("pqsw").await);
            let connection = client.connection("c", "con").await;
            if let Err(failure) = &connection {
                drop(gone(failure));
            }
            let data = client.data_status("c").await.ok();
            let pulls = client.pull_history("c").await.ok();
            let facts = CodatFacts {
                connection: connection.as_ref().ok(),
                data: data.as_ref(),
                pulls: pulls.as_deref(),
                now: &Zoned::now(),
                syncing: Syncing::Once,
            };
            Some(derive(&facts).status.state)
        })
    }
}

fn cases() -> TestRunner {
    TestRunner::new(Config { cases: 96, failure_persistence: None, ..Config::default() })
}

#[test]
fn arbitrary_json_never_panics_or_is_healthy() {
    let junk = JunkServer::new();
    let statuses = prop::sample::select(vec![200_u16, 201, 400, 404, 409, 429, 500, 502]);
    let run = cases().run(&(statuses, any_json()), |(status, body)| {
        junk.say(status, body.to_string());
        let codat = junk.ask_codat();
        prop_assert_ne!(codat, Some(RemoteState::Healthy));
        let [record, check] = junk.ask_conductor();
        let took = &body["duration"];
        let took = took.as_f64().or_else(|| took.as_str()?.trim().parse().ok());
        let took = took.is_some_and(|took| took.is_finite() && took >= 0.0);
        prop_assert!(check != Some(RemoteState::Healthy) || (status < 300 && took));
        let succeeded = body.to_string().contains("lastSuccessfulRequestAt");
        prop_assert!(record != Some(RemoteState::Healthy) || (status < 300 && succeeded));
        Ok(())
    });
    run.unwrap();
}

#[test]
fn arbitrary_bytes_never_panic_or_are_healthy() {
    let junk = JunkServer::new();
    let run = cases().run(&prop::collection::vec(any::<u8>(), 0..256), |bytes| {
        junk.say(200, bytes);
        prop_assert_ne!(junk.ask_codat(), Some(RemoteState::Healthy));
        prop_assert!(!junk.ask_conductor().contains(&Some(RemoteState::Healthy)));
        Ok(())
    });
    run.unwrap();
}

#[test]
fn deeply_nested_json_is_rejected() {
    let junk = JunkServer::new();
    junk.say(200, format!("{}{}", "[".repeat(100_000), "]".repeat(100_000)));
    assert_eq!(junk.ask_conductor(), [None, None]);
    assert_ne!(junk.ask_codat(), Some(RemoteState::Healthy));
}

/// Codat's three answers in one, healthy except for the given words.
fn codat_with(connection: &Value, data: &Value) -> String {
    json!({ "id": "con", "status": connection, "created": "2026-11-19T09:00:00Z",
        "invoices": { "currentStatus": "Complete" }, "bills": { "currentStatus": data } })
    .to_string()
}

#[test]
fn unknown_status_words_are_never_healthy() {
    let known = JunkServer::new();
    // Every other field of the answer counts as a data type in an unknown state, so each answer is
    // requested by itself
    let (linked, complete) = (json!("Linked"), json!("Complete"));
    let state = |connection: &Value, data: &Value| {
        known.runtime.block_on(async {
            known.say(200, codat_with(connection, data));
            let mut client = codat(known.http.clone(), &known.server.url);
            let connection = client.connection("c", "con").await.unwrap();
            let mut data = client.data_status("c").await.unwrap();
            data.0.retain(|name, _| matches!(name.as_str(), "invoices" | "bills"));
            let (connection, data) = (Some(&connection), Some(&data));
            let (now, syncing) = (&Zoned::now(), Syncing::Ongoing);
            derive(&CodatFacts { connection, data, pulls: None, now, syncing }).status.state
        })
    };
    assert_eq!(state(&linked, &complete), RemoteState::Healthy, "the rest would prove nothing");
    let words = "[A-Za-z0-9 ]{1,12}".prop_filter("a word that is known", |word| {
        let word = word.trim().to_ascii_lowercase();
        !["linked", "complete", "notsupported", "cancelled", ""].contains(&word.as_str())
    });
    let run = cases().run(&words, |word| {
        let word = Value::from(word);
        prop_assert_ne!(state(&word, &complete), RemoteState::Healthy);
        prop_assert_ne!(state(&linked, &word), RemoteState::Healthy);
        Ok(())
    });
    run.unwrap();
}
