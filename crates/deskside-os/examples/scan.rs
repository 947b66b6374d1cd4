//! Measures how fast a log is parsed, compared with counting its lines; prints one line of JSON, in seconds.
//!
//! `scan 1000` creates a log of 1,000 megabytes of invented runs in a temporary file and reads it twice in
//! pieces of the same size: once for the lines, once for the runs. `scan 1000 debug` and `scan 1000
//! verbose` use one level only; otherwise every fourth run is written at `VERBOSE`, the level that
//! customers turn on for support and often leave on.

use std::error::Error;
use std::fs::File;
use std::io::{self, BufWriter, Read, Write, stdout};
use std::time::{Duration, Instant};

use deskside_os::qwc_log::read_ahead;
use deskside_webconnector::Parser;
use memchr::memchr_iter;
use serde_json::json;

type RunOutcome<T = ()> = Result<T, Box<dyn Error>>;

/// How much is read at once, in bytes.
const PIECE: usize = 256 << 10;

/// How often each is measured; the fastest one counts, because others were disturbed.
const ROUNDS: u32 = 5;

fn main() -> RunOutcome {
    let mut arguments = std::env::args().skip(1);
    let megabytes: u64 = arguments.next().as_deref().unwrap_or("1000").parse()?;
    let level = arguments.next();
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("QWCLog.txt");
    let bytes = write(File::create(&path)?, megabytes << 20, level.as_deref())?;
    let (mut counting, mut scanning) = (Duration::MAX, Duration::MAX);
    let (mut lines, mut runs) = (0, 0);
    for _ in 0..ROUNDS {
        let began = Instant::now();
        lines = count_lines(File::open(&path)?)?;
        counting = counting.min(began.elapsed());
        let began = Instant::now();
        runs = count_runs(File::open(&path)?)?;
        scanning = scanning.min(began.elapsed());
    }
    let ratio = scanning.as_secs_f64() / counting.as_secs_f64();
    let line = json!({
        "bytes": bytes,
        "lines": lines,
        "runs": runs,
        "count_lines_s": counting.as_secs_f64(),
        "scan_s": scanning.as_secs_f64(),
        "ratio": ratio,
    });
    Ok(writeln!(stdout(), "{line}")?)
}

fn count_lines(file: File) -> RunOutcome<usize> {
    let mut lines = 0_usize;
    each_piece(file, |piece| lines = lines.saturating_add(memchr_iter(b'\n', piece).count()))?;
    Ok(lines)
}

fn count_runs(file: File) -> RunOutcome<usize> {
    let (mut parser, mut runs) = (Parser::new(), 0_usize);
    read_ahead(file, |piece| {
        runs = runs.saturating_add(parser.push(piece?).len());
        io::Result::Ok(())
    })?;
    Ok(runs.saturating_add(parser.finish().len()))
}

fn each_piece(mut file: File, mut take: impl FnMut(&[u8])) -> RunOutcome {
    let mut piece = vec![0; PIECE];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(()),
            length => take(piece.get(..length).unwrap_or_default()),
        }
    }
}

/// Writes runs until there are enough bytes; returns their number.
fn write(file: File, enough: u64, level: Option<&str>) -> RunOutcome<u64> {
    let (mut file, mut bytes) = (BufWriter::new(file), 0_u64);
    for number in 0_u32.. {
        let is_verbose = level.map_or(number % 4 == 3, |level| level == "verbose");
        let run = run(number, is_verbose);
        file.write_all(run.as_bytes())?;
        bytes = bytes.saturating_add(u64::try_from(run.len())?);
        if bytes >= enough {
            break;
        }
    }
    file.flush()?;
    Ok(bytes)
}

/// One run: two of three have work, and one of twenty fails.
fn run(number: u32, is_verbose: bool) -> String {
    let mut run = Lines { text: String::new(), hour: number / 4 % 24, minute: number % 4 * 15 };
    run.begin(["Larch Orders", "Otter & Vale Payroll", "Elm's Stock - 2"], number);
    if number % 20 == 7 {
        run.soap("updateWS", "QBWC1013: Error connecting to QuickBooks.\r\nHRESULT = 0x80040414\r\nMessage: A modal dialog box is showing.");
    } else if number.is_multiple_of(3) {
        run.authenticate("NONE");
    } else {
        run.authenticate("");
        for request in 1..=5 {
            run.exchange(request, is_verbose);
        }
        run.end();
    }
    let stars = "*".repeat(21);
    let text =
        "HKEY_CURRENT_USER\\Software\\Intuit\\QBWebConnector\\UpdateLock has been set to False";
    run.record(SET_LOCK, text);
    run.record(SET_LOCK, &format!("{stars} Update session unlocked {stars}"));
    run.text
}

const SET_LOCK: &str = "QBWebConnector.RegistryManager.setUpdateLock()";

