//! What QuickBooks and its Web Connector show becomes the right verdict.

use std::fs;
use std::path::Path;

use deskside_fake_quickbooks::orders::{
    DialogClass, QuickBooksOrder, Shown, SignInPlace, WebConnectorOrder,
};
use deskside_fake_quickbooks::player::{Part, Player};
use deskside_windows_tests::{Play, Sandbox, Stage, TrayIcon, built, eventually};
use serde_json::{Value, json};

use crate::direct::working_connection;

const OPEN: &str = "Larch LLC  - Intuit QuickBooks Enterprise Solutions: Accountant 24.0";
const EMPTY: &str = " Intuit QuickBooks Enterprise Solutions: Accountant 24.0";

/// QuickBooks and the Web Connector on a stage.
pub(crate) struct Office {
    pub(crate) stage: Stage,
    pub(crate) quickbooks: Player,
    pub(crate) connector: Player,
}

impl Office {
    pub(crate) fn open() -> Play<Self> {
        let stage = Stage::set_up()?;
        let quickbooks = start(&stage, "QBW.EXE", &[])?;
        let mut connector = play(&stage, Part::WebConnector, "QBWebConnector.exe", &[])?;
        connector.obey(&WebConnectorOrder::UpdateLock { locked: false })?;
        Ok(Self { stage, quickbooks, connector })
    }

    fn obey(&mut self, order: &QuickBooksOrder) -> Play {
        Ok(self.quickbooks.obey(order)?)
    }

    fn shows(&mut self, title: &str) -> Play {
        self.obey(&main(title))
    }

    fn diagnosis(&self) -> Play<Value> {
        self.stage.cli(&["diagnose", "--json"])?.json()
    }

    /// The same as it would be with a network: Wine lists no interfaces, so there nobody knows.
    fn diagnosis_in_a_network(&self) -> Play<Value> {
        let mut evidence = self.stage.cli(&["diagnose", "--print-evidence"])?.json()?;
        evidence["network"] = json!({ "known": { "interfaces": 1 } });
        let file = self.stage.backstage.join("evidence.json");
        fs::write(&file, evidence.to_string())?;
        let file = file.to_str().ok_or("the folder's name is not Unicode")?;
        self.stage.cli(&["diagnose", "--evidence", file, "--json"])?.json()
    }

    /// The codes of what is wrong now.
    fn wrong(&self) -> Play<Vec<String>> {
        let diagnosis = self.diagnosis()?;
        let problems = diagnosis["problems"].as_array().ok_or("no problems")?;
        Ok(problems.iter().filter_map(|one| one["code"].as_str()).map(str::to_owned).collect())
    }

    /// Waits until exactly this is wrong: a hung window counts as hung only after five seconds.
    pub(crate) fn becomes(&self, codes: &[&str]) -> Play {
        eventually(&format!("what is wrong is {codes:?}"), || {
            let wrong = self.wrong()?;
            if wrong == codes { Ok(Some(())) } else { Err(format!("it is {wrong:?}").into()) }
        })
    }
}

impl Drop for Office {
    /// The registry is everybody's: what the Web Connector has written goes with the office.
    fn drop(&mut self) {
        let forget = || play(&self.stage, Part::WebConnector, "cleaner.exe", &[]);
        let forgotten = forget().and_then(|mut c| Ok(c.obey(&WebConnectorOrder::Forget)?));
        assert!(forgotten.is_ok() || std::thread::panicking(), "{forgotten:?}");
    }
}

/// What a closed program is called here: most computers that run tests have none installed.
pub(crate) fn closed(stage: &Stage, program: &str) -> Play<String> {
    let evidence = stage.cli(&["diagnose", "--print-evidence"])?.json()?;
    let installed = match program {
        "quickbooks" => &evidence["setup"]["editions"],
        _ => &evidence["setup"]["web_connector"],
    };
    let how = if *installed == "absent" { "not_installed" } else { "not_running" };
    Ok(format!("{program}.{how}"))
}

fn play(stage: &Stage, part: Part, name: &str, arguments: &[&str]) -> Play<Player> {
    let folder = stage.backstage.join("Intuit");
    let program = part.copy(&built()?, &folder, name)?;
    Ok(Player::start(Path::new(&program), arguments)?)
}

