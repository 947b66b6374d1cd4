//! `explain`: what a code or a pasted message means, from what is publicly known.

use std::io::{self, Read};

use deskside::companion::Who;
use deskside::health::knowledge::{Confidence, Reading, look_up};
use deskside::health::{Cause, Words};
use serde::Serialize;

use crate::output::{Failure, document, line};
use crate::status::whose_turn;

/// More than any message that somebody pastes, less than a whole log.
const LONGEST_MESSAGE: u64 = 1024 * 1024;

/// The document of `explain --json`.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Explanation {
    schema: u32,
    code: Option<String>,
    hresult: Option<String>,
    cause: Option<Cause>,
    problem: Option<&'static str>,
    confidence: Confidence,
    title: String,
    explanation: String,
    who: Who,
    steps: Vec<String>,
}

impl Explanation {
    fn of(reading: &Reading) -> Self {
        let Words { title, cause: explanation, steps } = reading.words();
        let known = reading.known;
        Self {
            schema: 1,
            code: reading.code.map(|code| code.to_string()),
            hresult: reading.hresult.map(|hresult| hresult.to_string()),
            cause: known.map_or(Some(Cause::Unknown), |known| known.cause),
            problem: known.and_then(|known| known.problem),
            confidence: known.map_or(Confidence::Unsourced, |known| known.confidence),
            title,
            explanation,
            who: known.map_or(Who::Vendor, |known| known.who),
            steps,
        }
    }

    fn exit_code(&self) -> u8 {
        if self.confidence == Confidence::Unsourced { 3 } else { 0 }
    }

    fn print(&self) -> Result<(), Failure> {
        let codes = [&self.code, &self.hresult].into_iter().flatten();
        let named: String = codes.flat_map(|code| [code.as_str(), ": "]).collect();
        line(&format!("{named}{}", self.title))?;
        line(&self.explanation)?;
        if let Some(doubt) = doubt(self.confidence) {
            line(doubt)?;
        }
        let is_explained = self.confidence != Confidence::Unsourced;
        line(if is_explained { whose_turn(self.who) } else { "To find out:" })?;
        for (number, step) in self.steps.iter().enumerate() {
            line(&format!("  {}. {step}", number + 1))?;
        }
        Ok(())
    }
}

/// `asked` is a code or a message, perhaps with more words in `rest`, or `-` for standard input.
pub(crate) fn run(asked: String, rest: &[String], json: bool) -> Result<u8, Failure> {
    let asked = match asked.as_str() {
        "-" => read_message(io::stdin())?,
        _ => [&[asked], rest].concat().join(" "),
    };
    let explanation = Explanation::of(&look_up(&asked));
    if json {
        document(&explanation)?
    } else {
        explanation.print()?
    }
    Ok(explanation.exit_code())
}

/// Reads what is pasted. Bytes that are no text cannot hold a code, and are no reason to give up.
fn read_message(source: impl Read) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    let mut source = source.take(LONGEST_MESSAGE + 1);
    source
        .read_to_end(&mut bytes)
        .map_err(|why| Failure::new("standard input cannot be read", why))?;
    if bytes.len() as u64 > LONGEST_MESSAGE {
        return Err(Failure::plain(
            "the message is longer than 1 MiB; use `log scan` for a whole log",
        ));
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

const fn doubt(confidence: Confidence) -> Option<&'static str> {
    match confidence {
        Confidence::Sourced | Confidence::Inferred | Confidence::Unsourced => None,
        Confidence::SingleSource => Some("Not certain: the sources for this are weak."),
        Confidence::Contradicted => Some("Not certain: sources disagree."),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::arguments::{Arguments, Command};

    fn explained(asked: &str) -> serde_json::Value {
        serde_json::to_value(Explanation::of(&look_up(asked))).unwrap()
    }

    #[test]
    fn an_explanation_has_every_field_that_is_promised() {
        let document = explained("80040414");
        let fields: Vec<_> = document.as_object().unwrap().keys().map(String::as_str).collect();
        let mut promised = [
            "schema",
            "code",
            "hresult",
            "cause",
            "problem",
            "confidence",
            "title",
            "explanation",
            "who",
            "steps",
        ];
        promised.sort_unstable();
        assert_eq!(fields, promised);
        assert_eq!(document["hresult"], "0x80040414");
        assert_eq!(document["cause"], "modal_dialog");
        assert_eq!(document["problem"], "quickbooks.window_blocking");
        assert_eq!(document["confidence"], "sourced");
        assert_eq!(document["who"], "user");
    }

    #[test]
    fn what_nobody_explains_is_told_apart_from_what_is_known() {
        for unknown in ["QBWC1047", "QBWC1999", "0x8004040C", "0x80049999", "", "hello", "403"] {
            let explanation = Explanation::of(&look_up(unknown));
            assert_eq!(explanation.exit_code(), 3, "{unknown}");
            assert_eq!(explanation.cause, Some(Cause::Unknown), "{unknown}");
            assert!(explanation.title.starts_with("No public source explains"), "{unknown}");
        }
        for known in ["QBWC1085", "3170", "-6000", "QBWC1040"] {
            assert_eq!(Explanation::of(&look_up(known)).exit_code(), 0, "{known}");
        }
        assert_eq!(explained("qbwc 1999")["code"], "QBWC1999", "said back as it was understood");
    }

    #[test]
    fn a_code_may_begin_with_a_dash_and_options_stand_before_or_behind_it() {
        for asked in [["-6177,0", "--json"], ["--json", "-2147220460"], ["-", "--json"]] {
            let line = ["deskside-cli", "explain"].into_iter().chain(asked);
            let Command::Explain { asked: code, rest, json } =
                Arguments::try_parse_from(line).unwrap().command
            else {
                panic!("{asked:?} is no question")
            };
            assert!(asked.contains(&code.as_str()) && code != "--json" && json, "{asked:?}");
            assert!(rest.is_empty(), "{asked:?}");
        }
    }

    #[test]
    fn where_the_connection_is_fine_there_is_no_cause() {
        assert!(explained("3200")["cause"].is_null());
    }

    #[test]
    fn a_message_may_be_one_mebibyte_of_anything_and_not_a_byte_more() {
        let mut bytes = vec![0xFF; 1024 * 1024];
        let code = b" QBWC1040 ";
        bytes[500_000..500_000 + code.len()].copy_from_slice(code);
        let message = read_message(bytes.as_slice()).unwrap();
        assert_eq!(explained(&message)["cause"], "wrong_password");
        bytes.push(b'.');
        assert!(read_message(bytes.as_slice()).is_err());
    }
}
