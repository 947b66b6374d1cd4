//! A sandbox with a connection at each provider, and Deskside's client for each.

use std::{sync::Arc, time::Duration};

use deskside_model::connection::{Account, Connection, Mode, Origin};
use deskside_model::evidence::{Fault, RemoteStatus};
use deskside_model::exchange::{ConnectionReport, Target};
use deskside_model::link::{LinkRequest, Provider as Who, Trust, parse};
use deskside_model::{ProxyChoice, Secret};
use deskside_net::{
    AnyProvider, Http, Limits, ProviderClient, ReturnRoute, StatusAnswer, account, enroll,
};
use deskside_sandbox::{Config, Sandbox};
use reqwest::Client;
use serde_json::{Value, json};

/// Long enough for a busy machine, short enough for a test that runs into them.
pub const SHORT: Limits = Limits {
    connect: Duration::from_secs(10),
    usual: Duration::from_secs(2),
    check: Duration::from_secs(2),
};

/// One connection at the backend, at Conductor and at Codat, and the three clients.
pub struct World {
    pub sandbox: Sandbox,
    pub http: Client,
    pub clients: [(&'static str, AnyProvider); 3],
    /// The backend's identifier of its connection.
    pub connection: String,
    pub company: String,
    /// Codat's identifier of the company's connection.
    pub at_codat: String,
}

impl World {
    pub async fn new() -> Self {
        let sandbox = Sandbox::start(Config::default()).await.unwrap();
        deskside_net::cryptography::install();
        let http = Client::builder().no_proxy().build().unwrap();
        let client_http = Http::trusting(SHORT, &[], |_| ProxyChoice::Direct).unwrap();
        let post = async |path: &str, body: Value| -> Value {
            let request = http.post(format!("{}{path}", sandbox.endpoints.control)).json(&body);
            request.send().await.unwrap().error_for_status().unwrap().json().await.unwrap()
        };

        let enrollment = post("/enrollments", json!({ "account": "Acme" })).await;
        let trust = Trust { sandbox: true, ..Trust::default() };
        let link = enrollment["deep_link"].as_str().unwrap();
        let Ok(LinkRequest::Enroll(request)) = parse(link, &trust) else {
            panic!("not an enrollment link")
        };
        let name = account(&client_http, &request.backend, &request.code).await.unwrap();
        let made =
            enroll(&client_http, &request.backend, &request.code, name, "desk").await.unwrap();
        let backend = AnyProvider::new(
            client_http.clone(),
            Target::Backend(made.enrolled.device),
            made.token,
        );
        let connection = made.enrolled.connections[0].id.clone();

        let state: Value = http
            .get(format!("{}/state", sandbox.endpoints.control))
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        let end_user = state["end_users"][0]["id"].as_str().unwrap().to_owned();
        let company = post("/codat/companies", json!({ "name": "Acme" })).await;
        let at_codat = company["connections"][0]["connection_id"].as_str().unwrap().to_owned();
        let company = company["company_id"].as_str().unwrap().to_owned();
        let keys =
            [&sandbox.endpoints.conductor_secret_key, &sandbox.endpoints.conductor_publishable_key];
        let conductor = direct(
            &client_http,
            Account::Conductor { end_user },
            format!("{}/v1", sandbox.endpoints.conductor),
            &format!("{}\n{}\n", keys[0], keys[1]),
        );
        let platform = "pqsw".to_owned();
        let of_company = Account::Codat { company: company.clone(), connection: None, platform };
        let codat = direct(
            &client_http,
            of_company,
            sandbox.endpoints.codat.clone(),
            &sandbox.endpoints.codat_api_key,
        );
        let clients = [("backend", backend.unwrap()), ("conductor", conductor), ("codat", codat)];
        Self { sandbox, http, clients, connection, company, at_codat }
    }

    pub async fn arrange(&self, path: &str, body: Value) -> Value {
        let request =
            self.http.post(format!("{}{path}", self.sandbox.endpoints.control)).json(&body);
        let answer = request.send().await.unwrap();
        assert!(answer.status().is_success(), "control refused {path} {body}");
        answer.json().await.unwrap()
    }

    pub async fn clear_faults(&self) {
        let request = self.http.delete(format!("{}/faults", self.sandbox.endpoints.control));
        request.send().await.unwrap().error_for_status().unwrap();
    }

    /// The number of requests to one listener.
    pub async fn requests(&self, target: &str) -> u64 {
        let request = self.http.get(format!("{}/requests", self.sandbox.endpoints.control));
        let counts: Value = request.send().await.unwrap().json().await.unwrap();
        let all = counts.as_array().or_else(|| counts["requests"].as_array()).unwrap();
        let of_target = all.iter().filter(|one| one["target"] == target);
        of_target.filter_map(|one| one["count"].as_u64()).sum()
    }

    pub fn client(&self, name: &str) -> &AnyProvider {
        &self.clients.iter().find(|(known, _)| *known == name).unwrap().1
    }

    /// The connection's status as one of the three reports it.
    pub async fn status(&self, name: &str) -> RemoteStatus {
        statuses(self.client(name).statuses().await).unwrap().swap_remove(0).status
    }
}

fn direct(http: &Http, account: Account, base: String, secret: &str) -> AnyProvider {
    let connection = Connection {
        id: "direct-1".into(),
        company: None,
        provider: Some(account.provider()),
        mode: Mode::Attended,
        origin: Origin::Direct { account, base_url: Some(base) },
        link: None,
    };
    let target = Target::Direct(Box::new(connection), None);
    AnyProvider::new(http.clone(), target, Arc::new(Secret::new(secret.to_owned()))).unwrap()
}

pub fn statuses(heard: StatusAnswer) -> Result<Vec<ConnectionReport>, Fault> {
    heard.answer
}

pub fn return_target() -> ReturnRoute {
    let state = Secret::new("state-that-comes-back".into());
    ReturnRoute { state, receiver: Some("http://127.0.0.1:1/return/state".parse().unwrap()) }
}

/// The provider of the links that a client issues; the backend issues Conductor's.
pub fn link_provider(name: &str) -> Who {
    if name == "codat" { Who::Codat } else { Who::Conductor }
}
