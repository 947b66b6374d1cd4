//! `diagnose`: one survey, judged by the rules of the running companion; or
//! evidence from a file, which may be a scenario over time.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use deskside_companion::Summary;
use deskside_health::Scenario;
use deskside_model::link::redact;
use deskside_runtime::look;
use serde_json::Value;

use crate::output::{CommandFailure, document};
use crate::status;

pub(crate) async fn run(
    json: bool,
    file: Option<&Path>,
    print_evidence: bool,
) -> Result<u8, CommandFailure> {
    let scenario = match file {
        Some(file) => read(file)?,
        None => look::now()
            .await
            .map(Scenario::from)
            .map_err(|why| CommandFailure::new("this computer could not be checked", why))?,
    };
    // A scenario is judged through its last moment.
    let last = scenario.moments.last().zip(Summary::of_scenario(&scenario).pop());
    let (moment, summary) =
        last.ok_or_else(|| CommandFailure::plain("there is no evidence to judge"))?;
    if print_evidence {
        document(&moment.evidence)?;
        return Ok(0);
    }
    status::print(&summary, json)
}

fn read(file: &Path) -> Result<Scenario, CommandFailure> {
    let name = file.display();
    let unread = |why| CommandFailure::new(format!("{name} cannot be read"), why);
    let bytes = match file.to_str() {
        Some("-") => {
            let mut bytes = Vec::new();
            io::stdin().read_to_end(&mut bytes).map(|_| bytes)
        }
        Some(_) | None => fs::read(file),
    };
    let text = decoded(bytes.map_err(unread)?).map_err(unread)?;
    scenario(&text).map_err(|why| CommandFailure::new(format!("{name} is not evidence"), why))
}

/// The evidence without links and keys in any text: evidence written by hand is not redacted.
fn scenario(text: &str) -> serde_json::Result<Scenario> {
    let mut scenario = Scenario::read(text)?;
    for moment in &mut scenario.moments {
        let mut value = serde_json::to_value(&moment.evidence)?;
        redact_texts(&mut value);
        moment.evidence = serde_json::from_value(value)?;
    }
    Ok(scenario)
}

/// Text in UTF-8, or in UTF-16 with a byte order mark, as Windows PowerShell writes it.
fn decoded(bytes: Vec<u8>) -> io::Result<String> {
    let units = |pairs: &[u8], unit: fn([u8; 2]) -> u16| {
        let (pairs, rest) = pairs.as_chunks();
        let units: Vec<u16> = pairs.iter().copied().map(unit).collect();
        let text = String::from_utf16(&units).ok().filter(|_| rest.is_empty());
        text.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "it is not UTF-16"))
    };
    match bytes.as_slice() {
        [0xFF, 0xFE, pairs @ ..] => units(pairs, u16::from_le_bytes),
        [0xFE, 0xFF, pairs @ ..] => units(pairs, u16::from_be_bytes),
        [0xEF, 0xBB, 0xBF, text @ ..] => utf8(text.to_vec()),
        _ => utf8(bytes),
    }
}

fn utf8(text: Vec<u8>) -> io::Result<String> {
    String::from_utf8(text).map_err(|why| io::Error::new(io::ErrorKind::InvalidData, why))
}

fn redact_texts(value: &mut Value) {
    match value {
        Value::String(text) => *text = redact(text),
        Value::Array(values) => values.iter_mut().for_each(redact_texts),
        Value::Object(fields) => fields.values_mut().for_each(redact_texts),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const TEXT: &str = "{\"at\": \"2026-11-20T08:00:00Z\", \"crash\": {\"known\": \"Öl 🧾\"}}";

    #[test]
    fn text_is_read_as_windows_programs_write_it() {
        let little = TEXT.encode_utf16().flat_map(u16::to_le_bytes);
        let big = TEXT.encode_utf16().flat_map(u16::to_be_bytes);
        for bytes in [
            TEXT.as_bytes().to_vec(),
            [b"\xEF\xBB\xBF", TEXT.as_bytes()].concat(),
            [0xFF, 0xFE].into_iter().chain(little).collect(),
            [0xFE, 0xFF].into_iter().chain(big).collect(),
        ] {
            assert_eq!(decoded(bytes).unwrap(), TEXT);
        }
    }

    #[test]
    fn binary_input_is_refused() {
        for bytes in [b"\xFF\xFE{".to_vec(), b"\xFF\xFE\x00\xD8".to_vec(), b"{\xFF".to_vec()] {
            assert!(decoded(bytes.clone()).is_err(), "{bytes:?}");
        }
    }

    #[test]
    fn links_in_evidence_files_are_never_printed() {
        let link = "https://connect.conductor.is/qbd/SECRET?key=SECRET";
        let status = json!({ "state": "broken", "user_message": format!("See \"{link}\".") });
        let scenario = scenario(
            &json!({
                "at": "2026-11-20T08:00:00Z",
                "crash": { "known": link },
                "connections": [{ "id": "c", "name": link, "remote": { "status": status } }],
            })
            .to_string(),
        );
        let scenario = scenario.unwrap();
        let summary = serde_json::to_string(&Summary::of_scenario(&scenario)).unwrap();
        for shown in [serde_json::to_string(&scenario.moments[0].evidence).unwrap(), summary] {
            assert!(!shown.contains("SECRET"), "{shown}");
            assert!(shown.contains("connect.conductor.is"), "{shown}");
        }
    }
}
