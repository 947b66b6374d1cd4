//! The list of processes, as any program of the same user can read it.

use std::path::{Path, PathBuf};

use sysinfo::{Process, ProcessRefreshKind, ProcessesToUpdate, System, UpdateKind};

use crate::{Play, eventually};

/// A process.
#[derive(Clone, Debug)]
pub struct Running {
    /// Its number.
    pub id: u32,
    /// Its program.
    pub program: PathBuf,
    /// What it was started with, the program's name first.
    pub arguments: Vec<String>,
}

impl Running {
    fn of(process: &Process) -> Self {
        let arguments = process.cmd().iter().map(|word| word.to_string_lossy().into_owned());
        Self {
            id: process.pid().as_u32(),
            program: process.exe().map(Path::to_owned).unwrap_or_default(),
            arguments: arguments.collect(),
        }
    }
}

/// Every process whose program lies in this folder itself.
///
/// # Errors
/// When the processes cannot be listed.
pub fn running(folder: &Path) -> Play<Vec<Running>> {
    Ok(all()?.into_iter().filter(|one| one.program.parent() == Some(folder)).collect())
}

/// The processes that anybody can see to have been started with this text, ourselves left out.
///
/// # Errors
/// When the processes cannot be listed.
pub fn command_lines_with(text: &str) -> Play<Vec<Running>> {
    let has = |one: &Running| one.arguments.iter().any(|word| word.contains(text));
    Ok(all()?.into_iter().filter(|one| one.id != std::process::id() && has(one)).collect())
}

fn all() -> Play<Vec<Running>> {
    let processes = snapshot()?;
    Ok(processes.processes().values().map(Running::of).collect())
}

fn snapshot() -> Play<System> {
    let mut system = System::new()?;
    let always = UpdateKind::Always;
    let what = ProcessRefreshKind::nothing().with_exe(always).with_cmd(always).without_tasks();
    if system.refresh_processes_specifics(ProcessesToUpdate::All, true, what) == 0 {
        return Err("the processes cannot be listed".into());
    }
    Ok(system)
}

/// Ends every process whose program lies in this folder itself, and waits until they are gone.
pub(crate) fn end_all_in(folder: &Path) -> Play {
    eventually(&format!("what runs in {} has ended", folder.display()), || {
        let system = snapshot()?;
        let of_folder = |process: &&Process| process.exe().and_then(Path::parent) == Some(folder);
        let found: Vec<_> = system.processes().values().filter(of_folder).collect();
        for process in &found {
            // One that cannot be ended is found again the next time round.
            process.kill();
        }
        Ok(found.is_empty().then_some(()))
    })
}
