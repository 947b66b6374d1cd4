//! One update by the Web Connector, as its log tells it.
//!
//! The log holds user names, tickets, addresses and the customer's books. A [`Run`] has no place for
//! any text but the application's name and its server's host.

use std::borrow::Cow;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Cause;

/// One update of one application, from its start to its unlock, or as much of it as is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// `AppName`; `None` where the part that names it is missing.
    pub app: Option<String>,
    /// The host of `AppURL`, in lower case, with its port unless that is 443; `None` where it is not
    /// known, or where the address is not one of `https`. Nothing else of the address is kept.
    #[serde(default)]
    pub host: Option<String>,
    /// When it started, in whole seconds; `None` where the start is missing.
    pub started: Option<Timestamp>,
    /// When it ended, in whole seconds; `None` while no end was seen.
    pub ended: Option<Timestamp>,
    /// What it came to.
    pub outcome: RunOutcome,
}

/// What a run came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunOutcome {
    /// It did its work to the end.
    Ok,
    /// The application had nothing to do.
    OkNoWork,
    /// Something went wrong.
    Failed(RunFailure),
    /// Neither an error nor an end was seen: it is under way, was interrupted, or was cut off.
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

/// What went wrong, without a word of the log's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunFailure {
    /// The Web Connector's code: 1013 is `QBWC1013`.
    pub code: Option<u16>,
    /// QuickBooks' or Windows' code, `0x80040408` for example.
    pub hresult: Option<u32>,
    /// Why.
    pub cause: Cause,
    /// The stable text of the problem that it shows, where it shows exactly one.
    pub problem: Option<Cow<'static, str>>,
}

/// How much the Web Connector writes into its log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Level {
    /// Nothing but the header.
    None,
    /// Every step, and the beginning of each XML document.
    Debug,
    /// Everything, the customer's books included.
    Verbose,
}

impl Level {
    /// As the log and the registry spell it.
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
    /// Its version, as exactly as it was seen: `34.0.10010.76` or `34.0`.
    pub version: Option<String>,
    /// How much it writes.
    pub level: Option<Level>,
}

impl Header {
    /// Takes over what a newer one says. It has the first two parts of the version only, so what is
    /// known more exactly stays known while these agree.
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
