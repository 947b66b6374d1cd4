//! What a provider says of a request, for the person at the terminal.

use deskside_model::evidence::RemoteStatus;
use deskside_model::link::redact;
use deskside_net::ProviderRefusal;

use crate::output::say;

/// A provider's own words, as given.
#[derive(Default)]
pub(super) struct Said {
    message: Option<String>,
    /// What its support needs to find the request.
    request: Option<String>,
}

impl Said {
    pub(super) const fn is_something(&self) -> bool {
        self.message.is_some() || self.request.is_some()
    }

    /// Says it to the person at the terminal. Whoever writes to a user may put a link or a key into
    /// it; those are not for screens.
    pub(super) fn repeat(&self) {
        if let Some(message) = &self.message {
            say(&format!("Message: {}", redact(message)));
        }
        if let Some(request) = &self.request {
            say(&format!("Request: {request}"));
        }
    }
}

impl From<&ProviderRefusal> for Said {
    fn from(refusal: &ProviderRefusal) -> Self {
        Self { message: refusal.message.clone(), request: refusal.request_id.clone() }
    }
}

impl From<&RemoteStatus> for Said {
    fn from(status: &RemoteStatus) -> Self {
        Self { message: status.user_message.clone(), request: status.request_id.clone() }
    }
}
