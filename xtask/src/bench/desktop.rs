//! A desktop of our own: display, session bus, unlocked keyring, tray. It touches nothing of the
//! person who runs the benchmark, and ends with it.

use std::fs::{self, Permissions};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};
use std::{env, process, thread};

use crate::Outcome;

/// Long for anything that starts within a second, short for somebody who waits in vain.
const PATIENCE: Duration = Duration::from_secs(20);

/// A process that ends when this is dropped.
pub(crate) struct Ended(pub(crate) Child);

impl Drop for Ended {
    fn drop(&mut self) {
        // It may have ended by itself, and then neither call has anything to do.
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// The desktop. Its parts end in the order in which they stand here.
pub(crate) struct Desktop {
    icons: Receiver<Instant>,
    _watcher: Ended,
    _keyring: Ended,
    bus: String,
    _bus: Ended,
    display: String,
    _display: Ended,
    home: Home,
}

impl Desktop {
    /// Starts one, with this program as its tray.
    pub(crate) fn start(watcher: &Path) -> Outcome<Self> {
        let home = Home::make()?;
        let mut xvfb = Command::new("Xvfb");
        // Without a reset when the last window goes: GTK leaves what it found out about the display
        // there, and the next app need not load 10 MB of graphics driver to find it out again.
        xvfb.args([
            "-displayfd",
            "1",
            "-screen",
            "0",
            "1280x800x24",
            "-nolisten",
            "tcp",
            "-noreset",
        ]);
        let (_display, number) = first_line(xvfb.stderr(Stdio::null()))?;
        let display = format!(":{number}");

        let mut daemon = Command::new("dbus-daemon");
        daemon.args(["--session", "--nofork", "--nopidfile", "--print-address=1"]);
        let unknown = String::new();
        let (_bus, bus) = first_line(&mut at(&home, &display, &unknown, daemon, "session")?)?;

        let _keyring = keyring(&home, &display, &bus)?;
        let watcher = at(&home, &display, &bus, Command::new(watcher), "session")?;
        let (_watcher, icons) = watch(watcher)?;
        Ok(Self { icons, _watcher, _keyring, bus, _bus, display, _display, home })
    }

    /// A program on this desktop, in a home folder of this name.
    pub(crate) fn command(&self, program: &Path, home: &str) -> Outcome<Command> {
        at(&self.home, &self.display, &self.bus, Command::new(program), home)
    }

    /// A folder that goes with the desktop.
    pub(crate) fn folder(&self, name: &str) -> Outcome<PathBuf> {
        self.home.folder(name)
    }

    /// From now on only new icons count.
    pub(crate) fn forget_icons(&self) {
        // The bus still has to notice that the last app is gone.
        thread::sleep(Duration::from_millis(300));
        while self.icons.try_recv().is_ok() {}
    }

    /// Waits for an icon in the tray and says when it came.
    pub(crate) fn icon_shown(&self) -> Outcome<Instant> {
        self.icons.recv_timeout(PATIENCE).map_err(|_| "no icon came into the tray".into())
    }
}

/// The environment is bare: what is set where the benchmark is started must not change its outcome.
fn at(home: &Home, display: &str, bus: &str, mut command: Command, name: &str) -> Outcome<Command> {
    let variables = [
        ("DISPLAY", display),
        ("DBUS_SESSION_BUS_ADDRESS", bus),
        ("LANG", "C.UTF-8"),
        // Accessibility would be started with the first GTK program and be counted with it.
        ("NO_AT_BRIDGE", "1"),
        ("LIBGL_ALWAYS_SOFTWARE", "1"),
    ];
    command.env_clear().envs(variables.into_iter().filter(|(_, value)| !value.is_empty()));
    command.envs(env::var_os("PATH").map(|path| ("PATH", path)));
    command.env("HOME", home.folder(name)?).env("XDG_RUNTIME_DIR", home.folder("runtime")?);
    command.current_dir(home.folder(name)?).stderr(Stdio::null());
    Ok(command)
}

fn keyring(home: &Home, display: &str, bus: &str) -> Outcome<Ended> {
    let mut daemon = Command::new("gnome-keyring-daemon");
    daemon.args(["--foreground", "--unlock", "--components=secrets"]);
    daemon.stdin(Stdio::piped()).stdout(Stdio::null());
    let mut daemon = at(home, display, bus, daemon, "session")?.spawn()?;
    let stdin = daemon.stdin.take();
    let daemon = Ended(daemon);
    // The password of a keyring that is made now and thrown away afterwards; it ends where the input ends.
    stdin.ok_or("no way to unlock the keyring")?.write_all(b"bench")?;
    let mut wait = Command::new("gdbus");
    wait.args(["wait", "--session", "--timeout", "20", "org.freedesktop.secrets"]);
    if at(home, display, bus, wait, "session")?.status()?.success() {
        return Ok(daemon);
    }
    Err("the keyring did not come up".into())
}

/// Starts the tray and passes on when each icon came.
fn watch(mut watcher: Command) -> Outcome<(Ended, Receiver<Instant>)> {
    let (tell, icons) = mpsc::channel();
    let mut child = watcher.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let stdout = child.stdout.take();
    let child = Ended(child);
    let mut lines = BufReader::new(stdout.ok_or("the tray cannot be heard")?).lines();
    if lines.next().transpose()?.as_deref() != Some("ready") {
        return Err("the tray did not come up".into());
    }
    thread::spawn(move || {
        while lines.next().is_some_and(|line| line.is_ok()) && tell.send(Instant::now()).is_ok() {}
    });
    Ok((child, icons))
}

/// Starts a program and waits for the first thing it says.
fn first_line(command: &mut Command) -> Outcome<(Ended, String)> {
    let spawned = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
    let mut child = spawned.map_err(|why| format!("{}: {why}", command.get_program().display()))?;
    let stdout = child.stdout.take();
    let child = Ended(child);
    let mut line = String::new();
    BufReader::new(stdout.ok_or("it cannot be heard")?).read_line(&mut line)?;
    match line.trim() {
        "" => Err(format!("{} said nothing", command.get_program().display()).into()),
        said => Ok((child, said.to_owned())),
    }
}

/// Everything that is written on the desktop. In the folder for temporary things, because the path
/// of a socket may have no more than 107 bytes.
struct Home(PathBuf);

impl Home {
    fn make() -> Outcome<Self> {
        let path = env::temp_dir().join(format!("deskside-bench-{}", process::id()));
        fs::create_dir(&path).map_err(|why| format!("{}: {why}", path.display()))?;
        let home = Self(path);
        fs::set_permissions(home.folder("runtime")?, Permissions::from_mode(0o700))?;
        Ok(home)
    }

    fn folder(&self, name: &str) -> Outcome<PathBuf> {
        let folder = self.0.join(name);
        fs::create_dir_all(&folder)?;
        Ok(folder)
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        // A folder for temporary things is cleaned by others as well.
        fs::remove_dir_all(&self.0).ok();
    }
}
