//! What a provider offers to connect, as the window lists it.

use serde::{Deserialize, Serialize};
use url::Url;

/// An accounting platform that can be connected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Integration {
    /// The provider's stable key for it.
    pub key: String,
    /// Its full name.
    pub name: String,
    /// Its logo.
    pub logo: Option<PictureSource>,
    /// The connect button that the platform's owner prescribes.
    pub button: Option<PictureSource>,
    /// The same button under the pointer.
    pub button_hover: Option<PictureSource>,
}

/// Where a picture is hosted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PictureSource {
    /// Its address.
    pub url: Url,
    /// Its text alternative; empty when there is none.
    pub alt: String,
}
