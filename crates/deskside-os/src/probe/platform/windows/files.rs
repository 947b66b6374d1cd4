//! Files: the known folders of Windows, their entries, and the versions of programs.
#![expect(unsafe_code, reason = "known folders and version resources need Win32")]

use std::ffi::c_void;
use std::path::{Path, PathBuf};
use std::ptr::null_mut;
use std::{fs, io};

use deskside_model::evidence::Program;
use windows_sys::Win32::Storage::FileSystem::{
    GetFileVersionInfoSizeW, GetFileVersionInfoW, VS_FIXEDFILEINFO, VerQueryValueW,
};
use windows_sys::Win32::System::Com::CoTaskMemFree;
use windows_sys::Win32::UI::Shell::SHGetKnownFolderPath;
use windows_sys::core::GUID;

use super::Lookup;
use crate::wide::{self, to_wide};

/// The path of a known folder, also if it was moved.
pub(crate) fn known_folder(id: &GUID) -> Result<PathBuf, String> {
    let mut start = null_mut();
    // SAFETY: `id` and `start` outlive the call, which creates no folder.
    let result = unsafe { SHGetKnownFolderPath(id, 0, null_mut(), &raw mut start) };
    // SAFETY: null or zero-terminated text.
    let path = PathBuf::from(unsafe { wide::copy(start) });
    // SAFETY: allocated by the call and freed once, also after a failure; null is allowed.
    unsafe { CoTaskMemFree(start.cast()) };
    if result < 0 || path.as_os_str().is_empty() {
        return Err(format!("a known folder is missing: {result:#010x}"));
    }
    Ok(path)
}

/// A file's metadata, if it exists.
pub(super) fn file(path: &Path) -> Lookup<fs::Metadata> {
    Ok(unless_missing(fs::metadata(path))?.filter(fs::Metadata::is_file))
}

/// A program, if its file exists.
pub(super) fn program(path: &Path) -> Lookup<Program> {
    Ok(file(path)?.map(|_| Program { path: path.display().to_string(), version: version(path) }))
}

/// The entries of a folder; empty if the folder does not exist.
pub(super) fn entries(folder: &Path) -> Result<Vec<fs::DirEntry>, String> {
    let Some(listed) = unless_missing(fs::read_dir(folder))? else { return Ok(Vec::new()) };
    listed.collect::<io::Result<_>>().map_err(|why| unread(&why))
}

/// The errors for a path that does not or cannot exist.
const MISSING: [io::ErrorKind; 3] =
    [io::ErrorKind::NotFound, io::ErrorKind::NotADirectory, io::ErrorKind::InvalidFilename];

fn unless_missing<T>(read: io::Result<T>) -> Lookup<T> {
    match read {
        Ok(value) => Ok(Some(value)),
        Err(why) if MISSING.contains(&why.kind()) => Ok(None),
        Err(why) => Err(unread(&why)),
    }
}

fn unread(why: &io::Error) -> String {
    format!("the disk cannot be read: {why}")
}

/// The file version of a program, if its file has one.
fn version(path: &Path) -> Option<String> {
    let resource = version_resource(path)?;
    let (mut start, mut length) = (null_mut(), 0);
    let root = to_wide(r"\");
    // SAFETY: the resource was written by Windows, and every pointer outlives the call.
    let found = unsafe {
        let resource = resource.as_ptr().cast();
        VerQueryValueW(resource, root.as_ptr(), &raw mut start, &raw mut length)
    };
    let is_whole = usize::try_from(length).ok()? >= size_of::<VS_FIXEDFILEINFO>();
    if found == 0 || !is_whole || start.is_null() {
        return None;
    }
    // SAFETY: it points into the resource, which has at least this many bytes there.
    let fixed = unsafe { start.cast::<VS_FIXEDFILEINFO>().read_unaligned() };
    Some(dotted(fixed.dwFileVersionMS, fixed.dwFileVersionLS))
}

fn version_resource(path: &Path) -> Option<Vec<u8>> {
    let path = to_wide(path);
    // SAFETY: the path ends with a zero and outlives both calls.
    let size = unsafe { GetFileVersionInfoSizeW(path.as_ptr(), null_mut()) };
    let mut resource = vec![0_u8; usize::try_from(size).ok().filter(|size| *size > 0)?];
    let start: *mut c_void = resource.as_mut_ptr().cast();
    // SAFETY: the buffer has exactly `size` bytes.
    let read = unsafe { GetFileVersionInfoW(path.as_ptr(), 0, size, start) };
    (read != 0).then_some(resource)
}

/// Formats a version such as `34.0.10010.76` from two numbers of two halves each.
fn dotted(high: u32, low: u32) -> String {
    let halves = |number: u32| (number >> 16, number & 0xFFFF);
    let ((major, minor), (build, revision)) = (halves(high), halves(low));
    format!("{major}.{minor}.{build}.{revision}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn impossible_paths_are_missing_and_not_errors() {
        let folder = tempfile::tempdir().unwrap();
        let here = folder.path().join("here.txt");
        fs::write(&here, "").unwrap();
        assert!(file(&here).unwrap().is_some());
        assert!(file(folder.path()).unwrap().is_none(), "a folder is no file");
        for gone in ["gone.txt", r"here.txt\inside", r"gone\inside", r#"a".exe" -x"#] {
            assert!(file(&folder.path().join(gone)).unwrap().is_none(), "{gone}");
        }
        assert!(entries(&folder.path().join("gone")).unwrap().is_empty());
    }

    #[test]
    fn program_without_a_version_is_still_found() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("QBWebConnector.exe");
        fs::write(&path, "no version resource").unwrap();
        let found = program(&path).unwrap().unwrap();
        assert_eq!((found.path, found.version), (path.display().to_string(), None));
    }

    #[test]
    fn version_is_formatted_as_four_numbers() {
        assert_eq!(dotted(34 << 16, (10_010 << 16) | 76), "34.0.10010.76");
    }
}
