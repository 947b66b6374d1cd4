//! Programs on the stage: those that run until they are ended, and what a command printed.

use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};

use deskside_fake_quickbooks::player::spawn;
use serde_json::Value;

use crate::wait::within;
use crate::{Outcome, eventually};

/// The folder that the programs were built into: the one above that of the tests.
///
/// # Errors
/// When they are not built.
pub fn built() -> Outcome<PathBuf> {
    let this = std::env::current_exe()?;
    let app = format!("deskside{}", std::env::consts::EXE_SUFFIX);
    let folder = this.ancestors().find(|folder| folder.join(&app).is_file());
    Ok(folder.ok_or("the programs are not built: `cargo build --workspace --bins`")?.to_owned())
}

/// A program that runs until it ends or is ended, at the latest when this is dropped.
pub struct Program {
    child: Child,
    /// Held, so that a program that continues to print does not fail.
    _output: Option<BufReader<ChildStdout>>,
}

impl Program {
    /// Starts a program.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start(command: &mut Command) -> Outcome<Self> {
        Ok(Self { child: spawn(command)?, _output: None })
    }

    /// Starts a program and waits for the first line that it prints, which says that it is ready.
    ///
    /// # Errors
    /// When it cannot be started, or ends without a word.
    pub fn start_until_ready(command: &mut Command) -> Outcome<(Self, String)> {
        let name = format!("{} is ready", command.get_program().display());
        let mut program = Self::start(command.stdout(Stdio::piped()))?;
        let mut output = BufReader::new(program.child.stdout.take().ok_or("no output")?);
        let (output, line) = within(&name, move || {
            let mut line = String::new();
            output.read_line(&mut line)?;
            Ok((output, line))
        })?;
        program._output = Some(output);
        match line.trim() {
            "" => Err(format!("it ended before {name}").into()),
            line => Ok((program, line.to_owned())),
        }
    }

    /// Its process number.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// True until it has ended.
    ///
    /// # Errors
    /// When the operating system does not say.
    pub fn is_running(&mut self) -> Outcome<bool> {
        Ok(self.child.try_wait()?.is_none())
    }

    /// Waits until it has ended, and returns its exit code.
    ///
    /// # Errors
    /// When it does not end.
    pub fn ends(&mut self) -> Outcome<Option<i32>> {
        eventually("the program ends", || Ok(self.child.try_wait()?.map(|status| status.code())))
    }

    /// Ends it without warning, as a power cut would.
    ///
    /// # Errors
    /// When it cannot be ended.
    pub fn crash(&mut self) -> Outcome {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // A program that has ended needs no ending.
        drop(self.crash());
    }
}

/// What a command printed.
#[derive(Debug)]
pub struct Output {
    /// Its exit code.
    pub code: Option<i32>,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Output {
    /// Runs a program that reads this much and ends.
    ///
    /// # Errors
    /// When it cannot be started, does not end, or prints what is not UTF-8.
    pub fn of(command: &mut Command, input: &str) -> Outcome<Self> {
        let arguments: Vec<_> = command.get_args().collect();
        let name = format!("{} {arguments:?} ends", command.get_program().display());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let (mut child, input) = (spawn(command)?, input.to_owned());
        let output = within(&name, move || {
            if let Some(mut stdin) = child.stdin.take() {
                stdin.write_all(input.as_bytes())?;
            }
            child.wait_with_output()
        })?;
        let text = |bytes| String::from_utf8(bytes).map_err(|why| format!("{name}: {why:?}"));
        Ok(Self {
            code: output.status.code(),
            out: text(output.stdout)?,
            err: text(output.stderr)?,
        })
    }

    /// Standard output as one JSON document.
    ///
    /// # Errors
    /// When it is none.
    pub fn json(&self) -> Outcome<Value> {
        serde_json::from_str(&self.out).map_err(|why| format!("{why}: {self:?}").into())
    }
}
