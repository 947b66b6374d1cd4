//! What is publicly known about the codes and messages of QuickBooks, the Web Connector and the
//! providers, as data.
//!
//! One entry is one row: a code cannot be known without saying how sure that is, who must act and
//! what to do. Public lists of these codes contradict each other, and several are simply wrong, so
//! the rows keep to what Intuit's own strings and independent sources agree on; what does not, says
//! so and is never the sole ground of a diagnosis.
#![forbid(unsafe_code)]

/// Writes a table: one row is one entry.
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
mod windows_calls;

use std::borrow::Cow;

use deskside_model::{Cause, Who};
use deskside_text::Words;
use serde::Serialize;

pub use message::{Reading, look_up};
pub use spelling::ErrorCode;
use spelling::Label;

/// Whose words a code or message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CodeFamily {
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
    /// The whole message is one of these, perhaps with a number before it. Inside a longer one they
    /// could mean anything.
    Whole(&'static [&'static str]),
}

/// Everything that is known about one code, or about several that mean the same.
#[derive(Debug)]
pub struct Meaning {
    /// Its codes, as ranges from the first to the last. Empty where only the words tell.
    pub codes: &'static [(ErrorCode, ErrorCode)],
    /// What the message says.
    pub says: Says,
    /// Whose it is.
    pub kind: CodeFamily,
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

impl Meaning {
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
            Says::Decides(_) | Says::DecidesBesideCode(_) | Says::Whole(_) => false,
        }
    }

    /// What the message says, in lower case with single spaces.
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

    fn is_said_in(&self, text: &str) -> bool {
        let is_letter = char::is_alphabetic;
        match self.says {
            Says::Whole(phrases) => phrases.contains(&text.trim_matches(|c| !is_letter(c))),
            Says::Nothing | Says::Same(_) | Says::Decides(_) | Says::DecidesBesideCode(_) => {
                self.phrases().iter().any(|phrase| text.contains(phrase))
            }
        }
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
pub fn recognise(clues: &Clues<'_>) -> Option<&'static Meaning> {
    let text = plain(clues.text);
    let heard = Matches::in_text(&text);
    let code = clues.code.and_then(|code| ErrorCode::spelled(code).or_else(|| handed_on(code)));
    let hresult = clues
        .hresult
        .map(ErrorCode::Hresult)
        .or(code.filter(|code| matches!(code, ErrorCode::Hresult(_))))
        .or_else(|| message::hresult_of(&text, &heard));
    choose(code, hresult, &heard)
}

/// A provider hands QuickBooks' answers on as bare numbers. Below 1000 those of its own website
/// would look the same, so each must be known by itself.
fn handed_on(code: &str) -> Option<ErrorCode> {
    spelling::number(Label::Request, code).filter(|code| code.is_listed())
}

fn choose(
    code: Option<ErrorCode>,
    hresult: Option<ErrorCode>,
    heard: &Matches,
) -> Option<&'static Meaning> {
    let hresult = hresult.and_then(|hresult| heard.by_code(&hresult));
    // An HRESULT that no source explains says less than words that are known.
    hresult
        .filter(|known| known.is_explained())
        .or_else(|| heard.by_words(|known| is_of_quickbooks(known.kind)))
        .or_else(|| code.and_then(|code| heard.by_code(&code)))
        .or_else(|| heard.by_words(|_| true))
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

/// Every entry. What is more telling stands before what is more general.
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

/// The entries whose words are in a text, in the order of the table. A text is searched for them
/// once, however many codes are in it.
struct Matches(Vec<&'static Meaning>);

impl Matches {
    fn in_text(text: &str) -> Self {
        Self(all().filter(|known| !text.is_empty() && known.is_said_in(text)).collect())
    }

    /// What is known about a code. Where several entries have it, the words decide.
    fn by_code(&self, code: &ErrorCode) -> Option<&'static Meaning> {
        let said = self.0.iter().copied();
        said.filter(|known| known.has_code(code))
            .find(|known| !known.needs_no_words())
            .or_else(|| all().find(|known| known.needs_no_words() && known.has_code(code)))
    }

    fn by_words(&self, counts: impl Fn(&Meaning) -> bool) -> Option<&'static Meaning> {
        let alone = |known: &Meaning| !matches!(known.says, Says::DecidesBesideCode(_));
        self.0.iter().copied().find(|known| alone(known) && counts(known))
    }
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
