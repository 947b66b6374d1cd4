//! Whom the build and the policy trust, as data that somebody else has read.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::profile::{PROFILES, Provider};

/// Everything that decides whether a host is acceptable.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Trust {
    /// Loopback addresses are accepted, over plain `http` too. Set by the program, never by a file.
    #[serde(skip)]
    pub sandbox: bool,
    /// More link hosts than the profiles name.
    pub link_hosts: Vec<KnownLinkHost>,
    /// Backends that are shown by their vendor's name.
    pub backends: Vec<KnownBackend>,
    /// What to do with any other backend.
    pub unknown_backends: UnknownBackends,
    /// The parameters in which browsers come back with how an auth flow ended, where somebody has
    /// chosen other names than the providers' own.
    pub return_parameters: BTreeMap<Provider, String>,
}

/// A link host that the policy adds, for example a vendor's own domain in front of a provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownLinkHost {
    /// The exact host, lower case.
    pub host: String,
    /// Whose links are served there.
    pub provider: Provider,
}

/// A backend that the policy names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownBackend {
    /// The exact host, lower case.
    pub host: String,
    /// The vendor's name as its customers know it.
    pub name: String,
}

/// What happens with a backend that nobody named.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnknownBackends {
    /// The user may link to it, after the stronger question.
    #[default]
    Ask,
    /// Refused.
    Forbid,
}

impl Trust {
    /// Whose links `host` serves, if anybody's.
    #[must_use]
    pub fn provider_of(&self, host: &str) -> Option<Provider> {
        let built_in = PROFILES.iter().find(|profile| profile.hosts.contains(&host));
        let added = || self.link_hosts.iter().find(|known| known.host == host);
        built_in.map(|profile| profile.provider).or_else(|| added().map(|known| known.provider))
    }

    /// The name that was chosen for the parameter that says how a provider's flow ended.
    #[must_use]
    pub fn return_parameter(&self, provider: Provider) -> Option<&str> {
        self.return_parameters.get(&provider).map(String::as_str)
    }

    /// The vendor's name for a backend host that the policy knows.
    #[must_use]
    pub fn vendor_of(&self, host: &str) -> Option<&str> {
        self.backends.iter().find(|known| known.host == host).map(|known| known.name.as_str())
    }
}
