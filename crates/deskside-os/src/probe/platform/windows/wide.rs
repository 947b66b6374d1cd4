//! Text as Windows has it: 16 bits a letter, a zero at the end.
#![expect(unsafe_code, reason = "text that Windows hands out is read behind a pointer")]

use std::ffi::{OsStr, OsString};
use std::os::windows::ffi::{OsStrExt, OsStringExt};

/// For a call that takes text.
pub(super) fn to_wide(text: impl AsRef<OsStr>) -> Vec<u16> {
    text.as_ref().encode_wide().chain([0]).collect()
}

/// The first `length` letters of a buffer; what is no text is replaced.
pub(super) fn text(buffer: &[u16], length: usize) -> String {
    String::from_utf16_lossy(buffer.get(..length).unwrap_or(buffer))
}

/// The letters up to the first zero.
pub(super) fn until_zero(letters: &[u16]) -> &[u16] {
    letters.split(|letter| *letter == 0).next().unwrap_or_default()
}

/// Copies text that a call has handed out.
///
/// # Safety
/// `start` is null or points to letters that end with a zero.
pub(super) unsafe fn copy(start: *const u16) -> OsString {
    if start.is_null() {
        return OsString::new();
    }
    let mut length = 0;
    // SAFETY: the caller promises a zero at the end, and none was met so far.
    while unsafe { *start.add(length) } != 0 {
        length += 1;
    }
    // SAFETY: as many letters were read just now.
    OsString::from_wide(unsafe { std::slice::from_raw_parts(start, length) })
}
