//! The texts that people read: plain, short, complete, and exactly as agreed.

mod jargon;
mod plain;

use deskside_health::{Arguments, Code, Problem, words};
use deskside_text::Words;

/// Every possible text of a problem, each once.
fn texts(code: Code) -> Vec<Words> {
    let mut texts: Vec<Words> = Vec::new();
    for arguments in arguments() {
        let words = words(&Problem::with(code, arguments));
        if !texts.contains(&words) {
            texts.push(words);
        }
    }
    texts
}

/// The combinations of arguments that affect the words.
fn arguments() -> Vec<Arguments> {
    let company = |expected: bool, open: bool| Arguments {
        expected_company: expected.then(|| "Larch Bakery".into()),
        open_company: open.then(|| "Otter & Vale".into()),
        ..Arguments::default()
    };
    let minutes = |minutes| Arguments {
        minutes: Some(minutes),
        skew_minutes: Some(minutes),
        ..Arguments::default()
    };
    let named = Arguments {
        host: Some("app.acme.example".into()),
        window: Some("Update Company File".into()),
        program: Some("other.exe".into()),
        user_message: Some("Close the window in QuickBooks.".into()),
        ..company(true, true)
    };
    vec![
        Arguments::default(),
        named,
        company(true, false),
        company(false, true),
        minutes(1),
        minutes(30),
        minutes(2_628_000),
    ]
}
