//! A problem: a typed condition with the few arguments that its words and its report need.

use jiff::Timestamp;
use serde::Serialize;

use super::Code;

/// One problem.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Its code.
    pub code: Code,
    /// Its arguments.
    #[serde(skip_serializing_if = "Arguments::is_empty")]
    pub arguments: Arguments,
    /// When it began, if the evidence tells; otherwise it counts from when it is first seen.
    #[serde(skip)]
    pub began: Option<Timestamp>,
    /// What refutes it although it is seen now.
    #[serde(skip)]
    pub refuted_by: Refutation,
}

/// What refutes an obstacle that is seen now, because it may have been so for long without stopping
/// anything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Refutation {
    /// Only data that has flowed since it began.
    #[default]
    DataSince,
    /// Data that has just flowed.
    RecentData,
    /// Also a source that says that it works.
    Source,
}

/// The arguments of a problem's words and report.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Arguments {
    /// The host that was contacted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// The provider's request id, for support.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// QuickBooks' or the Web Connector's own code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub integration_code: Option<String>,
    /// Idle minutes until sleep.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minutes: Option<u32>,
    /// Minutes by which the clock is off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skew_minutes: Option<u32>,
    /// The company file is known to be in single-user mode, or in multi-user mode.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub single_user: Option<bool>,
    /// The year of the open QuickBooks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub open_year: Option<u16>,
    /// Another year's QuickBooks that is on this computer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other_year: Option<u16>,
    /// Several companies are connected on this computer.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub several_companies: bool,
    /// The company that should be open: shown and never reported.
    #[serde(skip)]
    pub expected_company: Option<String>,
    /// The company that is open: shown and never reported.
    #[serde(skip)]
    pub open_company: Option<String>,
    /// The title of a window, which may name a company: shown and never reported.
    #[serde(skip)]
    pub window: Option<String>,
    /// The name of another program's file: shown and never reported.
    #[serde(skip)]
    pub program: Option<String>,
    /// The provider's message for the user. It may name people or files: shown and never reported.
    #[serde(skip)]
    pub user_message: Option<String>,
}

impl Arguments {
    /// True when there is nothing to report.
    fn is_empty(&self) -> bool {
        self.without_names() == Self::default()
    }

    fn without_names(&self) -> Self {
        Self {
            expected_company: None,
            open_company: None,
            window: None,
            program: None,
            user_message: None,
            ..self.clone()
        }
    }
}

impl Problem {
    /// A problem that needs no arguments.
    #[must_use]
    pub fn plain(code: Code) -> Self {
        Self::with(code, Arguments::default())
    }

    /// A problem with these arguments.
    #[must_use]
    pub fn with(code: Code, arguments: Arguments) -> Self {
        Self { code, arguments, began: None, refuted_by: Refutation::default() }
    }

    /// The same, known to have begun at this moment.
    #[must_use]
    pub fn since(self, began: Option<Timestamp>) -> Self {
        Self { began, ..self }
    }

    /// The same, which may have been so for long.
    #[must_use]
    pub fn refuted_by(self, refuted_by: Refutation) -> Self {
        Self { refuted_by, ..self }
    }

    /// The same without arguments that may name people, companies or files.
    #[must_use]
    pub fn without_names(&self) -> Self {
        Self { arguments: self.arguments.without_names(), ..self.clone() }
    }

    /// A problem at a host.
    #[must_use]
    pub fn at(code: Code, host: Option<&str>) -> Self {
        let host = host.map(str::to_owned);
        Self::with(code, Arguments { host, ..Arguments::default() })
    }
}
