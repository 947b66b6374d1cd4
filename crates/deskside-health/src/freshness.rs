//! How long an answer counts as current.

use deskside_model::evidence::Remote;
use jiff::{SignedDuration, Timestamp};

/// How long an answer counts. An older one is neither healthy nor broken.
pub(crate) const BELIEVED_FOR: SignedDuration = SignedDuration::from_mins(20);

/// True while the last answer counts. An answer from the future counts no longer than one from the
/// past, because the clock may have been set back.
pub(crate) fn is_believed(now: Timestamp, heard_at: Timestamp) -> bool {
    now.duration_since(heard_at).abs() <= BELIEVED_FOR
}

/// True while the last answer of a source counts; false if it has never answered.
pub(crate) fn is_current(now: Timestamp, remote: &Remote) -> bool {
    remote.heard_at.is_some_and(|heard_at| is_believed(now, heard_at))
}
