//! The publicly known meaning of the codes and messages of QuickBooks, the Web Connector and the
//! providers, as data.
//!
//! One entry is one row, so every known code states its confidence, who must act and what to do.
//! Public lists of these codes contradict each other, and several are wrong, so the rows follow
//! Intuit's own strings and independent sources that agree; any other row says so and is never the
//! only basis of a diagnosis. docs/sources/README.md#grades explains the grades.
#![forbid(unsafe_code)]

/// Defines a table: one row is one entry.
macro_rules! known {
    ($name:ident, $kind:ident, $series:ident: $(
        [$($first:literal $(to $last:literal)?),*] $(=> $says:ident [$($phrase:literal),+ $(,)?])?
            $confidence:ident, $cause:ident, $problem:tt, $who:ident,
            $text:ident $(, $steps:ident)?;
    )+) => {
        pub(super) const $name: &[Meaning] = &[$(
            Meaning {
                codes: &[$((
                    ErrorCode::$series($first),
                    ErrorCode::$series(known!(@last $first $($last)?)),
                )),*],
                says: known!(@says $($says [$($phrase),+])?),
                kind: CodeFamily::$kind,
                cause: known!(@cause $cause),
                problem: known!(@problem $problem),
                confidence: Confidence::$confidence,
                who: Who::$who,
                text: text::$text,
                steps: known!(@steps $($steps)?),
            },
        )+];
    };
    (@last $first:literal) => { $first };
    (@last $first:literal $last:literal) => { $last };
    (@says) => { Says::Nothing };
    (@says $says:ident [$($phrase:literal),+]) => { Says::$says(&[$($phrase),+]) };
    (@cause Nothing) => { None };
    (@cause $cause:ident) => { Some(Cause::$cause) };
    (@problem -) => { None };
    (@problem $problem:literal) => { Some($problem) };
    (@steps) => { None };
    (@steps $steps:ident) => { Some(text::$steps) };
}

mod answers;
mod codat;
mod conductor;
mod message;
mod request_processor;
mod screen;
mod spelling;
mod status;
mod web_connector;
mod window;
mod windows_calls;

use std::borrow::Cow;

use deskside_model::{Cause, Who};
use deskside_text::Words;
use serde::Serialize;

pub use message::{Reading, look_up};
pub use spelling::ErrorCode;
use spelling::Label;
pub use window::{Window, meaning_of_title, window_of};

/// Where a code or message comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CodeFamily {
    /// An `HRESULT` of QuickBooks' request processor, which other programs use to reach QuickBooks.
    RequestProcessor,
    /// An `HRESULT` of Windows itself: components and calls between programs.
    Windows,
    /// The Web Connector's codes: QBWC and four digits.
    WebConnector,
    /// What QuickBooks shows in its own window.
    Screen,
    /// QuickBooks' answer to a single request: the connection works.
    Status,
    /// Conductor's codes and types.
    Conductor,
    /// Codat's states of connections and of data.
    Codat,
}

/// The confidence of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// From a public source of the vendor, or from independent sources that agree.
    Sourced,
    /// Inferred from sourced facts.
    Inferred,
    /// One weak source, or only an assumption: never the only basis of a diagnosis.
    SingleSource,
    /// Sources disagree: never the only basis of a diagnosis.
    Contradicted,
    /// No public source explains it, so it is shown unchanged.
    Unsourced,
}

/// What the message itself must contain, and how that weighs against a code. Phrases are in lower
/// case with single spaces.
#[derive(Clone, Copy, Debug)]
pub enum Says {
    /// Only the code decides.
    Nothing,
    /// The code's own text: either the code or a phrase is enough.
    Same(&'static [&'static str]),
    /// These phrases choose between entries with the same code. Without a code they are enough.
    Decides(&'static [&'static str]),
    /// These phrases choose between entries with the same code. Alone they could mean anything.
    DecidesBesideCode(&'static [&'static str]),
    /// The whole message is one of these, optionally after a number. Inside a longer one they could
    /// mean anything.
    Whole(&'static [&'static str]),
}

/// What is known about one code, or about several with the same meaning.
#[derive(Debug)]
pub struct Meaning {
    /// Its codes, as inclusive ranges. Empty if only the phrases decide.
    pub codes: &'static [(ErrorCode, ErrorCode)],
    /// What the message contains.
    pub says: Says,
    /// Where it comes from.
    pub kind: CodeFamily,
    /// Why it failed. `None` if nothing is wrong with the connection.
    pub cause: Option<Cause>,
    /// The stable text of the problem, if it shows exactly one.
    pub problem: Option<&'static str>,
    /// The confidence.
    pub confidence: Confidence,
    /// Who must act.
    pub who: Who,
    text: fn() -> Words,
    /// The steps, if several entries share them; otherwise they are part of the text.
    steps: Option<fn() -> Vec<String>>,
}

impl Meaning {
    /// False if a diagnosis needs other evidence: one weak source, sources that disagree, or none.
    #[must_use]
    pub const fn may_diagnose(&self) -> bool {
        match self.confidence {
            Confidence::Sourced | Confidence::Inferred => true,
            Confidence::SingleSource | Confidence::Contradicted | Confidence::Unsourced => false,
        }
    }

    /// False if no public source explains it.
    #[must_use]
    pub fn is_explained(&self) -> bool {
        self.confidence != Confidence::Unsourced
    }

    /// A short title, one or two sentences for a bookkeeper, and the steps for the person who must
    /// act.
    #[must_use]
    pub fn words(&self) -> Words {
        let words = (self.text)();
        match self.steps {
            Some(steps) => Words { steps: steps(), ..words },
            None => words,
        }
    }

    fn has_code(&self, code: &ErrorCode) -> bool {
        self.codes.iter().any(|(first, last)| first <= code && code <= last)
    }

