//! Which proxy leads to an address: the system's own answer, so that Deskside takes the way that the
//! browser takes.
//!
//! docs/sources/platform.md#network

#[cfg_attr(windows, path = "proxy/windows.rs")]
#[cfg_attr(not(windows), path = "proxy/other.rs")]
mod platform;
// Windows' settings are text; reading them is tested everywhere.
#[cfg(any(windows, test))]
mod settings;

use deskside_model::ProxyChoice;
use url::Url;

/// The proxy for this address, by the settings of this moment. On Windows this may load a script, and
/// look for one in the network, for some seconds.
#[must_use]
pub fn proxy_for(url: &Url) -> ProxyChoice {
    platform::proxy_for(url)
}
