//! What Deskside knows about codes and messages: that it knows all of them, says it in words that a
//! bookkeeper reads, and finds them in what people paste.

mod complete;
#[path = "../words/jargon.rs"]
mod jargon;
mod messages;
mod readable;
mod recognised;
