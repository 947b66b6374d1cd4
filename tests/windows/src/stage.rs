//! The stage itself: where the programs and the profile are, and that both are clean.

use std::fs;
use std::io::ErrorKind;
use std::os::windows::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::registry::{self, MovedProfile};
use crate::{App, Output, Play, credentials, eventually, processes};

/// The program's identifier, as Windows and its Credential Manager know it.
pub const IDENTIFIER: &str = "com.deskside.companion";
/// The program's name, and that of its folder.
pub const NAME: &str = "Deskside";

/// Set to `1` where nobody's own Deskside can be harmed: a prefix of Wine, a machine of a CI.
const MAY_CLEAN: &str = "DESKSIDE_TESTS_MAY_CLEAN_THIS_PROFILE";

/// What an installed Deskside consists of. Only some toolchains link the loader statically.
const INSTALLED: [&str; 3] = ["deskside.exe", "deskside-cli.exe", "WebView2Loader.dll"];

/// Where things are.
#[derive(Clone, Copy, Debug, Default)]
pub struct Layout<'a> {
    /// The folder that the programs are copied to, below the stage's own; otherwise they run where
    /// Cargo has built them.
    pub programs: Option<&'a str>,
    /// The name of the user whose profile it is, below the stage's own folder; otherwise the
    /// profile is the real one of this session.
    pub user: Option<&'a str>,
}

/// A clean profile, and the programs.
pub struct Stage {
    /// A folder that belongs to the test.
    pub backstage: PathBuf,
    /// Where the programs are.
    pub programs: PathBuf,
    /// Where Deskside keeps its data.
    pub data: PathBuf,
    _profile: Option<MovedProfile>,
    _folder: TempDir,
}

impl Stage {
    /// Sets up a stage with everything where it usually is.
    ///
    /// # Errors
    /// When this profile is in use, or cannot be cleaned.
    pub fn set_up() -> Play<Self> {
        Self::set_up_as(Layout::default())
    }

    /// Sets up a stage.
    ///
    /// # Errors
    /// When this profile is in use, or cannot be cleaned.
    pub fn set_up_as(layout: Layout<'_>) -> Play<Self> {
        let folder = tempfile::Builder::new().prefix("deskside-").tempdir()?;
        let real = registry::local_data()?;
        refuse_to_harm(&real.join(NAME))?;
        let (local, profile) = match layout.user {
            None => (real, None),
            Some(user) => {
                let local = folder.path().join(user).join("AppData").join("Local");
                fs::create_dir_all(&local)?;
                let moved = MovedProfile::to(&local)?;
                (local, Some(moved))
            }
        };
        let built = built()?;
        let programs = match layout.programs {
            None => built,
            Some(name) => install(&built, &folder.path().join(name))?,
        };
        let data = local.join(NAME);
        clean(&programs, &data)?;
        let backstage = folder.path().to_owned();
        Ok(Self { backstage, programs, data, _profile: profile, _folder: folder })
    }

    /// A command that knows that this is not for real.
    #[must_use]
    pub fn command(&self, program: impl AsRef<Path>) -> Command {
        let mut command = Command::new(self.programs.join(program));
        command.env("DESKSIDE_SANDBOX", "1").env("NO_PROXY", "127.0.0.1");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    /// Starts the tray app.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn app(&self, arguments: &[&str]) -> Play<App> {
        App::start(self.command("deskside.exe").args(arguments))
    }

