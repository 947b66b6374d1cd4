//! Plays `QBWebConnector.exe`: a hidden window, a registry key and a log file.

#![windows_subsystem = "windows"]

use std::process::ExitCode;

use deskside_fake_quickbooks::connector::Connector;
use deskside_fake_quickbooks::serve::{exit, serve};

fn main() -> ExitCode {
    exit(Connector::start().and_then(|mut connector| serve(|order| connector.obey(order))))
}
