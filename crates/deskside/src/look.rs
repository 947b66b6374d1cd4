//! One look without a running companion: for `diagnose`, and for checks on the command line.
//!
//! The rules are the companion's; only the waiting is left out.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;

use crate::companion::{Asked, Saved, Surveyed, Told};
use crate::connection::{Connection, Device, Origin};
use crate::evidence::log::{self, Tail};
use crate::evidence::{
    ConnectionEvidence, Evidence, Fault, Finding, Machine, Processes, Reach, Remote, RemoteStatus,
    Survey, Sync, look_at_network, name_applications, reach,
};
use crate::health::failing_applications;
use crate::link::{Life, Trust};
use crate::place::{self, PlaceFault};
use crate::provider::{Http, Provider, Teller};
use crate::registration;

use crate::store::{Store, StoreFault};
use crate::vault::Vault;

/// This user's profile, opened by a program that is not the companion.
pub struct Profile {
    /// Where it is.
    pub folder: PathBuf,
    /// What is remembered.
    pub saved: Saved,
    /// The keyring.
    pub vault: Vault,
    store: Store,
}

/// Why nothing can be looked at.
#[derive(Debug, thiserror::Error)]
pub enum LookFault {
    /// A place on this computer cannot be used.
    #[error(transparent)]
    Place(#[from] PlaceFault),
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

impl Profile {
    /// Opens the profile of this user.
    ///
    /// # Errors
    /// When its folder or its store cannot be used.
    pub fn open() -> Result<Self, LookFault> {
        let folder = place::data_folder()?;
        let (store, saved) = Store::open(&folder)?;
        Ok(Self { folder, saved, vault: Vault::start()?, store })
    }

    /// Keeps a change. Only for when no companion runs, which would not notice.
    ///
    /// # Errors
    /// When the store does not take it.
    pub fn save(&self, saved: &Saved) -> Result<(), StoreFault> {
        self.store.save(saved)
    }

    /// The names of every secret that this profile may have.
    #[must_use]
    pub fn secret_names(&self) -> Vec<String> {
        let of_device = |device: &Device| [device.token_name(), device.signing_secret_name()];
        let direct = |connection: &&Connection| matches!(connection.origin, Origin::Direct { .. });
        let devices = self.saved.devices.iter().chain(&self.saved.leaving).flat_map(of_device);
        let keys = self.saved.connections.iter().filter(direct).map(Connection::key_name);
        let lives = self.saved.connections.iter().filter_map(|known| known.link.as_ref());
        let links = lives.filter(|life| life.in_vault).map(Life::vault_name);
        devices.chain(keys).chain(links).collect()
    }

    fn device(&self, connection: &Connection) -> Option<&Device> {
        let id = connection.device()?;
        self.saved.devices.iter().find(|device| device.id == id)
    }

    /// Whoever can be asked about a connection; `None` when there is nobody.
    async fn teller(&self, http: &Http, connection: &Connection) -> Option<Result<Teller, Fault>> {
        let asked = match &connection.origin {
            Origin::Link { .. } => return None,
            Origin::Backend { .. } => match self.device(connection) {
                Some(device) => Asked::Backend(device.clone()),
                None => return Some(Err(Fault::Rejected)),
            },
            Origin::Direct { .. } => Asked::Direct(Box::new(connection.clone()), None),
        };
        let secret = self.vault.read(&asked.secret_name()).await.map(Arc::new);
        Some(match secret {
            Ok(secret) => Teller::new(http.clone(), asked, secret).ok_or(Fault::Unusable),
            Err(fault) => Err(fault.into()),
        })
    }

    /// Asks passively about a connection; `None` when there is nobody to ask.
    async fn status(
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
        ConnectionEvidence::of(connection, connection.host(self.device(connection)), remote)
    }
}

/// Makes a survey. Takes up to a few seconds.
pub(crate) fn survey(survey: &mut Survey) -> Surveyed {
    let (setup, computer) = survey.look();
    let scheme = registration::app().map_or_else(
        || Finding::Unknown("the app is not beside this program".into()),
        |app| registration::look_at_scheme(&app),
    );
    Surveyed { setup, computer, scheme }
}

/// Reads the end of the Web Connector's log, where it is.
fn sync(log: &Finding<String>) -> Finding<Sync> {
    let path = match log {
        Finding::Known(path) => path,
        Finding::Absent => return Finding::Absent,
        Finding::Unknown(why) => return Finding::Unknown(why.clone()),
    };
    match Tail::new(path.into(), log::Saved::default()).look() {
        Ok(runs) => Finding::Known(Sync::of(&runs)),
        Err(why) => Finding::Unknown(why.to_string()),
    }
}

/// What a list says of one connection; one that is not on it is unknown.
fn status_of(told: Vec<Told>, id: &str) -> RemoteStatus {
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

async fn machine(profile: &Profile) -> Machine {
    let mut machine = Machine { network: look_at_network(), ..Machine::default() };
    Processes::new().look().onto(&mut machine);
    survey(&mut Survey::new()).onto(&mut machine);
    machine.sync = sync(&machine.setup.log);
    machine.vault = profile.vault.probe().await;
    machine
}

/// Looks at the ways on which the applications' newest runs failed.
async fn walk(machine: &mut Machine, connections: &[ConnectionEvidence], trust: &Trust) {
    for (host, url) in failing_applications(machine, connections, trust) {
        let reach = reach(&url).await;
        machine.reach.push(Reach { host, ..reach });
    }
}

/// Looks at everything, passively.
///
/// # Errors
/// When not even the profile can be opened.
pub async fn now() -> Result<Evidence, LookFault> {
    let (profile, http) = (Profile::open()?, Http::new()?);
    let mut machine = machine(&profile).await;
    let mut connections = Vec::new();
    for connection in &profile.saved.connections {
        let answer = profile.status(&http, connection).await;
        connections.push(profile.evidence(connection, remote(answer)));
    }
    name_applications(&machine, &mut connections);
    walk(&mut machine, &connections, &place::trust()?).await;
    Ok(Evidence { schema: 1, at: Timestamp::now(), machine, connections })
}

/// Looks at this computer, and checks one connection actively; `None` when there is no such
/// connection or nobody who could check it.
///
/// # Errors
/// When no HTTP client can be made.
pub async fn check(profile: &Profile, id: &str) -> Result<Option<Evidence>, LookFault> {
    let Some(connection) = profile.saved.connections.iter().find(|known| known.id == id) else {
        return Ok(None);
    };
    let http = Http::new()?;
    let Some(teller) = profile.teller(&http, connection).await else { return Ok(None) };
    let answer = match teller {
        Ok(teller) => teller.check(connection.remote_id()).await,
        Err(fault) => Err(fault),
    };
    let mut answer = Some(answer);
    // Which application is whose, only all of them together tell.
    let one = |known: &Connection| {
        let answer = if known.id == id { answer.take() } else { None };
        profile.evidence(known, remote(answer))
    };
    let mut connections: Vec<ConnectionEvidence> =
        profile.saved.connections.iter().map(one).collect();
    let mut machine = machine(profile).await;
    name_applications(&machine, &mut connections);
    connections.retain(|connection| connection.id == id);
    walk(&mut machine, &connections, &place::trust()?).await;
    Ok(Some(Evidence { schema: 1, at: Timestamp::now(), machine, connections }))
}
