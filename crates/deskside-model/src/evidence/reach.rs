//! How far a host can be reached from this computer, step by step, and which clock is wrong.
//!
//! "No answer" has a dozen causes for a dozen different people: a name, a proxy, a firewall, an
//! interception, a clock. So a host that does not answer is probed again, step by step: name,
//! connection, certificate, answer. The probe sends no secrets.
//! See docs/sources/platform.md#network.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Finding;

/// How far the clock may be off before a signed report is invalid (Standard Webhooks 1.0,
/// "timestamp"), in seconds. See docs/sources/platform.md#standards.
const CLOCK_TOLERANCE: u64 = 5 * 60;

/// How far a host was reached. A failed step is absent and [`Reachability::stopped_by`] gives the
/// reason; the steps after it are unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Reachability {
    /// The host, without its port.
    pub host: String,
    /// When the probe started, by this computer's clock.
    pub at: Timestamp,
    /// The host of the proxy in between; absent if there is none.
    pub through_proxy: Finding<String>,
    /// How many addresses the name has. With a proxy, this is the proxy's name.
    pub name: Finding<usize>,
    /// The host, or the proxy for it, accepted the connection.
    pub connection: Finding<()>,
    /// What the host presented, even if it was not accepted; absent if the connection uses no TLS.
    pub tls: Finding<Tls>,
    /// The status of the answer to `GET /`. Any status proves that the host answers.
    pub answer: Finding<u16>,
    /// How many seconds this computer's clock is ahead of the host's; absent if the host does not
    /// send the time.
    pub clock_ahead_seconds: Finding<i64>,
    /// Why the host was not reached.
    pub stopped_by: Option<ReachabilityFault>,
}

/// A certificate and its issuer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tls {
    /// The organization, or else the common name, of the topmost issuer seen.
    pub issuer: String,
    /// Issued by a public authority. If false, either a program or a device intercepts the
    /// connection, or the host is private. Unknown if only the issuer's name says so.
    pub public: Finding<bool>,
    /// Start of the certificate's validity.
    pub valid_from: Timestamp,
    /// End of the certificate's validity.
    pub valid_until: Timestamp,
}

impl Tls {
    /// The same certificate if the computer did not accept it: a public authority's name is then
    /// only a claim.
    #[must_use]
    pub fn unproven(self) -> Self {
        match self.public {
            Finding::Known(true) => {
                Self { public: Finding::Unknown("the name is not proven".into()), ..self }
            }
            Finding::Known(false) | Finding::Absent | Finding::Unknown(_) => self,
        }
    }
}

/// Why a host was not reached. The findings tell at which step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReachabilityFault {
    /// The host's name has no address.
    NameNotResolved,
    /// This computer has no route to the address.
    NoRoute,
    /// This computer itself forbids the connection, for example by a firewall or security program.
    Forbidden,
    /// The host refuses the connection.
    Refused,
    /// Nothing answers in time: a firewall in between, or the host.
    TimedOut,
    /// The connection was dropped, or the response is not valid.
    Dropped,
    /// The proxy cannot be reached or does not answer.
    ProxyUnreachable,
    /// The proxy requires credentials.
    ProxyNeedsPassword,
    /// The proxy blocks the connection, or cannot reach the host either.
    ProxyRefused,
    /// This computer does not trust the certificate's issuer.
    CertificateUntrusted,
    /// By this computer's clock the certificate has expired.
    CertificateExpired,
    /// By this computer's clock the certificate is not valid yet.
    CertificateNotYetValid,
    /// The certificate is for another name.
    CertificateForAnotherName,
    /// The host does not speak TLS, or no version that this computer accepts.
    NoSecureConnection,
}

impl Reachability {
    /// The host was reached and answered.
    #[must_use]
    pub const fn is_answered(&self) -> bool {
        self.stopped_by.is_none() && matches!(self.answer, Finding::Known(_))
    }

    /// The certificate is not from a public authority: the connection is intercepted, or the host
    /// is private.
    #[must_use]
    pub fn is_private(&self) -> bool {
        matches!(&self.tls, Finding::Known(tls) if tls.public == Finding::Known(false))
    }

    /// This computer's clock is off by so much that signatures and certificates fail.
    #[must_use]
    pub fn clock_is_wrong(&self) -> bool {
        matches!(self.clock_ahead_seconds, Finding::Known(ahead) if ahead.unsigned_abs() > CLOCK_TOLERANCE)
    }
}
