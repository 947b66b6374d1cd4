//! Linux: a desktop of its own, its window and browser driven from outside.

mod browser;
mod desktop;
mod page;
mod panel;

pub use browser::Browser;
pub use desktop::{Desktop, Parts};
pub use page::Page;
pub use panel::Panel;

use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;

use crate::{Outcome, eventually};

/// A tool of the operating system.
///
/// # Errors
/// When it is not installed: a check that cannot be made has failed.
pub fn tool(name: &str) -> Outcome<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).map(|folder| folder.join(name)).find(|f| f.is_file());
    found.ok_or_else(|| format!("{name} is not installed: `cargo xtask setup`").into())
}

/// A port that nobody uses at this moment.
///
/// # Errors
/// When there is none.
pub fn free_port() -> Outcome<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// Waits until a program listens on its port.
///
/// # Errors
/// When it does not.
pub fn until_listens(program: &str, port: u16) -> Outcome {
    eventually(&format!("{program} listens"), || {
        Ok(TcpStream::connect(("127.0.0.1", port)).ok().map(drop))
    })
}
