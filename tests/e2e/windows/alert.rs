//! Message boxes, which say what no window can.

use deskside_tests::{Outcome, Program, Stage, Window, eventually, top_level_windows};
use windows_sys::Win32::UI::WindowsAndMessaging::{IDNO, WM_CLOSE, WM_COMMAND};

use super::app_without_webview2;

/// The class of every message box.
const BOX: &str = "#32770";

/// Waits for the message box of a program.
pub(crate) fn appears(app: &Program) -> Outcome<Window> {
    let boxes = eventually("a box appears", || {
        let boxes = boxes(app)?;
        Ok(Some(boxes).filter(|boxes| !boxes.is_empty()))
    })?;
    assert_eq!(boxes.len(), 1, "{boxes:?}");
    let window = boxes.into_iter().next().ok_or("no box")?;
    assert_eq!(window.title, "Deskside");
    Ok(window)
}

fn boxes(app: &Program) -> Outcome<Vec<Window>> {
    let windows = top_level_windows()?.into_iter();
    let of_app = windows.filter(|window| window.process == app.id() && window.can_be_seen);
    Ok(of_app.filter(|window| window.class == BOX).collect())
}

#[test]
fn without_webview2_there_is_one_message_box_at_most() -> Outcome {
    let stage = Stage::set_up()?;
    let app = app_without_webview2(&stage)?;
    let first = appears(&app)?;
    // When the user asks for the window again
    assert_eq!(stage.app(&[])?.ends()?, Some(0));
    eventually("it was tried again", || {
        let tries = stage.log()?.matches("the window could not be opened").count();
        Ok((tries == 2).then_some(()))
    })?;
    // Then there is still one box, and the command line says the same
    appears(&app)?;
    let status = stage.companion_answers()?;
    let notices = status["notices"].as_array().ok_or("no notices")?;
    let told = notices.iter().any(|notice| notice["code"] == "companion.webview_missing");
    assert!(told, "{status}");
    // And when it is closed, the next click brings it back
    first.send(WM_COMMAND, usize::try_from(IDNO)?, 0)?;
    eventually("the box is gone", || Ok(boxes(&app)?.is_empty().then_some(())))?;
    assert_eq!(stage.app(&[])?.ends()?, Some(0));
    appears(&app).map(drop)
}

#[test]
fn an_app_that_cannot_start_says_so() -> Outcome {
    let stage = Stage::set_up()?;
    std::fs::write(&stage.desktop.data, "a file where the folder belongs")?;
    let mut app = stage.app(&["--background"])?;
    appears(&app)?.send(WM_CLOSE, 0, 0)?;
    assert_eq!(app.ends()?, Some(2));
    std::fs::remove_file(&stage.desktop.data)?;
    Ok(())
}
