//! Several copies of the real program start at the same moment, each with a link of its own.

use std::collections::BTreeSet;

use deskside_tests::{Outcome, Program, Stage, eventually, running_in};
use serde_json::Value;

const ROUNDS: usize = 5;

/// Links that are refused, each with the code under which Deskside then shows why: what it shows
/// tells which of them arrived.
const LINKS: [(&str, &str); 4] = [
    ("deskside://launch", "link.unknown_action"),
    ("deskside://connect", "link.missing_parameter"),
    ("deskside://connect?link=javascript%3Aalert(1)", "link.insecure_link"),
    ("https://example.com/", "link.not_deskside"),
];

#[test]
fn four_simultaneous_starts_leave_one_app_with_all_links() -> Outcome {
    let stage = Stage::set_up()?;
    for round in 0..ROUNDS {
        let starts = LINKS.map(|(link, _)| stage.app(&[link]));
        let mut apps: Vec<Program> = starts.into_iter().collect::<Outcome<_>>()?;

        // All but one end; on Windows that one is the child of one of them
        eventually("one app is left", || Ok((running(&stage)? <= 1).then_some(())))?;
        let shown = eventually("every link has arrived", || {
            let shown = shown(&stage.cli(&["status", "--json"])?.json()?);
            let wanted = LINKS.map(|(_, code)| code.to_owned());
            if wanted.iter().all(|code| shown.contains(code)) {
                return Ok(Some(shown));
            }
            Err(format!("{shown:?}").into())
        })?;
        assert_eq!(running(&stage)?, 1, "round {round}: {shown:?}");
        assert_eq!(stage.cli(&["quit"])?.code, Some(0), "round {round}");
        eventually("none is left", || Ok((running(&stage)? == 0).then_some(())))?;
        for app in &mut apps {
            assert_eq!(app.ends()?, Some(0), "round {round}");
        }
    }
    Ok(())
}

fn running(stage: &Stage) -> Outcome<usize> {
    Ok(running_in(&stage.programs)?.len())
}

/// The codes of what Deskside shows.
fn shown(status: &Value) -> BTreeSet<String> {
    let notices = status["notices"].as_array().cloned().unwrap_or_default();
    notices.iter().filter_map(|notice| notice["code"].as_str().map(str::to_owned)).collect()
}
