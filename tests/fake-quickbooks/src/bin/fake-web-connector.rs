//! Plays `QBWebConnector.exe`: a hidden window, a registry key and a log file.

#![windows_subsystem = "windows"]

use std::process::ExitCode;

use deskside_fake_quickbooks::connector::Connector;
use deskside_fake_quickbooks::serve::{run, serve};

const HELP: &str = "\
Shows the window, registry key and log of the QuickBooks Web Connector as it is ordered to, for
tests without QuickBooks.

Usage: fake-web-connector [ARGUMENTS IGNORED]

Copy it to QBWebConnector.exe and start the copy. It reads one order per line of standard input and
answers each with {\"done\":true} or {\"error\":\"...\"}. It exits when standard input closes. It does
not start where a real Web Connector is set up for the same Windows user.

Orders:
  \"show\", \"hide\"                               opens its window, or hides it in the tray
  {\"log\":{\"path\":\"...\"}}                       sets the log file; also \"at\", \"version\", \"sharing\"
  {\"clear_log\":{\"at\":null}}                    clears the log
  {\"level\":\"DEBUG\"}                            log level after a restart; or \"NONE\", \"VERBOSE\"
  {\"application\":{\"name\":\"...\",\"values\":{}}}   adds an application
  {\"remove_application\":{\"name\":\"...\"}}        removes an application
  {\"run\":{\"application\":{...},\"outcome\":...}}  runs an update; README.md has examples
  \"finish_run\"                                 writes the rest of a run with \"stop_after\"
  {\"update_lock\":{\"locked\":true}}              sets UpdateLock alone
  \"forget\"                                     deletes the registry key
  {\"hang\":{\"seconds\":60}}                      stops responding; \"seconds\":null until \"wake\"
  \"wake\"                                       responds again
  {\"exit\":{\"code\":0}}                          exits with a code; the registry stays as it is

Options:
  -h, --help     Print help
  -V, --version  Print version
";

fn main() -> ExitCode {
    run(HELP, || {
        let mut connector = Connector::start()?;
        serve(|order| connector.obey(order))
    })
}
