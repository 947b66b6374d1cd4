//! Everything that people read: Fluent messages from the folder `locales`, one function for each.
//!
//! The functions are made by the build from the English messages, so that a message that does not
//! exist, or an argument too many or too few, does not compile. A message that nothing says does
//! not compile either.
#![deny(dead_code)]

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

/// Speaks the language that this person has set for the system, as far as there are texts in it.
/// A program calls it first of all; without it, English is spoken.
pub fn follow_system() {
    if SPEECH.set(Speech::of(LANGUAGES, sys_locale::get_locales())).is_err() {
        tracing::error!("something was said before the language was chosen");
    }
}

fn speech() -> &'static Speech {
    SPEECH.get_or_init(|| Speech::of(LANGUAGES, []))
}

/// A message without attributes.
pub(crate) fn sentence<const N: usize>(
    message: &str,
    arguments: [(&str, FluentValue<'_>); N],
) -> String {
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
