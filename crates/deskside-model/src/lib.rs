//! The domain as plain data: links, connections, evidence and the shared vocabulary.
//!
//! Nothing here performs I/O or decides what the data means. The crates above share these types, so
//! a probe, a provider's client and the state machine can be read and tested separately.
#![forbid(unsafe_code)]

mod cause;
pub mod connection;
pub mod evidence;
pub mod exchange;
mod id;
pub mod link;
pub mod provider;
mod proxy;
pub mod registration;
mod secret;
pub mod unseen;
pub mod vault;
mod vocabulary;

pub use cause::Cause;
pub use id::{AttemptId, ConnectionId, DeviceId, QuestionId};
pub use proxy::{Proxy, ProxyChoice};
pub use secret::Secret;
pub use vocabulary::{Command, LoginStart, Page, Severity, Who};

/// Identifies this program to the operating system: keyring entries, folders, control channel.
pub const IDENTIFIER: &str = "com.deskside.companion";

/// The name shown to people.
pub const NAME: &str = "Deskside";

/// The version of this program.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
