//! Every spelling of a code that a person types or a message shows, and the one that Deskside
//! writes.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::LazyLock;

use super::all;

/// A code of QuickBooks, the Web Connector, Windows or a provider. The order supports ranges within
/// a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ErrorCode {
    /// `QBWC1039`.
    WebConnector(u16),
    /// `0x80040414`, including those of Windows.
    Hresult(u32),
    /// QuickBooks' answer to one request (`statusCode`): `3200`.
    Status(u16),
    /// The H-series of QuickBooks' multi-user mode: `H202`.
    Hosting(u16),
    /// The PS-series of QuickBooks' payroll updates: `PS077`.
    Payroll(u16),
    /// Another number on a QuickBooks screen: `-6177`, `12007`.
    Screen(i32),
    /// A provider's word: `INTEGRATION_CONNECTION_NOT_SET_UP`, `AuthError`, `Codat 403`.
    Word(&'static str),
}

/// The label in front of a number. Many programs number their errors, so the label decides what the
/// number can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Label {
    /// Any program's error, followed by a number or by text.
    Error,
    /// Any program's code.
    Code,
    /// A status: QuickBooks' own, but below 1000 also the HTTP status of any website.
    Status,
    /// QuickBooks' answer to a single request, and nothing else.
    Request,
}

/// The longest code that a person types, in bytes, including spaces and punctuation.
const LONGEST_TYPED: usize = 80;

impl ErrorCode {
    /// Parses a code as typed by a person. `None` if it belongs to no series and is not a known
    /// word of a provider.
    ///
    /// A bare number is the Web Connector's code if there is one, because that is what people read
    /// off a screen.
    #[must_use]
    pub fn spelled(typed: &str) -> Option<Self> {
        let typed =
            typed.trim_matches(|c: char| c.is_whitespace() || ":.,;!?&\"'()[]<>".contains(c));
        if typed.len() > LONGEST_TYPED {
            return None;
        }
        hresult(typed)
            .or_else(|| typed.starts_with("0x").then(|| hresult(&joined(typed))).flatten())
            .map(Self::Hresult)
            .or_else(|| in_series(&joined(typed)))
            .or_else(|| number(Label::Code, without_second_number(typed)?))
            .or_else(|| word(typed))
    }

    /// True if an entry has exactly this code, not only a range around it.
    pub(super) fn is_listed(self) -> bool {
        all().any(|known| known.codes.contains(&(self, self)))
    }

    /// True if an entry has this code or a range around it.
    pub(super) fn is_known(self) -> bool {
        all().any(|known| known.has_code(&self))
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WebConnector(number) => write!(f, "QBWC{number:04}"),
            Self::Hresult(number) => write!(f, "0x{number:08X}"),
            Self::Status(number) => write!(f, "{number}"),
            Self::Hosting(number) => write!(f, "H{number}"),
            Self::Payroll(number) => write!(f, "PS{number:03}"),
            Self::Screen(number) => write!(f, "{number}"),
            Self::Word(word) => f.write_str(word),
        }
    }
}

/// `0x80040408`, `80040408`, `-2147220472` and `2147746824` are the same, and so are the forms of
/// Visual Basic, C and assemblers: `&H80040408`, `0x80040408L`, `80040408h`.
pub(super) fn hresult(typed: &str) -> Option<u32> {
    let digits = typed.trim_start_matches('-');
    let digits =
        ["0x", "0X", "H", "h"].iter().find_map(|it| digits.strip_prefix(it)).unwrap_or(digits);
    let digits = digits.trim_end_matches(['h', 'H', 'l', 'L', 'u', 'U']);
    let number = if digits.len() == 8 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        u32::from_str_radix(digits, 16).ok()?
    } else {
        let number = typed.parse::<i64>().ok()?;
        u32::try_from(number).or_else(|_| i32::try_from(number).map(i32::cast_unsigned)).ok()?
    };
    // Without 0x, many numbers have eight digits, and QuickBooks has negative ones of its own. All
    // failure codes of QuickBooks and Windows start with these eight bits.
    (number >> 24 == 0x80).then_some(number)
}

