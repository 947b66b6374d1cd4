//! What is publicly known about the codes and messages of QuickBooks, the Web Connector and the
//! providers, as data.
//!
//! One entry is one row: a code cannot be known without saying how sure that is, who must act and
//! what to do. Public lists of these codes contradict each other, and several are simply wrong, so
//! the rows keep to what Intuit's own strings and independent sources agree on; what does not, says
//! so and is never the sole ground of a diagnosis.

/// Writes a table: one row is one entry.
macro_rules! known {
    ($name:ident, $kind:ident, $series:ident: $(
        [$($first:literal $(to $last:literal)?),*] $(=> $says:ident [$($phrase:literal),+ $(,)?])?
            $confidence:ident, $cause:ident, $problem:tt, $who:ident,
            $text:ident $(, $steps:ident)?;
    )+) => {
        pub(super) const $name: &[Known] = &[$(
            Known {
                codes: &[$((
                    ErrorCode::$series($first),
                    ErrorCode::$series(known!(@last $first $($last)?)),
                )),*],
                says: known!(@says $($says [$($phrase),+])?),
                kind: Kind::$kind,
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
mod windows_calls;

use std::borrow::Cow;

use serde::Serialize;

use super::Cause;
use crate::companion::Who;
use crate::text::Words;

pub use message::{Reading, look_up};
pub use spelling::ErrorCode;

/// Whose words a code or message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// An `HRESULT` of QuickBooks' request processor, through which other programs reach it.
    RequestProcessor,
    /// An `HRESULT` of Windows itself: components and calls between programs.
    Windows,
    /// The Web Connector's codes, QBWC and four digits.
    WebConnector,
    /// What QuickBooks shows in a window of its own.
    Screen,
    /// QuickBooks' answer to one request: the connection works.
    Status,
    /// Conductor's codes and types.
    Conductor,
    /// Codat's states of connections and of data.
    Codat,
}

/// How sure an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// Read in a public source of the maker, or in independent ones that agree.
    Sourced,
    /// Follows from sourced facts.
    Inferred,
    /// One weak source, or only believed: never the sole ground of a diagnosis.
    SingleSource,
    /// Sources disagree: never the sole ground of a diagnosis.
    Contradicted,
    /// No public source explains it, so it is shown as it is.
    Unsourced,
}

/// What a message says by itself, and what that is worth beside a code. Phrases are in lower case
/// with single spaces.
#[derive(Clone, Copy, Debug)]
pub enum Says {
    /// Only the code tells.
    Nothing,
    /// The code's own words: either of them is enough.
    Same(&'static [&'static str]),
    /// These words decide between entries with the same code. Without a code they are enough.
    Decides(&'static [&'static str]),
    /// These words decide between entries with the same code. Alone they could mean anything.
    DecidesBesideCode(&'static [&'static str]),
}

/// Everything that is known about one code, or about several that mean the same.
#[derive(Debug)]
pub struct Known {
    /// Its codes, as ranges from the first to the last. Empty where only the words tell.
    pub codes: &'static [(ErrorCode, ErrorCode)],
    /// What the message says.
    pub says: Says,
    /// Whose it is.
    pub kind: Kind,
    /// Why it failed. `None` where nothing is wrong with the connection.
    pub cause: Option<Cause>,
    /// The stable text of the problem that it shows, where it shows exactly one.
    pub problem: Option<&'static str>,
    /// How sure this is.
    pub confidence: Confidence,
    /// Who must act.
    pub who: Who,
    text: fn() -> Words,
    /// What to do, where several entries need the same; otherwise the text says it.
    steps: Option<fn() -> Vec<String>>,
}

impl Known {
    /// False where a diagnosis needs something else besides: one weak source, sources that
    /// disagree, or none.
    #[must_use]
    pub const fn may_diagnose(&self) -> bool {
        match self.confidence {
            Confidence::Sourced | Confidence::Inferred => true,
            Confidence::SingleSource | Confidence::Contradicted | Confidence::Unsourced => false,
        }
    }

