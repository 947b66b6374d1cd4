//! Plays a day's file with the two fake programs under their real names, and ends them all when it
//! ends.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, BufRead, Lines, StdinLock, Write, stdin, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use clap::Parser;
use deskside_fake_quickbooks::day::{Action, Day, Program, Step, with_time};
use deskside_fake_quickbooks::orders::{QuickBooksOrder, WebConnectorOrder};
use deskside_fake_quickbooks::player::Player;
use jiff::civil::{Date, Time};

/// Plays a day at the QuickBooks computer with fake programs.
///
/// The programs fake-quickbooks and fake-web-connector must be in the same folder as this one.
#[derive(Parser)]
#[command(name = "fake-day", version, after_help = AFTER_HELP)]
struct Arguments {
    /// File of the day
    file: PathBuf,
    /// How many times faster than real time
    #[arg(long, value_name = "FACTOR", default_value_t = 600.0)]
    speed: f64,
    /// Play one step for each line of standard input, and stop when it closes
    #[arg(long)]
    step: bool,
    /// Folder to copy the programs to, instead of a temporary one
    #[arg(long)]
    folder: Option<PathBuf>,
    /// Write log records with the times of the file on this date, instead of the current time
    #[arg(long)]
    date: Option<Date>,
}

const AFTER_HELP: &str = "\
Exit codes:
  0  the day was played, or standard input closed (with --step)
  1  the file is wrong or a step failed
  2  the arguments are wrong

tests/fake-quickbooks/README.md describes the file.";

fn main() -> ExitCode {
    match play(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nobody reads standard error if it is closed; the exit code remains.
            drop(writeln!(io::stderr(), "fake-day: {error}"));
            ExitCode::FAILURE
        }
    }
}

fn play(arguments: &Arguments) -> io::Result<()> {
    let file = &arguments.file;
    let in_file =
        |error: &dyn std::fmt::Display| io::Error::other(format!("{}: {error}", file.display()));
    let text = fs::read_to_string(file).map_err(|error| in_file(&error))?;
    let day = Day::parse(&text).map_err(|error| in_file(&error))?;
    let mut pace = Pace::new(arguments, &day);
    // Dropped after the programs, because their files cannot be deleted while they run.
    let temporary = tempfile::tempdir()?;
    let folder = arguments.folder.as_deref().unwrap_or(temporary.path());
    let mut programs = Programs::new(&day, folder, arguments.date)?;
    for step in &day.steps {
        if !pace.wait_for(step.at)? {
            break;
        }
        programs.play(step)?;
        writeln!(stdout(), "{} {}: done", step.at, step.program)?;
    }
    programs.end()
}

/// Determines when the next step is due.
enum Pace {
    /// At its time, counted from the first step.
    Clock { began: Instant, first: Time, speed: f64 },
    /// At the next line.
    Lines(Lines<StdinLock<'static>>),
}

impl Pace {
    fn new(arguments: &Arguments, day: &Day) -> Self {
        if arguments.step {
            return Self::Lines(stdin().lock().lines());
        }
        let first = day.steps.first().map_or(Time::midnight(), |step| step.at);
        Self::Clock { began: Instant::now(), first, speed: arguments.speed.max(1.0) }
    }

    /// Waits until the step is due. Returns false if no more steps are to be played.
    fn wait_for(&mut self, at: Time) -> io::Result<bool> {
        match self {
            Self::Lines(lines) => lines.next().transpose().map(|line| line.is_some()),
            Self::Clock { began, first, speed } => {
                let since: Duration = at.duration_since(*first).unsigned_abs();
                let due = *began + since.div_f64(*speed);
                thread::sleep(due.saturating_duration_since(Instant::now()));
                Ok(true)
            }
        }
    }
}

/// The programs of the day.
struct Programs<'a> {
    date: Option<Date>,
    /// All executables, by label.
    copies: BTreeMap<&'a str, (PathBuf, &'a Program)>,
    /// The running programs, by label.
    players: BTreeMap<&'a str, Player>,
}

impl<'a> Programs<'a> {
    fn new(day: &'a Day, folder: &Path, date: Option<Date>) -> io::Result<Self> {
        let mut built = std::env::current_exe()?;
        built.pop();
        let mut copies = BTreeMap::new();
        for (label, program) in &day.programs {
            let name = program.name.as_deref().unwrap_or(label);
            copies.insert(label.as_str(), (program.part.copy(&built, folder, name)?, program));
        }
        Ok(Self { date, copies, players: BTreeMap::new() })
    }

    fn play(&mut self, step: &'a Step) -> io::Result<()> {
        let label = step.program.as_str();
        match &step.action {
            Action::Start => self.start(label),
            Action::End => self.player(label).and_then(Player::end).map(drop),
            Action::QuickBooks(order @ QuickBooksOrder::Exit { .. }) => self.exit(label, order),
            Action::WebConnector(order @ WebConnectorOrder::Exit { .. }) => self.exit(label, order),
            Action::QuickBooks(order) => self.order(label, order),
            Action::WebConnector(order) => match self.date {
                Some(date) => self.order(label, &with_time(order.clone(), date, step.at)),
                None => self.order(label, order),
            },
        }
    }

    fn start(&mut self, label: &'a str) -> io::Result<()> {
        let (copy, program) = self.copies.get(label).ok_or_else(|| not_running(label))?;
        self.players.insert(label, Player::start(copy, &program.arguments)?);
        Ok(())
    }

    fn order(&mut self, label: &str, order: &impl serde::Serialize) -> io::Result<()> {
        self.players.get_mut(label).ok_or_else(|| not_running(label))?.obey(order)
    }

    fn exit(&mut self, label: &str, order: &impl serde::Serialize) -> io::Result<()> {
        let mut player = self.player(label)?;
        player.obey(order)?;
        player.end().map(drop)
    }

    fn player(&mut self, label: &str) -> io::Result<Player> {
        self.players.remove(label).ok_or_else(|| not_running(label))
    }

    fn end(self) -> io::Result<()> {
        self.players.into_values().try_for_each(|player| player.end().map(drop))
    }
}

fn not_running(label: &str) -> io::Error {
    io::Error::other(format!("{label} does not run."))
}
