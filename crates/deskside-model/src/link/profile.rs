//! Facts about each provider's links, as data: a new provider is a new row.
//!
//! Hosts, lifetimes and return parameters are the providers' own; docs/sources/link-providers.md
//! lists them with their sources.

use serde::{Deserialize, Serialize};

/// Who runs the auth flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Provider {
    /// Conductor, QuickBooks Desktop only.
    Conductor,
    /// Codat.
    Codat,
    /// Merge.
    Merge,
    /// Rutter.
    Rutter,
    /// Railz, now FIS Accounting Data as a Service.
    Railz,
    /// Apideck.
    Apideck,
    /// QubeSync, QuickBooks Desktop only.
    Qubesync,
}

/// How often a link can be opened. See docs/sources/link-providers.md#lifetimes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Uses {
    /// Once.
    Once,
    /// The provider does not say; treated as once.
    Unknown,
    /// Any number of times.
    Many,
}

/// A provider's links.
#[derive(Debug)]
pub struct LinkProfile {
    /// The provider.
    pub provider: Provider,
    /// The name to show.
    pub name: &'static str,
    /// The exact hosts, in lower case. See docs/sources/link-providers.md#hosts.
    pub hosts: &'static [&'static str],
    /// The first word of a link's path, on a host that serves more than links.
    pub only_below: Option<&'static str>,
    /// The first word of the path of a sandbox link on this computer, which tells the providers
    /// apart.
    pub first_path_word: &'static str,
    /// Path words after which the next word identifies what the link connects; if empty, two
    /// connections of the provider cannot be told apart.
    pub before_subject: &'static [&'static str],
    /// Leading path words that may be logged; everything after them is secret.
    /// See docs/sources/link-providers.md#redaction.
    pub public_words: &'static [&'static str],
    /// How long a link lives unless its issuer says otherwise, in minutes; `None` if it does not
    /// expire or no one says.
    pub lifetime_minutes: Option<i64>,
    /// How often it can be opened.
    pub uses: Uses,
    /// What the browser returns with. See docs/sources/link-providers.md#returns.
    pub returns: Returns,
    /// The steps install the Web Connector, so it need not be present before.
    pub brings_web_connector: bool,
    /// What the user does in the browser and afterwards, in order.
    pub steps: &'static [SetupStep],
}

/// The parameter in which a provider reports how its flow ended, and the meaning of its values.
/// Names and values are compared ignoring case and surrounding spaces.
#[derive(Debug)]
pub struct Returns {
    /// The parameter that holds the outcome.
    pub status: &'static str,
    /// It succeeded.
    pub success: &'static [&'static str],
    /// It had already been done.
    pub already: &'static [&'static str],
    /// The user canceled.
    pub cancelled: &'static [&'static str],
    /// The link had expired.
    pub expired: &'static [&'static str],
    /// It failed.
    pub failed: &'static [&'static str],
    /// The provider does not support this.
    pub unsupported: &'static [&'static str],
}

/// One step of setting up a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetupStep {
    /// Choose QuickBooks Desktop on the provider's page.
    ChooseDesktop,
    /// Download the provider's own installer and run it.
    RunInstaller,
    /// Download the Web Connector's setup file.
    DownloadFile,
    /// Open it in the Web Connector.
    OpenInWebConnector,
    /// Answer QuickBooks' access question.
    AllowAccess,
    /// Paste the password from the page into the Web Connector.
    PastePassword,
    /// Turn on Auto-Run and start the first update.
    SwitchOnAutoRun,
    /// Confirm on the provider's page.
    Verify,
}

const NOTHING_RETURNED: Returns = Returns {
    status: "",
    success: &[],
    already: &[],
    cancelled: &[],
    expired: &[],
    failed: &[],
    unsupported: &[],
};

/// The steps of every provider that issues a setup file for the Web Connector.
const WITH_A_FILE: &[SetupStep] = &[
    SetupStep::DownloadFile,
    SetupStep::OpenInWebConnector,
    SetupStep::AllowAccess,
    SetupStep::PastePassword,
    SetupStep::SwitchOnAutoRun,
];

static CONDUCTOR: LinkProfile = LinkProfile {
    provider: Provider::Conductor,
    name: "Conductor",
    hosts: &["connect.conductor.is"],
    only_below: Some("qbd"),
    first_path_word: "qbd",
    before_subject: &[],
    public_words: &["qbd"],
    lifetime_minutes: Some(30),
    uses: Uses::Unknown,
    returns: NOTHING_RETURNED,
    brings_web_connector: false,
    steps: WITH_A_FILE,
};

static CODAT: LinkProfile = LinkProfile {
    provider: Provider::Codat,
    name: "Codat",
    hosts: &["link-api.codat.io", "link.codat.io"],
    only_below: None,
    first_path_word: "companies",
    before_subject: &["company", "companies", "connections"],
    public_words: &["company", "companies"],
    lifetime_minutes: Some(24 * 60),
    uses: Uses::Once,
    returns: Returns {
        status: "statusCode",
        success: &["200"],
        already: &["201"],
        cancelled: &["403"],
        expired: &[],
        failed: &["500"],
        unsupported: &["501"],
    },
    brings_web_connector: true,
    steps: &[
        SetupStep::ChooseDesktop,
        SetupStep::RunInstaller,
        SetupStep::DownloadFile,
        SetupStep::AllowAccess,
        SetupStep::PastePassword,
        SetupStep::SwitchOnAutoRun,
    ],
};

