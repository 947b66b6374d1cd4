//! What QuickBooks and its Web Connector show leads to the right verdict.

use std::fs;

use deskside_fake_quickbooks::orders::{
    DialogClass, QuickBooksOrder, Shown, SignInPlace, WebConnectorOrder,
};
use deskside_tests::{Outcome, Part, Player, Sandbox, Stage, TrayIcon, eventually};
use serde_json::{Value, json};

use super::{OPEN, main_window};
use crate::direct::working_connection;

const EMPTY: &str = " Intuit QuickBooks Enterprise Solutions: Accountant 24.0";

/// QuickBooks and the Web Connector on a stage.
pub(crate) struct Office {
    pub(crate) stage: Stage,
    pub(crate) quickbooks: Player,
    pub(crate) connector: Player,
}

impl Office {
    pub(crate) fn open() -> Outcome<Self> {
        let stage = Stage::set_up()?;
        let quickbooks = stage.quickbooks("QBW.EXE")?;
        let mut connector = stage.web_connector()?;
        connector.obey(&WebConnectorOrder::UpdateLock { locked: false })?;
        Ok(Self { stage, quickbooks, connector })
    }

    fn obey(&mut self, order: &QuickBooksOrder) -> Outcome {
        Ok(self.quickbooks.obey(order)?)
    }

    fn shows(&mut self, title: &str) -> Outcome {
        self.obey(&main_window(title))
    }

    fn diagnosis(&self) -> Outcome<Value> {
        self.stage.cli(&["diagnose", "--json"])?.json()
    }

    /// The diagnosis as it would be with a network. Wine lists no interfaces, so the network is unknown.
    fn diagnosis_in_a_network(&self) -> Outcome<Value> {
        let mut evidence = self.stage.cli(&["diagnose", "--print-evidence"])?.json()?;
        evidence["network"] = json!({ "known": { "interfaces": 1 } });
        let file = self.stage.scratch.join("evidence.json");
        fs::write(&file, evidence.to_string())?;
        let file = file.to_str().ok_or("the folder's name is not Unicode")?;
        self.stage.cli(&["diagnose", "--evidence", file, "--json"])?.json()
    }

    /// The codes of the current problems.
    fn wrong(&self) -> Outcome<Vec<String>> {
        let diagnosis = self.diagnosis()?;
        let problems = diagnosis["problems"].as_array().ok_or("no problems")?;
        Ok(problems.iter().filter_map(|one| one["code"].as_str()).map(str::to_owned).collect())
    }

    /// Waits until these are the problems: a hung window counts as hung only after five seconds.
    pub(crate) fn becomes(&self, codes: &[&str]) -> Outcome {
        eventually(&format!("what is wrong is {codes:?}"), || {
            let wrong = self.wrong()?;
            if wrong == codes { Ok(Some(())) } else { Err(format!("it is {wrong:?}").into()) }
        })
    }
}

impl Drop for Office {
    /// The registry is shared: what the Web Connector has written is removed with the office.
    fn drop(&mut self) {
        let forget = || self.stage.play(Part::WebConnector, "cleaner.exe", &[]);
        let forgotten = forget().and_then(|mut c| Ok(c.obey(&WebConnectorOrder::Forget)?));
        assert!(forgotten.is_ok() || std::thread::panicking(), "{forgotten:?}");
    }
}

/// The problem's code for a closed program: most computers that run tests have none installed.
pub(crate) fn closed(stage: &Stage, program: &str) -> Outcome<String> {
    let evidence = stage.cli(&["diagnose", "--print-evidence"])?.json()?;
    let installed = match program {
        "quickbooks" => &evidence["setup"]["editions"],
        _ => &evidence["setup"]["web_connector"],
    };
    let how = if *installed == "absent" { "not_installed" } else { "not_running" };
    Ok(format!("{program}.{how}"))
}

fn dialog(title: &str, class: DialogClass) -> QuickBooksOrder {
    QuickBooksOrder::Dialog { title: title.into(), class, text: String::new() }
}

/// A window that nothing waits for.
fn window(class: &str, title: &str) -> QuickBooksOrder {
    QuickBooksOrder::Window { class: class.into(), title: title.into(), password: false }
}

#[test]
fn an_open_company_is_ready() -> Outcome {
    let mut office = Office::open()?;
    office.shows(OPEN)?;
    let diagnosis = office.diagnosis_in_a_network()?;
    assert_eq!(
        (&diagnosis["verdict"], &diagnosis["problems"]),
        (&"ready".into(), &Value::Array(vec![]))
    );
    let minimized = QuickBooksOrder::Main { title: OPEN.into(), shown: Shown::Minimised };
    office.obey(&minimized)?;
    assert_eq!(office.diagnosis_in_a_network()?["verdict"], "ready", "minimized");
    Ok(())
}

