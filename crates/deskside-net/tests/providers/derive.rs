//! The states derived from Codat's answers, row by row of the table.

use deskside_model::Secret;
use deskside_model::evidence::{DataState, RemoteState};
use deskside_net::codat::{
    CodatConnection, CodatFacts, ConnectionError, ConnectionStatus, DataSet, DataStatus, Derived,
    ErrorState, Progress, PullOperation, Syncing, derive,
};
use jiff::{Timestamp, Zoned};

/// A Thursday in the user's time zone.
fn now() -> Zoned {
    "2026-11-19T17:00:00-05:00[-05:00]".parse().unwrap()
}

fn at(text: &str) -> Option<Timestamp> {
    Some(text.parse().unwrap())
}

/// A connection created on Thursday morning.
fn connection(status: ConnectionStatus) -> CodatConnection {
    CodatConnection {
        id: "con".into(),
        integration_key: Some("pqsw".into()),
        platform_name: None,
        source_type: None,
        status,
        link_url: Some(Secret::new("https://link-api.codat.io/".into())),
        created: at("2026-11-19T09:00:00-05:00"),
        last_sync: None,
        errors: Vec::new(),
        info: Vec::new(),
    }
}

fn error(code: &str, message: &str, state: ErrorState, errored_on: &str) -> ConnectionError {
    ConnectionError {
        status_code: Some(code.into()),
        status_text: None,
        message: Some(message.into()),
        errored_on: at(errored_on),
        state,
    }
}

fn data(sets: &[Progress]) -> DataStatus {
    let set = |progress: Progress| DataSet {
        progress,
        word: Some(format!("{progress:?}")),
        last_successful_sync: None,
    };
    DataStatus(sets.iter().enumerate().map(|(n, one)| (format!("set{n}"), set(*one))).collect())
}

fn pull(progress: Progress, description: &str, requested: &str) -> PullOperation {
    PullOperation {
        id: "pull".into(),
        connection_id: Some("con".into()),
        data_type: Some("set0".into()),
        progress,
        description: Some(description.into()),
        error_message: Some("it did not work".into()),
        requested: at(requested),
        completed: None,
    }
}

/// The state of a connection with this data and these pulls.
fn derived(
    connection: &CodatConnection,
    sets: &[Progress],
    pulls: &[PullOperation],
    now: &Zoned,
) -> Derived {
    let (data, syncing) = (data(sets), Syncing::Ongoing);
    let connection = Some(connection);
    derive(&CodatFacts { connection, data: Some(&data), pulls: Some(pulls), now, syncing })
}

fn linked(sets: &[Progress]) -> (RemoteState, DataState) {
    let Derived { status, data } =
        derived(&connection(ConnectionStatus::Linked), sets, &[], &now());
    (status.state, data)
}

#[test]
fn company_without_a_connection_is_not_set_up() {
    let now = now();
    let facts = CodatFacts {
        connection: None,
        data: None,
        pulls: None,
        now: &now,
        syncing: Syncing::Ongoing,
    };
    assert_eq!(derive(&facts).status.state, RemoteState::NotSetUp);
}

#[test]
fn canceled_or_failed_linking_reports_its_reason() {
    let mut pending = connection(ConnectionStatus::PendingAuth);
    let plain = derived(&pending, &[], &[], &now()).status;
    assert_eq!((plain.state, plain.integration_code), (RemoteState::NotSetUp, None));
    pending.errors = vec![
        error("500", "older", ErrorState::Active, "2026-11-19T10:00:00Z"),
        error("403", "User cancelled", ErrorState::Active, "2026-11-19T11:00:00Z"),
        error("401", "over", ErrorState::Resolved, "2026-11-19T12:00:00Z"),
    ];
    let canceled = derived(&pending, &[], &[], &now()).status;
    assert_eq!(canceled.state, RemoteState::NotSetUp);
    assert_eq!(canceled.integration_code.as_deref(), Some("Codat 403"));
    assert_eq!(canceled.user_message.as_deref(), Some("User cancelled"));
}

