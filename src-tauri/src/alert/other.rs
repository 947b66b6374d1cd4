//! Elsewhere: a notification, if there is a desktop that shows them.

use deskside_companion::Toast;
use deskside_model::NAME;
use deskside_runtime::alert::{self, NoWindow};

use crate::toast;

/// Says why the program ends.
pub(crate) fn it_ends(why: &str) {
    show(&alert::cannot_start(), why);
}

/// Says that there is no window.
pub(crate) fn no_window(why: &NoWindow) {
    let (title, body) = why.notice();
    show(&title, &body);
}

/// How often a clicked link is tried: ten minutes, half a minute each.
const TRIES: u32 = 20;

/// Says once why a clicked link has not arrived. True if it is to be tried again after so many tries.
pub(crate) fn link_waits(why: &str, tries: u32) -> bool {
    if tries == 1 {
        show(NAME, &alert::link_waits(why));
    }
    tries < TRIES
}

fn show(title: &str, body: &str) {
    let message = Toast { problem: None, title: title.into(), body: body.into() };
    if let Err(why) = toast::show(&message, true) {
        tracing::error!(%why, "the message could not be shown");
    }
}
