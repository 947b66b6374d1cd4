//! What this program sees of the operating system, and the little that it does there: processes,
//! windows, registry, power, keyring, start of programs, folders.
//!
//! Unsafe code is here and nowhere else in the library, one file for each system call's subject.
//! Each probe answers *known*, *absent* or *could not tell, and why*; it never guesses.

pub mod launch;
pub mod locale;
pub mod log;
pub mod place;
pub mod probe;
pub mod qwc_log;
pub mod registration;
pub mod vault;

/// The operating system's name and version, for whoever reads a support bundle.
#[must_use]
pub fn system_version() -> Option<String> {
    sysinfo::System::long_os_version().ok()
}