static MERGE: LinkProfile = LinkProfile {
    provider: Provider::Merge,
    name: "Merge",
    hosts: &["link.merge.dev"],
    only_below: None,
    first_path_word: "merge",
    before_subject: &[],
    public_words: &[],
    lifetime_minutes: Some(7 * 24 * 60),
    uses: Uses::Unknown,
    returns: NOTHING_RETURNED,
    brings_web_connector: false,
    steps: WITH_A_FILE,
};

static RUTTER: LinkProfile = LinkProfile {
    provider: Provider::Rutter,
    name: "Rutter",
    hosts: &["link.rutterapi.com"],
    only_below: None,
    first_path_word: "connection",
    before_subject: &["connection"],
    public_words: &["connection"],
    lifetime_minutes: None,
    uses: Uses::Many,
    returns: NOTHING_RETURNED,
    brings_web_connector: false,
    steps: &[
        SetupStep::DownloadFile,
        SetupStep::OpenInWebConnector,
        SetupStep::AllowAccess,
        SetupStep::PastePassword,
        SetupStep::SwitchOnAutoRun,
        SetupStep::Verify,
    ],
};

static RAILZ: LinkProfile = LinkProfile {
    provider: Provider::Railz,
    name: "Railz",
    hosts: &["auth.railz.ai", "connect.railz.ai"],
    only_below: None,
    first_path_word: "railz",
    before_subject: &[],
    public_words: &[],
    lifetime_minutes: None,
    uses: Uses::Unknown,
    returns: NOTHING_RETURNED,
    brings_web_connector: true,
    steps: &[
        SetupStep::RunInstaller,
        SetupStep::DownloadFile,
        SetupStep::OpenInWebConnector,
        SetupStep::AllowAccess,
        SetupStep::PastePassword,
        SetupStep::SwitchOnAutoRun,
    ],
};

static APIDECK: LinkProfile = LinkProfile {
    provider: Provider::Apideck,
    name: "Apideck",
    hosts: &["vault.apideck.com"],
    only_below: None,
    first_path_word: "session",
    before_subject: &[],
    public_words: &["session"],
    lifetime_minutes: None,
    uses: Uses::Unknown,
    returns: NOTHING_RETURNED,
    brings_web_connector: false,
    steps: WITH_A_FILE,
};

static QUBESYNC: LinkProfile = LinkProfile {
    provider: Provider::Qubesync,
    name: "QubeSync",
    hosts: &["qubesync.com"],
    only_below: Some("onboarding"),
    first_path_word: "onboarding",
    before_subject: &[],
    public_words: &["onboarding"],
    lifetime_minutes: Some(48 * 60),
    uses: Uses::Unknown,
    returns: Returns {
        // The provider's own name is `state`, which in a return to Deskside is Deskside's; the
        // bridge renames it.
        status: "provider_state",
        success: &["connected"],
        already: &[],
        cancelled: &["cancelled"],
        expired: &["expired"],
        failed: &[],
        unsupported: &[],
    },
    brings_web_connector: false,
    steps: WITH_A_FILE,
};

/// Every provider that Deskside knows.
pub static PROFILES: &[&LinkProfile] =
    &[&CONDUCTOR, &CODAT, &MERGE, &RUTTER, &RAILZ, &APIDECK, &QUBESYNC];

impl Provider {
    /// The facts about this provider's links.
    #[must_use]
    pub fn profile(self) -> &'static LinkProfile {
        match self {
            Self::Conductor => &CONDUCTOR,
            Self::Codat => &CODAT,
            Self::Merge => &MERGE,
            Self::Rutter => &RUTTER,
            Self::Railz => &RAILZ,
            Self::Apideck => &APIDECK,
            Self::Qubesync => &QUBESYNC,
        }
    }

    /// The stable name in documents and on the command line.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Conductor => "conductor",
            Self::Codat => "codat",
            Self::Merge => "merge",
            Self::Rutter => "rutter",
            Self::Railz => "railz",
            Self::Apideck => "apideck",
            Self::Qubesync => "qubesync",
        }
    }

    /// The provider with that stable name.
    #[must_use]
    pub fn of_key(key: &str) -> Option<Self> {
        PROFILES.iter().map(|profile| profile.provider).find(|provider| provider.key() == key)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_profile_is_found_by_its_provider() {
        for profile in PROFILES {
            assert!(std::ptr::eq(profile.provider.profile(), *profile));
            assert_eq!(Provider::of_key(profile.provider.key()), Some(profile.provider));
        }
    }

    #[test]
    fn link_hosts_and_path_words_are_unique() {
        let hosts: Vec<&str> = PROFILES.iter().flat_map(|profile| profile.hosts).copied().collect();
        assert_eq!(hosts.iter().collect::<BTreeSet<_>>().len(), hosts.len());
        let words: BTreeSet<&str> =
            PROFILES.iter().map(|profile| profile.first_path_word).collect();
        assert_eq!(words.len(), PROFILES.len());
    }

    #[test]
    fn every_profile_ends_with_auto_run_turned_on() {
        for profile in PROFILES {
            assert!(profile.steps.contains(&SetupStep::SwitchOnAutoRun), "{}", profile.name);
            assert!(profile.steps.contains(&SetupStep::AllowAccess), "{}", profile.name);
        }
    }
}
