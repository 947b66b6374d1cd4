//! The desktop: display, window manager, session bus, keyring, notifications, home.

use std::ffi::OsStr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, Command};

use crate::{Play, built, eventually, tool};

/// Which parts a desktop has.
#[derive(Clone, Copy, Debug)]
pub struct Parts {
    /// A keyring that is unlocked; without one there is a bus and nobody who keeps secrets.
    pub keyring: bool,
    /// A session bus at all.
    pub bus: bool,
    /// The display of the person who runs this, instead of one that nobody sees.
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
    /// What does not belong to the user: browser profile, copies of programs, screenshots.
    pub backstage: PathBuf,
    environment: Vec<(String, String)>,
    children: Vec<Child>,
    _folder: TempDir,
}

impl Desktop {
    /// Sets up a desktop.
    ///
    /// # Errors
    /// When a part is not installed or does not come up.
    pub async fn set_up(parts: Parts) -> Play<Self> {
        let folder = tempfile::Builder::new().prefix("deskside-").tempdir()?;
        let home = folder.path().join("home");
        let backstage = folder.path().join("backstage");
        let runtime = folder.path().join("run");
        for made in [&home, &backstage, &runtime] {
            std::fs::create_dir_all(made)?;
            std::fs::set_permissions(made, std::fs::Permissions::from_mode(0o700))?;
        }
        let mut desktop = Self {
            home,
            backstage,
            environment: Vec::new(),
            children: Vec::new(),
            _folder: folder,
        };
        desktop.set("HOME", desktop.home.display().to_string());
        desktop.set("XDG_RUNTIME_DIR", runtime.display().to_string());
        for (name, value) in [
            ("DESKSIDE_SANDBOX", "1"),
            // No graphics card here: draw without it.
            ("WEBKIT_DISABLE_COMPOSITING_MODE", "1"),
            ("WEBKIT_DISABLE_DMABUF_RENDERER", "1"),
            ("LIBGL_ALWAYS_SOFTWARE", "1"),
            ("NO_AT_BRIDGE", "1"),
            ("NO_PROXY", "127.0.0.1"),
            ("LANG", "C.UTF-8"),
        ] {
            desktop.set(name, value.into());
        }
        desktop.start_display(parts.own_display).await?;
        if parts.bus {
            desktop.start_bus(parts.keyring).await?;
            if !parts.own_display {
                desktop.start(tool("openbox")?, &[])?;
            }
            desktop.start(tool("dunst")?, &[])?;
        }
        if parts.keyring {
            desktop.unlock_keyring().await?;
        }
        Ok(desktop)
    }

    fn set(&mut self, name: &str, value: String) {
        self.environment.push((name.to_owned(), value));
    }

    /// From now on this computer trusts the certificates of one authority, and of no other.
    pub fn trust(&mut self, authority: &Path) {
        self.set("SSL_CERT_FILE", authority.display().to_string());
    }

    /// A command that runs on this desktop and knows nothing of the one outside.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.env_clear().stdin(Stdio::null()).kill_on_drop(true);
        for kept in ["PATH", "CARGO_TARGET_DIR", "XAUTHORITY", "CI"] {
            command.envs(std::env::var(kept).map(|value| (kept, value)));
        }
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Starts something that lives as long as the desktop; its output goes into a file backstage.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start(&mut self, program: PathBuf, arguments: &[&str]) -> Play<Option<u32>> {
        let name = program.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let log = std::fs::File::create(self.backstage.join(format!("{name}.log")))?;
        let mut command = self.command(program);
        command.args(arguments).stdout(log.try_clone()?).stderr(log);
        let child = command.spawn()?;
        let id = child.id();
        self.children.push(child);
        Ok(id)
    }

