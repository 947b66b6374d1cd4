//! `export`: what support needs, in one file, from the running companion or from a new survey.

use std::fs::File;
use std::io::{self, Cursor, Write};
use std::path::Path;

use deskside_companion::Summary;
use deskside_model::evidence::Evidence;
use deskside_os::{crash, log, paths};
use deskside_runtime::bundle::{BundleFile, bundle};
use deskside_runtime::control::{self, Request};
use deskside_runtime::look;
use zip::result::ZipResult;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::output::{CommandFailure, say};

pub(crate) async fn run(file: &Path) -> Result<u8, CommandFailure> {
    let name = file.display();
    let packed = packed(&parts().await?)
        .map_err(|why| CommandFailure::new("the bundle cannot be created", why))?;
    write(file, &packed)
        .map_err(|why| CommandFailure::new(format!("{name} cannot be written"), why))?;
    say(&format!("{name} is made. It holds no names, no links and no keys."));
    Ok(0)
}

async fn parts() -> Result<Vec<BundleFile>, CommandFailure> {
    let folder =
        paths::data_folder().map_err(|why| CommandFailure::new("no profile folder", why))?;
    let (seen, said) = seen(&folder).await?;
    let runs = look::runs(&seen.machine.setup.log).into_known().unwrap_or_default();
    let log = log::latest(&folder)
        .map_err(|why| CommandFailure::new("Deskside's own log cannot be read", why))?;
    let home = std::env::home_dir().unwrap_or_default();
    bundle(&seen, &said, &runs, &log, &crash::notes(&folder), &home.to_string_lossy())
        .map_err(|why| CommandFailure::new("the evidence cannot be written as JSON", why))
}

/// What the running companion shows; if none answers, the result of a new survey.
async fn seen(folder: &Path) -> Result<(Evidence, Summary), CommandFailure> {
    let seen = control::ask::<Evidence>(folder, &Request::Evidence).await;
    let said = control::ask::<Summary>(folder, &Request::Summary).await;
    if let (Ok(seen), Ok(said)) = (seen, said) {
        return Ok((seen, said));
    }
    let seen = look::now()
        .await
        .map_err(|why| CommandFailure::new("this computer could not be checked", why))?;
    let said = Summary::of_moment(&seen);
    Ok((seen, said))
}

fn packed(parts: &[BundleFile]) -> ZipResult<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let as_it_is = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for BundleFile { name, text } in parts {
        zip.start_file(*name, as_it_is)?;
        zip.write_all(text.as_bytes())?;
    }
    Ok(zip.finish()?.into_inner())
}

/// An existing file is kept, because it may be the only copy.
fn write(file: &Path, bytes: &[u8]) -> io::Result<()> {
    File::create_new(file)?.write_all(bytes)
}

#[cfg(test)]
mod tests {
    use zip::ZipArchive;

    use super::*;

    #[test]
    fn every_part_is_readable_from_the_archive() {
        let part = |name, text: &str| BundleFile { name, text: text.into() };
        let parts = [part("a.json", "{}"), part("b.log", "Öl 🧾\n"), part("c.json", "")];
        let mut zip = ZipArchive::new(Cursor::new(packed(&parts).unwrap())).unwrap();
        assert_eq!(zip.len(), parts.len());
        for BundleFile { name, text } in &parts {
            assert_eq!(&io::read_to_string(zip.by_name(name).unwrap()).unwrap(), text, "{name}");
        }
    }
}
