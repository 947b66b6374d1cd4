//! What building and testing need on Linux, by the name of its Debian package, and how to see that
//! it is there.
//!
//! The program itself is looked for before its package: a browser from another source, or a tool
//! built by hand, is as good.

use std::path::Path;

use crate::command::tool;
use crate::paths;

/// Something that must be installed.
pub(super) struct Requirement {
    /// Debian's name for it.
    pub(super) package: &'static str,
    /// What it is for. People read it in the list of what is missing.
    pub(super) purpose: &'static str,
    probe: Probe,
}

/// What shows that it is there.
enum Probe {
    /// One of these programs.
    Program(&'static [&'static str]),
    /// A library that pkg-config finds.
    Library(&'static str),
    /// A file.
    File(&'static str),
    /// This command succeeds. It may be slow.
    Succeeds(&'static [&'static str]),
}

const fn requirement(package: &'static str, purpose: &'static str, probe: Probe) -> Requirement {
    Requirement { package, purpose, probe }
}

use Probe::{File, Library, Program, Succeeds};

const CHROMIUM: &str = "chromium";
const CHROMIUM_DRIVER: &str = "chromium-driver";

/// Everything that Linux needs besides Rust and Node.
pub(super) const REQUIREMENTS: &[Requirement] = &[
    requirement("build-essential", "builds", Program(&["cc"])),
    requirement("pkg-config", "builds", Program(&["pkg-config"])),
    requirement("libwebkit2gtk-4.1-dev", "builds the app", Library("webkit2gtk-4.1")),
    requirement(
        "libayatana-appindicator3-dev",
        "builds the app",
        Library("ayatana-appindicator3-0.1"),
    ),
    requirement("webkit2gtk-driver", "drives the app's window", Program(&["WebKitWebDriver"])),
    requirement("xvfb", "a display", Program(&["Xvfb"])),
    requirement("xauth", "a display", Program(&["xauth"])),
    requirement("x11-utils", "a display", Program(&["xprop"])),
    requirement("imagemagick", "screenshots", Program(&["import"])),
    requirement("dbus", "a desktop session", Program(&["dbus-run-session"])),
    requirement("libglib2.0-bin", "a desktop session", Program(&["gdbus"])),
    requirement("procps", "a desktop session", Program(&["pgrep"])),
    requirement("gnome-keyring", "the keyring", Program(&["gnome-keyring-daemon"])),
    requirement("libsecret-tools", "the keyring", Program(&["secret-tool"])),
    requirement("xdg-utils", "opens links", Program(&["xdg-open"])),
    requirement("desktop-file-utils", "opens links", Program(&["update-desktop-database"])),
    requirement("dunst", "shows notifications", Program(&["dunst"])),
    requirement("systemd", "reads the notifications", Program(&["busctl"])),
    requirement("openssl", "makes certificates", Program(&["openssl"])),
    requirement("bubblewrap", "hides other processes from tests", Program(&["bwrap"])),
    requirement("socat", "speaks TLS in front of the sandbox", Program(&["socat"])),
    requirement("openbox", "manages windows", Program(&["openbox"])),
    requirement("wmctrl", "closes windows", Program(&["wmctrl"])),
    requirement("xdotool", "types text", Program(&["xdotool"])),
    requirement(
        CHROMIUM,
        "shows pages",
        Program(&["chromium", "google-chrome", "google-chrome-stable", "chromium-browser"]),
    ),
    requirement(CHROMIUM_DRIVER, "drives the browser", Program(&["chromedriver"])),
    requirement("librsvg2-bin", "draws icons", Program(&["rsvg-convert"])),
    requirement(
        "fonts-dejavu-core",
        "fonts",
        File("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"),
    ),
    requirement(
        "gcc-mingw-w64-x86-64-win32",
        "builds for Windows",
        Program(&["x86_64-w64-mingw32-gcc"]),
    ),
    requirement(
        "g++-mingw-w64-x86-64-win32",
        "builds for Windows",
        Program(&["x86_64-w64-mingw32-g++"]),
    ),
    requirement("wine", "runs Windows programs", Program(&["wine"])),
    requirement("wine64", "runs Windows programs", Succeeds(&["wine", "--version"])),
    requirement("nsis", "makes the installer", Program(&["makensis"])),
    requirement("wixl", "makes the installer", Program(&["wixl"])),
    requirement("msitools", "makes the installer", Program(&["msibuild"])),
    requirement("python3", "the vendors' own clients", Program(&["python3"])),
    requirement(
        "python3-venv",
        "the vendors' own clients",
        Succeeds(&["python3", "-c", "import ensurepip"]),
    ),
];

impl Requirement {
    /// True when a quick look shows that it is there.
    pub(super) fn is_visible(&self) -> bool {
        match self.probe {
            Program(names) => paths::find_program(names).is_some(),
            Library(name) => succeeds("pkg-config", &["--exists", name]),
            File(path) => Path::new(path).is_file(),
            Succeeds(_) => false,
        }
    }

    /// True when running its slow probe shows that it is there.
    pub(super) fn responds(&self) -> bool {
        match self.probe {
            Succeeds([program, arguments @ ..]) => succeeds(program, arguments),
            Succeeds([]) | Program(_) | Library(_) | File(_) => false,
        }
    }

    /// True when Ubuntu's package is empty and downloads a snap instead.
    pub(super) fn is_a_snap_on_ubuntu(&self) -> bool {
        [CHROMIUM, CHROMIUM_DRIVER].contains(&self.package)
    }
}

fn succeeds(program: &str, arguments: &[&str]) -> bool {
    tool(program).args(arguments).output().is_ok_and(|answer| answer.status.success())
}
