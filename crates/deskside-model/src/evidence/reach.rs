//! How far a host can be reached from this computer, step by step, and whose clock is wrong.
//!
//! "No answer" has a dozen causes that need a dozen different people: a name, a proxy, a firewall,
//! a program that reads along, a clock. So the way is walked once more, slowly, when there is
//! trouble: name, connection, certificate, answer. Nothing is sent that is anybody's secret.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Finding;

/// The window in which a signed report counts (Standard Webhooks 1.0, "timestamp"), in seconds.
const CLOCK_TOLERANCE: u64 = 5 * 60;

/// How far a host was reached. A step that fails is absent and [`Reachability::stopped_by`] says why; the
/// steps behind it were not looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Reachability {
    /// The host, without its port.
    pub host: String,
    /// When the look began, by this computer's clock.
    pub at: Timestamp,
    /// The host of the proxy on the way; absent when there is none.
    pub through_proxy: Finding<String>,
    /// How many addresses the name has. With a proxy, it is the proxy's name that counts.
    pub name: Finding<usize>,
    /// It can be connected to, or the proxy has made the connection.
    pub connection: Finding<()>,
    /// What the host presented, even if it is not accepted; absent where none is used.
    pub tls: Finding<Tls>,
    /// The status of the answer to `GET /`. Whichever it is, somebody answers.
    pub answer: Finding<u16>,
    /// How many seconds this computer's clock is ahead of the host's; absent when the host does
    /// not tell the time.
    pub clock_ahead_seconds: Finding<i64>,
    /// Why the host was not reached.
    pub stopped_by: Option<ReachabilityFault>,
}

/// A certificate and who vouches for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tls {
    /// The organisation, or else the common name, of the topmost issuer seen.
    pub issuer: String,
    /// A public authority vouches for it. Known to be false, either a program or a device reads
    /// along, or the host is private. Unknown when only the name says so.
    pub public: Finding<bool>,
    /// The certificate counts from then on.
    pub valid_from: Timestamp,
    /// The certificate counts until then.
    pub valid_until: Timestamp,
}

impl Tls {
    /// The same when the computer has not accepted it: a public authority's name is then a mere
    /// claim.
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

/// Why a host was not reached. Which step it was, the findings tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReachabilityFault {
    /// The host's name leads to no address.
    NameNotResolved,
    /// This computer knows no way to the address.
    NoRoute,
    /// This computer itself forbids the connection: a firewall or a security program on it.
    Forbidden,
    /// Somebody is there and says no.
    Refused,
    /// Nothing answers in time: a firewall on the way, or the host.
    TimedOut,
    /// The connection broke off, or what came is no answer.
    Dropped,
    /// The proxy itself cannot be reached or does not answer.
    ProxyUnreachable,
    /// The proxy wants to know who is asking.
    ProxyNeedsPassword,
    /// The proxy does not let this through, or cannot reach the host either.
    ProxyRefused,
    /// This computer does not trust who vouches for the certificate.
    CertificateUntrusted,
    /// By this computer's clock the certificate has run out.
    CertificateExpired,
    /// By this computer's clock the certificate does not count yet.
    CertificateNotYetValid,
    /// The certificate is somebody else's.
    CertificateForAnotherName,
    /// What answers does not speak TLS, or none that this computer accepts.
    NoSecureConnection,
}

impl Reachability {
    /// The host was reached, and somebody there answers.
    #[must_use]
    pub const fn is_answered(&self) -> bool {
        self.stopped_by.is_none() && matches!(self.answer, Finding::Known(_))
    }

    /// No public authority vouches for the host: somebody reads along, or the host is private.
    #[must_use]
    pub fn is_private(&self) -> bool {
        matches!(&self.tls, Finding::Known(tls) if tls.public == Finding::Known(false))
    }

    /// This computer's clock is so far off that signatures and certificates fail.
    #[must_use]
    pub fn clock_is_wrong(&self) -> bool {
        matches!(self.clock_ahead_seconds, Finding::Known(ahead) if ahead.unsigned_abs() > CLOCK_TOLERANCE)
    }
}
