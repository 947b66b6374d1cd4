//! The ordering side: starts a fake program under a true name and tells it what to show.

use std::env::consts::EXE_SUFFIX;
use std::ffi::OsStr;
use std::fs;
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};

use serde::{Deserialize, Serialize};

use crate::orders::Answer;

/// What Wine answers, once in a thousand or two, when a new program has ended before it had begun:
/// `ERROR_INTERNAL_ERROR`, from the end of its `NtCreateUserProcess`. Windows has no such answer to
/// give, and there is nothing wrong with the program.
const ENDED_BEFORE_IT_BEGAN: i32 = 1359;

/// Starts a program; once more, if it ended before it had begun.
///
/// # Errors
/// When it cannot be started.
pub fn spawn(command: &mut Command) -> io::Result<Child> {
    match command.spawn() {
        Err(why) if why.raw_os_error() == Some(ENDED_BEFORE_IT_BEGAN) => command.spawn(),
        outcome => outcome,
    }
}

/// Which of the two fake programs plays a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Anything with windows: QuickBooks, its launchers, `WerFault.exe`, repair tools.
    #[serde(rename = "quickbooks")]
    QuickBooks,
    /// The Web Connector.
    WebConnector,
}

impl Part {
    /// The program as it is built.
    #[must_use]
    pub fn file_name(self) -> String {
        let name = match self {
            Self::QuickBooks => "fake-quickbooks",
            Self::WebConnector => "fake-web-connector",
        };
        format!("{name}{EXE_SUFFIX}")
    }

    /// Copies the program from the folder `built` to `folder` under the name it is to be seen by,
    /// for example `QBW.EXE`. One copy can be started as often as it takes.
    ///
    /// # Errors
    /// When the folder cannot be made, or the file cannot be written, as while it runs.
    pub fn copy(self, built: &Path, folder: &Path, name: &str) -> io::Result<PathBuf> {
        fs::create_dir_all(folder)?;
        let copy = folder.join(name);
        fs::copy(built.join(self.file_name()), &copy)?;
        Ok(copy)
    }
}

/// A fake program that runs. It ends when this is dropped.
#[derive(Debug)]
pub struct Player {
    child: Child,
    /// Gone once the program was told to end.
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Player {
    /// Starts a program.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start<I>(program: &Path, arguments: I) -> io::Result<Self>
    where
        I: IntoIterator<Item: AsRef<OsStr>>,
    {
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = spawn(&mut command)?;
        let orders = child.stdin.take();
        let answers = child.stdout.take().ok_or_else(|| gone("has no standard output"))?;
        Ok(Self { child, orders, answers: BufReader::new(answers) })
    }

    /// Gives an order and waits until it is carried out.
    ///
    /// # Errors
    /// When the program refuses, with its reason, or is gone.
    pub fn obey(&mut self, order: &impl Serialize) -> io::Result<()> {
        let orders = self.orders.as_mut().ok_or_else(|| gone("was told to end"))?;
        let mut line = serde_json::to_vec(order)?;
        line.push(b'\n');
        orders.write_all(&line)?;
        orders.flush()?;
        let mut answer = String::new();
        if self.answers.read_line(&mut answer)? == 0 {
            return Err(gone("ended without an answer"));
        }
        match serde_json::from_str(&answer)? {
            Answer::Done { .. } => Ok(()),
            Answer::Error { error } => Err(io::Error::other(error)),
        }
    }

    /// The process id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends the program, if it did not end by itself, and says how it ended.
    ///
    /// # Errors
    /// When its end cannot be waited for.
    pub fn end(mut self) -> io::Result<ExitStatus> {
        self.orders = None;
        self.child.wait()
    }
}

impl Drop for Player {
    fn drop(&mut self) {
        // Both fail only for a process that has ended, which is what is wanted.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn gone(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::BrokenPipe, format!("The fake program {what}."))
}
