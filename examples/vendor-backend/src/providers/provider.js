/** What every provider offers, in types. Each provider's file implements it with the provider's official client. */

/** @typedef {import("../store.js").Connection} Connection */
/** @typedef {import("../status.js").ConnectionRecord} ConnectionRecord */
/** @typedef {import("../status.js").Reading} Reading */

/** @typedef {{ key: string, name: string, logo: string | null, button: { default: string | null, hover: string | null } }} Integration */

/**
 * @typedef {object} Provider
 * @property {"conductor" | "codat"} name
 * @property {string} integration The key of its only integration.
 * @property {number} maxAge How long a reading may be reused, in milliseconds.
 * @property {() => Promise<Integration>} describe
 * @property {(connection: Connection, record: ConnectionRecord, now: number) => Promise<Reading>} read Passive.
 * @property {(connection: Connection, record: ConnectionRecord, now: number) => Promise<Reading>} check Active; may be billed.
 * @property {(connection: Connection, returnTo: { bridge: string, state: string } | null) => Promise<{ url: string, expires_at: string, single_use: boolean }>} link
 * @property {(connection: Connection) => Promise<void>} unlink
 * @property {(connection: Connection) => Promise<void>} remove
 */

export {};
