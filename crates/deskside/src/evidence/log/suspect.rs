//! What may be an error: the text of one record, gathered until the next record begins.
//!
//! An error's code is in its first line, what it means often in the next ones, and its `HRESULT`
//! anywhere. What follows `More info:` is a stack trace in the language of Windows; it names calls,
//! of TLS for example, that were under way and not at fault, so it is never judged.

use std::borrow::Cow;

use super::Failure;
use super::reading::{CODE, Step, text};
use super::record::places;
use crate::health::Cause;
use crate::health::knowledge::{Clues, ErrorCode, Kind, Known, recognise};

/// As much text as is judged, in bytes. The longest known message has 400.
const LONGEST: usize = 2 << 10;

/// As much as is looked at, in bytes: a stack trace of .NET with a few exceptions inside.
const ENOUGH: usize = 16 << 10;

/// "Some applications failed" and "the scheduled run failed": what failed is said elsewhere.
const SUMMARIES: [u16; 2] = [1017, 1031];

/// The text that may be an error.
#[derive(Clone, Debug)]
pub(super) struct Suspect {
    /// The step at which it was said.
    pub(super) step: Step,
    is_error: bool,
    said: Vec<u8>,
    hresult: Option<u32>,
    in_details: bool,
    seen: usize,
}

impl Suspect {
    pub(super) fn new(step: Step, is_error: bool, first: &[u8]) -> Self {
        let empty =
            Self { step, is_error, said: Vec::new(), hresult: None, in_details: false, seen: 0 };
        let mut suspect = empty;
        suspect.add(first);
        suspect
    }

    /// No further line can tell more.
    pub(super) fn is_full(&self) -> bool {
        self.seen >= ENOUGH
    }

    /// Adds the next line.
    pub(super) fn add(&mut self, line: &[u8]) {
        self.seen = self.seen.saturating_add(line.len()).saturating_add(1);
        let line = line.trim_ascii();
        self.in_details |= line.starts_with(b"More info") || line.starts_with(b"StackTrace");
        self.hresult = self.hresult.or_else(|| labelled_hresult(line));
        // QuickBooks' own words are labelled. A web page or document that was answered is no words.
        let is_said = !self.in_details || line.starts_with(b"Message:");
        if is_said && !line.starts_with(b"<") {
            let room = LONGEST.saturating_sub(self.said.len());
            self.said.extend(line.iter().take(room));
            self.said.push(b'\n');
        }
    }

    /// What went wrong; `None` if it was no error after all.
    pub(super) fn judge(&self) -> Option<Failure> {
        let code = code(&self.said);
        let hresult = self
            .hresult
            .or_else(|| self.said.split(|byte| !is_of_word(*byte)).find_map(plain_hresult));
        let said = String::from_utf8_lossy(&self.said);
        let name = code.map(|code| format!("QBWC{code}"));
        let known = recognise(&Clues { code: name.as_deref(), hresult, text: &said });
        let is_error = self.is_error || code.is_some() || hresult.is_some();
        let known = known.filter(|known| is_error || is_of_connection(known));
        (is_error || known.is_some()).then(|| failure(code, hresult, known))
    }
}

/// The failure behind `nvu`, for which `authenticate` has no words.
pub(super) fn wrong_password() -> Failure {
    let known = recognise(&Clues { code: Some("QBWC1040"), hresult: None, text: "" });
    Failure { cause: Cause::WrongPassword, ..failure(None, None, known) }
}

/// Puts two errors of one run together: the first names itself, what is surer tells why, and what
/// only sums up adds nothing.
pub(super) fn both(first: Failure, second: Failure) -> Failure {
    match (is_summary(&first), is_summary(&second)) {
        (_, true) => return first,
        (true, false) => return second,
        (false, false) => {}
    }
    let is_surer = second.cause != Cause::Unknown
        && (first.cause == Cause::Unknown || first.hresult.is_none() && second.hresult.is_some());
    let (code, hresult) = (first.code.or(second.code), first.hresult.or(second.hresult));
    Failure { code, hresult, ..if is_surer { second } else { first } }
}

/// True for what only sums up a run.
pub(super) fn is_summary(failure: &Failure) -> bool {
    failure.hresult.is_none() && failure.code.is_some_and(|code| SUMMARIES.contains(&code))
}

fn failure(code: Option<u16>, hresult: Option<u32>, known: Option<&'static Known>) -> Failure {
    let cause = known.and_then(|known| known.cause).unwrap_or(Cause::Unknown);
    let problem = known.and_then(|known| known.problem).map(Cow::Borrowed);
    Failure { code, hresult, cause, problem }
}

/// Words alone are an error of a run only where QuickBooks or Windows would say them.
fn is_of_connection(known: &Known) -> bool {
    known.cause.is_some() && matches!(known.kind, Kind::RequestProcessor | Kind::Windows)
}

/// The code that says most, of the four digits behind each `QBWC`.
fn code(said: &[u8]) -> Option<u16> {
    let codes = places(said, CODE).filter_map(|at| {
        let digits = said.get(at.checked_add(CODE.len())?..)?;
        let (code, rest) = digits.split_first_chunk::<4>()?;
        let is_longer = rest.first().is_some_and(u8::is_ascii_alphanumeric);
        let number = str::from_utf8(code).ok().filter(|_| !is_longer)?.parse().ok()?;
        Some(number).filter(|_| code.iter().all(u8::is_ascii_digit))
    });
    codes.min_by_key(|code| SUMMARIES.contains(code))
}

/// The code behind the word `HRESULT`, in any spelling.
fn labelled_hresult(line: &[u8]) -> Option<u32> {
    let label = places(line, b"HRESULT").chain(places(line, b"hresult")).next()?;
    let mut words =
        line.get(label..)?.split(|byte| !is_of_word(*byte)).filter(|word| !word.is_empty());
    words.nth(1).and_then(hresult)
}

/// A code that stands in a text without a label: bare digits could be anything.
fn plain_hresult(word: &[u8]) -> Option<u32> {
    let starts: [&[u8]; 4] = [b"0x8", b"0X8", b"800", b"-214"];
    starts.iter().any(|start| word.starts_with(start)).then(|| hresult(word)).flatten()
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

/// A dash belongs to a word, so that no part of a ticket is taken for a code.
fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-'
}
