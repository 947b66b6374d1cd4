//! The style rules that the text of every problem follows.

use std::fs;
use std::path::Path;

use deskside_health::Code;
use deskside_model::Who;
use deskside_model::link::LinkRefusal;
use deskside_text::Words;

use super::jargon::{JARGON, listed};
use super::texts;

const LONGEST_TITLE: usize = 40;
const MOST_WORDS: usize = 25;

/// Terms that only IT support should need to know.
const FOR_IT: &[&str] = &["server", "DNS", "TLS", "proxy", "port", "VPN", "certificate"];

fn sentences(words: &Words) -> impl Iterator<Item = &str> {
    [&words.title, &words.cause].into_iter().chain(&words.steps).map(String::as_str)
}

#[test]
fn texts_are_short_and_free_of_jargon() {
    for code in Code::ALL.iter().copied() {
        let is_for_it = code.entry().who == Who::It;
        for words in texts(code) {
            assert!(words.title.chars().count() <= LONGEST_TITLE, "too long: {}", words.title);
            for sentence in sentences(&words) {
                assert!(sentence.split_whitespace().count() <= MOST_WORDS, "too long: {sentence}");
                assert_eq!(listed(sentence, JARGON), None, "jargon: {sentence}");
                let for_it = listed(sentence, FOR_IT);
                assert!(is_for_it || for_it.is_none(), "only for IT: {sentence}");
            }
        }
    }
}

#[test]
fn every_problem_has_a_title_a_cause_and_steps() {
    for code in Code::ALL.iter().copied() {
        for words in texts(code) {
            assert!(!words.title.is_empty() && !words.title.ends_with('.'), "{}", words.title);
            assert!(!words.steps.is_empty(), "{}: nothing to do", code.text());
            for sentence in sentences(&words).skip(1) {
                let begins =
                    sentence.chars().next().is_some_and(|c| c.is_uppercase() || "“a".contains(c));
                assert!(begins && sentence.ends_with('.'), "no sentence: {sentence}");
                assert!(!sentence.contains(['{', '}', '$', '\n', '\u{2068}']), "raw: {sentence}");
            }
            assert!(!words.cause.contains(". "), "more than one sentence: {}", words.cause);
        }
    }
}

#[test]
fn texts_name_who_must_act() {
    for code in Code::ALL.iter().copied() {
        for words in texts(code) {
            let steps = words.steps.join(" ");
            match code.entry().who {
                Who::Vendor => {
                    assert!(words.cause.contains("not your computer"), "{}", words.cause);
                    assert!(steps.contains("maker of your application"), "{steps}");
                }
                Who::It => assert!(steps.contains("whoever looks after this computer"), "{steps}"),
                Who::User | Who::Nobody => {}
            }
        }
    }
}

#[test]
fn titles_and_causes_are_unique() {
    let all: Vec<(Code, Words)> = Code::ALL
        .iter()
        .flat_map(|code| texts(*code).into_iter().map(|words| (*code, words)))
        .collect();
    for (code, words) in &all {
        for (other, others) in all.iter().filter(|(other, _)| other != code) {
            let same = words.title == others.title || words.cause == others.cause;
            assert!(!same, "{} reads like {}", code.text(), other.text());
        }
    }
}

/// Every text as people see it, so that one person can review them in a row. After an intended
/// change, the file that this test writes replaces `agreed.txt`.
#[test]
fn texts_match_the_agreed_file() {
    let mut said = String::new();
    for code in Code::ALL.iter().copied() {
        for Words { title, cause, steps } in texts(code) {
            let steps = steps.join("\n  - ");
            said.push_str(&format!("{}\n  {title}\n  {cause}\n  - {steps}\n\n", code.text()));
        }
    }
    for reason in LinkRefusal::ALL {
        said.push_str(&format!("link.{}\n  {}\n\n", reason.code(), reason.sentence()));
    }
    let agreed = include_str!("agreed.txt").replace("\r\n", "\n");
    if said != agreed {
        let said_now = Path::new(env!("CARGO_TARGET_TMPDIR")).join("agreed.txt");
        fs::write(&said_now, &said).unwrap();
        panic!(
            "tests/words/agreed.txt differs from the texts; compare it with {}",
            said_now.display()
        );
    }
}
