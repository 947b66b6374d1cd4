//! Which programs run.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Finding, Machine, Screen};

/// How often a program runs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Presence {
    /// In the session of the person who uses Deskside.
    pub own_session: usize,
    /// For other people signed in to this computer.
    pub other_sessions: usize,
    /// Those of the own session one by one, where this system shows more of them than that they run.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub instances: Vec<Instance>,
}

impl Finding<Presence> {
    /// Whether it runs for the person who uses Deskside; `None` when nobody can say.
    #[must_use]
    pub const fn is_here(&self) -> Option<bool> {
        match self {
            Self::Known(presence) => Some(presence.own_session > 0),
            Self::Absent => Some(false),
            Self::Unknown(_) => None,
        }
    }
}

/// One running program.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Instance {
    /// When it was started.
    pub started_at: Finding<Timestamp>,
    /// It runs with an administrator's rights, which programs without cannot reach.
    pub elevated: Finding<bool>,
    /// Another program started it to work unseen.
    pub embedded: Finding<bool>,
    /// What it shows; absent when it shows nothing at all.
    pub screen: Finding<Screen>,
}

/// What runs of what matters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunningPrograms {
    /// QuickBooks Desktop's main process.
    pub quickbooks: Finding<Presence>,
    /// The Web Connector's process.
    pub web_connector: Finding<Presence>,
    /// The title of the window that tells of a QuickBooks that has crashed.
    pub crash: Finding<String>,
    /// The name of a tool that repairs QuickBooks or its files at this moment.
    pub repair: Finding<String>,
}

impl RunningPrograms {
    /// Puts it among what else the computer shows.
    pub fn onto(self, machine: &mut Machine) {
        let Self { quickbooks, web_connector, crash, repair } = self;
        *machine = Machine { quickbooks, web_connector, crash, repair, ..std::mem::take(machine) };
    }

    /// Nothing could be looked at, and why.
    #[must_use]
    pub fn unseen(why: &str) -> Self {
        Self {
            quickbooks: Finding::Unknown(why.into()),
            web_connector: Finding::Unknown(why.into()),
            crash: Finding::Unknown(why.into()),
            repair: Finding::Unknown(why.into()),
        }
    }
}
