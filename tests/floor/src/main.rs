//! The floor: the app without plugins.

fn main() -> tauri::Result<()> {
    deskside_floor::run(tauri::Builder::default())
}
