//! Processes: all of them are listed by one call that opens none; only the few that matter are opened, with
//! the least access right possible. docs/sources/platform.md#processes
#![expect(unsafe_code, reason = "processes are listed and described only through Win32")]

use std::ffi::c_void;
use std::io;
use std::os::windows::io::{AsRawHandle, FromRawHandle, OwnedHandle};
use std::ptr::null_mut;

use deskside_model::evidence::{Finding, Instance};
use windows_sys::Wdk::System::SystemInformation::{
    NtQuerySystemInformation, SystemProcessInformation,
};
use windows_sys::Wdk::System::Threading::{
    NtQueryInformationProcess, ProcessCommandLineInformation,
};
use windows_sys::Win32::Foundation::{
    ERROR_ACCESS_DENIED, GetLastError, HANDLE, NTSTATUS, RtlNtStatusToDosError,
    STATUS_BUFFER_OVERFLOW, STATUS_BUFFER_TOO_SMALL, STATUS_INFO_LENGTH_MISMATCH, STILL_ACTIVE,
    UNICODE_STRING, WIN32_ERROR,
};
use windows_sys::Win32::Security::{
    GetTokenInformation, TOKEN_ELEVATION, TOKEN_QUERY, TokenElevation,
};
use windows_sys::Win32::System::Threading::{
    GetCurrentProcess, GetExitCodeProcess, OpenProcess, OpenProcessToken, PROCESS_ACCESS_RIGHTS,
    PROCESS_QUERY_LIMITED_INFORMATION,
};

use crate::probe::listed::Listed;
use crate::probe::process_list;

/// The first size of the buffer, in 64-bit words: a process takes about a kilobyte with its threads.
const USUAL: usize = 1 << 15;
/// The largest size, in 64-bit words; no computer has a list of half a gigabyte.
const LARGEST: usize = 1 << 26;

/// Lists the processes repeatedly.
#[derive(Default)]
pub(crate) struct ProcessList {
    /// Kept between calls, because a new one costs more than reading it. 64-bit words, because the list
    /// contains pointers.
    buffer: Vec<u64>,
}