    async fn start_display(&mut self, own: bool) -> Play {
        if own {
            let display = std::env::var("DISPLAY").map_err(|_| "there is no DISPLAY")?;
            self.set("DISPLAY", display);
            return Ok(());
        }
        // It picks a free number itself and says which.
        let mut command = self.command(tool("Xvfb")?);
        command
            .args(["-displayfd", "1", "-screen", "0", "1280x900x24", "-nolisten", "tcp"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let number = self.first_line(command).await?;
        self.set("DISPLAY", format!(":{number}"));
        Ok(())
    }

    /// A bus that starts services on demand, as desktops have it; without a keyring none is
    /// started, or the first question would bring up one that keeps nothing.
    async fn start_bus(&mut self, services: bool) -> Play {
        let mut command = self.command(tool("dbus-daemon")?);
        let bare = self.backstage.join("bus.conf");
        std::fs::write(&bare, BARE_BUS)?;
        if services {
            command.arg("--session");
        } else {
            command.arg(format!("--config-file={}", bare.display()));
        }
        command
            .args(["--nofork", "--print-address=1"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let address = self.first_line(command).await?;
        self.set("DBUS_SESSION_BUS_ADDRESS", address);
        Ok(())
    }

    async fn first_line(&mut self, mut command: Command) -> Play<String> {
        let mut child = command.spawn()?;
        let output = child.stdout.take().ok_or("no output")?;
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line).await?;
        self.children.push(child);
        match line.trim() {
            "" => {
                Err(format!("{:?} ended before it was ready", command.as_std().get_program())
                    .into())
            }
            line => Ok(line.to_owned()),
        }
    }

    /// Types the password into the keyring's own prompt.
    ///
    /// # Errors
    /// When no prompt comes up.
    pub async fn answer_keyring_prompt(&self) -> Play {
        eventually("the keyring's prompt", async || {
            let mut look = self.command(tool("xdotool")?);
            look.args(["search", "--onlyvisible", "--name", "Unlock", "windowfocus", "--sync"]);
            Ok(look.output().await?.status.success().then_some(()))
        })
        .await?;
        for arguments in [["type", PASSWORD], ["key", "Return"]] {
            let typed = self.command(tool("xdotool")?).args(arguments).output().await?;
            if !typed.status.success() {
                return Err("nothing could be typed".into());
            }
        }
        Ok(())
    }

    /// Starts the keyring with a password, as signing in would.
    ///
    /// # Errors
    /// When it does not come up.
    pub async fn unlock_keyring(&mut self) -> Play {
        let mut command = self.command(tool("gnome-keyring-daemon")?);
        command
            .args(["--foreground", "--unlock", "--components=secrets"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let mut child = command.spawn()?;
        let mut input = child.stdin.take().ok_or("no input")?;
        input.write_all(PASSWORD.as_bytes()).await?;
        drop(input);
        self.children.push(child);
        eventually("the keyring is on the bus", async || {
            // Asking for what is not there yet would start another one, which keeps nothing.
            let bus = "org.freedesktop.DBus";
            let owned = format!("{bus}.NameHasOwner");
            if self.gdbus(bus, "/org/freedesktop/DBus", &owned, &[SECRETS]).await? != "(true,)" {
                return Ok(None);
            }
            let answer = self
                .gdbus(
                    SECRETS,
                    "/org/freedesktop/secrets",
                    "org.freedesktop.DBus.Properties.Get",
                    &["org.freedesktop.Secret.Service", "Collections"],
                )
                .await;
            Ok(answer.ok().filter(|answer| answer.contains("collection/login")))
        })
        .await
        .map(drop)
    }

    /// Locks the keyring, as a screen lock of the careful kind would.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn lock_keyring(&self) -> Play {
        let collection = "['/org/freedesktop/secrets/collection/login']";
        let lock = "org.freedesktop.Secret.Service.Lock";
        self.gdbus(SECRETS, "/org/freedesktop/secrets", lock, &[collection]).await.map(drop)
    }

    /// Calls a method on the session bus.
    ///
    /// # Errors
    /// When the call fails.
    pub async fn gdbus(
        &self,
        destination: &str,
        path: &str,
        method: &str,
        arguments: &[&str],
    ) -> Play<String> {
        let mut command = self.command(tool("gdbus")?);
        command.args(["call", "--session", "--dest", destination, "--object-path", path]);
        command.args(["--method", method]).args(arguments);
        let output = command.output().await?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).trim().to_owned().into());
        }
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    /// The address of the session bus.
    #[must_use]
    pub fn bus_address(&self) -> Option<&str> {
        let named = self.environment.iter().find(|(name, _)| name == "DBUS_SESSION_BUS_ADDRESS");
        named.map(|(_, value)| value.as_str())
    }

    /// What the keyring holds under a name, asked by a program that is not ours.
    ///
    /// # Errors
    /// When it cannot be asked.
    pub async fn secret(&self, name: &str) -> Play<Option<String>> {
        let mut command = self.command(tool("secret-tool")?);
        command.args(["lookup", "service", "com.deskside.companion", "username", name]);
        let output = command.output().await?;
        let text = String::from_utf8(output.stdout)?;
        Ok(Some(text).filter(|text| !text.is_empty()))
    }

    /// The notifications that were shown, newest first, as `title: body`.
    ///
    /// # Errors
    /// When the notification program cannot be asked.
    pub async fn toasts(&self) -> Play<Vec<String>> {
        let text = |entry: &serde_json::Value, field: &str| {
            entry.pointer(&format!("/{field}/data")).and_then(|v| v.as_str().map(str::to_owned))
        };
        // What is still on screen enters the history when it is closed.
        let on_screen = self.command(tool("dunstctl")?).arg("close-all").output().await?;
        let output = self.command(tool("dunstctl")?).arg("history").output().await?;
        if !output.status.success() || !on_screen.status.success() {
            return Err("dunst does not answer".into());
        }
        let history: serde_json::Value = serde_json::from_slice(&output.stdout)?;
        let entries = history.pointer("/data/0").and_then(|v| v.as_array()).cloned();
        let shown = entries.unwrap_or_default().into_iter().map(|entry| {
            let title = text(&entry, "summary").unwrap_or_default();
            format!("{title}: {}", text(&entry, "body").unwrap_or_default())
        });
        Ok(shown.collect())
    }

    /// A picture of the whole display.
    ///
    /// # Errors
    /// When it cannot be taken.
    pub async fn picture(&self, file: &Path) -> Play {
        let mut command = self.command(tool("import")?);
        let status = command.args(["-window", "root"]).arg(file).status().await?;
        if status.success() { Ok(()) } else { Err("no picture could be taken".into()) }
    }

    /// Closes the window of this title as its close button would.
    ///
    /// # Errors
    /// When there is no such window.
    pub async fn close_window(&self, title: &str) -> Play {
        eventually(&format!("a window {title} that can be closed"), async || {
            let status = self.command(tool("wmctrl")?).args(["-c", title]).status().await?;
            Ok(status.success().then_some(()))
        })
        .await
    }

    /// The titles of the windows that are open.
    ///
    /// # Errors
    /// When the window manager does not answer.
    pub async fn windows(&self) -> Play<Vec<String>> {
        let output = self.command(tool("wmctrl")?).arg("-l").output().await?;
        let title = |line: &str| line.splitn(4, ' ').last().unwrap_or_default().trim().to_owned();
        Ok(String::from_utf8_lossy(&output.stdout).lines().map(title).collect())
    }

    /// Starts a process of this exact name that does nothing, in place of a program that cannot be
    /// had here.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn stand_in(&self, name: &str) -> Play<Child> {
        let copy = self.backstage.join(name);
        if !copy.exists() {
            std::fs::copy(built("stand-in")?, &copy)?;
        }
        let mut command = self.command(copy);
        Ok(command.stdin(Stdio::piped()).spawn()?)
    }

    /// Every file under the user's home whose bytes contain `text`, as UTF-8 or UTF-16.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn files_with(&self, text: &str) -> Play<Vec<PathBuf>> {
        let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let holds = |bytes: &[u8], wanted: &[u8]| bytes.windows(wanted.len()).any(|w| w == wanted);
        let (mut found, mut folders) = (Vec::new(), vec![self.home.clone()]);
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder)? {
                let entry = entry?;
                if entry.file_type()?.is_dir() {
                    folders.push(entry.path());
                } else if entry.file_type()?.is_file() {
                    let bytes = std::fs::read(entry.path())?;
                    if holds(&bytes, text.as_bytes()) || holds(&bytes, &wide) {
                        found.push(entry.path());
                    }
                }
            }
        }
        Ok(found)
    }
}

