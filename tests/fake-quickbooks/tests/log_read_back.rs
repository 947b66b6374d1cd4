//! Deskside reads back what the fake Web Connector writes. Writer and reader were implemented
//! independently from the same public excerpts.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

use deskside_fake_quickbooks::log::header;
use deskside_fake_quickbooks::orders::Level as Order;
use deskside_fake_quickbooks::run::{
    Application, Exchange, Failure, Outcome, Run, Start, Step, Unreachable, records,
};
use deskside_model::Cause;
use deskside_model::evidence::run::{Level, Run as Told, RunOutcome as Seen};
use deskside_webconnector::Parser;
use jiff::Timestamp;

const VERSION: &str = "34.0.10010.76";
const AT: &str = "2026-05-05T13:07:21Z";

fn ordered(name: &str, outcome: Outcome) -> Run {
    let application = Application {
        name: name.into(),
        url: "https://sync.larch.example/qbwc".into(),
        user: "larch-sync".into(),
        company_file: r"C:\Books\Larch.QBW".into(),
    };
    Run { at: Some(AT.parse().unwrap()), lasts: 60, ..Run::new(application, outcome) }
}

fn written(run: &Run, level: Order) -> String {
    let records = records(run, Timestamp::UNIX_EPOCH, level, VERSION);
    let wanted = |step: &Step| run.stop_after.is_none_or(|last| *step <= last);
    records.iter().filter(|(step, _)| wanted(step)).map(|(_, record)| record.line()).collect()
}

fn read(log: &str) -> Vec<Told> {
    let mut parser = Parser::new();
    let mut runs = parser.push(log.as_bytes());
    runs.extend(parser.finish());
    runs
}

fn exchange() -> Exchange {
    let response = "<CustomerRet>QBWC1012 HRESULT = 0x80040414</CustomerRet>\n".repeat(50);
    Exchange { request: "<?xml version=\"1.0\"?><QBXML/>".into(), response }
}

fn hresult(code: &str) -> Failure {
    Failure { hresult: Some(code.into()), text: "text of QuickBooks".into() }
}

fn text_only(text: &str) -> Failure {
    Failure { hresult: None, text: text.into() }
}

/// Every failure that can be ordered, with the code, `HRESULT` and cause that must be read back.
fn failures() -> Vec<(Outcome, Option<u16>, Option<u32>, Cause)> {
    let unreachable = |why, cause| (Outcome::ServerUnreachable(why), Some(1012), None, cause);
    let failed = |code: &str, number, cause| {
        (Outcome::QuickBooksFailed(hresult(code)), Some(1013), Some(number), cause)
    };
    vec![
        (Outcome::WrongPassword, Some(1040), None, Cause::WrongPassword),
        unreachable(Unreachable::NameNotResolved, Cause::ServerUnreachable),
        unreachable(Unreachable::Refused, Cause::ServerUnreachable),
        unreachable(Unreachable::TimedOut, Cause::ServerUnreachable),
        unreachable(Unreachable::Dropped, Cause::ServerUnreachable),
        unreachable(Unreachable::Tls, Cause::Tls),
        unreachable(Unreachable::NotFound, Cause::WrongUrl),
        unreachable(Unreachable::Unauthorized, Cause::ServerResponse),
        unreachable(Unreachable::Html, Cause::ServerAuth),
        failed("0x80040408", 0x8004_0408, Cause::QuickbooksNotRunning),
        failed("0x80040414", 0x8004_0414, Cause::ModalDialog),
        failed("0x8004040A", 0x8004_040A, Cause::WrongCompanyFile),
        failed("80040410", 0x8004_0410, Cause::FileMode),
        failed("0x80040417", 0x8004_0417, Cause::NoCompany),
        failed("0x8004041A", 0x8004_041A, Cause::Consent),
        failed("0x8004041D", 0x8004_041D, Cause::AutoLogin),
        failed("0x80040154", 0x8004_0154, Cause::ComponentMissing),
        failed("0x80070005", 0x8007_0005, Cause::Elevation),
        failed("0x800706BA", 0x8007_06BA, Cause::QuickbooksCrashed),
        (
            Outcome::QuickBooksFailed(text_only("Could not start QuickBooks.")),
            Some(1013),
            None,
            Cause::QuickbooksNotRunning,
        ),
        (Outcome::RequestFailed(hresult("0x80040400")), None, Some(0x8004_0400), Cause::BadRequest),
        (
            Outcome::SendRequestFailed("Object reference not set".into()),
            Some(1041),
            None,
            Cause::ServerResponse,
        ),
        (
            Outcome::ReceiveResponseFailed("Index was outside".into()),
            Some(1042),
            None,
            Cause::ServerResponse,
        ),
    ]
}

