/**
 * The database: SQLite in one file, for one process. Vendors replace it with the same tables in their own database.
 * Times are in milliseconds.
 */

import Database from "better-sqlite3";
import { hash, identifier, matches, newCode, newSigningSecret, newToken } from "./secrets.js";

const TABLES = `
CREATE TABLE IF NOT EXISTS customers (id TEXT PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS codes (
  hash BLOB PRIMARY KEY, customer TEXT NOT NULL REFERENCES customers, expires_at INTEGER NOT NULL, used_at INTEGER
) STRICT;
CREATE TABLE IF NOT EXISTS devices (
  id TEXT PRIMARY KEY, customer TEXT NOT NULL REFERENCES customers, name TEXT NOT NULL, platform TEXT NOT NULL,
  app_version TEXT NOT NULL, token_hash BLOB NOT NULL, signing_secret TEXT NOT NULL, enrolled_at INTEGER NOT NULL,
  revoked_at INTEGER
) STRICT;
CREATE TABLE IF NOT EXISTS connections (
  id TEXT PRIMARY KEY, customer TEXT NOT NULL REFERENCES customers, device TEXT REFERENCES devices,
  provider TEXT NOT NULL, integration TEXT NOT NULL, mode TEXT NOT NULL DEFAULT 'attended',
  remote_company TEXT, remote_id TEXT, link_until INTEGER, unlinked_at INTEGER,
  check_at INTEGER, check_status TEXT, check_message TEXT, check_request TEXT
) STRICT;
CREATE TABLE IF NOT EXISTS deliveries (
  device TEXT NOT NULL, id TEXT NOT NULL, received_at INTEGER NOT NULL, PRIMARY KEY (device, id)
) STRICT;
CREATE INDEX IF NOT EXISTS deliveries_by_age ON deliveries (received_at);
CREATE TABLE IF NOT EXISTS snapshots (
  connection TEXT PRIMARY KEY REFERENCES connections ON DELETE CASCADE, device TEXT NOT NULL,
  received_at INTEGER NOT NULL, boot_id TEXT NOT NULL, seq INTEGER NOT NULL,
  verdict TEXT NOT NULL, problems TEXT NOT NULL
) STRICT;`;

const CODE_LIFETIME = 15 * 60_000;
/** Deskside may repeat a report for as long as it stores it; the protocol requires a week. */
const DELIVERY_LIFETIME = 7 * 24 * 3_600_000;

/** @typedef {{ id: string, name: string, email: string }} Customer */
/** @typedef {{ id: string, customerId: string, signingSecret: string }} Device */
/**
 * @typedef {object} Connection
 * @property {string} id
 * @property {string} customerId
 * @property {string} companyName
 * @property {string} email
 * @property {"conductor" | "codat"} provider
 * @property {string} integration
 * @property {"attended" | "unattended" | "multiple_files"} mode
 * @property {string | null} remoteCompany
 * @property {string | null} remoteId
 * @property {number | null} linkUntil
 * @property {number | null} unlinkedAt
 * @property {import("./status.js").Check | null} check
 */
/** @typedef {{ code: string, severity: string, since: string, root: boolean }} ReportedProblem */
/** @typedef {{ connectionId: string, bootId: string, seq: number, verdict: string, problems: ReportedProblem[] }} Snapshot */
/** @typedef {{ customer: string, device: string | null, receivedAt: number | null, verdict: string | null, problems: ReportedProblem[] }} Health */

const CONNECTION = `SELECT c.*, k.name AS company_name, k.email FROM connections c JOIN customers k ON k.id = c.customer`;

export class Store {
  /** @param {string} file Or `:memory:`. */
  constructor(file) {
    this.database = new Database(file);
    this.database.pragma("journal_mode = WAL");
    this.database.pragma("foreign_keys = ON");
    this.database.pragma("busy_timeout = 5000");
    this.database.exec(TABLES);
  }

  close() {
    this.database.close();
  }

