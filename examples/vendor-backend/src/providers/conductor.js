/**
 * Conductor, through its official client. Retries are off, because the client would repeat a 409 (which also means "not
 * set up"), a create or an active check. Deskside retries by itself.
 */

import Conductor from "conductor-node";
import { parseTime, conductorReading, conductorErrorReading, REMOVED, UNKNOWN, formatTime } from "../status.js";
import { ConnectionGone, ProviderUnavailable } from "./errors.js";

const KEY = "quickbooks_desktop";
const LINK_MINUTES = 30;
/** The server waits 60 seconds for QuickBooks, and Deskside waits 90 seconds for this service. */
const CHECK = { timeout: 75_000 };

/** @typedef {import("./provider.js").Provider} Provider */
/** @typedef {import("../store.js").Connection} Connection */

/**
 * @param {{ secretKey: string, publishableKey: string, baseUrl?: string }} keys
 * @param {(connection: Connection, ids: { remoteId: string }) => void} saveIds
 * @returns {Provider}
 */
export function conductor({ secretKey, publishableKey, baseUrl }, saveIds) {
  const client = new Conductor({ apiKey: secretKey, baseURL: baseUrl, maxRetries: 0, timeout: 10_000 });

  /** Creates the end user with the first link; until then Conductor does not know this customer. */
  const endUser = async (/** @type {Connection} */ connection) => {
    if (connection.remoteId) return connection.remoteId;
    const created = await create(client, connection);
    saveIds(connection, { remoteId: created });
    return created;
  };

  return {
    name: "conductor",
    integration: KEY,
    maxAge: 5_000,

    describe: async () => ({
      ...{ key: KEY, name: "QuickBooks Desktop", logo: null },
      button: { default: null, hover: null },
    }),

    read: async (connection, record, now) => {
      if (!connection.remoteId) return conductorReading({}, record, now);
      try {
        return conductorReading(await client.endUsers.retrieve(connection.remoteId), record, now);
      } catch (error) {
        if (httpStatus(error) === 404) return REMOVED;
        throw new ProviderUnavailable("conductor", error);
      }
    },

    check: async (connection, record, now) => {
      if (!connection.remoteId) return conductorReading({}, record, now);
      try {
        await client.qbd.healthCheck({ conductorEndUserId: connection.remoteId }, CHECK);
        return { ...UNKNOWN, status: "healthy" };
      } catch (error) {
        if (!(error instanceof Conductor.APIError)) throw error;
        const body = /** @type {{ error?: object } | undefined} */ (error.error);
        return conductorErrorReading(error.status, body?.error ?? {}, record, now);
      }
    },

    link: async (connection, returnTo) => {
      try {
        const session = await client.authSessions.create({
          publishableKey,
          endUserId: await endUser(connection),
          linkExpiryMins: LINK_MINUTES,
          ...(returnTo && { redirectUrl: returnTo.bridge }),
        });
        const until = parseTime(session.expiresAt) ?? Date.now() + LINK_MINUTES * 60_000;
        return { url: session.authFlowUrl, expires_at: formatTime(until), single_use: true };
      } catch (error) {
        throw httpStatus(error) === 404 ? new ConnectionGone() : new ProviderUnavailable("conductor", error);
      }
    },

    // Conductor has no such call: this service stores the state and requests no more data.
    unlink: async () => {},

    remove: async (connection) => {
      if (!connection.remoteId) return;
      try {
        await client.endUsers.delete(connection.remoteId);
      } catch (error) {
        if (httpStatus(error) !== 404) throw new ProviderUnavailable("conductor", error);
      }
    },
  };
}

/**
 * A create may succeed although its answer is lost. In that case the end user is found by our own identifier.
 * @param {Conductor} client
 * @param {Connection} connection
 */
async function create(client, connection) {
  try {
    const { companyName, email, id: sourceId } = connection;
    return (await client.endUsers.create({ companyName, email, sourceId })).id;
  } catch (error) {
    if (![400, 409, 422].includes(httpStatus(error) ?? 0)) throw error;
    const { data } = await client.endUsers.list();
    const existing = data.find(({ sourceId }) => sourceId === connection.id);
    if (!existing) throw error;
    return existing.id;
  }
}

/** @param {unknown} error */
const httpStatus = (error) => (error instanceof Conductor.APIError ? error.status : undefined);
