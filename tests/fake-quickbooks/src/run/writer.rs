//! The log records of one update, from its start to its unlock.
//!
//! The lines are those of Intuit's guide and of public excerpts. Assumed, because no excerpt shows
//! it: the layout of QBWC1013 and QBWC1040, that only the unlock follows `NONE`, and the position
//! of QBWC1031.

use jiff::{SignedDuration, Timestamp};

use super::{Application, Exchange, Failure, Outcome, Run, Start, Step, Unreachable};
use crate::log::{Record, xml};
use crate::orders::Level;

/// The records of a run, each with its step. `version` is the Web Connector's.
///
/// At level `NONE` there are none.
#[must_use]
pub fn records(run: &Run, now: Timestamp, level: Level, version: &str) -> Vec<(Step, Record)> {
    if level == Level::None {
        return Vec::new();
    }
    let mut writer = Writer { run, level, lines: Vec::new() };
    writer.start();
    writer.lock();
    writer.application();
    writer.versions(version);
    writer.authenticate();
    writer.work();
    writer.unlock();
    let last = i64::try_from(writer.lines.len().saturating_sub(1)).unwrap_or(i64::MAX).max(1);
    let (first, lasts) = (run.at.unwrap_or(now), i64::from(run.lasts));
    let lines = writer.lines.into_iter().zip(0_i64..);
    lines
        .map(|((step, method, text), place)| {
            let at = first + SignedDuration::from_secs(lasts * place / last);
            (step, Record { at, method, text })
        })
        .collect()
}

/// The ticket of the update's session; its value does not matter.
const TICKET: &str = "3b0c7f52-61de-4c0a-9a57-5f1d2c8e9046";
const LOCK_VALUE: &str = r"HKEY_CURRENT_USER\Software\Intuit\QBWebConnector\UpdateLock";

const SCHEDULED: &str = "UpdateThisScheduledApp()";
const MANUAL: &str = "QBWebConnector.WebServiceManager.DoUpdateSelected()";
const GET_LOCK: &str = "QBWebConnector.RegistryManager.getUpdateLock()";
const SET_LOCK: &str = "QBWebConnector.RegistryManager.setUpdateLock()";
const APPLICATION: &str = "QBWebConnector.SOAPWebService.instantiateWebService()";
const SERVER_VERSION: &str = "QBWebConnector.SOAPWebService.do_serverVersion()";
const CLIENT_VERSION: &str = "QBWebConnector.SOAPWebService.do_clientVersion()";
const AUTHENTICATE: &str = "QBWebConnector.SOAPWebService.do_authenticate()";
const UPDATE: &str = "QBWebConnector.SOAPWebService.updateWS()";
const CONNECTION_ERROR: &str = "QBWebConnector.SOAPWebService.do_connectionError()";
const SEND_REQUEST: &str = "QBWebConnector.SOAPWebService.do_sendRequestXML()";
const PROCESS_REQUEST: &str = "QBWebConnector.SOAPWebService.ProcessRequestXML()";
const RECEIVE_RESPONSE: &str = "QBWebConnector.SOAPWebService.do_receiveResponseXML()";
const UNLOCK_FILE: &str = "QBWebConnector.CompanyFileLock.unsetLock()";
const DISCONNECT: &str = "QBWebConnector.SOAPWebService.DisconnectFromQB()";
const CLOSE: &str = "QBWebConnector.SOAPWebService.do_closeConnection()";

struct Writer<'a> {
    run: &'a Run,
    level: Level,
    lines: Vec<(Step, &'static str, String)>,
}

