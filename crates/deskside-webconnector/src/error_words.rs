//! Recognizes text that reports an error, for the many errors that no public source lists.
//!
//! A run with such a text is never a success, because an unknown error is still an error. Paths and
//! quoted names are ignored: a company may be called "Failed Ventures".

/// Words that occur in reports of errors and in no routine text of the Web Connector.
const WORDS: [&str; 32] = [
    "abort",
    "aborted",
    "aborting",
    "cannot",
    "corrupt",
    "corrupted",
    "denied",
    "disconnected",
    "error",
    "errors",
    "exception",
    "expired",
    "fail",
    "failed",
    "fails",
    "failure",
    "fatal",
    "insufficient",
    "invalid",
    "locked",
    "lost",
    "missing",
    "not",
    "refused",
    "rejected",
    "terminated",
    "timeout",
    "unable",
    "unavailable",
    "unexpected",
    "unhandled",
    "wrong",
];

/// The same as two words, and phrases whose words are harmless alone.
const PHRASES: [&str; 7] =
    ["already in use", "in use by", "timed out", "no longer", "can't", "couldn't", "unsuccessful"];

/// Texts in which such a word reports the opposite.
const HARMLESS: [&str; 7] = [
    "0 error",
    "no error",
    "without error",
    "no failure",
    "not required",
    "no data exchange required",
    "update session locked",
];

/// True if the text reports an error.
pub(super) fn report_error(text: &str) -> bool {
    text.lines().any(line_reports_error)
}

fn line_reports_error(line: &str) -> bool {
    let line = without_names(line).to_ascii_lowercase();
    let is_answered_no = line.trim_end().ends_with("false");
    if is_answered_no || HARMLESS.iter().any(|harmless| line.contains(harmless)) {
        return false;
    }
    let mut words = line.split(|c: char| !c.is_ascii_alphanumeric());
    words.any(|word| WORDS.contains(&word)) || PHRASES.iter().any(|phrase| line.contains(phrase))
}

/// The text without paths and quoted names. A path ends with the name of a company file, or with
/// the line.
fn without_names(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = path_start(rest) {
        let (before, path) = rest.split_at_checked(at).unwrap_or((rest, ""));
        plain.push_str(before);
        plain.push(' ');
        rest = path_end(path).and_then(|end| path.get(end..)).unwrap_or_default();
    }
    plain.push_str(rest);
    let mut parts = plain.split('"');
    let first = parts.next().unwrap_or_default().to_owned();
    // Every second part is quoted.
    parts.skip(1).step_by(2).fold(first, |text, part| text + " " + part)
}

/// The byte at which `C:\…` or `\\server\…` begins.
fn path_start(text: &str) -> Option<usize> {
    let drive = text.find(":\\").and_then(|colon| colon.checked_sub(1));
    let share = text.find("\\\\");
    drive.into_iter().chain(share).min().filter(|at| text.is_char_boundary(*at))
}

/// The byte after the path: after the extension of a company file, or at the closing quotation mark.
fn path_end(path: &str) -> Option<usize> {
    const EXTENSION: &str = ".qbw";
    let name =
        path.to_ascii_lowercase().find(EXTENSION).map(|at| at.saturating_add(EXTENSION.len()));
    name.into_iter().chain(path.find('"')).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_errors_are_recognized_by_their_words() {
        for text in [
            "Update aborted. Company file is locked by another client",
            "Could not open the file.\nThe operation failed.",
            r"C:\Books\Larch.qbw is already in use by another user.",
            r#"Opening "C:\Books\Larch" failed"#,
            "QuickBooks can't be reached",
            "The connection timed out",
            r"\\server\books\Larch.QBW cannot be opened",
        ] {
            assert!(report_error(text), "{text}");
        }
    }

    #[test]
    fn routine_texts_report_no_error() {
        for text in [
            "",
            "Processing request #1",
            r"Opening C:\X\Failed Ventures.qbw",
            r"Opening C:\X\Failed Ventures",
            r#"Application "No Error Inc. failed""#,
            "Checking if QuickBooks user has denied access: FALSE",
            "Update completed with 0 errors.",
            "No data exchange required",
            "Terminal connected",
        ] {
            assert!(!report_error(text), "{text}");
        }
    }
}
