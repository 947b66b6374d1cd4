//! Processes: the snapshot has complete names, and every process belongs to a session. Further facts are
//! read with the least access right possible. docs/sources/platform.md#processes
#![expect(unsafe_code, reason = "rights and command lines are available only through Win32")]

use std::ffi::c_void;
use std::io;
use std::os::windows::io::{AsRawHandle, FromRawHandle, OwnedHandle};
use std::ptr::null_mut;

use deskside_model::evidence::{Finding, Instance};
use jiff::Timestamp;
use sysinfo::{Pid, Process};
use windows_sys::Wdk::System::Threading::{
    NtQueryInformationProcess, ProcessCommandLineInformation,
};
use windows_sys::Win32::Foundation::{
    ERROR_ACCESS_DENIED, FILETIME, GetLastError, HANDLE, NTSTATUS, RtlNtStatusToDosError,
    STATUS_BUFFER_OVERFLOW, STATUS_BUFFER_TOO_SMALL, STATUS_INFO_LENGTH_MISMATCH, UNICODE_STRING,
    WIN32_ERROR,
};
use windows_sys::Win32::Security::{
    GetTokenInformation, TOKEN_ELEVATION, TOKEN_QUERY, TokenElevation,
};
use windows_sys::Win32::System::Threading::{
    GetCurrentProcess, GetProcessTimes, OpenProcess, OpenProcessToken, PROCESS_ACCESS_RIGHTS,
    PROCESS_QUERY_LIMITED_INFORMATION,
};

/// Selects the processes to probe: on Windows one snapshot lists all of them with their names.
#[derive(Default)]
pub(crate) struct NewProcesses {}

impl NewProcesses {
    /// `None`: all processes.
    pub(crate) fn select(&mut self) -> Option<Vec<Pid>> {
        None
    }
}

/// The Windows session of a process.
pub(crate) fn session(process: &Process) -> Option<u32> {
    process.session_id().map(Pid::as_u32)
}

/// Always true: ended processes are not listed.
pub(crate) fn is_alive(_process: &Process) -> bool {
    true
}

/// True if this is the process's file name, ignoring case.
pub(crate) fn is_named(process: &Process, name: &str) -> bool {
    process.name().eq_ignore_ascii_case(name)
}

/// The facts about a process of our own session, without its windows.
pub(crate) fn probe_process(pid: u32) -> Option<Instance> {
    let process = open(pid, PROCESS_QUERY_LIMITED_INFORMATION);
    let process = process.as_ref().map_err(|code| *code);
    Some(Instance {
        started_at: known(process.and_then(started_at)),
        elevated: elevated(process),
        embedded: known(process.and_then(command_line).map(|line| is_embedded(&line))),
        ..Instance::default()
    })
}

/// Opens a process with one access right.
///
/// # Errors
/// The Windows error code.
pub(super) fn open(pid: u32, right: PROCESS_ACCESS_RIGHTS) -> Result<OwnedHandle, WIN32_ERROR> {
    // SAFETY: takes three numbers and accesses no memory of ours.
    let handle = unsafe { OpenProcess(right, 0, pid) };
    if handle.is_null() {
        return Err(last_error());
    }
    // SAFETY: just opened and not owned elsewhere.
    Ok(unsafe { OwnedHandle::from_raw_handle(handle) })
}

fn known<T>(result: Result<T, WIN32_ERROR>) -> Finding<T> {
    result.map_or_else(|code| Finding::Unknown(reason(code)), Finding::Known)
}

fn reason(code: WIN32_ERROR) -> String {
    format!("Windows does not say: {}", io::Error::from_raw_os_error(code.cast_signed()))
}

fn last_error() -> WIN32_ERROR {
    // SAFETY: reads a value of this thread.
    unsafe { GetLastError() }
}

