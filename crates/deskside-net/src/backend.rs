//! The client of a vendor's backend: the Backend Protocol, version 1. docs/backend-protocol.md

use std::sync::Arc;

use deskside_companion::delivery::{DeliveryAnswer, DeliveryOutcome, PendingReport, outcome};
use deskside_model::Secret;
use deskside_model::connection::{Device, Mode};
use deskside_model::evidence::{DataState, Fault, RemoteState, RemoteStatus};
use deskside_model::exchange::{
    ConnectionReport, EnrollFault, Enrollment, FreshLink, NewConnection,
};
use deskside_model::link::{self, BackendUrl};
use jiff::Timestamp;
use reqwest::{Method, RequestBuilder};
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use super::fields::plain;
use super::http::{Answer, Http};
use super::{
    Integration, PictureSource, ProviderClient, ProviderRefusal, ReturnRoute, StatusAnswer,
};
use crate::sign::sign;

/// The interval between heartbeats in seconds, unless the backend asks for another one.
const DEFAULT_HEARTBEAT: u32 = 300;

/// The longest interval that a backend may ask for, in seconds.
const LONGEST_HEARTBEAT: u32 = 86_400;

/// The longest name of an account, in characters.
const LONGEST_NAME: usize = 200;

/// A backend, with the token that it issued to this computer.
pub struct Backend {
    http: Http,
    url: BackendUrl,
    token: Arc<Secret>,
}

#[derive(Deserialize)]
struct Account {
    name: String,
}

#[derive(Deserialize)]
struct AccountAnswer {
    account: Account,
}

#[derive(Deserialize)]
struct DeviceAnswer {
    device_id: String,
    token: Secret,
    signing_secret: Secret,
    #[serde(default)]
    connections: Vec<WireConnection>,
    heartbeat_seconds: Option<Value>,
}

/// What it takes to remove a device again.
#[derive(Deserialize)]
struct MadeDevice {
    device_id: String,
    token: Secret,
}

#[derive(Deserialize)]
struct LinkAnswer {
    url: Secret,
    expires_at: Option<String>,
    single_use: Option<bool>,
}

impl LinkAnswer {
    /// The link, with its expiry converted to this computer's clock.
    fn fresh(self, answer: &Answer) -> FreshLink {
        let until = self.expires_at.and_then(|text| text.parse().ok());
        FreshLink {
            url: self.url,
            until: until.map(|until| answer.by_our_clock(until)),
            single_use: self.single_use,
        }
    }
}

#[derive(Deserialize)]
struct MadeAnswer {
    #[serde(flatten)]
    connection: WireConnection,
    link: Option<LinkAnswer>,
}

/// An accounting platform that can be connected. A picture with an invalid address is dropped.
#[derive(Deserialize)]
struct WireIntegration {
    key: String,
    name: String,
    logo: Option<String>,
    button: Option<WireButton>,
}

#[derive(Deserialize)]
struct WireButton {
    default: Option<String>,
    hover: Option<String>,
}

