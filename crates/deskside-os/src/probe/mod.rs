//! Passive probes of this computer: they click, change and ask nothing.

mod listed;
mod network;
#[cfg(any(windows, test))]
mod process_list;
mod processes;
mod screen;
mod survey;

#[cfg_attr(windows, path = "platform/windows/mod.rs")]
#[cfg_attr(not(windows), path = "platform/other.rs")]
mod platform;

pub use network::probe_network;
pub use platform::on_battery_now;
#[cfg(windows)]
pub(crate) use platform::{as_text, known_folder};
pub use processes::Processes;
pub use survey::Survey;