#[test]
fn every_failure_is_read_back_with_its_cause() {
    for (outcome, code, hresult, cause) in failures() {
        for level in [Order::Debug, Order::Verbose] {
            for start in [Start::Scheduled, Start::Manual] {
                let order = Run { start, ..ordered("Larch's Orders - 2", outcome.clone()) };
                let [run] = read(&written(&order, level)).try_into().expect("one run");
                let Seen::Failed(failure) = &run.outcome else { panic!("{outcome:?}: {run:?}") };
                let found = (failure.code, failure.hresult, failure.cause);
                assert_eq!(found, (code, hresult, cause), "{outcome:?} {level:?}");
                assert_eq!(run.app.as_deref(), Some("Larch's Orders - 2"));
                assert_eq!(run.started.map(|at| at.to_string()).as_deref(), Some(AT));
            }
        }
    }
}

#[test]
fn runs_without_errors_are_read_back() {
    let error = Some("The remote name could not be resolved: 'x'".to_owned());
    for (outcome, expected) in [
        (Outcome::Ok { exchanges: vec![exchange(), exchange()] }, Seen::Ok),
        (Outcome::Ok { exchanges: vec![] }, Seen::Incomplete),
        (Outcome::OkNoWork, Seen::OkNoWork),
    ] {
        for level in [Order::Debug, Order::Verbose] {
            for server_version_error in [None, error.clone()] {
                let order = Run { server_version_error, ..ordered("Larch", outcome.clone()) };
                let [run] = read(&written(&order, level)).try_into().expect("one run");
                assert_eq!(run.outcome, expected, "{outcome:?} {level:?}");
                assert!(run.ended > run.started);
            }
        }
    }
}

#[test]
fn an_interrupted_run_is_incomplete_and_the_next_is_complete() {
    for step in [Step::Start, Step::Lock, Step::Application, Step::Versions, Step::Work] {
        let outcome = Outcome::Ok { exchanges: vec![exchange()] };
        let stopped = Run { stop_after: Some(step), ..ordered("Larch", outcome.clone()) };
        for next in ["Larch", "Otter"] {
            let log = written(&stopped, Order::Debug)
                + &written(&ordered(next, outcome.clone()), Order::Debug);
            let outcomes: Vec<_> = read(&log).into_iter().map(|run| run.outcome).collect();
            assert_eq!(outcomes, [Seen::Incomplete, Seen::Ok], "{step:?}, then {next}");
        }
    }
}

#[test]
fn a_failure_is_recognized_when_its_beginning_is_missing() {
    for (outcome, _, _, cause) in failures() {
        let log = written(&ordered("Larch", outcome.clone()), Order::Debug);
        let error = log.find("Sending error").or_else(|| log.find("QBWC10")).unwrap();
        let line_ends = log.match_indices("\r\n").map(|(at, end)| at + end.len());
        for begin in line_ends.filter(|begin| *begin < error) {
            let runs = read(&log[begin..]);
            let [Told { outcome: Seen::Failed(failure), .. }] = &runs[..] else {
                panic!("{outcome:?}: {runs:?} from {begin} on in {log}")
            };
            assert_eq!(failure.cause, cause, "{outcome:?} from {begin} on");
        }
    }
}

#[test]
fn the_header_and_the_exact_version_are_read_back() {
    for (order, level) in
        [(Order::Debug, Level::Debug), (Order::Verbose, Level::Verbose), (Order::None, Level::None)]
    {
        let head = header(AT.parse().unwrap(), VERSION, order);
        let mut parser = Parser::new();
        drop(parser.push(head.as_bytes()));
        assert_eq!(parser.header().level, Some(level));
        assert_eq!(parser.header().version.as_deref(), Some("34.0"));
        drop(parser.push(written(&ordered("Larch", Outcome::OkNoWork), order).as_bytes()));
        let exact = if order == Order::None { "34.0" } else { VERSION };
        assert_eq!(parser.header().version.as_deref(), Some(exact));
    }
}
