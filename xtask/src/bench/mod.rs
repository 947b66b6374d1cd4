//! Deskside compared with a bare tray app, measured on the same desktop in the same run.
//!
//! An absolute figure would say more about the computer than about Deskside. The floor
//! (`tests/floor`) is a bare tray app made from the same libraries: the difference is what Deskside
//! costs. A missed goal is reported and is no failure, because the computer may be slow.

mod crowd;
mod desktop;
mod process;
mod report;

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::command::{Output, cargo};
use crate::outcome::Outcome;
use crate::terminal::print;
use crate::{page, paths, setup};
use crowd::Crowd;
use desktop::{Desktop, Guard};
use process::CpuMeter;
use report::{Figures, Rest};

/// Until an app that has just started has loaded, drawn and freed everything.
const SETTLING: Duration = Duration::from_secs(20);
/// Long enough for several of Deskside's rounds, which come every 15 seconds.
const MEASURED: Duration = Duration::from_secs(60);
/// Processes besides those of a bare system. A desktop in use has about as many.
const CROWD: usize = 300;
const STARTS: usize = 10;
const HANDOFFS: usize = 20;
/// A link without effect: no attempt has this state, so no window opens and nothing is asked.
const LINK: &str = "deskside://return?state=x";

/// One of the two apps.
#[derive(Clone)]
struct Candidate {
    name: &'static str,
    program: PathBuf,
    arguments: &'static [&'static str],
    /// The program that is started a second time with a link.
    receiver: PathBuf,
}

/// Measures, prints and writes `bench.json`.
pub(crate) fn bench() -> Outcome {
    let mut output = Output::terminal();
    setup::setup(&mut output)?;
    page::build(&mut output)?;
    // One by one, so that neither gets features that only the other needs.
    output.run(&mut cargo(["build", "--release", "--package", "deskside-app"]))?;
    output.run(&mut cargo(["build", "--release", "--package", "deskside-floor"]))?;

    let built = |name: &str| paths::target().join("release").join(name);
    let floor = Candidate {
        name: "floor",
        program: built("deskside-floor"),
        arguments: &[],
        receiver: built("deskside-floor-handoff"),
    };
    let deskside = Candidate {
        name: "deskside",
        program: built("deskside"),
        arguments: &["--background"],
        receiver: built("deskside"),
    };
    let desktop = Desktop::start(&built("tray-watcher"))?;
    let crowd = Crowd::start(&desktop, CROWD)?;
    let [floor, deskside] = measure(&desktop, [floor, deskside])?;
    drop(crowd);
    report::report(&floor, &deskside)
}

fn measure(desktop: &Desktop, both: [Candidate; 2]) -> Outcome<[Figures; 2]> {
    print("start to tray …\n")?;
    let [floor_starts, deskside_starts] = starts(desktop, &both)?;
    let [floor, deskside] = both;
    print("at rest …\n")?;
    // Another app with the same libraries in memory. Without it, everything read from them would
    // count as private, and the figures would depend on what else happens to run.
    let neighbor = Candidate { name: "neighbor", program: floor.receiver.clone(), ..floor.clone() };
    let (_, neighbor) = start(desktop, &neighbor)?;
    let rests = [rest(desktop, &floor)?, rest(desktop, &deskside)?];
    drop(neighbor);
    print("links to a running app …\n")?;
    let handoffs = [handoffs(desktop, &floor)?, handoffs(desktop, &deskside)?];

    let ([floor_rest, deskside_rest], [floor_handoffs, deskside_handoffs]) = (rests, handoffs);
    Ok([
        figures(&floor, floor_starts, floor_rest, floor_handoffs)?,
        figures(&deskside, deskside_starts, deskside_rest, deskside_handoffs)?,
    ])
}

fn figures(
    of: &Candidate,
    starts: Vec<Duration>,
    rest: Rest,
    handoffs: Vec<Duration>,
) -> Outcome<Figures> {
    let program_bytes = of.program.metadata()?.len();
    Ok(Figures { name: of.name, rest, starts, handoffs, program_bytes })
}

fn starts(desktop: &Desktop, both: &[Candidate; 2]) -> Outcome<[Vec<Duration>; 2]> {
    let mut times = [Vec::new(), Vec::new()];
    // The first start of each reads the disk and creates folders; it does not count.
    for round in 0..=STARTS {
        // In turns, so that whatever else the computer does affects both.
        for (candidate, times) in both.iter().zip(&mut times) {
            let (time, app) = start(desktop, candidate)?;
            drop(app);
            if round > 0 {
                times.push(time);
            }
        }
    }
    Ok(times)
}

/// Starts it and waits until its icon is in the tray.
fn start(desktop: &Desktop, candidate: &Candidate) -> Outcome<(Duration, Guard)> {
    let mut command = desktop.command(&candidate.program, candidate.name)?;
    command.args(candidate.arguments).stdin(Stdio::null()).stdout(Stdio::null());
    desktop.forget_icons();
    let began = Instant::now();
    let app = Guard(command.spawn()?);
    let shown = desktop.wait_for_icon().map_err(|why| format!("{}: {why}", candidate.name))?;
    Ok((shown.saturating_duration_since(began), app))
}

fn rest(desktop: &Desktop, candidate: &Candidate) -> Outcome<Rest> {
    let (_, app) = start(desktop, candidate)?;
    sleep(SETTLING);
    let tree = process::tree(app.0.id())?;
    let memory = process::memory(&tree)?;
    let mut meter = CpuMeter::begin(app.0.id())?;
    let began = Instant::now();
    while began.elapsed() < MEASURED {
        // The time of a thread is lost when it ends, so sample often. Sampling costs the app nothing.
        sleep(Duration::from_secs(1));
        meter.sample()?;
    }
    Ok(Rest { memory, processes: tree.len(), cpu: meter.end()? })
}

/// The lifetime of a second copy that is started with a link.
fn handoffs(desktop: &Desktop, candidate: &Candidate) -> Outcome<Vec<Duration>> {
    let mut command = desktop.command(&candidate.receiver, candidate.name)?;
    command.args(candidate.arguments).stdin(Stdio::null()).stdout(Stdio::null());
    desktop.forget_icons();
    let mut first = Guard(command.spawn()?);
    desktop.wait_for_icon().map_err(|why| format!("{}: {why}", candidate.name))?;
    sleep(Duration::from_secs(2));

    let mut times = Vec::new();
    for round in 0..=HANDOFFS {
        let mut second = desktop.command(&candidate.receiver, candidate.name)?;
        second.arg(LINK).stdin(Stdio::null()).stdout(Stdio::null());
        let time = lifetime(&mut second)?;
        if first.0.try_wait()?.is_some() {
            return Err(format!("{} ended while links were handed over", candidate.name).into());
        }
        if round > 0 {
            times.push(time);
        }
    }
    Ok(times)
}

fn lifetime(command: &mut Command) -> Outcome<Duration> {
    let began = Instant::now();
    let mut child: Child = command.spawn()?;
    let status = child.wait()?;
    let time = began.elapsed();
    if status.success() { Ok(time) } else { Err(format!("a second copy failed ({status})").into()) }
}
