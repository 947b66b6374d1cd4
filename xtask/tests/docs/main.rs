//! What the documents say about the code is true.

#[cfg(test)]
mod behavior;
#[cfg(test)]
#[expect(clippy::wildcard_enum_match_arm, reason = "syn adds variants without notice")]
mod commands;
#[cfg(test)]
mod glossary;
#[cfg(test)]
mod guides;
#[cfg(test)]
mod links;
#[cfg(test)]
mod messages;
#[cfg(test)]
mod repository;
