//! Finds the most specific code in a pasted message: a log line, a stack trace in any language, a
//! provider's answer, or an email around it.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::iter;

use deskside_text::{self as text, Words};

use super::spelling::{Label, exact_word, has_two_capitals, hresult, number};
use super::{Cause, ErrorCode, Matches, Meaning, all, choose, plain};

/// What was found in a message.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The most specific code that is not an `HRESULT`.
    pub code: Option<ErrorCode>,
    /// The most specific `HRESULT`.
    pub hresult: Option<ErrorCode>,
    /// The meaning of the codes or of the text. `None` if nothing is known.
    pub known: Option<&'static Meaning>,
}

impl Reading {
    /// The words for a person, including when nothing is known.
    #[must_use]
    pub fn words(&self) -> Words {
        match self.known {
            Some(known) => known.words(),
            None => Words { steps: text::steps_ask(), ..text::known_nothing() },
        }
    }
}

/// Looks up typed or pasted text: a code in any spelling, or a message that contains one.
#[must_use]
pub fn look_up(asked: &str) -> Reading {
    let asked = without_typographic_signs(asked);
    let nothing_beside = Matches::in_text("");
    match ErrorCode::spelled(&asked) {
        Some(hresult @ ErrorCode::Hresult(_)) => {
            Reading { code: None, hresult: Some(hresult), known: nothing_beside.by_code(&hresult) }
        }
        Some(code) => {
            Reading { code: Some(code), hresult: None, known: nothing_beside.by_code(&code) }
        }
        None => read(&asked),
    }
}

/// Email and word processors replace quotation marks and minus signs with typographic ones.
fn without_typographic_signs(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(sign) = rest.next() {
        let is_before_number = rest.peek().is_some_and(char::is_ascii_digit);
        let may_be_minus = is_before_number && !plain.ends_with(char::is_alphanumeric);
        plain.push(match sign {
            '“' | '”' | '„' => '"',
            '‘' | '’' => '\'',
            '‐'..='―' | '−' | '﹣' | '－' if may_be_minus => '-',
            other => other,
        });
    }
    Cow::Owned(plain)
}

/// Reads a message of any length.
fn read(message: &str) -> Reading {
    let mut hresults = BTreeSet::new();
    let mut codes = BTreeSet::new();
    let (mut before, mut label) = ("", None);
    let mut tokens = tokens(message).peekable();
    while let Some(Token { gap, word }) = tokens.next() {
        hresults.extend(hresult_in(before, label, word));
        // In "Error: 2500 records were skipped" the number is a count.
        let is_count = label == Some(Label::Error)
            && gap.contains(':')
            && tokens.peek().is_some_and(|next| {
                next.gap == " " && next.word.starts_with(|c: char| c.is_ascii_lowercase())
            });
        codes.extend(code_in(before, label.filter(|_| !is_count), word));
        (before, label) = (word, label_after(label, word));
    }
    let matches = Matches::in_text(&plain(message));
    let hresult = most_specific(hresults, &matches);
    let code = most_specific(codes, &matches);
    Reading { code, hresult, known: choose(code, hresult, &matches) }
}

/// The most specific `HRESULT` in a text.
pub(super) fn hresult_of(text: &str, matches: &Matches) -> Option<ErrorCode> {
    most_specific(
        tokens(text).filter_map(|token| hresult_in("", None, token.word)).collect(),
        matches,
    )
}

/// A word that may be a code, and the text between it and the previous word.
struct Token<'a> {
    gap: &'a str,
    word: &'a str,
}

fn tokens(text: &str) -> impl Iterator<Item = Token<'_>> {
    let is_of_word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let mut rest = text;
    let all = iter::from_fn(move || {
        let (gap, word) = rest.split_at_checked(rest.find(is_of_word)?)?;
        let end = word.find(|c| !is_of_word(c)).unwrap_or(word.len());
        let (word, after) = word.split_at_checked(end)?;
        rest = after;
        Some(Token { gap, word: without_dashes(word) })
    });
    all.filter(|token| !token.word.is_empty())
}