    /// False where all that is known is that no public source explains it.
    #[must_use]
    pub fn is_explained(&self) -> bool {
        self.confidence != Confidence::Unsourced
    }

    /// A few words, one or two sentences for a bookkeeper, and what to do for the one who must act.
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

    /// True where the code alone leads here.
    fn needs_no_words(&self) -> bool {
        match self.says {
            Says::Nothing | Says::Same(_) => true,
            Says::Decides(_) | Says::DecidesBesideCode(_) => false,
        }
    }

    fn phrases(&self) -> &'static [&'static str] {
        match self.says {
            Says::Nothing => &[],
            Says::Same(phrases) | Says::Decides(phrases) | Says::DecidesBesideCode(phrases) => {
                phrases
            }
        }
    }

    fn is_said_in(&self, text: &str) -> bool {
        self.phrases().iter().any(|phrase| text.contains(phrase))
    }
}

/// What is at hand of a failure.
#[derive(Clone, Copy, Debug, Default)]
pub struct Clues<'a> {
    /// The code in any spelling: `QBWC1039`, `QBD_REQUEST_ERROR`, `3200`.
    pub code: Option<&'a str>,
    /// The `HRESULT`, where it has already been read. Otherwise it is looked for in the text.
    pub hresult: Option<u32>,
    /// The message, of any length.
    pub text: &'a str,
}

/// Finds what is known. An `HRESULT` says most, then QuickBooks' own words, then the code, which
/// often only says where it went wrong, then any other words. `None` means that nothing is known.
#[must_use]
pub fn recognise(clues: &Clues<'_>) -> Option<&'static Known> {
    let text = plain(clues.text);
    let code = clues.code.and_then(ErrorCode::spelled);
    let hresult = clues
        .hresult
        .map(ErrorCode::Hresult)
        .or(code.filter(|code| matches!(code, ErrorCode::Hresult(_))))
        .or_else(|| message::hresult_of(&text));
    choose(code, hresult, &text)
}

fn choose(
    code: Option<ErrorCode>,
    hresult: Option<ErrorCode>,
    text: &str,
) -> Option<&'static Known> {
    let hresult = hresult.and_then(|hresult| by_code(&hresult, text));
    // An HRESULT that no source explains says less than words that are known.
    hresult
        .filter(|known| known.is_explained())
        .or_else(|| by_words(text, |known| is_of_quickbooks(known.kind)))
        .or_else(|| code.and_then(|code| by_code(&code, text)))
        .or_else(|| by_words(text, |_| true))
        .or(hresult)
}

const fn is_of_quickbooks(kind: Kind) -> bool {
    match kind {
        Kind::RequestProcessor | Kind::Windows => true,
        Kind::WebConnector | Kind::Screen | Kind::Status | Kind::Conductor | Kind::Codat => false,
    }
}

/// Every entry. What is more telling stands before what is more general.
pub fn all() -> impl Iterator<Item = &'static Known> {
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

/// What is known about a code. Where several entries have it, the words decide.
fn by_code(code: &ErrorCode, text: &str) -> Option<&'static Known> {
    let with_code = || all().filter(|known| known.has_code(code));
    with_code()
        .find(|known| !known.needs_no_words() && known.is_said_in(text))
        .or_else(|| with_code().find(|known| known.needs_no_words()))
}

fn by_words(text: &str, counts: impl Fn(&Known) -> bool) -> Option<&'static Known> {
    all().find(|known| {
        !matches!(known.says, Says::DecidesBesideCode(_)) && counts(known) && known.is_said_in(text)
    })
}

/// Lower case and single spaces, because pasted messages are wrapped anywhere.
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
    fn what_to_do_stands_in_one_place() {
        for known in all() {
            let own = (known.text)();
            assert_ne!(own.steps.is_empty(), known.steps.is_none(), "{}", own.title);
        }
    }
}