impl Writer<'_> {
    fn add(&mut self, step: Step, method: &'static str, text: impl Into<String>) {
        self.lines.push((step, method, text.into()));
    }

    fn start(&mut self) {
        let name = &self.run.application.name;
        let (method, text) = match self.run.start {
            Start::Scheduled => {
                (SCHEDULED, format!("Performing SCHEDULED UPDATE for application = {name}"))
            }
            Start::Manual => (MANUAL, format!("updateWS() for application = '{name}' has STARTED")),
        };
        self.add(Step::Start, method, text);
    }

    fn lock(&mut self) {
        self.add(Step::Lock, GET_LOCK, format!("{LOCK_VALUE} = FALSE"));
        self.add(Step::Lock, SET_LOCK, format!("{LOCK_VALUE} has been set to True"));
        self.add(Step::Lock, SET_LOCK, starred("Update session locked"));
    }

    fn application(&mut self) {
        let Application { name, url, .. } = &self.run.application;
        let text = "Initiated connection to the following application.";
        self.add(Step::Application, APPLICATION, text);
        self.add(Step::Application, APPLICATION, format!("AppName: {name}"));
        let unique = format!("AppUniqueName (if available): {name}");
        self.add(Step::Application, APPLICATION, unique);
        self.add(Step::Application, APPLICATION, format!("AppURL: {url}"));
    }

    /// An unreachable application already fails here, but the update goes on to `authenticate`.
    fn versions(&mut self, version: &str) {
        let unreachable = self.unreachable();
        let error = unreachable.clone().or_else(|| self.run.server_version_error.clone());
        self.add(Step::Versions, SERVER_VERSION, "*** Calling serverVersion().");
        let answer = version_answer("serverVersion", error.as_deref(), "3.0.2.0");
        self.add(Step::Versions, SERVER_VERSION, answer);
        let call = "*** Calling clientVersion() with following parameter:";
        let parameter = format!("<productVersion=\"{version}\">");
        self.add(Step::Versions, CLIENT_VERSION, format!("{call}{parameter}"));
        let answer = version_answer("clientVersion", unreachable.as_deref(), "");
        self.add(Step::Versions, CLIENT_VERSION, answer);
        if unreachable.is_none() {
            let agrees = "This application agrees with the current version of QBWebConnector. \
                          Allowing update operation.";
            self.add(Step::Versions, CLIENT_VERSION, agrees);
        }
    }

    fn authenticate(&mut self) {
        let Application { name, user, company_file, .. } = &self.run.application;
        let text = format!("Authenticating to application '{name}', username = '{user}'");
        self.add(Step::Authenticate, AUTHENTICATE, text);
        let call = "*** Calling authenticate() with following parameters:";
        let parameters = format!("<userName=\"{user}\"><password=<MaskedForSecurity>");
        self.add(Step::Authenticate, AUTHENTICATE, format!("{call}{parameters}"));
        let (ticket, work) = match &self.run.outcome {
            Outcome::ServerUnreachable(_) => return self.fail_to_authenticate(),
            Outcome::WrongPassword => ("", "nvu"),
            Outcome::OkNoWork => (TICKET, "NONE"),
            Outcome::Ok { .. }
            | Outcome::QuickBooksFailed(_)
            | Outcome::RequestFailed(_)
            | Outcome::SendRequestFailed(_)
            | Outcome::ReceiveResponseFailed(_) => (TICKET, company_file.as_str()),
        };
        let received = "Received from authenticate() following parameters:";
        let answer = format!(
            "{received}<authRet[0]=\"{ticket}\"><authRet[1]=\"{work}\"><authRet[2]=\"\"><authRet[3]=\"\">"
        );
        self.add(Step::Authenticate, AUTHENTICATE, answer);
        if self.run.outcome == Outcome::WrongPassword {
            let text = "QBWC1040: Web connector did not provide a valid username and/or password.";
            self.add(Step::Authenticate, AUTHENTICATE, text);
        }
    }

    fn fail_to_authenticate(&mut self) {
        let message = self.unreachable().unwrap_or_default();
        let code = "QBWC1012: Authentication failed due to following error message.";
        let method = "authenticate(String& ticket, String& companyFileName)";
        self.add(Step::Authenticate, AUTHENTICATE, fault(code, &message, method));
    }

    fn work(&mut self) {
        match &self.run.outcome {
            Outcome::OkNoWork | Outcome::WrongPassword | Outcome::ServerUnreachable(_) => return,
            Outcome::Ok { exchanges } => self.exchange_all(exchanges),
            Outcome::QuickBooksFailed(failure) => return self.fail_to_connect(failure),
            Outcome::RequestFailed(failure) => self.fail_to_process(failure),
            Outcome::SendRequestFailed(message) => {
                let code = "QBWC1041: SendRequestXML failed due to following error message.";
                let method = "do_sendRequestXML(String ticket)";
                self.add(Step::Work, SEND_REQUEST, fault(code, message, method));
            }
            Outcome::ReceiveResponseFailed(message) => {
                self.request(1, &default_exchange().request);
                let code = "QBWC1042: ReceiveResponseXML failed due to following error message.";
                let method = "do_receiveResponseXML(String ticket)";
                self.add(Step::Work, RECEIVE_RESPONSE, fault(code, message, method));
            }
        }
        self.close();
    }

    fn fail_to_connect(&mut self, failure: &Failure) {
        let code =
            "QBWC1013: Error connecting to QuickBooks. Returning error message to application.";
        self.add(Step::Work, UPDATE, format!("{code}\n{}", failure_lines(failure)));
        let Failure { hresult, text } = failure;
        let hresult = hresult.as_deref().unwrap_or_default();
        let call = "*** Calling connectionError() with following parameters:";
        let parameters =
            format!("<wcTicket=\"{TICKET}\"><hresult=\"{hresult}\"><message=\"{text}\">");
        self.add(Step::Work, CONNECTION_ERROR, format!("{call}{parameters}"));
        let answer = "Received from connectionError() following parameter:";
        self.add(Step::Work, CONNECTION_ERROR, format!("{answer}<connectionErrorRet=\"done\">"));
    }

    fn exchange_all(&mut self, exchanges: &[Exchange]) {
        for (number, Exchange { request, response }) in (1_usize..).zip(exchanges) {
            self.request(number, request);
            let size = response.len();
            let text = format!("Response received from QuickBooks: size (bytes) = {size}");
            self.add(Step::Work, PROCESS_REQUEST, text);
            self.add(Step::Work, PROCESS_REQUEST, "Sending response back to application.");
            let done = number * 100 / exchanges.len();
            self.response(response, &done.to_string());
        }
    }

    fn request(&mut self, number: usize, request: &str) {
        self.add(Step::Work, SEND_REQUEST, "Request xml received.");
        self.add(Step::Work, PROCESS_REQUEST, format!("Processing request #{number}"));
        let size = request.len();
        let text = format!("REQUEST: received from application: size (bytes) = {size}");
        self.add(Step::Work, PROCESS_REQUEST, text);
        self.add(Step::Work, PROCESS_REQUEST, "Sending request to QuickBooks.");
    }

    fn fail_to_process(&mut self, failure: &Failure) {
        let Exchange { request, .. } = default_exchange();
        self.request(1, &request);
        let message = failure_lines(failure);
        let text = format!("Sending error message back to application:\n{message}");
        self.add(Step::Work, PROCESS_REQUEST, text);
        let request = xml(self.level, &request);
        let text = format!("XML dump follows: -\n\nRequest that failed:\n\n{request}\n");
        self.add(Step::Work, PROCESS_REQUEST, text);
        self.response("", "-101");
    }

    fn response(&mut self, response: &str, done: &str) {
        let call = "*** Calling receiveResponseXML() with following parameters:";
        self.add(Step::Work, RECEIVE_RESPONSE, call);
        self.add(Step::Work, RECEIVE_RESPONSE, format!("wcTicket=\"{TICKET}\""));
        self.add(Step::Work, RECEIVE_RESPONSE, "response =");
        let response = xml(self.level, response);
        self.add(Step::Work, RECEIVE_RESPONSE, format!("XML dump follows: -\n\n{response}\n"));
        let answer = "Received from receiveResponseXML() following parameter:";
        let answer = format!("{answer}<receiveResponseXMLRet=\"{done}\">");
        self.add(Step::Work, RECEIVE_RESPONSE, answer);
    }

    fn close(&mut self) {
        self.add(Step::Close, UNLOCK_FILE, "Company file has been unlocked.");
        self.add(Step::Close, DISCONNECT, "Ending session to QuickBooks.");
        self.add(Step::Close, DISCONNECT, "Session ended and connection closed");
        self.add(Step::Close, CLOSE, "Response received from application = OK");
    }

    fn unlock(&mut self) {
        self.add(Step::Unlock, SET_LOCK, format!("{LOCK_VALUE} has been set to False"));
        self.add(Step::Unlock, SET_LOCK, starred("Update session unlocked"));
        let failed = !matches!(self.run.outcome, Outcome::Ok { .. } | Outcome::OkNoWork);
        if failed && self.run.start == Start::Scheduled {
            let text = "QBWC1031: Update completed with some error. Application has been notified \
                        of the error accordingly. See QWCLog for further information.";
            self.add(Step::Unlock, SCHEDULED, text);
        }
    }

    /// The error of every call to an unreachable application.
    fn unreachable(&self) -> Option<String> {
        let Outcome::ServerUnreachable(reason) = &self.run.outcome else { return None };
        Some(match reason {
            Unreachable::NameNotResolved => {
                let host = host(&self.run.application.url);
                format!("The remote name could not be resolved: '{host}'")
            }
            Unreachable::Refused => "Unable to connect to the remote server".into(),
            Unreachable::TimedOut => "The operation has timed out".into(),
            Unreachable::Dropped => {
                "The request was aborted: The connection was closed unexpectedly.".into()
            }
            Unreachable::Tls => "The underlying connection was closed: Could not establish trust \
                                 relationship for the SSL/TLS secure channel."
                .into(),
            Unreachable::NotFound => "The request failed with HTTP status 404: Not Found.".into(),
            Unreachable::Unauthorized => {
                "The request failed with HTTP status 401: Unauthorized.".into()
            }
            Unreachable::Html => "Client found response content type of 'text/html', but expected \
                                  'text/xml'.\nThe request failed with the error message:\n--\n\
                                  <html><body>Sign in to the network</body></html>\n--."
                .into(),
            Unreachable::Text(text) => text.clone(),
        })
    }
}

