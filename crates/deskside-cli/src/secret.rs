//! `secret set|delete|list`: no secret is ever an argument or printed.

use std::io::Read;
use std::sync::Arc;

use deskside_model::Secret;
use deskside_model::vault::{MAX_SECRET_BYTES, VaultFault};
use deskside_runtime::look::LocalProfile;
use serde::Serialize;

use crate::arguments::SecretCommand;
use crate::output::{CommandFailure, document, line};

/// The document of `secret list --json`.
#[derive(Serialize)]
struct List {
    schema: u32,
    secrets: Vec<Listed>,
}

#[derive(Serialize)]
struct Listed {
    name: String,
    /// Null if the password store does not answer.
    present: Option<bool>,
}

pub(crate) async fn run(command: SecretCommand) -> Result<u8, CommandFailure> {
    let profile = LocalProfile::open()
        .map_err(|why| CommandFailure::new("this user's profile cannot be used", why))?;
    match command {
        SecretCommand::Set { name } => {
            let secret = Arc::new(read_from_standard_input()?);
            let kept = profile.vault.write(&name, secret).await;
            kept.map(|()| 0).map_err(|why| CommandFailure::new("the secret was not stored", why))
        }
        SecretCommand::Delete { name, all: _ } => {
            let names = name.map_or_else(|| profile.secret_names(), |name| vec![name]);
            delete(&profile, &names).await
        }
        SecretCommand::List { json } => list(&profile, json).await,
    }
}

async fn delete(profile: &LocalProfile, names: &[String]) -> Result<u8, CommandFailure> {
    for name in names {
        let deleted = profile.vault.delete(name).await;
        deleted
            .map_err(|why| CommandFailure::new(format!("the secret {name} is not deleted"), why))?;
    }
    Ok(0)
}

async fn list(profile: &LocalProfile, json: bool) -> Result<u8, CommandFailure> {
    let mut secrets = Vec::new();
    for name in profile.secret_names() {
        let present = match profile.vault.read(&name).await {
            Ok(_) => Some(true),
            Err(VaultFault::Absent) => Some(false),
            Err(_) => None,
        };
        secrets.push(Listed { name, present });
    }
    if json {
        document(&List { schema: 1, secrets })?;
        return Ok(0);
    }
    for Listed { name, present } in secrets {
        let state = match present {
            Some(true) => "kept",
            Some(false) => "missing",
            None => "cannot tell",
        };
        line(&format!("{name}\t{state}"))?;
    }
    Ok(0)
}

/// Reads a secret up to the end of standard input, without a final line break.
fn read_from_standard_input() -> Result<Secret, CommandFailure> {
    let text = whole_standard_input()?;
    secret(text.reveal().trim_end_matches(['\r', '\n']))
}

/// Reads at most `most` keys from standard input, one on each line, without surrounding spaces.
pub(crate) fn read_keys(most: usize) -> Result<Secret, CommandFailure> {
    let text = whole_standard_input()?;
    let lines: Vec<&str> = text.reveal().lines().map(str::trim).collect();
    let last = lines.iter().rposition(|line| !line.is_empty()).map_or(0, |last| last + 1);
    match lines.get(..last) {
        Some(keys) if keys.len() <= most => secret(&keys.join("\n")),
        Some(_) | None => Err(CommandFailure::plain("there are too many lines on standard input")),
    }
}

fn whole_standard_input() -> Result<Secret, CommandFailure> {
    let mut text = String::new();
    let limit = u64::try_from(MAX_SECRET_BYTES).unwrap_or(u64::MAX).saturating_add(3);
    std::io::stdin()
        .take(limit)
        .read_to_string(&mut text)
        .map_err(|why| CommandFailure::new("standard input cannot be read as text", why))?;
    Ok(Secret::new(text))
}

fn secret(text: &str) -> Result<Secret, CommandFailure> {
    match text.lines().next() {
        Some(first) if !first.is_empty() => Ok(Secret::new(text.to_owned())),
        Some(_) | None => Err(CommandFailure::plain("give the secret on standard input")),
    }
}