    /// True if the code alone selects this entry.
    fn needs_no_phrase(&self) -> bool {
        match self.says {
            Says::Nothing | Says::Same(_) => true,
            Says::Decides(_) | Says::DecidesBesideCode(_) | Says::Whole(_) => false,
        }
    }

    /// What the message contains, in lower case with single spaces.
    #[must_use]
    pub const fn phrases(&self) -> &'static [&'static str] {
        match self.says {
            Says::Nothing => &[],
            Says::Same(phrases)
            | Says::Decides(phrases)
            | Says::DecidesBesideCode(phrases)
            | Says::Whole(phrases) => phrases,
        }
    }

    fn occurs_in(&self, text: &str) -> bool {
        let is_letter = char::is_alphabetic;
        match self.says {
            Says::Whole(phrases) => phrases.contains(&text.trim_matches(|c| !is_letter(c))),
            Says::Nothing | Says::Same(_) | Says::Decides(_) | Says::DecidesBesideCode(_) => {
                self.phrases().iter().any(|phrase| text.contains(phrase))
            }
        }
    }
}

/// What is available about a failure.
#[derive(Clone, Copy, Debug, Default)]
pub struct Clues<'a> {
    /// The code in any spelling: `QBWC1039`, `QBD_REQUEST_ERROR`, `3200`.
    pub code: Option<&'a str>,
    /// The `HRESULT`, if already read. Otherwise it is searched for in the text.
    pub hresult: Option<u32>,
    /// The message, of any length.
    pub text: &'a str,
}

/// Finds the meaning. An `HRESULT` is the most specific, then QuickBooks' own text, then the code,
/// which often tells only where it failed, then any other text. `None` if nothing is known.
#[must_use]
pub fn recognize(clues: &Clues<'_>) -> Option<&'static Meaning> {
    let text = plain(clues.text);
    let matches = Matches::in_text(&text);
    let code = clues.code.and_then(|code| ErrorCode::spelled(code).or_else(|| passed_on(code)));
    let hresult = clues
        .hresult
        .map(ErrorCode::Hresult)
        .or(code.filter(|code| matches!(code, ErrorCode::Hresult(_))))
        .or_else(|| message::hresult_of(&text, &matches));
    choose(code, hresult, &matches)
}

/// A provider passes QuickBooks' answers on as bare numbers. Below 1000 they look like HTTP
/// statuses of its own website, so each of those must be listed individually.
fn passed_on(code: &str) -> Option<ErrorCode> {
    spelling::number(Label::Request, code).filter(|code| code.is_listed())
}

fn choose(
    code: Option<ErrorCode>,
    hresult: Option<ErrorCode>,
    matches: &Matches,
) -> Option<&'static Meaning> {
    let hresult = hresult.and_then(|hresult| matches.by_code(&hresult));
    // An unexplained `HRESULT` is less specific than known text.
    hresult
        .filter(|known| known.is_explained())
        .or_else(|| matches.by_phrase(|known| is_of_quickbooks(known.kind)))
        .or_else(|| code.and_then(|code| matches.by_code(&code)))
        .or_else(|| matches.by_phrase(|_| true))
        .or(hresult)
}

const fn is_of_quickbooks(kind: CodeFamily) -> bool {
    match kind {
        CodeFamily::RequestProcessor | CodeFamily::Windows => true,
        CodeFamily::WebConnector
        | CodeFamily::Screen
        | CodeFamily::Status
        | CodeFamily::Conductor
        | CodeFamily::Codat => false,
    }
}

/// Every entry. More specific entries come before more general ones.
pub fn all() -> impl Iterator<Item = &'static Meaning> {
    [
        request_processor::KNOWN,
        windows_calls::KNOWN,
        answers::KNOWN,
        web_connector::KNOWN,
        screen::HOSTING,
        screen::NUMBERS,
        screen::PAYROLL,
        status::KNOWN,
        conductor::KNOWN,
        codat::KNOWN,
    ]
    .into_iter()
    .flatten()
}

/// The entries whose phrases occur in a text, in the order of the table. The text is searched once,
/// however many codes it contains.
struct Matches(Vec<&'static Meaning>);

impl Matches {
    fn in_text(text: &str) -> Self {
        Self(all().filter(|known| !text.is_empty() && known.occurs_in(text)).collect())
    }

    /// The meaning of a code. If several entries have it, the phrases decide.
    fn by_code(&self, code: &ErrorCode) -> Option<&'static Meaning> {
        let said = self.0.iter().copied();
        said.filter(|known| known.has_code(code))
            .find(|known| !known.needs_no_phrase())
            .or_else(|| all().find(|known| known.needs_no_phrase() && known.has_code(code)))
    }

    fn by_phrase(&self, counts: impl Fn(&Meaning) -> bool) -> Option<&'static Meaning> {
        let alone = |known: &Meaning| !matches!(known.says, Says::DecidesBesideCode(_));
        self.0.iter().copied().find(|known| alone(known) && counts(known))
    }
}

/// Lower case and single spaces, because pasted messages have arbitrary line breaks.
fn plain(text: &str) -> Cow<'_, str> {
    let is_plain = |text: &str| {
        !text.contains("  ") && !text.contains(|c: char| c.is_ascii_uppercase() || c.is_control())
    };
    if is_plain(text) {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !plain.is_empty() {
            plain.push(' ');
        }
        plain.extend(word.chars().map(|c| c.to_ascii_lowercase()));
    }
    Cow::Owned(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_has_its_steps_in_one_place() {
        for known in all() {
            let own = (known.text)();
            assert_ne!(own.steps.is_empty(), known.steps.is_none(), "{}", own.title);
        }
    }
}
