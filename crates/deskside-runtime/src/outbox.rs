//! Reports that wait for a backend, in SQLite: what is put in survives a crash the moment after.
//!
//! Transitions stay until they arrive. Of the heartbeats only the newest counts, and none counts
//! once a newer report is there. The box is bounded: a backend that never comes back costs at most
//! [`MOST_PENDING`] reports.

use deskside_companion::delivery::{MOST_PENDING, PendingReport};
use deskside_companion::report::ReportKind;
use deskside_model::DeviceId;
use rusqlite::{Connection, OptionalExtension, params};

/// The reports that wait.
pub struct Outbox<'a>(&'a Connection);

impl<'a> Outbox<'a> {
    /// The table that a database must have.
    pub const TABLE: &'static str = "CREATE TABLE IF NOT EXISTS outbox (
        position INTEGER PRIMARY KEY AUTOINCREMENT,
        device TEXT NOT NULL,
        id TEXT NOT NULL UNIQUE,
        heartbeat INTEGER NOT NULL,
        body TEXT NOT NULL
    ) STRICT;";

    /// The outbox in this database, which has the [`Outbox::TABLE`].
    #[must_use]
    pub const fn new(database: &'a Connection) -> Self {
        Self(database)
    }

    /// Puts a report in; it is on disk when this returns.
    ///
    /// # Errors
    /// When the database does not take it.
    pub fn put(
        &self,
        device: &DeviceId,
        id: &str,
        kind: ReportKind,
        body: &str,
    ) -> rusqlite::Result<()> {
        let change = self.0.unchecked_transaction()?;
        change
            .execute("DELETE FROM outbox WHERE device = ?1 AND heartbeat = 1", [device.as_str()])?;
        change.execute(
            "INSERT OR IGNORE INTO outbox (device, id, heartbeat, body) VALUES (?1, ?2, ?3, ?4)",
            params![device.as_str(), id, kind == ReportKind::Heartbeat, body],
        )?;
        change.execute(
            "DELETE FROM outbox WHERE device = ?1 AND position <= (
                SELECT position FROM outbox WHERE device = ?1
                ORDER BY position DESC LIMIT 1 OFFSET ?2)",
            params![device.as_str(), MOST_PENDING],
        )?;
        change.commit()
    }

    /// The report that must go next for this device.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn next(&self, device: &DeviceId) -> rusqlite::Result<Option<PendingReport>> {
        self.0
            .query_row(
                "SELECT id, body FROM outbox WHERE device = ?1 ORDER BY position LIMIT 1",
                [device.as_str()],
                |row| Ok(PendingReport { id: row.get(0)?, body: row.get(1)? }),
            )
            .optional()
    }

    /// Takes a report out: it arrived, or it can never arrive.
    ///
    /// # Errors
    /// When the database does not take the change.
    pub fn remove(&self, id: &str) -> rusqlite::Result<()> {
        self.0.execute("DELETE FROM outbox WHERE id = ?1", [id]).map(drop)
    }

    /// Takes out everything for a device that is gone.
    ///
    /// # Errors
    /// When the database does not take the change.
    pub fn forget(&self, device: &DeviceId) -> rusqlite::Result<()> {
        self.0.execute("DELETE FROM outbox WHERE device = ?1", [device.as_str()]).map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drain(outbox: &Outbox<'_>, device: &DeviceId) -> Vec<String> {
        let mut ids = Vec::new();
        while let Some(waiting) = outbox.next(device).unwrap() {
            outbox.remove(&waiting.id).unwrap();
            ids.push(waiting.id);
        }
        ids
    }

    fn database() -> Connection {
        let database = Connection::open_in_memory().unwrap();
        database.execute_batch(Outbox::TABLE).unwrap();
        database
    }

    #[test]
    fn transitions_stay_in_order_and_only_the_newest_heartbeat_counts() {
        let database = database();
        let outbox = Outbox::new(&database);
        for (id, kind) in [
            ("h1", ReportKind::Heartbeat),
            ("t1", ReportKind::Transition),
            ("h2", ReportKind::Heartbeat),
            ("h3", ReportKind::Heartbeat),
            ("t2", ReportKind::Transition),
            ("h4", ReportKind::Heartbeat),
        ] {
            outbox.put(&"dev".into(), id, kind, "{}").unwrap();
            outbox.put(&"other".into(), &format!("o-{id}"), kind, "{}").unwrap();
        }
        assert_eq!(drain(&outbox, &"dev".into()), ["t1", "t2", "h4"]);
        assert_eq!(drain(&outbox, &"other".into()), ["o-t1", "o-t2", "o-h4"]);
    }

    #[test]
    fn what_was_put_in_is_there_after_a_crash() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("outbox.db");
        {
            let database = Connection::open(&file).unwrap();
            database.execute_batch(Outbox::TABLE).unwrap();
            Outbox::new(&database).put(&"dev".into(), "t1", ReportKind::Transition, "{}").unwrap();
            // Neither closed nor flushed by us.
            std::mem::forget(database);
        }
        let database = Connection::open(&file).unwrap();
        assert_eq!(drain(&Outbox::new(&database), &"dev".into()), ["t1"]);
    }

    #[test]
    fn the_box_is_bounded_and_the_oldest_go_first() {
        let database = database();
        let outbox = Outbox::new(&database);
        for number in 0..MOST_PENDING + 3 {
            outbox.put(&"dev".into(), &format!("t{number}"), ReportKind::Transition, "{}").unwrap();
        }
        let ids = drain(&outbox, &"dev".into());
        assert_eq!(ids.len(), usize::try_from(MOST_PENDING).unwrap());
        assert_eq!(ids.first().map(String::as_str), Some("t3"));
    }
}
