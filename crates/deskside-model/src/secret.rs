//! The one type that holds secrets: links, keys, tokens, one-time codes.
//!
//! It cannot be printed, serialized, cloned or dereferenced by accident. Every use of the text calls
//! `reveal`, so one search lists all places to review. The memory is wiped when the value is dropped.
//! It deserializes itself, so that an answer's secrets are never plain text in our own types.

use std::fmt;

use serde::de::Error;
use serde::{Deserialize, Deserializer};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// Text that must not leave the program by accident.
///
/// ```compile_fail
/// let secret = deskside_model::Secret::new("x".into());
/// println!("{secret}"); // no Display
/// ```
/// ```compile_fail
/// let secret = deskside_model::Secret::new("x".into());
/// serde_json::to_string(&secret); // no Serialize
/// ```
/// ```compile_fail
/// let secret = deskside_model::Secret::new("x".into());
/// let copy = secret.clone(); // no Clone
/// ```
/// ```compile_fail
/// let secret = deskside_model::Secret::new("x".into());
/// let text: &str = &secret; // no Deref
/// ```
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes ownership of `text`.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The plain text. Say at the call why it is needed.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Compares in constant time, so that the duration reveals nothing about the text.
    #[must_use]
    pub fn same_as(&self, other: &Self) -> bool {
        self.0.as_bytes().ct_eq(other.0.as_bytes()).into()
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        // A foreign error may quote the value, and the value may be the secret in another type.
        let text = String::deserialize(from).map_err(|_| D::Error::custom("a secret is not text"));
        text.map(Self::new)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_hides_the_text() {
        let shown = format!("{:?}", Secret::new("hunter2".into()));
        assert_eq!(shown, "Secret(hidden)");
    }

    #[test]
    fn a_deserialized_secret_does_not_print() {
        let secret: Secret = serde_json::from_str("\"hunter2\"").unwrap();
        assert_eq!(secret.reveal(), "hunter2");
        assert_eq!(format!("{secret:?}"), "Secret(hidden)");
    }

    #[test]
    fn an_error_does_not_quote_the_secret() {
        let read = serde_json::from_str::<Secret>;
        let errors = ["271828", "[\"hunter2\"]", "{\"a\": \"hunter2\"}", "\"hunter2"].map(read);
        for error in errors {
            let shown = format!("{0} {0:?}", error.unwrap_err());
            assert!(!shown.contains("271828") && !shown.contains("hunter2"), "{shown}");
        }
    }

    #[test]
    fn secrets_compare_by_content() {
        let one = Secret::new("abc".into());
        assert!(one.same_as(&Secret::new("abc".into())));
        assert!(!one.same_as(&Secret::new("abd".into())));
        assert!(!one.same_as(&Secret::new("ab".into())));
    }
}
