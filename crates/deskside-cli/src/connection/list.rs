//! `connection list`.

use deskside::connection::{Connection, Mode, Origin};
use deskside::control::{self, Request};
use deskside::evidence::Evidence;
use deskside::link::{Ending, Life, Provider, Stage};
use deskside::look::Profile;
use jiff::Timestamp;
use serde::Serialize;

use super::device;
use crate::output::{Failure, document, line};

/// The document of `connection list --json`.
#[derive(Serialize)]
struct List<'a> {
    schema: u32,
    connections: Vec<Listed<'a>>,
}

#[derive(Serialize)]
struct Listed<'a> {
    id: &'a str,
    name: String,
    provider: Option<Provider>,
    mode: Mode,
    origin: &'a Origin,
    company: Option<&'a str>,
    /// Who asks for the data, and where that is.
    via: String,
    link: Option<Link>,
    /// When data last flowed; null also where no companion runs that could know it.
    last_success_at: Option<Timestamp>,
}

/// The newest link, without anything that could open it.
#[derive(Serialize)]
struct Link {
    stage: &'static str,
    ending: Option<Ending>,
    expires_at: Option<Timestamp>,
}

impl Link {
    const fn of(life: &Life) -> Self {
        let stage = match life.stage {
            Stage::Agreed { .. } => "agreed",
            Stage::Fetching { .. } => "fetching",
            Stage::Opened { .. } => "opened",
            Stage::Returned { .. } => "returned",
            Stage::Over { .. } => "over",
        };
        Self { stage, ending: life.ending(), expires_at: life.runs_out() }
    }
}

pub(crate) async fn run(profile: &Profile, json: bool) -> Result<u8, Failure> {
    let connections = &profile.saved.connections;
    if !json {
        for connection in connections {
            let via = via(profile, connection);
            line(&format!("{}\t{}\t{via}", connection.id, connection.name().replace('\t', " ")))?;
        }
        return Ok(0);
    }
    // Where no companion runs, or it does not answer, nobody knows it.
    let evidence = control::ask::<Evidence>(&profile.folder, &Request::Evidence).await.ok();
    let listed = connections.iter().map(|connection| Listed {
        id: &connection.id,
        name: connection.name(),
        provider: connection.provider,
        mode: connection.mode,
        origin: &connection.origin,
        company: connection.company.as_deref(),
        via: via(profile, connection),
        link: connection.link.as_ref().map(Link::of),
        last_success_at: last_success(evidence.as_ref(), &connection.id),
    });
    document(&List { schema: 1, connections: listed.collect() })?;
    Ok(0)
}

fn last_success(evidence: Option<&Evidence>, id: &str) -> Option<Timestamp> {
    let found = evidence?.connections.iter().find(|connection| connection.id == id)?;
    found.remote.status.as_ref()?.last_success_at
}

fn via(profile: &Profile, connection: &Connection) -> String {
    let host = connection.host(device(profile, connection));
    let account = device(profile, connection).map(|device| device.account.clone());
    account.into_iter().chain(host).collect::<Vec<_>>().join(" · ")
}
