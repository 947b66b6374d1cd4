//! A possible error: the text of one record, collected until the next record begins.
//!
//! An error's code is in its first line, its meaning often in the next ones, and its `HRESULT`
//! anywhere. The text after `More info:` is a stack trace in the language of Windows; it names
//! calls, for example of TLS, that were in progress but not at fault, so it is never evaluated.

use std::borrow::Cow;

use deskside_knowledge::{Clues, CodeFamily, ErrorCode, Meaning, recognize};
use deskside_model::Cause;
use deskside_model::evidence::run::RunFailure;

use super::error_words::report_error;
use super::reading::{CODE, LogStep, REFUSAL, text};
use super::record::places;

/// How much text is evaluated, in bytes. The longest known message has 400.
const LONGEST: usize = 2 << 10;

/// How much is read, in bytes: a .NET stack trace with a few inner exceptions.
const ENOUGH: usize = 16 << 10;

/// "Some applications failed" and "the scheduled run failed": other records say what failed.
const SUMMARIES: [u16; 2] = [1017, 1031];

/// "Authentication failed": `authenticate` has the same text without a code.
const SIGN_IN: u16 = 1012;

/// How a request, a response, or a part of one begins.
const DATA: [&[u8]; 4] = [b"<?xml", b"<?qb", b"<QB", b"<![CDATA["];

/// The text of a possible error.
#[derive(Clone, Debug)]
pub(super) struct PossibleError {
    /// The step at which it occurred; `None` if it may be any.
    pub(super) step: Option<LogStep>,
    is_error: bool,
    message: Vec<u8>,
    hresult: Option<u32>,
    in_details: bool,
    /// A request or a response has begun: the rest of the record is data.
    in_data: bool,
    seen: usize,
}

impl PossibleError {
    pub(super) fn new(step: Option<LogStep>, is_error: bool, first: &[u8]) -> Self {
        let empty = Self {
            step,
            is_error,
            message: Vec::new(),
            hresult: None,
            in_details: false,
            in_data: false,
            seen: 0,
        };
        let mut error = empty;
        error.add(first);
        error
    }

    /// True if no further line can matter.
    pub(super) fn is_full(&self) -> bool {
        self.seen >= ENOUGH
    }

    /// Adds the next line.
    pub(super) fn add(&mut self, line: &[u8]) {
        self.seen = self.seen.saturating_add(line.len()).saturating_add(1);
        let line = self.before_data(line.trim_ascii());
        self.in_details |= line.starts_with(b"More info") || line.starts_with(b"StackTrace");
        self.hresult = self.hresult.or_else(|| labeled_hresult(line));
        // QuickBooks' own text has a label. A web page or document in the answer is not such text.
        let is_message = !self.in_details || line.starts_with(b"Message:");
        if is_message && !line.starts_with(b"<") {
            let room = LONGEST.saturating_sub(self.message.len());
            self.message.extend(line.iter().take(room));
            self.message.push(b'\n');
        }
    }

    /// The part of a line before a request or a response, whose words are data.
    fn before_data<'a>(&mut self, line: &'a [u8]) -> &'a [u8] {
        if self.in_data {
            return b"";
        }
        let starts = DATA.iter().filter_map(|mark| places(line, mark).next());
        let Some(start) = starts.min() else { return line };
        self.in_data = true;
        line.get(..start).unwrap_or_default()
    }

    /// The text that is evaluated.
    pub(super) fn message(&self) -> &[u8] {
        &self.message
    }

    /// True if QuickBooks was reached and refused a request.
    pub(super) fn is_of_request(&self) -> bool {
        self.message.starts_with(REFUSAL)
    }

    /// What went wrong; `None` if it was not an error.
    pub(super) fn evaluate(&self) -> Option<RunFailure> {
        let code = code(&self.message);
        let is_certain = self.is_error || code.is_some() || self.hresult.is_some();
        let mut message = self.text();
        if !is_certain {
            message = message
                .lines()
                .filter(|line| is_sentence(line))
                .collect::<Vec<_>>()
                .join("\n")
                .into();
        }
        if code.map_or(self.step == Some(LogStep::Authenticate), quotes_server) {
            let code_to_ask = code.or(is_certain.then_some(SIGN_IN));
            let known = known_of_server(code_to_ask, &message);
            return failure(code, None, known, is_certain);
        }
        let mut words = message.as_bytes().split(|byte| !is_of_word(*byte));
        let hresult = self.hresult.or_else(|| words.find_map(plain_hresult));
        let name = code.map(spelled);
        let known = recognize(&Clues { code: name.as_deref(), hresult, text: &message });
        let is_certain = is_certain || hresult.is_some();
        let reports_error = report_error(&self.text());
        let known = known.filter(|known| is_certain || is_local(known));
        let known = known.or_else(|| reports_error.then(|| self.own_words())?);
        failure(code, hresult, known, is_certain || reports_error)
    }

    /// The Web Connector's own words for a company file that somebody else has locked.
    fn own_words(&self) -> Option<&'static Meaning> {
        let known = recognize(&Clues { text: &self.text(), ..Clues::default() });
        known.filter(|known| known.cause == Some(Cause::FileLocked))
    }

    fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.message)
    }
}

/// The failure for `nvu`, for which `authenticate` has no text.
pub(super) fn wrong_password() -> RunFailure {
    let known = recognize(&Clues { code: Some("QBWC1040"), hresult: None, text: "" });
    let problem = known.and_then(|known| known.problem).map(Cow::Borrowed);
    RunFailure { code: None, hresult: None, cause: Cause::WrongPassword, problem }
}

