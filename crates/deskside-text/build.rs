//! Generates a typed function for every English message, so that an unknown message or a wrong
//! number of arguments does not compile. Rejects a language that does not match English.

#[path = "build/messages.rs"]
mod messages;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{fs, io};

use messages::{Messages, differences, functions, read};

const FOLDER: &str = "locales";
const ENGLISH: &str = "en";
/// The window's page imports this file itself, and its build checks it.
const PAGE_FILE: &str = "window.ftl";

fn main() -> ExitCode {
    println!("cargo::rerun-if-changed={FOLDER}");
    println!("cargo::rerun-if-changed=build");
    match generate() {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            println!("cargo::error={why}");
            ExitCode::FAILURE
        }
    }
}

fn generate() -> Result<(), String> {
    let languages = entries(Path::new(FOLDER))?;
    let english = messages_in(&Path::new(FOLDER).join(ENGLISH))?;
    let mut table = Vec::new();
    for language in &languages {
        if let Some(difference) = differences(&english, &messages_in(language)?).first() {
            return Err(format!("{}: {difference}", language.display()));
        }
        table.push(row(language)?);
    }
    let table = format!(
        "/// Every language with its files.\nconst LANGUAGES: &[(&str, &[&str])] = &[{}];\n",
        table.join(", ")
    );
    let folder = std::env::var("OUT_DIR").map_err(|why| why.to_string())?;
    let generated = format!("{table}\n{}", functions(&english));
    fs::write(Path::new(&folder).join("messages.rs"), generated).map_err(|why| why.to_string())
}

/// The files and folders in a folder, sorted by name.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let listed = fs::read_dir(folder)
        .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>());
    let mut entries = listed.map_err(|why| format!("{}: {why}", folder.display()))?;
    entries.sort();
    Ok(entries)
}

/// The files of a language whose messages become functions.
fn files(language: &Path) -> Result<Vec<PathBuf>, String> {
    let mut files = entries(language)?;
    files.retain(|file| !file.ends_with(PAGE_FILE));
    Ok(files)
}

fn messages_in(language: &Path) -> Result<Messages, String> {
    let mut messages = Messages::new();
    for file in files(language)? {
        let name = file.display().to_string();
        let text = fs::read_to_string(&file).map_err(|why| format!("{name}: {why}"))?;
        read(&text, &mut messages).map_err(|why| format!("{name}: {why}"))?;
    }
    Ok(messages)
}

/// A language in the generated table: its name, which is the folder's, and the text of its files.
fn row(language: &Path) -> Result<String, String> {
    let name = language.file_name().unwrap_or_default().to_string_lossy();
    let include = |file: &PathBuf| {
        let path = format!("/{}", file.display()).replace('\\', "/");
        format!("include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), {path:?}))")
    };
    let files: Vec<_> = files(language)?.iter().map(include).collect();
    Ok(format!("({name:?}, &[{}])", files.join(", ")))
}
