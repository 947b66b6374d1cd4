//! The result of a probe: a value, its absence, or the reason why neither is known.
//!
//! Keeping the three apart prevents "could not look" from passing for "not there" or for healthy.

use serde::{Deserialize, Serialize};

/// What is known about one thing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finding<T> {
    /// The probe found this value.
    Known(T),
    /// The probe looked and found nothing.
    Absent,
    /// The probe could not look, for this reason.
    Unknown(String),
}

impl<T> Default for Finding<T> {
    fn default() -> Self {
        Self::Unknown("not looked at".into())
    }
}

impl<T> Finding<T> {
    /// The value, if known. Use it only where absent and unknown have the same consequence.
    pub const fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Absent | Self::Unknown(_) => None,
        }
    }

    /// The value itself, if known, under the same condition as [`Self::known`].
    pub fn into_known(self) -> Option<T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Absent | Self::Unknown(_) => None,
        }
    }

    /// True if the probe looked and found nothing; false also if it could not look.
    pub const fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// Changes a known value and keeps absence and the reason for not knowing.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Finding<U> {
        match self {
            Self::Known(value) => Finding::Known(change(value)),
            Self::Absent => Finding::Absent,
            Self::Unknown(why) => Finding::Unknown(why),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn map_changes_only_a_known_value() {
        let unknown = || Finding::Unknown("access denied".into());
        let double = |finding: Finding<u32>| finding.map(|value| value * 2);
        assert_eq!(double(Finding::Known(2)), Finding::Known(4));
        assert_eq!(double(Finding::Absent), Finding::Absent);
        assert_eq!(double(unknown()), unknown());
    }

    #[test]
    fn unknown_is_neither_a_value_nor_absent() {
        let unknown = Finding::<u32>::default();
        assert_eq!((unknown.known(), unknown.is_absent()), (None, false));
        assert_eq!(unknown.into_known(), None);
    }
}
