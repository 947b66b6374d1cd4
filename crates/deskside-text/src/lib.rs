//! Everything that people read: Fluent messages from the folder `locales`, one function for each.
//!
//! The functions are made by the build from the English messages, so that a message that does not
//! exist, or an argument too many or too few, does not compile. A test of the whole workspace finds
//! messages that nothing says.
#![forbid(unsafe_code)]

mod direction;
mod speech;

use std::sync::OnceLock;

use fluent_bundle::FluentValue;
use speech::Speech;

include!(concat!(env!("OUT_DIR"), "/messages.rs"));

/// What is told of something that somebody may have to act on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// A few words, for a title or a tooltip.
    pub title: String,
    /// One sentence: the cause.
    pub cause: String,
    /// What to do, in order.
    pub steps: Vec<String>,
}

/// The language of this run. It is chosen once, before anything is said, and never changes; so it
/// is a constant to everything that speaks.
static SPEECH: OnceLock<Speech> = OnceLock::new();

/// Chooses the first of these languages that there are texts in; `wanted` holds locale names such as
/// `fr-CA`, the most wanted first. A program calls it first of all; without it, English is spoken.
/// Returns false when something was said before, because the language never changes then.
#[must_use]
pub fn choose_language(wanted: impl IntoIterator<Item = String>) -> bool {
    SPEECH.set(Speech::of(LANGUAGES, wanted)).is_ok()
}

fn speech() -> &'static Speech {
    SPEECH.get_or_init(|| Speech::of(LANGUAGES, []))
}

/// A message without attributes, by its name. What the build makes functions of is called by those.
pub fn sentence<const N: usize>(message: &str, arguments: [(&str, FluentValue<'_>); N]) -> String {
    speech().sentence(message, arguments)
}

/// A message that is nothing but steps.
fn steps<const N: usize>(message: &str, arguments: [(&str, FluentValue<'_>); N]) -> Vec<String> {
    speech().words(message, arguments).steps
}

/// A message with a cause and steps.
fn words<const N: usize>(message: &str, arguments: [(&str, FluentValue<'_>); N]) -> Words {
    speech().words(message, arguments)
}
