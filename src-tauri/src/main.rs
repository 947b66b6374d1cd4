//! The tray app: Deskside's shell on the desktop. No rule about health, links or reports is here.
#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

mod alert;
mod arrival;
mod desk;
mod ipc;
#[cfg_attr(windows, path = "scheme/windows.rs")]
#[cfg_attr(not(windows), path = "scheme/other.rs")]
mod scheme;
#[cfg_attr(windows, path = "session/windows.rs")]
#[cfg_attr(not(windows), path = "session/other.rs")]
mod session;
mod shell;
#[cfg_attr(windows, path = "toast/windows.rs")]
#[cfg_attr(not(windows), path = "toast/other.rs")]
mod toast;
mod tray;
mod window;

use std::process::ExitCode;

use arrival::Arrival;
use deskside_companion::Input;
use deskside_model::Secret;
use deskside_os::paths;
use deskside_runtime::pictures::Pictures;
use deskside_runtime::{Inbox, Message, Outlet};
use shell::DeskShell;
use tauri::{App, RunEvent};

/// What ends the program before it has begun.
type Fatal = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    match start() {
        Ok(code) => code,
        Err(why) => {
            tracing::error!(%why, "Deskside cannot start");
            alert::it_ends(&why.to_string());
            ExitCode::from(2)
        }
    }
}

fn start() -> Result<ExitCode, Fatal> {
    let folder = paths::data_folder()?;
    deskside_os::log::to_file(&folder, deskside_os::log::FILE);
    if !deskside_text::choose_language(deskside_os::locale::preferred()) {
        tracing::error!("something was said before the language was chosen");
    }
    let tokio = tokio::runtime::Builder::new_current_thread().enable_all().build()?;

    let arrival = Arrival::of_this_process()?;
    if tokio.block_on(arrival.hand_over(&folder)) {
        return Ok(ExitCode::SUCCESS);
    }
    let arrival = arrival.keep_out_of_arguments()?;
    if let Err(why) = toast::prepare(&folder) {
        tracing::warn!(%why, "notifications will not be shown");
    }

    let (inbox, outlet) = deskside_runtime::inbox();
    // One thread for everything that waits: ours, and what Tauri and its plugins start.
    tauri::async_runtime::set(tokio.handle().clone());
    let app = build(inbox.clone(), Pictures::new(&folder))?;
    let desk = desk::start(app.handle().clone(), inbox.clone())?;
    let shell = DeskShell::new(desk);
    let quietly = arrival.background || arrival.link.is_some();
    offer(&inbox, Some(Input::Started { quietly }));
    offer(&inbox, arrival.link.map(Input::LinkArrived));
    session::listen(inbox.clone())?;
    companion(tokio, shell, inbox.clone(), outlet, app.handle().clone())?;
    app.run(move |_, event| {
        // The last window was closed: the tray stays. Our own end carries a code.
        if let RunEvent::ExitRequested { code: None, api, .. } = event {
            api.prevent_exit();
        }
    });
    Ok(ExitCode::SUCCESS)
}

fn build(inbox: Inbox, pictures: Pictures) -> tauri::Result<App> {
    let second = inbox.clone();
    let builder = tauri::Builder::default()
        // First: nothing else may happen in a second copy. Its callback runs while that copy
        // waits, so it only passes on what came.
        .plugin(tauri_plugin_single_instance::init(move |_, arguments, _| {
            let link = arrival::link_among(arguments.into_iter());
            offer(&second, Some(link.map_or(Input::Summoned, Input::LinkArrived)));
        }));
    scheme::plugin(builder)
        .plugin(window::remember_place())
        .manage(inbox)
        .manage(pictures)
        .invoke_handler(tauri::generate_handler![
            ipc::attach,
            ipc::act,
            ipc::details,
            ipc::image,
            ipc::ready
        ])
        .build(tauri::generate_context!())
}

/// Passes something on without waiting; when nobody takes it out, the newest is dropped.
fn offer(inbox: &Inbox, input: Option<Input>) {
    if let Some(input) = input
        && let Err(why) = inbox.try_send(Message::Input(input))
    {
        tracing::error!(%why, "an arrival is dropped");
    }
}

/// Runs the companion on a thread of its own; the program ends when it does.
fn companion(
    tokio: tokio::runtime::Runtime,
    shell: DeskShell,
    inbox: Inbox,
    outlet: Outlet,
    app: tauri::AppHandle,
) -> std::io::Result<()> {
    let run = move || {
        let code = match tokio.block_on(deskside_runtime::run(shell, inbox, outlet)) {
            Ok(()) => 0,
            Err(why) => {
                tracing::error!(%why, detail = ?why, "the companion cannot run");
                alert::it_ends(&why.to_string());
                2
            }
        };
        app.exit(code);
        // A keyring call that hangs must not hold up the end.
        tokio.shutdown_background();
    };
    std::thread::Builder::new().name("companion".into()).spawn(run).map(drop)
}

/// The link of a process that was started with one.
pub(crate) fn secret(link: String) -> Secret {
    Secret::new(link)
}
