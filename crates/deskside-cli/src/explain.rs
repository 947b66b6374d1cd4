//! `explain`: what a code or a pasted message means, according to public sources.

use std::io::{self, Read};

use deskside_knowledge::{Confidence, Reading, look_up};
use deskside_model::{Cause, Who};
use deskside_text::Words;
use deskside_webconnector::{SetupFile, decoded, is_setup_file};
use serde::Serialize;

use crate::input::read_at_most;
use crate::output::{CommandFailure, document, line};
use crate::qwc;
use crate::status::whose_turn;

/// More than any pasted message, less than a whole log.
const LONGEST_MESSAGE: u64 = 1024 * 1024;

/// The length of the longest code.
const LONGEST_CODE: usize = 64;

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
    who: Option<Who>,
    steps: Vec<String>,
}

impl Explanation {
    fn of(asked: &str) -> Self {
        let reading = look_up(asked);
        let Words { title, cause: explanation, steps } = reading.words();
        let Reading { code, hresult, known } = reading;
        let is_nothing = hresult.is_none() && known.is_none();
        let said_back = || if is_nothing { one_word(asked) } else { None };
        Self {
            schema: 1,
            code: code.map(|code| code.to_string()).or_else(said_back),
            hresult: hresult.map(|hresult| hresult.to_string()),
            cause: known.map_or(Some(Cause::Unknown), |known| known.cause),
            problem: known.and_then(|known| known.problem),
            confidence: known.map_or(Confidence::Unsourced, |known| known.confidence),
            title,
            explanation,
            who: known.filter(|known| known.is_explained()).map(|known| known.who),
            steps,
        }
    }

    /// A setup file that was given instead of a message.
    fn of_setup_file(text: &str) -> Self {
        let (stops, found) = match SetupFile::read(text.as_bytes()) {
            Ok(file) => {
                let said: Vec<String> = file.mistakes.iter().copied().map(qwc::sentence).collect();
                (!file.works(), said)
            }
            Err(why) => (true, vec![format!("It cannot be read: {why}.")]),
        };
        let title = if stops { "Wrong setup file" } else { "Setup file of the Web Connector" };
        let nothing = "No mistake that would stop it can be seen in this setup file.".to_owned();
        let explanation = if found.is_empty() { nothing } else { found.join(" ") };
        let step = "Ask the app's support for a new setup file.".to_owned();
        Self {
            schema: 1,
            code: None,
            hresult: None,
            cause: stops.then_some(Cause::SetupFile),
            problem: stops.then_some("web_connector.setup_file_wrong"),
            confidence: Confidence::Sourced,
            title: title.to_owned(),
            explanation,
            who: stops.then_some(Who::Vendor),
            steps: if stops { vec![step] } else { Vec::new() },
        }
    }

    fn exit_code(&self) -> u8 {
        if self.confidence == Confidence::Unsourced { 3 } else { 0 }
    }

    fn print(&self) -> Result<(), CommandFailure> {
        let codes = [&self.code, &self.hresult].into_iter().flatten();
        let named: String = codes.flat_map(|code| [code.as_str(), ": "]).collect();
        line(&format!("{named}{}", self.title))?;
        line(&self.explanation)?;
        if let Some(doubt) = doubt(self.confidence) {
            line(doubt)?;
        }
        line(self.who.map_or("To find out:", whose_turn))?;
        for (number, step) in self.steps.iter().enumerate() {
            line(&format!("  {}. {step}", number + 1))?;
        }
        Ok(())
    }
}

/// `asked` is a code or a message, perhaps with more words in `rest`, or `-` for standard input.
pub(crate) fn run(asked: String, rest: &[String], json: bool) -> Result<u8, CommandFailure> {
    let (asked, json_behind) = match asked.as_str() {
        "-" => (read_message(io::stdin())?, false),
        _ => joined(asked, rest),
    };
    let explanation = if is_setup_file(&asked) {
        Explanation::of_setup_file(&asked)
    } else {
        Explanation::of(&asked)
    };
    if json || json_behind {
        document(&explanation)?
    } else {
        explanation.print()?
    }
    Ok(explanation.exit_code())
}

/// The words of an unquoted message, and whether `--json` follows them, where
/// every word with a dash is taken as part of the message.
fn joined(asked: String, rest: &[String]) -> (String, bool) {
    let (options, words): (Vec<_>, Vec<_>) =
        rest.iter().cloned().partition(|word| word == "--json");
    ([&[asked], words.as_slice()].concat().join(" "), !options.is_empty())
}

/// What looks like a code, even if it is unknown.
fn one_word(asked: &str) -> Option<String> {
    let word = asked.trim();
    let is_code = (1..=LONGEST_CODE).contains(&word.len());
    (is_code && word.bytes().all(|byte| byte.is_ascii_graphic())).then(|| word.to_owned())
}