#[test]
fn no_company_sign_in_and_dialog_are_told_apart() -> Outcome {
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
fn inner_windows_and_tooltips_block_nothing() -> Outcome {
    let mut office = Office::open()?;
    office.shows(&format!("{OPEN}(multi-user)(Dana) - [Chart of Accounts]"))?;
    for class in ["tooltips_class32", "Afx:00400000:8"] {
        office.obey(&window(class, "Tip"))?;
    }
    assert_eq!(office.wrong()?, Vec::<String>::new());
    Ok(())
}

#[test]
fn a_hung_quickbooks_and_its_recovery_are_noticed() -> Outcome {
    let mut office = Office::open()?;
    office.shows(OPEN)?;
    office.obey(&QuickBooksOrder::Hang { seconds: None })?;
    office.becomes(&["quickbooks.not_responding"])?;
    office.obey(&QuickBooksOrder::Wake)?;
    office.becomes(&[])
}

#[test]
fn a_hung_quickbooks_is_noticed_after_windows_has_hidden_it() -> Outcome {
    let mut office = Office::open()?;
    office.shows(OPEN)?;
    office.obey(&QuickBooksOrder::HangHidden)?;
    office.becomes(&["quickbooks.not_responding"])?;
    office.obey(&QuickBooksOrder::Wake)?;
    office.shows(OPEN)?;
    office.becomes(&[])
}

#[test]
fn forms_beside_an_enabled_main_window_block_nothing() -> Outcome {
    let mut office = Office::open()?;
    office.shows(OPEN)?;
    office.obey(&window("MauiForm", "Create Invoices - Accounts Receivable"))?;
    let (class, title) = ("MauiForm".into(), "Preferences".into());
    office.obey(&QuickBooksOrder::Window { class, title, password: true })?;
    assert_eq!(office.wrong()?, Vec::<String>::new());
    office.obey(&dialog("Recording Transaction", DialogClass::System))?;
    let problems = office.diagnosis()?["problems"].clone();
    let cause = problems[0]["cause"].as_str().ok_or("no cause")?;
    assert!(cause.contains("Recording Transaction"), "{problems}");
    Ok(())
}

#[test]
fn a_question_for_access_blocks_while_the_main_window_is_enabled() -> Outcome {
    let mut office = Office::open()?;
    office.shows(OPEN)?;
    office.obey(&window("MauiForm", "Application permission"))?;
    assert_eq!(office.wrong()?, ["quickbooks.window_blocking"]);
    Ok(())
}

#[test]
fn an_exit_code_tells_a_crash_without_a_report() -> Outcome {
    let stage = Stage::set_up()?;
    let _companion = stage.companion("run.log")?;
    let seen = |crash: bool| {
        eventually("the end is noticed", || {
            let evidence = stage.cli(&["status", "--json", "--print-evidence"])?.json()?;
            let is_closed = !evidence["quickbooks"]["known"].is_object();
            let is_crash = evidence["crash"]["known"].is_string();
            Ok((is_closed && is_crash == crash).then_some(()))
        })
    };
    let open = || {
        eventually("QuickBooks is noticed", || {
            let evidence = stage.cli(&["status", "--json", "--print-evidence"])?.json()?;
            Ok(evidence["quickbooks"]["known"].is_object().then_some(()))
        })
    };
    for (code, is_crash) in [(0x8000_0003, true), (0, false), (0xC000_0005, true), (1, false)] {
        let mut quickbooks = stage.quickbooks("QBW.EXE")?;
        open()?;
        quickbooks.obey(&QuickBooksOrder::Exit { code })?;
        quickbooks.end()?;
        seen(is_crash)?;
    }
    Ok(())
}

#[test]
fn a_crash_or_a_repair_explains_everything_else() -> Outcome {
    let mut office = Office::open()?;
    office.obey(&QuickBooksOrder::Exit { code: 0x8000_0003 })?;
    let mut fault = office.stage.quickbooks("WerFault.exe")?;
    fault.obey(&window("#32770", "QuickBooks has stopped working"))?;
    office.becomes(&["quickbooks.crashed"])?;
    fault.end()?;
    let doctor = office.stage.quickbooks("QBFileDoctor.exe")?;
    office.becomes(&["quickbooks.repairing"])?;
    doctor.end()?;
    office.becomes(&[&closed(&office.stage, "quickbooks")?])
}

#[test]
fn a_crash_of_another_program_is_not_quickbooks() -> Outcome {
    let mut office = Office::open()?;
    office.shows(OPEN)?;
    let mut fault = office.stage.quickbooks("WerFault.exe")?;
    fault.obey(&window("#32770", "Notepad has stopped working"))?;
    assert_eq!(office.wrong()?, Vec::<String>::new());
    Ok(())
}

#[test]
fn a_quickbooks_without_windows_is_a_leftover_outside_runs() -> Outcome {
    let mut office = Office::open()?;
    office.shows(OPEN)?;
    let _embedded = office.stage.play(Part::QuickBooks, "QBW32.EXE", &["-Embedding"])?;
    assert_eq!(office.wrong()?, ["quickbooks.leftover_process"]);
    office.connector.obey(&WebConnectorOrder::UpdateLock { locked: true })?;
    assert_eq!(office.wrong()?, Vec::<String>::new(), "during a run");
    Ok(())
}

#[test]
fn one_usable_quickbooks_of_two_is_enough() -> Outcome {
    let mut office = Office::open()?;
    office.shows(EMPTY)?;
    let mut second = office.stage.quickbooks("QBW32.EXE")?;
    second.obey(&main_window("Larch LLC  - QuickBooks Desktop Pro 2021"))?;
    assert_eq!(office.wrong()?, Vec::<String>::new());
    let diagnosis = office.stage.cli(&["diagnose", "--print-evidence"])?.json()?;
    assert_eq!(diagnosis["quickbooks"]["known"]["own_session"], 2);
    Ok(())
}

#[test]
fn launchers_updaters_and_services_are_not_quickbooks() -> Outcome {
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
        look_alikes.iter().map(|name| office.stage.quickbooks(name)).collect::<Outcome<_>>()?;
    office.becomes(&[&closed(&office.stage, "quickbooks")?])
}

#[test]
fn the_tray_app_reaches_the_same_verdict() -> Outcome {
    let mut office = Office::open()?;
    office.shows(OPEN)?;
    let sandbox = Sandbox::start()?;
    working_connection(&office.stage, &sandbox)?;
    let app = office.stage.app(&["--background"])?;
    office.stage.verdict_becomes("healthy")?;
    eventually("the tray has its icon", || TrayIcon::of(app.id()))?;
    office.obey(&QuickBooksOrder::Exit { code: 0 })?;
    let status = office.stage.verdict_becomes("problem")?;
    // Data has just flowed, so it is installed, whatever the registry says.
    assert_eq!(status["problems"][0]["code"], "quickbooks.not_running");
    let mut again = office.stage.quickbooks("QBW.EXE")?;
    again.obey(&main_window(OPEN))?;
    office.stage.verdict_becomes("healthy")?;
    Ok(())
}

#[test]
fn a_closed_web_connector_is_noticed() -> Outcome {
    let mut office = Office::open()?;
    office.shows(OPEN)?;
    office.connector.obey(&WebConnectorOrder::Exit { code: 0 })?;
    office.becomes(&[&closed(&office.stage, "web_connector")?])?;
    office.connector = office.stage.web_connector()?;
    office.becomes(&[])
}

#[test]
fn evidence_holds_company_user_and_start_time() -> Outcome {
    let mut office = Office::open()?;
    office.shows(&format!("{OPEN}(multi-user)(Dana)"))?;
    let evidence = office.stage.cli(&["diagnose", "--print-evidence"])?.json()?;
    let instance = &evidence["quickbooks"]["known"]["instances"][0];
    let main = &instance["screen"]["known"]["main"];
    assert_eq!((&main["company"], &main["user"]), (&"Larch LLC".into(), &"Dana".into()));
    assert_eq!(main["multi_user"], true);
    // Wine does not reveal a program's command line; that must not count as an answer.
    assert!(instance["embedded"]["known"] == false || instance["embedded"]["unknown"].is_string());
    assert!(instance["started_at"]["known"].is_string(), "{instance}");
    Ok(())
}

#[test]
fn quickbooks_is_noticed_when_it_starts_and_when_it_ends() -> Outcome {
    let stage = Stage::set_up()?;
    let _companion = stage.companion("run.log")?;
    let seen = |wanted: bool| {
        eventually("QuickBooks is noticed", || {
            let evidence = stage.cli(&["status", "--json", "--print-evidence"])?.json()?;
            Ok((evidence["quickbooks"]["known"].is_object() == wanted).then_some(()))
        })
    };
    seen(false)?;
    let quickbooks = stage.quickbooks("qbw32.exe")?;
    seen(true)?;
    drop(quickbooks);
    seen(false)
}
