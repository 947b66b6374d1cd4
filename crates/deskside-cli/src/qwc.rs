//! `qwc inspect`: what a setup file will make the Web Connector do, and what is wrong with it.
//!
//! The file itself stays private: neither its user name nor its identifiers nor the path of its address
//! are printed.

use std::path::Path;

use deskside_webconnector::{Interval, Mistake, SetupFile, Unattended};
use serde::Serialize;

use crate::arguments::QwcCommand;
use crate::input::{open, read_at_most};
use crate::output::{CommandFailure, document, line};

/// No setup file has more than a few kilobytes.
const LONGEST: u64 = 1024 * 1024;

/// The document of `qwc inspect --json`.
#[derive(Debug, Serialize)]
struct Inspection<'a> {
    schema: u32,
    /// The Web Connector takes it.
    works: bool,
    app: Option<&'a str>,
    host: Option<&'a str>,
    /// Seconds between two calls.
    every_seconds: Option<u64>,
    read_only: bool,
    unattended: Option<&'static str>,
    point_of_sale: bool,
    mistakes: Vec<MistakeInWords>,
}

#[derive(Debug, Serialize)]
struct MistakeInWords {
    code: &'static str,
    element: &'static str,
    stops: bool,
    sentence: String,
}

impl<'a> Inspection<'a> {
    fn of(file: &'a SetupFile) -> Self {
        let seconds = |schedule| match schedule {
            Interval::Minutes(minutes) => u64::from(minutes) * 60,
            Interval::Seconds(seconds) => u64::from(seconds),
        };
        let in_words = |mistake: &Mistake| MistakeInWords {
            code: mistake.code(),
            element: mistake.element(),
            stops: mistake.stops(),
            sentence: sentence(*mistake),
        };
        Self {
            schema: 1,
            works: file.works(),
            app: file.app.as_deref(),
            host: file.host.as_deref(),
            every_seconds: file.schedule.map(seconds),
            read_only: file.read_only,
            unattended: file.unattended.map(|unattended| match unattended {
                Unattended::Required => "required",
                Unattended::Optional => "optional",
            }),
            point_of_sale: file.point_of_sale,
            mistakes: file.mistakes.iter().map(in_words).collect(),
        }
    }
}

pub(crate) fn run(command: QwcCommand) -> Result<u8, CommandFailure> {
    let QwcCommand::Inspect { file, json } = command;
    let name = file.display();
    let bytes = read(&file)?;
    let setup = SetupFile::read(&bytes)
        .map_err(|why| CommandFailure::new(format!("{name} is no setup file"), why))?;
    if json {
        document(&Inspection::of(&setup))?;
    } else {
        print(&setup)?;
    }
    Ok(u8::from(!setup.works()))
}

fn read(file: &Path) -> Result<Vec<u8>, CommandFailure> {
    let name = file.display();
    let bytes = read_at_most(LONGEST, open(file)?)
        .map_err(|why| CommandFailure::new(format!("{name} cannot be read"), why))?;
    bytes.ok_or_else(|| CommandFailure::plain(format!("{name} is too long for a setup file")))
}

fn print(file: &SetupFile) -> Result<(), CommandFailure> {
    for sentence in what_it_does(file) {
        line(&sentence)?;
    }
    let (stopping, other): (Vec<Mistake>, Vec<Mistake>) =
        file.mistakes.iter().partition(|mistake| mistake.stops());
    if !stopping.is_empty() {
        line("The Web Connector will not take it:")?;
    }
    for mistake in stopping {
        line(&format!("  - {}", sentence(mistake)))?;
    }
    if !file.works() {
        line("Ask the app's support for a new setup file.")?;
    }
    if !other.is_empty() {
        line("It works, but look at this:")?;
    }
    for mistake in other {
        line(&format!("  - {}", sentence(mistake)))?;
    }
    if file.mistakes.is_empty() {
        line("No mistake can be seen in it.")?;
    }
    Ok(())
}

/// What the Web Connector will do with it, in sentences.
fn what_it_does(file: &SetupFile) -> Vec<String> {
    let app = file.app.as_deref().unwrap_or("An app without a name");
    let host = file.host.as_deref().map_or_else(String::new, |host| format!(" with {host}"));
    let every = match file.schedule {
        Some(Interval::Minutes(1)) => "every minute".to_owned(),
        Some(Interval::Minutes(minutes)) => format!("every {minutes} minutes"),
        Some(Interval::Seconds(seconds)) => format!("every {seconds} seconds"),
        None => "when somebody chooses Update Selected or sets a time".to_owned(),
    };
    let program = if file.point_of_sale { "QuickBooks Point of Sale" } else { "QuickBooks" };
    let mut said = vec![format!("{app} exchanges data{host} {every}. It is for {program}.")];
    match file.unattended {
        Some(Unattended::Required) => {
            said.push("It has to work while QuickBooks is closed.".into())
        }
        Some(Unattended::Optional) => said.push("It can work while QuickBooks is closed.".into()),
        None => {}
    }
    said.push(if file.read_only {
        "It asks to read only.".into()
    } else {
        "It may read and change the company's data.".into()
    });
    said
}

/// A mistake in one sentence.
pub(crate) fn sentence(mistake: Mistake) -> String {
    let element = mistake.element();
    match mistake {
        Mistake::Missing(_) => format!("{element} is missing or empty."),
        Mistake::Repeated(_) => {
            format!("{element} is there more than once; only the first counts.")
        }
        Mistake::NoAddress(_) => format!("{element} is not a web address."),
        Mistake::NotEncrypted(_) => {
            format!("{element} begins with http instead of https, so it is not encrypted.")
        }
        Mistake::Numbers(_) => {
            format!("{element} has an address made of numbers; the Web Connector wants a name.")
        }
        Mistake::OtherPort(_) => {
            format!("{element} has the wrong port: https has 443 and http has 80.")
        }
        Mistake::OtherSite(_) => format!("{element} is on another website than AppURL."),
        Mistake::NoGuid(_) => format!(
            "{element} is not an identifier of the right form: 32 digits and letters from A to F, in braces."
        ),
        Mistake::UnknownValue(_) => {
            format!("{element} has a value that the Web Connector does not know.")
        }
        Mistake::NoInterval => {
            "Scheduler has no number above zero, so it does not run by itself.".into()
        }
        Mistake::TwoIntervals => {
            "Scheduler has minutes and seconds; only the first of the two counts.".into()
        }
        Mistake::LongDescription => "AppDescription is longer than 80 characters.".into(),
        Mistake::ReadOnly => {
            "IsReadOnly is true. With Web Connector 34 the first transfer may fail with error 3263."
                .into()
        }
    }
}