fn version_answer(call: &str, error: Option<&str>, version: &str) -> String {
    match error {
        Some(error) => format!(
            "Actual error received from web service for {call} call: <{error}>. For backward \
             compatibility of all webservers, QBWC will catch all errors under \
             app-not-supporting-{call}."
        ),
        None => format!("Received from {call}() following parameter:<{call}Ret=\"{version}\">"),
    }
}

fn starred(text: &str) -> String {
    let stars = "*".repeat(21);
    format!("{stars} {text} {stars}")
}

fn failure_lines(Failure { hresult, text }: &Failure) -> String {
    match hresult {
        Some(hresult) => format!("HRESULT = {hresult}\nMessage: {text}"),
        None => text.clone(),
    }
}

fn fault(code: &str, message: &str, method: &str) -> String {
    format!(
        "{code}\n{message}\nMore info:\n\
         StackTrace =    at QBWebConnector.WebService.do_{method}\nSource = System"
    )
}

/// The exchange of outcomes that do not define one.
fn default_exchange() -> Exchange {
    let head = "<?xml version=\"1.0\" encoding=\"utf-8\"?><?qbxml version=\"13.0\"?>";
    let request = "<QBXML><QBXMLMsgsRq><CompanyQueryRq/></QBXMLMsgsRq></QBXML>";
    Exchange { request: format!("{head}{request}"), response: String::new() }
}

fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', ':']).next().unwrap_or(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(outcome: Outcome) -> Run {
        let application = Application {
            name: "Larch's Orders - 2".into(),
            url: "https://sync.larch.example/qbwc".into(),
            user: "larch-sync".into(),
            company_file: r"C:\Books\Larch.QBW".into(),
        };
        let at = Some("2026-05-05T13:07:21Z".parse().unwrap());
        Run { at, ..Run::new(application, outcome) }
    }

    fn log(run: &Run, level: Level) -> String {
        let records = records(run, Timestamp::UNIX_EPOCH, level, "34.0.10010.76");
        records.iter().map(|(_, record)| record.line()).collect()
    }

    fn exchange() -> Exchange {
        let response = format!("<QBXML>{}</QBXML>", "Otter & Vale ".repeat(20));
        Exchange { request: "<QBXML/>".into(), response }
    }

    #[test]
    fn a_scheduled_run_without_work_writes_known_lines_in_order() {
        let log = log(&run(Outcome::OkNoWork), Level::Debug);
        let known = [
            "20260505.13:07:21 UTC\t: UpdateThisScheduledApp() : Performing SCHEDULED UPDATE for application = Larch's Orders - 2\r\n",
            "getUpdateLock() : HKEY_CURRENT_USER\\Software\\Intuit\\QBWebConnector\\UpdateLock = FALSE\r\n",
            "UpdateLock has been set to True\r\n",
            ": ********************* Update session locked *********************\r\n",
            "AppURL: https://sync.larch.example/qbwc\r\n",
            "<serverVersionRet=\"3.0.2.0\">\r\n",
            "<productVersion=\"34.0.10010.76\">\r\n",
            "Authenticating to application 'Larch's Orders - 2', username = 'larch-sync'\r\n",
            "<authRet[1]=\"NONE\"><authRet[2]=\"\"><authRet[3]=\"\">\r\n",
            "UpdateLock has been set to False\r\n",
            ": ********************* Update session unlocked *********************\r\n",
        ];
        let mut rest = log.as_str();
        for line in known {
            let start = rest.find(line).unwrap_or_else(|| panic!("{line:?} is not next in {rest}"));
            rest = &rest[start + line.len()..];
        }
        assert_eq!(rest, "", "something follows the unlock of a successful run");
    }

    #[test]
    fn a_manual_run_quotes_the_application_in_its_first_line() {
        let run = Run { start: Start::Manual, ..run(Outcome::OkNoWork) };
        let log = log(&run, Level::Debug);
        let first = log.lines().next().unwrap();
        assert!(first.ends_with(
            "DoUpdateSelected() : updateWS() for application = 'Larch's Orders - 2' has STARTED"
        ));
    }

    #[test]
    fn an_unresolved_host_name_is_reported_under_1012() {
        let outcome = Outcome::ServerUnreachable(Unreachable::NameNotResolved);
        let log = log(&run(outcome), Level::Debug);
        let known = "do_authenticate() : QBWC1012: Authentication failed due to following error message.\r\n\
                     The remote name could not be resolved: 'sync.larch.example'\r\nMore info:\r\nStackTrace =    at ";
        assert!(log.contains(known), "{log}");
        assert!(!log.contains("authRet"), "the log has an answer: {log}");
    }

    #[test]
    fn a_rejected_request_has_the_layout_of_public_excerpts() {
        let failure = Failure {
            hresult: Some("0x80040400".into()),
            text: "QuickBooks found an error when parsing the provided XML text stream.".into(),
        };
        let log = log(&run(Outcome::RequestFailed(failure)), Level::Debug);
        let known = "ProcessRequestXML() : Sending error message back to application:\r\n\
                     HRESULT = 0x80040400\r\n\
                     Message: QuickBooks found an error when parsing the provided XML text stream.\r\n\
                     20260505.13:07:21 UTC\t: QBWebConnector.SOAPWebService.ProcessRequestXML() : XML dump follows: -\r\n\
                     \r\nRequest that failed:\r\n\r\n<?xml";
        assert!(log.contains(known), "{log}");
    }

    #[test]
    fn a_quickbooks_failure_has_code_and_text_and_unlocks() {
        let failure = Failure { hresult: None, text: "Could not start QuickBooks.".into() };
        let log = log(&run(Outcome::QuickBooksFailed(failure)), Level::Debug);
        assert!(log.contains("QBWC1013"), "{log}");
        assert!(!log.contains("HRESULT"), "the failure has no code: {log}");
        let unlocked = log.find("Update session unlocked").unwrap();
        assert!(log.find("QBWC1031").unwrap() > unlocked, "the summary is not last");
    }

    #[test]
    fn business_data_is_logged_at_verbose_only() {
        let run = run(Outcome::Ok { exchanges: vec![exchange()] });
        let data = exchange().response;
        assert!(log(&run, Level::Verbose).contains(&data));
        assert!(!log(&run, Level::Debug).contains(&data));
        assert_eq!(log(&run, Level::None), "", "NONE writes nothing");
    }

    #[test]
    fn a_server_version_error_does_not_stop_the_run() {
        let error = Some("Server was unable to process request.".into());
        let run = Run { server_version_error: error, ..run(Outcome::OkNoWork) };
        let log = log(&run, Level::Debug);
        assert!(log.contains("call: <Server was unable to process request.>"), "{log}");
        assert!(log.contains("authRet[1]=\"NONE\""), "{log}");
    }

    #[test]
    fn a_long_run_ends_later_with_ascending_times() {
        let run = Run { lasts: 22, ..run(Outcome::OkNoWork) };
        let records = records(&run, Timestamp::UNIX_EPOCH, Level::Debug, "34.0");
        let times: Vec<_> = records.iter().map(|(_, record)| record.at).collect();
        assert!(times.is_sorted());
        let end: Timestamp = "2026-05-05T13:07:43Z".parse().unwrap();
        assert_eq!(times.last(), Some(&end));
    }

    #[test]
    fn steps_are_in_order_for_every_outcome() {
        let failure = Failure { hresult: None, text: "?".into() };
        let outcomes = [
            Outcome::Ok { exchanges: vec![exchange(), exchange()] },
            Outcome::OkNoWork,
            Outcome::WrongPassword,
            Outcome::ServerUnreachable(Unreachable::Html),
            Outcome::QuickBooksFailed(failure.clone()),
            Outcome::RequestFailed(failure),
            Outcome::SendRequestFailed("?".into()),
            Outcome::ReceiveResponseFailed("?".into()),
        ];
        for outcome in outcomes {
            let records = records(&run(outcome), Timestamp::UNIX_EPOCH, Level::Debug, "34.0");
            assert!(records.is_sorted_by_key(|(step, _)| *step));
            assert_eq!(records.last().map(|(step, _)| *step), Some(Step::Unlock));
        }
    }
}
