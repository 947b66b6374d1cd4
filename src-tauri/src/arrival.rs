//! How a link gets into the program, and out of the list of processes again.
//!
//! Windows and Linux start a program with the link as an argument, which every program of the same
//! user can read for as long as the process lives. So a copy that finds the companion running
//! hands the link over and ends; one that must become the companion starts itself afresh with the
//! link on standard input.

#[cfg_attr(windows, path = "restart/windows.rs")]
#[cfg_attr(not(windows), path = "restart/unix.rs")]
mod restart;

use std::io::{self, Read};
use std::path::Path;

use deskside_model::{Secret, link};
use deskside_os::registration::BACKGROUND;
use deskside_runtime::control::{self, Request};
use serde_json::Value;

/// Says that the link is on standard input. Not for people.
const ON_STANDARD_INPUT: &str = "--link-on-stdin";

/// What a process was started with.
pub(crate) struct Arrival {
    /// A deep link, or what claims to be one.
    pub(crate) link: Option<Secret>,
    in_arguments: bool,
    /// Start without opening the window.
    pub(crate) background: bool,
}

impl Arrival {
    /// Reads this process's arguments, or the link that an earlier self left on standard input.
    ///
    /// # Errors
    /// When standard input was promised and cannot be read.
    pub(crate) fn of_this_process() -> io::Result<Self> {
        let arguments = || std::env::args_os().map(|text| text.to_string_lossy().into_owned());
        let flag = |wanted: &str| arguments().any(|argument| argument == wanted);
        let background = flag(BACKGROUND);
        if flag(ON_STANDARD_INPUT) {
            let mut text = String::new();
            let limit = u64::try_from(link::MAX_BYTES).unwrap_or(u64::MAX).saturating_add(1);
            io::stdin().take(limit).read_to_string(&mut text)?;
            return Ok(Self { link: Some(crate::secret(text)), in_arguments: false, background });
        }
        let link = link_among(arguments());
        Ok(Self { in_arguments: link.is_some(), link, background })
    }

    /// Hands over to the companion that is running already; false when none is.
    pub(crate) async fn hand_over(&self, folder: &Path) -> bool {
        let request = match &self.link {
            // Handed to a process of the same user and then forgotten.
            Some(link) => Request::Link(crate::secret(link.reveal().to_owned())),
            // A start that nobody sees must not bring up a window in another one.
            None if self.background => Request::Summary,
            None => Request::Summon,
        };
        restart::let_the_other_come_to_front();
        let answer = control::ask::<Value>(folder, &request).await;
        answer.is_ok_and(|answer| answer != Value::Bool(false))
    }

    /// Starts this program afresh when its arguments hold a link. On success it does not return
    /// in this process.
    ///
    /// # Errors
    /// When the program cannot be started again.
    pub(crate) fn keep_out_of_arguments(self) -> io::Result<Self> {
        let Some(link) = self.link.as_ref().filter(|_| self.in_arguments) else { return Ok(self) };
        // What is longer is cut one byte past the limit, and then refused as too long.
        let bytes = link.reveal().as_bytes();
        let bytes = bytes.get(..=link::MAX_BYTES).unwrap_or(bytes);
        let background = self.background.then_some(BACKGROUND);
        let arguments = std::iter::once(ON_STANDARD_INPUT).chain(background);
        Err(restart::afresh(bytes, arguments))
    }
}

/// The first argument that is no flag of ours: a link, or what somebody believes to be one.
pub(crate) fn link_among(arguments: impl Iterator<Item = String>) -> Option<Secret> {
    let is_link = |argument: &String| !argument.starts_with("--") && !argument.is_empty();
    arguments.skip(1).find(is_link).map(crate::secret)
}
