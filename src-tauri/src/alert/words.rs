//! The sentences for somebody who sees a message box where a window should be.

use super::NoWindow;

/// Why there is no window, what goes on all the same, and what to do.
pub(super) fn no_window(why: &NoWindow) -> String {
    let cause = if why.missing {
        "Deskside's window needs the Microsoft Edge WebView2 Runtime, and this computer does not \
         have it. It is free and comes from Microsoft."
    } else {
        "Deskside's window did not appear. It is drawn by the Microsoft Edge WebView2 Runtime, \
         which may be damaged. Installing it again from Microsoft usually helps."
    };
    let state = Some(why.state.as_str()).filter(|state| !state.is_empty());
    let state = state.map(|state| format!(" Right now: {state}.")).unwrap_or_default();
    let question = if why.question_waits {
        "\n\nA link that you clicked waits for your answer. Deskside takes that answer in its \
         window only, so nothing was opened or linked. Click the link again when the window works."
    } else {
        ""
    };
    format!(
        "{cause}\n\nDeskside itself keeps working beside the clock.{state}{question}\n\n\
         Open Microsoft's download page in your browser?"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(missing: bool, question_waits: bool, state: &str) -> String {
        no_window(&NoWindow { missing, question_waits, state: state.into() })
    }

    #[test]
    fn a_missing_runtime_is_named_with_the_state_and_what_goes_on() {
        let text = text(true, false, "QuickBooks is closed");
        for part in
            ["WebView2 Runtime", "does not have it", "keeps working", "QuickBooks is closed."]
        {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert!(!text.contains("link"), "{text}");
    }

    #[test]
    fn a_link_that_cannot_be_answered_is_told_of() {
        assert!(text(true, true, "").contains("waits for your answer"));
    }

    #[test]
    fn a_window_that_stays_empty_is_not_called_missing() {
        assert!(!text(false, false, "").contains("does not have it"));
    }
}
