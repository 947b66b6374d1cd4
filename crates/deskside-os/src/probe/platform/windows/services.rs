//! The services of this PC, as any interactive user can list them. docs/sources/platform.md#services
#![expect(unsafe_code, reason = "services are listed only through Win32")]

use std::ptr::null;

use windows_sys::Win32::Foundation::{ERROR_MORE_DATA, GetLastError};
use windows_sys::Win32::System::Services::{
    CloseServiceHandle, ENUM_SERVICE_STATUS_PROCESSW, EnumServicesStatusExW, OpenSCManagerW,
    SC_ENUM_PROCESS_INFO, SC_HANDLE, SC_MANAGER_ENUMERATE_SERVICE, SERVICE_RUNNING,
    SERVICE_STATE_ALL, SERVICE_WIN32,
};

use super::describe_last_error;
use crate::wide;

/// One service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Service {
    pub(super) name: String,
    pub(super) running: bool,
}

/// The buffer for one call, in bytes; a typical PC has fewer than 400 services of about 150 bytes.
const BUFFER: usize = 64 * 1024;

/// Every service.
pub(super) fn all() -> Result<Vec<Service>, String> {
    let manager = Manager::open()?;
    let (mut found, mut resume) = (Vec::new(), 0);
    // Each call continues where the last one stopped.
    while manager.list(&mut resume, &mut found)? {}
    Ok(found)
}

/// A handle to the service manager, closed when dropped.
struct Manager(SC_HANDLE);

impl Manager {
    fn open() -> Result<Self, String> {
        // SAFETY: null names this computer and its only database.
        let handle = unsafe { OpenSCManagerW(null(), null(), SC_MANAGER_ENUMERATE_SERVICE) };
        if handle.is_null() {
            Err(describe_last_error("no services are shown"))
        } else {
            Ok(Self(handle))
        }
    }

    /// Adds the next services to `found`; true if there are more.
    fn list(&self, resume: &mut u32, found: &mut Vec<Service>) -> Result<bool, String> {
        // 64-bit words, because the entries must be aligned like pointers.
        let mut buffer = vec![0_u64; BUFFER / size_of::<u64>()];
        let (mut needed, mut count) = (0, 0);
        // SAFETY: the buffer has as many bytes as it says, and every pointer outlives the call.
        let done = unsafe {
            EnumServicesStatusExW(
                self.0,
                SC_ENUM_PROCESS_INFO,
                SERVICE_WIN32,
                SERVICE_STATE_ALL,
                buffer.as_mut_ptr().cast(),
                BUFFER as u32,
                &raw mut needed,
                &raw mut count,
                resume,
                null(),
            )
        };
        // SAFETY: reads a value of this thread.
        let has_more = done == 0 && unsafe { GetLastError() } == ERROR_MORE_DATA;
        if done == 0 && (!has_more || count == 0) {
            return Err(describe_last_error("no services are shown"));
        }
        // SAFETY: the call has just written this many entries.
        found.extend(unsafe { read(&buffer, count) });
        Ok(has_more)
    }
}

/// Reads the entries that a call has written.
///
/// # Safety
/// The buffer begins with `count` entries, whose names are in the buffer too.
unsafe fn read(buffer: &[u64], count: u32) -> Vec<Service> {
    let start = buffer.as_ptr().cast::<ENUM_SERVICE_STATUS_PROCESSW>();
    // SAFETY: the caller guarantees the entries, and the words have their alignment.
    let entries = unsafe { std::slice::from_raw_parts(start, count.try_into().unwrap_or(0)) };
    let service = |entry: &ENUM_SERVICE_STATUS_PROCESSW| Service {
        // SAFETY: every name ends with a zero.
        name: unsafe { wide::copy(entry.lpServiceName) }.to_string_lossy().into_owned(),
        running: entry.ServiceStatusProcess.dwCurrentState == SERVICE_RUNNING,
    };
    entries.iter().map(service).collect()
}

impl Drop for Manager {
    fn drop(&mut self) {
        // SAFETY: opened by this type and closed once.
        unsafe { CloseServiceHandle(self.0) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn running_and_stopped_services_are_listed() {
        let services = all().unwrap();
        assert!(services.iter().all(|service| !service.name.is_empty()), "{services:?}");
        assert!(services.iter().any(|service| service.running), "{services:?}");
        assert!(services.iter().any(|service| !service.running), "{services:?}");
    }
}
