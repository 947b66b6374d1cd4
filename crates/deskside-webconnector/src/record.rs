//! Splits one line: whether a record starts there, and what its parts are.
//!
//! `YYYYMMDD.HH:MM:SS UTC`, a tab, `: `, a method with `()`, ` : `, text. Copies of logs may have
//! other or no white space before the colon, and prefixes of other programs before the time.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;
use memchr::{memchr, memchr_iter};

/// Occurs in every record and hardly any other line.
pub(super) const ZONE: &[u8; 4] = b" UTC";

/// `YYYYMMDD.HH:MM:SS`
const STAMP: usize = 17;

/// What the Web Connector itself writes after the stamp.
pub(super) const AFTER_STAMP: &[u8; 7] = b" UTC\t: ";

/// The length of a time and the text after it, in bytes.
pub(super) const TIME: usize = STAMP + AFTER_STAMP.len();

/// The class of the methods of nearly all records.
pub(super) const CLASS: &[u8] = b"QBWebConnector.SOAPWebService.";

/// How far into a line a time is searched for: enough for the prefix of any log collector.
const LONGEST_PREFIX: usize = 256;

/// The beginning of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Record<'a> {
    stamp: &'a [u8; STAMP],
    /// The last part of the method's name, without its parentheses; empty if there is none.
    pub(super) method: &'a [u8],
    /// The rest of the line.
    pub(super) text: &'a [u8],
}

impl Record<'_> {
    /// When it was written; `None` if the digits are not a valid time.
    pub(super) fn at(&self) -> Option<Timestamp> {
        let number = |from: usize, to: usize| {
            let digits = self.stamp.get(from..to)?;
            digits.iter().try_fold(0_i16, |sum, digit| {
                sum.checked_mul(10)?.checked_add(i16::from(digit.checked_sub(b'0')?))
            })
        };
        let small = |from: usize| i8::try_from(number(from, from.checked_add(2)?)?).ok();
        let date = Date::new(number(0, 4)?, small(4)?, small(6)?).ok()?;
        let at = DateTime::new(
            date.year(),
            date.month(),
            date.day(),
            small(9)?,
            small(12)?,
            small(15)?,
            0,
        );
        Offset::UTC.to_timestamp(at.ok()?).ok()
    }
}

/// Parses a line; `None` if it only continues the previous record.
pub(super) fn read(line: &[u8]) -> Option<Record<'_>> {
    if let Some(record) = parse_at_start(line) {
        return Some(record);
    }
    let start = line.get(..line.len().min(LONGEST_PREFIX))?;
    // The eight digits nearest to the dot: other digits may directly precede them.
    let starts = places(start, ZONE).filter_map(|zone| zone.checked_sub(STAMP));
    starts.filter_map(|from| line.get(from..)).find_map(parse_at_start)
}

/// False if no record starts with the first byte. Fast, and usually right when true.
pub(super) fn may_start(bytes: &[u8]) -> bool {
    bytes.first_chunk::<21>().is_some_and(|[.., a, b, c, d]| [*a, *b, *c, *d] == *ZONE)
}

/// True if a record starts with the first byte, in the Web Connector's own format.
pub(super) fn starts(bytes: &[u8]) -> bool {
    let Some((stamp, rest)) = bytes.split_first_chunk() else { return false };
    rest.first_chunk() == Some(AFTER_STAMP) && is_stamp(stamp)
}

/// True if a record starts with the first byte, in the format of a copy: with other or no white
/// space before the colon. Its method distinguishes it from a time in other text.
pub(super) fn starts_in_copy(bytes: &[u8]) -> bool {
    parse_at_start(bytes).is_some_and(|record| {
        let is_of_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
        !record.method.is_empty() && record.method.iter().all(is_of_name)
    })
}

