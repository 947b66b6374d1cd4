//! Systems other than Windows: programs are cross-compiled, and run by Wine with a prefix and a
//! display of its own.
//!
//! Nothing is shared with the user's own Wine, and everything that starts here ends here.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::command::{self, Output, tool};
use crate::outcome::Outcome;
use crate::paths;
use crate::setup::rust::{WINDOWS_TARGET, has_windows_library};
use crate::stamp::Stamp;

/// Source of a library that Wine lacks.
const SHIM: &str = "tests/windows/shim/bcryptprimitives.c";

/// Leaves out what Wine would download, and the program that writes menu entries into the user's
/// home folder.
const OVERRIDES: &str = "mscoree=;mshtml=;winemenubuilder.exe=d";

/// All programs share one desktop with a taskbar and its tray. Without it, Wine gives icons to the
/// tray of the X desktop, and there is none.
const SETTINGS: [[&str; 3]; 2] = [
    [r"HKCU\Software\Wine\Explorer", "Desktop", "deskside"],
    [r"HKCU\Software\Wine\Explorer\Desktops", "deskside", "1280x900"],
];

/// Cargo for Windows programs. Arguments may follow.
pub(crate) fn cargo(subcommand: &str) -> Outcome<Command> {
    let mut command = command::cargo([subcommand, "--target", WINDOWS_TARGET]);
    // The unit tests of the app load WebView2's library, which lies beside the programs.
    let programs = paths::target().join(WINDOWS_TARGET).join("debug");
    command.env("WINEPATH", format!("Z:{}", programs.display().to_string().replace('/', "\\")));
    if !has_windows_library()? {
        // Setup has installed its source. The stable compiler builds it only with this variable.
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
    /// Starts a display, and creates the prefix unless it is there.
    pub(super) fn start(output: &mut Output) -> Outcome<Self> {
        let prefix = paths::work_folder("wine")?.join("prefix");
        let desktop = Self { display: Display::start()?, prefix };
        let version = tool("wine").arg("--version").output()?.stdout;
        let shim = paths::root().join(SHIM);
        let sources = (version, fs::read(&shim)?, OVERRIDES, SETTINGS);
        let stamp = Stamp::of("wine", &sources)?;
        if !(stamp.is_current() && desktop.prefix.is_dir()) {
            stamp.clear()?;
            desktop.create(output, &shim)?;
            stamp.set()?;
        }
        Ok(desktop)
    }

    /// Lets a command, and every program it starts, run on this desktop.
    pub(super) fn prepare<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command
            .env("CARGO_TARGET_X86_64_PC_WINDOWS_GNU_RUNNER", "wine")
            // The prefix holds no one's own Deskside.
            .env("DESKSIDE_TESTS_MAY_CLEAN_THIS_PROFILE", "1")
            .env("DISPLAY", &self.display.name)
            .env("WINEPREFIX", &self.prefix)
            .env("WINEDLLOVERRIDES", OVERRIDES)
            .env("WINEDEBUG", "-all")
    }

    fn create(&self, output: &mut Output, shim: &Path) -> Outcome {
        if self.prefix.exists() {
            fs::remove_dir_all(&self.prefix)?;
        }
        // Wine links folders of the prefix to those of the home folder.
        let mut init = tool("wineboot");
        init.arg("--init").env("HOME", paths::work_folder("wine/home")?);
        output.run(self.prepare(&mut init))?;
        for [key, name, value] in SETTINGS {
            let mut set = tool("wine");
            output
                .run(self.prepare(set.args(["reg", "add", key, "/v", name, "/d", value, "/f"])))?;
        }
        let library = self.prefix.join("drive_c/windows/system32/bcryptprimitives.dll");
        let mut compile = tool("x86_64-w64-mingw32-gcc");
        compile.args(["-shared", "-O2", "-o"]).arg(library).arg(shim).arg("-ladvapi32");
        output.run(&mut compile)
    }
}

impl Drop for Desktop {
    fn drop(&mut self) {
        // Ends every program of the prefix. It fails when there is none left, which is fine.
        let mut end = tool("wineserver");
        end.arg("-k").stdout(Stdio::null()).stderr(Stdio::null());
        self.prepare(&mut end).status().ok();
    }
}

/// A virtual display.
struct Display {
    name: String,
    server: Child,
}

impl Display {
    /// Starts one with a free number, which the server chooses.
    fn start() -> Outcome<Self> {
        let mut server = Command::new("Xvfb");
        server.args(["-displayfd", "1", "-screen", "0", "1280x900x24", "-nolisten", "tcp"]);
        let mut server = server.stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let output = server.stdout.take().ok_or("Xvfb has no output")?;
        let mut display = Self { name: String::new(), server };
        let mut number = String::new();
        BufReader::new(output).read_line(&mut number)?;
        if number.trim().is_empty() {
            return Err("Xvfb ended before it printed its display number".into());
        }
        display.name = format!(":{}", number.trim());
        Ok(display)
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        // It may have ended already, and then neither call has anything to do.
        self.server.kill().ok();
        self.server.wait().ok();
    }
}
