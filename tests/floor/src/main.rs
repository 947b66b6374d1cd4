//! The floor: the app without any plugin.

fn main() -> tauri::Result<()> {
    deskside_floor::run(tauri::Builder::default())
}
