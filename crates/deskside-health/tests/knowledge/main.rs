//! What Deskside knows about codes and messages: it knows all of them, explains them in words that
//! a bookkeeper understands, and finds them in pasted text.

mod complete;
#[path = "../words/jargon.rs"]
mod jargon;
mod messages;
mod readable;
mod recognized;
