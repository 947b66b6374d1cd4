//! The fake Web Connector: its state between two orders, and how it executes them.

use std::collections::VecDeque;
use std::io;
use std::ops::ControlFlow;
use std::path::PathBuf;

use jiff::Timestamp;

use crate::desktop::{Desktop, MainWindow};
use crate::log::{self, Record};
use crate::orders::{Level, QuickBooksOrder, Sharing, Shown, WebConnectorOrder};
use crate::run::{self, Run, Step};
use crate::serve::OrderResult;
use crate::settings::Settings;

const TITLE: &str = "QuickBooks Web Connector";

/// A running Web Connector. Its window is hidden at first.
#[derive(Debug)]
pub struct Connector {
    desktop: Desktop,
    settings: Settings,
    /// Read once: a change applies after a restart.
    level: Level,
    log: Option<Log>,
    /// Records of the last run that are not written yet.
    pending: VecDeque<(Step, Record)>,
}

#[derive(Debug)]
struct Log {
    path: PathBuf,
    version: String,
    sharing: Sharing,
}

impl Connector {
    /// Starts it as it starts with Windows: in the tray, with a hidden window.
    ///
    /// Assumed: the class, which is how .NET names such windows.
    ///
    /// # Errors
    /// If a real Web Connector's registry key exists or a window cannot be created.
    pub fn start() -> io::Result<Self> {
        let settings = Settings::open()?;
        let class = "WindowsForms10.Window.8.app.0.141b42a_r9_ad1";
        let desktop = Desktop::start(MainWindow { class, hidden_title: Some(TITLE) })?;
        let level = settings.level();
        Ok(Self { desktop, settings, level, log: None, pending: VecDeque::new() })
    }

    /// Executes one order.
    ///
    /// # Errors
    /// If it cannot be executed. Further orders are possible.
    pub fn obey(&mut self, order: WebConnectorOrder) -> OrderResult {
        match order {
            WebConnectorOrder::Show => self.show(Shown::Open)?,
            WebConnectorOrder::Hide => self.show(Shown::Hidden)?,
            WebConnectorOrder::Log { path, at, version, sharing } => {
                self.log = Some(Log { path, version, sharing });
                self.create_log(at, false)?;
            }
            WebConnectorOrder::ClearLog { at } => self.create_log(at, true)?,
            WebConnectorOrder::Level(level) => self.settings.set_level(level)?,
            WebConnectorOrder::Application { name, values } => self.settings.add(&name, &values)?,
            WebConnectorOrder::RemoveApplication { name } => self.settings.remove(&name)?,
            WebConnectorOrder::Run(run) => self.run(&run)?,
            WebConnectorOrder::FinishRun => self.write_until(None)?,
            WebConnectorOrder::UpdateLock { locked } => self.settings.set_lock(locked)?,
            WebConnectorOrder::Forget => self.settings.delete()?,
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
        self.pending = run::records(run, Timestamp::now(), self.level, &version).into();
        // The registry shows a run even at a log level that does not.
        self.settings.set_lock(true)?;
        self.write_until(run.stop_after)
    }

    /// Writes the pending records, up to the end of a step.
    fn write_until(&mut self, last: Option<Step>) -> io::Result<()> {
        self.create_log(None, false)?;
        let is_due = |(step, _): &mut (Step, Record)| last.is_none_or(|last| *step <= last);
        while let Some((_, record)) = self.pending.pop_front_if(is_due) {
            let Log { path, sharing, .. } = self.log()?;
            log::append(path, &record.line(), *sharing)?;
        }
        if last.is_none_or(|last| last >= Step::Unlock) {
            self.settings.set_lock(false)?;
        }
        Ok(())
    }

    /// Creates the log with its header if it is missing; with `clear`, also if it exists.
    fn create_log(&self, at: Option<Timestamp>, clear: bool) -> io::Result<()> {
        let Log { path, version, .. } = self.log()?;
        if !clear && path.exists() {
            return Ok(());
        }
        let at = at.unwrap_or_else(Timestamp::now);
        log::create(path, &log::header(at, version, self.level))
    }

    fn log(&self) -> io::Result<&Log> {
        self.log
            .as_ref()
            .ok_or_else(|| io::Error::other("The order \"log\" must name the log first."))
    }
}
