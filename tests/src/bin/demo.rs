//! `cargo xtask demo`: the story of one connection, told on the terminal, with the real program.
//!
//! With a display everything happens on it, and the window stays for playing. Without one it
//! happens on a display that nobody sees, with a picture of each step. It ends well only if every
//! step was seen to happen.

use std::io::{IsTerminal, Write, stderr, stdin, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use deskside_tests::{App, Browser, Cli, Desktop, Parts, Play, Sandbox, eventually};
use serde_json::Value;

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let played = runtime.map_err(Into::into).and_then(|runtime| runtime.block_on(play()));
    match played {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            // Nobody can be told that standard error is gone.
            drop(writeln!(stderr(), "\nThe story broke off: {why}"));
            ExitCode::FAILURE
        }
    }
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
    fn says(&mut self, text: &str) -> Play {
        self.step += 1;
        let seconds = self.started.elapsed().as_secs();
        Ok(writeln!(stdout(), "[{:2}/{STEPS}] {seconds:3} s  {text}", self.step)?)
    }

    fn adds(&self, text: &str) -> Play {
        Ok(writeln!(stdout(), "               {text}")?)
    }

    /// Takes a picture of this step where nobody sees the display.
    async fn picture(&self, desktop: &Desktop, name: &str) -> Play {
        let Some(folder) = &self.pictures else { return Ok(()) };
        desktop.picture(&folder.join(format!("{:02}-{name}.png", self.step))).await
    }
}

async fn play() -> Play {
    let has_display = std::env::var_os("DISPLAY").is_some();
    let folder = results_folder()?;
    let pictures = (!has_display).then(|| folder.clone());
    let mut teller = Teller { step: 0, started: Instant::now(), pictures };
    let parts = Parts { own_display: has_display, ..Parts::default() };
    let desktop = Desktop::set_up(parts).await?;
    let app = story(&desktop, &mut teller, &folder).await?;
    writeln!(stdout(), "\nEvery step was seen. What is left of it: {}", folder.display())?;
    if has_display {
        stay(&desktop, app).await?;
    }
    Ok(())
}

async fn story(desktop: &Desktop, teller: &mut Teller, folder: &Path) -> Play<App> {
    teller.says("A desktop of its own: session bus, keyring, browser, and a sandbox server")?;
    let browser = Browser::install(desktop).await?;
    let sandbox = Sandbox::start().await?;
    let cli = Cli(desktop);
    let quickbooks = desktop.stand_in("QBW.EXE")?;
    let _web_connector = desktop.stand_in("QBWebConnector.exe")?;
    let enrollment = sandbox.enrollment("Larch Street Hardware").await?;

    teller.says("A bookkeeper clicks the link that their web application shows")?;
    teller.adds("deskside://enroll?backend=…&code=…")?;
    let app = App::start(desktop, &[&enrollment.deep_link]).await?;
    let page = app.page(desktop).await?;
    page.says("127.0.0.1").await?;
    teller.picture(desktop, "question").await?;

    teller.says("Deskside names the site and asks; the bookkeeper agrees")?;
    page.click("input[type=checkbox]").await?;
    page.press("Link").await?;
    page.says("Larch Street Hardware").await?;
    teller.picture(desktop, "account").await?;
    page.press("Yes, tell them").await?;

    teller.says("The browser opens the connection page; the bookkeeper follows its steps")?;
    let tab = browser.page_with(desktop, "#finish").await?;
    teller.picture(desktop, "browser").await?;
    tab.click("#finish").await?;
    let back = tab.attribute("#back", "href").await?;
    App::click(desktop, &back).await?;
    tab.quit().await?;

    teller.says("Deskside sees that it works")?;
    cli.verdict_becomes("healthy").await?;
    page.says("Connected and working").await?;
    teller.picture(desktop, "healthy").await?;

    teller.says("QuickBooks is closed")?;
    drop(quickbooks);
    let status = cli.verdict_becomes("problem").await?;
    let cause = status.pointer("/problems/0/cause").and_then(Value::as_str).ok_or("no cause")?;
    page.says(cause).await?;

    teller.says("After ten seconds Deskside says what is wrong and what to do")?;
    teller.adds(&format!("“{cause}”"))?;
    teller.picture(desktop, "problem").await?;

    teller.says("The application's backend was told the same")?;
    let code = eventually("the report of the problem", async || {
        Ok(sandbox.reports().await?.iter().rev().find_map(root_cause))
    })
    .await?;
    teller.adds(&code)?;

    teller.says("QuickBooks is opened again, and the connection works again")?;
    let quickbooks = desktop.stand_in("QBW.EXE")?;
    cli.verdict_becomes("healthy").await?;
    page.says("Connected and working").await?;
    teller.picture(desktop, "recovered").await?;

    teller.says("The backend heard all of it, in order")?;
    let heard = eventually("the report of the recovery", async || {
        let heard = sandbox.heard().await?;
        Ok(heard.ends_with(&TOLD.map(str::to_owned)).then_some(heard))
    })
    .await?;
    teller.adds(&heard.join(" → "))?;
    let events = serde_json::to_string_pretty(&sandbox.get("/events").await?)?;
    std::fs::write(folder.join("events.json"), events)?;
    drop(quickbooks);
    Ok(app)
}

const TOLD: [&str; 3] = ["healthy", "problem", "healthy"];

fn root_cause(report: &Value) -> Option<String> {
    let problems = report.pointer("/data/connections/0/problems")?.as_array()?;
    let root =
        problems.iter().find(|problem| problem.pointer("/root") == Some(&Value::Bool(true)))?;
    root.pointer("/code")?.as_str().map(str::to_owned)
}

/// A fresh folder for what is left of the story, beside what was built.
fn results_folder() -> Play<PathBuf> {
    let this = std::env::current_exe()?;
    let folder = this.parent().and_then(Path::parent).ok_or("no target folder")?.join("demo");
    match std::fs::remove_dir_all(&folder) {
        Err(why) if why.kind() != std::io::ErrorKind::NotFound => return Err(why.into()),
        Ok(()) | Err(_) => {}
    }
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// Leaves the window to whoever sits in front of it.
async fn stay(desktop: &Desktop, mut app: App) -> Play {
    let _quickbooks = desktop.stand_in("QBW.EXE")?;
    let _web_connector = desktop.stand_in("QBWebConnector.exe")?;
    App::click(desktop, "deskside://open/status").await?;
    if stdin().is_terminal() {
        writeln!(stdout(), "The window is yours. Press Enter here to end.")?;
        tokio::task::spawn_blocking(|| stdin().read_line(&mut String::new())).await??;
    } else {
        writeln!(stdout(), "The window is yours. Quit Deskside from its tray icon to end.")?;
        while app.is_running()? {
            tokio::time::sleep(std::time::Duration::from_secs(1)).await;
        }
    }
    app.crash().await
}