pub(crate) fn start(stage: &Stage, name: &str, arguments: &[&str]) -> Play<Player> {
    play(stage, Part::QuickBooks, name, arguments)
}

fn main(title: &str) -> QuickBooksOrder {
    QuickBooksOrder::Main { title: title.into(), shown: Shown::Open }
}

fn dialog(title: &str, class: DialogClass) -> QuickBooksOrder {
    QuickBooksOrder::Dialog { title: title.into(), class, text: String::new() }
}

#[test]
fn an_open_company_is_ready() -> Play {
    let mut office = Office::open()?;
    office.shows(OPEN)?;
    let diagnosis = office.diagnosis_in_a_network()?;
    assert_eq!(
        (&diagnosis["verdict"], &diagnosis["problems"]),
        (&"ready".into(), &Value::Array(vec![]))
    );
    let minimised = QuickBooksOrder::Main { title: OPEN.into(), shown: Shown::Minimised };
    office.obey(&minimised)?;
    assert_eq!(office.diagnosis_in_a_network()?["verdict"], "ready", "minimised");
    Ok(())
}

#[test]
fn no_company_a_sign_in_and_a_dialog_are_told_apart() -> Play {
    let mut office = Office::open()?;
    office.shows(EMPTY)?;
    assert_eq!(office.wrong()?, ["quickbooks.no_company"]);

    for place in [SignInPlace::Child, SignInPlace::Window] {
        let title = "QuickBooks Desktop Login".to_owned();
        office.obey(&QuickBooksOrder::SignIn { place, title: title.clone() })?;
        assert_eq!(office.wrong()?, ["quickbooks.sign_in"], "{place:?}");
        office.obey(&QuickBooksOrder::Close { title })?;
    }

    office.shows(OPEN)?;
    for (title, class) in [
        ("Update Company File", DialogClass::System),
        ("Rückfrage – Übernehmen?", DialogClass::MauiForm),
    ] {
        office.obey(&dialog(title, class))?;
        let problems = office.diagnosis()?["problems"].clone();
        assert_eq!(problems[0]["code"], "quickbooks.window_blocking", "{problems}");
        let cause = problems[0]["cause"].as_str().ok_or("no cause")?;
        assert!(cause.contains(title), "{cause}");
        office.obey(&QuickBooksOrder::Close { title: title.into() })?;
    }
    assert_eq!(office.wrong()?, Vec::<String>::new());
    Ok(())
}

#[test]
fn a_window_inside_the_frame_and_a_tooltip_block_nothing() -> Play {
    let mut office = Office::open()?;
    office.shows(&format!("{OPEN}(multi-user)(Dana) - [Chart of Accounts]"))?;
    for class in ["tooltips_class32", "Afx:00400000:8"] {
        office.obey(&QuickBooksOrder::Window { class: class.into(), title: "Tip".into() })?;
    }
    assert_eq!(office.wrong()?, Vec::<String>::new());
    Ok(())
}

#[test]
fn a_quickbooks_that_hangs_is_told_and_so_is_its_recovery() -> Play {
    let mut office = Office::open()?;
    office.shows(OPEN)?;
    office.obey(&QuickBooksOrder::Hang { seconds: None })?;
    office.becomes(&["quickbooks.not_responding"])?;
    office.obey(&QuickBooksOrder::Wake)?;
    office.becomes(&[])
}

#[test]
fn a_crash_and_a_repair_explain_everything_else() -> Play {
    let mut office = Office::open()?;
    office.obey(&QuickBooksOrder::Exit { code: 0x8000_0003 })?;
    let mut fault = start(&office.stage, "WerFault.exe", &[])?;
    fault.obey(&QuickBooksOrder::Window {
        class: "#32770".into(),
        title: "QuickBooks has stopped working".into(),
    })?;
    office.becomes(&["quickbooks.crashed"])?;
    fault.end()?;
    let doctor = start(&office.stage, "QBFileDoctor.exe", &[])?;
    office.becomes(&["quickbooks.repairing"])?;
    doctor.end()?;
    office.becomes(&[&closed(&office.stage, "quickbooks")?])
}