impl From<WireIntegration> for Integration {
    fn from(wire: WireIntegration) -> Self {
        let picture = |address: Option<String>, alt: &str| {
            let url = Url::parse(&address?).ok()?;
            Some(PictureSource { url, alt: alt.into() })
        };
        let (default, hover) =
            wire.button.map_or((None, None), |button| (button.default, button.hover));
        Self {
            logo: picture(wire.logo, &wire.name),
            button: picture(default, ""),
            button_hover: picture(hover, ""),
            key: wire.key,
            name: wire.name,
        }
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct EventAnswer {
    next_report_after: Option<u32>,
}

/// A connection in a backend's answer. All fields but the identifier may be missing, and words that this
/// version does not know count as missing.
#[derive(Deserialize)]
struct WireConnection {
    id: String,
    provider: Option<String>,
    company_name: Option<String>,
    mode: Option<String>,
    #[serde(default)]
    status: RemoteState,
    checked_at: Option<String>,
    user_message: Option<String>,
    request_id: Option<String>,
    data: Option<WireData>,
}

#[derive(Deserialize)]
struct WireData {
    #[serde(default)]
    state: DataState,
    last_success_at: Option<String>,
}

impl From<WireConnection> for ConnectionReport {
    fn from(wire: WireConnection) -> Self {
        let moment = |text: Option<String>| text.and_then(|text| text.parse().ok());
        let data_state = wire.data.as_ref().map(|data| data.state);
        Self {
            id: wire.id,
            company: wire.company_name.as_deref().map(plain),
            provider: wire.provider.as_deref().and_then(link::Provider::of_key),
            mode: match wire.mode.as_deref() {
                Some("unattended") => Mode::Unattended,
                Some("multiple_files") => Mode::MultipleFiles,
                Some(_) | None => Mode::Attended,
            },
            status: RemoteStatus {
                state: wire.status,
                checked_at: moment(wire.checked_at),
                last_success_at: moment(wire.data.and_then(|data| data.last_success_at)),
                user_message: wire.user_message.as_deref().map(plain),
                request_id: wire.request_id.as_deref().map(plain),
                integration_code: None,
                data: data_state,
            },
        }
    }
}

/// Requests the name of the account that an enrollment code belongs to. Does not consume the code.
///
/// # Errors
/// When the backend does not know the code or gives no usable answer.
pub async fn account(
    http: &Http,
    backend: &BackendUrl,
    code: &Secret,
) -> Result<String, EnrollFault> {
    let url = backend.call(&["v1", "enrollments"]);
    // The code leaves here, over TLS, to the host that the user agreed to.
    let request = http.to(&url).post(url.clone()).json(&json!({ "code": code.reveal() }));
    let answer = http.send(request).await.map_err(enroll_fault)?;
    match answer.status {
        200 => {
            let body: AccountAnswer = answer.json().map_err(enroll_fault)?;
            display_name(&body.account.name).ok_or(EnrollFault::Unusable)
        }
        404 => Err(EnrollFault::UnknownCode),
        409 | 410 => Err(EnrollFault::SpentCode),
        _ => Err(EnrollFault::Unusable),
    }
}

/// A name as it is shown for confirmation, shortened if necessary; `None` if it is blank.
fn display_name(name: &str) -> Option<String> {
    let name = name.trim();
    match name.char_indices().nth(LONGEST_NAME) {
        Some(_) => Some(name.chars().take(LONGEST_NAME - 1).chain(['…']).collect()),
        None => Some(name.to_owned()).filter(|name| !name.is_empty()),
    }
}

/// A device that a backend has just created, with the secrets that must be stored in the vault.
pub struct NewDevice {
    /// The device and its connections.
    pub enrolled: Enrollment,
    /// Authenticates its requests.
    pub token: Arc<Secret>,
    /// Signs its reports.
    pub signing_secret: Arc<Secret>,
}

/// Exchanges the code for a device, which consumes the code. A device that cannot be used is removed
/// again.
///
/// # Errors
/// When the backend does not accept the code or gives no usable answer.
pub async fn enroll(
    http: &Http,
    backend: &BackendUrl,
    code: &Secret,
    account: String,
    computer: &str,
) -> Result<NewDevice, EnrollFault> {
    let url = backend.call(&["v1", "devices"]);
    let device = json!({
        "name": computer,
        "platform": std::env::consts::OS,
        "app_version": deskside_model::VERSION,
    });
    let body = json!({ "code": code.reveal(), "device": device });
    let answer = http.send(http.to(&url).post(url.clone()).json(&body)).await;
    let answer = answer.map_err(enroll_fault)?;
    let made: DeviceAnswer = match answer.status {
        200 | 201 => match usable_device(&answer) {
            Ok(made) => made,
            Err(fault) => {
                remove_unusable(http, backend, &answer).await;
                return Err(enroll_fault(fault));
            }
        },
        404 => return Err(EnrollFault::UnknownCode),
        409 | 410 => return Err(EnrollFault::SpentCode),
        _ => return Err(EnrollFault::Unusable),
    };
    let device = Device {
        id: Device::local_id(backend, &made.device_id),
        backend: backend.clone(),
        account,
        heartbeat_seconds: heartbeat(made.heartbeat_seconds.as_ref()),
        rejected: false,
        reports_refused: false,
    };
    Ok(NewDevice {
        enrolled: Enrollment {
            device,
            connections: made.connections.into_iter().map(ConnectionReport::from).collect(),
        },
        token: Arc::new(made.token),
        signing_secret: Arc::new(made.signing_secret),
    })
}

/// The device in the answer, if its reports can be signed.
fn usable_device(answer: &Answer) -> Result<DeviceAnswer, Fault> {
    let made: DeviceAnswer = answer.json()?;
    if sign(&made.signing_secret, "", 0, "").is_err() {
        tracing::error!("the backend's signing secret cannot be used");
        return Err(Fault::Unusable);
    }
    Ok(made)
}

/// Removes the device of an unusable answer: no one else knows that it exists.
async fn remove_unusable(http: &Http, backend: &BackendUrl, answer: &Answer) {
    let Ok(MadeDevice { device_id, token }) = answer.json() else { return };
    let backend = Backend::new(http.clone(), backend.clone(), Arc::new(token));
    if let Err(why) = backend.revoke(&device_id).await {
        tracing::warn!(?why, "the backend could not be asked to remove the device");
    }
}

/// The interval between heartbeats in seconds; an invalid value counts as missing.
fn heartbeat(wanted: Option<&Value>) -> u32 {
    match wanted.and_then(Value::as_i64) {
        Some(seconds @ 1..) => {
            u32::try_from(seconds).unwrap_or(LONGEST_HEARTBEAT).min(LONGEST_HEARTBEAT)
        }
        Some(_) | None => DEFAULT_HEARTBEAT,
    }
}

const fn enroll_fault(fault: Fault) -> EnrollFault {
    match fault {
        Fault::Unreachable => EnrollFault::Unreachable,
        Fault::Unusable | Fault::Rejected | Fault::NoCredential => EnrollFault::Unusable,
    }
}

/// A report to be delivered.
pub struct Delivery<'a> {
    /// The report.
    pub report: &'a PendingReport,
    /// Signs it.
    pub signing_secret: &'a Secret,
    /// The time of the signature, by the backend's clock as far as it is known.
    pub timestamp: Timestamp,
}

impl Backend {
    /// The client of the backend at `url`.
    #[must_use]
    pub const fn new(http: Http, url: BackendUrl, token: Arc<Secret>) -> Self {
        Self { http, url, token }
    }

