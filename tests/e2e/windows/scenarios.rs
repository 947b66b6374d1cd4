//! Scenarios whose evidence can be put on the screen are put there, and what Deskside sees must
//! lead to the problems that their files name.
//!
//! The files are not read by Deskside's library, so that a mistake would have to be made twice to
//! go unnoticed.

use std::fs;
use std::path::{Path, PathBuf};

use deskside_fake_quickbooks::orders::{
    DialogClass, QuickBooksOrder, Shown, SignInPlace, WebConnectorOrder,
};
use deskside_tests::{Outcome, Part, Player, Stage};
use serde::Deserialize;

use super::quickbooks::{Office, closed};

/// Cargo starts tests in the folder of their package.
const FOLDER: &str = "scenarios";

#[derive(Deserialize)]
struct Scenario {
    #[serde(default)]
    play: bool,
    /// A played scenario has a single moment; other scenarios are not read.
    moments: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
struct Moment {
    quickbooks: Finding<Presence>,
    web_connector: Finding<serde_json::Value>,
    #[serde(default)]
    crash: Option<Finding<String>>,
    #[serde(default)]
    repair: Option<Finding<String>>,
    #[serde(default)]
    setup: Setup,
    then: Then,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Finding<T> {
    Known(T),
    Absent,
}

#[derive(Deserialize)]
struct Presence {
    instances: Vec<Instance>,
}

#[derive(Deserialize)]
struct Instance {
    screen: Finding<Screen>,
}

#[derive(Deserialize)]
struct Screen {
    main: Option<Title>,
    #[serde(default)]
    sign_in: bool,
    blocking: Option<String>,
    #[serde(default)]
    hung: bool,
}

#[derive(Deserialize)]
struct Title {
    company: Option<String>,
    product: String,
    #[serde(default)]
    multi_user: bool,
    user: Option<String>,
}

#[derive(Default, Deserialize)]
struct Setup {
    update_lock: Option<Finding<bool>>,
}

#[derive(Deserialize)]
struct Then {
    #[serde(default)]
    problems: Vec<String>,
}

impl Title {
    /// As QuickBooks writes it.
    fn text(&self) -> String {
        let company = self.company.as_ref().map(|name| format!("{name}  -")).unwrap_or_default();
        let mode = if self.multi_user { "(multi-user)" } else { "" };
        let user = self.user.as_ref().map(|name| format!("({name})")).unwrap_or_default();
        format!("{company} {}{mode}{user}", self.product)
    }
}

/// The orders that make a QuickBooks show this screen.
fn orders(screen: &Screen) -> Vec<QuickBooksOrder> {
    let frame = match &screen.main {
        Some(title) => QuickBooksOrder::Main { title: title.text(), shown: Shown::Open },
        // The splash screen.
        None => QuickBooksOrder::Window {
            class: "Splash".into(),
            title: "QuickBooks".into(),
            password: false,
        },
    };
    let (place, title) = (SignInPlace::Child, "QuickBooks Desktop Login".to_owned());
    let sign_in = screen.sign_in.then_some(QuickBooksOrder::SignIn { place, title });
    let dialog = screen.blocking.clone().map(|title| QuickBooksOrder::Dialog {
        title,
        class: DialogClass::System,
        text: String::new(),
    });
    // A hung program obeys no further orders.
    let hang = screen.hung.then_some(QuickBooksOrder::Hang { seconds: None });
    [Some(frame), sign_in, dialog, hang].into_iter().flatten().collect()
}

/// Shows the whole moment. The returned programs must live as long as it is to be seen.
fn show(moment: &Moment, office: &mut Office) -> Outcome<Vec<Player>> {
    let mut others = show_quickbooks(&moment.quickbooks, office)?;
    if let Some(Finding::Known(title)) = &moment.crash {
        let mut fault = office.stage.quickbooks("WerFault.exe")?;
        let (class, title) = ("#32770".into(), title.clone());
        fault.obey(&QuickBooksOrder::Window { class, title, password: false })?;
        others.push(fault);
    }
    // Otherwise QuickBooks repairs by itself, in a window that is shown already.
    if let Some(Finding::Known(tool)) = &moment.repair
        && Path::new(tool).extension().is_some()
    {
        others.push(office.stage.quickbooks(tool)?);
    }
    if let Some(Finding::Known(locked)) = moment.setup.update_lock {
        office.connector.obey(&WebConnectorOrder::UpdateLock { locked })?;
    }
    if let Finding::Absent = moment.web_connector {
        office.connector.obey(&WebConnectorOrder::Exit { code: 0 })?;
    }
    Ok(others)
}

/// The first instance is the office's own; a second one is another edition.
fn show_quickbooks(seen: &Finding<Presence>, office: &mut Office) -> Outcome<Vec<Player>> {
    let Finding::Known(Presence { instances }) = seen else {
        office.quickbooks.obey(&QuickBooksOrder::Exit { code: 0 })?;
        return Ok(Vec::new());
    };
    let mut others = Vec::new();
    for (number, Instance { screen }) in instances.iter().enumerate() {
        let (arguments, orders): (&[&str], _) = match screen {
            Finding::Known(screen) => (&[], orders(screen)),
            Finding::Absent => (&["-Embedding"], Vec::new()),
        };
        if number > 0 {
            others.push(office.stage.play(Part::QuickBooks, "QBW32.EXE", arguments)?);
        }
        let player = others.last_mut().unwrap_or(&mut office.quickbooks);
        orders.iter().try_for_each(|order| player.obey(order))?;
    }
    Ok(others)
}

/// The code as it is on this computer: most that run tests have nothing installed.
fn here(stage: &Stage, code: &str) -> Outcome<String> {
    match code.strip_suffix(".not_running") {
        Some(program) => closed(stage, program),
        None => Ok(code.to_owned()),
    }
}

fn play(moment: &Moment) -> Outcome {
    let mut office = Office::open()?;
    let _others = show(moment, &mut office)?;
    let codes = moment.then.problems.iter().map(|code| here(&office.stage, code));
    let codes = codes.collect::<Outcome<Vec<String>>>()?;
    office.becomes(&codes.iter().map(String::as_str).collect::<Vec<_>>())
}

/// The moments to be played, each with its file.
fn moments(folder: &Path) -> Outcome<Vec<(PathBuf, Moment)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(moments(&path)?);
            continue;
        }
        let scenario: Scenario = serde_json::from_slice(&fs::read(&path)?)?;
        for moment in scenario.moments.into_iter().filter(|_| scenario.play) {
            found.push((path.clone(), serde_json::from_value(moment)?));
        }
    }
    Ok(found)
}

#[test]
fn a_played_scenario_leads_to_the_problems_in_its_file() -> Outcome {
    let moments = moments(Path::new(FOLDER))?;
    assert!(!moments.is_empty(), "nothing is played");
    let failed = |(path, moment): &(PathBuf, Moment)| {
        play(moment).err().map(|why| format!("{}: {why}", path.display()))
    };
    let failures: Vec<String> = moments.iter().filter_map(failed).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    Ok(())
}
