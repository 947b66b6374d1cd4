//! Windows text: UTF-16 units with a terminating zero.
#![expect(unsafe_code, reason = "text that Windows returns is read through a pointer")]

use std::ffi::{OsStr, OsString};
use std::os::windows::ffi::{OsStrExt, OsStringExt};

/// Converts text for a system call.
pub(crate) fn to_wide(text: impl AsRef<OsStr>) -> Vec<u16> {
    text.as_ref().encode_wide().chain([0]).collect()
}

/// The first `length` units of a buffer as text; invalid units are replaced.
pub(crate) fn text(buffer: &[u16], length: usize) -> String {
    String::from_utf16_lossy(buffer.get(..length).unwrap_or(buffer))
}

/// The units up to the first zero.
pub(crate) fn until_zero(units: &[u16]) -> &[u16] {
    units.split(|unit| *unit == 0).next().unwrap_or_default()
}

/// Copies text that a call has returned.
///
/// # Safety
/// `start` is null or points to units that end with a zero.
pub(crate) unsafe fn copy(start: *const u16) -> OsString {
    if start.is_null() {
        return OsString::new();
    }
    let mut length = 0;
    // SAFETY: the caller guarantees a zero at the end, and none has been reached.
    while unsafe { *start.add(length) } != 0 {
        length += 1;
    }
    // SAFETY: this many units were just read.
    OsString::from_wide(unsafe { std::slice::from_raw_parts(start, length) })
}
