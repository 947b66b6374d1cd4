//! What this computer remembers about connections and the backends it is enrolled at. No secrets:
//! those are in the vault, under the names that this module defines.

use deskside_text as text;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::id::{ConnectionId, DeviceId};
use crate::link::{BackendUrl, LinkAttempt, Provider};
use crate::provider::{CODAT_BASE, CONDUCTOR_BASE, QUICKBOOKS_DESKTOP};

/// One company file's connection, as this computer knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    /// Stable identifier on this computer: the backend's own, unless another connection already has
    /// it, or one that this computer generated.
    pub id: ConnectionId,
    /// The company's name, if known.
    pub company: Option<String>,
    /// Who connects to QuickBooks; `None` for a provider that this version does not know.
    pub provider: Option<Provider>,
    /// How QuickBooks is meant to be used.
    pub mode: Mode,
    /// Where its state comes from.
    pub origin: Origin,
    /// The newest link that the user agreed to.
    #[serde(default)]
    pub link: Option<LinkAttempt>,
}

/// Where a connection comes from, and so who can report its state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Origin {
    /// A provider's link that the user opened. No one reports its state.
    Link {
        /// The link's host.
        host: String,
        /// A hash of the path words that identify the link's connection, if the link has any.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        subject: Option<String>,
    },
    /// A vendor's backend.
    Backend {
        /// The [`Device`] it belongs to.
        device: DeviceId,
    },
    /// The provider itself, with a key that this business holds.
    Direct {
        /// What the key is used for.
        account: Account,
        /// An address other than the provider's own; only for a sandbox.
        base_url: Option<String>,
    },
}

/// The account that the provider's key of this business gives access to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "provider", rename_all = "snake_case")]
pub enum Account {
    /// One of Conductor's end users. See docs/sources/conductor.md#objects.
    Conductor {
        /// Conductor's identifier of the end user.
        end_user: String,
    },
    /// One of Codat's companies. See docs/sources/codat.md#objects.
    Codat {
        /// Codat's identifier of the company.
        company: String,
        /// Codat's identifier of the company's connection to the platform, once there is one.
        connection: Option<String>,
        /// Codat's key for the connected platform.
        #[serde(default = "default_platform")]
        platform: String,
    },
}

fn default_platform() -> String {
    QUICKBOOKS_DESKTOP.to_owned()
}

impl Account {
    /// The provider that the key belongs to.
    #[must_use]
    pub const fn provider(&self) -> Provider {
        match self {
            Self::Conductor { .. } => Provider::Conductor,
            Self::Codat { .. } => Provider::Codat,
        }
    }

    /// The provider's identifier, which distinguishes accounts on screen.
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
    /// The Web Connector opens QuickBooks itself.
    Unattended,
    /// Several company files: QuickBooks is open without a company.
    MultipleFiles,
}

/// This computer, as one backend knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// Unique on this computer: the backend's host, a slash, and the backend's identifier for this
    /// computer. Two vendors may assign the same identifier.
    pub id: DeviceId,
    /// The backend's address.
    pub backend: BackendUrl,
    /// The account that the user confirmed.
    pub account: String,
    /// How often the backend wants a report, in seconds.
    pub heartbeat_seconds: u32,
    /// The backend answered that it no longer knows this device's token.
    #[serde(default)]
    pub rejected: bool,
    /// The backend refused a report, and has not accepted one since.
    #[serde(default)]
    pub reports_refused: bool,
}

impl Device {
    /// The identifier that is unique on this computer.
    #[must_use]
    pub fn local_id(backend: &BackendUrl, remote_id: &str) -> DeviceId {
        format!("{}/{remote_id}", backend.host()).into()
    }

    /// The backend's own identifier for this computer.
    #[must_use]
    pub fn remote_id(&self) -> &str {
        self.id.as_str().split_once('/').map_or(self.id.as_str(), |(_, remote)| remote)
    }

    /// The vault's names for all its secrets.
    #[must_use]
    pub fn secret_names(&self) -> [String; 2] {
        [self.token_name(), self.signing_secret_name()]
    }

    /// The vault's name for the token that the backend issued.
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
pub fn token_name(device: &DeviceId) -> String {
    format!("backend/{device}/token")
}

/// The vault's name for a device's signing secret.
#[must_use]
pub fn signing_secret_name(device: &DeviceId) -> String {
    format!("backend/{device}/signing-secret")
}

impl Connection {
    /// The vault's name for the provider's key of a direct connection.
    #[must_use]
    pub fn key_name(&self) -> String {
        format!("direct/{}/key", self.id)
    }

    /// The identifier used by the backend or provider that reports its state.
    #[must_use]
    pub fn remote_id(&self) -> &str {
        let prefix = self.device().map(|device| format!("{device}/"));
        let id = self.id.as_str();
        prefix.and_then(|prefix| id.strip_prefix(prefix.as_str())).unwrap_or(id)
    }

    /// The provider of its newest link: the connection's own provider, unless another one is known.
    #[must_use]
    pub fn link_provider(&self) -> Option<Provider> {
        let of_link = self.link.as_ref().and_then(LinkAttempt::link).map(|link| link.provider);
        of_link.or(self.provider)
    }

    /// The device that this connection belongs to.
    #[must_use]
    pub const fn device(&self) -> Option<&DeviceId> {
        match &self.origin {
            Origin::Backend { device } => Some(device),
            Origin::Link { .. } | Origin::Direct { .. } => None,
        }
    }

    /// The address to query for its state; `None` if there is none.
    #[must_use]
    pub fn address(&self, device: Option<&Device>) -> Option<Url> {
        match &self.origin {
            Origin::Link { .. } => None,
            Origin::Backend { .. } => device.map(|device| device.backend.call(&[])),
            Origin::Direct { .. } => self.direct_address(),
        }
    }

    /// The address of a direct connection's provider; `None` for any other connection.
    #[must_use]
    pub fn direct_address(&self) -> Option<Url> {
        let Origin::Direct { account, base_url } = &self.origin else { return None };
        let usual = match account {
            Account::Conductor { .. } => CONDUCTOR_BASE,
            Account::Codat { .. } => CODAT_BASE,
        };
        Url::parse(base_url.as_deref().unwrap_or(usual)).ok()
    }

    /// The name to show for the source of its state; `device` is the one that the connection
    /// belongs to.
    #[must_use]
    pub fn host(&self, device: Option<&Device>) -> Option<String> {
        match &self.origin {
            Origin::Link { host, .. } => Some(host.clone()),
            Origin::Backend { .. } => device.map(|device| device.backend.host().to_owned()),
            Origin::Direct { .. } => self.provider.map(|p| p.profile().name.to_owned()),
        }
    }

    /// The name to show on screen.
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
