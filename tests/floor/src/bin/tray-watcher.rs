//! Plays the desktop's tray: owns the well-known D-Bus name that apps look for, and prints a line
//! when an app registers its icon. Exits when standard input closes.
//!
//! Without an owner of that name an app does not register its icon, so that listening on the bus
//! would not be enough.

use std::io::{self, Read, Write};

use zbus::blocking::connection::Builder;

/// The interface that an app calls to show its icon.
struct Watcher;

#[zbus::interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    fn register_status_notifier_item(&self, _item: &str) -> zbus::fdo::Result<()> {
        print("registered\n").map_err(|error| zbus::fdo::Error::IOError(error.to_string()))
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
    print("ready\n")?;
    io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}

fn print(line: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(line.as_bytes())?;
    out.flush()
}
