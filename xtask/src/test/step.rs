//! One check of the project, as data.

use crate::command::Output;
use crate::outcome::Outcome;

/// One check, or something that checks need.
pub(crate) struct Step {
    /// One word, unique.
    pub(crate) name: &'static str,
    /// For people who read the list.
    pub(crate) purpose: &'static str,
    /// The names of the steps that must pass first. They stand before this one in the table.
    pub(crate) needs: &'static [&'static str],
    /// What else may run at the same time.
    pub(crate) load: Load,
    /// Does it.
    pub(crate) run: fn(&mut Output) -> Outcome,
}

/// What a step does to the computer, which decides what may run beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Load {
    /// Keeps about one processor busy and does not compile: runs beside anything but
    /// [`Load::Timed`].
    Light,
    /// Compiles. Cargo locks the target folder and uses every processor, so a second step of this
    /// kind would only wait.
    Cargo,
    /// Measures patience in seconds, and would fail beside a compiler. It mostly waits, so it runs
    /// beside others of its kind.
    Timed,
}
