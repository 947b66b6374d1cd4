//! One look without a running companion: for `diagnose`, and for checks on the command line.
//!
//! The rules are the companion's; only the waiting is left out.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use deskside_companion::SavedState;
use deskside_health::failing_applications;
use deskside_model::ConnectionId;
use deskside_model::connection::{Connection, Device, Origin};
use deskside_model::evidence::run::Run;
use deskside_model::evidence::{
    ConnectionEvidence, Evidence, Fault, Finding, Machine, Reachability, Remote, RemoteStatus,
    Sync, name_applications,
};
use deskside_model::exchange::{ConnectionReport, SurveyResult, Target};
use deskside_model::link::{LinkAttempt, Trust};
use deskside_net::{AnyProvider, Http, ProviderClient, ProviderRefusal};
use deskside_os::paths::{self, PathFault};
use deskside_os::policy::{self, PolicyFault};
use deskside_os::probe::{Processes, Survey, probe_network};
use deskside_os::proxy::proxy_for;
use deskside_os::qwc_log::{self, Tail};
use deskside_os::registration;
use deskside_os::vault::Vault;
use jiff::Timestamp;
use url::Url;

use crate::store::{Store, StoreFault};

/// This user's profile as a program reads it that is not the companion. Only a companion writes it.
pub struct LocalProfile {
    /// Where it is.
    pub folder: PathBuf,
    /// What is remembered.
    pub saved: SavedState,
    /// The keyring.
    pub vault: Vault,
}

