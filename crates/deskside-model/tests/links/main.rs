//! The grammar of deep links, as a table that an attacker would have written.
//!
//! A deep link can come from anywhere, so the table is long on purpose: every action, every reason
//! for a refusal with several texts, and the order of the checks. Property tests then check any
//! text against a second implementation of the rules that shares no code with the first.

#![expect(clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

mod accepted;
mod any_text;
mod attempts;
mod policy;
mod refused;
mod secrecy;

use std::collections::BTreeSet;

use deskside_model::Page;
use deskside_model::link::{
    EnrollRequest, KnownBackend, KnownLinkHost, LinkJudgment, LinkRefusal, LinkRequest, MAX_BYTES,
    PROFILES, Provider, ProviderLink, Refused, Trust, UnknownBackends, Word, inspect, parse,
};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use proptest::prelude::*;
use serde_json::json;

pub(crate) const CONDUCTOR: &str = "https://connect.conductor.is/qbd/SECRETAUTH?key=SECRETKEY";
pub(crate) const CODAT: &str = "https://link-api.codat.io/companies/SECRETCOMPANY?otp=SECRETOTP";
pub(crate) const BACKEND: &str = "https://app.acme.example";

pub(crate) fn escape(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

pub(crate) fn connect(link: &str) -> String {
    format!("deskside://connect?link={}", escape(link))
}

pub(crate) fn enroll(backend: &str, code: &str) -> String {
    format!("deskside://enroll?backend={}&code={code}", escape(backend))
}

pub(crate) fn normal() -> Trust {
    Trust::default()
}

pub(crate) fn sandbox() -> Trust {
    Trust { sandbox: true, ..Trust::default() }
}

/// A policy that adds a link host, names one backend and forbids the others.
pub(crate) fn strict() -> Trust {
    Trust {
        sandbox: false,
        link_hosts: vec![KnownLinkHost {
            host: "connect.acme.example".into(),
            provider: Provider::Conductor,
        }],
        backends: vec![KnownBackend { host: "app.acme.example".into(), name: "Acme Books".into() }],
        unknown_backends: UnknownBackends::Forbid,
        ..Trust::default()
    }
}

pub(crate) fn connected(text: &str, trust: &Trust) -> ProviderLink {
    match parse(text, trust) {
        Ok(LinkRequest::Connect(link)) => link,
        other => panic!("{text} is not a link to open: {other:?}"),
    }
}

pub(crate) fn enrolled(text: &str, trust: &Trust) -> EnrollRequest {
    match parse(text, trust) {
        Ok(LinkRequest::Enroll(request)) => request,
        other => panic!("{text} is no enrollment request: {other:?}"),
    }
}

pub(crate) fn refused(text: &str, trust: &Trust) -> Refused {
    match parse(text, trust) {
        Ok(request) => panic!("accepted: {text:?} as {request:?}"),
        Err(refused) => refused,
    }
}

/// Asserts that each text is refused, and for this reason.
pub(crate) fn all_refused<S: AsRef<str>>(
    reason: LinkRefusal,
    trust: &Trust,
    texts: impl IntoIterator<Item = S>,
) {
    for text in texts {
        let text = text.as_ref();
        let why = refused(text, trust).reason;
        assert_eq!(why, reason, "{text:.200?} is refused for another reason");
    }
}

/// Everything that printing a result could reveal.
pub(crate) fn printed(text: &str, trust: &Trust) -> String {
    let inspected = inspect(text, trust);
    let shown = match parse(text, trust) {
        Ok(request) => format!("{request:?}"),
        Err(refused) => format!("{refused:?} {refused} {}", refused.reason.sentence()),
    };
    let json = serde_json::to_string(&inspected).unwrap_or_default();
    format!("{shown} {inspected:?} {json}")
}
