//! The two streams: documents on standard output, sentences for people on standard error.
//!
//! Names and messages of companies, windows and providers come from others. A terminal would obey
//! some of their characters, and a new line would look like one of ours, so these are replaced.

use std::error::Error;
use std::io::{self, Write};

use serde::Serialize;

/// Why a command failed, in one sentence, with its cause.
#[derive(Debug)]
pub(crate) struct CommandFailure {
    sentence: String,
    cause: Option<Box<dyn Error>>,
}

impl CommandFailure {
    pub(crate) fn new(sentence: impl Into<String>, cause: impl Error + 'static) -> Self {
        Self { sentence: sentence.into(), cause: Some(Box::new(cause)) }
    }

    pub(crate) fn plain(sentence: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), cause: None }
    }
}

/// Prints a document.
pub(crate) fn document(value: &impl Serialize) -> Result<(), CommandFailure> {
    let text = serde_json::to_string_pretty(value)
        .map_err(|why| CommandFailure::new("the answer cannot be written as JSON", why))?;
    lines(&escaped(&text))
}

/// Prints one line on standard output.
pub(crate) fn line(text: &str) -> Result<(), CommandFailure> {
    lines(&tamed(text))
}

/// Prints this program's own lines on standard output. A closed reader is no failure.
pub(crate) fn lines(text: &str) -> Result<(), CommandFailure> {
    match writeln!(io::stdout(), "{text}") {
        Err(why) if why.kind() != io::ErrorKind::BrokenPipe => {
            Err(CommandFailure::new("the answer could not be printed", why))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Prints a message for the person at the terminal.
pub(crate) fn say(text: &str) {
    // There is no way to report that standard error is closed.
    drop(writeln!(io::stderr(), "{}", tamed(text)));
}

/// True for a character that a terminal obeys instead of showing it: controls, and those that turn
/// the text around them (Unicode Bidirectional Algorithm, UAX #9). The isolates that our texts put
/// around a name, U+2068 and U+2069, turn nothing by themselves.
fn is_obeyed(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}' | '\u{2067}')
}

/// The text in one line that a terminal shows unchanged. A tab stays: it separates columns.
fn tamed(text: &str) -> String {
    let tame = |c| match c {
        '\t' => c,
        '\n' | '\r' | '\u{2028}' | '\u{2029}' => ' ',
        c if is_obeyed(c) => char::REPLACEMENT_CHARACTER,
        c => c,
    };
    text.chars().map(tame).collect()
}

/// A JSON document whose strings contain no character that a terminal obeys.
fn escaped(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        if c != '\n' && is_obeyed(c) {
            // Outside of strings everything is ASCII, and all of these have four digits.
            text.push_str(&format!("\\u{:04x}", u32::from(c)));
        } else {
            text.push(c);
        }
    }
    text
}

/// Prints why a command failed, down to the deepest cause.
pub(crate) fn complain(failure: &CommandFailure) {
    say(&format!("deskside-cli: {}", failure.sentence));
    let mut cause = failure.cause.as_deref();
    while let Some(error) = cause {
        say(&format!("  because: {error}"));
        cause = error.source();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a name may contain: a new line, a color, a bell, a character that turns the rest.
    const HOSTILE: &str = "Hi\r\nc2: \u{1b}[31mWorks\u{7}\u{9b}2J\u{7f}\u{2028}\u{202e}dab\u{2067}";

    #[test]
    fn printed_line_contains_no_terminal_controls() {
        let line = tamed(HOSTILE);
        assert_eq!(line, "Hi  c2: \u{fffd}[31mWorks\u{fffd}\u{fffd}2J\u{fffd} \u{fffd}dab\u{fffd}");
        assert_eq!(tamed("a\tb \u{2068}حلويات\u{2069} Öl 🧾"), "a\tb \u{2068}حلويات\u{2069} Öl 🧾");
    }

    #[test]
    fn printed_json_is_equivalent_without_terminal_controls() {
        let text = escaped(&serde_json::to_string_pretty(&[HOSTILE]).unwrap());
        assert!(!text.chars().any(|c| c != '\n' && is_obeyed(c)), "{text:?}");
        assert_eq!(serde_json::from_str::<[String; 1]>(&text).unwrap(), [HOSTILE]);
    }
}
