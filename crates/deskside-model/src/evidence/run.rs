//! One update by the Web Connector, as its log records it.
//! See docs/sources/web-connector.md#log-run.
//!
//! The log contains user names, tickets, addresses and the customer's books. A [`Run`] has no field
//! for any text except the application's name and its server's host.

use std::borrow::Cow;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Cause;

/// One update of one application, from start to unlock, or the part of it that the log contains.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// `AppName`; `None` if the record that names it is missing.
    pub app: Option<String>,
    /// The host of `AppURL`, in lower case, with its port unless that is 443; `None` if unknown or
    /// if the address is not `https`. Nothing else of the address is kept.
    #[serde(default)]
    pub host: Option<String>,
    /// When it started, in whole seconds; `None` if the start is missing.
    pub started: Option<Timestamp>,
    /// When it ended, in whole seconds; `None` if no end was seen.
    pub ended: Option<Timestamp>,
    /// When its newest line was written, while no end was seen; `None` if unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<Timestamp>,
    /// Somebody started it by hand; `None` if unknown. Only the usual pause is learned from it.
    #[serde(skip)]
    pub by_hand: Option<bool>,
    /// The result.
    pub outcome: RunOutcome,
}

/// The result of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunOutcome {
    /// It completed its work.
    Ok,
    /// The application had no work.
    OkNoWork,
    /// It failed.
    Failed(RunFailure),
    /// Neither an error nor an end was seen: the run is in progress, was interrupted, or is cut off
    /// in the log.
    Incomplete,
}

impl RunOutcome {
    /// The stable text of the outcome.
    #[must_use]
    pub const fn text(&self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::OkNoWork => "ok_no_work",
            Self::Failed(_) => "failed",
            Self::Incomplete => "incomplete",
        }
    }
}

/// What went wrong, without any text from the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunFailure {
    /// The Web Connector's code: 1013 is `QBWC1013`.
    pub code: Option<u16>,
    /// QuickBooks' or Windows' code, `0x80040408` for example.
    pub hresult: Option<u32>,
    /// The cause.
    pub cause: Cause,
    /// The stable text of the problem, if the failure shows exactly one.
    pub problem: Option<Cow<'static, str>>,
}

/// How much the Web Connector writes to its log. See docs/sources/web-connector.md#log-levels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Level {
    /// Only the header.
    None,
    /// Every step, and the beginning of each XML document.
    Debug,
    /// Everything, including the customer's books.
    Verbose,
}

impl Level {
    /// The spelling in the log and the registry.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::None => "NONE",
            Self::Debug => "DEBUG",
            Self::Verbose => "VERBOSE",
        }
    }
}

/// What the log says about the Web Connector itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Header {
    /// Its version, as precisely as it was seen: `34.0.10010.76` or `34.0`.
    pub version: Option<String>,
    /// The log level.
    pub level: Option<Level>,
}

impl Header {
    /// Updates from a newer header. A header has only the first two parts of the version, so a more
    /// precise version is kept while these agree.
    pub fn renew(&mut self, newer: Self) {
        let agrees = |newer: &str| {
            let rest = self.version.as_ref().and_then(|version| version.strip_prefix(newer));
            rest.is_some_and(|rest| rest.starts_with('.'))
        };
        if !newer.version.as_deref().is_some_and(agrees) {
            self.version = newer.version.or(self.version.take());
        }
        self.level = newer.level.or(self.level);
    }
}