/// A line with plain quotation marks and apostrophes, if a mail program has replaced them. Such a
/// program also replaces the tab, so the Web Connector's own lines stay as they are.
pub(super) fn without_typographic_quotes(line: &[u8]) -> Cow<'_, [u8]> {
    const START: [u8; 2] = [0xE2, 0x80];
    if starts(line) || !places(line, &START).any(|_| true) {
        return Cow::Borrowed(line);
    }
    let mut plain = Vec::with_capacity(line.len());
    let mut rest = line;
    while let Some((first, after)) = rest.split_first() {
        let (sign, after) = match rest {
            [0xE2, 0x80, 0x98..=0x9B, after @ ..] => (b'\'', after),
            [0xE2, 0x80, 0x9C..=0x9F, after @ ..] => (b'"', after),
            _ => (*first, after),
        };
        plain.push(sign);
        rest = after;
    }
    Cow::Owned(plain)
}

/// True if the text contains a time.
pub(super) fn has_time(text: &[u8]) -> bool {
    let mut starts = places(text, ZONE).filter_map(|zone| zone.checked_sub(STAMP));
    starts.any(|from| text.get(from..).and_then(<[u8]>::first_chunk).is_some_and(is_stamp))
}

/// The rest of the bytes if the record that starts with the first one has a method of this class,
/// in the Web Connector's own format. Faster than parsing the record.
pub(super) fn of_class<'a>(bytes: &'a [u8], class: &[u8]) -> Option<&'a [u8]> {
    let (stamp, rest) = bytes.split_first_chunk()?;
    let rest = rest.strip_prefix(ZONE)?.strip_prefix(b"\t: ")?.strip_prefix(class)?;
    is_stamp(stamp).then_some(rest)
}

fn parse_at_start(line: &[u8]) -> Option<Record<'_>> {
    let (stamp, rest) = line.split_first_chunk()?;
    let rest = rest.strip_prefix(ZONE)?;
    if !is_stamp(stamp) {
        return None;
    }
    let rest = match rest.strip_prefix(b"\t: ") {
        Some(rest) => rest,
        None => trim_blanks(trim_blanks(rest).strip_prefix(b":")?),
    };
    let (method, text) = split_method(rest);
    Some(Record { stamp, method, text })
}

fn is_stamp(stamp: &[u8; STAMP]) -> bool {
    let [date @ .., b'.', h, hh, b':', m, mm, b':', s, ss] = stamp else { return false };
    let times = [*h, *hh, *m, *mm, *s, *ss, b'0', b'0'];
    are_digits(*date) && are_digits(times)
}

/// All eight at once, because this runs for every line: a digit has 3 in its upper half, also after
/// adding 6.
fn are_digits(bytes: [u8; 8]) -> bool {
    const UPPER: u64 = 0xF0F0_F0F0_F0F0_F0F0;
    const DIGITS: u64 = 0x3030_3030_3030_3030;
    let bytes = u64::from_le_bytes(bytes);
    bytes & UPPER == DIGITS && bytes.wrapping_add(0x0606_0606_0606_0606) & UPPER == DIGITS
}

/// Removes leading white space, including the two bytes of the space that web pages use for a tab.
fn trim_blanks(mut bytes: &[u8]) -> &[u8] {
    while let [b' ' | b'\t' | 0xC2 | 0xA0, rest @ ..] = bytes {
        bytes = rest;
    }
    bytes
}

/// Splits `QBWebConnector.SOAPWebService.update() : text`.
fn split_method(rest: &[u8]) -> (&[u8], &[u8]) {
    // The start of nearly all of them.
    let rest = rest.strip_prefix(CLASS).unwrap_or(rest);
    let Some((name, after)) = memchr(b'(', rest).and_then(|end| rest.split_at_checked(end)) else {
        return (b"", rest);
    };
    let Some(text) = after.strip_prefix(b"()") else { return (b"", rest) };
    let text = match text.strip_prefix(b" : ") {
        Some(text) => text,
        None => {
            let text = trim_blanks(text);
            trim_blanks(text.strip_prefix(b":").unwrap_or(text))
        }
    };
    let last = name.iter().rposition(|byte| *byte == b'.').and_then(|dot| name.get(dot..));
    (last.and_then(|last| last.get(1..)).unwrap_or(name), text)
}

