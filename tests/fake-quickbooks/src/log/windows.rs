//! Windows: the sharing mode with which a file is opened.

use std::fs::OpenOptions;
use std::os::windows::fs::OpenOptionsExt;

use windows_sys::Win32::Storage::FileSystem::{
    FILE_SHARE_DELETE, FILE_SHARE_READ, FILE_SHARE_WRITE,
};

use crate::orders::Sharing;

pub(super) fn share(options: &mut OpenOptions, sharing: Sharing) -> &mut OpenOptions {
    options.share_mode(match sharing {
        Sharing::Everything => FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
        Sharing::Reading => FILE_SHARE_READ,
        Sharing::Nothing => 0,
    })
}
