//! What is kept on disk between runs: one SQLite file, without any secret in it.

use std::fs;
use std::path::{Path, PathBuf};

use deskside_companion::SavedState;
use deskside_os::qwc_log;
use rusqlite::{Connection, OptionalExtension};

use crate::outbox::Outbox;

/// The one row that holds what the companion remembers.
const TABLE: &str = "CREATE TABLE IF NOT EXISTS saved (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    json TEXT NOT NULL
) STRICT;";

/// What was read of each Web Connector's log.
const LOG_TABLE: &str = "CREATE TABLE IF NOT EXISTS log (
    path TEXT PRIMARY KEY,
    json TEXT NOT NULL
) STRICT;";

/// The database of one user on one computer.
pub struct Store {
    database: Connection,
}

/// Why the store did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreFault {
    /// The database does not work.
    #[error("the database does not work")]
    Database(#[from] rusqlite::Error),
    /// What it holds cannot be read or written.
    #[error("what the database holds cannot be understood")]
    Content(#[from] serde_json::Error),
}

impl Store {
    /// Opens the store in a folder and reads what was saved.
    ///
    /// A damaged store is set aside under another name, and one that cannot be written at all is
    /// replaced by memory: Deskside is useful without a past, but not without running.
    ///
    /// # Errors
    /// When not even a database in memory works.
    pub fn open(folder: &Path) -> Result<(Self, SavedState), StoreFault> {
        let file = folder.join("deskside.db");
        match Self::open_file(&file) {
            Ok(opened) => return Ok(opened),
            Err(why) => tracing::error!(%why, detail = ?why, "the store is set aside"),
        }
        if let Err(why) = fs::rename(&file, aside(&file)) {
            tracing::error!(%why, "the damaged store could not be set aside");
        }
        Self::open_file(&file).or_else(|why| {
            tracing::error!(detail = ?why, "nothing can be kept on disk; going on in memory");
            Self::over(Connection::open_in_memory()?)
        })
    }

    fn open_file(file: &Path) -> Result<(Self, SavedState), StoreFault> {
        let database = Connection::open(file)?;
        // FULL: what is announced must survive a power cut, and there are only a few writes a day.
        database.pragma_update(None, "journal_mode", "WAL")?;
        database.pragma_update(None, "synchronous", "FULL")?;
        database.busy_timeout(std::time::Duration::from_secs(5))?;
        Self::over(database)
    }

    fn over(database: Connection) -> Result<(Self, SavedState), StoreFault> {
        database.execute_batch(TABLE)?;
        database.execute_batch(LOG_TABLE)?;
        database.execute_batch(Outbox::TABLE)?;
        let store = Self { database };
        let saved = store.read()?;
        Ok((store, saved))
    }

    fn read(&self) -> Result<SavedState, StoreFault> {
        let row = self.database.query_row("SELECT json FROM saved", [], |row| row.get(0));
        let json: Option<String> = row.optional()?;
        Ok(json.map(|json| serde_json::from_str(&json)).transpose()?.unwrap_or_default())
    }

    /// Keeps what the companion remembers; it is on disk when this returns.
    ///
    /// # Errors
    /// When the database does not take it.
    pub fn save(&self, saved: &SavedState) -> Result<(), StoreFault> {
        let json = serde_json::to_string(saved)?;
        self.database
            .execute("INSERT OR REPLACE INTO saved (only, json) VALUES (1, ?1)", [json])?;
        Ok(())
    }

    /// What was kept of the Web Connector's log at `path`, or nothing: a log can be read again, so
    /// what is damaged is not worth more than a warning.
    #[must_use]
    pub fn log(&self, path: &str) -> qwc_log::TailState {
        self.read_log(path).unwrap_or_else(|why| {
            tracing::warn!(detail = ?why, "what was kept of the log is damaged; it is read anew");
            qwc_log::TailState::default()
        })
    }

    fn read_log(&self, path: &str) -> Result<qwc_log::TailState, StoreFault> {
        let row = self.database.query_row("SELECT json FROM log WHERE path = ?1", [path], |row| {
            row.get::<_, String>(0)
        });
        let json = row.optional()?;
        Ok(json.map(|json| serde_json::from_str(&json)).transpose()?.unwrap_or_default())
    }

    /// Keeps what was read of the Web Connector's log at `path`.
    ///
    /// # Errors
    /// When the database does not take it.
    pub fn save_log(&self, path: &str, saved: &qwc_log::TailState) -> Result<(), StoreFault> {
        let json = serde_json::to_string(saved)?;
        self.database
            .execute("INSERT OR REPLACE INTO log (path, json) VALUES (?1, ?2)", [path, &json])?;
        Ok(())
    }

    /// The reports that wait.
    #[must_use]
    pub const fn outbox(&self) -> Outbox<'_> {
        Outbox::new(&self.database)
    }
}

/// A name that is not taken, next to the file.
fn aside(file: &Path) -> PathBuf {
    let numbered = |number: u32| file.with_extension(format!("db.damaged-{number}"));
    (1..).map(numbered).find(|name| !name.exists()).unwrap_or_else(|| file.with_extension("old"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_saved_is_there_again() {
        let folder = tempfile::tempdir().unwrap();
        let (store, mut saved) = Store::open(folder.path()).unwrap();
        assert_eq!(saved, SavedState::default());
        saved.settings.notifications = false;
        store.save(&saved).unwrap();
        drop(store);
        assert_eq!(Store::open(folder.path()).unwrap().1, saved);
    }

    #[test]
    fn what_was_read_of_each_log_is_there_again_and_what_is_damaged_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let (store, _) = Store::open(folder.path()).unwrap();
        let from = Some(qwc_log::LogPosition { offset: 7, fingerprint: "print".into() });
        let read = qwc_log::TailState { from, ..qwc_log::TailState::default() };
        store.save_log("one", &qwc_log::TailState::default()).unwrap();
        store.save_log("one", &read).unwrap();
        drop(store);
        let (store, _) = Store::open(folder.path()).unwrap();
        assert_eq!(store.log("one"), read);
        assert_eq!(store.log("another"), qwc_log::TailState::default());
        store.database.execute("UPDATE log SET json = '{\"runs\": 7}'", []).unwrap();
        assert_eq!(store.log("one"), qwc_log::TailState::default(), "damaged");
    }

    #[test]
    fn a_damaged_store_is_set_aside_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        let rubbish =
            b"this is no database at all, and long enough to be read as a header".repeat(20);
        fs::write(folder.path().join("deskside.db"), &rubbish).unwrap();
        let (_, saved) = Store::open(folder.path()).unwrap();
        assert_eq!(saved, SavedState::default());
        let kept = fs::read(folder.path().join("deskside.db.damaged-1")).unwrap();
        assert_eq!(kept, rubbish, "the damaged file was not kept as it was");
    }
}
