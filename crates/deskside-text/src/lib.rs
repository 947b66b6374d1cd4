//! All text that people read: Fluent messages from the folder `locales`, with one function for
//! each.
//!
//! The build generates the functions from the English messages, so that an unknown message or a
//! wrong number of arguments does not compile. A test of the whole workspace finds unused messages.
#![forbid(unsafe_code)]

mod direction;
mod speech;

use std::sync::OnceLock;

use fluent_bundle::FluentValue;
use speech::Speech;

include!(concat!(env!("OUT_DIR"), "/messages.rs"));

/// The text about something that may need action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// A few words for a title or a tooltip.
    pub title: String,
    /// One sentence that states the cause.
    pub cause: String,
    /// What to do, in order.
    pub steps: Vec<String>,
}

/// The language of this run. It is chosen once, before the first message, and never changes, so
/// every message sees it as a constant.
static SPEECH: OnceLock<Speech> = OnceLock::new();

/// Chooses the first available language; `wanted` holds locale names such as `fr-CA`, in order of
/// preference. A program calls this first; otherwise the language is English. Returns false if a
/// message was formatted before, because the language never changes after that.
#[must_use]
pub fn choose_language(wanted: impl IntoIterator<Item = String>) -> bool {
    SPEECH.set(Speech::of(LANGUAGES, wanted)).is_ok()
}

fn speech() -> &'static Speech {
    SPEECH.get_or_init(|| Speech::of(LANGUAGES, []))
}

/// A message without attributes, by name. Messages with a generated function are called through
/// that function.
pub fn sentence<const N: usize>(message: &str, arguments: [(&str, FluentValue<'_>); N]) -> String {
    speech().sentence(message, arguments)
}

/// A message that consists only of steps.
fn steps<const N: usize>(message: &str, arguments: [(&str, FluentValue<'_>); N]) -> Vec<String> {
    speech().words(message, arguments).steps
}

/// A message with a cause and steps.
fn words<const N: usize>(message: &str, arguments: [(&str, FluentValue<'_>); N]) -> Words {
    speech().words(message, arguments)
}
