//! Deskside beside the least that such an app can be, measured on the same desktop in the same run.
//!
//! An absolute figure would say more about the computer than about Deskside. The floor
//! (`tests/floor`) is a bare tray app made from the same parts: the difference is what Deskside
//! costs. Nothing here fails because a goal is missed; a slow computer is no fault of the code.

mod crowd;
mod desktop;
mod process;
mod report;

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::run::{Output, cargo};
use crate::{Outcome, place, say, setup, ui};
use crowd::Crowd;
use desktop::{Desktop, Ended};
use process::CpuWatch;
use report::{Figures, Rest};

/// After the start something may still be loaded, drawn or given back.
const SETTLING: Duration = Duration::from_secs(20);
/// Long enough to see several of Deskside's rounds, which come every 15 seconds.
const WATCHED: Duration = Duration::from_secs(60);
/// How many processes run besides the ones of a bare system; a desktop in use has about as many.
const CROWD: usize = 300;
const STARTS: usize = 10;
const HANDOFFS: usize = 20;
/// A link that goes nowhere: nobody waits for this state, so no window opens and nothing is asked.
const LINK: &str = "deskside://return?state=x";

/// One of the two apps.
#[derive(Clone)]
struct Candidate {
    name: &'static str,
    program: PathBuf,
    arguments: &'static [&'static str],
    /// The program whose second copy hands its link over.
    receiver: PathBuf,
}

/// Measures, prints and writes `bench.json`.
pub(crate) fn bench() -> Outcome {
    let mut output = Output::Terminal;
    setup::setup(&mut output)?;
    ui::build(&mut output)?;
    // Apart, so that neither gets features that only the other asks for.
    output.run(&mut cargo(["build", "--release", "--package", "deskside-app"]))?;
    output.run(&mut cargo(["build", "--release", "--package", "deskside-floor"]))?;

    let built = |name: &str| place::target().join("release").join(name);
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
    let crowd = Crowd::gather(&desktop, CROWD)?;
    let [floor, deskside] = measure(&desktop, [floor, deskside])?;
    drop(crowd);
    report::report(&floor, &deskside)
}

fn measure(desktop: &Desktop, both: [Candidate; 2]) -> Outcome<[Figures; 2]> {
    say("start to tray …\n")?;
    let [floor_starts, deskside_starts] = starts(desktop, &both)?;
    let [floor, deskside] = both;
    say("at rest …\n")?;
    // Another app with the same libraries in memory. Without one, all that is read of them would
    // count as private; with whatever happens to run, the figures would depend on it.
    let neighbour =
        Candidate { name: "neighbour", program: floor.receiver.clone(), ..floor.clone() };
    let (_, neighbour) = start(desktop, &neighbour)?;
    let rests = [rest(desktop, &floor)?, rest(desktop, &deskside)?];
    drop(neighbour);
    say("handing links over …\n")?;
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
    // The first start of each reads the disk and makes the folders; it does not count.
    for round in 0..=STARTS {
        // In turns, so that whatever else the computer does meets both.
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
fn start(desktop: &Desktop, candidate: &Candidate) -> Outcome<(Duration, Ended)> {
    let mut command = desktop.command(&candidate.program, candidate.name)?;
    command.args(candidate.arguments).stdin(Stdio::null()).stdout(Stdio::null());
    desktop.forget_icons();
    let began = Instant::now();
    let app = Ended(command.spawn()?);
    let shown = desktop.icon_shown().map_err(|why| format!("{}: {why}", candidate.name))?;
    Ok((shown.saturating_duration_since(began), app))
}

fn rest(desktop: &Desktop, candidate: &Candidate) -> Outcome<Rest> {
    let (_, app) = start(desktop, candidate)?;
    sleep(SETTLING);
    let tree = process::tree(app.0.id())?;
    let memory = process::memory(&tree)?;
    let mut watch = CpuWatch::begin(app.0.id())?;
    let began = Instant::now();
    while began.elapsed() < WATCHED {
        // A thread's time goes when the thread goes, so look often; looking costs us, not the app.
        sleep(Duration::from_secs(1));
        watch.look()?;
    }
    Ok(Rest { memory, processes: tree.len(), cpu: watch.end()? })
}

/// How long a second copy lives that was started with a link.
fn handoffs(desktop: &Desktop, candidate: &Candidate) -> Outcome<Vec<Duration>> {
    let mut command = desktop.command(&candidate.receiver, candidate.name)?;
    command.args(candidate.arguments).stdin(Stdio::null()).stdout(Stdio::null());
    desktop.forget_icons();
    let mut first = Ended(command.spawn()?);
    desktop.icon_shown().map_err(|why| format!("{}: {why}", candidate.name))?;
    sleep(Duration::from_secs(2));

    let mut times = Vec::new();
    for round in 0..=HANDOFFS {
        let mut second = desktop.command(&candidate.receiver, candidate.name)?;
        second.arg(LINK).stdin(Stdio::null()).stdout(Stdio::null());
        let time = life(&mut second)?;
        if first.0.try_wait()?.is_some() {
            return Err(format!("{} ended while links were handed over", candidate.name).into());
        }
        if round > 0 {
            times.push(time);
        }
    }
    Ok(times)
}

fn life(command: &mut Command) -> Outcome<Duration> {
    let began = Instant::now();
    let mut child: Child = command.spawn()?;
    let status = child.wait()?;
    let time = began.elapsed();
    if status.success() { Ok(time) } else { Err(format!("a second copy failed ({status})").into()) }
}
