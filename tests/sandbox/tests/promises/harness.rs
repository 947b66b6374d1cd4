//! What the tests share: a sandbox of their own and short calls to each of its APIs.

use base64::{Engine, engine::general_purpose::STANDARD};
use deskside_sandbox::{Config, Sandbox};
use hmac::{Hmac, KeyInit, Mac};
use reqwest::{Client, Method, RequestBuilder, Response, redirect::Policy};
use serde_json::{Value, json};
use sha2::Sha256;

pub struct Harness {
    pub sandbox: Sandbox,
    pub http: Client,
}

/// Status and JSON body.
pub type Answer = (u16, Value);

impl Harness {
    pub async fn new() -> Self {
        let sandbox = Sandbox::start(Config::default()).await.unwrap();
        deskside_net::cryptography::install();
        let http = Client::builder().no_proxy().redirect(Policy::none()).build().unwrap();
        Self { sandbox, http }
    }

    pub async fn control(&self, method: Method, path: &str, body: Value) -> Answer {
        answer(
            self.http
                .request(method, format!("{}{path}", self.sandbox.endpoints.control))
                .json(&body),
        )
        .await
    }

    pub async fn arrange(&self, path: &str, body: Value) -> Value {
        let (status, value) = self.control(Method::POST, path, body).await;
        assert!(status < 300, "control refused {path}: {value}");
        value
    }

    pub async fn observe(&self, path: &str) -> Value {
        self.http
            .get(format!("{}{path}", self.sandbox.endpoints.control))
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap()
    }

    pub fn conductor(&self, method: Method, path: &str) -> RequestBuilder {
        let request =
            self.http.request(method, format!("{}/v1{path}", self.sandbox.endpoints.conductor));
        request.bearer_auth(&self.sandbox.endpoints.conductor_secret_key)
    }

    pub async fn end_user(&self, source_id: &str) -> String {
        let body = json!({ "companyName": "Acme & Söhne", "sourceId": source_id, "email": "bob@acme.example" });
        let (status, user) = answer(self.conductor(Method::POST, "/end-users").json(&body)).await;
        assert_eq!(status, 200, "{user}");
        text(&user["id"])
    }

    pub async fn health(&self, end_user: &str) -> Answer {
        let request = self.conductor(Method::GET, "/quickbooks-desktop/health-check");
        answer(request.header("Conductor-End-User-Id", end_user)).await
    }

    pub fn codat(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.sandbox.endpoints.codat));
        let key = STANDARD.encode(&self.sandbox.endpoints.codat_api_key);
        request.header("authorization", format!("Basic {key}"))
    }

    /// Creates a company with one QuickBooks Desktop connection through Codat's API. Returns the paths of both.
    pub async fn codat_connection(&self) -> (String, String) {
        let new = json!({ "name": "Acme 1" });
        let (status, company) = answer(self.codat(Method::POST, "/companies").json(&new)).await;
        assert_eq!(status, 200, "{company}");
        let company = format!("/companies/{}", text(&company["id"]));
        let path = format!("{company}/connections");
        let new = json!({ "platformKey": "pqsw" });
        let (status, connection) = answer(self.codat(Method::POST, &path).json(&new)).await;
        assert_eq!(status, 200, "{connection}");
        let connection = format!("{path}/{}", text(&connection["id"]));
        (company, connection)
    }

    pub fn backend(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}/v1{path}", self.sandbox.endpoints.backend))
    }

    /// Enrolls a device with a new code. Returns the device and the control API's answer for the code.
    pub async fn device(&self, enrollment: Value) -> (Value, Value) {
        let code = self.arrange("/enrollments", enrollment).await;
        let body = json!({
            "code": code["code"],
            "device": { "name": "FRONT-DESK", "platform": "windows", "app_version": "0.1.0" },
        });
        let (status, device) = answer(self.backend(Method::POST, "/devices").json(&body)).await;
        assert_eq!(status, 201, "{device}");
        (device, code)
    }

    pub async fn state_of(&self, list: &str, id: &str) -> Value {
        let state = self.observe("/state").await;
        let found = state[list].as_array().unwrap().iter().find(|it| it["id"] == id);
        found.unwrap_or_else(|| panic!("{id} is not in {list}")).clone()
    }
}

pub async fn answer(request: RequestBuilder) -> Answer {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let body = response.text().await.unwrap();
    (status, serde_json::from_str(&body).unwrap_or(Value::Null))
}

pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("not text: {value}")).to_owned()
}

pub fn header(response: &Response, name: &str) -> String {
    response.headers().get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
}

/// A Standard Webhooks signature, implemented independently so that the sandbox does not verify itself.
pub fn signature(secret: &str, id: &str, timestamp: i64, body: &str) -> String {
    let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
    mac.update(format!("{id}.{timestamp}.{body}").as_bytes());
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

/// Checks that the answer is an RFC 9457 problem document and returns its stable code.
pub fn problem(answer: &Answer) -> String {
    let (status, body) = answer;
    assert_eq!(body["status"], *status, "{body}");
    assert!(body["title"].is_string() && body["detail"].is_string(), "{body}");
    text(&body["type"]).strip_prefix("urn:deskside:problem:").unwrap().to_owned()
}
