//! The one type that holds secrets: links, keys, tokens, one-time codes.
//!
//! It cannot be printed, serialised, cloned or dereferenced by accident. Every place that lets a
//! secret out says `reveal`, so one search lists all that must be reviewed. The memory is wiped
//! when the value is dropped.

use std::fmt;

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// Text that must not leave the program unnoticed.
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

    /// Lets the secret out. Say why at the call.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Compares in constant time, so that a guess learns nothing from how long it takes.
    #[must_use]
    pub fn same_as(&self, other: &Self) -> bool {
        self.0.as_bytes().ct_eq(other.0.as_bytes()).into()
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
    fn comparison_is_by_content() {
        let one = Secret::new("abc".into());
        assert!(one.same_as(&Secret::new("abc".into())));
        assert!(!one.same_as(&Secret::new("abd".into())));
        assert!(!one.same_as(&Secret::new("ab".into())));
    }
}