  /** @param {string} sql @param {...unknown} values @returns {any} */
  #one(sql, ...values) {
    return this.database.prepare(sql).get(...values);
  }

  /** @param {string} sql @param {...unknown} values @returns {any[]} */
  #all(sql, ...values) {
    return this.database.prepare(sql).all(...values);
  }

  /** @param {string} sql @param {...unknown} values */
  #run(sql, ...values) {
    return this.database.prepare(sql).run(...values);
  }

  /** @param {Customer} customer Ignored if it exists. */
  addCustomer({ id, name, email }) {
    this.#run("INSERT OR IGNORE INTO customers VALUES (?, ?, ?)", id, name, email);
  }

  /** @param {string} id @returns {Customer | undefined} */
  customer(id) {
    return this.#one("SELECT * FROM customers WHERE id = ?", id);
  }

  /**
   * @param {string} customerId
   * @param {number} now
   * @returns {{ code: string, expiresAt: number }}
   */
  addCode(customerId, now) {
    const code = newCode();
    const expiresAt = now + CODE_LIFETIME;
    this.#run("DELETE FROM codes WHERE expires_at < ?", now - DELIVERY_LIFETIME);
    this.#run("INSERT INTO codes (hash, customer, expires_at) VALUES (?, ?, ?)", hash(code), customerId, expiresAt);
    return { code, expiresAt };
  }

  /**
   * @param {string} code
   * @returns {{ customer: Customer, expiresAt: number, used: boolean } | null}
   */
  code(code) {
    // A lookup by hash does not reveal how much of a guess was right.
    const row = this.#one("SELECT * FROM codes WHERE hash = ?", hash(code));
    const customer = row && this.customer(row.customer);
    return customer ? { customer, expiresAt: row.expires_at, used: row.used_at !== null } : null;
  }

  /**
   * Uses a code and creates the device in one transaction. A computer that enrolls again, recognized by its name and
   * platform, replaces its old device. Connections without an active device go to the new one.
   * @param {{ code: string, name: string, platform: string, appVersion: string }} wanted
   * @param {{ provider: string, integration: string }} first The first connection of a customer without connections.
   * @param {number} now
   * @returns {{ id: string, token: string, signingSecret: string } | null} Null if another device has used the code first.
   */
  enroll(wanted, first, now) {
    return this.database.transaction(() => {
      const used = this.#one(
        "UPDATE codes SET used_at = @now WHERE hash = @hash AND used_at IS NULL AND expires_at > @now RETURNING customer",
        { now, hash: hash(wanted.code) },
      );
      if (!used) return null;
      this.#run(
        `UPDATE devices SET revoked_at = @now
          WHERE customer = @customer AND name = @name AND platform = @platform AND revoked_at IS NULL`,
        { now, customer: used.customer, name: wanted.name, platform: wanted.platform },
      );
      const id = identifier("dev");
      const { token, hash: tokenHash } = newToken(id);
      const signingSecret = newSigningSecret();
      this.#run(
        "INSERT INTO devices VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL)",
        ...[id, used.customer, wanted.name, wanted.platform, wanted.appVersion, tokenHash, signingSecret, now],
      );
      const assigned = this.#run(
        `UPDATE connections SET device = @id WHERE customer = @customer AND (device IS NULL OR device IN
          (SELECT id FROM devices WHERE customer = @customer AND revoked_at IS NOT NULL))`,
        { id, customer: used.customer },
      );
      if (assigned.changes === 0) this.addConnection({ customerId: used.customer, deviceId: id, ...first });
      return { id, token, signingSecret };
    })();
  }

  /** @param {{ deviceId: string, secret: string }} token @returns {Device | null} */
  device({ deviceId, secret }) {
    const row = this.#one("SELECT * FROM devices WHERE id = ? AND revoked_at IS NULL", deviceId);
    if (!row || !matches(secret, row.token_hash)) return null;
    return { id: row.id, customerId: row.customer, signingSecret: row.signing_secret };
  }

  /** @param {string} id @param {number} now */
  revoke(id, now) {
    this.#run("UPDATE devices SET revoked_at = ? WHERE id = ?", now, id);
  }

  /**
   * @param {{ customerId: string, deviceId: string, provider: string, integration: string }} wanted
   * @returns {string}
   */
  addConnection({ customerId, deviceId, provider, integration }) {
    const id = identifier("con");
    this.#run(
      "INSERT INTO connections (id, customer, device, provider, integration) VALUES (?, ?, ?, ?, ?)",
      ...[id, customerId, deviceId, provider, integration],
    );
    return id;
  }

  /** @param {string} deviceId @returns {Connection[]} */
  connections(deviceId) {
    return this.#all(`${CONNECTION} WHERE device = ? ORDER BY c.rowid`, deviceId).map(connection);
  }

  /** @param {string} deviceId @param {string} id @returns {Connection | null} */
  connection(deviceId, id) {
    const row = this.#one(`${CONNECTION} WHERE device = ? AND c.id = ?`, deviceId, id);
    return row ? connection(row) : null;
  }

  /** @param {string} id @param {{ remoteCompany?: string, remoteId?: string }} ids */
  saveRemoteIds(id, { remoteCompany = "", remoteId = "" }) {
    this.#run(
      `UPDATE connections SET remote_company = coalesce(nullif(?, ''), remote_company),
        remote_id = coalesce(nullif(?, ''), remote_id) WHERE id = ?`,
      ...[remoteCompany, remoteId, id],
    );
  }

  /** @param {string} id @param {number} until */
  saveLink(id, until) {
    this.#run("UPDATE connections SET link_until = ? WHERE id = ?", until, id);
  }

  /** @param {string} id @param {number} now */
  saveUnlinked(id, now) {
    this.#run("UPDATE connections SET unlinked_at = ?, link_until = NULL WHERE id = ?", now, id);
  }

  /** @param {string} id @param {import("./status.js").Check} check */
  saveCheck(id, { at, status, user_message, request_id }) {
    this.#run(
      "UPDATE connections SET check_at = ?, check_status = ?, check_message = ?, check_request = ? WHERE id = ?",
      ...[at, status, user_message, request_id, id],
    );
  }

  /** @param {string} id */
  removeConnection(id) {
    this.#run("DELETE FROM connections WHERE id = ?", id);
  }

  /**
   * Accepts a delivery once.
   * @param {string} deviceId
   * @param {string} deliveryId
   * @param {Snapshot[]} snapshots
   * @param {number} now
   * @returns {boolean} False for a repeated delivery.
   */
  deliver(deviceId, deliveryId, snapshots, now) {
    return this.database.transaction(() => {
      this.#run("DELETE FROM deliveries WHERE received_at < ?", now - DELIVERY_LIFETIME);
      if (this.#run("INSERT OR IGNORE INTO deliveries VALUES (?, ?, ?)", deviceId, deliveryId, now).changes === 0) {
        return false;
      }
      for (const snapshot of snapshots) this.#keepNewest(deviceId, snapshot, now);
      return true;
    })();
  }

  /** @param {string} deviceId @param {Snapshot} seen @param {number} now */
  #keepNewest(deviceId, seen, now) {
    // A device can report only on its own connections. Deliveries are in order, so a new boot is the newest one. The
    // computer's clock may be wrong, so the time in the report does not count.
    this.#run(
      `INSERT INTO snapshots SELECT id, device, @now, @bootId, @seq, @verdict, @problems
        FROM connections WHERE id = @connectionId AND device = @deviceId
        ON CONFLICT (connection) DO UPDATE SET device = excluded.device, received_at = excluded.received_at,
          boot_id = excluded.boot_id, seq = excluded.seq, verdict = excluded.verdict, problems = excluded.problems
        WHERE snapshots.boot_id <> excluded.boot_id OR excluded.seq > snapshots.seq`,
      { ...seen, deviceId, now, problems: JSON.stringify(seen.problems) },
    );
  }

  /** All connections with their newest snapshots. @returns {Health[]} */
  health() {
    const rows = this.#all(
      `SELECT k.name AS customer, d.name AS device, s.received_at, s.verdict, s.problems
        FROM connections c JOIN customers k ON k.id = c.customer
        LEFT JOIN devices d ON d.id = c.device LEFT JOIN snapshots s ON s.connection = c.id
        ORDER BY k.name, c.rowid`,
    );
    return rows.map(({ customer, device, received_at, verdict, problems }) => ({
      ...{ customer, device, verdict, receivedAt: received_at },
      problems: JSON.parse(problems ?? "[]"),
    }));
  }
}

/** @param {any} row @returns {Connection} */
const connection = (row) => ({
  id: row.id,
  customerId: row.customer,
  companyName: row.company_name,
  email: row.email,
  provider: row.provider,
  integration: row.integration,
  mode: row.mode,
  remoteCompany: row.remote_company,
  remoteId: row.remote_id,
  linkUntil: row.link_until,
  unlinkedAt: row.unlinked_at,
  check:
    row.check_at === null
      ? null
      : { at: row.check_at, status: row.check_status, user_message: row.check_message, request_id: row.check_request },
});