fn started_at(process: &OwnedHandle) -> Result<Timestamp, WIN32_ERROR> {
    let [mut started, mut ended, mut kernel, mut user] = [FILETIME::default(); 4];
    // SAFETY: the handle is open, and the four times outlive the call.
    let ok = unsafe {
        let process = process.as_raw_handle();
        let (started, ended) = (&raw mut started, &raw mut ended);
        GetProcessTimes(process, started, ended, &raw mut kernel, &raw mut user)
    };
    if ok == 0 { Err(last_error()) } else { Ok(time(started)) }
}

/// Converts a count of 100 nanoseconds since 1601.
fn time(time: FILETIME) -> Timestamp {
    const UNTIL_1970: i64 = 116_444_736_000_000_000;
    let steps = (i64::from(time.dwHighDateTime) << 32) | i64::from(time.dwLowDateTime);
    let nanoseconds = i128::from(steps.saturating_sub(UNTIL_1970)).saturating_mul(100);
    Timestamp::from_nanosecond(nanoseconds).unwrap_or_default()
}

/// Whether a process is elevated. Windows lets a program open the ordinary programs of its session. One
/// that it may not open is elevated or another user's; in both cases programs without those rights cannot
/// reach it. If this process is elevated itself, the refusal has another reason.
/// docs/sources/platform.md#processes
fn elevated(process: Result<&OwnedHandle, WIN32_ERROR>) -> Finding<bool> {
    match process.and_then(|process| token_is_elevated(process.as_raw_handle())) {
        Err(ERROR_ACCESS_DENIED) if !are_we_elevated() => Finding::Known(true),
        result => known(result),
    }
}

fn are_we_elevated() -> bool {
    // SAFETY: returns a constant that denotes this process.
    let own = unsafe { GetCurrentProcess() };
    token_is_elevated(own).unwrap_or(true)
}

fn token_is_elevated(process: HANDLE) -> Result<bool, WIN32_ERROR> {
    let mut token = null_mut();
    // SAFETY: the caller's handle is open, and `token` outlives the call.
    if unsafe { OpenProcessToken(process, TOKEN_QUERY, &raw mut token) } == 0 {
        return Err(last_error());
    }
    // SAFETY: just opened and not owned elsewhere.
    let token = unsafe { OwnedHandle::from_raw_handle(token) };
    let (mut elevation, mut written) = (TOKEN_ELEVATION::default(), 0);
    // SAFETY: the buffer has the stated size, and everything outlives the call.
    let ok = unsafe {
        let start = (&raw mut elevation).cast();
        let size = size_of::<TOKEN_ELEVATION>() as u32;
        GetTokenInformation(token.as_raw_handle(), TokenElevation, start, size, &raw mut written)
    };
    if ok == 0 { Err(last_error()) } else { Ok(elevation.TokenIsElevated != 0) }
}

/// The answers to a buffer that is too short. docs/sources/platform.md#processes
const TOO_SHORT: [NTSTATUS; 3] =
    [STATUS_INFO_LENGTH_MISMATCH, STATUS_BUFFER_TOO_SMALL, STATUS_BUFFER_OVERFLOW];

/// Windows returns the command line since 8.1 without reading the other program's memory
/// (docs/sources/platform.md#processes). It can contain passwords and is passed only to [`is_embedded`].
fn command_line(process: &OwnedHandle) -> Result<String, WIN32_ERROR> {
    let mut needed = 0;
    let status = query_command_line(process, &mut [], &mut needed);
    if !TOO_SHORT.contains(&status) {
        return Err(code_of(status));
    }
    // 64-bit words, because the buffer begins with a structure that contains a pointer.
    let words = usize::try_from(needed).unwrap_or(0).div_ceil(size_of::<u64>());
    let mut buffer = vec![0_u64; words.max(size_of::<UNICODE_STRING>() / size_of::<u64>())];
    let status = query_command_line(process, &mut buffer, &mut needed);
    if status < 0 {
        return Err(code_of(status));
    }
    // SAFETY: the call has written the structure at the start of the aligned buffer.
    let text = unsafe { buffer.as_ptr().cast::<UNICODE_STRING>().read() };
    if text.Buffer.is_null() {
        return Ok(String::new());
    }
    let length = usize::from(text.Length) / size_of::<u16>();
    // SAFETY: it points to this many units in the same buffer, which is still alive.
    let letters = unsafe { std::slice::from_raw_parts(text.Buffer, length) };
    Ok(String::from_utf16_lossy(letters))
}