    fn request(&self, method: Method, segments: &[&str]) -> RequestBuilder {
        let url = self.url.call(segments);
        // The token leaves here, over TLS, to the backend that gave it.
        self.http.to(&url).request(method, url.clone()).bearer_auth(self.token.reveal())
    }

    /// Tells the backend that this computer leaves it. Succeeds if the backend does not know the device.
    ///
    /// # Errors
    /// When the backend gives no usable answer.
    pub async fn leave(&self, device: &Device) -> Result<(), Fault> {
        self.revoke(device.remote_id()).await
    }

    /// Removes a device by the backend's own identifier.
    async fn revoke(&self, device: &str) -> Result<(), Fault> {
        let path = ["v1", "devices", device];
        let answer = self.http.send(self.request(Method::DELETE, &path)).await?;
        confirm_removed(&answer, &[401, 403, 404, 410])
    }

    /// Sends a request and returns its answer if the status is a success.
    async fn send(&self, request: RequestBuilder) -> Result<Answer, Fault> {
        let answer = self.http.send(request).await?;
        match answer.fault() {
            Some(fault) => Err(fault),
            None => Ok(answer),
        }
    }

    /// Delivers one report.
    pub async fn deliver(&self, delivery: &Delivery<'_>) -> DeliveryAnswer {
        let PendingReport { id, body } = delivery.report;
        let timestamp = delivery.timestamp.as_second();
        let Ok(signature) = sign(delivery.signing_secret, id, timestamp, body) else {
            tracing::error!("the backend's signing secret cannot be used");
            return DeliveryAnswer::only(DeliveryOutcome::Never);
        };
        let request = self
            .request(Method::POST, &["v1", "events"])
            .header("content-type", "application/cloudevents+json")
            .header("idempotency-key", id)
            .header("webhook-id", id)
            .header("webhook-timestamp", timestamp)
            .header("webhook-signature", signature)
            .body(body.clone());
        match self.http.send(request).await {
            Ok(answer) => DeliveryAnswer {
                outcome: outcome(Some(answer.status), answer.retry_after),
                next_report_after: next_report_after(&answer),
                date: answer.date,
            },
            Err(_) => DeliveryAnswer::only(outcome(None, None)),
        }
    }
}

impl ProviderClient for Backend {
    async fn statuses(&self) -> StatusAnswer {
        match self.http.send(self.request(Method::GET, &["v1", "connections"])).await {
            Ok(answer) => StatusAnswer { pause: answer.retry_after, answer: reports(&answer) },
            Err(fault) => StatusAnswer { pause: None, answer: Err(fault) },
        }
    }

