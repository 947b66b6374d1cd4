//! The session, the disk, a pending restart, and the clock.
#![expect(unsafe_code, reason = "the state of the session is available only through Win32")]

use std::ptr::null_mut;

use deskside_model::evidence::Finding;
use windows_registry::{Key, LOCAL_MACHINE, Value};
use windows_sys::Win32::Storage::FileSystem::GetDiskFreeSpaceExW;
use windows_sys::Win32::System::RemoteDesktop::{
    WTS_CURRENT_SERVER_HANDLE, WTS_CURRENT_SESSION, WTS_SESSIONSTATE_LOCK, WTS_SESSIONSTATE_UNLOCK,
    WTSFreeMemory, WTSINFOEXW, WTSQuerySessionInformationW, WTSSessionInfoEx,
};

use super::registry::{self, RegistryView};
use super::{Lookup, describe_last_error, finding};
use crate::paths;
use crate::wide::to_wide;

/// Whether our own session is locked.
pub(crate) fn locked() -> Finding<bool> {
    let flags = match session_flags() {
        Ok(flags) => flags.cast_unsigned(),
        Err(why) => return Finding::Unknown(why),
    };
    // Windows 7 has the two values reversed, and this program does not run there.
    // docs/sources/platform.md#session
    match flags {
        WTS_SESSIONSTATE_LOCK => Finding::Known(true),
        WTS_SESSIONSTATE_UNLOCK => Finding::Known(false),
        _ => Finding::Unknown("Windows does not say whether the session is locked".into()),
    }
}

/// The free space on the disk with this user's data, in millions of bytes.
pub(crate) fn disk_free_mb() -> Finding<u64> {
    let folder = match paths::data_folder() {
        Ok(folder) => to_wide(folder),
        Err(why) => return Finding::Unknown(why.to_string()),
    };
    let mut free = 0;
    // SAFETY: the folder ends with a zero, and both it and `free` outlive the call.
    let ok = unsafe { GetDiskFreeSpaceExW(folder.as_ptr(), &raw mut free, null_mut(), null_mut()) };
    if ok == 0 {
        return Finding::Unknown(describe_last_error("the disk does not report its free space"));
    }
    Finding::Known(free / 1_000_000)
}

fn session_flags() -> Result<i32, String> {
    let (mut start, mut length) = (null_mut(), 0);
    // SAFETY: both pointers outlive the call.
    let ok = unsafe {
        let (server, session) = (WTS_CURRENT_SERVER_HANDLE, WTS_CURRENT_SESSION);
        let (start, length) = (&raw mut start, &raw mut length);
        WTSQuerySessionInformationW(server, session, WTSSessionInfoEx, start, length)
    };
    if ok == 0 || start.is_null() {
        return Err(describe_last_error("Windows does not describe the session"));
    }
    let is_whole = usize::try_from(length).is_ok_and(|length| length >= size_of::<WTSINFOEXW>());
    // SAFETY: the call has returned at least this many bytes.
    let session = is_whole.then(|| unsafe { start.cast::<WTSINFOEXW>().read_unaligned() });
    // SAFETY: allocated by the call and freed once.
    unsafe { WTSFreeMemory(start.cast()) };
    let session = session.filter(|session| session.Level == 1);
    // SAFETY: level 1 means that this member, the only one, was written.
    let flags = session.map(|session| unsafe { session.Data.WTSInfoExLevel1.SessionFlags });
    flags.ok_or_else(|| "Windows describes the session in an unknown format".into())
}

/// Keys that exist while a restart is pending. docs/sources/platform.md#clock-and-restarts
const RESTART_KEYS: [&str; 2] = [
    r"SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update\RebootRequired",
    r"SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\RebootPending",
];

/// Whether Windows needs a restart.
pub(crate) fn restart_pending() -> Finding<bool> {
    let due = RESTART_KEYS.iter().map(|key| local(key).map(|key| key.is_some()));
    // One positive answer is sufficient; "no" requires all of them.
    let answers: Vec<Result<bool, String>> = due.chain([has_pending_files()]).collect();
    if answers.contains(&Ok(true)) {
        return Finding::Known(true);
    }
    let all: Result<Vec<bool>, String> = answers.into_iter().collect();
    finding(all.map(|_| Some(false)))
}

fn has_pending_files() -> Result<bool, String> {
    let Some(key) = local(r"SYSTEM\CurrentControlSet\Control\Session Manager")? else {
        return Ok(false);
    };
    let pending = registry::value(&key, "PendingFileRenameOperations")?;
    Ok(pending.as_ref().map(Value::as_wide).is_some_and(replaces_a_file))
}

/// The value lists pairs of a file and its new name. A pair without a new name deletes the file, which
/// programs often request for temporary files; a new name means an incomplete update.
/// docs/sources/platform.md#clock-and-restarts
fn replaces_a_file(pairs: &[u16]) -> bool {
    let mut names = pairs.split(|letter| *letter == 0);
    while let (Some(file), Some(new)) = (names.next(), names.next()) {
        if !file.is_empty() && !new.is_empty() {
            return true;
        }
    }
    false
}

