//! The two streams: documents on standard output, sentences for people on standard error.

use std::error::Error;
use std::io::{self, Write};

use serde::Serialize;

/// Why a command failed, in one sentence, with what lies behind it.
#[derive(Debug)]
pub(crate) struct Failure {
    sentence: String,
    cause: Option<Box<dyn Error>>,
}

impl Failure {
    pub(crate) fn new(sentence: impl Into<String>, cause: impl Error + 'static) -> Self {
        Self { sentence: sentence.into(), cause: Some(Box::new(cause)) }
    }

    pub(crate) fn plain(sentence: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), cause: None }
    }
}

/// Prints a document.
pub(crate) fn document(value: &impl Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(value)
        .map_err(|why| Failure::new("the answer cannot be written as JSON", why))?;
    line(&text)
}

/// Prints a line on standard output. A reader that has gone away is no failure.
pub(crate) fn line(text: &str) -> Result<(), Failure> {
    match writeln!(io::stdout(), "{text}") {
        Err(why) if why.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::new("the answer could not be printed", why))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Says something to the person at the terminal.
pub(crate) fn say(text: &str) {
    // Nobody can be told that standard error is gone.
    drop(writeln!(io::stderr(), "{text}"));
}

/// Says why a command failed, down to the deepest cause.
pub(crate) fn complain(failure: &Failure) {
    say(&format!("deskside-cli: {}", failure.sentence));
    let mut cause = failure.cause.as_deref();
    while let Some(error) = cause {
        say(&format!("  because: {error}"));
        cause = error.source();
    }
}
