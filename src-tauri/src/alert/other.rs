//! Elsewhere: a notification, where there is a desktop that shows them.

use deskside::NAME;

use super::NoWindow;
use crate::toast;

/// Says why the program ends.
pub(crate) fn it_ends(why: &str) {
    show(&format!("{NAME} cannot start"), why);
}

/// Says that there is no window.
pub(crate) fn no_window(why: &NoWindow) {
    let question = if why.question_waits { " A link waits for your answer in it." } else { "" };
    let part = if why.missing { "What draws it is missing." } else { "It did not appear." };
    let state = &why.state;
    let body = format!("{part}{question} Deskside itself keeps working. Right now: {state}.");
    show(&format!("{NAME} cannot show its window"), &body);
}

fn show(title: &str, body: &str) {
    if let Err(why) = toast::show(title, body) {
        tracing::error!(%why, "nobody could be told");
    }
}