/// Reads a pasted message. Bytes that are not text cannot hold a code and are skipped.
fn read_message(source: impl Read) -> Result<String, CommandFailure> {
    let bytes = read_at_most(LONGEST_MESSAGE, source)
        .map_err(|why| CommandFailure::new("standard input cannot be read", why))?;
    let bytes = bytes.ok_or_else(|| {
        CommandFailure::plain("the message is longer than 1 MiB; use `log scan` for a whole log")
    })?;
    Ok(decoded(&bytes))
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
    use crate::arguments::{Arguments, CliCommand};

    fn explained(asked: &str) -> serde_json::Value {
        serde_json::to_value(Explanation::of(asked)).unwrap()
    }

    #[test]
    fn explanation_has_every_documented_field() {
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
    fn setup_files_are_explained_by_their_mistakes() {
        let file = "<?xml version=\"1.0\"?>\n<QBWCXML><AppName>Larch</AppName><AppID/>\
            <AppURL>http://larch.example/</AppURL><AppSupport>http://larch.example/</AppSupport>\
            <AppDescription/><UserName>zzz</UserName>\
            <OwnerID>{57F3B9B6-86F1-4fcc-B1FF-967DE1813D20}</OwnerID>\
            <FileID>{57F3B9B6-86F1-4fcc-B1FF-967DE1813D21}</FileID><QBType>QBFS</QBType></QBWCXML>";
        assert!(is_setup_file(file));
        let wrong = serde_json::to_value(Explanation::of_setup_file(file)).unwrap();
        assert_eq!((&wrong["cause"], &wrong["who"]), (&"setup_file".into(), &"vendor".into()));
        assert!(wrong["explanation"].as_str().unwrap().contains("https"), "{wrong}");
        assert!(
            !wrong.to_string().contains("zzz") && !wrong.to_string().contains("57F3"),
            "{wrong}"
        );
        let right = Explanation::of_setup_file(&file.replace("http:", "https:"));
        assert_eq!((right.cause, right.who, right.steps.len()), (None, None, 0));
        let broken = Explanation::of_setup_file("<QBWCXML><UserName>zzz</Use");
        assert_eq!((broken.cause, broken.who), (Some(Cause::SetupFile), Some(Who::Vendor)));
        assert!(!broken.explanation.contains("zzz"), "{}", broken.explanation);
    }

    #[test]
    fn unexplained_codes_are_distinguished_from_known_ones() {
        for unknown in ["QBWC1047", "QBWC1999", "0x8004040C", "0x80049999", "", "hello", "403"] {
            let explanation = Explanation::of(unknown);
            assert_eq!(explanation.exit_code(), 3, "{unknown}");
            assert_eq!(explanation.cause, Some(Cause::Unknown), "{unknown}");
            assert!(explanation.title.starts_with("No public source explains"), "{unknown}");
        }
        for known in ["QBWC1085", "3170", "-6000", "QBWC1040"] {
            assert_eq!(Explanation::of(known).exit_code(), 0, "{known}");
        }
        assert_eq!(explained("qbwc 1999")["code"], "QBWC1999", "repeated as it was understood");
    }

    #[test]
    fn dashed_codes_work_with_options_before_or_after() {
        for asked in [["-6177,0", "--json"], ["--json", "-2147220460"], ["-", "--json"]] {
            let line = ["deskside-cli", "explain"].into_iter().chain(asked);
            let CliCommand::Explain { asked: code, rest, json } =
                Arguments::try_parse_from(line).unwrap().command
            else {
                panic!("{asked:?} is no question")
            };
            assert!(asked.contains(&code.as_str()) && code != "--json" && json, "{asked:?}");
            assert!(rest.is_empty(), "{asked:?}");
        }
    }

    #[test]
    fn unexplained_codes_are_repeated_and_messages_are_not() {
        for code in ["QBD_MODAL_DIALOG_OPEN", "ENOTFOUND", "0xC0000005", "404"] {
            let explanation = Explanation::of(code);
            assert_eq!(explanation.code.as_deref(), Some(code));
            assert_eq!(explanation.exit_code(), 3, "{code}");
        }
        assert_eq!(explained(" ENOTFOUND\n")["code"], "ENOTFOUND");
        assert!(explained("0x80040408")["code"].is_null(), "it is shown as an HRESULT");
        for message in ["", "it broke", "authRet[1]=\"nvu\"", "\u{1b}[2J", &"a".repeat(65)] {
            assert!(explained(message)["code"].is_null(), "{message:?}");
        }
    }

    #[test]
    fn unquoted_messages_may_be_followed_by_options() {
        for (asked, json) in [
            (&["Error", "-6177,", "0"][..], false),
            (&["Error", "-6177,", "0", "--json"], true),
            (&["--json", "Error", "-6177,", "0"], true),
        ] {
            let line = ["deskside-cli", "explain"].iter().chain(asked);
            let parsed = Arguments::try_parse_from(line).unwrap().command;
            let CliCommand::Explain { asked: first, rest, json: before } = parsed else {
                panic!("{asked:?} is no question")
            };
            let (message, behind) = joined(first, &rest);
            assert_eq!(before || behind, json, "{asked:?}");
            assert_eq!(explained(&message)["code"], "-6177", "{asked:?}");
        }
    }

    #[test]
    fn message_is_read_in_windows_encodings() {
        let text = "QuickBooks says “QBWC1040”.";
        let units = || text.encode_utf16();
        let little: Vec<u8> = units().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = units().flat_map(u16::to_be_bytes).collect();
        for bytes in [
            text.as_bytes().to_vec(),
            [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
            [b"\xFF\xFE", little.as_slice()].concat(),
            [b"\xFE\xFF", big.as_slice()].concat(),
            little,
        ] {
            let message = read_message(bytes.as_slice()).unwrap();
            assert_eq!(explained(&message)["code"], "QBWC1040", "{message:?}");
        }
    }

    #[test]
    fn explanation_of_a_working_connection_has_no_cause() {
        assert!(explained("3200")["cause"].is_null());
    }

    #[test]
    fn messages_are_limited_to_one_mebibyte() {
        let mut bytes = vec![0xFF; 1024 * 1024];
        let code = b" QBWC1040 ";
        bytes[500_000..500_000 + code.len()].copy_from_slice(code);
        let message = read_message(bytes.as_slice()).unwrap();
        assert_eq!(explained(&message)["cause"], "wrong_password");
        bytes.push(b'.');
        assert!(read_message(bytes.as_slice()).is_err());
    }
}