struct Lines {
    text: String,
    hour: u32,
    minute: u32,
}

impl Lines {
    fn record(&mut self, method: &str, text: &str) {
        let Self { hour, minute, .. } = self;
        let line = format!("20260505.{hour:02}:{minute:02}:21 UTC\t: {method} : {text}\r\n");
        self.text.push_str(&line);
    }

    fn soap(&mut self, method: &str, text: &str) {
        self.record(&format!("QBWebConnector.SOAPWebService.{method}()"), text);
    }

    fn begin(&mut self, apps: [&str; 3], number: u32) {
        let app = apps
            .into_iter()
            .cycle()
            .nth(usize::try_from(number % 3).unwrap_or(0))
            .unwrap_or_default();
        let start = format!("Performing SCHEDULED UPDATE for application = {app}");
        self.record("UpdateThisScheduledApp()", &start);
        let lock = "HKEY_CURRENT_USER\\Software\\Intuit\\QBWebConnector\\UpdateLock";
        self.record("QBWebConnector.RegistryManager.getUpdateLock()", &format!("{lock} = FALSE"));
        self.record(SET_LOCK, &format!("{lock} has been set to True"));
        let stars = "*".repeat(21);
        self.record(SET_LOCK, &format!("{stars} Update session locked {stars}"));
        self.soap("instantiateWebService", "Initiated connection to the following application.");
        self.soap("instantiateWebService", &format!("AppName: {app}"));
        self.soap("instantiateWebService", &format!("AppUniqueName (if available): {app}"));
        self.soap("instantiateWebService", "AppURL: https://sync.larch.example/qbwc");
        self.soap("do_serverVersion", "*** Calling serverVersion().");
        let answer = "Received from serverVersion() following parameter:<serverVersionRet=\"3.0\">";
        self.soap("do_serverVersion", answer);
        let call = "*** Calling clientVersion() with following parameter:<productVersion=\"34.0.10010.76\">";
        self.soap("do_clientVersion", call);
        let agrees = "This application agrees with the current version of QBWebConnector. Allowing update operation.";
        self.soap("do_clientVersion", agrees);
        let asks = format!("Authenticating to application '{app}', username = 'larch-sync'");
        self.soap("do_authenticate", &asks);
    }

    fn authenticate(&mut self, work: &str) {
        let call = "*** Calling authenticate() with following parameters:<userName=\"larch-sync\"><password=<MaskedForSecurity>";
        self.soap("do_authenticate", call);
        let answer = "Received from authenticate() following parameters:<authRet[0]=\"3b0c7f52-61de-4c0a-9a57-5f1d2c8e9046\">";
        let rest = "<authRet[2]=\"\"><authRet[3]=\"\">";
        self.soap("do_authenticate", &format!("{answer}<authRet[1]=\"{work}\">{rest}"));
    }

    fn exchange(&mut self, request: u32, is_verbose: bool) {
        self.soap("do_sendRequestXML", "Request xml received.");
        self.soap("ProcessRequestXML", &format!("Processing request #{request}"));
        self.soap("ProcessRequestXML", "REQUEST: received from application: size (bytes) = 512");
        self.soap("ProcessRequestXML", "Sending request to QuickBooks.");
        let text = "Response received from QuickBooks: size (bytes) = 51200";
        self.soap("ProcessRequestXML", text);
        self.soap("ProcessRequestXML", "Sending response back to application.");
        let call = "*** Calling receiveResponseXML() with following parameters:";
        self.soap("do_receiveResponseXML", call);
        self.soap("do_receiveResponseXML", "wcTicket=\"3b0c7f52-61de-4c0a-9a57-5f1d2c8e9046\"");
        self.soap("do_receiveResponseXML", "response =");
        let customer = "<CustomerRet>\r\n<ListID>80000001-1234567890</ListID>\r\n<Name>Otter & Vale Alarm Systems</Name>\r\n<Balance>12.50</Balance>\r\n</CustomerRet>\r\n";
        let cut = "<?xml version=\"1.0\" ?><!DOCTYPE QBXML PUBLIC '-//IN......";
        let xml = if is_verbose { customer.repeat(40) } else { cut.into() };
        self.soap("do_receiveResponseXML", &format!("XML dump follows: -\r\n\r\n{xml}\r\n"));
        let answer =
            "Received from receiveResponseXML() following parameter:<receiveResponseXMLRet=\"50\">";
        self.soap("do_receiveResponseXML", answer);
    }

    fn end(&mut self) {
        let text = "Company file has been unlocked.";
        self.record("QBWebConnector.CompanyFileLock.unsetLock()", text);
        self.soap("DisconnectFromQB", "Ending session to QuickBooks.");
        self.soap("DisconnectFromQB", "Session ended and connection closed");
        self.soap("do_closeConnection", "Response received from application = OK");
    }
}