/// Combines two errors of one run: the first gives the code, the more certain one the cause, and a
/// summary adds nothing.
pub(super) fn both(first: RunFailure, second: RunFailure) -> RunFailure {
    match (is_summary(&first), is_summary(&second)) {
        (_, true) => return first,
        (true, false) => return second,
        (false, false) => {}
    }
    let is_more_certain = second.cause != Cause::Unknown
        && (first.cause == Cause::Unknown || first.hresult.is_none() && second.hresult.is_some());
    let (code, hresult) = (first.code.or(second.code), first.hresult.or(second.hresult));
    RunFailure { code, hresult, ..if is_more_certain { second } else { first } }
}

/// True for an error that only summarizes a run.
pub(super) fn is_summary(failure: &RunFailure) -> bool {
    failure.hresult.is_none() && failure.code.is_some_and(|code| SUMMARIES.contains(&code))
}

/// `None` if nothing is known to have failed, or if it is known that nothing failed.
fn failure(
    code: Option<u16>,
    hresult: Option<u32>,
    known: Option<&'static Meaning>,
    is_certain: bool,
) -> Option<RunFailure> {
    let Some(known) = known else {
        let unknown = RunFailure { code, hresult, cause: Cause::Unknown, problem: None };
        return is_certain.then_some(unknown);
    };
    Some(RunFailure {
        code,
        hresult,
        cause: known.cause?,
        problem: known.problem.map(Cow::Borrowed),
    })
}

/// The meaning of an error in the server's text. Its page or exception may mention a QuickBooks or
/// a Windows, but not this computer's.
fn known_of_server(code: Option<u16>, message: &str) -> Option<&'static Meaning> {
    let name = code.map(spelled);
    let known = |text: &str| {
        let known = recognize(&Clues { code: name.as_deref(), hresult: None, text });
        known.filter(|known| known.kind == CodeFamily::WebConnector)
    };
    let says_why = |known: &&Meaning| known.cause.is_some_and(|cause| cause != Cause::Unknown);
    known(message)
        .or_else(|| message.split(['\n', '.', '>']).filter_map(known).find(says_why))
        .or_else(|| known(""))
}

/// True for the codes of a failed call to the server, after which .NET quotes the answer.
const fn quotes_server(code: u16) -> bool {
    matches!(code, SIGN_IN | 1036 | 1041..=1046)
}

/// Text alone is an error of a run only if QuickBooks or Windows would write it.
const fn is_local(known: &Meaning) -> bool {
    matches!(known.kind, CodeFamily::RequestProcessor | CodeFamily::Windows)
}

/// True for a line in the style of QuickBooks, Windows and .NET errors. A path or a success message
/// may contain the same words.
fn is_sentence(line: &str) -> bool {
    const OPENINGS: [&str; 15] = [
        "A ",
        "An ",
        "The ",
        "This ",
        "If ",
        "No ",
        "QuickBooks ",
        "Could not ",
        "Cannot ",
        "Unable to ",
        "Error",
        "Exception",
        "Class not registered",
        "RPC_E_",
        "Retrieving the COM ",
    ];
    let line = line.strip_prefix("Message:").unwrap_or(line).trim_start();
    let is_opened = OPENINGS.iter().any(|opening| line.starts_with(opening));
    (is_opened || line.contains("0x8")) && !line.contains('\\')
}

fn spelled(code: u16) -> String {
    format!("QBWC{code}")
}

/// The most specific code among the four digits after each `QBWC`.
fn code(message: &[u8]) -> Option<u16> {
    let codes = places(message, CODE).filter_map(|at| {
        let digits = message.get(at.checked_add(CODE.len())?..)?;
        let (code, rest) = digits.split_first_chunk::<4>()?;
        let is_longer = rest.first().is_some_and(u8::is_ascii_alphanumeric);
        let number = str::from_utf8(code).ok().filter(|_| !is_longer)?.parse().ok()?;
        Some(number).filter(|_| code.iter().all(u8::is_ascii_digit))
    });
    codes.min_by_key(|code| SUMMARIES.contains(code))
}

/// The code after the word `HRESULT`, in any spelling.
fn labeled_hresult(line: &[u8]) -> Option<u32> {
    let label = places(line, b"HRESULT").chain(places(line, b"hresult")).next()?;
    let mut words =
        line.get(label..)?.split(|byte| !is_of_word(*byte)).filter(|word| !word.is_empty());
    words.nth(1).and_then(hresult)
}

/// A code in a text without a label: bare digits could be anything, unless they are known.
fn plain_hresult(word: &[u8]) -> Option<u32> {
    if word.starts_with(b"0x8") || word.starts_with(b"0X8") {
        return hresult(word);
    }
    let is_bare = word.starts_with(b"800") || word.starts_with(b"-214");
    let code = is_bare.then(|| hresult(word)).flatten()?;
    recognize(&Clues { code: None, hresult: Some(code), text: "" }).map(|_| code)
}

fn hresult(word: &[u8]) -> Option<u32> {
    match ErrorCode::spelled(&text(word)) {
        Some(ErrorCode::Hresult(code)) => Some(code),
        Some(
            ErrorCode::WebConnector(_)
            | ErrorCode::Status(_)
            | ErrorCode::Hosting(_)
            | ErrorCode::Payroll(_)
            | ErrorCode::Screen(_)
            | ErrorCode::Word(_),
        )
        | None => None,
    }
}

/// A dash is part of a word, so that no part of a ticket is taken for a code.
fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-'
}
