//! Elsewhere: compiled for Windows, and run by Wine in a prefix and on a display of its own.
//!
//! Nothing is shared with the Wine of who runs this, and everything started here ends here.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::Outcome;
use crate::place::{self, Stamp};
use crate::run::{self, Output, tool};
use crate::setup::rust::{WINDOWS_TARGET, has_windows_library};

/// What lies in the prefix beside what Wine itself puts there.
const SHIM: &str = "tests/windows/shim/bcryptprimitives.c";

/// Without the parts that Wine would fetch from the network, and without the one that puts menu
/// entries into the home folder of who runs this.
const OVERRIDES: &str = "mscoree=;mshtml=;winemenubuilder.exe=d";

/// All programs share one desktop that has a taskbar, and a tray in it: otherwise Wine hands icons
/// to the tray of an X desktop, of which there is none.
const SETTINGS: [[&str; 3]; 2] = [
    [r"HKCU\Software\Wine\Explorer", "Desktop", "deskside"],
    [r"HKCU\Software\Wine\Explorer\Desktops", "deskside", "1280x900"],
];

/// Cargo, to build for Windows. Arguments follow.
pub(crate) fn cargo(what: &str) -> Outcome<Command> {
    let mut command = run::cargo([what, "--target", WINDOWS_TARGET]);
    if !has_windows_library()? {
        // Setup has fetched its source. The stable compiler builds it only when told that it may.
        command.arg("-Zbuild-std=std,panic_abort").env("RUSTC_BOOTSTRAP", "1");
    }
    Ok(command)
}

/// Where the programs run.
pub(super) struct Desktop {
    display: Display,
    prefix: PathBuf,
}

impl Desktop {
    /// Starts a display and makes the prefix, unless it is there.
    pub(super) fn start(output: &mut Output) -> Outcome<Self> {
        let prefix = place::own("wine")?.join("prefix");
        let desktop = Self { display: Display::start()?, prefix };
        let version = tool("wine").arg("--version").output()?.stdout;
        let shim = place::root().join(SHIM);
        let made_of = (version, fs::read(&shim)?, OVERRIDES, SETTINGS);
        let stamp = Stamp::of("wine", &made_of)?;
        if !(stamp.is_current() && desktop.prefix.is_dir()) {
            stamp.clear()?;
            desktop.make(output, &shim)?;
            stamp.set()?;
        }
        Ok(desktop)
    }

    /// Whatever this command starts, itself or further down, is a Windows program on this desktop.
    pub(super) fn dress<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command
            .env("CARGO_TARGET_X86_64_PC_WINDOWS_GNU_RUNNER", "wine")
            // Nobody's own Deskside is in this prefix.
            .env("DESKSIDE_TESTS_MAY_CLEAN_THIS_PROFILE", "1")
            .env("DISPLAY", &self.display.name)
            .env("WINEPREFIX", &self.prefix)
            .env("WINEDLLOVERRIDES", OVERRIDES)
            .env("WINEDEBUG", "-all")
    }

    fn make(&self, output: &mut Output, shim: &Path) -> Outcome {
        if self.prefix.exists() {
            fs::remove_dir_all(&self.prefix)?;
        }
        // The prefix links to what it finds in the home folder.
        let mut init = tool("wineboot");
        init.arg("--init").env("HOME", place::own("wine/home")?);
        output.run(self.dress(&mut init))?;
        for [key, name, value] in SETTINGS {
            let mut set = tool("wine");
            output.run(self.dress(set.args(["reg", "add", key, "/v", name, "/d", value, "/f"])))?;
        }
        let library = self.prefix.join("drive_c/windows/system32/bcryptprimitives.dll");
        let mut compile = tool("x86_64-w64-mingw32-gcc");
        compile.args(["-shared", "-O2", "-o"]).arg(library).arg(shim).arg("-ladvapi32");
        output.run(&mut compile)
    }
}

impl Drop for Desktop {
    fn drop(&mut self) {
        // Ends every program of the prefix. When there is none left, it has nothing to do and
        // says so by failing.
        let mut end = tool("wineserver");
        end.arg("-k").stdout(Stdio::null()).stderr(Stdio::null());
        self.dress(&mut end).status().ok();
    }
}

/// A display that nobody sees.
struct Display {
    name: String,
    server: Child,
}

impl Display {
    /// On a number that is free; the server says which.
    fn start() -> Outcome<Self> {
        let mut server = Command::new("Xvfb");
        server.args(["-displayfd", "1", "-screen", "0", "1280x900x24", "-nolisten", "tcp"]);
        let mut server = server.stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let output = server.stdout.take().ok_or("Xvfb has no output")?;
        let mut display = Self { name: String::new(), server };
        let mut number = String::new();
        BufReader::new(output).read_line(&mut number)?;
        if number.trim().is_empty() {
            return Err("Xvfb ended before it said on which display it is".into());
        }
        display.name = format!(":{}", number.trim());
        Ok(display)
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        // It may have ended by itself, and then neither call has anything to do.
        self.server.kill().ok();
        self.server.wait().ok();
    }
}
