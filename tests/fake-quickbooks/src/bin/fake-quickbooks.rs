//! Plays `QBW.EXE`, `QBW32.EXE`, a launcher, `WerFault.exe`, a repair tool: copied under that name
//! it has that name's process, and shows what it is told to. Arguments are ignored, so that it can
//! be started with `-Embedding`.

#![windows_subsystem = "windows"]

use std::ops::ControlFlow;
use std::process::ExitCode;

use deskside_fake_quickbooks::desktop::{Desktop, QUICKBOOKS};
use deskside_fake_quickbooks::orders::QuickBooksOrder;
use deskside_fake_quickbooks::serve::{exit, serve};

fn main() -> ExitCode {
    exit(Desktop::start(QUICKBOOKS).and_then(|desktop| {
        serve(|order| {
            if let QuickBooksOrder::Exit { code } = order {
                return Ok(ControlFlow::Break(code));
            }
            desktop.obey(order).map(ControlFlow::Continue)
        })
    }))
}
