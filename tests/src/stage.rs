//! The stage: a desktop, the programs, and a folder of the test's own.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::{Desktop, Outcome, Output, Part, Parts, Player, Program, built, eventually};

/// A desktop with the programs. Whatever was started on it ends with it.
pub struct Stage {
    /// What the operating system gives.
    pub desktop: Desktop,
    /// Where the programs are.
    pub programs: PathBuf,
    /// A folder that belongs to the test.
    pub scratch: PathBuf,
    _folder: TempDir,
}

impl Stage {
    /// Sets up a stage with everything that a desktop usually has.
    ///
    /// # Errors
    /// When a part is missing, or this user's profile is in use.
    pub fn set_up() -> Outcome<Self> {
        Self::set_up_with(Parts::default())
    }

    /// Sets up a stage.
    ///
    /// # Errors
    /// When a part is missing, or this user's profile is in use.
    pub fn set_up_with(parts: Parts) -> Outcome<Self> {
        let folder = tempfile::Builder::new().prefix("deskside-").tempdir()?;
        let scratch = folder.path().join("scratch");
        fs::create_dir(&scratch)?;
        let desktop = Desktop::set_up(parts, folder.path())?;
        Ok(Self { desktop, programs: built()?, scratch, _folder: folder })
    }

    /// Copies programs into a folder of this name; from now on they are started there.
    ///
    /// # Errors
    /// When they cannot be copied.
    pub fn install(&mut self, folder: &str, programs: &[&str]) -> Outcome {
        let folder = self.scratch.join(folder);
        fs::create_dir_all(&folder)?;
        for name in programs {
            fs::copy(self.programs.join(name), folder.join(name))?;
        }
        self.programs = folder;
        Ok(())
    }

    /// A command on this desktop, in sandbox mode.
    #[must_use]
    pub fn command(&self, program: impl AsRef<Path>) -> Command {
        let mut command = self.desktop.command(&self.programs.join(program));
        command.env("DESKSIDE_SANDBOX", "1").env("NO_PROXY", "127.0.0.1");
        command.stdin(Stdio::null()).stdout(Stdio::null());
        command
    }

    /// Starts the tray app.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn app(&self, arguments: &[&str]) -> Outcome<Program> {
        Program::start(self.command("deskside").args(arguments))
    }

    /// Starts a second copy of the app, as a clicked link does, and waits until it has ended.
    ///
    /// # Errors
    /// When it does not end, or not well.
    pub fn click(&self, link: &str) -> Outcome {
        match self.app(&[link])?.ends()? {
            Some(0) => Ok(()),
            code => Err(format!("the second copy ended with {code:?}").into()),
        }
    }

    /// Starts the companion without a window; its output goes into a file of this name in the
    /// scratch folder.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn companion(&self, log: &str) -> Outcome<Program> {
        let log = fs::File::create(self.scratch.join(log))?;
        let mut command = self.command("deskside-cli");
        Program::start(command.arg("run").stdout(log.try_clone()?).stderr(log))
    }

    /// Runs `deskside-cli` to its end.
    ///
    /// # Errors
    /// When it cannot be started, or does not end.
    pub fn cli(&self, arguments: &[&str]) -> Outcome<Output> {
        self.cli_with(arguments, "")
    }

    /// Runs `deskside-cli` to its end, with something on standard input.
    ///
    /// # Errors
    /// When it cannot be started, or does not end.
    pub fn cli_with(&self, arguments: &[&str], input: &str) -> Outcome<Output> {
        Output::of(self.command("deskside-cli").args(arguments), input)
    }

    /// Waits until a companion answers, and returns its status.
    ///
    /// # Errors
    /// When none does.
    pub fn companion_answers(&self) -> Outcome<Value> {
        eventually("the companion answers", || self.cli(&["status", "--json"])?.json().map(Some))
    }

    /// Waits until the running companion's verdict is this one, and returns the whole status.
    ///
    /// # Errors
    /// When it does not become so; with what it is instead.
    pub fn verdict_becomes(&self, verdict: &str) -> Outcome<Value> {
        eventually(&format!("the verdict is {verdict}"), || {
            let status = self.cli(&["status", "--json"])?.json()?;
            if status.get("verdict").is_some_and(|now| now == verdict) {
                Ok(Some(status))
            } else {
                Err(status.to_string().into())
            }
        })
    }

    /// Starts a fake QuickBooks, or another program with windows, under this name.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn quickbooks(&self, name: &str) -> Outcome<Player> {
        self.play(Part::QuickBooks, name, &[])
    }

    /// Starts a fake Web Connector.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn web_connector(&self) -> Outcome<Player> {
        self.play(Part::WebConnector, "QBWebConnector.exe", &[])
    }

    /// Starts a fake program under this name.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn play(&self, part: Part, name: &str, arguments: &[&str]) -> Outcome<Player> {
        let program = part.copy(&built()?, &self.scratch.join("Intuit"), name)?;
        Ok(Player::start(&program, arguments)?)
    }

    /// Deskside's log; empty when there is none.
    ///
    /// # Errors
    /// When it is there and cannot be read.
    pub fn log(&self) -> Outcome<String> {
        match fs::read_to_string(self.desktop.data.join("deskside.log")) {
            Err(why) if why.kind() == ErrorKind::NotFound => Ok(String::new()),
            other => Ok(other?),
        }
    }

    /// Every file of the user whose bytes contain `text`, as UTF-8 or UTF-16.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn files_with(&self, text: &str) -> Outcome<Vec<PathBuf>> {
        let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let holds = |bytes: &[u8], wanted: &[u8]| bytes.windows(wanted.len()).any(|w| w == wanted);
        let (mut found, mut folders) = (Vec::new(), vec![self.desktop.home.clone()]);
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder)? {
                let entry = entry?;
                if entry.file_type()?.is_dir() {
                    folders.push(entry.path());
                } else if entry.file_type()?.is_file() {
                    let bytes = fs::read(entry.path())?;
                    if holds(&bytes, text.as_bytes()) || holds(&bytes, &wide) {
                        found.push(entry.path());
                    }
                }
            }
        }
        Ok(found)
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        let ended = self.desktop.end(&self.programs);
        assert!(ended.is_ok() || std::thread::panicking(), "the stage is not clean: {ended:?}");
    }
}
