//! `connection list`.

use deskside_model::ConnectionId;
use deskside_model::connection::{Connection, Mode, Origin};
use deskside_model::evidence::{DataState, Evidence, Remote, RemoteState};
use deskside_model::link::{AttemptOutcome, AttemptStage, LinkAttempt, Provider};
use deskside_runtime::control::{self, Request};
use deskside_runtime::look::LocalProfile;
use jiff::Timestamp;
use serde::Serialize;

use super::device;
use crate::output::{CommandFailure, document, line};

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
    /// How it is, as the one who knows said at last; this and what follows are null also where no
    /// companion runs that could know it, or nobody answers it.
    status: Option<RemoteState>,
    /// How far the provider's own copying of data has come.
    data_state: Option<DataState>,
    /// When data last flowed.
    last_success_at: Option<Timestamp>,
}

/// The newest link, without anything that could open it.
#[derive(Serialize)]
struct Link {
    stage: &'static str,
    ending: Option<AttemptOutcome>,
    expires_at: Option<Timestamp>,
}

impl Link {
    fn of(life: &LinkAttempt) -> Self {
        let stage = match life.stage {
            AttemptStage::Agreed { .. } => "agreed",
            AttemptStage::Fetching { .. } => "fetching",
            AttemptStage::Opened { .. } => "opened",
            AttemptStage::Returned { .. } => "returned",
            AttemptStage::Over { .. } => "over",
        };
        Self { stage, ending: life.ending(), expires_at: life.runs_out() }
    }

    fn in_words(&self) -> String {
        let ending = self.ending.as_ref().and_then(word);
        let until = self.expires_at.map(|until| format!("until {until:.0}"));
        let said = [Some(self.stage.to_owned()), ending, until];
        said.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}

impl Listed<'_> {
    /// One line of the list, in columns; a dash for what is not known.
    fn row(&self) -> String {
        let columns = [
            Some(self.id.to_owned()),
            Some(self.name.clone()),
            Some(self.via.clone()),
            self.provider.as_ref().and_then(word),
            self.link.as_ref().map(Link::in_words),
            self.status.as_ref().and_then(word),
            self.data_state.as_ref().and_then(word),
            self.last_success_at.map(|at| format!("{at:.0}")),
        ];
        let in_one = |column: Option<String>| column.map_or("-".into(), |it| it.replace('\t', " "));
        columns.map(in_one).join("\t")
    }
}

/// A value's word in the document.
fn word(value: &impl Serialize) -> Option<String> {
    serde_json::to_value(value).ok()?.as_str().map(str::to_owned)
}

pub(crate) async fn run(profile: &LocalProfile, json: bool) -> Result<u8, CommandFailure> {
    let connections = &profile.saved.connections;
    // Where no companion runs, or it does not answer, nobody knows it.
    let evidence = control::ask::<Evidence>(&profile.folder, &Request::Evidence).await.ok();
    let listed = connections.iter().map(|connection| {
        let remote = remote(evidence.as_ref(), &connection.id);
        listed(connection, via(profile, connection), remote)
    });
    if json {
        document(&List { schema: 1, connections: listed.collect() })?;
    } else {
        listed.into_iter().try_for_each(|listed| line(&listed.row()))?;
    }
    Ok(0)
}

fn listed<'a>(connection: &'a Connection, via: String, remote: Option<&Remote>) -> Listed<'a> {
    let last = remote.and_then(|remote| remote.status.as_ref());
    // While nobody answers, the last good word is not today's.
    let now = last.filter(|_| remote.is_some_and(|remote| remote.failing.is_none()));
    Listed {
        id: connection.id.as_str(),
        name: connection.name(),
        provider: connection.provider,
        mode: connection.mode,
        origin: &connection.origin,
        company: connection.company.as_deref(),
        via,
        link: connection.link.as_ref().map(Link::of),
        status: now.map(|status| status.state),
        data_state: now.and_then(|status| status.data),
        last_success_at: last.and_then(|status| status.last_success_at),
    }
}

fn remote<'a>(evidence: Option<&'a Evidence>, id: &ConnectionId) -> Option<&'a Remote> {
    let found = evidence?.connections.iter().find(|connection| connection.id == *id)?;
    Some(&found.remote)
}

fn via(profile: &LocalProfile, connection: &Connection) -> String {
    let host = connection.host(device(profile, connection));
    let account = device(profile, connection).map(|device| device.account.clone());
    account.into_iter().chain(host).collect::<Vec<_>>().join(" · ")
}

#[cfg(test)]
mod tests {
    use deskside_model::evidence::RemoteStatus;
    use deskside_model::link::LinkFacts;

    use super::*;

    fn connection() -> Connection {
        let at = "2026-11-20T08:00:00Z".parse().unwrap();
        let link = LinkFacts {
            host: "link-api.codat.io".into(),
            provider: Provider::Codat,
            fingerprint: String::new(),
            until: Some("2026-11-20T08:30:00.5Z".parse().unwrap()),
            returns_with: None,
        };
        Connection {
            id: "con_1".into(),
            company: Some("Larch".into()),
            provider: Some(Provider::Codat),
            mode: Mode::Attended,
            origin: Origin::Backend { device: "dev".into() },
            link: Some(LinkAttempt::opened("1".into(), at, link)),
        }
    }

    fn remote() -> Remote {
        let status = RemoteStatus {
            state: RemoteState::Waiting,
            data: Some(DataState::Syncing),
            last_success_at: Some("2026-11-19T20:00:00Z".parse().unwrap()),
            ..RemoteStatus::default()
        };
        Remote { status: Some(status), ..Remote::default() }
    }

    #[test]
    fn a_line_tells_provider_link_state_and_last_success() {
        let connection = connection();
        let row = listed(&connection, "Larch · books.example".into(), Some(&remote())).row();
        assert_eq!(
            row.split('\t').collect::<Vec<_>>(),
            [
                "con_1",
                "Larch",
                "Larch · books.example",
                "codat",
                "opened until 2026-11-20T08:30:00Z",
                "waiting",
                "syncing",
                "2026-11-19T20:00:00Z",
            ]
        );
    }

    #[test]
    fn what_nobody_knows_now_is_not_told_as_known() {
        let connection = Connection { link: None, ..connection() };
        let failing =
            r#"{ "failing": { "since": "2026-11-20T08:00:00Z", "fault": "unreachable" } }"#;
        let silent = Remote { status: remote().status, ..serde_json::from_str(failing).unwrap() };
        let row = listed(&connection, String::new(), Some(&silent)).row();
        assert!(row.ends_with("\tcodat\t-\t-\t-\t2026-11-19T20:00:00Z"), "{row}");
        let row = listed(&connection, String::new(), None).row();
        assert!(row.ends_with("\tcodat\t-\t-\t-\t-"), "{row}");
    }
}
