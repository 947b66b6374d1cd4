//! Opens the system browser.

use std::io::ErrorKind;

use crate::Secret;

/// Opens a link in the browser of the user's choice, once.
///
/// # Errors
/// Of what kind the failure was. The launcher's own message names the link and is dropped.
pub fn open(link: &Secret) -> Result<(), ErrorKind> {
    // The browser must have it; the process that hands it over lives for a moment only.
    open::that_detached(link.reveal()).map_err(|why| why.kind())
}
