//! The companion's behavior in single situations, and a simulation of hours at random.

#![expect(
    clippy::panic,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "a test may fail"
)]

#[path = "companion/attempts.rs"]
mod attempts;
#[path = "companion/backends.rs"]
mod backends;
#[path = "companion/confirm.rs"]
mod confirm;
#[path = "companion/connecting.rs"]
mod connecting;
#[path = "companion/consent.rs"]
mod consent;
#[path = "scenarios/files.rs"]
mod files;
#[path = "companion/flapping.rs"]
mod flapping;
#[path = "companion/health.rs"]
mod health;
#[path = "companion/host_probes.rs"]
mod host_probes;
#[path = "companion/launching.rs"]
mod launching;
#[path = "companion/life.rs"]
mod life;
#[path = "companion/links_without_source.rs"]
mod links_without_source;
#[path = "companion/login.rs"]
mod login;
#[path = "companion/managing.rs"]
mod managing;
#[path = "companion/policy.rs"]
mod policy;
#[path = "companion/polls.rs"]
mod polls;
#[path = "companion/preflight.rs"]
mod preflight;
#[path = "companion/rest.rs"]
mod rest;
#[path = "companion/returns.rs"]
mod returns;
#[path = "companion/route.rs"]
mod route;
#[path = "companion/simulation.rs"]
mod simulation;
#[path = "companion/world.rs"]
mod world;
