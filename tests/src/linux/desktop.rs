//! The desktop: display, window manager, session bus, keyring, notifications, home. Nothing of it
//! is shared with the person who runs the tests.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use super::{free_port, tool};
use crate::{IDENTIFIER, NAME, Outcome, Output, Program, eventually};

/// Which parts a desktop has.
#[derive(Clone, Copy, Debug)]
pub struct Parts {
    /// An unlocked keyring.
    pub keyring: bool,
    /// A session bus.
    pub bus: bool,
    /// The display of the person who runs this, instead of one of its own.
    pub own_display: bool,
}

impl Default for Parts {
    fn default() -> Self {
        Self { keyring: true, bus: true, own_display: false }
    }
}

/// A desktop of its own. Everything it started ends with it.
pub struct Desktop {
    /// The user's home.
    pub home: PathBuf,
    /// Where Deskside keeps its data.
    pub data: PathBuf,
    pub(super) inspector: u16,
    environment: Vec<(&'static str, String)>,
    /// Oldest first.
    children: Vec<Program>,
}

impl Desktop {
    /// Sets up a desktop in a folder.
    ///
    /// # Errors
    /// When a part is not installed or does not come up.
    pub(crate) fn set_up(parts: Parts, folder: &Path) -> Outcome<Self> {
        let (home, runtime) = (folder.join("home"), folder.join("run"));
        for made in [&home, &runtime] {
            fs::create_dir(made)?;
            fs::set_permissions(made, fs::Permissions::from_mode(0o700))?;
        }
        let inspector = free_port()?;
        let environment = vec![
            ("HOME", home.display().to_string()),
            ("XDG_RUNTIME_DIR", runtime.display().to_string()),
            // Lets a WebDriver into the app's webview, as in any test of a Tauri app.
            ("WEBKIT_INSPECTOR_SERVER", format!("127.0.0.1:{inspector}")),
            ("TAURI_WEBVIEW_AUTOMATION", "true".into()),
            // No graphics card here: draw without it.
            ("WEBKIT_DISABLE_COMPOSITING_MODE", "1".into()),
            ("WEBKIT_DISABLE_DMABUF_RENDERER", "1".into()),
            ("LIBGL_ALWAYS_SOFTWARE", "1".into()),
            ("NO_AT_BRIDGE", "1".into()),
            ("LANG", "C.UTF-8".into()),
        ];
        let data = home.join(".local/share").join(NAME);
        let mut desktop = Self { home, data, inspector, environment, children: Vec::new() };
        desktop.start_display(parts.own_display)?;
        if parts.bus {
            desktop.start_bus(parts.keyring, folder)?;
            if !parts.own_display {
                desktop.start("openbox")?;
            }
            desktop.start("dunst")?;
        }
        if parts.keyring {
            desktop.unlock_keyring()?;
        }
        Ok(desktop)
    }

    /// From now on this computer trusts the certificates of one authority, and of no other.
    pub fn trust(&mut self, authority: &Path) {
        self.environment.push(("SSL_CERT_FILE", authority.display().to_string()));
    }

    /// A command with the environment of this desktop and nothing of the one outside.
    pub(crate) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.env_clear();
        for kept in ["PATH", "CARGO_TARGET_DIR", "XAUTHORITY", "CI"] {
            command.envs(std::env::var_os(kept).map(|value| (kept, value)));
        }
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Ends everything, the display last.
    pub(crate) fn end(&mut self, _programs: &Path) -> Outcome {
        while self.children.pop().is_some() {}
        Ok(())
    }

    fn start(&mut self, name: &str) -> Outcome {
        let mut command = self.command(&tool(name)?);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        self.children.push(Program::start(&mut command)?);
        Ok(())
    }

    fn start_until_ready(&mut self, name: &str, arguments: &[&str]) -> Outcome<String> {
        let mut command = self.command(&tool(name)?);
        command.args(arguments).stdin(Stdio::null()).stderr(Stdio::null());
        let (program, line) = Program::start_until_ready(&mut command)?;
        self.children.push(program);
        Ok(line)
    }

    fn start_display(&mut self, own: bool) -> Outcome {
        let display = if own {
            std::env::var("DISPLAY").map_err(|_| "there is no DISPLAY")?
        } else {
            // It picks a free number itself and says which.
            let screen = ["-screen", "0", "1280x900x24", "-nolisten", "tcp"];
            let arguments = [&["-displayfd", "1"][..], &screen].concat();
            format!(":{}", self.start_until_ready("Xvfb", &arguments)?)
        };
        self.environment.push(("DISPLAY", display));
        Ok(())
    }

    /// A bus that starts services on demand, as desktops have it; without a keyring none is
    /// started, or the first question would bring up one that keeps nothing.
    fn start_bus(&mut self, services: bool, folder: &Path) -> Outcome {
        let bare = folder.join("bus.conf");
        fs::write(&bare, BARE_BUS)?;
        let bare = format!("--config-file={}", bare.display());
        let which = if services { "--session" } else { &bare };
        let arguments = [which, "--nofork", "--print-address=1"];
        let address = self.start_until_ready("dbus-daemon", &arguments)?;
        self.environment.push(("DBUS_SESSION_BUS_ADDRESS", address));
        Ok(())
    }

    /// Runs a tool to its end.
    fn run(&self, name: &str, arguments: &[&str]) -> Outcome<Output> {
        Output::of(self.command(&tool(name)?).args(arguments), "")
    }

    /// Runs a tool to its end, which must be a success, and returns what it printed.
    fn ask(&self, name: &str, arguments: &[&str]) -> Outcome<String> {
        match self.run(name, arguments)? {
            Output { code: Some(0), out, .. } => Ok(out.trim().to_owned()),
            failed => Err(format!("{name} {arguments:?}: {failed:?}").into()),
        }
    }