#[test]
fn a_crash_of_something_else_is_none_of_quickbooks() -> Play {
    let mut office = Office::open()?;
    office.shows(OPEN)?;
    let mut fault = start(&office.stage, "WerFault.exe", &[])?;
    let (class, title) = ("#32770".into(), "Notepad has stopped working".into());
    fault.obey(&QuickBooksOrder::Window { class, title })?;
    assert_eq!(office.wrong()?, Vec::<String>::new());
    Ok(())
}

#[test]
fn a_quickbooks_without_a_window_is_left_over_unless_a_run_is_on() -> Play {
    let mut office = Office::open()?;
    office.shows(OPEN)?;
    let _embedded = start(&office.stage, "QBW32.EXE", &["-Embedding"])?;
    assert_eq!(office.wrong()?, ["quickbooks.leftover_process"]);
    office.connector.obey(&WebConnectorOrder::UpdateLock { locked: true })?;
    assert_eq!(office.wrong()?, Vec::<String>::new(), "during a run");
    Ok(())
}

#[test]
fn of_two_that_are_open_one_that_can_be_used_will_do() -> Play {
    let mut office = Office::open()?;
    office.shows(EMPTY)?;
    let mut second = start(&office.stage, "QBW32.EXE", &[])?;
    second.obey(&main("Larch LLC  - QuickBooks Desktop Pro 2021"))?;
    assert_eq!(office.wrong()?, Vec::<String>::new());
    let diagnosis = office.stage.cli(&["diagnose", "--print-evidence"])?.json()?;
    assert_eq!(diagnosis["quickbooks"]["known"]["own_session"], 2);
    Ok(())
}

#[test]
fn launchers_updaters_and_services_are_not_quickbooks() -> Play {
    let mut office = Office::open()?;
    office.obey(&QuickBooksOrder::Exit { code: 0 })?;
    let look_alikes = [
        "QBWPro.exe",
        "QBWPremierAccountant.exe",
        "QBW32Enterprise.exe",
        "qbupdate.exe",
        "QBDBMgrN.exe",
        "QBCFMonitorService.exe",
        "QBWebConnector2.exe",
    ];
    let _running: Vec<Player> =
        look_alikes.iter().map(|name| start(&office.stage, name, &[])).collect::<Play<_>>()?;
    office.becomes(&[&closed(&office.stage, "quickbooks")?])
}

#[test]
fn the_app_in_the_tray_says_the_same() -> Play {
    let mut office = Office::open()?;
    office.shows(OPEN)?;
    let sandbox = Sandbox::start(&office.stage)?;
    working_connection(&office.stage, &sandbox)?;
    let app = office.stage.app(&["--background"])?;
    office.stage.verdict_becomes("healthy")?;
    eventually("the tray has its icon", || TrayIcon::of(app.id()))?;
    office.obey(&QuickBooksOrder::Exit { code: 0 })?;
    let status = office.stage.verdict_becomes("problem")?;
    assert_eq!(status["problems"][0]["code"], closed(&office.stage, "quickbooks")?);
    let mut again = start(&office.stage, "QBW.EXE", &[])?;
    again.obey(&main(OPEN))?;
    office.stage.verdict_becomes("healthy")?;
    Ok(())
}

#[test]
fn a_web_connector_that_was_closed_is_missed() -> Play {
    let mut office = Office::open()?;
    office.shows(OPEN)?;
    office.connector.obey(&WebConnectorOrder::Exit { code: 0 })?;
    office.becomes(&[&closed(&office.stage, "web_connector")?])?;
    office.connector = play(&office.stage, Part::WebConnector, "QBWebConnector.exe", &[])?;
    office.becomes(&[])
}

#[test]
fn what_is_seen_names_the_company_only_where_it_must() -> Play {
    let mut office = Office::open()?;
    office.shows(&format!("{OPEN}(multi-user)(Dana)"))?;
    let evidence = office.stage.cli(&["diagnose", "--print-evidence"])?.json()?;
    let instance = &evidence["quickbooks"]["known"]["instances"][0];
    let main = &instance["screen"]["known"]["main"];
    assert_eq!((&main["company"], &main["user"]), (&"Larch LLC".into(), &"Dana".into()));
    assert_eq!(main["multi_user"], true);
    // Wine does not tell a program's command line; that must not pass for an answer.
    assert!(instance["embedded"]["known"] == false || instance["embedded"]["unknown"].is_string());
    assert!(instance["started_at"]["known"].is_string(), "{instance}");
    Ok(())
}
