//! Plays `QBW.EXE`, `QBW32.EXE`, a launcher, `WerFault.exe` or a repair tool: run from a copy with
//! that name, it has that process name and shows what it is ordered to show.

#![windows_subsystem = "windows"]

use std::ops::ControlFlow;
use std::process::ExitCode;

use deskside_fake_quickbooks::desktop::{Desktop, QUICKBOOKS};
use deskside_fake_quickbooks::orders::QuickBooksOrder;
use deskside_fake_quickbooks::serve::{run, serve};

const HELP: &str = "\
Shows the windows of QuickBooks Desktop as it is ordered to, for tests without QuickBooks.

Usage: fake-quickbooks [ARGUMENTS IGNORED, for example -Embedding]

Copy it to the name that its process is to have, for example QBW.EXE, and start the copy. It reads
one order per line of standard input and answers each with {\"done\":true} or {\"error\":\"...\"}. It
exits when standard input closes.

Orders:
  {\"main\":{\"title\":\"...\",\"shown\":\"open\"}}      main window; or \"minimised\", \"hidden\"
  {\"sign_in\":{\"place\":\"window\"}}               sign-in window; or \"child\"
  \"no_company\"                                 the screen without an open company
  {\"dialog\":{\"title\":\"...\",\"text\":\"...\"}}      modal dialog; \"class\":\"#32770\" or \"MauiForm\"
  {\"window\":{\"class\":\"...\",\"title\":\"...\"}}     window of any class; \"password\":true adds a password field
  {\"close\":{\"title\":\"...\"}}                    closes a window, but not the main window
  {\"hang\":{\"seconds\":60}}                      stops responding; \"seconds\":null until \"wake\"
  \"hang_hidden\"                                the same with its main window hidden, as once somebody has clicked on it
  \"wake\"                                       responds again
  {\"exit\":{\"code\":0}}                          exits with a code

Options:
  -h, --help     Print help
  -V, --version  Print version
";

fn main() -> ExitCode {
    run(HELP, || {
        let desktop = Desktop::start(QUICKBOOKS)?;
        serve(|order| {
            if let QuickBooksOrder::Exit { code } = order {
                return Ok(ControlFlow::Break(code));
            }
            desktop.obey(order).map(ControlFlow::Continue)
        })
    })
}
