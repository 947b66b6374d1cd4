//! The registry, read only. Missing entries and failures are kept apart.
#![expect(unsafe_code, reason = "variables in texts are replaced only by Win32")]

use std::ptr::null_mut;

use windows_registry::{Key, Result as Read, Type, Value};

use windows_sys::Win32::System::Environment::ExpandEnvironmentStringsW;

use super::Lookup;
use crate::wide::{to_wide, until_zero};

/// The view of the registry: Windows keeps some keys separately for 32-bit and 64-bit programs.
/// docs/sources/platform.md#registry-and-com
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RegistryView {
    Bits32,
    Bits64,
}

pub(super) const BOTH: [RegistryView; 2] = [RegistryView::Bits64, RegistryView::Bits32];

/// `ERROR_FILE_NOT_FOUND` and `ERROR_PATH_NOT_FOUND`, as the registry's errors carry them.
const NOT_THERE: [i32; 2] = [0x8007_0002_u32.cast_signed(), 0x8007_0003_u32.cast_signed()];

fn unless_missing<T>(read: Read<T>) -> Lookup<T> {
    match read {
        Ok(value) => Ok(Some(value)),
        Err(why) if NOT_THERE.contains(&why.code().0) => Ok(None),
        Err(why) => Err(format!("the registry cannot be read: {why}")),
    }
}

/// Opens a key for reading.
pub(super) fn open(parent: &Key, view: RegistryView, path: &str) -> Lookup<Key> {
    let mut options = parent.options();
    let options = match view {
        RegistryView::Bits32 => options.wow64_32(),
        RegistryView::Bits64 => options.wow64_64(),
    };
    unless_missing(options.read().open(path))
}

/// A value of any type.
pub(super) fn value(key: &Key, name: &str) -> Lookup<Value> {
    unless_missing(key.get_value(name))
}

/// A text value.
pub(super) fn text(key: &Key, name: &str) -> Lookup<String> {
    let Some(value) = value(key, name)? else { return Ok(None) };
    as_text(&value).map(Some).ok_or_else(|| format!("the registry value `{name}` is not text"))
}

/// A numeric value.
pub(super) fn number(key: &Key, name: &str) -> Lookup<u32> {
    unless_missing(key.get_u32(name))
}

/// The text up to its terminating zero; some programs leave garbage after it. Variables such as
/// `%ProgramFiles%` are replaced if the type asks for that. docs/sources/platform.md#registry-and-com
pub(crate) fn as_text(value: &Value) -> Option<String> {
    let text = || String::from_utf16_lossy(until_zero(value.as_wide()));
    match value.ty() {
        Type::String => Some(text()),
        Type::ExpandString => Some(expand(text())),
        Type::U32 | Type::U64 | Type::MultiString | Type::Bytes | Type::Other(_) => None,
    }
}

/// The text with its variables replaced by their values; unknown ones remain.
fn expand(text: String) -> String {
    let source = to_wide(&text);
    // SAFETY: the source ends with a zero; without a buffer only the length is returned.
    let length = unsafe { ExpandEnvironmentStringsW(source.as_ptr(), null_mut(), 0) };
    let mut letters = vec![0; usize::try_from(length).unwrap_or(0)];
    // SAFETY: the source ends with a zero, and the buffer has the stated length.
    let written =
        unsafe { ExpandEnvironmentStringsW(source.as_ptr(), letters.as_mut_ptr(), length) };
    let is_whole = written != 0 && written <= length;
    if is_whole { String::from_utf16_lossy(until_zero(&letters)) } else { text }
}

/// The names of a key's subkeys.
pub(super) fn keys(key: &Key) -> Result<Vec<String>, String> {
    Ok(unless_missing(key.keys())?.into_iter().flatten().collect())
}

/// A key's values with their names.
pub(super) fn values(key: &Key) -> Result<Vec<(String, Value)>, String> {
    Ok(unless_missing(key.values())?.into_iter().flatten().collect())
}

#[cfg(test)]
pub(super) mod tests {
    use windows_registry::CURRENT_USER;

    use super::*;

    /// A key for one test, removed when dropped.
    pub(in super::super) struct Scratch {
        pub(in super::super) path: String,
    }

    impl Scratch {
        pub(in super::super) fn new(name: &str) -> Self {
            Self { path: format!(r"Software\Deskside test\{} {name}", std::process::id()) }
        }

        pub(in super::super) fn key(&self, inside: &str) -> Key {
            let path = format!(r"{}\{inside}", self.path);
            CURRENT_USER.create(path.trim_end_matches('\\')).unwrap()
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            CURRENT_USER.remove_tree(&self.path).unwrap();
        }
    }

    #[test]
    fn missing_registry_entries_are_no_errors() {
        let scratch = Scratch::new("not there");
        let key = scratch.key("");
        assert!(open(&key, RegistryView::Bits64, "nothing").unwrap().is_none());
        assert_eq!(text(&key, "nothing"), Ok(None));
        assert_eq!(number(&key, "nothing"), Ok(None));
    }

    #[test]
    fn registry_value_of_another_type_is_an_error() {
        let scratch = Scratch::new("types");
        let key = scratch.key("");
        key.set_u32("number", 7).unwrap();
        key.set_string("text", "seven").unwrap();
        assert!(text(&key, "number").is_err() && number(&key, "text").is_err());
        assert_eq!(
            (text(&key, "text"), number(&key, "number")),
            (Ok(Some("seven".into())), Ok(Some(7)))
        );
    }

    #[test]
    fn variables_are_replaced_only_if_the_type_says_so() {
        let scratch = Scratch::new("variables");
        let key = scratch.key("");
        let root = std::env::var("SystemRoot").unwrap();
        let path = r"%SystemRoot%\system32 %DESKSIDE_NOWHERE%";
        key.set_string("plain", path).unwrap();
        key.set_expand_string("expand", path).unwrap();
        assert_eq!(text(&key, "plain"), Ok(Some(path.into())));
        let expanded = format!(r"{root}\system32 %DESKSIDE_NOWHERE%");
        assert_eq!(text(&key, "expand"), Ok(Some(expanded)));
    }

    #[test]
    fn registry_text_ends_at_its_first_zero() {
        let scratch = Scratch::new("rubbish");
        let key = scratch.key("");
        let letters: Vec<u8> = "end\0rest\0".encode_utf16().flat_map(u16::to_le_bytes).collect();
        key.set_bytes("text", Type::String, &letters).unwrap();
        assert_eq!(text(&key, "text"), Ok(Some("end".into())));
    }
}
