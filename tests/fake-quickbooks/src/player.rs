//! The parent's side: starts a fake program under a real name and sends it orders.

use std::env::consts::EXE_SUFFIX;
use std::ffi::OsStr;
use std::fs;
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};

use serde::{Deserialize, Serialize};

use crate::orders::Answer;

/// Wine reports this code once in one or two thousand starts, at the end of its
/// `NtCreateUserProcess`, for a process that ended before it began. The program is not at fault,
/// and Windows does not report it.
const ERROR_INTERNAL_ERROR: i32 = 1359;

/// Starts a program. Retries once after Wine's internal error.
///
/// # Errors
/// If it cannot be started.
pub fn spawn(command: &mut Command) -> io::Result<Child> {
    match command.spawn() {
        Err(why) if why.raw_os_error() == Some(ERROR_INTERNAL_ERROR) => command.spawn(),
        result => result,
    }
}

/// One of the two fake programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Any program with windows: QuickBooks, its launchers, `WerFault.exe`, repair tools.
    #[serde(rename = "quickbooks")]
    QuickBooks,
    /// The Web Connector.
    WebConnector,
}

impl Part {
    /// The file name of its executable.
    #[must_use]
    pub fn file_name(self) -> String {
        let name = match self {
            Self::QuickBooks => "fake-quickbooks",
            Self::WebConnector => "fake-web-connector",
        };
        format!("{name}{EXE_SUFFIX}")
    }

    /// Copies the executable from the folder `built` to `folder` under the name that its process
    /// is to have, for example `QBW.EXE`. A copy can be started any number of times.
    ///
    /// # Errors
    /// If the folder cannot be created or the file cannot be written, for example while it runs.
    pub fn copy(self, built: &Path, folder: &Path, name: &str) -> io::Result<PathBuf> {
        fs::create_dir_all(folder)?;
        let copy = folder.join(name);
        fs::copy(built.join(self.file_name()), &copy)?;
        Ok(copy)
    }
}

/// A running fake program. Dropping this kills it.
#[derive(Debug)]
pub struct Player {
    child: Child,
    /// None after the program was told to exit.
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Player {
    /// Starts a program.
    ///
    /// # Errors
    /// If it cannot be started.
    pub fn start<I>(program: &Path, arguments: I) -> io::Result<Self>
    where
        I: IntoIterator<Item: AsRef<OsStr>>,
    {
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = spawn(&mut command)?;
        let orders = child.stdin.take();
        let answers = child.stdout.take().ok_or_else(|| broken_pipe("has no standard output"))?;
        Ok(Self { child, orders, answers: BufReader::new(answers) })
    }

    /// Sends an order and waits until it is executed.
    ///
    /// # Errors
    /// If the program rejects the order, with its reason, or has ended.
    pub fn obey(&mut self, order: &impl Serialize) -> io::Result<()> {
        let orders = self.orders.as_mut().ok_or_else(|| broken_pipe("was told to exit"))?;
        let mut line = serde_json::to_vec(order)?;
        line.push(b'\n');
        orders.write_all(&line)?;
        orders.flush()?;
        let mut answer = String::new();
        if self.answers.read_line(&mut answer)? == 0 {
            return Err(broken_pipe("ended without an answer"));
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

    /// Tells the program to exit, waits for it and returns how it ended.
    ///
    /// # Errors
    /// If its end cannot be waited for.
    pub fn end(mut self) -> io::Result<ExitStatus> {
        self.orders = None;
        self.child.wait()
    }
}

impl Drop for Player {
    fn drop(&mut self) {
        // Both fail only for a process that has already ended.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn broken_pipe(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::BrokenPipe, format!("The fake program {what}."))
}
