//! What support and IT get of this computer: all that is needed to see why a connection is broken,
//! and nothing that is anybody's own.
//!
//! Links, keys and identifiers are cut everywhere; names of companies, people and windows are not
//! there at all, nor are the Web Connector's other applications, which belong to other vendors.

use std::collections::BTreeSet;

use deskside_companion::{ProblemSummary, Summary};
use deskside_model::evidence::run::Run;
use deskside_model::evidence::{ConnectionEvidence, Evidence, Finding, Presence, Sync};
use deskside_model::link::redact;
use deskside_os::crash::CrashNote;
use serde::Serialize;
use serde_json::Value;

/// What stands for anything that was taken out.
const CUT: &str = "…";

/// One file of a bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BundleFile {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub text: String,
}

/// Which program on which system.
#[derive(Serialize)]
struct Versions {
    deskside: &'static str,
    system: Option<String>,
    processor: &'static str,
}

/// Puts a bundle together: what was `seen`, what was said of it, the `runs` of the Web Connector's
/// log, the end of our own `log` and the notes of our own `crashes`. `home` is the path of this user's folder, which names them.
///
/// # Errors
/// When something cannot be written as JSON, which its types rule out.
pub fn bundle(
    seen: &Evidence,
    said: &Summary,
    runs: &[Run],
    log: &str,
    crashes: &[CrashNote],
    home: &str,
) -> serde_json::Result<Vec<BundleFile>> {
    let own = own_applications(seen);
    let is_own = |run: &&Run| run.app.as_ref().is_some_and(|app| own.contains(app));
    let runs: Vec<&Run> = runs.iter().filter(is_own).collect();
    let versions = Versions {
        deskside: deskside_model::VERSION,
        system: deskside_os::system_version(),
        processor: std::env::consts::ARCH,
    };
    let written = |name, value: serde_json::Result<Value>| {
        let mut value = value?;
        clean_texts(&mut value, home);
        Ok(BundleFile { name, text: serde_json::to_string_pretty(&value)? })
    };
    Ok(vec![
        written("versions.json", serde_json::to_value(versions))?,
        written("status.json", serde_json::to_value(without_words(said)))?,
        written("evidence.json", serde_json::to_value(without_names(seen, &own)))?,
        written("runs.json", serde_json::to_value(runs))?,
        written("crashes.json", serde_json::to_value(crashes))?,
        BundleFile { name: "deskside.log", text: clean(log, home) },
    ])
}

/// The names of the connections' own applications in the Web Connector.
fn own_applications(seen: &Evidence) -> Vec<String> {
    let Finding::Known(sync) = &seen.machine.sync else { return Vec::new() };
    let of_connection = |connection: &ConnectionEvidence| sync.of_app(connection.app.as_deref()?);
    seen.connections.iter().filter_map(of_connection).map(|runs| runs.app.clone()).collect()
}

/// What was said, in codes: the sentences may name a company or a window.
fn without_words(said: &Summary) -> Summary {
    let problem = |problem: &ProblemSummary| ProblemSummary {
        cause: CUT.into(),
        steps: Vec::new(),
        provider_message: problem.provider_message.as_ref().map(|_| CUT.into()),
        ..problem.clone()
    };
    let mut said = said.clone();
    said.problems = said.problems.iter().map(problem).collect();
    for connection in &mut said.connections {
        connection.name = CUT.into();
        connection.problems = connection.problems.iter().map(problem).collect();
    }
    for notice in &mut said.notices {
        notice.text = CUT.into();
        notice.steps.clear();
    }
    said
}

/// What was seen, without names: that there is one stays visible. `own` are the connections'
/// applications.
fn without_names(seen: &Evidence, own: &[String]) -> Evidence {
    let mut seen = seen.clone();
    let machine = &mut seen.machine;
    for program in [&mut machine.quickbooks, &mut machine.web_connector] {
        hide_titles(program);
    }
    if let Finding::Known(title) = &mut machine.crash {
        *title = CUT.into();
    }
    if let Finding::Known(applications) = &mut machine.setup.applications {
        applications.iter_mut().filter(|app| !own.contains(app)).for_each(|app| *app = CUT.into());
    }
    let mut hosts: BTreeSet<&String> =
        seen.connections.iter().flat_map(|one| one.host.iter().chain(&one.server)).collect();
    if let Finding::Known(Sync { apps }) = &mut machine.sync {
        apps.retain(|runs| own.contains(&runs.app));
        hosts.extend(apps.iter().filter_map(|runs| runs.last.host.as_ref()));
    }
    machine.reach.retain(|reach| hosts.contains(&reach.host));
    for connection in &mut seen.connections {
        connection.name = CUT.into();
        if let Some(status) = &mut connection.remote.status {
            status.user_message = status.user_message.as_ref().map(|_| CUT.into());
        }
    }
    seen
}

