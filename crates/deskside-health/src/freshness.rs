//! How long an answer counts.

use jiff::{SignedDuration, Timestamp};

/// How long an answer may be believed. Older ones are neither healthy nor broken.
pub(crate) const BELIEVED_FOR: SignedDuration = SignedDuration::from_mins(20);

/// True unless the last answer is known to be too old. Either way round: a clock may be set back.
pub(crate) fn is_believed(now: Timestamp, heard_at: Timestamp) -> bool {
    now.duration_since(heard_at).abs() <= BELIEVED_FOR
}
