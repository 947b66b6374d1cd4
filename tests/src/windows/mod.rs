//! Windows, or Wine: the user's own session, inspected by the system's own calls.

mod credentials;
mod desktop;
mod pipe;
mod registry;
mod screen;

pub use credentials::{Credential, credential, credentials};
pub use desktop::{Desktop, INSTALLED, Parts};
pub use pipe::Listener;
pub use registry::{MovedProfile, text_value};
pub use screen::{MouseButton, OtherDesktop, TrayIcon, Window, has_taskbar, top_level_windows};