#[test]
fn only_completed_data_is_healthy() {
    use Progress::{
        AuthError, Cancelled, Complete, Failed, Fetching, Never, NotSupported, Queued, Unknown,
        Working,
    };
    for (sets, expected) in [
        (&[Complete, NotSupported][..], (RemoteState::Healthy, DataState::Complete)),
        (&[Complete, Never], (RemoteState::Healthy, DataState::Complete)),
        (&[Complete, Never, Cancelled], (RemoteState::Unknown, DataState::Unknown)),
        (&[Cancelled], (RemoteState::Unknown, DataState::Unknown)),
        (&[Cancelled, Queued], (RemoteState::Waiting, DataState::Waiting)),
        (&[NotSupported], (RemoteState::Unknown, DataState::Unknown)),
        (&[Complete, Unknown], (RemoteState::Unknown, DataState::Unknown)),
        (&[Complete, Failed], (RemoteState::Broken, DataState::Failed)),
        (&[Unknown, Failed], (RemoteState::Broken, DataState::Failed)),
        (&[Failed, AuthError], (RemoteState::Deauthorized, DataState::Reauthorize)),
        (&[Complete, Queued], (RemoteState::Waiting, DataState::Waiting)),
        (&[Complete, Queued, Working], (RemoteState::Waiting, DataState::Syncing)),
        (&[Fetching], (RemoteState::Waiting, DataState::Syncing)),
        (&[Never], (RemoteState::Waiting, DataState::Waiting)),
        (&[], (RemoteState::Waiting, DataState::Waiting)),
    ] {
        assert_eq!(linked(sets), expected, "{sets:?}");
    }
}

#[test]
fn only_linked_connections_can_be_healthy() {
    for (status, expected) in [
        (ConnectionStatus::Deauthorized, RemoteState::Deauthorized),
        (ConnectionStatus::Unlinked, RemoteState::Unlinked),
        (ConnectionStatus::PendingAuth, RemoteState::NotSetUp),
        (ConnectionStatus::Unknown("Paused".into()), RemoteState::Unknown),
    ] {
        let found = derived(&connection(status), &[Progress::Complete], &[], &now());
        assert_eq!((found.status.state, found.data), (expected, DataState::Complete));
    }
}

#[test]
fn linked_connection_without_data_status_is_unknown() {
    let (connection, now) = (connection(ConnectionStatus::Linked), now());
    let facts = CodatFacts {
        connection: Some(&connection),
        data: None,
        pulls: None,
        now: &now,
        syncing: Syncing::Ongoing,
    };
    assert_eq!(derive(&facts).status.state, RemoteState::Unknown);
    assert_eq!(derive(&facts).data, DataState::Unknown);
}

#[test]
fn completed_one_time_transfer_is_healthy() {
    let (connection, now) = (connection(ConnectionStatus::Deauthorized), now());
    for (sets, syncing, expected) in [
        (Progress::Complete, Syncing::Once, RemoteState::Healthy),
        (Progress::Complete, Syncing::Ongoing, RemoteState::Deauthorized),
        (Progress::Queued, Syncing::Once, RemoteState::Deauthorized),
        (Progress::Unknown, Syncing::Once, RemoteState::Deauthorized),
    ] {
        let data = data(&[sets]);
        let (connection, data) = (Some(&connection), Some(&data));
        let facts = CodatFacts { connection, data, pulls: None, now: &now, syncing };
        assert_eq!(derive(&facts).status.state, expected, "{sets:?}");
    }
}

#[test]
fn failed_data_reports_the_newest_message() {
    let connection = connection(ConnectionStatus::Linked);
    let older = pull(Progress::Failed, "", "2026-11-18T00:00:00Z");
    let newer = PullOperation {
        error_message: Some("newest".into()),
        ..pull(Progress::Failed, "", "2026-11-19T00:00:00Z")
    };
    let of_another = PullOperation {
        connection_id: Some("other".into()),
        ..pull(Progress::Failed, "", "2026-11-19T12:00:00Z")
    };
    let found =
        derived(&connection, &[Progress::Failed], &[older, of_another, newer], &now()).status;
    assert_eq!(found.integration_code.as_deref(), Some("Failed"));
    assert_eq!(found.user_message.as_deref(), Some("newest"));
}

