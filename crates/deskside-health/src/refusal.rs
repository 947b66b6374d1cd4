//! What a source's code says: whether QuickBooks has only refused one request, or the connection fails.

use deskside_knowledge::{Clues, CodeFamily, Meaning, recognize};
use deskside_model::evidence::RemoteStatus;

/// The lowest of QuickBooks' own codes for a refused request. Lower numbers are remarks, warnings and
/// HTTP statuses.
const LOWEST_REFUSAL: u32 = 1000;

/// True when QuickBooks has answered one request with a code of its own.
pub(crate) fn is_refusal(status: &RemoteStatus) -> bool {
    let number = status.integration_code.as_deref().and_then(|code| code.trim().parse().ok());
    number.is_some_and(|number: u32| number >= LOWEST_REFUSAL)
        && known(status)
            .is_some_and(|known| known.kind == CodeFamily::Status && known.cause.is_none())
}

/// The meaning of the code that a source has passed on.
pub(crate) fn known(status: &RemoteStatus) -> Option<&'static Meaning> {
    meaning(status.integration_code.as_deref()?)
}

/// The meaning of a code in any spelling.
pub(crate) fn meaning(code: &str) -> Option<&'static Meaning> {
    let hresult = code.strip_prefix("0x").and_then(|hex| u32::from_str_radix(hex, 16).ok());
    recognize(&Clues { code: Some(code), hresult, text: "" })
}
