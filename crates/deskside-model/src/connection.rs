//! What this machine remembers of connections and of the backends it is linked to. No secrets:
//! those are in the vault, under the names that this module gives.

use deskside_text as text;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::link::{BackendUrl, LinkAttempt, Provider};
use crate::provider::{CODAT_BASE, CONDUCTOR_BASE, QUICKBOOKS_DESKTOP};

/// One company file's connection, as this machine knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    /// Stable identifier on this computer: the backend's own, unless somebody else's connection has
    /// it already, or one that this machine made.
    pub id: String,
    /// The company's name, when somebody told it.
    pub company: Option<String>,
    /// Who connects to QuickBooks; `None` for a provider that this version does not know.
    pub provider: Option<Provider>,
    /// How QuickBooks is meant to be used.
    pub mode: Mode,
    /// Where its state can be learned.
    pub origin: Origin,
    /// The newest link that the user agreed to.
    #[serde(default)]
    pub link: Option<LinkAttempt>,
}

/// Where a connection comes from, and so who can tell how it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Origin {
    /// A provider's link that the user opened: nobody tells how it is.
    Link {
        /// The link's host.
        host: String,
        /// A hash of what the link says it connects, where it says so.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        subject: Option<String>,
    },
    /// A vendor's backend.
    Backend {
        /// Under which [`Device`].
        device: String,
    },
    /// The provider itself, with a key that this business holds.
    Direct {
        /// What the key is used for.
        account: Account,
        /// Another address than the provider's own; only for a sandbox.
        base_url: Option<String>,
    },
}

/// What a business that holds a provider's key uses it for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "provider", rename_all = "snake_case")]
pub enum Account {
    /// One of Conductor's end users.
    Conductor {
        /// Conductor's identifier of it.
        end_user: String,
    },
    /// One of Codat's companies.
    Codat {
        /// Codat's identifier of it.
        company: String,
        /// Codat's identifier of its connection to the platform, once there is one.
        connection: Option<String>,
        /// Codat's key for what is connected.
        #[serde(default = "usual_platform")]
        platform: String,
    },
}

fn usual_platform() -> String {
    QUICKBOOKS_DESKTOP.to_owned()
}

impl Account {
    /// Whose key it is.
    #[must_use]
    pub const fn provider(&self) -> Provider {
        match self {
            Self::Conductor { .. } => Provider::Conductor,
            Self::Codat { .. } => Provider::Codat,
        }
    }

    /// The provider's identifier, for telling one from the other.
    #[must_use]
    pub fn id(&self) -> &str {
        match self {
            Self::Conductor { end_user } => end_user,
            Self::Codat { company, .. } => company,
        }
    }
}

/// How QuickBooks is meant to be used with a connection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Somebody keeps QuickBooks open with the company file.
    #[default]
    Attended,
    /// The Web Connector opens QuickBooks by itself.
    Unattended,
    /// Several company files: QuickBooks is open without one.
    MultipleFiles,
}

/// This computer, as one backend knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// Unique on this computer: the backend's host, a slash, and its identifier for this computer.
    /// Two vendors may give the same identifier.
    pub id: String,
    /// Where the backend is.
    pub backend: BackendUrl,
    /// The account that the user confirmed.
    pub account: String,
    /// How often the backend wants to hear, in seconds.
    pub heartbeat_seconds: u32,
    /// The backend answered that it does not know this device's token any more.
    #[serde(default)]
    pub rejected: bool,
    /// The backend refused a report, and has not accepted one since.
    #[serde(default)]
    pub reports_refused: bool,
}

impl Device {
    /// The identifier that is unique on this computer.
    #[must_use]
    pub fn local_id(backend: &BackendUrl, remote_id: &str) -> String {
        format!("{}/{remote_id}", backend.host())
    }

    /// The backend's own identifier for this computer.
    #[must_use]
    pub fn remote_id(&self) -> &str {
        self.id.split_once('/').map_or(self.id.as_str(), |(_, remote)| remote)
    }

    /// The vault's name for the token that the backend gave.
    #[must_use]
    pub fn token_name(&self) -> String {
        token_name(&self.id)
    }

    /// The vault's name for the secret that signs reports.
    #[must_use]
    pub fn signing_secret_name(&self) -> String {
        signing_secret_name(&self.id)
    }
}

/// The vault's name for a device's token.
#[must_use]
pub fn token_name(device: &str) -> String {
    format!("backend/{device}/token")
}

/// The vault's name for a device's signing secret.
#[must_use]
pub fn signing_secret_name(device: &str) -> String {
    format!("backend/{device}/signing-secret")
}

impl Connection {
    /// The vault's name for the provider's key of a direct connection.
    #[must_use]
    pub fn key_name(&self) -> String {
        format!("direct/{}/key", self.id)
    }

    /// The identifier under which the one who tells about it knows it.
    #[must_use]
    pub fn remote_id(&self) -> &str {
        let prefix = self.device().map(|device| format!("{device}/"));
        prefix.and_then(|prefix| self.id.strip_prefix(prefix.as_str())).unwrap_or(&self.id)
    }

    /// Whose page its newest link opens: its own provider's, unless it is known to be another's.
    #[must_use]
    pub fn link_provider(&self) -> Option<Provider> {
        self.link.as_ref().and_then(|life| life.provider).or(self.provider)
    }

    /// The device through which a backend knows this connection.
    #[must_use]
    pub fn device(&self) -> Option<&str> {
        match &self.origin {
            Origin::Backend { device } => Some(device),
            Origin::Link { .. } | Origin::Direct { .. } => None,
        }
    }

    /// Where its state is asked for; `None` when nobody can be asked.
    #[must_use]
    pub fn address(&self, device: Option<&Device>) -> Option<Url> {
        match &self.origin {
            Origin::Link { .. } => None,
            Origin::Backend { .. } => device.map(|device| device.backend.call(&[])),
            Origin::Direct { .. } => self.direct_address(),
        }
    }

    /// Where the provider of a direct connection is; `None` for any other.
    #[must_use]
    pub fn direct_address(&self) -> Option<Url> {
        let Origin::Direct { account, base_url } = &self.origin else { return None };
        let usual = match account {
            Account::Conductor { .. } => CONDUCTOR_BASE,
            Account::Codat { .. } => CODAT_BASE,
        };
        Url::parse(base_url.as_deref().unwrap_or(usual)).ok()
    }

    /// Whom to name when its state is asked for; `device` is the one through which a backend knows it.
    #[must_use]
    pub fn host(&self, device: Option<&Device>) -> Option<String> {
        match &self.origin {
            Origin::Link { host, .. } => Some(host.clone()),
            Origin::Backend { .. } => device.map(|device| device.backend.host().to_owned()),
            Origin::Direct { .. } => self.provider.map(|p| p.profile().name.to_owned()),
        }
    }

    /// What to call it on screen.
    #[must_use]
    pub fn name(&self) -> String {
        let company = self.company.as_ref().filter(|company| !company.trim().is_empty());
        match (company, &self.origin) {
            (Some(company), _) => company.clone(),
            (None, Origin::Direct { account, .. }) => format!("QuickBooks ({})", account.id()),
            (None, Origin::Link { .. } | Origin::Backend { .. }) => text::connection_unnamed(),
        }
    }
}