    async fn check(&self, connection: &str) -> Result<RemoteStatus, ProviderRefusal> {
        let path = ["v1", "connections", connection, "checks"];
        let request = self.request(Method::POST, &path).timeout(self.http.check_limit());
        let answer = self.send(request).await?;
        Ok(ConnectionReport::from(answer.json::<WireConnection>()?).status)
    }

    async fn link(
        &self,
        connection: &str,
        back: &ReturnRoute,
    ) -> Result<FreshLink, ProviderRefusal> {
        let path = ["v1", "connections", connection, "links"];
        // The backend adds the state to the address that the browser returns to.
        let body = json!({ "state": back.state.reveal() });
        let answer = self.send(self.request(Method::POST, &path).json(&body)).await?;
        Ok(answer.json::<LinkAnswer>()?.fresh(&answer))
    }

    async fn integrations(&self) -> Result<Vec<Integration>, Fault> {
        let answer = self.send(self.request(Method::GET, &["v1", "integrations"])).await?;
        let all: Vec<WireIntegration> = answer.json()?;
        Ok(all.into_iter().map(Integration::from).collect())
    }

    async fn connect(
        &self,
        integration: &str,
        back: &ReturnRoute,
    ) -> Result<NewConnection, ProviderRefusal> {
        let body = json!({ "integration": integration, "state": back.state.reveal() });
        let request = self.request(Method::POST, &["v1", "connections"]).json(&body);
        let answer = self.send(request).await?;
        let made: MadeAnswer = answer.json()?;
        let link = made.link.map(|link| link.fresh(&answer));
        Ok(NewConnection { report: made.connection.into(), link })
    }

    async fn stop(&self, connection: &str) -> Result<(), ProviderRefusal> {
        let body = json!({ "status": "unlinked" });
        let request = self.request(Method::PATCH, &["v1", "connections", connection]).json(&body);
        Ok(self.send(request).await?.json::<WireConnection>().map(drop)?)
    }

    async fn remove(&self, connection: &str) -> Result<(), ProviderRefusal> {
        let request = self.request(Method::DELETE, &["v1", "connections", connection]);
        Ok(confirm_removed(&self.http.send(request).await?, &[404, 410])?)
    }
}

/// Confirms that something was removed or did not exist, which the statuses `missing` say. The page of an
/// intermediary, such as a captive portal, confirms neither.
fn confirm_removed(answer: &Answer, missing: &[u16]) -> Result<(), Fault> {
    match answer.status {
        204 => Ok(()),
        status if missing.contains(&status) => Ok(()),
        _ => Err(answer.fault().unwrap_or(Fault::Unusable)),
    }
}

fn reports(answer: &Answer) -> Result<Vec<ConnectionReport>, Fault> {
    if let Some(fault) = answer.fault() {
        return Err(fault);
    }
    let connections: Vec<WireConnection> = answer.json()?;
    Ok(connections.into_iter().map(ConnectionReport::from).collect())
}

/// The interval that the answer asks for; a 202 can have no body.
fn next_report_after(answer: &Answer) -> Option<u32> {
    answer.json::<EventAnswer>().ok().and_then(|body| body.next_report_after)
}
