//! The programs on the stage: those that run on, and what a command printed.

use std::process::{Child, Command};

use serde_json::Value;

use crate::{Play, eventually, spawn, within};

/// A program that runs until it is ended.
pub struct App {
    child: Child,
}

impl App {
    pub(crate) fn start(command: &mut Command) -> Play<Self> {
        Ok(Self { child: spawn(command)? })
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
    pub fn is_running(&mut self) -> Play<bool> {
        Ok(self.child.try_wait()?.is_none())
    }

    /// Waits until it has ended, and answers its exit code.
    ///
    /// # Errors
    /// When it does not end.
    pub fn ends(&mut self) -> Play<Option<i32>> {
        eventually("the program ends", || Ok(self.child.try_wait()?.map(|status| status.code())))
    }

    /// Ends it without warning, as a power cut would.
    ///
    /// # Errors
    /// When it cannot be ended.
    pub fn crash(&mut self) -> Play {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }
}

/// What a command printed, byte by byte.
#[derive(Debug)]
pub struct Output {
    /// Its exit code.
    pub code: Option<i32>,
    /// Standard output.
    pub out: Vec<u8>,
    /// Standard error.
    pub err: Vec<u8>,
}

impl Output {
    /// Runs a program that reads this much and ends.
    pub(crate) fn of(command: &mut Command, input: &[u8]) -> Play<Self> {
        let name = format!("{command:?} ends");
        let (mut child, input) = (spawn(command)?, input.to_owned());
        let output = within(&name, move || {
            if let Some(mut stdin) = child.stdin.take() {
                std::io::Write::write_all(&mut stdin, &input)?;
            }
            child.wait_with_output()
        })?;
        Ok(Self { code: output.status.code(), out: output.stdout, err: output.stderr })
    }

    /// Standard output as UTF-8.
    ///
    /// # Errors
    /// When it is not.
    pub fn text(&self) -> Play<&str> {
        Ok(std::str::from_utf8(&self.out)?)
    }

    /// Standard error as UTF-8.
    ///
    /// # Errors
    /// When it is not.
    pub fn complaint(&self) -> Play<&str> {
        Ok(std::str::from_utf8(&self.err)?)
    }

    /// Standard output as one JSON document.
    ///
    /// # Errors
    /// When it is none.
    pub fn json(&self) -> Play<Value> {
        serde_json::from_slice(&self.out).map_err(|why| {
            let (out, err) =
                (String::from_utf8_lossy(&self.out), String::from_utf8_lossy(&self.err));
            format!("{why} in {out:?}; complained {err:?}; exit code {:?}", self.code).into()
        })
    }
}