fn hide_titles(program: &mut Finding<Presence>) {
    let Finding::Known(presence) = program else { return };
    for instance in &mut presence.instances {
        let Finding::Known(screen) = &mut instance.screen else { continue };
        screen.blocking = screen.blocking.as_ref().map(|_| CUT.into());
        if let Some(title) = &mut screen.main {
            title.company = title.company.as_ref().map(|_| CUT.into());
            title.user = title.user.as_ref().map(|_| CUT.into());
        }
    }
}

fn clean_texts(value: &mut Value, home: &str) {
    match value {
        Value::String(text) => *text = clean(text, home),
        Value::Array(values) => values.iter_mut().for_each(|value| clean_texts(value, home)),
        Value::Object(fields) => fields.values_mut().for_each(|value| clean_texts(value, home)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn clean(text: &str, home: &str) -> String {
    let text = redact(text);
    if home.is_empty() { text } else { text.replace(home, "~") }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINK: &str = "https://connect.conductor.is/qbd/SECRET?key=SECRET";
    const HOME: &str = r"C:\Users\SECRET";

    /// A computer on which every name and every link is a secret.
    fn seen() -> Evidence {
        let app = |name: &str, host: &str| {
            let last = serde_json::json!({ "app": name, "host": host, "started": null,
                "ended": "2026-11-20T07:00:00Z", "outcome": "ok" });
            serde_json::json!({ "app": name, "last": last })
        };
        let title = serde_json::json!({ "company": "SECRET Ltd", "user": "SECRET",
            "product": "QuickBooks Pro 2024" });
        let screen = serde_json::json!({ "main": title, "blocking": "SECRET" });
        let program = serde_json::json!({ "path": format!(r"{HOME}\QBW.EXE"), "version": "34.0" });
        let document = serde_json::json!({
            "at": "2026-11-20T08:00:00Z",
            "quickbooks": { "known": { "own_session": 1,
                "instances": [{ "screen": { "known": screen } }] } },
            "crash": { "known": "SECRET Ltd has stopped" },
            "setup": { "web_connector": { "known": program },
                "applications": { "known": ["Larch", "SECRET Otter"] } },
            "sync": { "known": { "apps": [
                app("Larch", "sync.larch.example"), app("SECRET Otter", "sync.secret.example"),
            ] } },
            "reach": [{ "host": "app.larch.example" }, { "host": "sync.larch.example" },
                { "host": "sync.secret.example" }],
            "connections": [{ "id": "c1", "name": "SECRET Ltd", "told_by": "backend", "app": "Larch",
                "host": "app.larch.example", "remote": { "heard_at": "2026-11-20T07:59:00Z",
                "status": { "state": "broken", "user_message": format!("SECRET {LINK}"),
                "request_id": "req_1" } } }],
        });
        serde_json::from_value(document).unwrap()
    }

    fn runs() -> Vec<Run> {
        let run = |app: &str| {
            serde_json::json!({ "app": app, "started": null,
            "ended": "2026-11-20T07:00:00Z", "outcome": "ok" })
        };
        ["Larch", "SECRET Otter"].map(|app| serde_json::from_value(run(app)).unwrap()).into()
    }

    fn parts() -> Vec<BundleFile> {
        let seen = seen();
        let log = format!("INFO deskside: refused {LINK}\nWARN {HOME}\\AppData: full sk_SECRET\n");
        let crash = CrashNote {
            at: seen.at,
            version: deskside_model::VERSION.into(),
            place: "src/desk.rs:12".into(),
            message: format!("no page at {LINK} in {HOME}"),
            told: true,
        };
        bundle(&seen, &Summary::of_moment(&seen), &runs(), &log, &[crash], HOME).unwrap()
    }

    #[test]
    fn nothing_that_is_anybodys_own_is_in_a_bundle() {
        for BundleFile { name, text } in parts() {
            assert!(!text.to_ascii_lowercase().contains("secret"), "{name}: {text}");
        }
    }

    #[test]
    fn what_tells_why_a_connection_is_broken_is_in_a_bundle() {
        let parts = parts();
        let part = |name: &str| &parts.iter().find(|part| part.name == name).unwrap().text;
        for (name, told) in [
            ("versions.json", deskside_model::VERSION),
            ("status.json", "\"quickbooks.crashed\""),
            ("evidence.json", "\"req_1\""),
            ("evidence.json", "\"app.larch.example\""),
            ("evidence.json", "\"sync.larch.example\""),
            ("evidence.json", "\"34.0\""),
            ("runs.json", "\"Larch\""),
            ("crashes.json", "src/desk.rs:12"),
            ("deskside.log", "refused https://connect.conductor.is"),
        ] {
            assert!(part(name).contains(told), "{name} without {told}: {}", part(name));
        }
        let seen: Evidence = serde_json::from_str(part("evidence.json")).unwrap();
        assert_eq!(Summary::of_moment(&seen).problems[0].code, "quickbooks.crashed");
    }
}
