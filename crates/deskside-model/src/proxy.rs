//! Which proxy leads to an address, as the operating system answers it.

use url::Url;

use crate::Secret;

/// The system's answer for one address.
#[derive(Debug)]
pub enum ProxyChoice {
    /// No proxy.
    Direct,
    /// This proxy.
    Through(Proxy),
    /// The system could not tell, for this reason.
    Unknown(String),
}

/// A proxy.
#[derive(Debug)]
pub struct Proxy {
    /// Its address, without a name or password.
    pub address: Url,
    /// The name and the password for it, if the system's settings contain them.
    pub sign_in: Option<(String, Secret)>,
}
