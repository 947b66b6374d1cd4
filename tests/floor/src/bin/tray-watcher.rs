//! Plays the desktop's tray: takes the well-known name that apps look for, and writes a line when
//! one has registered its icon. Ends when its standard input closes.
//!
//! Without somebody under that name an app keeps its icon to itself, so listening on the bus alone
//! would see nothing.

use std::io::{self, Read, Write};

use zbus::blocking::connection::Builder;

/// What an app calls to show its icon.
struct Watcher;

#[zbus::interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    fn register_status_notifier_item(&self, _item: &str) -> zbus::fdo::Result<()> {
        say("registered\n").map_err(|why| zbus::fdo::Error::IOError(why.to_string()))
    }

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn protocol_version(&self) -> i32 {
        0
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let _connection = Builder::session()?
        .serve_at("/StatusNotifierWatcher", Watcher)?
        .name("org.kde.StatusNotifierWatcher")?
        .build()?;
    say("ready\n")?;
    io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}

fn say(line: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(line.as_bytes())?;
    out.flush()
}