/// Why nothing can be looked at.
#[derive(Debug, thiserror::Error)]
pub enum LookFault {
    /// The profile folder cannot be used.
    #[error(transparent)]
    Path(#[from] PathFault),
    /// The policy cannot be used.
    #[error(transparent)]
    Policy(#[from] PolicyFault),
    /// The store does not work.
    #[error(transparent)]
    Store(#[from] StoreFault),
    /// The HTTP client cannot be made.
    #[error("the system's certificates cannot be used")]
    Http(#[from] reqwest::Error),
    /// The operating system refused something basic.
    #[error("the operating system refused")]
    System(#[from] std::io::Error),
}

impl LocalProfile {
    /// Opens the profile of this user.
    ///
    /// # Errors
    /// When its folder or its store cannot be used.
    pub fn open() -> Result<Self, LookFault> {
        let folder = paths::data_folder()?;
        let (_, saved) = Store::open(&folder)?;
        Ok(Self { folder, saved, vault: Vault::start()? })
    }

    /// The names of every secret that this profile may have.
    #[must_use]
    pub fn secret_names(&self) -> Vec<String> {
        let of_device = |device: &Device| [device.token_name(), device.signing_secret_name()];
        let direct = |connection: &&Connection| matches!(connection.origin, Origin::Direct { .. });
        let devices = self.saved.devices.iter().chain(&self.saved.leaving).flat_map(of_device);
        let keys = self.saved.connections.iter().filter(direct).map(Connection::key_name);
        let lives = self.saved.connections.iter().filter_map(|known| known.link.as_ref());
        let links = lives.filter(|life| life.kept().is_some()).map(LinkAttempt::vault_name);
        devices.chain(keys).chain(links).collect()
    }

    /// Whoever can be asked about a connection; `None` when there is nobody.
    async fn teller(
        &self,
        http: &Http,
        connection: &Connection,
    ) -> Option<Result<AnyProvider, Fault>> {
        if matches!(connection.origin, Origin::Link { .. }) {
            return None;
        }
        let Some(target) = Target::of(connection, device(&self.saved, connection), None) else {
            return Some(Err(Fault::Rejected));
        };
        let secret = self.vault.read(&target.secret_name()).await.map(Arc::new);
        Some(match secret {
            Ok(secret) => AnyProvider::new(http.clone(), target, secret).ok_or(Fault::Unusable),
            Err(fault) => Err(fault.into()),
        })
    }

    /// Asks passively about a connection; `None` when there is nobody to ask.
    pub async fn status(
        &self,
        http: &Http,
        connection: &Connection,
    ) -> Option<Result<RemoteStatus, Fault>> {
        let told = match self.teller(http, connection).await? {
            Ok(teller) => teller.statuses().await.answer,
            Err(fault) => Err(fault),
        };
        Some(told.map(|told| status_of(told, connection.remote_id())))
    }

    fn evidence(&self, connection: &Connection, remote: Remote) -> ConnectionEvidence {
        ConnectionEvidence::of(connection, device(&self.saved, connection), remote)
    }
}

fn device<'a>(saved: &'a SavedState, connection: &Connection) -> Option<&'a Device> {
    let id = connection.device()?;
    saved.devices.iter().find(|device| device.id == *id)
}

/// Makes a survey. Takes up to a few seconds.
pub(crate) fn survey(survey: &mut Survey) -> SurveyResult {
    let (setup, computer) = survey.probe();
    let scheme = registration::app().map_or_else(
        || Finding::Unknown("the app is not beside this program".into()),
        |app| registration::probe_scheme(&app),
    );
    SurveyResult { setup, computer, scheme }
}

/// The latest runs in the Web Connector's log, where it is.
#[must_use]
pub fn runs(log: &Finding<String>) -> Finding<Vec<Run>> {
    let path = match log {
        Finding::Known(path) => path,
        Finding::Absent => return Finding::Absent,
        Finding::Unknown(why) => return Finding::Unknown(why.clone()),
    };
    match Tail::new(path.into(), qwc_log::TailState::default()).read_new() {
        Ok(runs) => Finding::Known(runs),
        Err(why) => Finding::Unknown(why.to_string()),
    }
}

fn sync(log: &Finding<String>) -> Finding<Sync> {
    runs(log).map(|runs| Sync::of(&runs))
}

/// What a list says of one connection; one that is not on it is unknown.
fn status_of(told: Vec<ConnectionReport>, id: &str) -> RemoteStatus {
    told.into_iter().find(|one| one.id == id).map(|one| one.status).unwrap_or_default()
}

fn remote(answer: Option<Result<RemoteStatus, Fault>>) -> Remote {
    let (mut remote, now) = (Remote::default(), Timestamp::now());
    match answer {
        Some(Ok(status)) => remote.heard(status, now),
        Some(Err(fault)) => remote.failed(fault, now),
        None => {}
    }
    remote
}

async fn machine(profile: &LocalProfile) -> Machine {
    let mut machine = Machine { network: probe_network(), ..Machine::default() };
    Processes::new().probe().onto(&mut machine);
    survey(&mut Survey::new()).onto(&mut machine);
    machine.sync = sync(&machine.setup.log);
    machine.vault = profile.vault.probe().await;
    machine
}

/// The hosts to which the way is in question, and where they are: those that were asked and gave
/// no usable answer, and the applications whose newest run failed on the way.
fn ways(
    saved: &SavedState,
    machine: &Machine,
    connections: &[ConnectionEvidence],
    trust: &Trust,
) -> BTreeMap<String, Url> {
    let silent = |one: &&ConnectionEvidence| {
        let fault = one.remote.failing.as_ref().map(|failing| failing.fault);
        matches!(fault, Some(Fault::Unreachable | Fault::Unusable))
    };
    let address = |one: &ConnectionEvidence| {
        let connection = saved.connections.iter().find(|known| known.id == one.id)?;
        let url = connection.address(device(saved, connection))?;
        Some((url.host_str()?.to_owned(), url))
    };
    let mut ways = failing_applications(machine, connections, trust);
    ways.extend(connections.iter().filter(silent).filter_map(address));
    ways
}

/// Looks at the ways that are in question.
async fn walk(http: &Http, machine: &mut Machine, ways: BTreeMap<String, Url>) {
    for (host, url) in ways {
        let reach = http.probe_host(&url).await;
        machine.reach.push(Reachability { host, ..reach });
    }
}

/// Looks at everything, passively.
///
/// # Errors
/// When not even the profile can be opened.
pub async fn now() -> Result<Evidence, LookFault> {
    let (profile, http) = (LocalProfile::open()?, Http::new(proxy_for)?);
    let mut machine = machine(&profile).await;
    let mut connections = Vec::new();
    for connection in &profile.saved.connections {
        let answer = profile.status(&http, connection).await;
        connections.push(profile.evidence(connection, remote(answer)));
    }
    name_applications(&machine, &mut connections);
    let ways = ways(&profile.saved, &machine, &connections, &policy::trust()?);
    walk(&http, &mut machine, ways).await;
    Ok(Evidence { schema: 1, at: Timestamp::now(), machine, connections })
}

/// What an active check of one connection brought.
pub struct ConnectionCheck {
    /// Everything that was seen.
    pub evidence: Evidence,
    /// Why the check has no result, when it has none.
    pub refusal: Option<ProviderRefusal>,
}

/// Looks at this computer, and checks one connection actively; `None` when there is no such
/// connection or nobody who could check it.
///
/// # Errors
/// When no HTTP client can be made.
pub async fn check(
    profile: &LocalProfile,
    id: &ConnectionId,
) -> Result<Option<ConnectionCheck>, LookFault> {
    let Some(connection) = profile.saved.connections.iter().find(|known| known.id == *id) else {
        return Ok(None);
    };
    let http = Http::new(proxy_for)?;
    let Some(teller) = profile.teller(&http, connection).await else { return Ok(None) };
    let answer = match teller {
        Ok(teller) => teller.check(connection.remote_id()).await,
        Err(fault) => Err(fault.into()),
    };
    let refusal = answer.as_ref().err().cloned();
    let mut answer = Some(answer.map_err(Fault::from));
    // Which application is whose, only all of them together tell.
    let one = |known: &Connection| {
        let answer = if known.id == *id { answer.take() } else { None };
        profile.evidence(known, remote(answer))
    };
    let mut connections: Vec<ConnectionEvidence> =
        profile.saved.connections.iter().map(one).collect();
    let mut machine = machine(profile).await;
    name_applications(&machine, &mut connections);
    connections.retain(|connection| connection.id == *id);
    let ways = ways(&profile.saved, &machine, &connections, &policy::trust()?);
    walk(&http, &mut machine, ways).await;
    let evidence = Evidence { schema: 1, at: Timestamp::now(), machine, connections };
    Ok(Some(ConnectionCheck { evidence, refusal }))
}

#[cfg(test)]
mod tests {
    use deskside_model::connection::{Account, Mode};
    use deskside_model::link::Provider;

    use super::*;

    fn connection(id: &str, origin: Origin) -> Connection {
        let (company, provider) = (None, Some(Provider::Conductor));
        Connection { id: id.into(), company, provider, mode: Mode::Attended, origin, link: None }
    }

    fn direct(id: &str, base_url: Option<&str>) -> Connection {
        let account = Account::Conductor { end_user: "end_usr_1".into() };
        connection(id, Origin::Direct { account, base_url: base_url.map(str::to_owned) })
    }

    /// A computer with one connection of each kind.
    fn saved() -> SavedState {
        let device = Device {
            id: "app.larch.example/dev-1".into(),
            backend: serde_json::from_value("https://app.larch.example/".into()).unwrap(),
            account: "Larch".into(),
            heartbeat_seconds: 300,
            rejected: false,
            reports_refused: false,
        };
        let backend = Origin::Backend { device: device.id.clone() };
        let link = Origin::Link { host: "connect.conductor.is".into(), subject: None };
        let connections = vec![
            connection("link", link),
            connection("backend", backend),
            direct("direct", None),
            direct("sandbox", Some("http://127.0.0.1:9/v1")),
        ];
        SavedState { connections, devices: vec![device], ..SavedState::default() }
    }

    /// Where the way is looked at after everybody was asked with this result.
    fn looked_at(fault: Option<Fault>) -> Vec<(String, String)> {
        let saved = saved();
        let asked = |connection: &Connection| {
            let answer = fault.map_or_else(|| Ok(RemoteStatus::default()), Err);
            let device = device(&saved, connection);
            ConnectionEvidence::of(connection, device, remote(Some(answer)))
        };
        let connections: Vec<ConnectionEvidence> = saved.connections.iter().map(asked).collect();
        let ways = ways(&saved, &Machine::default(), &connections, &Trust::default());
        ways.into_iter().map(|(host, url)| (host, url.to_string())).collect()
    }

    #[test]
    fn the_way_to_whoever_gives_no_usable_answer_is_looked_at() {
        let all = [
            ("127.0.0.1", "http://127.0.0.1:9/v1"),
            ("api.conductor.is", "https://api.conductor.is/v1"),
            ("app.larch.example", "https://app.larch.example/"),
        ];
        let all = all.map(|(host, url)| (host.to_owned(), url.to_owned()));
        for fault in [Fault::Unreachable, Fault::Unusable] {
            assert_eq!(looked_at(Some(fault)), all, "{fault:?}");
        }
    }

    #[test]
    fn whoever_answers_is_not_looked_for() {
        for answer in [None, Some(Fault::Rejected), Some(Fault::NoCredential)] {
            assert_eq!(looked_at(answer), [], "{answer:?}");
        }
    }
}
