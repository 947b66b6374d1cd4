//! A tray app that does nothing: one icon, one menu entry, no window.
//!
//! It is built from the same parts as Deskside, with the same features and profile. Whatever
//! Deskside costs above this floor is its own cost.

use tauri::menu::{Menu, MenuItem};
use tauri::tray::TrayIconBuilder;
use tauri::{App, Builder, Context, RunEvent, Wry};

/// Runs the app until the user chooses Quit.
///
/// # Errors
/// If there is no display or no tray.
pub fn run(builder: Builder<Wry>) -> tauri::Result<()> {
    let app = builder.setup(|app| Ok(tray(app)?)).build(context())?;
    app.run(|_, event| {
        if let RunEvent::ExitRequested { code: None, api, .. } = event {
            api.prevent_exit();
        }
    });
    Ok(())
}

fn tray(app: &App) -> tauri::Result<()> {
    let quit = MenuItem::with_id(app, "quit", "Quit", true, None::<&str>)?;
    TrayIconBuilder::new()
        .icon(tauri::include_image!("../../icons/generated/tray/idle.png"))
        .tooltip("Floor")
        .menu(&Menu::with_items(app, &[&quit])?)
        .on_menu_event(|app, _| app.exit(0))
        .build(app)
        .map(drop)
}

fn context() -> Context {
    tauri::generate_context!()
}
