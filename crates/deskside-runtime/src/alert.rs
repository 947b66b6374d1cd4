//! What is said when there is no window to say it in. The program shows it by means of its own.

use deskside_text as text;

/// Why and in what situation there is no window.
#[derive(Clone, Debug)]
pub struct NoWindow {
    /// What draws the window is not on this computer; otherwise it is, and does not work.
    pub missing: bool,
    /// A link waits for an answer that can be given in the window only.
    pub question_waits: bool,
    /// How the connections are, in one sentence without its full stop; may be empty.
    pub state: String,
}

impl NoWindow {
    /// The text of a box that asks whether to open the page with Microsoft's runtime: why there is
    /// no window, what goes on all the same, and what to do.
    #[must_use]
    pub fn question(&self) -> String {
        let cause = if self.missing { text::box_missing() } else { text::box_damaged() };
        let waits = self.question_waits.then(text::box_question_waits);
        let parts = [cause, text::box_keeps_working(self.state())];
        let parts = parts.into_iter().chain(waits).chain([text::box_download()]);
        parts.collect::<Vec<_>>().join("\n\n")
    }

    /// The title and the text of a notification, which has room for less and asks nothing.
    #[must_use]
    pub fn notice(&self) -> (String, String) {
        let cause = if self.missing { text::notice_missing() } else { text::notice_empty() };
        let waits = self.question_waits.then(text::notice_question_waits);
        let parts = [cause].into_iter().chain(waits);
        let parts = parts.chain([text::notice_keeps_working(self.state())]);
        (text::notice_no_window(), parts.collect::<Vec<_>>().join(" "))
    }

    fn state(&self) -> Option<&str> {
        Some(self.state.as_str()).filter(|state| !state.is_empty())
    }
}

/// That the program ends before it has begun.
#[must_use]
pub fn cannot_start() -> String {
    text::cannot_start()
}

/// The same, and why: words without a full stop.
#[must_use]
pub fn cannot_start_because(why: &str) -> String {
    text::cannot_start_because(why)
}

/// Why a link that was clicked has not reached the companion.
#[must_use]
pub fn link_waits(why: &str) -> String {
    text::link_waits(why)
}

/// The title and the text of the notification that Deskside crashed and runs again.
#[must_use]
pub fn crashed() -> (String, String) {
    (text::crashed_title(), text::crashed_body())
}

/// Why Deskside does not start again by itself.
#[must_use]
pub fn crash_loop() -> String {
    text::crash_loop()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn no_window(missing: bool, question_waits: bool, state: &str) -> NoWindow {
        NoWindow { missing, question_waits, state: state.into() }
    }

    #[test]
    fn the_box_reads_as_a_cause_what_goes_on_and_a_question() {
        assert_eq!(
            no_window(true, true, "QuickBooks is closed").question(),
            "Deskside's window needs the Microsoft Edge WebView2 Runtime, and this computer does \
             not have it. It is free and comes from Microsoft.\n\n\
             Deskside itself keeps working beside the clock. Right now: QuickBooks is closed.\n\n\
             A link that you clicked waits for your answer. Deskside takes that answer in its \
             window only, so nothing was opened or linked. Click the link again when the window \
             works.\n\n\
             Open Microsoft's download page in your browser?"
        );
    }

    #[test]
    fn nothing_is_said_of_a_link_or_a_state_that_is_not_there() {
        let text = no_window(true, false, "").question();
        assert!(!text.contains("link"), "{text}");
        assert!(!text.contains("Right now"), "{text}");
    }

    #[test]
    fn a_window_that_stays_empty_is_not_called_missing() {
        let text = no_window(false, false, "").question();
        assert!(text.contains("did not appear"), "{text}");
        assert!(!text.contains("does not have it"), "{text}");
    }

    #[test]
    fn a_notification_says_the_same_in_short() {
        let (title, text) = no_window(true, true, "All connections work").notice();
        assert_eq!(title, "Deskside cannot show its window");
        assert_eq!(
            text,
            "What draws it is missing. A link waits for your answer in it. \
             Deskside itself keeps working. Right now: All connections work."
        );
    }
}
