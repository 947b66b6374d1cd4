//! A code in every spelling that a person types or a message shows, and in the one that Deskside
//! writes.

use std::fmt;

use super::all;

/// A code of QuickBooks, the Web Connector, Windows or a provider. The order makes ranges within a
/// series.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ErrorCode {
    /// `QBWC1039`.
    WebConnector(u16),
    /// `0x80040414`, also of Windows.
    Hresult(u32),
    /// QuickBooks' answer to one request (`statusCode`): `3200`.
    Status(u16),
    /// The H-series of QuickBooks' multi-user mode: `H202`.
    Hosting(u16),
    /// The PS-series of QuickBooks' payroll updates: `PS077`.
    Payroll(u16),
    /// Another number on QuickBooks' screen: `-6177`, `12007`.
    Screen(i32),
    /// A word of a provider: `INTEGRATION_CONNECTION_NOT_SET_UP`, `AuthError`, `Codat 403`.
    Word(&'static str),
}

impl ErrorCode {
    /// Reads a code as a person types it. `None` where it is a code of no series, or a word that no
    /// provider is known to use.
    ///
    /// A bare number means the Web Connector's code where there is one, because that is what people
    /// read off a screen.
    #[must_use]
    pub fn spelled(typed: &str) -> Option<Self> {
        let typed = typed.trim_matches(|c: char| c.is_whitespace() || ":.\"'()[]".contains(c));
        hresult(typed)
            .map(Self::Hresult)
            .or_else(|| in_series(typed))
            .or_else(|| bare_number(typed))
            .or_else(|| word(typed))
    }

    /// True where an entry has exactly this code, not only a range around it.
    pub(super) fn is_listed(self) -> bool {
        all().any(|known| known.codes.contains(&(self, self)))
    }

    /// True where an entry has this code, or a range around it.
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

/// `0x80040408`, `80040408` and `-2147220472` are the same.
pub(super) fn hresult(typed: &str) -> Option<u32> {
    let digits = typed.strip_prefix("0x").or_else(|| typed.strip_prefix("0X")).unwrap_or(typed);
    let is_hexadecimal = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let number = if digits.len() == 8 && is_hexadecimal {
        u32::from_str_radix(digits, 16).ok()?
    } else {
        typed.parse::<i32>().ok()?.cast_unsigned()
    };
    // Without 0x, many numbers have eight digits, and QuickBooks has negative ones of its own. The
    // first eight bits of everything that QuickBooks and Windows call a failure are these.
    (number >> 24 == 0x80).then_some(number)
}

/// Letters, then digits, with or without something in between: `qbwc 1039`, `H-202`, `ps077`.
fn in_series(typed: &str) -> Option<ErrorCode> {
    let digits = typed.trim_start_matches(|c: char| !c.is_ascii_digit());
    let letters = typed.strip_suffix(digits)?;
    let series = letters.trim_end_matches(|c: char| !c.is_ascii_alphabetic()).to_ascii_lowercase();
    let number = digits.parse::<u16>().ok();
    match series.as_str() {
        "qbwc" => number.map(ErrorCode::WebConnector),
        "h" => number.map(ErrorCode::Hosting),
        "ps" => number.map(ErrorCode::Payroll),
        "qbxml" | "status" | "statuscode" | "status code" => number.map(ErrorCode::Status),
        "error" | "code" | "error code" | "quickbooks error" => {
            let sign = if letters.ends_with('-') { "-" } else { "" };
            bare_number(&format!("{sign}{digits}"))
        }
        _ => None,
    }
}

/// `1039`, `3371`, `3200`, `-6177,0`.
pub(super) fn bare_number(typed: &str) -> Option<ErrorCode> {
    // QuickBooks writes a second number behind a comma, which changes nothing.
    let number: i32 = typed.split(',').next()?.trim().parse().ok()?;
    let Ok(small) = u16::try_from(number) else {
        return Some(ErrorCode::Screen(number));
    };
    let [web_connector, screen, status] =
        [ErrorCode::WebConnector(small), ErrorCode::Screen(number), ErrorCode::Status(small)];
    [web_connector, screen, status]
        .into_iter()
        .find(|code| code.is_listed())
        .or_else(|| screen.is_known().then_some(screen))
        // A smaller number is said by far too many programs, such as 403 and 1060.
        .or_else(|| (small >= 2000 && status.is_known()).then_some(status))
}

/// `INTEGRATION_CONNECTION_NOT_SET_UP`, `integration connection not set up`, `auth error`.
fn word(typed: &str) -> Option<ErrorCode> {
    let typed = letters(typed);
    words().find(|word| letters(word) == typed).map(ErrorCode::Word)
}

fn letters(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// Every word that a provider is known to use.
pub(super) fn words() -> impl Iterator<Item = &'static str> {
    all().flat_map(|known| known.codes).filter_map(|(code, _)| match code {
        ErrorCode::Word(word) => Some(*word),
        ErrorCode::WebConnector(_)
        | ErrorCode::Hresult(_)
        | ErrorCode::Status(_)
        | ErrorCode::Hosting(_)
        | ErrorCode::Payroll(_)
        | ErrorCode::Screen(_) => None,
    })
}
