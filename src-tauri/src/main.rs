//! The tray app: Deskside's shell on the desktop. No rule about health, links or reports is here.
#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

mod alert;
mod arrival;
#[cfg_attr(windows, path = "clicks/windows.rs")]
#[cfg_attr(not(windows), path = "clicks/other.rs")]
mod clicks;
mod desk;
mod ipc;
#[cfg_attr(windows, path = "page_death/windows.rs")]
#[cfg_attr(not(windows), path = "page_death/other.rs")]
mod page_death;
mod page_failures;
mod placement;
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

use std::path::Path;
use std::process::ExitCode;

use arrival::{Arrival, restart};
use deskside_companion::{Input, Toast};
use deskside_model::Secret;
use deskside_os::{account, crash, paths};
use deskside_runtime::alert as alert_text;
use deskside_runtime::control::{Claim, ControlFault};
use deskside_runtime::pictures::Pictures;
use deskside_runtime::{Inbox, Message, Shell, StartFault};
use shell::DeskShell;
use tauri::{App, RunEvent};
use tokio::runtime::{Builder, Runtime};
use tokio::task::spawn_blocking;

/// Why the program ends before it has started.
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
    crash::note_panics(&folder);
    if !deskside_text::choose_language(deskside_os::locale::preferred()) {
        tracing::error!("a text was used before the language was set");
    }
    let tokio = Builder::new_current_thread().enable_all().build()?;

    let arrival = Arrival::of_this_process()?;
    if arrival.may_restart_unelevated() && account::restart_unelevated(arrival.flags()) {
        tracing::info!("started again with everyday rights");
        return Ok(ExitCode::SUCCESS);
    }
    if arrival.background && crash::is_in_loop(&folder) {
        return Err(alert_text::crash_loop().into());
    }
    let Some(claim) = tokio.block_on(claim(&arrival, &folder))? else {
        return Ok(ExitCode::SUCCESS);
    };
    if arrival.is_in_arguments() {
        // The new process claims the profile itself, or finds another one that did.
        drop(claim);
        return Err(arrival.restart().into());
    }
    if let Err(why) = toast::prepare(&folder) {
        tracing::warn!(%why, "notifications will not be shown");
    }
    restart::after_crash_and_update();

    let (inbox, outlet) = deskside_runtime::inbox();
    // One thread for all async tasks: ours, and those of Tauri and its plugins.
    tauri::async_runtime::set(tokio.handle().clone());
    let app = build(inbox.clone(), Pictures::new(&folder))?;
    let desk = desk::start(app.handle().clone(), inbox.clone())?;
    let mut shell = DeskShell::new(desk);
    tell_crash(&folder, &mut shell);
    let quietly = arrival.background || arrival.link.is_some();
    offer(&inbox, Input::Started { quietly });
    if let Some(link) = arrival.link {
        offer(&inbox, Input::LinkArrived(link));
    }
    session::listen(inbox.clone())?;
    let run = move |tokio: &Runtime| {
        tokio.block_on(deskside_runtime::run(claim, &folder, shell, inbox, outlet))
    };
    companion(tokio, run, app.handle().clone())?;
    app.run(move |_, event| {
        // The last window was closed: the tray stays. Our own exit has a code.
        if let RunEvent::ExitRequested { code: None, api, .. } = event {
            api.prevent_exit();
        }
    });
    Ok(ExitCode::SUCCESS)
}

/// Becomes the companion, or hands the link over. A link that cannot be handed over is kept here until
/// it arrives or is given up.
async fn claim(arrival: &Arrival, folder: &Path) -> Result<Option<Claim>, ControlFault> {
    let mut tries = 0;
    loop {
        let why = match arrival.claim(folder).await {
            Err(why) if arrival.link.is_some() => why,
            claimed => return claimed,
        };
        tracing::error!(%why, "a link could not be handed over");
        tries += 1;
        // Not on this thread, which still has connections to close.
        let asking = spawn_blocking(move || alert::link_waits(&why.to_string(), tries));
        if !asking.await.unwrap_or(false) {
            return Ok(None);
        }
    }
}

/// Says once that an earlier process of this profile crashed.
fn tell_crash(folder: &Path, shell: &mut DeskShell) {
    let Some(crash) = crash::take_untold(folder) else { return };
    tracing::error!(at = %crash.at, place = %crash.place, "Deskside crashed before this start");
    let (title, body) = alert_text::crashed();
    shell.toast(&Toast { problem: None, title, body });
}

fn build(inbox: Inbox, pictures: Pictures) -> tauri::Result<App> {
    scheme::plugin(tauri::Builder::default())
        .plugin(window::remember_place())
        .on_menu_event(|app, event| tray::chosen(app, &event))
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

/// Sends an input without waiting; false if the companion is busy or has ended.
fn offer(inbox: &Inbox, input: Input) -> bool {
    let sent = inbox.try_send(Message::Input(input));
    sent.inspect_err(|why| tracing::error!(%why, "an input was dropped")).is_ok()
}

/// Runs the companion on a separate thread; the program ends when it does.
fn companion(
    tokio: Runtime,
    run: impl FnOnce(&Runtime) -> Result<(), StartFault> + Send + 'static,
    app: tauri::AppHandle,
) -> std::io::Result<()> {
    let thread = move || {
        let code = match run(&tokio) {
            Ok(()) => 0,
            Err(why) => {
                tracing::error!(%why, detail = ?why, "the companion cannot run");
                alert::it_ends(&why.to_string());
                2
            }
        };
        app.exit(code);
        // A hanging keyring call must not delay the exit.
        tokio.shutdown_background();
    };
    std::thread::Builder::new().name("companion".into()).spawn(thread).map(drop)
}

/// The link that a process was started with.
pub(crate) fn secret(link: String) -> Secret {
    Secret::new(link)
}