/// Whether the clock is set by the network.
pub(crate) fn clock_set_by_network() -> Finding<bool> {
    finding(clock())
}

fn clock() -> Lookup<bool> {
    let unknown = || String::from("Windows does not report what sets the clock");
    let service = local(r"SYSTEM\CurrentControlSet\Services\W32Time")?.ok_or_else(unknown)?;
    let parameters = registry::open(&service, RegistryView::Bits64, "Parameters")?;
    let policy = local(r"SOFTWARE\Policies\Microsoft\W32Time\Parameters")?;
    let bios = local(r"HARDWARE\DESCRIPTION\System\BIOS")?;
    let text = |key: &Option<Key>, name| match key {
        Some(key) => registry::text(key, name),
        None => Ok(None),
    };
    let names = ["SystemManufacturer", "SystemProductName"];
    let maker = names.iter().filter_map(|name| text(&bios, name).ok().flatten());
    let settings = ClockSettings {
        start: registry::number(&service, "Start")?,
        policy: text(&policy, "Type")?,
        own: text(&parameters, "Type")?,
        maker: maker.collect::<Vec<_>>().join(" "),
    };
    settings.is_synchronized().map(Some).ok_or_else(unknown)
}

/// What decides whether the clock is set by the network.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct ClockSettings {
    /// How the service `W32Time` is started.
    start: Option<u32>,
    /// Its type according to an administrator's policy, which takes precedence, and according to itself.
    policy: Option<String>,
    own: Option<String>,
    /// Who made the computer, and its product name.
    maker: String,
}

/// Parts of the names of virtual machines' makers and products, in lower case.
/// docs/sources/platform.md#clock-and-restarts
const VIRTUAL: [&str; 8] =
    ["virtual", "vmware", "qemu", "kvm", "xen", "bochs", "parallels", "amazon ec2"];

impl ClockSettings {
    /// `W32Time` synchronizes unless its type is `NoSync` or it is disabled. `None` if that is unknown: the host
    /// of a virtual machine can set its clock without that service.
    /// docs/sources/platform.md#clock-and-restarts
    fn is_synchronized(&self) -> Option<bool> {
        const DISABLED: u32 = 4;
        let kind = self.policy.as_ref().or(self.own.as_ref());
        if self.start != Some(DISABLED) && !kind?.eq_ignore_ascii_case("NoSync") {
            return Some(true);
        }
        let maker = self.maker.to_ascii_lowercase();
        let is_virtual = VIRTUAL.iter().any(|name| maker.contains(name));
        (!is_virtual).then_some(false)
    }
}

fn local(path: &str) -> Lookup<Key> {
    registry::open(LOCAL_MACHINE, RegistryView::Bits64, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wide(text: &str) -> Vec<u16> {
        text.encode_utf16().collect()
    }

    #[test]
    fn pending_deletions_require_no_restart() {
        assert!(!replaces_a_file(&[]));
        assert!(!replaces_a_file(&wide("\\??\\C:\\a.tmp\0\0\\??\\C:\\b.tmp\0\0\0")));
        assert!(replaces_a_file(&wide("\\??\\C:\\a.tmp\0\0\\??\\C:\\new\0!\\??\\C:\\old\0\0")));
    }

    #[test]
    fn policy_for_the_clock_takes_precedence_and_hosts_may_set_it() {
        let text = |text: &str| Some(text.to_owned());
        let settings = |policy: Option<&str>, own: &str, maker: &str| ClockSettings {
            start: Some(2),
            policy: policy.map(str::to_owned),
            own: text(own),
            maker: maker.into(),
        };
        for (settings, expected) in [
            (settings(None, "NTP", "Dell Inc. OptiPlex"), Some(true)),
            (settings(None, "NoSync", "Dell Inc. OptiPlex"), Some(false)),
            (settings(Some("NT5DS"), "NoSync", "Dell Inc. OptiPlex"), Some(true)),
            (settings(Some("nosync"), "NTP", "Dell Inc. OptiPlex"), Some(false)),
            (settings(None, "NoSync", "VMware, Inc. VMware7,1"), None),
            (settings(None, "NoSync", "Microsoft Corporation Virtual Machine"), None),
            (settings(None, "NTP", "Microsoft Corporation Virtual Machine"), Some(true)),
            (ClockSettings { start: Some(4), ..settings(None, "NTP", "Dell") }, Some(false)),
            (ClockSettings { own: None, ..settings(None, "", "Dell") }, None),
        ] {
            assert_eq!(settings.is_synchronized(), expected, "{settings:?}");
        }
    }

    #[test]
    fn each_computer_probe_returns_a_value_or_a_reason() {
        for answer in [locked(), restart_pending(), clock_set_by_network()] {
            assert_ne!(answer, Finding::Absent);
            assert_ne!(answer, Finding::Unknown(String::new()));
        }
    }
}
