//! The director: plays a day's file with the two fake programs under their true names, and ends
//! them all when it ends.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, BufRead, Lines, StdinLock, Write, stdin, stdout};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use clap::Parser;
use deskside_fake_quickbooks::day::{Day, Deed, Role, Step, dated};
use deskside_fake_quickbooks::orders::{QuickBooksOrder, WebConnectorOrder};
use deskside_fake_quickbooks::player::Player;
use jiff::civil::{Date, Time};

/// Plays a day at the QuickBooks computer.
#[derive(Parser)]
struct Arguments {
    /// The day's file.
    file: PathBuf,
    /// How many times faster than life.
    #[arg(long, default_value_t = 600.0)]
    speed: f64,
    /// Play the next step on each line of standard input instead, and stop when it ends.
    #[arg(long)]
    step: bool,
    /// Where the programs are copied to; a temporary folder, if it is not given.
    #[arg(long)]
    folder: Option<PathBuf>,
    /// Date the log by the file's times on this day instead of by the clock.
    #[arg(long)]
    date: Option<Date>,
}

fn main() -> io::Result<()> {
    let arguments = Arguments::parse();
    let day = Day::parse(&fs::read_to_string(&arguments.file)?)?;
    let mut pace = Pace::new(&arguments, &day);
    // It goes when the programs in it are gone: the stage is dropped first.
    let temporary = tempfile::tempdir()?;
    let folder = arguments.folder.as_deref().unwrap_or(temporary.path());
    let mut stage = Stage::new(&day, folder, arguments.date)?;
    for step in &day.steps {
        if !pace.wait_for(step.at)? {
            break;
        }
        stage.play(step)?;
        writeln!(stdout(), "{} {}: done", step.at, step.program)?;
    }
    stage.end()
}

/// When the next step is due.
enum Pace {
    /// At its time, counted from the first step.
    Clock { began: Instant, first: Time, speed: f64 },
    /// When it is asked for.
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

    /// False when there shall be no more steps.
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

/// The programs that take part.
struct Stage<'a> {
    date: Option<Date>,
    /// Under their labels.
    copies: BTreeMap<&'a str, (PathBuf, &'a Role)>,
    /// Those that run.
    players: BTreeMap<&'a str, Player>,
}

impl<'a> Stage<'a> {
    /// The fake programs lie beside this one.
    fn new(day: &'a Day, folder: &Path, date: Option<Date>) -> io::Result<Self> {
        let mut built = std::env::current_exe()?;
        built.pop();
        let mut copies = BTreeMap::new();
        for (label, role) in &day.programs {
            let name = role.name.as_deref().unwrap_or(label);
            copies.insert(label.as_str(), (role.part.copy(&built, folder, name)?, role));
        }
        Ok(Self { date, copies, players: BTreeMap::new() })
    }

    fn play(&mut self, step: &'a Step) -> io::Result<()> {
        let label = step.program.as_str();
        match &step.deed {
            Deed::Start => self.start(label),
            Deed::End => self.player(label).and_then(Player::end).map(drop),
            Deed::QuickBooks(order @ QuickBooksOrder::Exit { .. }) => self.dismiss(label, order),
            Deed::WebConnector(order @ WebConnectorOrder::Exit { .. }) => {
                self.dismiss(label, order)
            }
            Deed::QuickBooks(order) => self.order(label, order),
            Deed::WebConnector(order) => match self.date {
                Some(date) => self.order(label, &dated(order.clone(), date, step.at)),
                None => self.order(label, order),
            },
        }
    }

    fn start(&mut self, label: &'a str) -> io::Result<()> {
        let (copy, role) = self.copies.get(label).ok_or_else(|| not_there(label))?;
        self.players.insert(label, Player::start(copy, &role.arguments)?);
        Ok(())
    }

    fn order(&mut self, label: &str, order: &impl serde::Serialize) -> io::Result<()> {
        self.players.get_mut(label).ok_or_else(|| not_there(label))?.obey(order)
    }

    fn dismiss(&mut self, label: &str, order: &impl serde::Serialize) -> io::Result<()> {
        let mut player = self.player(label)?;
        player.obey(order)?;
        player.end().map(drop)
    }

    fn player(&mut self, label: &str) -> io::Result<Player> {
        self.players.remove(label).ok_or_else(|| not_there(label))
    }

    fn end(self) -> io::Result<()> {
        self.players.into_values().try_for_each(|player| player.end().map(drop))
    }
}

fn not_there(label: &str) -> io::Error {
    io::Error::other(format!("{label} does not run."))
}
