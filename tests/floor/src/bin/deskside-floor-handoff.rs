//! The floor that takes what a second copy of it was started with, by Tauri's own plugin, and
//! writes one line for each: the peer of Deskside's hand-over of links.

use std::io::{self, Write};

fn main() -> tauri::Result<()> {
    let taken = tauri_plugin_single_instance::init(|_, arguments, _| {
        let line = format!("{}\n", arguments.get(1).map_or("", String::as_str));
        // Nobody who stopped reading is owed a line.
        io::stdout().lock().write_all(line.as_bytes()).ok();
    });
    deskside_floor::run(tauri::Builder::default().plugin(taken))
}
