//! What a crash leaves behind: a note for support, and a limit to being started again.
//!
//! The operating system starts a crashed program again, which must not go on for ever. The notes of the
//! last crashes decide that, and they hold no secrets.

use std::fs;
use std::io;
use std::panic::{self, PanicHookInfo};
use std::path::Path;

use deskside_model::VERSION;
use deskside_model::link::redact;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// The name of the file with the notes in the profile folder.
pub const FILE: &str = "crashes.json";

/// How many notes are kept.
const MOST_NOTES: usize = 8;

/// The longest message that is kept, in characters.
const LONGEST_MESSAGE: usize = 300;

/// So many crashes within [`LOOP_TIME`] end the restarts.
const LOOP_CRASHES: usize = 3;

/// Windows starts a program again only if it ran for a minute.
const LOOP_TIME: SignedDuration = SignedDuration::from_mins(15);

/// One crash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CrashNote {
    /// When.
    pub at: Timestamp,
    /// Of which version.
    pub version: String,
    /// The place in the program, as file and line.
    pub place: String,
    /// What went wrong, without links, keys and identifiers.
    pub message: String,
    /// The person in front of the computer was told.
    #[serde(default)]
    pub told: bool,
}

/// Writes a note into `folder` when any thread of this process panics, and then does what was done
/// before.
pub fn note_panics(folder: &Path) {
    let file = folder.join(FILE);
    let before = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        // Nothing else can be done about a note that is not kept.
        drop(keep(&file, note(panic)));
        before(panic);
    }));
}

/// The notes in `folder`, oldest first; none if they cannot be read.
#[must_use]
pub fn notes(folder: &Path) -> Vec<CrashNote> {
    read(&folder.join(FILE))
}

/// Marks all notes in `folder` as told; the newest one that was not.
pub fn take_untold(folder: &Path) -> Option<CrashNote> {
    let mut notes = notes(folder);
    let untold = notes.iter().rfind(|note| !note.told).cloned()?;
    notes.iter_mut().for_each(|note| note.told = true);
    if let Err(why) = write(&folder.join(FILE), &notes) {
        tracing::warn!(%why, "a crash will be told again");
    }
    Some(untold)
}

/// True when the program with its notes in `folder` crashed so often lately that it must not start by
/// itself any more.
#[must_use]
pub fn is_in_loop(folder: &Path) -> bool {
    is_loop(&notes(folder), Timestamp::now())
}

fn is_loop(notes: &[CrashNote], now: Timestamp) -> bool {
    let is_recent = |note: &&CrashNote| note.at <= now && now.duration_since(note.at) <= LOOP_TIME;
    notes.iter().filter(is_recent).count() >= LOOP_CRASHES
}

fn note(panic: &PanicHookInfo) -> CrashNote {
    let place = panic.location().map(|place| format!("{}:{}", place.file(), place.line()));
    CrashNote {
        at: Timestamp::now(),
        version: VERSION.into(),
        place: place.unwrap_or_default(),
        message: short(panic.payload_as_str().unwrap_or_default()),
        told: false,
    }
}

fn short(message: &str) -> String {
    redact(message).chars().take(LONGEST_MESSAGE).collect()
}

fn keep(file: &Path, note: CrashNote) -> io::Result<()> {
    let mut notes = read(file);
    notes.push(note);
    notes.drain(..notes.len().saturating_sub(MOST_NOTES));
    write(file, &notes)
}

fn read(file: &Path) -> Vec<CrashNote> {
    let text = fs::read(file).unwrap_or_default();
    serde_json::from_slice(&text).unwrap_or_default()
}

fn write(file: &Path, notes: &[CrashNote]) -> io::Result<()> {
    fs::write(file, serde_json::to_vec_pretty(notes)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> CrashNote {
        CrashNote {
            at: Timestamp::from_second(seconds).unwrap(),
            version: VERSION.into(),
            place: "a.rs:1".into(),
            message: String::new(),
            told: false,
        }
    }

    #[test]
    fn only_quick_crashes_end_the_restarts() {
        let now = Timestamp::from_second(10_000).unwrap();
        for (crashes, expected) in [
            (&[][..], false),
            (&[9_800, 9_900], false),
            (&[9_700, 9_800, 9_900], true),
            // Once an hour is no loop, and neither is a clock that was set back
            (&[2_800, 6_400, 9_900], false),
            (&[10_100, 10_200, 10_300], false),
        ] {
            let notes: Vec<CrashNote> = crashes.iter().copied().map(at).collect();
            assert_eq!(is_loop(&notes, now), expected, "{crashes:?}");
        }
    }

    #[test]
    fn notes_are_bounded_and_told_once() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(take_untold(folder.path()), None);
        for second in 0..20 {
            keep(&folder.path().join(FILE), at(second)).unwrap();
        }
        assert_eq!(notes(folder.path()).len(), MOST_NOTES);
        assert_eq!(take_untold(folder.path()), Some(at(19)));
        assert_eq!(take_untold(folder.path()), None);
        assert_eq!(notes(folder.path()).len(), MOST_NOTES);
    }

    #[test]
    fn a_damaged_file_delays_no_start() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(FILE), "[{\"at\":").unwrap();
        assert_eq!(notes(folder.path()), []);
        keep(&folder.path().join(FILE), at(1)).unwrap();
        assert_eq!(notes(folder.path()), [at(1)]);
    }

    #[test]
    fn a_panic_leaves_a_note_without_its_link() {
        let folder = tempfile::tempdir().unwrap();
        note_panics(folder.path());
        let panicked = std::thread::spawn(|| {
            let link =
                format!("https://connect.conductor.is/qbd/SECRET?key={}", "SECRET".repeat(99));
            panic!("no page at {link}");
        });
        assert!(panicked.join().is_err());
        drop(panic::take_hook());
        let [note] = &notes(folder.path())[..] else { panic!("not one note") };
        assert!(note.place.contains("crash.rs:"), "{note:?}");
        assert!(note.message.contains("no page at https://connect.conductor.is"), "{note:?}");
        assert!(!note.message.contains("SECRET"), "{note:?}");
        assert!(note.message.chars().count() <= LONGEST_MESSAGE);
    }
}