    /// Types the password into the keyring's own prompt.
    ///
    /// # Errors
    /// When no prompt comes up.
    pub fn answer_keyring_prompt(&self) -> Outcome {
        let focus = ["search", "--onlyvisible", "--name", "Unlock", "windowfocus", "--sync"];
        eventually("the keyring's prompt", || self.ask("xdotool", &focus).map(Some))?;
        self.ask("xdotool", &["type", PASSWORD])?;
        self.ask("xdotool", &["key", "Return"]).map(drop)
    }

    /// Starts the keyring with a password, as signing in would.
    ///
    /// # Errors
    /// When it does not come up.
    pub fn unlock_keyring(&mut self) -> Outcome {
        let password = self.home.with_file_name("password");
        fs::write(&password, PASSWORD)?;
        let mut command = self.command(&tool("gnome-keyring-daemon")?);
        command.args(["--foreground", "--unlock", "--components=secrets"]);
        command.stdin(fs::File::open(password)?).stdout(Stdio::null()).stderr(Stdio::null());
        self.children.push(Program::start(&mut command)?);
        eventually("the keyring is on the bus", || {
            // Asking for what is not there yet would start another one, which keeps nothing.
            let bus = "org.freedesktop.DBus";
            let has_owner = "org.freedesktop.DBus.NameHasOwner";
            if self.call(bus, "/org/freedesktop/DBus", has_owner, &[SECRETS])? != "(true,)" {
                return Ok(None);
            }
            let get = "org.freedesktop.DBus.Properties.Get";
            let collections = ["org.freedesktop.Secret.Service", "Collections"];
            let answer = self.call(SECRETS, "/org/freedesktop/secrets", get, &collections)?;
            Ok(answer.contains("collection/login").then_some(()))
        })
    }

    /// Locks the keyring, as some screen locks do.
    ///
    /// # Errors
    /// When it does not answer.
    pub fn lock_keyring(&self) -> Outcome {
        let collection = "['/org/freedesktop/secrets/collection/login']";
        let lock = "org.freedesktop.Secret.Service.Lock";
        self.call(SECRETS, "/org/freedesktop/secrets", lock, &[collection]).map(drop)
    }

    /// Calls a method on the session bus.
    fn call(&self, whom: &str, path: &str, method: &str, arguments: &[&str]) -> Outcome<String> {
        let call = ["call", "--session", "--dest", whom, "--object-path", path, "--method", method];
        self.ask("gdbus", &[&call, arguments].concat())
    }

    /// The address of the session bus.
    #[must_use]
    pub fn bus_address(&self) -> Option<&str> {
        let named = self.environment.iter().find(|(name, _)| *name == "DBUS_SESSION_BUS_ADDRESS");
        named.map(|(_, value)| value.as_str())
    }

    /// What the keyring holds under a name, asked by a program that is not ours.
    ///
    /// # Errors
    /// When it cannot be asked.
    pub fn secret(&self, name: &str) -> Outcome<Option<String>> {
        let wanted = ["lookup", "service", IDENTIFIER, "username", name];
        Ok(Some(self.run("secret-tool", &wanted)?.out).filter(|secret| !secret.is_empty()))
    }

    /// The names under which the keyring holds something of Deskside.
    ///
    /// # Errors
    /// When it cannot be asked.
    pub fn secrets(&self) -> Outcome<Vec<String>> {
        let found = self.run("secret-tool", &["search", "--all", "service", IDENTIFIER])?;
        let name = |line: &str| line.strip_prefix("attribute.username = ").map(str::to_owned);
        Ok([found.out, found.err].concat().lines().filter_map(name).collect())
    }

    /// The notifications that were shown, newest first, as `title: body`.
    ///
    /// # Errors
    /// When the notification program cannot be asked.
    pub fn toasts(&self) -> Outcome<Vec<String>> {
        // What is still on screen enters the history when it is closed.
        self.ask("dunstctl", &["close-all"])?;
        let history: Value = serde_json::from_str(&self.ask("dunstctl", &["history"])?)?;
        let shown = history.pointer("/data/0").and_then(Value::as_array);
        let text = |one: &Value, field: &str| {
            one.pointer(field).and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        let toast = |one| format!("{}: {}", text(one, "/summary/data"), text(one, "/body/data"));
        Ok(shown.ok_or("no list of notifications")?.iter().map(toast).collect())
    }

    /// A picture of the whole display.
    ///
    /// # Errors
    /// When it cannot be taken.
    pub fn picture(&self, file: &Path) -> Outcome {
        let file = file.to_str().ok_or("a folder that is no text")?;
        self.ask("import", &["-window", "root", file]).map(drop)
    }

    /// Closes the window of this title as its close button would.
    ///
    /// # Errors
    /// When there is no such window.
    pub fn close_window(&self, title: &str) -> Outcome {
        let what = format!("a window {title} that can be closed");
        eventually(&what, || self.ask("wmctrl", &["-c", title]).map(|_| Some(())))
    }

    /// The titles of the windows that are open.
    ///
    /// # Errors
    /// When the window manager does not answer.
    pub fn windows(&self) -> Outcome<Vec<String>> {
        let title = |line: &str| line.splitn(4, ' ').last().unwrap_or_default().trim().to_owned();
        Ok(self.ask("wmctrl", &["-l"])?.lines().map(title).collect())
    }
}

/// Opens the keyring of every stage.
const PASSWORD: &str = "password";
const SECRETS: &str = "org.freedesktop.secrets";
const BARE_BUS: &str = r#"<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen>
<auth>EXTERNAL</auth><policy context="default"><allow send_destination="*" eavesdrop="true"/>
<allow eavesdrop="true"/><allow own="*"/></policy></busconfig>"#;