/// The state of a linked connection whose data has been queued since then.
fn queued(since: &str, now: &str) -> RemoteState {
    let pulls = [pull(Progress::Queued, "", since)];
    let connection = connection(ConnectionStatus::Linked);
    derived(&connection, &[Progress::Queued], &pulls, &now.parse().unwrap()).status.state
}

#[test]
fn computer_is_inactive_only_after_a_whole_schedule() {
    let monday = "2026-11-16T09:00:00-05:00";
    assert_eq!(queued(monday, "2026-11-17T09:00:00-05:00[-05:00]"), RemoteState::Waiting);
    assert_eq!(queued(monday, "2026-11-17T09:00:01-05:00[-05:00]"), RemoteState::Inactive);
    // A clock that was set back proves nothing
    assert_eq!(queued(monday, "2026-11-01T09:00:00-05:00[-05:00]"), RemoteState::Waiting);
}

#[test]
fn weekend_in_the_users_time_zone_extends_the_schedule() {
    let friday = "2026-11-20T09:00:00-05:00";
    assert_eq!(queued(friday, "2026-11-23T09:00:00-05:00[-05:00]"), RemoteState::Waiting);
    assert_eq!(queued(friday, "2026-11-23T09:00:01-05:00[-05:00]"), RemoteState::Inactive);
    let sunday = "2026-11-22T22:00:00-05:00";
    assert_eq!(queued(sunday, "2026-11-25T21:00:00-05:00[-05:00]"), RemoteState::Waiting);
    // Thursday evening in New York is Friday in London, where the next day is Saturday
    let thursday = "2026-11-19T20:00:00-05:00";
    assert_eq!(queued(thursday, "2026-11-20T21:00:00-05:00[-05:00]"), RemoteState::Inactive);
    assert_eq!(queued(thursday, "2026-11-21T02:00:00+00:00[+00:00]"), RemoteState::Waiting);
}

#[test]
fn fetch_waiting_for_the_web_connector_counts_as_waiting() {
    let connection = connection(ConnectionStatus::Linked);
    let late: Zoned = "2026-11-18T12:00:00-05:00[-05:00]".parse().unwrap();
    for (text, state, data) in [
        (
            "Waiting for asynchronous response from third party",
            RemoteState::Inactive,
            DataState::Waiting,
        ),
        ("Fetching page 2", RemoteState::Waiting, DataState::Syncing),
    ] {
        let pulls = [pull(Progress::Fetching, text, "2026-11-16T09:00:00-05:00")];
        let found = derived(&connection, &[Progress::Fetching], &pulls, &late);
        assert_eq!((found.status.state, found.data), (state, data), "{text}");
    }
}

#[test]
fn lateness_counts_from_newest_success_and_requires_a_time() {
    let mut connection = connection(ConnectionStatus::Linked);
    let late: Zoned = "2026-12-18T12:00:00-05:00[-05:00]".parse().unwrap();
    let found =
        |connection: &CodatConnection| derived(connection, &[Progress::Queued], &[], &late).status;
    assert_eq!(found(&connection).state, RemoteState::Inactive);
    connection.last_sync = at("2026-12-18T03:00:00-05:00");
    assert_eq!(found(&connection).state, RemoteState::Waiting);
    assert_eq!(found(&connection).last_success_at, connection.last_sync);
    connection.created = None;
    connection.last_sync = None;
    assert_eq!(found(&connection).state, RemoteState::Waiting);
}

#[test]
fn overdue_connection_without_requested_data_is_unknown() {
    let connection = connection(ConnectionStatus::Linked);
    let late: Zoned = "2026-12-18T12:00:00-05:00[-05:00]".parse().unwrap();
    assert_eq!(derived(&connection, &[], &[], &late).status.state, RemoteState::Unknown);
}