fn query_command_line(process: &OwnedHandle, buffer: &mut [u64], needed: &mut u32) -> NTSTATUS {
    let size = u32::try_from(size_of_val(buffer)).unwrap_or(0);
    let start: *mut c_void = buffer.as_mut_ptr().cast();
    // SAFETY: the handle is open, and the buffer has the stated size.
    unsafe {
        let (process, class) = (process.as_raw_handle(), ProcessCommandLineInformation);
        NtQueryInformationProcess(process, class, start, size, needed)
    }
}

fn code_of(status: NTSTATUS) -> WIN32_ERROR {
    // SAFETY: takes a number and accesses no memory of ours.
    unsafe { RtlNtStatusToDosError(status) }
}

/// The option that COM adds when it starts a program for another one, in either spelling.
/// docs/sources/platform.md#processes
fn is_embedded(command_line: &str) -> bool {
    let words = command_line.split_whitespace();
    let mut options = words.filter_map(|word| word.strip_prefix(['-', '/']));
    options.any(|option| option.eq_ignore_ascii_case("Embedding"))
}

#[cfg(test)]
mod tests {
    use std::process::{Command, Stdio};

    use super::*;

    #[test]
    fn embedding_option_is_recognized_in_both_spellings() {
        for (line, embedded) in [
            (r#""C:\Program Files\Intuit\QuickBooks 2024\QBW.EXE" -Embedding"#, true),
            (r"C:\QBW32.EXE /embedding", true),
            (r"C:\QBW32.EXE -silent", false),
            (r"C:\-Embedding-\QBW32.EXE", false),
            ("", false),
        ] {
            assert_eq!(is_embedded(line), embedded, "{line}");
        }
    }

    #[test]
    fn file_times_count_from_1601() {
        let at = |steps: u64| FILETIME {
            dwLowDateTime: (steps & 0xFFFF_FFFF) as u32,
            dwHighDateTime: (steps >> 32) as u32,
        };
        assert_eq!(time(at(116_444_736_000_000_000)), Timestamp::UNIX_EPOCH);
        let known: Timestamp = "2026-05-05T13:07:21Z".parse().unwrap();
        assert_eq!(time(at(134_224_600_410_000_000)), known);
        assert_eq!(time(at(u64::MAX >> 1)), Timestamp::default(), "beyond every calendar");
    }

    #[test]
    fn process_probe_reports_start_time_and_rights() {
        // Runs until its standard input ends.
        let mut command = Command::new("cmd");
        command.args(["/q", "/k", "rem", "-Embedding"]);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        let (embedded, own) = (probe_process(child.id()), probe_process(std::process::id()));
        drop(child.stdin.take());
        child.wait().unwrap();
        let (embedded, own) = (embedded.unwrap(), own.unwrap());
        let Finding::Known(started) = own.started_at else { panic!("{own:?}") };
        let age = Timestamp::now().duration_since(started).as_secs();
        assert!((0..3_600).contains(&age), "started {started}");
        // Wine does not return command lines; the finding must then be unknown.
        // docs/sources/platform.md#wine
        assert_ne!(embedded.embedded, Finding::Known(false));
        assert_ne!(own.embedded, Finding::Known(true));
        assert!(matches!(own.elevated, Finding::Known(_)), "{own:?}");
        assert_eq!(embedded.elevated, own.elevated, "a child has its parent's rights");
    }

    #[test]
    fn missing_process_has_only_unknown_facts() {
        let nobody = probe_process(u32::MAX - 1).unwrap();
        assert!(matches!(nobody.started_at, Finding::Unknown(_)), "{nobody:?}");
        assert!(matches!(nobody.elevated, Finding::Unknown(_)), "{nobody:?}");
        assert!(matches!(nobody.embedded, Finding::Unknown(_)), "{nobody:?}");
    }
}
