//! With a display everything happens on it, and the window stays for playing. Without one it
//! happens on a display that nobody sees, with a picture of each step. It ends well only if every
//! step was seen to happen.

use std::io::{IsTerminal, Write, stdin, stdout};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use deskside_tests::{Browser, Outcome, Parts, Program, Sandbox, Stage, built, eventually};
use serde_json::Value;

pub(crate) fn play() -> Outcome {
    let has_display = std::env::var_os("DISPLAY").is_some();
    let folder = results_folder()?;
    let pictures = (!has_display).then(|| folder.clone());
    let mut teller = Teller { step: 0, started: Instant::now(), pictures };
    let stage = Stage::set_up_with(Parts { own_display: has_display, ..Parts::default() })?;
    let app = story(&stage, &mut teller, &folder)?;
    writeln!(stdout(), "\nEvery step was seen. Its results: {}", folder.display())?;
    if has_display {
        stay(&stage, app)?;
    }
    Ok(())
}

/// Tells the steps as they happen.
struct Teller {
    step: usize,
    started: Instant,
    pictures: Option<PathBuf>,
}

/// How many steps the story has.
const STEPS: usize = 10;

impl Teller {
    fn says(&mut self, text: &str) -> Outcome {
        self.step += 1;
        let seconds = self.started.elapsed().as_secs();
        Ok(writeln!(stdout(), "[{:2}/{STEPS}] {seconds:3} s  {text}", self.step)?)
    }

    fn adds(&self, text: &str) -> Outcome {
        Ok(writeln!(stdout(), "               {text}")?)
    }

    /// Takes a picture of this step where nobody sees the display.
    fn picture(&self, stage: &Stage, name: &str) -> Outcome {
        let Some(folder) = &self.pictures else { return Ok(()) };
        stage.desktop.picture(&folder.join(format!("{:02}-{name}.png", self.step)))
    }
}

fn story(stage: &Stage, teller: &mut Teller, folder: &Path) -> Outcome<Program> {
    teller.says("A desktop of its own: session bus, keyring, browser, and a sandbox server")?;
    let browser = Browser::install(&stage.desktop)?;
    let sandbox = Sandbox::start()?;
    let quickbooks = stage.quickbooks("QBW.EXE")?;
    let _web_connector = stage.web_connector()?;
    let enrollment = sandbox.enrollment("Larch Street Hardware")?;

    teller.says("A bookkeeper clicks the link that their web application shows")?;
    teller.adds("deskside://enroll?backend=…&code=…")?;
    let app = stage.app(&[&enrollment.deep_link])?;
    let page = stage.desktop.page()?;
    page.says("127.0.0.1")?;
    teller.picture(stage, "question")?;

    teller.says("Deskside names the site and asks; the bookkeeper agrees")?;
    page.click("input[type=checkbox]")?;
    page.press("Link")?;
    page.says("Larch Street Hardware")?;
    teller.picture(stage, "account")?;
    page.press("Yes, tell them")?;

    teller.says("The browser opens the connection page; the bookkeeper follows its steps")?;
    let tab = browser.page_with(&stage.desktop, "#finish")?;
    teller.picture(stage, "browser")?;
    tab.click("#finish")?;
    let back = tab.attribute("#back", "href")?;
    stage.click(&back)?;
    tab.quit()?;

    teller.says("Deskside sees that it works")?;
    stage.verdict_becomes("healthy")?;
    page.says("Connected and working")?;
    teller.picture(stage, "healthy")?;

    teller.says("QuickBooks is closed")?;
    drop(quickbooks);
    let status = stage.verdict_becomes("problem")?;
    let cause = status.pointer("/problems/0/cause").and_then(Value::as_str).ok_or("no cause")?;
    page.says(cause)?;

    teller.says("After ten seconds Deskside says what is wrong and what to do")?;
    teller.adds(&format!("“{cause}”"))?;
    teller.picture(stage, "problem")?;

    teller.says("The application's backend was told the same")?;
    let code = eventually("the report of the problem", || {
        Ok(sandbox.reports()?.iter().rev().find_map(root_cause))
    })?;
    teller.adds(&code)?;

    teller.says("QuickBooks is opened again, and the connection works again")?;
    let quickbooks = stage.quickbooks("QBW.EXE")?;
    stage.verdict_becomes("healthy")?;
    page.says("Connected and working")?;
    teller.picture(stage, "recovered")?;

    teller.says("The backend heard all of it, in order")?;
    let heard = eventually("the report of the recovery", || {
        let heard = sandbox.heard()?;
        Ok(heard.ends_with(&TOLD.map(str::to_owned)).then_some(heard))
    })?;
    teller.adds(&heard.join(" → "))?;
    let events = serde_json::to_string_pretty(&sandbox.get("/events")?)?;
    std::fs::write(folder.join("events.json"), events)?;
    drop(quickbooks);
    Ok(app)
}

const TOLD: [&str; 3] = ["healthy", "problem", "healthy"];

fn root_cause(report: &Value) -> Option<String> {
    let problems = report.pointer("/data/connections/0/problems")?.as_array()?;
    let root = problems.iter().find(|problem| problem.get("root") == Some(&Value::Bool(true)))?;
    root.get("code")?.as_str().map(str::to_owned)
}

/// A fresh folder for the results, in Cargo's target folder.
fn results_folder() -> Outcome<PathBuf> {
    let folder = built()?.parent().ok_or("no target folder")?.join("demo");
    match std::fs::remove_dir_all(&folder) {
        Err(why) if why.kind() != std::io::ErrorKind::NotFound => return Err(why.into()),
        Ok(()) | Err(_) => {}
    }
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// Leaves the window to the user.
fn stay(stage: &Stage, mut app: Program) -> Outcome {
    let _quickbooks = stage.quickbooks("QBW.EXE")?;
    let _web_connector = stage.web_connector()?;
    stage.click("deskside://open/status")?;
    if stdin().is_terminal() {
        writeln!(stdout(), "The window is yours. Press Enter here to end.")?;
        stdin().read_line(&mut String::new())?;
    } else {
        writeln!(stdout(), "The window is yours. Quit Deskside from its tray icon to end.")?;
        while app.is_running()? {
            std::thread::sleep(Duration::from_secs(1));
        }
    }
    app.crash()
}
