//! Terms that people should not have to know: one list for problems, codes and messages.

/// Terms that no reader should need to know.
pub(crate) const JARGON: &[&str] = &[
    "API",
    "authenticate",
    "authentication",
    "backend",
    "COM",
    "credential",
    "DLL",
    "elevated",
    "elevation",
    "exception",
    "HRESULT",
    "HTTP",
    "HTTPS",
    "JSON",
    "keyring",
    "modal",
    "null",
    "parse",
    "provider",
    "qbXML",
    "SOAP",
    "SSL",
    "stack",
    "token",
    "UAC",
    "URL",
    "XML",
];

/// The first word of a sentence that is on a list, in the singular or the plural.
pub(crate) fn listed<'a>(sentence: &str, list: &[&'a str]) -> Option<&'a str> {
    let words: Vec<String> = sentence
        .split_whitespace()
        .map(|word| singular(word.trim_matches(|c: char| !c.is_alphanumeric())))
        .collect();
    list.iter().copied().find(|term| words.contains(&singular(term)))
}

/// A word in lower case without its plural ending.
fn singular(word: &str) -> String {
    let word = word.to_lowercase();
    word.strip_suffix('s').map_or(word.clone(), str::to_owned)
}
