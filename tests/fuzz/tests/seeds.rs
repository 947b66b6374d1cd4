//! Every seed, and every scenario, keeps the property of its kind.

use std::path::{Path, PathBuf};
use std::{fs, io};

/// Checks every file below this folder; returns how many there are.
fn check(folder: &Path, property: fn(&[u8])) -> io::Result<usize> {
    let mut count = 0;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            count += check(&path, property)?;
        } else {
            property(&fs::read(&path)?);
            count += 1;
        }
    }
    Ok(count)
}

fn below(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)
}

#[test]
fn logs_keep_their_property() {
    assert!(check(&below("seeds/log"), deskside_fuzz::log).unwrap() > 2);
}

#[test]
fn setup_files_keep_their_property() {
    assert!(check(&below("seeds/setup_file"), deskside_fuzz::setup_file).unwrap() > 1);
}

#[test]
fn links_keep_their_property() {
    assert!(check(&below("seeds/link"), deskside_fuzz::link).unwrap() > 5);
}

#[test]
fn messages_keep_their_property() {
    assert!(check(&below("seeds/message"), deskside_fuzz::message).unwrap() > 5);
}

#[test]
fn scenarios_keep_their_property() {
    assert!(check(&below("../scenarios"), deskside_fuzz::evidence).unwrap() > 300);
}
