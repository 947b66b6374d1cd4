//! What a bookkeeper reads about a code.

use std::collections::BTreeSet;

use deskside_knowledge::{Meaning, Says, all, look_up};
use deskside_model::Who;
use deskside_text::Words;

const JARGON: &[&str] = &[
    "api",
    "http",
    "https",
    "url",
    "xml",
    "json",
    "soap",
    "token",
    "credential",
    "process",
    "session",
    "backend",
    "provider",
    "keyring",
    "timeout",
    "exception",
    "error",
    "server",
    "hresult",
    "com",
    "dll",
    "tls",
    "ssl",
    "dns",
    "modal",
    "authenticate",
    "authentication",
    "null",
    "invalid",
    "parse",
    "stack",
    "elevation",
    "elevated",
    "uac",
];

/// What only somebody who looks after computers can do.
const FOR_IT: &[&str] = &["registry", "firewall", "hosts", "proxy", "antivirus", "folder", "dns"];

/// What is said of every entry, and what is said where there is none.
fn texts() -> impl Iterator<Item = Words> {
    all().map(Meaning::words).chain([look_up("a code of nobody").words()])
}

fn sentences(Words { title, cause, steps }: &Words) -> impl Iterator<Item = &str> {
    let texts = [title, cause].into_iter().chain(steps);
    texts.flat_map(|text| text.split_inclusive(". "))
}

/// Names that stand on the screen are not for us to choose.
const NAMES: &str = "Database Server Manager";

fn words(sentence: &str) -> impl Iterator<Item = String> {
    let trimmed = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    sentence.replace(NAMES, "it").split_whitespace().map(trimmed).collect::<Vec<_>>().into_iter()
}

#[test]
fn nothing_a_person_reads_is_long_or_technical() {
    for said in texts() {
        let title = &said.title;
        assert!(title.chars().count() <= 40, "title too long: {title}");
        assert!(!title.ends_with('.'), "{title}");
        for sentence in sentences(&said) {
            assert!(words(sentence).count() <= 25, "too long: {sentence}");
            let jargon = words(sentence).find(|word| JARGON.contains(&word.as_str()));
            assert_eq!(jargon, None, "{sentence}");
        }
    }
}

#[test]
fn explanations_have_at_most_two_sentences_and_steps_are_sentences() {
    for Words { title, cause, steps } in texts() {
        let sentences = cause.split_inclusive(". ").count();
        assert!((1..=2).contains(&sentences), "{cause}");
        assert!(!steps.is_empty(), "{title}: nothing to do");
        for text in steps.iter().chain([&cause]) {
            assert!(text.ends_with('.'), "{text}");
            assert!(text.starts_with(char::is_uppercase), "{text}");
            assert!(!text.contains("  "), "{text}");
        }
    }
}

#[test]
fn bookkeepers_get_no_steps_that_only_it_can_do() {
    for known in all().filter(|known| known.who == Who::User) {
        for step in known.words().steps {
            let found = words(&step).find(|word| FOR_IT.contains(&word.as_str()));
            assert_eq!(found, None, "{step}");
        }
    }
}

#[test]
fn steps_name_whom_to_ask_when_vendor_must_act() {
    for known in all().filter(|known| known.who == Who::Vendor) {
        let Words { title, steps, .. } = known.words();
        let asks =
            |step: &String| step.contains("the maker of") || step.contains("the application");
        assert!(steps.iter().any(asks), "{title}");
    }
}

#[test]
fn phrases_are_written_as_they_are_compared_and_stand_once() {
    let mut seen = BTreeSet::new();
    for known in all() {
        let alone = matches!(known.says, Says::Same(_) | Says::Decides(_));
        for phrase in known.phrases() {
            assert_eq!(*phrase, phrase.to_lowercase(), "never found");
            assert_eq!(phrase.split_whitespace().collect::<Vec<_>>().join(" "), *phrase);
            assert!(!alone || phrase.len() >= 15, "too short to stand alone: {phrase}");
            assert!(seen.insert((known.codes, *phrase)), "{phrase} stands twice");
        }
    }
}

fn steps(code: &str) -> String {
    look_up(code).words().steps.join("\n")
}

#[test]
fn what_is_told_fits_what_is_to_be_done() {
    assert_eq!(look_up("3175").known.map(|known| known.who), Some(Who::User));
    let not_started = steps("0x80040408");
    for cause in ["“Run as administrator”", "renamed or moved", "single-user mode", "restart"] {
        assert!(not_started.contains(cause), "{cause} is a public cause: {not_started}");
    }
    assert!(steps("QBWC1038").contains("enter the key"));
    assert!(steps("0x80040410").contains("Switch to Multi-user Mode"));
    assert!(!steps("0x80040410").contains("Switch to Single-user Mode"));
    assert!(steps("0x80040422").contains("Switch to Single-user Mode"));
}

#[test]
fn a_bookkeeper_is_not_sent_to_files_of_notes() {
    for known in all().filter(|known| known.who != Who::It) {
        let Words { title, cause, steps } = known.words();
        for text in steps.iter().chain([&title, &cause]) {
            assert!(!text.contains(".txt"), "{text}");
        }
    }
}
