//! How long an answer counts as current.

use jiff::{SignedDuration, Timestamp};

/// How long an answer counts. An older one is neither healthy nor broken.
pub(crate) const BELIEVED_FOR: SignedDuration = SignedDuration::from_mins(20);

/// True while the last answer counts. An answer from the future counts no longer than one from the
/// past, because the clock may have been set back.
pub(crate) fn is_believed(now: Timestamp, heard_at: Timestamp) -> bool {
    now.duration_since(heard_at).abs() <= BELIEVED_FOR
}
