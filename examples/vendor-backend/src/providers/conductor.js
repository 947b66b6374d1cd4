/**
 * Conductor, through its official client. Retries are off: the client would repeat a 409 ("not set up" is one), a
 * create or an active check, and Deskside asks again by itself.
 */

import Conductor from "conductor-node";
import { moment, ofConductor, ofConductorFault, REMOVED, UNKNOWN, written } from "../status.js";
import { Gone, Silent } from "./fault.js";

const KEY = "quickbooks_desktop";
const LINK_MINUTES = 30;
/** The server waits 60 seconds for QuickBooks, and Deskside 90 for us. */
const CHECK = { timeout: 75_000 };

/** @typedef {import("./index.js").Provider} Provider */
/** @typedef {import("../store.js").Connection} Connection */

/**
 * @param {{ secretKey: string, publishableKey: string, baseUrl?: string }} keys
 * @param {(connection: Connection, ids: { remoteId: string }) => void} remember
 * @returns {Provider}
 */
export function conductor({ secretKey, publishableKey, baseUrl }, remember) {
  const client = new Conductor({ apiKey: secretKey, baseURL: baseUrl, maxRetries: 0, timeout: 10_000 });

  /** The end user is made when the first link is asked for; until then nobody at Conductor knows this customer. */
  const endUser = async (/** @type {Connection} */ connection) => {
    if (connection.remoteId) return connection.remoteId;
    const made = await create(client, connection);
    remember(connection, { remoteId: made });
    return made;
  };

  return {
    name: "conductor",
    integration: KEY,
    freshFor: 5_000,

    describe: async () => ({
      ...{ key: KEY, name: "QuickBooks Desktop", logo: null },
      button: { default: null, hover: null },
    }),

    read: async (connection, known, now) => {
      if (!connection.remoteId) return ofConductor({}, known, now);
      try {
        return ofConductor(await client.endUsers.retrieve(connection.remoteId), known, now);
      } catch (error) {
        if (httpStatus(error) === 404) return REMOVED;
        throw new Silent("conductor", error);
      }
    },

    check: async (connection, known, now) => {
      if (!connection.remoteId) return ofConductor({}, known, now);
      try {
        await client.qbd.healthCheck({ conductorEndUserId: connection.remoteId }, CHECK);
        return { ...UNKNOWN, status: "healthy" };
      } catch (error) {
        if (!(error instanceof Conductor.APIError)) throw error;
        const body = /** @type {{ error?: object } | undefined} */ (error.error);
        return ofConductorFault(error.status, body?.error ?? {}, known, now);
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
        const until = moment(session.expiresAt) ?? Date.now() + LINK_MINUTES * 60_000;
        return { url: session.authFlowUrl, expires_at: written(until), single_use: true };
      } catch (error) {
        throw httpStatus(error) === 404 ? new Gone() : new Silent("conductor", error);
      }
    },

    // Conductor has no such call: this service remembers it, and stops asking for data.
    unlink: async () => {},

    remove: async (connection) => {
      if (!connection.remoteId) return;
      try {
        await client.endUsers.delete(connection.remoteId);
      } catch (error) {
        if (httpStatus(error) !== 404) throw new Silent("conductor", error);
      }
    },
  };
}

/**
 * A create whose answer was lost has made the end user all the same: then it is found by our own identifier.
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
    const earlier = data.find(({ sourceId }) => sourceId === connection.id);
    if (!earlier) throw error;
    return earlier.id;
  }
}

/** @param {unknown} error */
const httpStatus = (error) => (error instanceof Conductor.APIError ? error.status : undefined);
