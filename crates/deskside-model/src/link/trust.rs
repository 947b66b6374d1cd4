//! The hosts that the build and the policy trust, as data that other code has loaded.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::profile::{PROFILES, Provider};

/// Everything that decides whether a host is acceptable.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Trust {
    /// Loopback addresses are accepted, also over plain `http`. Set by the program, never by a
    /// file.
    #[serde(skip)]
    pub sandbox: bool,
    /// Link hosts in addition to those of the profiles.
    pub link_hosts: Vec<KnownLinkHost>,
    /// Backends with the name of their vendor.
    pub backends: Vec<KnownBackend>,
    /// What to do with any other backend.
    pub unknown_backends: UnknownBackends,
    /// The parameters in which browsers return how an auth flow ended, if a client uses other names
    /// than the provider's own.
    pub return_parameters: BTreeMap<Provider, String>,
}

/// A link host added by the policy, for example a vendor's own domain in front of a provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownLinkHost {
    /// The exact host, in lower case.
    pub host: String,
    /// The provider whose links are served there.
    pub provider: Provider,
}

/// A backend named by the policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownBackend {
    /// The exact host, in lower case.
    pub host: String,
    /// The vendor's name as its customers know it.
    pub name: String,
}

/// What happens with a backend that the policy does not name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnknownBackends {
    /// The user may enroll there after a stronger question.
    #[default]
    Ask,
    /// Refused.
    Forbid,
}

impl Trust {
    /// The provider whose links `host` serves, if any.
    #[must_use]
    pub fn provider_of(&self, host: &str) -> Option<Provider> {
        let built_in = PROFILES.iter().find(|profile| profile.hosts.contains(&host));
        let added = || self.link_hosts.iter().find(|known| known.host == host);
        built_in.map(|profile| profile.provider).or_else(|| added().map(|known| known.provider))
    }

    /// The policy's name for the parameter in which a provider reports how its flow ended.
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