    /// Starts the tray app on a computer without WebView2, if need be by hiding it.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn app_without_webview2(&self, arguments: &[&str]) -> Play<App> {
        // The loader looks here and nowhere else when it is told to.
        let nothing = self.backstage.join("no-webview2");
        fs::create_dir_all(&nothing)?;
        let mut command = self.command("deskside.exe");
        App::start(command.env("WEBVIEW2_BROWSER_EXECUTABLE_FOLDER", nothing).args(arguments))
    }

    /// Starts the companion without a window; its log goes into a file backstage.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn companion(&self, log: &str) -> Play<App> {
        let log = fs::File::create(self.backstage.join(log))?;
        App::start(self.command("deskside-cli.exe").arg("run").stdout(log.try_clone()?).stderr(log))
    }

    /// Runs `deskside-cli` to its end.
    ///
    /// # Errors
    /// When it cannot be started, or does not end.
    pub fn cli(&self, arguments: &[&str]) -> Play<Output> {
        self.cli_with(arguments, b"")
    }

    /// Runs `deskside-cli` to its end, with something on standard input.
    ///
    /// # Errors
    /// When it cannot be started, or does not end.
    pub fn cli_with(&self, arguments: &[&str], input: &[u8]) -> Play<Output> {
        let mut command = self.command("deskside-cli.exe");
        command.args(arguments).stdin(Stdio::piped());
        Output::of(command.stdout(Stdio::piped()).stderr(Stdio::piped()), input)
    }

    /// Has the command interpreter run a line, in the folder of the programs.
    ///
    /// # Errors
    /// When it cannot be started, or does not end.
    pub fn shell(&self, line: &str) -> Play<Output> {
        let mut command = self.command(std::env::var("COMSPEC")?);
        // The interpreter takes the line as it is, between quotation marks of its own.
        command.current_dir(&self.programs).raw_arg(format!("/d /s /c \"{line}\""));
        Output::of(command.stdout(Stdio::piped()).stderr(Stdio::piped()), b"")
    }

    /// Runs `deskside-cli` while `meanwhile` does its part, and answers what came of that.
    ///
    /// # Errors
    /// When it cannot be started, does not end, or not well.
    pub fn cli_beside<T>(
        &self,
        arguments: &[&str],
        meanwhile: impl FnOnce() -> Play<T>,
    ) -> Play<T> {
        let mut cli = App::start(self.command("deskside-cli.exe").args(arguments))?;
        let answer = meanwhile()?;
        match cli.ends()? {
            Some(0) => Ok(answer),
            code => Err(format!("{arguments:?} ended with {code:?}").into()),
        }
    }

    /// Waits until a companion answers, and answers its status.
    ///
    /// # Errors
    /// When none does.
    pub fn companion_answers(&self) -> Play<Value> {
        eventually("the companion answers", || self.cli(&["status", "--json"])?.json().map(Some))
    }

    /// Waits until the running companion's verdict is this one, and answers the whole status.
    ///
    /// # Errors
    /// When it does not become so; with what it is instead.
    pub fn verdict_becomes(&self, verdict: &str) -> Play<Value> {
        eventually(&format!("the verdict is {verdict}"), || {
            let status = self.cli(&["status", "--json"])?.json()?;
            match status.get("verdict").and_then(Value::as_str) {
                Some(now) if now == verdict => Ok(Some(status)),
                Some(_) | None => Err(status.to_string().into()),
            }
        })
    }

    /// The app's log; empty when there is none.
    ///
    /// # Errors
    /// When it is there and cannot be read.
    pub fn log(&self) -> Play<String> {
        match fs::read_to_string(self.data.join("deskside.log")) {
            Err(why) if why.kind() == ErrorKind::NotFound => Ok(String::new()),
            other => Ok(other?),
        }
    }

    /// The files of the profile and of the test that hold this text anywhere.
    ///
    /// # Errors
    /// When one of them cannot be read.
    pub fn files_with(&self, text: &str) -> Play<Vec<PathBuf>> {
        let mut found = Vec::new();
        let mut open = vec![self.data.clone(), self.backstage.clone()];
        while let Some(folder) = open.pop() {
            for entry in fs::read_dir(folder)? {
                let path = entry?.path();
                if path.is_dir() {
                    open.push(path);
                } else if fs::read(&path)?.windows(text.len()).any(|part| part == text.as_bytes()) {
                    found.push(path);
                }
            }
        }
        Ok(found)
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        let cleaned = clean(&self.programs, &self.data);
        assert!(cleaned.is_ok() || std::thread::panicking(), "the stage is not clean: {cleaned:?}");
    }
}

/// Leaves nothing of Deskside: no process, key, credential or file.
fn clean(programs: &Path, data: &Path) -> Play {
    processes::end_all_in(programs)?;
    registry::clean()?;
    credentials::clean()?;
    // What has ended may hold its files a moment longer.
    eventually("the profile is clean", || match fs::remove_dir_all(data) {
        Err(why) if why.kind() != ErrorKind::NotFound => Err(why.into()),
        Ok(()) | Err(_) => Ok(Some(())),
    })
}

/// A developer may use Deskside on the very computer that it is tested on.
fn refuse_to_harm(data: &Path) -> Play {
    let allowed = std::env::var_os(MAY_CLEAN).is_some_and(|value| value == "1");
    if allowed || !data.exists() {
        return Ok(());
    }
    let data = data.display();
    Err(format!("{data} is there: Deskside is used here. {MAY_CLEAN}=1 lets tests remove it")
        .into())
}

/// The folder that the programs were built into: the one above that of the tests.
///
/// # Errors
/// When they are not built.
pub fn built() -> Play<PathBuf> {
    let this = std::env::current_exe()?;
    let folder = this.ancestors().find(|folder| folder.join("deskside.exe").is_file());
    folder
        .map(Path::to_owned)
        .ok_or_else(|| "deskside.exe is not built: `cargo xtask windows`".into())
}

fn install(built: &Path, folder: &Path) -> Play<PathBuf> {
    fs::create_dir_all(folder)?;
    for name in INSTALLED.iter().filter(|name| built.join(name).is_file()) {
        fs::copy(built.join(name), folder.join(name))?;
    }
    Ok(folder.to_owned())
}
