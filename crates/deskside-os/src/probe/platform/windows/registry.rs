//! The registry, read only. "Not there" and "could not be read" stay apart.

use windows_registry::{Key, Result as Read, Type, Value};

use super::Looked;
use super::wide::until_zero;

/// Whose part of the registry: Windows keeps some keys once for programs of either width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RegistryView {
    Bits32,
    Bits64,
}

pub(super) const BOTH: [RegistryView; 2] = [RegistryView::Bits64, RegistryView::Bits32];

/// `ERROR_FILE_NOT_FOUND` and `ERROR_PATH_NOT_FOUND`, as the registry's errors carry them.
const NOT_THERE: [i32; 2] = [0x8007_0002_u32.cast_signed(), 0x8007_0003_u32.cast_signed()];

fn there<T>(read: Read<T>) -> Looked<T> {
    match read {
        Ok(value) => Ok(Some(value)),
        Err(why) if NOT_THERE.contains(&why.code().0) => Ok(None),
        Err(why) => Err(format!("the registry cannot be read: {why}")),
    }
}

/// Opens a key for reading.
pub(super) fn open(parent: &Key, view: RegistryView, path: &str) -> Looked<Key> {
    let mut options = parent.options();
    let options = match view {
        RegistryView::Bits32 => options.wow64_32(),
        RegistryView::Bits64 => options.wow64_64(),
    };
    there(options.read().open(path))
}

/// A value of a key, whatever its type.
pub(super) fn value(key: &Key, name: &str) -> Looked<Value> {
    there(key.get_value(name))
}

/// A value that is text.
pub(super) fn text(key: &Key, name: &str) -> Looked<String> {
    let Some(value) = value(key, name)? else { return Ok(None) };
    as_text(&value).map(Some).ok_or_else(|| format!("the registry's `{name}` is no text"))
}

/// A value that is a number.
pub(super) fn number(key: &Key, name: &str) -> Looked<u32> {
    there(key.get_u32(name))
}

/// Text up to its end; some programs leave rubbish behind it.
pub(super) fn as_text(value: &Value) -> Option<String> {
    matches!(value.ty(), Type::String | Type::ExpandString)
        .then(|| String::from_utf16_lossy(until_zero(value.as_wide())))
}

/// The names of the keys in a key.
pub(super) fn keys(key: &Key) -> Result<Vec<String>, String> {
    Ok(there(key.keys())?.into_iter().flatten().collect())
}

/// The values of a key with their names.
pub(super) fn values(key: &Key) -> Result<Vec<(String, Value)>, String> {
    Ok(there(key.values())?.into_iter().flatten().collect())
}

#[cfg(test)]
pub(super) mod tests {
    use windows_registry::CURRENT_USER;

    use super::*;

    /// A key of one test's own, gone when dropped.
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
    fn registry_text_ends_at_its_first_zero() {
        let scratch = Scratch::new("rubbish");
        let key = scratch.key("");
        let letters: Vec<u8> = "end\0rest\0".encode_utf16().flat_map(u16::to_le_bytes).collect();
        key.set_bytes("text", Type::String, &letters).unwrap();
        assert_eq!(text(&key, "text"), Ok(Some("end".into())));
    }
}
