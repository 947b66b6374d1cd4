//! `connection check` and `connection stop`.

use deskside_companion::{ConnectionSummary, Summary};
use deskside_model::ConnectionId;
use deskside_model::connection::{Account, Origin};
use deskside_model::evidence::{Evidence, Fault, RemoteState, RemoteStatus};
use deskside_net::ProviderClient as _;
use deskside_runtime::control::{CheckResult, Request};
use deskside_runtime::look::{self, ConnectionCheck, LocalProfile};

use super::{Said, known, refused, teller, teller_name};
use crate::companion::{self, Performer};
use crate::output::{CommandFailure, complain, say};
use crate::status;

pub(crate) async fn check(
    profile: &LocalProfile,
    id: &ConnectionId,
    json: bool,
) -> Result<u8, CommandFailure> {
    let checked = look::check(profile, id)
        .await
        .map_err(|why| CommandFailure::new("nothing could be looked at", why))?
        .ok_or_else(|| {
            CommandFailure::plain(format!("there is no connection {id} that can be checked"))
        })?;
    let mut summary = Summary::of_moment(&checked.evidence);
    let answer = answer(&checked.evidence);
    if let Some(answer) = &answer {
        summary.running = tell(profile, id, answer.clone()).await;
    }
    summary.connections.retain(|connection: &ConnectionSummary| connection.id == *id);
    let code = status::print(&summary, json)?;
    said_of_nothing_else(&checked, answer).repeat();
    Ok(code)
}

/// What was said where it comes to no problem that could repeat it.
fn said_of_nothing_else(
    checked: &ConnectionCheck,
    answer: Option<Result<RemoteStatus, Fault>>,
) -> Said {
    match (&checked.refusal, answer) {
        (Some(refusal), _) => Said::from(refusal),
        (None, Some(Ok(status))) if status.state == RemoteState::Unknown => Said::from(&status),
        (None, _) => Said::default(),
    }
}

/// What the one look says of the one connection.
fn answer(evidence: &Evidence) -> Option<Result<RemoteStatus, Fault>> {
    let remote = &evidence.connections.first()?.remote;
    match &remote.failing {
        Some(failing) => Some(Err(failing.fault)),
        None => remote.status.clone().map(Ok),
    }
}

/// Tells the companion what was answered about a connection; false when none runs. One that does not
/// hear it asks in its own time.
pub(crate) async fn tell(
    profile: &LocalProfile,
    id: &ConnectionId,
    answer: Result<RemoteStatus, Fault>,
) -> bool {
    let told = CheckResult { connection: id.to_owned(), answer };
    match companion::carry_out(&profile.folder, Request::Told(Box::new(told))).await {
        Ok(by) => by == Performer::Running,
        Err(why) => {
            complain(&why);
            true
        }
    }
}

pub(crate) async fn stop(profile: &LocalProfile, id: &ConnectionId) -> Result<u8, CommandFailure> {
    let connection = known(profile, id)?;
    let name = teller_name(profile, &connection);
    if let Origin::Direct { account: Account::Conductor { .. }, .. } = &connection.origin {
        return Err(CommandFailure::plain(
            "Conductor cannot stop a connection; delete its end user there, then remove it here",
        ));
    }
    let stopped = teller(profile, &connection).await?.stop(connection.remote_id()).await;
    stopped.map_err(|refusal| refused("not stopped", &refusal, &name))?;
    let status = RemoteStatus { state: RemoteState::Unlinked, ..RemoteStatus::default() };
    tell(profile, id, Ok(status)).await;
    say(&format!(
        "Stopped: no more data flows. What {name} has copied so far stays there, and `connection \
         link {id}` starts it again."
    ));
    Ok(0)
}
