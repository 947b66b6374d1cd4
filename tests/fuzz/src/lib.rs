//! What must hold for any input from outside: the Web Connector's log and setup files, links,
//! pasted messages, and evidence from a file.
//!
//! Each function takes any bytes and panics where its property does not hold. `cargo xtask fuzz`
//! searches for such bytes, guided by what code they reach, and begins with the files in `seeds`. The
//! unit tests check those files, so that a property that no longer compiles or holds is noticed.

#![forbid(unsafe_code)]

use std::borrow::Cow;

use deskside_health::{Scenario, Verdict, words};
use deskside_knowledge::look_up;
use deskside_model::evidence::run::Run;
use deskside_model::link::{LinkJudgment, LinkRequest, Trust, inspect, parse};
use deskside_webconnector::{Decoder, Parser, SetupFile};

/// The runs of a log do not depend on where its pieces end, and none ends before it starts. The first
/// byte is the length of the pieces.
///
/// # Panics
/// When that does not hold.
pub fn log(input: &[u8]) {
    let Some((length, log)) = input.split_first() else { return };
    let whole = runs(log, log.len());
    let in_pieces = runs(log, usize::from(*length));
    assert_eq!(whole, in_pieces, "the runs depend on pieces of {length} bytes");
    for run in &whole {
        let ends_first = run.ended.zip(run.started).is_some_and(|(end, start)| end < start);
        assert!(!ends_first, "it ends before it starts: {run:?}");
    }
}

fn runs(log: &[u8], length: usize) -> Vec<Run> {
    let (mut parser, mut decoder, mut runs) = (Parser::new(), Decoder::default(), Vec::new());
    for piece in log.chunks(length.max(1)) {
        runs.extend(parser.push(&decoder.decode(piece)));
    }
    runs.extend(parser.push(&decoder.finish()));
    runs.extend(parser.finish());
    runs
}

/// What is told about a link is what it is taken for, and an accepted one is encrypted.
///
/// # Panics
/// When that does not hold.
pub fn link(input: &[u8]) {
    let (text, trust) = (text(input), Trust::default());
    let told = inspect(&text, &trust);
    match parse(&text, &trust) {
        Ok(LinkRequest::Connect(link)) => {
            assert_eq!(told.verdict, LinkJudgment::Ask);
            assert_eq!(told.host.as_deref(), Some(link.host.as_str()));
            let url = link.url.reveal();
            assert!(url.starts_with("https://"), "not encrypted");
            assert!(url.contains(&link.host), "another host is shown than the one that is opened");
        }
        Ok(LinkRequest::Enroll(request)) => {
            assert_eq!(told.verdict, LinkJudgment::Ask);
            assert_eq!(told.host.as_deref(), Some(request.backend.host()));
        }
        Ok(LinkRequest::Return { .. } | LinkRequest::Open(_)) => {
            assert_eq!(told.verdict, LinkJudgment::Navigate);
        }
        Err(refused) => {
            assert_eq!(told.verdict, LinkJudgment::Reject);
            assert_eq!(told.reason, Some(refused.reason));
        }
    }
}

/// Every message gets an explanation, and the same one however its lines end.
///
/// # Panics
/// When that does not hold.
pub fn message(input: &[u8]) {
    let text = text(input);
    let said = look_up(&text).words();
    assert!(!said.title.is_empty() && !said.cause.is_empty(), "nothing is said");
    let other_lines = look_up(&text.replace("\r\n", "\n")).words();
    assert_eq!(said.title, other_lines.title, "the line ends decide what is said");
}

/// Whatever evidence says, a problem has a cause and steps in words, and nothing else has one.
///
/// # Panics
/// When that does not hold.
pub fn evidence(input: &[u8]) {
    let Ok(scenario) = Scenario::read(&text(input)) else { return };
    for (_, judged) in scenario.judged().into_iter().flatten() {
        let is_problem = judged.verdict == Verdict::Problem;
        assert_eq!(is_problem, !judged.roots.is_empty(), "{:?}", judged.verdict);
        for root in &judged.roots {
            let said = words(&root.problem);
            assert!(!said.title.is_empty() && !said.cause.is_empty(), "{:?}", root.problem.code);
            assert!(!said.steps.is_empty(), "{:?} has no step", root.problem.code);
        }
    }
}

/// What is told about a setup file repeats neither its user name nor its identifiers.
///
/// # Panics
/// When that does not hold.
pub fn setup_file(input: &[u8]) {
    let Ok(file) = SetupFile::read(input) else { return };
    let told = format!("{file:?}");
    let text = text(input);
    for element in ["UserName", "OwnerID", "FileID"] {
        let inner =
            text.split_once(&format!("<{element}>")).and_then(|(_, rest)| rest.split('<').next());
        let secret = inner.map(str::trim).filter(|inner| inner.len() > 20);
        assert!(!secret.is_some_and(|secret| told.contains(secret)), "{element} is told");
    }
}

fn text(input: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(input)
}
