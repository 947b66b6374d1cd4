//! A problem: a typed condition with the few arguments that its words and its report need.

use serde::Serialize;

use super::Code;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Which.
    pub code: Code,
    /// With what.
    #[serde(skip_serializing_if = "Arguments::is_empty")]
    pub arguments: Arguments,
}

/// What a problem's words and report may mention.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Arguments {
    /// The host that was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// For support.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// QuickBooks' or the Web Connector's own code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub integration_code: Option<String>,
    /// After how many idle minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minutes: Option<u32>,
    /// The title of a window, which may name a company: shown and never reported.
    #[serde(skip)]
    pub window: Option<String>,
    /// The name of another program's file: shown and never reported.
    #[serde(skip)]
    pub program: Option<String>,
    /// The provider's words for the user. They may name people or files, so they are shown and
    /// never reported.
    #[serde(skip)]
    pub user_message: Option<String>,
}

impl Arguments {
    fn is_empty(&self) -> bool {
        let Self {
            host,
            request_id,
            integration_code,
            minutes,
            window: _,
            program: _,
            user_message: _,
        } = self;
        host.is_none() && request_id.is_none() && integration_code.is_none() && minutes.is_none()
    }
}

impl Problem {
    /// A problem that needs no arguments.
    #[must_use]
    pub fn plain(code: Code) -> Self {
        Self { code, arguments: Arguments::default() }
    }

    /// The same without what may name people, companies or files.
    #[must_use]
    pub fn without_names(&self) -> Self {
        let arguments =
            Arguments { window: None, program: None, user_message: None, ..self.arguments.clone() };
        Self { code: self.code, arguments }
    }

    /// A problem at a host.
    #[must_use]
    pub fn at(code: Code, host: Option<&str>) -> Self {
        let host = host.map(str::to_owned);
        Self { code, arguments: Arguments { host, ..Arguments::default() } }
    }
}
