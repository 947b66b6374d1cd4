//! Which programs are running.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Finding, Machine, Screen};

/// How many instances of a program are running.
/// See docs/sources/quickbooks-desktop.md#rights-and-sessions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Presence {
    /// In the session of Deskside's user.
    pub own_session: usize,
    /// Elsewhere on this computer: in the sessions of other users, in other sessions of this user, and as
    /// services. A process whose session is unknown is counted here.
    pub other_sessions: usize,
    /// The instances of Deskside's user in detail, if the system shows more than that they are
    /// running.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub instances: Vec<Instance>,
}

impl Finding<Presence> {
    /// Whether it is running for Deskside's user; `None` if unknown.
    #[must_use]
    pub const fn is_here(&self) -> Option<bool> {
        match self {
            Self::Known(presence) => Some(presence.own_session > 0),
            Self::Absent => Some(false),
            Self::Unknown(_) => None,
        }
    }
}

/// One instance of a program.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Instance {
    /// When it was started.
    pub started_at: Finding<Timestamp>,
    /// It runs with administrator rights, so programs without them cannot reach it.
    pub elevated: Finding<bool>,
    /// Another program started it without a window (`-Embedding`).
    pub embedded: Finding<bool>,
    /// It runs in the session of Deskside's user as another account, whose settings and rights are
    /// not the user's.
    #[serde(skip_serializing_if = "is_false")]
    pub other_account: bool,
    /// What it shows on screen; absent if it shows nothing.
    pub screen: Finding<Screen>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_false(value: &bool) -> bool {
    !*value
}

/// The running programs that matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunningPrograms {
    /// QuickBooks Desktop's main process.
    pub quickbooks: Finding<Presence>,
    /// The Web Connector's process.
    pub web_connector: Finding<Presence>,
    /// What reports a QuickBooks crash: the title of a window, or the code with which QuickBooks ended.
    pub crash: Finding<String>,
    /// The name of a running tool that repairs QuickBooks or its files.
    pub repair: Finding<String>,
}

impl RunningPrograms {
    /// Replaces these fields of the machine.
    pub fn onto(self, machine: &mut Machine) {
        let Self { quickbooks, web_connector, crash, repair } = self;
        *machine = Machine { quickbooks, web_connector, crash, repair, ..std::mem::take(machine) };
    }

    /// The programs could not be listed, for this reason.
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
