//! Measures the CPU time of one probe of this computer's programs: of a usual one, and of a first one, which
//! reads every process. Both are compared with a bare list of processes by a library; prints one line of JSON,
//! in milliseconds.
//!
//! `pass 300` first starts this many idle processes, about as many as a desktop in use has.

use std::error::Error;
use std::io::{Read, Write, stdin, stdout};
use std::process::{Child, Command, Stdio};

use deskside_os::probe::Processes;
use serde_json::json;
use sysinfo::{Pid, ProcessRefreshKind, ProcessesToUpdate, System, get_current_pid};

type RunOutcome<T = ()> = Result<T, Box<dyn Error>>;

/// How often each is measured, so that the system's clock resolution of 16 milliseconds does not matter.
const ROUNDS: u32 = 200;

/// Makes a copy of this program idle until its standard input ends.
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
    // The first call of each opens handles that are kept.
    processes.probe();
    let seen = refresh();

    let before = spent(this)?;
    for _ in 0..ROUNDS {
        processes.probe();
    }
    let looked = spent(this)?;
    for _ in 0..ROUNDS {
        Processes::new().probe();
    }
    let looked_at_all = spent(this)?;
    for _ in 0..ROUNDS {
        refresh();
    }
    let listed = spent(this)?;
    let each = |from: u64, to: u64| {
        let spent = u32::try_from(to.saturating_sub(from)).unwrap_or(u32::MAX);
        f64::from(spent) / f64::from(ROUNDS)
    };
    let (look, full_look) = (each(before, looked), each(looked, looked_at_all));
    let list = each(looked_at_all, listed);
    let line = json!({
        "processes": seen, "looks": ROUNDS, "look_ms": look, "full_look_ms": full_look,
        "list_ms": list, "ratio": look / list, "full_ratio": full_look / list,
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

/// The CPU time of this process so far, in milliseconds.
fn spent(this: Pid) -> RunOutcome<u64> {
    let mut system = System::new()?;
    let what = ProcessRefreshKind::nothing().with_cpu().without_tasks();
    system.refresh_processes_specifics(ProcessesToUpdate::Some(&[this]), true, what);
    let process = system.process(this).ok_or("this process is not listed")?;
    Ok(process.accumulated_cpu_time())
}
