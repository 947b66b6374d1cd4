//! `diagnose`: one look, judged by itself, by the same rules as in the running companion.

use std::fs;
use std::path::Path;

use deskside::companion::Summary;
use deskside::evidence::Evidence;
use deskside::look;

use crate::output::{Failure, document};
use crate::status;

pub(crate) async fn run(
    json: bool,
    file: Option<&Path>,
    print_evidence: bool,
) -> Result<u8, Failure> {
    let evidence = match file {
        Some(file) => read(file)?,
        None => look::now().await.map_err(|why| Failure::new("nothing could be looked at", why))?,
    };
    if print_evidence {
        document(&evidence)?;
        return Ok(0);
    }
    status::print(&Summary::of_moment(&evidence), json)
}

fn read(file: &Path) -> Result<Evidence, Failure> {
    let name = file.display();
    let text = fs::read_to_string(file)
        .map_err(|why| Failure::new(format!("{name} cannot be read"), why))?;
    serde_json::from_str(&text).map_err(|why| Failure::new(format!("{name} is not evidence"), why))
}