/// Opens the keyring of every stage.
const PASSWORD: &str = "password";
const BARE_BUS: &str = r#"<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen>
<auth>EXTERNAL</auth><policy context="default"><allow send_destination="*" eavesdrop="true"/>
<allow eavesdrop="true"/><allow own="*"/></policy></busconfig>"#;
const SECRETS: &str = "org.freedesktop.secrets";

/// Every process whose arguments or environment contain `text`, by name and number.
///
/// # Errors
/// When the process list cannot be read.
pub fn processes_with(text: &str) -> Play<Vec<String>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc")? {
        let folder = entry?.path();
        // Processes end while we look; what is gone holds nothing.
        let read = |name| std::fs::read(folder.join(name)).unwrap_or_default();
        let holds = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).contains(text);
        if holds(read("cmdline")) || holds(read("environ")) {
            let name = String::from_utf8_lossy(&read("comm")).trim().to_owned();
            found.push(format!("{name} {}", folder.display()));
        }
    }
    Ok(found)
}

impl Drop for Desktop {
    fn drop(&mut self) {
        for child in self.children.iter_mut().rev() {
            // What has ended already needs no ending.
            drop(child.start_kill());
            // A display that is still ending takes its socket away from the next one of its number.
            let deadline = Instant::now() + Duration::from_secs(5);
            while matches!(child.try_wait(), Ok(None)) && Instant::now() < deadline {
                std::thread::sleep(Duration::from_millis(5));
            }
        }
    }
}
