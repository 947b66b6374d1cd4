//! The shape of the code is what `docs/ARCHITECTURE.md` says: layers, modules without circles, and
//! no `unsafe` outside the crates that need it.

#[cfg(test)]
mod circles;
#[cfg(test)]
mod layers;
#[cfg(test)]
#[expect(clippy::wildcard_enum_match_arm, reason = "syn adds variants without notice")]
mod modules;
#[cfg(test)]
mod safety;
#[cfg(test)]
mod workspace;
