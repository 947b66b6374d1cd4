//! Each line of the tray's menu does its one thing, whatever the menu looked like before.

use deskside_tests::{Outcome, Page, Panel, Program, Sandbox, Stage, eventually};

use crate::direct::working_connection;

const OPEN: &str = "Open Deskside";
const LOOK_AGAIN: &str = "Look again";
const DIAGNOSTICS: &str = "What this computer shows";
const ANSWER: &str = "Answer a question…";
const QUIT: &str = "Quit Deskside";

/// What only the page "Status" holds.
const ON_STATUS: &str = "class=\"hero";

/// What only the page "Diagnostics" holds.
const ON_DIAGNOSTICS: &str = ">Diagnostics</h1>";

#[test]
fn each_tray_line_does_its_one_thing_after_every_redraw() -> Outcome {
    let stage = Stage::set_up()?;
    let panel = Panel::start(&stage.desktop)?;
    let sandbox = Sandbox::start()?;
    let mut app = stage.app(&[])?;
    let page = stage.desktop.page()?;

    // When the tray is drawn again with more and more companies
    let mut companies = 0;
    for wanted in [0, 1, 2, 12] {
        while companies < wanted {
            working_connection(&stage, &sandbox)?;
            companies += 1;
        }
        // One company is not named: the headline is about it.
        let named = if companies > 1 { companies } else { 0 };
        has_lines(&panel, 1 + named + [OPEN, LOOK_AGAIN, DIAGNOSTICS, QUIT].len())?;

        // Then each line does what it says
        turns(&panel, DIAGNOSTICS, &page, ON_DIAGNOSTICS)?;
        looks_again(&panel, &sandbox, companies)?;
        stays(&mut app, &page, ON_DIAGNOSTICS)?;
        turns(&panel, OPEN, &page, ON_STATUS)?;
        stays(&mut app, &page, ON_STATUS)?;
    }

    // When a question is open as well
    stage.click(&sandbox.enrollment("Larch & Söhne")?.deep_link)?;
    has_lines(&panel, 1 + companies + [ANSWER, OPEN, LOOK_AGAIN, DIAGNOSTICS, QUIT].len())?;
    turns(&panel, DIAGNOSTICS, &page, ON_DIAGNOSTICS)?;
    looks_again(&panel, &sandbox, companies)?;
    stays(&mut app, &page, ON_DIAGNOSTICS)?;
    turns(&panel, ANSWER, &page, ON_STATUS)?;
    turns(&panel, DIAGNOSTICS, &page, ON_DIAGNOSTICS)?;
    turns(&panel, OPEN, &page, ON_STATUS)?;
    stays(&mut app, &page, ON_STATUS)?;

    // Then only one line ends the program
    panel.choose(QUIT)?;
    assert_eq!(app.ends()?, Some(0));
    assert!(!stage.log()?.contains("was dropped"), "{}", stage.log()?);
    Ok(())
}

fn has_lines(panel: &Panel, count: usize) -> Outcome {
    eventually(&format!("the menu has {count} lines"), || {
        let menu = panel.menu()?;
        if menu.len() == count { Ok(Some(())) } else { Err(format!("{menu:?}").into()) }
    })
}

/// Clicks a line until the window shows a page: a menu that is drawn again takes no click.
fn turns(panel: &Panel, line: &str, page: &Page, sign: &str) -> Outcome {
    eventually(&format!("{line:?} shows the page with {sign}"), || {
        panel.choose(line)?;
        Ok(page.source()?.contains(sign).then_some(()))
    })
}

/// Clicks "Look again" until the provider is asked about every company once more.
fn looks_again(panel: &Panel, sandbox: &Sandbox, companies: usize) -> Outcome {
    let asked = || sandbox.requests("conductor", "/end-users/");
    let before = asked()?;
    eventually("every company is asked about", || {
        panel.choose(LOOK_AGAIN)?;
        Ok((asked()? >= before + u64::try_from(companies)?).then_some(()))
    })
}

fn stays(app: &mut Program, page: &Page, sign: &str) -> Outcome {
    assert!(app.is_running()?, "it has ended");
    assert!(page.source()?.contains(sign), "the page has changed");
    Ok(())
}
