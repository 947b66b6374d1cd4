//! Why a verdict is unknown. Unknown is never healthy, and it always says why and what would help.

use deskside_model::evidence::{Finding, Machine};
use deskside_text::{self as text, Words};

use crate::refusal::meaning;

/// Why nothing can be said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// Something was found that has not lasted long enough to be told.
    JustFound,
    /// The newest run failed, and what stopped it is not seen any more, or was never named.
    RunFailed {
        /// Its code.
        code: Option<String>,
    },
    /// The source says that it works; the newest run seen here failed.
    SaidButFailed {
        /// The source.
        host: Option<String>,
        /// The code of the run.
        code: Option<String>,
    },
    /// The source says that it works; no application is set up here.
    SaidButEmpty {
        /// The source.
        host: Option<String>,
    },
    /// No run for long, which may have a good reason.
    NoRun,
    /// The Web Connector's log could not be read.
    LogUnread,
    /// The source has not answered yet.
    NoAnswer {
        /// The source.
        host: Option<String>,
    },
    /// The last answer is too old to count.
    OldAnswer {
        /// The source.
        host: Option<String>,
    },
    /// The source itself does not know.
    SaysUnknown {
        /// The source.
        host: Option<String>,
    },
    /// QuickBooks, or what it shows, could not be seen.
    QuickBooksUnseen,
    /// QuickBooks runs without a window.
    QuickBooksHidden,
    /// The Web Connector could not be seen.
    WebConnectorUnseen,
    /// Nothing is known of the network.
    NetworkUnseen,
}

impl Doubt {
    /// What of this computer is not known.
    pub(crate) fn of_this_computer(machine: &Machine) -> Self {
        let hidden = machine.quickbooks.known().is_some_and(|seen| {
            seen.instances.iter().any(|instance| instance.screen == Finding::Absent)
        });
        if matches!(machine.web_connector, Finding::Unknown(_)) {
            Self::WebConnectorUnseen
        } else if matches!(machine.network, Finding::Unknown(_)) {
            Self::NetworkUnseen
        } else if hidden {
            Self::QuickBooksHidden
        } else {
            Self::QuickBooksUnseen
        }
    }

    /// The words: what is open, why, and what would help.
    #[must_use]
    pub fn words(&self) -> Words {
        match self {
            Self::JustFound => text::doubt_just_found(),
            Self::RunFailed { code } => {
                let known = title(code.as_deref());
                with_steps_of(code.as_deref(), text::doubt_run_failed(known.as_deref()))
            }
            Self::SaidButFailed { host, code } => {
                let known = title(code.as_deref());
                let words = text::doubt_said_but_failed(host.as_deref(), known.as_deref());
                with_steps_of(code.as_deref(), words)
            }
            Self::SaidButEmpty { host } => text::doubt_said_but_empty(host.as_deref()),
            Self::NoRun => text::doubt_no_run(),
            Self::LogUnread => text::doubt_log_unread(),
            Self::NoAnswer { host } => text::doubt_no_answer(host.as_deref()),
            Self::OldAnswer { host } => text::doubt_old_answer(host.as_deref()),
            Self::SaysUnknown { host } => text::doubt_says_unknown(host.as_deref()),
            Self::QuickBooksUnseen => text::doubt_quickbooks_unseen(),
            Self::QuickBooksHidden => text::doubt_quickbooks_hidden(),
            Self::WebConnectorUnseen => text::doubt_web_connector_unseen(),
            Self::NetworkUnseen => text::doubt_network_unseen(),
        }
    }
}

/// What is known of a code, in a few words.
fn title(code: Option<&str>) -> Option<String> {
    meaning(code?).filter(|known| known.is_explained()).map(|known| known.words().title)
}

/// The general step, and after it what helps against this code.
fn with_steps_of(code: Option<&str>, words: Words) -> Words {
    let known = code.and_then(meaning).filter(|known| known.may_diagnose());
    let more = known.map(|known| known.words().steps).unwrap_or_default();
    Words { steps: words.steps.iter().cloned().chain(more).collect(), ..words }
}
