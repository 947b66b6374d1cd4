//! How a link reaches the program without staying visible in the process list.
//!
//! Windows and Linux start a program with the link as an argument, which every program of the same
//! user can read for as long as the process lives. So a copy that finds a companion running passes
//! the link to it and ends; one that becomes the companion restarts itself with the link on
//! standard input.

#[cfg_attr(windows, path = "restart/windows.rs")]
#[cfg_attr(not(windows), path = "restart/unix.rs")]
pub(crate) mod restart;

use std::io::{self, Read};
use std::path::Path;

use deskside_model::{Secret, link};
use deskside_os::account::UNELEVATED;
use deskside_os::registration::BACKGROUND;
use deskside_runtime::control::{self, Claim, ControlFault, Request};

/// Means that the link is on standard input. Internal.
const ON_STANDARD_INPUT: &str = "--link-on-stdin";

/// The arguments of a process.
pub(crate) struct Arrival {
    /// A deep link, or text that claims to be one.
    pub(crate) link: Option<Secret>,
    in_arguments: bool,
    /// Start without opening the window.
    pub(crate) background: bool,
    /// A start with everyday rights was tried.
    tried_unelevated: bool,
}

impl Arrival {
    /// Reads this process's arguments, or the link on standard input after a restart.
    ///
    /// # Errors
    /// When the link is on standard input and cannot be read.
    pub(crate) fn of_this_process() -> io::Result<Self> {
        let arguments = || std::env::args_os().map(|text| text.to_string_lossy().into_owned());
        let flag = |wanted: &str| arguments().any(|argument| argument == wanted);
        let (background, tried_unelevated) = (flag(BACKGROUND), flag(UNELEVATED));
        if flag(ON_STANDARD_INPUT) {
            let mut text = String::new();
            let limit = u64::try_from(link::MAX_BYTES).unwrap_or(u64::MAX).saturating_add(1);
            io::stdin().take(limit).read_to_string(&mut text)?;
            let link = Some(crate::secret(text));
            return Ok(Self { link, in_arguments: false, background, tried_unelevated });
        }
        let link = link_among(arguments());
        Ok(Self { in_arguments: link.is_some(), link, background, tried_unelevated })
    }

    /// True if this start may be made again with everyday rights. A link must not become an argument
    /// of another process, so a start with one goes on as it is.
    pub(crate) const fn may_restart_unelevated(&self) -> bool {
        self.link.is_none() && !self.tried_unelevated && !cfg!(debug_assertions)
    }

    /// The flags with which the same start is made again.
    pub(crate) const fn flags(&self) -> &'static [&'static str] {
        if self.background { &[BACKGROUND] } else { &[] }
    }

    /// Becomes the companion of the profile in `folder`; `None` when another process is, and has
    /// accepted the link.
    ///
    /// # Errors
    /// When another process is the companion and does not accept the link.
    pub(crate) async fn claim(&self, folder: &Path) -> Result<Option<Claim>, ControlFault> {
        restart::let_the_other_come_to_front();
        let request = match &self.link {
            // The receiver is a process of the same user, and deletes the link once it is opened.
            Some(link) => Request::Link(crate::secret(link.reveal().to_owned())),
            // A start in the background must not open a window in another process.
            None if self.background => return Ok(control::claim(folder).await),
            None => Request::Summon,
        };
        control::claim_or_send(folder, &request).await
    }

    /// True when this process must start again before it may become the companion.
    pub(crate) const fn is_in_arguments(&self) -> bool {
        self.in_arguments
    }

    /// Restarts this program with the link on standard input. Returns only if that fails, with
    /// the reason.
    pub(crate) fn restart(self) -> io::Error {
        // A longer link is cut one byte past the limit, and then refused as too long.
        let bytes = self.link.as_ref().map_or("", Secret::reveal).as_bytes();
        let bytes = bytes.get(..=link::MAX_BYTES).unwrap_or(bytes);
        let background = self.background.then_some(BACKGROUND);
        let arguments = std::iter::once(ON_STANDARD_INPUT).chain(background);
        restart::afresh(bytes, arguments)
    }
}

/// The first argument that is no flag of ours: a link, or text that claims to be one.
fn link_among(arguments: impl Iterator<Item = String>) -> Option<Secret> {
    let is_link = |argument: &String| !argument.starts_with("--") && !argument.is_empty();
    arguments.skip(1).find(is_link).map(crate::secret)
}
