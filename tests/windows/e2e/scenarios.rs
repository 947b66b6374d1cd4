//! The scenarios that can be shown are shown: what their evidence tells of is put on the screen, and
//! what is seen there must lead to what the file says.
//!
//! The files are read here by themselves and not by Deskside's library, so that both would have to
//! be wrong in the same way.

use std::fs;
use std::path::{Path, PathBuf};

use deskside_fake_quickbooks::orders::{
    DialogClass, QuickBooksOrder, Shown, SignInPlace, WebConnectorOrder,
};
use deskside_fake_quickbooks::player::Player;
use deskside_windows_tests::{Play, Stage};
use serde::Deserialize;

use super::quickbooks::{Office, closed, start};

/// Cargo starts tests in the folder of their package.
const FOLDER: &str = "../scenarios";

#[derive(Deserialize)]
struct Scenario {
    #[serde(default)]
    play: bool,
    /// One that is played has a single moment; others are not read.
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

/// What one QuickBooks is told to show it.
fn orders(screen: &Screen) -> Vec<QuickBooksOrder> {
    let frame = match &screen.main {
        Some(title) => QuickBooksOrder::Main { title: title.text(), shown: Shown::Open },
        // The picture that it shows while it starts.
        None => QuickBooksOrder::Window { class: "Splash".into(), title: "QuickBooks".into() },
    };
    let (place, title) = (SignInPlace::Child, "QuickBooks Desktop Login".to_owned());
    let sign_in = screen.sign_in.then_some(QuickBooksOrder::SignIn { place, title });
    let dialog = screen.blocking.clone().map(|title| QuickBooksOrder::Dialog {
        title,
        class: DialogClass::System,
        text: String::new(),
    });
    // What hangs obeys no more.
    let hang = screen.hung.then_some(QuickBooksOrder::Hang { seconds: None });
    [Some(frame), sign_in, dialog, hang].into_iter().flatten().collect()
}

/// Shows it all. What is answered must live as long as it is to be seen.
fn show(moment: &Moment, office: &mut Office) -> Play<Vec<Player>> {
    let mut others = show_quickbooks(&moment.quickbooks, office)?;
    if let Some(Finding::Known(title)) = &moment.crash {
        let mut fault = start(&office.stage, "WerFault.exe", &[])?;
        let (class, title) = ("#32770".into(), title.clone());
        fault.obey(&QuickBooksOrder::Window { class, title })?;
        others.push(fault);
    }
    // Otherwise it is QuickBooks itself, in a window that is shown already.
    if let Some(Finding::Known(tool)) = &moment.repair
        && Path::new(tool).extension().is_some()
    {
        others.push(start(&office.stage, tool, &[])?);
    }
    if let Some(Finding::Known(locked)) = moment.setup.update_lock {
        office.connector.obey(&WebConnectorOrder::UpdateLock { locked })?;
    }
    if let Finding::Absent = moment.web_connector {
        office.connector.obey(&WebConnectorOrder::Exit { code: 0 })?;
    }
    Ok(others)
}

/// The first is the one of the office; a second one is another edition.
fn show_quickbooks(seen: &Finding<Presence>, office: &mut Office) -> Play<Vec<Player>> {
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
            others.push(start(&office.stage, "QBW32.EXE", arguments)?);
        }
        let player = others.last_mut().unwrap_or(&mut office.quickbooks);
        orders.iter().try_for_each(|order| player.obey(order))?;
    }
    Ok(others)
}

/// A code as it must be called on this computer: most that run tests have nothing installed.
fn here(stage: &Stage, code: &str) -> Play<String> {
    match code.strip_suffix(".not_running") {
        Some(program) => closed(stage, program),
        None => Ok(code.to_owned()),
    }
}

fn play(moment: &Moment) -> Play {
    let mut office = Office::open()?;
    let _others = show(moment, &mut office)?;
    let codes = moment.then.problems.iter().map(|code| here(&office.stage, code));
    let codes = codes.collect::<Play<Vec<String>>>()?;
    office.becomes(&codes.iter().map(String::as_str).collect::<Vec<_>>())
}

/// The moments to be played, each with its file.
fn moments(folder: &Path) -> Play<Vec<(PathBuf, Moment)>> {
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
fn a_scenario_that_is_played_is_seen_as_its_file_says() -> Play {
    let moments = moments(Path::new(FOLDER))?;
    assert!(!moments.is_empty(), "nothing is played");
    let failed = |(path, moment): &(PathBuf, Moment)| {
        play(moment).err().map(|why| format!("{}: {why}", path.display()))
    };
    let failures: Vec<String> = moments.iter().filter_map(failed).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    Ok(())
}
