//! The operating system: processes, windows, registry, power, keyring, launching, paths and policy.
//!
//! Unsafe code of the library is confined to this crate, in one file for each subject of system calls.
//! Each probe returns *known*, *absent* or *unknown, with the reason*; it never guesses.

pub mod account;
pub mod clock;
pub mod crash;
pub mod launch;
pub mod locale;
pub mod log;
pub mod paths;
#[cfg(windows)]
pub mod pipe;
pub mod policy;
pub mod probe;
pub mod proxy;
pub mod qwc_log;
pub mod registration;
pub mod vault;
#[cfg(windows)]
mod wide;

/// The operating system's name and version, for support bundles.
#[must_use]
pub fn system_version() -> Option<String> {
    sysinfo::System::long_os_version().ok()
}

/// The name under which backends list this computer.
#[must_use]
pub fn computer_name() -> String {
    gethostname::gethostname().to_string_lossy().into_owned()
}
