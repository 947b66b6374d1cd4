//! A desktop of its own for the benchmark: display, session bus, unlocked keyring, tray. It touches
//! nothing of the user's session, and ends with the benchmark.

use std::fs::{self, Permissions};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};
use std::{env, process, thread};

use crate::outcome::Outcome;

/// How long to wait for a program that usually starts within a second.
const PATIENCE: Duration = Duration::from_secs(20);

/// A process that ends when this is dropped.
pub(crate) struct Guard(pub(crate) Child);

impl Drop for Guard {
    fn drop(&mut self) {
        // It may have ended already, and then neither call has anything to do.
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// The desktop. Its fields are dropped in this order.
pub(crate) struct Desktop {
    icons: Receiver<Instant>,
    _watcher: Guard,
    _keyring: Guard,
    bus: String,
    _bus: Guard,
    display: String,
    _display: Guard,
    home: Home,
}

impl Desktop {
    /// Starts one, with `watcher` as the program behind its tray.
    pub(crate) fn start(watcher: &Path) -> Outcome<Self> {
        let home = Home::create()?;
        let mut xvfb = Command::new("Xvfb");
        // `-noreset`: GTK keeps what it learned about the display on the display itself, and the
        // next app need not load 10 MB of graphics driver to learn it again.
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
        let (_bus, bus) = first_line(&mut prepare(&home, &display, &unknown, daemon, "session")?)?;

        let _keyring = keyring(&home, &display, &bus)?;
        let watcher = prepare(&home, &display, &bus, Command::new(watcher), "session")?;
        let (_watcher, icons) = watch(watcher)?;
        Ok(Self { icons, _watcher, _keyring, bus, _bus, display, _display, home })
    }

    /// A program on this desktop, with a home folder of this name.
    pub(crate) fn command(&self, program: &Path, home: &str) -> Outcome<Command> {
        prepare(&self.home, &self.display, &self.bus, Command::new(program), home)
    }

    /// A folder that is deleted with the desktop.
    pub(crate) fn folder(&self, name: &str) -> Outcome<PathBuf> {
        self.home.folder(name)
    }

    /// Drops the icons that have appeared so far.
    pub(crate) fn forget_icons(&self) {
        // The bus needs a moment to notice that the last app is gone.
        thread::sleep(Duration::from_millis(300));
        while self.icons.try_recv().is_ok() {}
    }

    /// Waits for an icon in the tray and returns when it appeared.
    pub(crate) fn wait_for_icon(&self) -> Outcome<Instant> {
        self.icons.recv_timeout(PATIENCE).map_err(|_| "no icon appeared in the tray".into())
    }
}

/// Sets the environment of a command, and nothing else: the user's variables must not change the
/// results.
fn prepare(
    home: &Home,
    display: &str,
    bus: &str,
    mut command: Command,
    name: &str,
) -> Outcome<Command> {
    let variables = [
        ("DISPLAY", display),
        ("DBUS_SESSION_BUS_ADDRESS", bus),
        ("LANG", "C.UTF-8"),
        // The first GTK program would start the accessibility bus and be charged for it.
        ("NO_AT_BRIDGE", "1"),
        ("LIBGL_ALWAYS_SOFTWARE", "1"),
    ];
    command.env_clear().envs(variables.into_iter().filter(|(_, value)| !value.is_empty()));
    command.envs(env::var_os("PATH").map(|path| ("PATH", path)));
    command.env("HOME", home.folder(name)?).env("XDG_RUNTIME_DIR", home.folder("runtime")?);
    command.current_dir(home.folder(name)?).stderr(Stdio::null());
    Ok(command)
}

fn keyring(home: &Home, display: &str, bus: &str) -> Outcome<Guard> {
    let mut daemon = Command::new("gnome-keyring-daemon");
    daemon.args(["--foreground", "--unlock", "--components=secrets"]);
    daemon.stdin(Stdio::piped()).stdout(Stdio::null());
    let mut daemon = prepare(home, display, bus, daemon, "session")?.spawn()?;
    let stdin = daemon.stdin.take();
    let daemon = Guard(daemon);
    // The password of a keyring that is created now and deleted afterwards. It ends with the input.
    stdin.ok_or("the keyring has no standard input")?.write_all(b"bench")?;
    let mut wait = Command::new("gdbus");
    wait.args(["wait", "--session", "--timeout", "20", "org.freedesktop.secrets"]);
    if prepare(home, display, bus, wait, "session")?.status()?.success() {
        return Ok(daemon);
    }
    Err("the keyring did not come up".into())
}

/// Starts the tray and reports when each icon appears.
fn watch(mut watcher: Command) -> Outcome<(Guard, Receiver<Instant>)> {
    let (sender, icons) = mpsc::channel();
    let mut child = watcher.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let stdout = child.stdout.take();
    let child = Guard(child);
    let mut lines = BufReader::new(stdout.ok_or("the tray has no standard output")?).lines();
    if lines.next().transpose()?.as_deref() != Some("ready") {
        return Err("the tray did not come up".into());
    }
    thread::spawn(move || {
        while lines.next().is_some_and(|line| line.is_ok()) && sender.send(Instant::now()).is_ok() {
        }
    });
    Ok((child, icons))
}

/// Starts a program and waits for the first line of its output.
fn first_line(command: &mut Command) -> Outcome<(Guard, String)> {
    let spawned = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
    let mut child = spawned.map_err(|why| format!("{}: {why}", command.get_program().display()))?;
    let stdout = child.stdout.take();
    let child = Guard(child);
    let mut line = String::new();
    BufReader::new(stdout.ok_or("it has no standard output")?).read_line(&mut line)?;
    match line.trim() {
        "" => Err(format!("{} printed nothing", command.get_program().display()).into()),
        line => Ok((child, line.to_owned())),
    }
}

/// The folder for everything that is written on the desktop. It is a temporary folder, because the
/// path of a socket may have no more than 107 bytes.
struct Home(PathBuf);

impl Home {
    fn create() -> Outcome<Self> {
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
        // The system cleans temporary folders, too.
        fs::remove_dir_all(&self.0).ok();
    }
}
