/** Whoever connects to QuickBooks, behind one set of calls. */

import { codat } from "./codat.js";
import { conductor } from "./conductor.js";

/** @typedef {import("../store.js").Connection} Connection */
/** @typedef {import("../status.js").Known} Known */
/** @typedef {import("../status.js").Reading} Reading */

/** @typedef {{ key: string, name: string, logo: string | null, button: { default: string | null, hover: string | null } }} Integration */

/**
 * @typedef {object} Provider
 * @property {"conductor" | "codat"} name
 * @property {string} integration The key of the one integration that it offers.
 * @property {number} freshFor For how many milliseconds a reading serves again.
 * @property {() => Promise<Integration>} describe
 * @property {(connection: Connection, known: Known, now: number) => Promise<Reading>} read Passive.
 * @property {(connection: Connection, known: Known, now: number) => Promise<Reading>} check Active; may be billed.
 * @property {(connection: Connection, returnTo: { bridge: string, state: string } | null) => Promise<{ url: string, expires_at: string, single_use: boolean }>} link
 * @property {(connection: Connection) => Promise<void>} unlink
 * @property {(connection: Connection) => Promise<void>} remove
 */

/**
 * @param {import("../config.js").Config} config
 * @param {import("../store.js").Store} store
 * @returns {[Provider, ...Provider[]]}
 */
export function providers(config, store) {
  /** @type {(connection: Connection, ids: { remoteCompany?: string, remoteId?: string }) => void} */
  const remember = (connection, ids) => store.rememberRemote(connection.id, ids);
  const all = [
    ...(config.conductor ? [conductor(config.conductor, remember)] : []),
    ...(config.codat ? [codat(config.codat, remember)] : []),
  ];
  const [first, ...others] = all;
  if (!first) throw new Error("no provider is configured");
  return [first, ...others];
}
