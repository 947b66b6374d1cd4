//! What the companion promises, told as stories, and then a world that lives for hours at random.

#![expect(
    clippy::panic,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "a test may fail"
)]

#[path = "companion/aids.rs"]
mod aids;
#[path = "scenarios/files.rs"]
mod files;
#[path = "companion/flapping.rs"]
mod flapping;
#[path = "companion/login.rs"]
mod login;
#[path = "companion/policy.rs"]
mod policy;
#[path = "companion/simulation.rs"]
mod simulation;
#[path = "companion/stories.rs"]
mod stories;
#[path = "companion/ways.rs"]
mod ways;
#[path = "companion/world.rs"]
mod world;
