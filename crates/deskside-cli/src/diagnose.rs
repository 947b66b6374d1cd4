//! `diagnose`: one look, judged by itself, by the same rules as in the running companion; or
//! evidence from a file, which may be a scenario over time.

use std::fs;
use std::path::Path;

use deskside::companion::Summary;
use deskside::health::Scenario;
use deskside::look;

use crate::output::{Failure, document};
use crate::status;

pub(crate) async fn run(
    json: bool,
    file: Option<&Path>,
    print_evidence: bool,
) -> Result<u8, Failure> {
    let scenario = match file {
        Some(file) => read(file)?,
        None => look::now()
            .await
            .map(Scenario::from)
            .map_err(|why| Failure::new("nothing could be looked at", why))?,
    };
    // A scenario is judged through its last moment.
    let last = scenario.moments.last().zip(Summary::of_scenario(&scenario).pop());
    let (moment, summary) = last.ok_or_else(|| Failure::plain("there is nothing to judge"))?;
    if print_evidence {
        document(&moment.evidence)?;
        return Ok(0);
    }
    status::print(&summary, json)
}

fn read(file: &Path) -> Result<Scenario, Failure> {
    let name = file.display();
    let text = fs::read_to_string(file)
        .map_err(|why| Failure::new(format!("{name} cannot be read"), why))?;
    Scenario::read(&text).map_err(|why| Failure::new(format!("{name} is not evidence"), why))
}
