//! Where Deskside keeps things on this computer, and what the policy says.

#[cfg_attr(windows, path = "place/windows.rs")]
#[cfg_attr(not(windows), path = "place/other.rs")]
mod platform;

use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;

use deskside_model::link::{KnownBackend, Trust};
use deskside_model::{NAME, Secret};
use directories::BaseDirs;

/// Set to `1` to accept addresses of this very computer, for trying things out. Only somebody who
/// already runs programs as this user can set it, and the window says so on every page.
pub const SANDBOX_VARIABLE: &str = "DESKSIDE_SANDBOX";

/// Why a place cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PlaceFault {
    /// The operating system does not say where this user's data belongs.
    #[error("this user has no home folder")]
    NoHome,
    /// The folder cannot be made.
    #[error("the folder {0} cannot be made")]
    NoFolder(PathBuf, #[source] std::io::Error),
    /// The policy is there and cannot be read or understood.
    #[error("the policy {0} cannot be used: {1}")]
    BadPolicy(PathBuf, String),
}

/// The folder for what stays on this computer and does not roam: made if it is not there.
///
/// # Errors
/// When there is no such place or it cannot be made.
pub fn data_folder() -> Result<PathBuf, PlaceFault> {
    let base = BaseDirs::new().ok_or(PlaceFault::NoHome)?;
    let folder = base.data_local_dir().join(NAME);
    fs::create_dir_all(&folder).map_err(|why| PlaceFault::NoFolder(folder.clone(), why))?;
    Ok(folder)
}

/// The name under which backends know this computer.
#[must_use]
pub fn computer_name() -> String {
    gethostname::gethostname().to_string_lossy().into_owned()
}

/// The link with which an administrator who installed Deskside wants it linked to a backend.
///
/// # Errors
/// When there is a policy that cannot be read.
pub fn pre_enrollment() -> Result<Option<Secret>, PlaceFault> {
    let (backend, code) = (platform::policy_backend()?, platform::policy_enrollment()?);
    let link = |(backend, code): (String, Secret)| {
        let link = format!("deskside://enroll?backend=https://{backend}&code={}", code.reveal());
        Secret::new(link)
    };
    Ok(backend.zip(code).map(link))
}

/// Whom to trust: the build's own list, what the policy adds, and the sandbox when it is asked for.
///
/// # Errors
/// When there is a policy that cannot be understood: better to stop than to ignore a restriction.
pub fn trust() -> Result<Trust, PlaceFault> {
    let file = platform::policy_folder().join(NAME).join("policy.json");
    let mut trust: Trust = match fs::read_to_string(&file) {
        Ok(text) => serde_json::from_str(&text)
            .map_err(|why| PlaceFault::BadPolicy(file, why.to_string()))?,
        Err(why) if why.kind() == ErrorKind::NotFound => Trust::default(),
        Err(why) => return Err(PlaceFault::BadPolicy(file, why.to_string())),
    };
    // Last, so that a vendor's name from the file wins over the bare host.
    if let Some(host) = platform::policy_backend()? {
        trust.backends.push(KnownBackend { name: host.clone(), host });
    }
    // Hosts are compared in lower case; an administrator may write them as on a letterhead.
    let hosts = trust.link_hosts.iter_mut().map(|known| &mut known.host);
    for host in hosts.chain(trust.backends.iter_mut().map(|known| &mut known.host)) {
        host.make_ascii_lowercase();
    }
    trust.sandbox = std::env::var_os(SANDBOX_VARIABLE).is_some_and(|value| value == "1");
    Ok(trust)
}
