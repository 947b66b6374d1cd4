//! What is known about each provider's links, as data: a new provider is a new row.
//!
//! Hosts and lifetimes are the providers' own: Conductor's API reference (`authFlowUrl`,
//! `linkExpiryMins`), Codat's "build your own authorization journey" (`linkUrl`).

use serde::{Deserialize, Serialize};

/// Who runs the auth flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Provider {
    /// Conductor, QuickBooks Desktop only.
    Conductor,
    /// Codat.
    Codat,
}

/// A provider's links.
#[derive(Debug)]
pub struct LinkProfile {
    /// Whose.
    pub provider: Provider,
    /// The name to show.
    pub name: &'static str,
    /// Exactly these hosts, lower case.
    pub hosts: &'static [&'static str],
    /// How a sandbox on this computer is told apart: the first part of the path.
    pub first_path_word: &'static str,
    /// Leading path words that may be logged; everything after them is secret.
    pub public_words: &'static [&'static str],
    /// How long a link lives unless its maker says otherwise, in minutes.
    pub lifetime_minutes: i64,
}

static CONDUCTOR: LinkProfile = LinkProfile {
    provider: Provider::Conductor,
    name: "Conductor",
    hosts: &["connect.conductor.is"],
    first_path_word: "qbd",
    public_words: &["qbd"],
    lifetime_minutes: 30,
};

static CODAT: LinkProfile = LinkProfile {
    provider: Provider::Codat,
    name: "Codat",
    hosts: &["link-api.codat.io", "link.codat.io"],
    first_path_word: "companies",
    public_words: &["company", "companies"],
    lifetime_minutes: 24 * 60,
};

/// Every provider that Deskside knows.
pub static PROFILES: &[&LinkProfile] = &[&CONDUCTOR, &CODAT];

impl Provider {
    /// What is known about this provider's links.
    #[must_use]
    pub fn profile(self) -> &'static LinkProfile {
        match self {
            Self::Conductor => &CONDUCTOR,
            Self::Codat => &CODAT,
        }
    }

    /// The stable name in documents and on the command line.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Conductor => "conductor",
            Self::Codat => "codat",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_profile_is_found_by_its_provider() {
        for profile in PROFILES {
            assert!(std::ptr::eq(profile.provider.profile(), *profile));
        }
    }
}
