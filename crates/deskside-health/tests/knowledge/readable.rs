//! The explanations of codes, as a bookkeeper reads them.

use std::collections::BTreeSet;

use deskside_knowledge::{Meaning, Says, all, look_up};
use deskside_model::Who;
use deskside_text::Words;

use super::jargon::{JARGON, listed};

/// Terms of the network that the causes and steps avoid.
const NETWORK: &[&str] = &["server", "DNS", "TLS"];

/// What only IT support can change.
const CHANGED_BY_IT: &[&str] =
    &["registry", "firewall", "hosts", "proxy", "antivirus", "folder", "DNS"];

/// The words of every entry, and those for an unknown code.
fn texts() -> impl Iterator<Item = Words> {
    all().map(Meaning::words).chain([look_up("a code of nobody").words()])
}

fn sentences(Words { title, cause, steps }: &Words) -> impl Iterator<Item = &str> {
    let texts = [title, cause].into_iter().chain(steps);
    texts.flat_map(|text| text.split_inclusive(". "))
}

/// A name on the screen, which we cannot choose.
const NAME: &str = "Database Server Manager";

#[test]
fn explanations_are_short_and_free_of_jargon() {
    for said in texts() {
        let title = &said.title;
        assert!(title.chars().count() <= 40, "title too long: {title}");
        assert!(!title.ends_with('.'), "{title}");
        for sentence in sentences(&said) {
            assert!(sentence.split_whitespace().count() <= 25, "too long: {sentence}");
            for list in [JARGON, NETWORK] {
                assert_eq!(listed(&sentence.replace(NAME, "it"), list), None, "{sentence}");
            }
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
            assert_eq!(listed(&step, CHANGED_BY_IT), None, "{step}");
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
fn phrases_are_normalized_and_unique() {
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
fn explanations_of_known_codes_give_matching_steps() {
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
fn bookkeepers_are_not_sent_to_text_files() {
    for known in all().filter(|known| known.who != Who::It) {
        let Words { title, cause, steps } = known.words();
        for text in steps.iter().chain([&title, &cause]) {
            assert!(!text.contains(".txt"), "{text}");
        }
    }
}
