//! Deep links: what any web page may ask Deskside to do, and what it may not.
//!
//! Parsing decides everything that the text alone determines. The result is either a
//! [`LinkRequest`] that is safe to show to the user or a [`Refused`] with a stable code.

mod attempt;
mod grammar;
mod inner;
mod outcome;
mod profile;
mod redact;
mod refusal;
mod saved;
mod trust;

pub use attempt::{AttemptOutcome, AttemptStage, KeptLink, LinkAttempt, LinkFacts, hash};
pub use grammar::{MAX_BYTES, parse, provider_link};
pub use grammar::{parameters_in, subject};
pub use inner::BackendUrl;
pub use inner::is_loopback;
pub use outcome::{Parameter, ReturnOutcome, outcome};
pub use profile::{LinkProfile, PROFILES, Provider, Returns, SetupStep, Uses};
pub use redact::redact;
pub use refusal::{LinkRefusal, Refused};
pub use trust::{KnownBackend, KnownLinkHost, Trust, UnknownBackends};

use serde::{Serialize, Serializer};

use crate::{Page, Secret};

/// Deskside's URL scheme.
pub const SCHEME: &str = "deskside";

/// What a valid deep link asks for. It never grants permission to act.
#[derive(Debug)]
pub enum LinkRequest {
    /// Open this provider's link.
    Connect(ProviderLink),
    /// Enroll this computer at a vendor's backend.
    Enroll(EnrollRequest),
    /// The browser returned from an auth flow.
    Return {
        /// The one-use value that must match a pending request.
        state: Secret,
        /// The other parameters of the address; only a few short ones.
        said: Vec<Parameter>,
    },
    /// Show a page.
    Open(Page),
}

/// A provider's link that passed every check.
#[derive(Debug)]
pub struct ProviderLink {
    /// The link's provider.
    pub provider: Provider,
    /// The host to show.
    pub host: String,
    /// The link itself: a bearer secret.
    pub url: Secret,
}

/// A request to enroll this computer at a backend.
#[derive(Debug)]
pub struct EnrollRequest {
    /// The backend's address.
    pub backend: BackendUrl,
    /// The vendor's name, if the build or the policy knows the host.
    pub vendor: Option<String>,
    /// The one-time code.
    pub code: Secret,
}

/// The first word of a deep link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Word {
    /// `deskside://connect`
    Connect,
    /// `deskside://enroll`
    Enroll,
    /// `deskside://return`
    Return,
    /// `deskside://open`
    Open,
}

/// The document of `deskside-cli link inspect --json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Inspection {
    /// Version of this document.
    pub schema: u32,
    /// What Deskside would do.
    pub verdict: LinkJudgment,
    /// The action, if recognized.
    pub action: Option<Word>,
    /// The provider of a `connect` link.
    pub provider: Option<Provider>,
    /// The host shown to the user.
    pub host: Option<String>,
    /// Why it is refused.
    #[serde(serialize_with = "as_code")]
    pub reason: Option<LinkRefusal>,
}

/// What Deskside would do with a deep link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkJudgment {
    /// Ask the user, then act.
    Ask,
    /// Show something or query again; no other side effect.
    Navigate,
    /// Nothing.
    Reject,
}

#[expect(clippy::ref_option, reason = "serde passes the field by reference")]
fn as_code<S: Serializer>(reason: &Option<LinkRefusal>, to: S) -> Result<S::Ok, S::Error> {
    reason.map(LinkRefusal::code).serialize(to)
}

/// What Deskside would do with `text`, without doing it.
#[must_use]
pub fn inspect(text: &str, trust: &Trust) -> Inspection {
    let nothing = Inspection {
        schema: 1,
        verdict: LinkJudgment::Navigate,
        action: None,
        provider: None,
        host: None,
        reason: None,
    };
    match parse(text, trust) {
        Ok(LinkRequest::Connect(link)) => Inspection {
            verdict: LinkJudgment::Ask,
            action: Some(Word::Connect),
            provider: Some(link.provider),
            host: Some(link.host),
            ..nothing
        },
        Ok(LinkRequest::Enroll(request)) => Inspection {
            verdict: LinkJudgment::Ask,
            action: Some(Word::Enroll),
            host: Some(request.backend.host().to_owned()),
            ..nothing
        },
        Ok(LinkRequest::Return { .. }) => Inspection { action: Some(Word::Return), ..nothing },
        Ok(LinkRequest::Open(_)) => Inspection { action: Some(Word::Open), ..nothing },
        Err(refused) => Inspection {
            verdict: LinkJudgment::Reject,
            action: refused.word,
            host: refused.host,
            reason: Some(refused.reason),
            ..nothing
        },
    }
}