impl ProcessList {
    /// The running processes with one of these names.
    ///
    /// # Errors
    /// When the processes cannot be listed.
    pub(crate) fn running(&mut self, names: &[&'static str]) -> Result<Vec<Listed>, String> {
        let length = self.fill()?;
        let start: *const u8 = self.buffer.as_ptr().cast();
        // SAFETY: the buffer is initialized and at least this long, and is not changed while it is read.
        let bytes = unsafe { std::slice::from_raw_parts(start, length) };
        let mut found =
            process_list::running(bytes, start.addr() as u64, std::process::id(), names)?;
        found.retain(|found| !(found.ours && has_ended(found.pid)));
        Ok(found)
    }

    /// Fills the buffer with the list and returns its length in bytes.
    fn fill(&mut self) -> Result<usize, String> {
        if self.buffer.is_empty() {
            self.buffer.resize(USUAL, 0);
        }
        loop {
            let size = size_of_val(self.buffer.as_slice());
            let mut needed = 0;
            // SAFETY: the buffer has the stated size, and both pointers outlive the call.
            let status = unsafe {
                let (start, size) = (self.buffer.as_mut_ptr().cast(), size as u32);
                NtQuerySystemInformation(SystemProcessInformation, start, size, &raw mut needed)
            };
            if status >= 0 {
                // Some systems leave the length unset.
                let length = usize::try_from(needed).unwrap_or(size);
                return Ok(if length == 0 { size } else { length.min(size) });
            }
            if !TOO_SHORT.contains(&status) || self.buffer.len() >= LARGEST {
                return Err(format!("the processes cannot be listed: {}", reason(code_of(status))));
            }
            let more = self.buffer.len() / 4;
            self.buffer.resize(self.buffer.len().saturating_add(more), 0);
        }
    }
}

/// True for a process that has ended and is still listed, because a thread of it is stuck or somebody holds a
/// handle. False if it cannot be opened.
fn has_ended(pid: u32) -> bool {
    let process = open(pid, PROCESS_QUERY_LIMITED_INFORMATION);
    process.is_ok_and(|process| exit_code(&process).is_some())
}

/// The exit code of a process that has ended. A process that ends with 259 counts as running.
pub(super) fn exit_code(process: &OwnedHandle) -> Option<u32> {
    let mut code = 0;
    // SAFETY: the handle is open, and `code` outlives the call.
    let ok = unsafe { GetExitCodeProcess(process.as_raw_handle(), &raw mut code) };
    (ok != 0 && code != STILL_ACTIVE.cast_unsigned()).then_some(code)
}

/// The facts about a process of our own session, without its windows.
pub(crate) fn probe_process(listed: &Listed) -> Option<Instance> {
    let process = open(listed.pid, PROCESS_QUERY_LIMITED_INFORMATION);
    let process = process.as_ref().map_err(|code| *code);
    let started_at = listed.started_at;
    let unlisted = || Finding::Unknown("its start is not listed".into());
    Some(Instance {
        started_at: started_at.map_or_else(unlisted, Finding::Known),
        elevated: elevated(process),
        embedded: known(process.and_then(command_line).map(|line| is_embedded(&line))),
        other_account: is_refused(process),
        ..Instance::default()
    })
}

/// True if Windows refuses to open a process of our own session. It opens all those of the user's account,
/// elevated ones included, so this one runs as another account: that of another user, or the one that
/// Administrator Protection uses. docs/sources/platform.md#processes
fn is_refused(process: Result<&OwnedHandle, WIN32_ERROR>) -> bool {
    matches!(process, Err(ERROR_ACCESS_DENIED)) && !are_we_elevated()
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

    use jiff::Timestamp;

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

    /// This process, as the list shows it.
    fn this() -> Listed {
        let this = std::env::current_exe().unwrap();
        let name: &'static str = this.file_name().unwrap().to_str().unwrap().to_owned().leak();
        let mut all = ProcessList::default().running(&[name]).unwrap();
        all.retain(|listed| listed.pid == std::process::id());
        all.pop().unwrap()
    }

    #[test]
    fn list_shows_this_process_with_session_and_start() {
        let this = this();
        assert!(this.ours, "{this:?}");
        let age = Timestamp::now().duration_since(this.started_at.unwrap()).as_secs();
        assert!((0..3_600).contains(&age), "{this:?}");
    }

    #[test]
    fn list_grows_with_its_buffer() {
        let mut list = ProcessList { buffer: vec![0; 8] };
        let length = list.fill().unwrap();
        assert!(length > 64 && list.buffer.len() > 8, "{length}");
    }

    #[test]
    fn process_probe_reports_start_time_and_rights() {
        // Runs until its standard input ends.
        let mut command = Command::new("cmd");
        command.args(["/q", "/k", "rem", "-Embedding"]);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        let own = this();
        let embedded = probe_process(&Listed { pid: child.id(), ..own.clone() });
        let was_running = !has_ended(child.id());
        drop(child.stdin.take());
        child.wait().unwrap();
        // The handle of `child` keeps it in the system.
        assert!(was_running && has_ended(child.id()));
        let (embedded, own) = (embedded.unwrap(), probe_process(&own).unwrap());
        // Wine does not return command lines; the finding must then be unknown.
        // docs/sources/platform.md#wine
        assert_ne!(embedded.embedded, Finding::Known(false));
        assert_ne!(own.embedded, Finding::Known(true));
        assert!(matches!(own.elevated, Finding::Known(_)), "{own:?}");
        assert_eq!(embedded.elevated, own.elevated, "a child has its parent's rights");
        assert!(!own.other_account && !embedded.other_account, "{own:?}");
    }

    #[test]
    fn missing_process_has_only_unknown_facts() {
        let missing = Listed { pid: u32::MAX - 1, started_at: None, ..this() };
        let nobody = probe_process(&missing).unwrap();
        assert!(matches!(nobody.started_at, Finding::Unknown(_)), "{nobody:?}");
        assert!(matches!(nobody.elevated, Finding::Unknown(_)), "{nobody:?}");
        assert!(matches!(nobody.embedded, Finding::Unknown(_)), "{nobody:?}");
        assert!(!nobody.other_account && !has_ended(missing.pid), "{nobody:?}");
    }
}
