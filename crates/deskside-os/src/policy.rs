//! What administrators have set for this computer: which hosts are trusted, and the backend to link to.

#[cfg_attr(windows, path = "policy/windows.rs")]
#[cfg_attr(not(windows), path = "policy/other.rs")]
mod platform;

use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;

use deskside_model::link::{KnownBackend, Trust};
use deskside_model::{NAME, Secret};

/// Set to `1` to accept loopback addresses, for trying out Deskside with a sandbox. Only a program that
/// already runs as this user can set it, and every page of the window says so.
pub const SANDBOX_VARIABLE: &str = "DESKSIDE_SANDBOX";

/// The policy in this file or registry key exists and cannot be read or understood.
#[derive(Debug, thiserror::Error)]
#[error("the policy {place} cannot be used: {why}")]
pub struct PolicyFault {
    place: PathBuf,
    why: String,
}

impl PolicyFault {
    fn new(place: PathBuf, why: &impl ToString) -> Self {
        Self { place, why: why.to_string() }
    }
}

/// The enrollment link that an administrator set when installing Deskside; `None` without one.
///
/// # Errors
/// When there is a policy that cannot be read.
pub fn pre_enrollment() -> Result<Option<Secret>, PolicyFault> {
    let (backend, code) = (platform::policy_backend()?, platform::policy_enrollment()?);
    let link = |(backend, code): (String, Secret)| {
        let link = format!("deskside://enroll?backend=https://{backend}&code={}", code.reveal());
        Secret::new(link)
    };
    Ok(backend.zip(code).map(link))
}

/// The trusted hosts: the build's own list, what the policy adds, and loopback if the sandbox is on.
///
/// # Errors
/// When there is a policy that cannot be understood: stopping is better than ignoring a restriction.
pub fn trust() -> Result<Trust, PolicyFault> {
    let file = platform::policy_folder()?.join(NAME).join("policy.json");
    let mut trust: Trust = match fs::read_to_string(&file) {
        Ok(text) => serde_json::from_str(&text).map_err(|why| PolicyFault::new(file, &why))?,
        Err(why) if why.kind() == ErrorKind::NotFound => Trust::default(),
        Err(why) => return Err(PolicyFault::new(file, &why)),
    };
    // Added last, so that a vendor's name from the file takes precedence over the bare host.
    if let Some(host) = platform::policy_backend()? {
        trust.backends.push(KnownBackend { name: host.clone(), host });
    }
    // Hosts are compared in lower case; an administrator may write capitals.
    let hosts = trust.link_hosts.iter_mut().map(|known| &mut known.host);
    for host in hosts.chain(trust.backends.iter_mut().map(|known| &mut known.host)) {
        host.make_ascii_lowercase();
    }
    trust.sandbox = std::env::var_os(SANDBOX_VARIABLE).is_some_and(|value| value == "1");
    Ok(trust)
}
