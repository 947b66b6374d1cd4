//! The window, and whether the desktop starts Deskside at login.

use deskside_model::LoginStart;

use crate::input::Effect;

/// What the companion knows of its desktop.
#[derive(Debug, Default)]
pub(super) struct Desktop {
    pub(super) window_shown: bool,
    pub(super) window_failed: bool,
    pub(super) login_start: LoginStart,
}

impl Desktop {
    pub(super) fn handle_window(&mut self, shown: bool) {
        self.window_shown = shown;
        self.window_failed &= !shown;
    }

    /// The user turns start at login on or off, where the user may.
    pub(super) fn set_login_start(&self, on: bool) -> Option<Effect> {
        match self.login_start {
            LoginStart::On | LoginStart::Off => Some(Effect::StartAtLogin(on)),
            LoginStart::TurnedOffInTaskManager
            | LoginStart::ByAdministrator { .. }
            | LoginStart::CannotTell => None,
        }
    }

    /// Takes in whether the desktop starts Deskside at login. An installed Deskside turns it on once;
    /// `offered` remembers that, so that the user's later choice stands.
    pub(super) fn handle_login_start(
        &mut self,
        seen: LoginStart,
        installed: bool,
        offered: &mut bool,
    ) -> Option<Effect> {
        self.login_start = seen;
        let is_first = installed && !std::mem::replace(offered, true);
        (is_first && seen == LoginStart::Off).then_some(Effect::StartAtLogin(true))
    }
}