/// A dash can be a minus only before a digit.
fn without_dashes(word: &str) -> &str {
    let word = word.trim_end_matches('-');
    let bare = word.trim_start_matches('-');
    let is_minus = bare.starts_with(|c: char| c.is_ascii_digit());
    if is_minus { word } else { bare }
}

/// The label that this word gives to the next one.
fn label_after(label: Option<Label>, word: &str) -> Option<Label> {
    let next = match word.to_ascii_lowercase().as_str() {
        "qbxml" | "integrationcode" => Label::Request,
        "status" | "statuscode" | "currentstatus" => Label::Status,
        "error" => Label::Error,
        "code" if label == Some(Label::Status) => Label::Status,
        "code" | "errorcode" | "hresult" => Label::Code,
        _ => return None,
    };
    // "qbXML status code"
    label.filter(|label| *label == Label::Request).or(Some(next))
}

/// A bare number may be anything, so it counts only if it is known or labeled as a code.
fn hresult_in(before: &str, label: Option<Label>, word: &str) -> Option<ErrorCode> {
    // Some programs write a space in the middle.
    if before.starts_with("0x") && before.len() + word.len() == "0x80040408".len() {
        return hresult(&format!("{before}{word}")).map(ErrorCode::Hresult);
    }
    let code = ErrorCode::Hresult(hresult(word)?);
    (label.is_some() || word.starts_with(['0', '-']) || code.is_listed()).then_some(code)
}

/// A code that cannot be mistaken for an amount, a date or a plain word, because of its form or of
/// the words before it.
fn code_in(before: &str, label: Option<Label>, word: &str) -> Option<ErrorCode> {
    let is_split = matches!(before, "QBWC" | "qbwc" | "Qbwc" | "QB" | "H" | "PS");
    let split = || is_split.then(|| numbered(&format!("{before}{word}"), false)).flatten();
    numbered(word, label.is_some())
        .or_else(split)
        .or_else(|| number(label?, word))
        .or_else(|| if label == Some(Label::Status) { exact_word(word) } else { None })
        .or_else(|| provider_word(word))
}

/// `QBWC1039`, `H202`, `PS-077`; in lower case only if labeled as a code.
fn numbered(word: &str, is_called_code: bool) -> Option<ErrorCode> {
    let digits = word.trim_start_matches(|c: char| !c.is_ascii_digit());
    let letters = word.strip_suffix(digits)?.trim_end_matches('-');
    let is_in =
        |series: &str| letters == series || is_called_code && letters.eq_ignore_ascii_case(series);
    let number = digits.parse().ok();
    match digits.len() {
        4 if letters.eq_ignore_ascii_case("QBWC") => number.map(ErrorCode::WebConnector),
        3 if is_in("H") => number.map(ErrorCode::Hosting).filter(|code| code.is_known()),
        3 if is_in("PS") => number.map(ErrorCode::Payroll).filter(|code| code.is_known()),
        _ => None,
    }
}

/// A provider's word that no one writes by chance: it has two capital letters.
fn provider_word(word: &str) -> Option<ErrorCode> {
    if has_two_capitals(word) { exact_word(word) } else { None }
}

/// Codes that tell where it failed rank below codes that tell why; the order of the table breaks
/// ties.
fn most_specific(codes: BTreeSet<ErrorCode>, matches: &Matches) -> Option<ErrorCode> {
    codes.into_iter().min_by_key(|code| match matches.by_code(code) {
        Some(known) => {
            let explains = known.cause.is_some_and(|cause| cause != Cause::Unknown);
            let tells = explains || known.problem.is_some();
            let place = all().position(|other| std::ptr::eq(other, known));
            (!known.is_explained(), !tells, place.unwrap_or(usize::MAX))
        }
        None => (true, true, usize::MAX),
    })
}