fn joined(typed: &str) -> String {
    typed.split_whitespace().collect()
}

/// Letters, then digits, with or without a separator: `qbwc1039`, `H-202`, `ps077`.
fn in_series(typed: &str) -> Option<ErrorCode> {
    let digits = typed.trim_start_matches(|c: char| !c.is_ascii_digit());
    let letters = typed.strip_suffix(digits)?;
    let series = letters.trim_end_matches(|c: char| !c.is_ascii_alphabetic()).to_ascii_lowercase();
    let number = digits.parse::<u16>().ok();
    match series.as_str() {
        "qbwc" => number.map(ErrorCode::WebConnector),
        "h" => number.map(ErrorCode::Hosting),
        "ps" => number.map(ErrorCode::Payroll),
        _ => None,
    }
}

/// QuickBooks adds a second number after a comma, which does not change the meaning: `-6177,0`,
/// `-6000 -83`.
fn without_second_number(typed: &str) -> Option<&str> {
    let (first, second) = typed.split_once([',', ' ']).unwrap_or((typed, ""));
    let is_number = |c: char| c.is_ascii_digit() || c == '-' || c == ' ';
    second.chars().all(is_number).then_some(first)
}

/// A number that has a meaning after such a label: `1039`, `3371`, `3200`, `-6177`.
pub(super) fn number(label: Label, digits: &str) -> Option<ErrorCode> {
    let number: i32 = digits.parse().ok()?;
    let status = u16::try_from(number).ok().map(ErrorCode::Status);
    let code = match label {
        Label::Request => status,
        Label::Status => status.filter(|_| number >= 1000),
        Label::Error | Label::Code => on_screen(number),
    };
    code.filter(|code| code.is_known())
}

/// A number that hardly any program but QuickBooks or the Web Connector shows. Numbers below 1000
/// and in the other thousands are used by far too many programs, such as 403 and 2026.
fn on_screen(number: i32) -> Option<ErrorCode> {
    // People type these without the minus shown on screen.
    let is_of_the_file = (6000..=6999).contains(&number);
    let screen = ErrorCode::Screen(if is_of_the_file { -number } else { number });
    let small = u16::try_from(number).ok();
    match number {
        _ if screen.is_known() => Some(screen),
        1000..=1999 => small.map(ErrorCode::WebConnector),
        3000..=3999 => small.map(ErrorCode::Status),
        _ => None,
    }
}

/// `INTEGRATION_CONNECTION_NOT_SET_UP`, `AuthError`, `codat 403`, and `AUTH_ERROR` for `AuthError`.
fn word(typed: &str) -> Option<ErrorCode> {
    let in_any_case = || PROVIDER_WORDS.iter().find(|word| word.eq_ignore_ascii_case(typed));
    let by_letters = || {
        let typed = looks_like_an_identifier(typed).then(|| letters(typed))?;
        PROVIDER_WORDS.iter().find(|word| letters(word) == typed)
    };
    exact_word(typed).or_else(|| in_any_case().or_else(by_letters).copied().map(ErrorCode::Word))
}

/// False for plain English: "internal error" is in everyday use.
fn looks_like_an_identifier(typed: &str) -> bool {
    !typed.contains(char::is_whitespace) && (typed.contains('_') || has_two_capitals(typed))
}

pub(super) fn has_two_capitals(word: &str) -> bool {
    word.bytes().filter(u8::is_ascii_uppercase).nth(1).is_some()
}

fn letters(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// The provider's word with exactly this spelling.
pub(super) fn exact_word(word: &str) -> Option<ErrorCode> {
    PROVIDER_WORDS.get(word).copied().map(ErrorCode::Word)
}

/// Every known word of a provider.
static PROVIDER_WORDS: LazyLock<BTreeSet<&'static str>> = LazyLock::new(|| {
    let codes = all().flat_map(|known| known.codes);
    codes
        .filter_map(|(code, _)| if let ErrorCode::Word(word) = code { Some(*word) } else { None })
        .collect()
});
