//! Sends each request of the Backend Protocol once to the backend of an enrollment link, which is read from
//! standard input and must be fresh. Prints one line for each request: `ok` or `FAILED`.
//!
//! Behind a proxy that compares requests and answers with the protocol's document, this shows that the
//! client complies with it. One report contains every problem and every argument.

use std::error::Error;
use std::fmt::Debug;
use std::io::{Write, stdin, stdout};

use deskside_companion::delivery::{DeliveryOutcome, PendingReport};
use deskside_companion::report::{
    Report, ReportKind, ReportedConnection, ReportedMachine, ReportedProblem, envelope,
};
use deskside_health::{Arguments, Code, Problem, Verdict};
use deskside_model::connection::Device;
use deskside_model::link::{LinkRequest, Trust, parse};
use deskside_model::{ProxyChoice, Secret};
use deskside_net::{
    Backend, Delivery, Http, NewDevice, ProviderClient, ReturnRoute, account, enroll,
};
use jiff::Timestamp;

type Done<T = ()> = Result<T, Box<dyn Error>>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Done {
    let mut text = String::new();
    stdin().read_line(&mut text)?;
    let trust = Trust { sandbox: true, ..Trust::default() };
    let Ok(LinkRequest::Enroll(request)) = parse(text.trim(), &trust) else {
        return Err("not an enrollment link".into());
    };
    let http = Http::new(|_| ProxyChoice::Direct)?;
    let (url, code) = (&request.backend, &request.code);
    let name = printed("account", account(&http, url, code).await)?;
    let NewDevice { enrolled, token, signing_secret } =
        printed("enroll", enroll(&http, url, code, name, "backend-calls").await)?;
    let backend = Backend::new(http, url.clone(), token);
    connections(&backend).await?;
    reports(&backend, &enrolled.device, &signing_secret).await?;
    printed("leave", backend.leave(&enrolled.device).await)
}

async fn connections(backend: &Backend) -> Done {
    let back = ReturnRoute { state: Secret::new("backend-calls.1_2~3".into()), receiver: None };
    let known = printed("statuses", backend.statuses().await.answer)?;
    let first = known.first().ok_or("a device without connections")?;
    printed("link", backend.link(&first.id, &back).await)?;
    printed("check", backend.check(&first.id).await)?;
    let offered = printed("integrations", backend.integrations().await)?;
    let offered = offered.first().ok_or("nothing can be connected")?;
    let new = printed("connect", backend.connect(&offered.key, &back).await)?;
    new.link.ok_or("a new connection without its link")?;
    printed("stop", backend.stop(&new.report.id).await)?;
    printed("remove", backend.remove(&new.report.id).await)
}

/// One report of each kind, with every verdict.
async fn reports(backend: &Backend, device: &Device, signing_secret: &Secret) -> Done {
    let verdicts =
        [Verdict::Healthy, Verdict::Ready, Verdict::Waiting, Verdict::Unknown, Verdict::Problem];
    let kinds = [ReportKind::Transition, ReportKind::Heartbeat];
    for (seq, kind) in (1..).zip(kinds) {
        let connections = verdicts.map(|verdict| ReportedConnection {
            id: format!("con_{verdict:?}"),
            verdict,
            problems: if verdict == Verdict::Problem { problems() } else { Vec::new() },
        });
        let report = Report {
            id: format!("evt_{seq}_{}", Timestamp::now().as_millisecond()),
            at: Timestamp::now(),
            kind,
            seq,
            boot_id: "backend-calls".to_owned(),
            app_version: deskside_model::VERSION,
            machine: ReportedMachine {
                quickbooks_running: Some(false),
                web_connector_running: None,
            },
            connections: connections.to_vec(),
        };
        let waiting = PendingReport { id: report.id.clone(), body: envelope(device, &report)? };
        let timestamp = Timestamp::now();
        let delivery = Delivery { report: &waiting, signing_secret, timestamp };
        let outcome = backend.deliver(&delivery).await.outcome;
        printed(
            "deliver",
            if outcome == DeliveryOutcome::Arrived { Ok(()) } else { Err(outcome) },
        )?;
    }
    Ok(())
}

fn problems() -> Vec<ReportedProblem> {
    let arguments = Arguments {
        host: Some("books.example".to_owned()),
        request_id: Some("req_1".to_owned()),
        integration_code: Some("0x80040420".to_owned()),
        minutes: Some(30),
        skew_minutes: Some(7),
        ..Arguments::default()
    };
    let reported = |(index, code): (usize, &Code)| ReportedProblem {
        problem: Problem::with(*code, arguments.clone()),
        severity: code.entry().severity,
        since: Timestamp::now(),
        root: index == 0,
    };
    Code::ALL.iter().enumerate().map(reported).collect()
}

fn printed<T, E: Debug>(call: &str, outcome: Result<T, E>) -> Done<T> {
    match outcome {
        Ok(value) => {
            writeln!(stdout(), "ok client: {call}")?;
            Ok(value)
        }
        Err(fault) => {
            writeln!(stdout(), "FAILED client: {call}: {fault:?}")?;
            Err(format!("{call} failed").into())
        }
    }
}
