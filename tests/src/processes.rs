//! The list of processes, as any program of the same user can read it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use sysinfo::{Process, ProcessRefreshKind, ProcessesToUpdate, System, UpdateKind};

use crate::Outcome;

/// A process.
#[derive(Clone, Debug)]
pub struct Running {
    /// Its number.
    pub id: u32,
    /// The number of the process that started it.
    pub parent: Option<u32>,
    /// Its name, of which Linux keeps 15 bytes.
    pub name: String,
    /// Its program's file; empty where nobody may know.
    pub program: PathBuf,
    /// What it was started with, the program's name first.
    pub arguments: Vec<String>,
}

impl Running {
    fn of(process: &Process) -> Self {
        let arguments = process.cmd().iter().map(|word| word.to_string_lossy().into_owned());
        Self {
            id: process.pid().as_u32(),
            parent: process.parent().map(|parent| parent.as_u32()),
            name: process.name().to_string_lossy().into_owned(),
            program: process.exe().map(Path::to_owned).unwrap_or_default(),
            arguments: arguments.collect(),
        }
    }
}

/// Every process.
///
/// # Errors
/// When the processes cannot be listed.
pub fn running() -> Outcome<Vec<Running>> {
    Ok(snapshot()?.processes().values().map(Running::of).collect())
}

/// Every process whose program lies in this folder itself.
///
/// # Errors
/// When the processes cannot be listed.
pub fn running_in(folder: &Path) -> Outcome<Vec<Running>> {
    Ok(running()?.into_iter().filter(|one| one.program.parent() == Some(folder)).collect())
}

/// The name and number of every process whose arguments or environment contain `text`.
///
/// # Errors
/// When the processes cannot be listed.
pub fn processes_with(text: &str) -> Outcome<Vec<String>> {
    let holds = |word: &OsString| word.to_string_lossy().contains(text);
    let found = |one: &&Process| one.cmd().iter().chain(one.environ()).any(holds);
    let name = |one: &Process| format!("{} {}", one.name().display(), one.pid());
    Ok(snapshot()?.processes().values().filter(found).map(name).collect())
}

pub(crate) fn snapshot() -> Outcome<System> {
    let mut system = System::new()?;
    let always = UpdateKind::Always;
    let what = ProcessRefreshKind::nothing().with_exe(always).with_cmd(always);
    let what = what.with_environ(always).without_tasks();
    if system.refresh_processes_specifics(ProcessesToUpdate::All, true, what) == 0 {
        return Err("the processes cannot be listed".into());
    }
    Ok(system)
}
