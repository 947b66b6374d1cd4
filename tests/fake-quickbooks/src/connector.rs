//! The fake Web Connector: what it remembers between two orders, and how it obeys them.

use std::collections::VecDeque;
use std::io;
use std::ops::ControlFlow;
use std::path::PathBuf;

use jiff::Timestamp;

use crate::desktop::{Desktop, Frame};
use crate::log::{self, Record};
use crate::orders::{Level, QuickBooksOrder, Shown, WebConnectorOrder};
use crate::run::{self, Run, Step};
use crate::serve::Outcome;
use crate::settings::Settings;

const TITLE: &str = "QuickBooks Web Connector";

/// A Web Connector that runs, out of sight.
#[derive(Debug)]
pub struct Connector {
    desktop: Desktop,
    settings: Settings,
    /// Read once: a change counts from the next start.
    level: Level,
    log: Option<Log>,
    /// What an order has kept back of the last run.
    left: VecDeque<(Step, Record)>,
}

#[derive(Debug)]
struct Log {
    path: PathBuf,
    version: String,
}

impl Connector {
    /// Starts it as it starts with Windows: in the tray, with a hidden window.
    ///
    /// Assumed: the class, which is what .NET names such windows.
    ///
    /// # Errors
    /// When there is a real one's registry key, or no window can be made.
    pub fn start() -> io::Result<Self> {
        let settings = Settings::open()?;
        let class = "WindowsForms10.Window.8.app.0.141b42a_r9_ad1";
        let desktop = Desktop::start(Frame { class, hidden_title: Some(TITLE) })?;
        let level = settings.level();
        Ok(Self { desktop, settings, level, log: None, left: VecDeque::new() })
    }

    /// Carries out one order.
    ///
    /// # Errors
    /// When it cannot be carried out; what is remembered stays usable.
    pub fn obey(&mut self, order: WebConnectorOrder) -> Outcome {
        match order {
            WebConnectorOrder::Show => self.show(Shown::Open)?,
            WebConnectorOrder::Hide => self.show(Shown::Hidden)?,
            WebConnectorOrder::Log { path, at, version } => {
                self.log = Some(Log { path, version });
                self.make_log(at, false)?;
            }
            WebConnectorOrder::ClearLog { at } => self.make_log(at, true)?,
            WebConnectorOrder::Level(level) => self.settings.set_level(level)?,
            WebConnectorOrder::Application { name, values } => self.settings.add(&name, &values)?,
            WebConnectorOrder::RemoveApplication { name } => self.settings.remove(&name)?,
            WebConnectorOrder::Run(run) => self.run(&run)?,
            WebConnectorOrder::FinishRun => self.write_until(None)?,
            WebConnectorOrder::UpdateLock { locked } => self.settings.set_lock(locked)?,
            WebConnectorOrder::Forget => self.settings.forget()?,
            WebConnectorOrder::Hang { seconds } => {
                self.desktop.obey(QuickBooksOrder::Hang { seconds })?;
            }
            WebConnectorOrder::Wake => self.desktop.obey(QuickBooksOrder::Wake)?,
            WebConnectorOrder::Exit { code } => return Ok(ControlFlow::Break(code)),
        }
        Ok(ControlFlow::Continue(()))
    }

    fn show(&self, shown: Shown) -> io::Result<()> {
        self.desktop.obey(QuickBooksOrder::Main { title: TITLE.into(), shown })
    }

    fn run(&mut self, run: &Run) -> io::Result<()> {
        let version = self.log()?.version.clone();
        self.left = run::records(run, Timestamp::now(), self.level, &version).into();
        // The registry tells of a run even where the log does not.
        self.settings.set_lock(true)?;
        self.write_until(run.stop_after)
    }

    /// Writes record by record, up to the end of a step.
    fn write_until(&mut self, last: Option<Step>) -> io::Result<()> {
        self.make_log(None, false)?;
        let is_due = |(step, _): &mut (Step, Record)| last.is_none_or(|last| *step <= last);
        while let Some((_, record)) = self.left.pop_front_if(is_due) {
            log::append(&self.log()?.path, &record.line())?;
        }
        if last.is_none_or(|last| last >= Step::Unlock) {
            self.settings.set_lock(false)?;
        }
        Ok(())
    }

    /// Makes the log with its header: where it is missing, or anew.
    fn make_log(&self, at: Option<Timestamp>, anew: bool) -> io::Result<()> {
        let Log { path, version } = self.log()?;
        if !anew && path.exists() {
            return Ok(());
        }
        let at = at.unwrap_or_else(Timestamp::now);
        log::begin(path, &log::header(at, version, self.level))
    }

    fn log(&self) -> io::Result<&Log> {
        self.log.as_ref().ok_or_else(|| io::Error::other("It was not told where its log is."))
    }
}
