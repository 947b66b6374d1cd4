//! What Deskside reads from the Web Connector's log. Every name in it is invented.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod belonging;
mod damage;
mod format;
mod outcomes;
mod properties;
mod tail;

use deskside::evidence::log::{Failure, Outcome, Parser, Run};
use deskside::health::Cause;

const SOAP: &str = "QBWebConnector.SOAPWebService";
const SET_LOCK: &str = "QBWebConnector.RegistryManager.setUpdateLock()";

/// A record at this second of one minute.
fn at(second: u32, method: &str, text: &str) -> String {
    format!("20260505.13:07:{second:02} UTC\t: {method} : {text}\r\n")
}

/// A record of a run's own methods.
fn soap(method: &str, text: &str) -> String {
    at(2, &format!("{SOAP}.{method}()"), text)
}

fn start(app: &str) -> String {
    let text = format!("Performing SCHEDULED UPDATE for application = {app}");
    let stars = "*".repeat(21);
    let locked = at(1, SET_LOCK, &format!("{stars} Update session locked {stars}"));
    at(1, "UpdateThisScheduledApp()", &text) + &locked
}

fn ask(app: &str) -> String {
    let text = format!("Authenticating to application '{app}', username = 'larch-user'");
    soap("do_authenticate", &text)
}

fn answer(ticket: &str, work: &str) -> String {
    let text = format!(
        "Received from authenticate() following parameters:<authRet[0]=\"{ticket}\"><authRet[1]=\"{work}\"><authRet[2]=\"\">"
    );
    soap("do_authenticate", &text)
}

fn close() -> String {
    soap("DisconnectFromQB", "Ending session to QuickBooks.")
        + &soap("DisconnectFromQB", "Session ended and connection closed")
        + &soap("do_closeConnection", "Response received from application = OK")
}

fn unlock() -> String {
    let stars = "*".repeat(21);
    at(9, SET_LOCK, &format!("{stars} Update session unlocked {stars}"))
}

/// A run with an error of this text between its start and its end.
fn failing(method: &str, text: &str) -> String {
    start("Larch") + &ask("Larch") + &answer("t-1", "") + &soap(method, text) + &unlock()
}

fn runs(log: impl AsRef<[u8]>) -> Vec<Run> {
    let mut parser = Parser::new();
    let mut runs = parser.push(log.as_ref());
    runs.extend(parser.finish());
    runs
}

/// The only run in a log.
fn run(log: impl AsRef<[u8]>) -> Run {
    let [run] = runs(log).try_into().expect("one run");
    run
}

/// Why the only run in a log failed.
fn failure(log: impl AsRef<[u8]>) -> Failure {
    let run = run(log);
    let Outcome::Failed(failure) = run.outcome else { panic!("{run:?} has not failed") };
    failure
}

fn cause(log: impl AsRef<[u8]>) -> Cause {
    failure(log).cause
}

/// Each run's application and outcome.
fn told(runs: &[Run]) -> Vec<(&str, &str)> {
    runs.iter().map(|run| (run.app.as_deref().unwrap_or("?"), run.outcome.text())).collect()
}
