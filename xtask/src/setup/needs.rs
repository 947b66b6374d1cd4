//! What is needed, by the name of its Debian package, and how to see that it is there.
//!
//! The thing itself is looked for before its package is: a browser from elsewhere, or a tool built
//! by hand, is as good.

use std::path::Path;

use crate::place;
use crate::run::tool;

/// Something that must be installed.
pub(crate) struct Need {
    /// Debian's name for it.
    pub(crate) package: &'static str,
    /// For whom reads the list of what is missing.
    pub(crate) purpose: &'static str,
    sign: Sign,
}

/// What shows that it is there.
enum Sign {
    /// One of these programs.
    Program(&'static [&'static str]),
    /// A library that pkg-config knows.
    Library(&'static str),
    /// A file.
    File(&'static str),
    /// This command succeeds. Asking it may be slow.
    Answer(&'static [&'static str]),
}

const fn need(package: &'static str, purpose: &'static str, sign: Sign) -> Need {
    Need { package, purpose, sign }
}

use Sign::{Answer, File, Library, Program};

const CHROMIUM: &str = "chromium";
const CHROMIUM_DRIVER: &str = "chromium-driver";

/// Everything that Linux needs besides Rust and Node.
pub(crate) const NEEDS: &[Need] = &[
    need("build-essential", "builds", Program(&["cc"])),
    need("pkg-config", "builds", Program(&["pkg-config"])),
    need("libwebkit2gtk-4.1-dev", "builds the app", Library("webkit2gtk-4.1")),
    need("libayatana-appindicator3-dev", "builds the app", Library("ayatana-appindicator3-0.1")),
    need("webkit2gtk-driver", "drives the app's window", Program(&["WebKitWebDriver"])),
    need("xvfb", "a display", Program(&["Xvfb"])),
    need("xauth", "a display", Program(&["xauth"])),
    need("x11-utils", "a display", Program(&["xprop"])),
    need("imagemagick", "pictures of the display", Program(&["import"])),
    need("dbus", "a session", Program(&["dbus-run-session"])),
    need("libglib2.0-bin", "a session", Program(&["gdbus"])),
    need("procps", "a session", Program(&["pgrep"])),
    need("gnome-keyring", "the keyring", Program(&["gnome-keyring-daemon"])),
    need("libsecret-tools", "the keyring", Program(&["secret-tool"])),
    need("xdg-utils", "opens links", Program(&["xdg-open"])),
    need("desktop-file-utils", "opens links", Program(&["update-desktop-database"])),
    need("dunst", "shows notifications", Program(&["dunst"])),
    need("systemd", "asks what was shown", Program(&["busctl"])),
    need("openssl", "makes certificates", Program(&["openssl"])),
    need("socat", "speaks TLS in front of the sandbox", Program(&["socat"])),
    need("openbox", "keeps windows", Program(&["openbox"])),
    need("wmctrl", "closes windows", Program(&["wmctrl"])),
    need("xdotool", "types", Program(&["xdotool"])),
    need(
        CHROMIUM,
        "opens pages",
        Program(&["chromium", "google-chrome", "google-chrome-stable", "chromium-browser"]),
    ),
    need(CHROMIUM_DRIVER, "drives the browser", Program(&["chromedriver"])),
    need("librsvg2-bin", "draws icons", Program(&["rsvg-convert"])),
    need("fonts-dejavu-core", "letters", File("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")),
    need("gcc-mingw-w64-x86-64-win32", "builds for Windows", Program(&["x86_64-w64-mingw32-gcc"])),
    need("g++-mingw-w64-x86-64-win32", "builds for Windows", Program(&["x86_64-w64-mingw32-g++"])),
    need("wine", "runs Windows programs", Program(&["wine"])),
    need("wine64", "runs Windows programs", Answer(&["wine", "--version"])),
    need("nsis", "makes the installer", Program(&["makensis"])),
    need("wixl", "makes the installer", Program(&["wixl"])),
    need("msitools", "makes the installer", Program(&["msibuild"])),
    need("python3", "the vendor's own client", Program(&["python3"])),
    need("python3-venv", "the vendor's own client", Answer(&["python3", "-c", "import ensurepip"])),
];

impl Need {
    /// True when the thing itself can be seen to be there.
    pub(crate) fn is_seen(&self) -> bool {
        match self.sign {
            Program(names) => place::program(names).is_some(),
            Library(name) => says_yes("pkg-config", &["--exists", name]),
            File(path) => Path::new(path).is_file(),
            Answer(_) => false,
        }
    }

    /// True when it has to be asked, and says that it is there.
    pub(crate) fn answers(&self) -> bool {
        match self.sign {
            Answer([program, arguments @ ..]) => says_yes(program, arguments),
            Answer([]) | Program(_) | Library(_) | File(_) => false,
        }
    }

    /// Ubuntu's packages of these are empty and fetch a snap.
    pub(crate) fn is_a_snap_on_ubuntu(&self) -> bool {
        [CHROMIUM, CHROMIUM_DRIVER].contains(&self.package)
    }
}

fn says_yes(program: &str, arguments: &[&str]) -> bool {
    tool(program).args(arguments).output().is_ok_and(|answer| answer.status.success())
}
