//! Reads the fields of a vendor's JSON answer leniently.
//!
//! The vendors' answers contradict their own documents: unexpected nulls, numbers instead of text, dates
//! without a time zone. So reading never fails: a field that is missing, null or of another type counts as
//! absent. Only an object without its identifier is rejected. docs/sources/codat.md#nulls

use deskside_model::Secret;
use deskside_model::unseen::is_unseen;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

/// A JSON object of an answer; empty for a value that is not an object.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a>(Option<&'a Map<String, Value>>);

impl<'a> Fields<'a> {
    pub(super) fn of(value: &'a Value) -> Self {
        Self(value.as_object())
    }

    /// True if the field is present and null.
    pub(super) fn is_null(self, name: &str) -> bool {
        self.0.and_then(|fields| fields.get(name)).is_some_and(Value::is_null)
    }

    /// The value; `None` if it is missing or null.
    pub(super) fn value(self, name: &str) -> Option<&'a Value> {
        self.0?.get(name).filter(|value| !value.is_null())
    }

    pub(super) fn object(self, name: &str) -> Self {
        Self(self.value(name).and_then(Value::as_object))
    }

    /// The elements; `None` if the value is not a list.
    pub(super) fn list(self, name: &str) -> Option<&'a [Value]> {
        self.value(name)?.as_array().map(Vec::as_slice)
    }

    pub(super) fn names(self) -> impl Iterator<Item = (&'a str, &'a Value)> {
        self.0.into_iter().flatten().map(|(name, value)| (name.as_str(), value))
    }

    /// Non-empty text, cleaned with [`plain`].
    pub(super) fn text(self, name: &str) -> Option<String> {
        text(self.value(name)?)
    }

    /// Text that must not be printed, such as a link.
    pub(super) fn secret(self, name: &str) -> Option<Secret> {
        self.text(name).map(Secret::new)
    }

    pub(super) fn moment(self, name: &str) -> Option<Timestamp> {
        moment(&self.text(name)?)
    }

    pub(super) fn flag(self, name: &str) -> Option<bool> {
        let text = self.text(name)?;
        let is = |word: &str| text.eq_ignore_ascii_case(word);
        if is("true") { Some(true) } else { is("false").then_some(false) }
    }

    /// A finite number of at least zero, also if it is sent as text.
    pub(super) fn amount(self, name: &str) -> Option<f64> {
        let amount: f64 = self.text(name)?.parse().ok()?;
        (amount.is_finite() && amount >= 0.0).then_some(amount)
    }
}

/// Non-empty text, also if it is sent as a number or a Boolean.
pub(super) fn text(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => plain(text),
        Value::Number(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => return None,
    };
    Some(text).filter(|text| !text.is_empty())
}

/// Text that is safe to show in a terminal and a window: without control characters and without
/// characters that change the writing direction.
pub(super) fn plain(text: &str) -> String {
    let space = text.replace(|c: char| c.is_control() && c.is_whitespace(), " ");
    space.replace(is_unseen, "").trim().to_owned()
}

/// Parses a time in any of the vendors' formats: with `Z` or an offset, separated by `T` or a space,
/// without a zone (UTC), or a date only (its start). docs/sources/codat.md#http,
/// docs/sources/conductor.md#generations
pub(super) fn moment(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let in_utc = |when: DateTime| Some(when.to_zoned(TimeZone::UTC).ok()?.timestamp());
    text.parse::<Timestamp>()
        .ok()
        .or_else(|| in_utc(text.parse::<DateTime>().ok()?))
        .or_else(|| in_utc(text.parse::<Date>().ok()?.to_datetime(jiff::civil::Time::midnight())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_date_format_of_the_vendors_is_parsed() {
        for (text, meant) in [
            ("2024-01-01T12:34:56.789Z", "2024-01-01T12:34:56.789Z"),
            ("2022-11-16 23:51:08.996+00", "2022-11-16T23:51:08.996Z"),
            ("2022-09-01T10:21:57.0807447Z", "2022-09-01T10:21:57.0807447Z"),
            ("2022-10-23T01:00:00+02:00", "2022-10-22T23:00:00Z"),
            ("2022-10-23T00:00:00", "2022-10-23T00:00:00Z"),
            (" 2022-10-23 ", "2022-10-23T00:00:00Z"),
        ] {
            assert_eq!(moment(text), Some(meant.parse().unwrap()), "{text}");
        }
        for text in ["2024-09-01T23:59:99Z", "yesterday", "", "0"] {
            assert_eq!(moment(text), None, "{text}");
        }
    }

    #[test]
    fn control_and_bidi_characters_are_removed_from_text() {
        let value =
            serde_json::json!({ "a": "\u{1b}[2J\u{1b}]0;t\u{7}Hi\r\nthere\u{202e}x\u{9b}" });
        assert_eq!(Fields::of(&value).text("a").as_deref(), Some("[2J]0;tHi  therex"));
        let value = serde_json::json!({ "a": "\u{200f}\u{0}" });
        assert_eq!(Fields::of(&value).text("a"), None);
    }

    #[test]
    fn fields_of_the_wrong_type_are_absent() {
        let value = serde_json::json!({ "a": [1], "b": null, "c": 5, "d": "TRUE", "e": " " });
        let fields = Fields::of(&value);
        let texts = ["a", "b", "c", "d", "e", "f"].map(|name| fields.text(name));
        assert_eq!(texts, [None, None, Some("5".into()), Some("TRUE".into()), None, None]);
        assert_eq!((fields.flag("d"), fields.flag("c")), (Some(true), None));
        assert_eq!((fields.amount("c"), fields.amount("d")), (Some(5.0), None));
        assert_eq!(Fields::of(&Value::Null).text("a"), None);
    }
}
