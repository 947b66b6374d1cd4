//! What one look at this computer's programs costs, and what the operating system's bare list of
//! processes costs beside it: one line of JSON, in milliseconds of the processor.
//!
//! `pass 300` first starts so many processes that do nothing: a desktop in use has about as many.

use std::error::Error;
use std::io::{Read, Write, stdin, stdout};
use std::process::{Child, Command, Stdio};

use deskside_os::probe::Processes;
use serde_json::json;
use sysinfo::{Pid, ProcessRefreshKind, ProcessesToUpdate, System, get_current_pid};

type RunOutcome<T = ()> = Result<T, Box<dyn Error>>;

/// Enough that the system's clock of 16 milliseconds does not matter.
const LOOKS: u32 = 200;

/// Makes a copy of this program do nothing until its standard input ends.
const IDLE: &str = "--idle";

fn main() -> RunOutcome {
    match std::env::args().nth(1) {
        Some(word) if word == IDLE => Ok(stdin().read_to_end(&mut Vec::new()).map(drop)?),
        Some(number) => measure(number.parse()?),
        None => measure(0),
    }
}

fn measure(crowd: usize) -> RunOutcome {
    let mut crowd = (0..crowd).map(|_| idle()).collect::<RunOutcome<Vec<Child>>>()?;
    let this = get_current_pid()?;
    let (mut processes, mut list) = (Processes::new(), System::new()?);
    let names_only = ProcessRefreshKind::nothing().without_tasks();
    let mut refresh = || list.refresh_processes_specifics(ProcessesToUpdate::All, true, names_only);
    // The first of each opens what is kept from then on.
    processes.probe();
    let seen = refresh();

    let before = spent(this)?;
    for _ in 0..LOOKS {
        processes.probe();
    }
    let between = spent(this)?;
    for _ in 0..LOOKS {
        refresh();
    }
    let after = spent(this)?;
    let each = |spent: u64| f64::from(u32::try_from(spent).unwrap_or(u32::MAX)) / f64::from(LOOKS);
    let (look, list) = (each(between.saturating_sub(before)), each(after.saturating_sub(between)));
    let line = json!({
        "processes": seen, "looks": LOOKS, "look_ms": look, "list_ms": list, "ratio": look / list,
    });
    writeln!(stdout(), "{line}")?;
    for child in &mut crowd {
        drop(child.stdin.take());
        child.wait()?;
    }
    Ok(())
}

fn idle() -> RunOutcome<Child> {
    let mut copy = Command::new(std::env::current_exe()?);
    Ok(copy.arg(IDLE).stdin(Stdio::piped()).stdout(Stdio::null()).spawn()?)
}

/// What this process has had of the processor so far, in milliseconds.
fn spent(this: Pid) -> RunOutcome<u64> {
    let mut system = System::new()?;
    let what = ProcessRefreshKind::nothing().with_cpu().without_tasks();
    system.refresh_processes_specifics(ProcessesToUpdate::Some(&[this]), true, what);
    let process = system.process(this).ok_or("this process is not listed")?;
    Ok(process.accumulated_cpu_time())
}