/// The positions of a mark. For short texts this is much faster than preparing a search.
pub(super) fn places(text: &[u8], mark: &[u8]) -> impl DoubleEndedIterator<Item = usize> {
    let first = mark.first().copied().unwrap_or_default();
    memchr_iter(first, text)
        .filter(move |at| text.get(*at..).is_some_and(|text| text.starts_with(mark)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const UPDATE: &str = "QBWebConnector.SOAPWebService.update()";

    fn parts(line: &str) -> Option<(String, String, String)> {
        let record = read(line.as_bytes())?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Some((text(record.stamp), text(record.method), text(record.text)))
    }

    #[test]
    fn any_or_no_white_space_may_precede_the_colon() {
        for blank in ["\t", " ", "", "\t \t", "\u{a0}", "    "] {
            let line = format!("20260505.13:07:21 UTC{blank}: {UPDATE} : said");
            let expected = ("20260505.13:07:21".into(), "update".into(), "said".into());
            assert_eq!(parts(&line), Some(expected), "{blank:?}");
        }
    }

    #[test]
    fn prefixes_before_the_time_are_ignored() {
        for junk in [
            "10.0.0.25",
            "<134>May  5 13:07:21 UTC host ",
            "\u{feff}",
            "> ",
            "20250101.00:00:00 ",
            "(20250101.00:00:00 UTC) ",
            "\u{fffd}é",
        ] {
            let line = format!("{junk}20260505.13:07:21 UTC\t: {UPDATE} : said");
            let expected = ("20260505.13:07:21".into(), "update".into(), "said".into());
            assert_eq!(parts(&line), Some(expected), "{junk:?}");
        }
    }

    #[test]
    fn lines_without_a_time_are_no_records() {
        for line in [
            "",
            " UTC",
            "HRESULT = 0x80040400",
            "Log file initialized at Tuesday, May 5, 2026 - 1:07 PM UTC",
            "Timestamp format used: YYYYMMDD.HH:MM:SS UTC",
            "2026050513:07:21 UTC\t: x() : y",
            "2026x505.13:07:21 UTC\t: x() : y",
            "20260505.13:07:21 UTC",
            "20260505.13:07:21 GMT\t: x() : y",
        ] {
            assert_eq!(parts(line), None, "{line}");
        }
    }

    #[test]
    fn text_and_method_of_a_record_are_optional() {
        let said = |rest: &str| {
            let (_, method, text) = parts(&format!("20260505.13:07:21 UTC\t: {rest}")).unwrap();
            (method, text)
        };
        assert_eq!(said("A.b() :"), ("b".into(), String::new()));
        assert_eq!(said("A.b()"), ("b".into(), String::new()));
        assert_eq!(said("UpdateThis() : x"), ("UpdateThis".into(), "x".into()));
        assert_eq!(said("A.b() : a (b) : c()"), ("b".into(), "a (b) : c()".into()));
        assert_eq!(said("no brackets"), (String::new(), "no brackets".into()));
    }

    #[test]
    fn times_are_utc_and_invalid_ones_are_none() {
        let at = |stamp: &str| {
            let line = format!("{stamp} UTC\t: x() : y");
            read(line.as_bytes()).unwrap().at().map(|at| at.to_string())
        };
        assert_eq!(at("20260505.13:07:21").as_deref(), Some("2026-05-05T13:07:21Z"));
        assert_eq!(at("20240229.23:59:59").as_deref(), Some("2024-02-29T23:59:59Z"));
        for never in ["20260231.13:07:21", "99999999.99:99:99", "00000000.00:00:00"] {
            assert_eq!(at(never), None, "{never}");
        }
    }
}
