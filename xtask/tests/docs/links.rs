//! Links and pictures in the documents lead to files of the repository.

use std::path::Path;

use crate::repository::{documents, root};

/// The targets of links and pictures in a document, without those on the web.
fn targets(text: &str) -> Vec<&str> {
    let mut targets = Vec::new();
    for (before, after) in [("](", ')'), ("src=\"", '"'), ("href=\"", '"')] {
        let parts = text.split(before).skip(1);
        targets.extend(parts.filter_map(|part| part.split(after).next()));
    }
    let file = |target: &&str| !target.contains("://") && !target.starts_with(['#', '<']);
    let is_link = |target: &&str| !target.contains(char::is_whitespace) && !target.is_empty();
    let is_mail = |target: &&str| target.starts_with("mailto:");
    let links = targets.into_iter().filter(|link| file(link) && is_link(link) && !is_mail(link));
    links.map(|link| link.split('#').next().unwrap_or(link)).collect()
}

/// The document without its blocks of code.
fn prose(text: &str) -> String {
    let mut is_code = false;
    let mut prose = String::new();
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            is_code = !is_code;
        } else if !is_code {
            prose.push_str(line);
            prose.push('\n');
        }
    }
    prose
}

#[test]
fn every_link_leads_to_a_file() {
    let mut broken = Vec::new();
    for (document, text) in documents() {
        let folder = root().join(document.parent().unwrap_or(Path::new("")));
        for target in targets(&prose(&text)) {
            if !folder.join(target).exists() {
                broken.push(format!("{}: {target}", document.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn links_and_pictures_are_found() {
    let text =
        "[a](docs/a.md#part) ![b](b.png) <img src=\"c.png\"> [w](https://example.com) [h](#here)";
    assert_eq!(targets(text), ["docs/a.md", "b.png", "c.png"]);
    assert_eq!(prose("one\n```\n[x](y)\n```\ntwo\n"), "one\ntwo\n");
}
