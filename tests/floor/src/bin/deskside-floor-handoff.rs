//! The floor with Tauri's single-instance plugin: it receives the first argument of every further
//! copy that is started, and prints it as one line. The benchmark compares Deskside's handover of
//! links with it.

use std::io::{self, Write};

fn main() -> tauri::Result<()> {
    let plugin = tauri_plugin_single_instance::init(|_, arguments, _| {
        let line = format!("{}\n", arguments.get(1).map_or("", String::as_str));
        // If standard output is closed, nobody waits for the line.
        io::stdout().lock().write_all(line.as_bytes()).ok();
    });
    deskside_floor::run(tauri::Builder::default().plugin(plugin))
}
