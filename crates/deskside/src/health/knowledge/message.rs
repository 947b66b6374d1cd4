//! Finds the most telling code in a message that somebody pasted: a line of a log, a stack trace in
//! any language, an answer of a provider, an e-mail around it.

use std::collections::BTreeSet;

use super::spelling::{bare_number, hresult, words};
use super::{ErrorCode, Known, all, by_code, choose, plain};
use crate::text::{self, Words};

/// What was found in a message.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The most telling code in it that is no `HRESULT`.
    pub code: Option<ErrorCode>,
    /// The most telling `HRESULT` in it.
    pub hresult: Option<ErrorCode>,
    /// What is known about them, or about the words. `None` means that nothing is known.
    pub known: Option<&'static Known>,
}

impl Reading {
    /// What a person is told of it, also where nothing is known.
    #[must_use]
    pub fn words(&self) -> Words {
        match self.known {
            Some(known) => known.words(),
            None => Words { steps: text::steps_ask(), ..text::known_nothing() },
        }
    }
}

/// Looks up what somebody typed or pasted: a code in any spelling, or a message with one in it.
#[must_use]
pub fn look_up(asked: &str) -> Reading {
    match ErrorCode::spelled(asked) {
        Some(hresult @ ErrorCode::Hresult(_)) => {
            Reading { code: None, hresult: Some(hresult), known: by_code(&hresult, "") }
        }
        Some(code) => Reading { code: Some(code), hresult: None, known: by_code(&code, "") },
        None => read(asked),
    }
}

/// Reads a message of any length.
fn read(message: &str) -> Reading {
    let text = plain(message);
    let mut hresults = BTreeSet::new();
    let mut codes = BTreeSet::new();
    let mut before = "";
    for word in tokens(message) {
        hresults.extend(hresult_in(word));
        codes.extend(code_in(before, word));
        before = word;
    }
    let hresult = most_telling(hresults, &text);
    let code = most_telling(codes, &text);
    Reading { code, hresult, known: choose(code, hresult, &text) }
}

/// The most telling `HRESULT` in a text.
pub(super) fn hresult_of(text: &str) -> Option<ErrorCode> {
    most_telling(tokens(text).filter_map(hresult_in).collect(), text)
}

fn tokens(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-')
        .map(|word| word.trim_end_matches('-'))
        .filter(|word| !word.is_empty())
}

/// A bare number may be anything, so it counts only where it is known.
fn hresult_in(word: &str) -> Option<ErrorCode> {
    let code = ErrorCode::Hresult(hresult(word)?);
    (word.starts_with(['0', '-']) || code.is_listed()).then_some(code)
}

/// A code that cannot be mistaken for an amount, a date or a plain word: by its form, or by the
/// word before it.
fn code_in(before: &str, word: &str) -> Option<ErrorCode> {
    match before.to_ascii_lowercase().as_str() {
        "qbwc" | "h" => return numbered(&format!("{before}{word}")),
        "statuscode" | "integrationcode" => {
            // Below 1000 stand the answers of any website, too.
            let status = word.parse().ok().filter(|number| *number >= 1000).map(ErrorCode::Status);
            return status.filter(|status| status.is_known());
        }
        "error" | "code" => {
            let numbered = bare_number(word).filter(|code| *code != ErrorCode::Status(500));
            return numbered.filter(|code| code.is_known()).or_else(|| provider_word(word));
        }
        "status" | "currentstatus" => {
            return words().find(|known| *known == word).map(ErrorCode::Word);
        }
        _ => {}
    }
    numbered(word).or_else(|| provider_word(word))
}

/// `QBWC1039`, `H202`, `PS077`.
fn numbered(word: &str) -> Option<ErrorCode> {
    let digits = word.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let code = match (word.strip_suffix(digits)?, digits.len()) {
        (letters, 4) if letters.eq_ignore_ascii_case("qbwc") => {
            ErrorCode::WebConnector(digits.parse().ok()?)
        }
        ("H", 3) => ErrorCode::Hosting(digits.parse().ok()?),
        ("PS", 3) => ErrorCode::Payroll(digits.parse().ok()?),
        _ => return None,
    };
    (matches!(code, ErrorCode::WebConnector(_)) || code.is_known()).then_some(code)
}

/// A word of a provider that nobody writes by chance: it has two capital letters.
fn provider_word(word: &str) -> Option<ErrorCode> {
    let capitals = word.bytes().filter(u8::is_ascii_uppercase).count();
    words().find(|known| capitals >= 2 && *known == word).map(ErrorCode::Word)
}

/// What says where it went wrong but not why tells less than what says why; then the order of the
/// table decides.
fn most_telling(codes: BTreeSet<ErrorCode>, text: &str) -> Option<ErrorCode> {
    codes.into_iter().min_by_key(|code| match by_code(code, text) {
        Some(known) => {
            let says_why = known.cause.is_some_and(|cause| cause != super::Cause::Unknown);
            let tells = says_why || known.problem.is_some();
            let place = all().position(|other| std::ptr::eq(other, known));
            (!known.is_explained(), !tells, place.unwrap_or(usize::MAX))
        }
        None => (true, true, usize::MAX),
    })
}
