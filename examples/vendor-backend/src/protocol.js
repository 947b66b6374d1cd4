/** The Backend Protocol, version 1: the calls in the order of `docs/backend-protocol.openapi.yaml`. */

import * as events from "./events.js";
import { describeError, json } from "./http.js";
import * as input from "./input.js";
import { gone, notFound, Problem, unauthorized } from "./problem.js";
import { ConnectionGone, ProviderUnavailable } from "./providers/errors.js";
import { readToken } from "./secrets.js";
import { UNKNOWN } from "./status.js";

/** How often a device reports when nothing changes. */
export const HEARTBEAT_SECONDS = 300;
/** In milliseconds. Shorter while a link is open, because the user is waiting. */
const MAX_AGE_WHILE_LINKING = 5_000;
const EVENTS_MAX_BODY = 64 << 10;

/** @typedef {import("./http.js").Request} Request */
/** @typedef {import("./http.js").Answer} Answer */
/** @typedef {import("./store.js").Connection} Connection */
/** @typedef {import("./store.js").Device} Device */
/** @typedef {import("./status.js").Reading} Reading */
/** @typedef {import("./providers/index.js").Provider} Provider */

/**
 * @typedef {object} Context
 * @property {import("./store.js").Store} store
 * @property {[Provider, ...Provider[]]} providers At least one; the first is used for a customer's first connection.
 * @property {() => string} publicUrl
 * @property {import("./http.js").Log} log
 */

/**
 * @param {Context} context
 * @returns {import("./http.js").Route[]}
 */
export function protocol({ store, providers, publicUrl, log }) {
  const [{ name, integration }] = providers;
  /** The first connection of a customer without connections. */
  const first = { provider: name, integration };
  /** The newest valid reading of each connection. @type {Map<string, { at: number, reading: Reading }>} */
  const readings = new Map();

  /** @param {Request} request */
  const deviceOf = ({ headers }) => {
    const token = readToken(headers.authorization);
    const device = token && store.device(token);
    if (!device) throw unauthorized();
    return device;
  };

  /** @param {Request} request */
  const ownConnection = (request) => {
    const device = deviceOf(request);
    const connection = store.connection(device.id, request.id);
    if (!connection) throw notFound("connection");
    return { device, connection };
  };

  /** @param {Connection} connection */
  const providerOf = ({ provider }) => {
    const found = providers.find(({ name }) => name === provider);
    if (!found) throw new ProviderUnavailable(provider, new Error("not configured"));
    return found;
  };

  /** @param {Connection} connection */
  const read = async (connection) => {
    const cached = readings.get(connection.id);
    const now = Date.now();
    const linking = (connection.linkUntil ?? 0) > now && cached?.reading.status !== "healthy";
    try {
      const provider = providerOf(connection);
      if (cached && now - cached.at < (linking ? MAX_AGE_WHILE_LINKING : provider.maxAge)) {
        return connectionDocument(connection, cached.reading, cached.at);
      }
      const reading = await provider.read(connection, connection, now);
      readings.set(connection.id, { at: now, reading });
      return connectionDocument(connection, reading, now);
    } catch (error) {
      if (!(error instanceof ProviderUnavailable)) throw error;
      log({ level: "warn", event: "not_read", ...describeError(error) });
      // Never repeats the last good answer as the current one.
      return connectionDocument(connection, UNKNOWN, cached?.at ?? null);
    }
  };

  /** @param {Device} device @param {string} id */
  const readAgain = async (device, id) => {
    readings.delete(id);
    const connection = store.connection(device.id, id);
    if (!connection) throw notFound("connection");
    return read(connection);
  };

  /** @param {Connection} connection @param {string | null} state */
  const link = async (connection, state) => {
    const bridge = `${publicUrl()}/return?state=${state}`;
    try {
      const created = await providerOf(connection).link(connection, state === null ? null : { bridge, state });
      store.saveLink(connection.id, Date.parse(created.expires_at));
      readings.delete(connection.id);
      return created;
    } catch (error) {
      if (error instanceof ConnectionGone) throw gone("connection_removed", "This connection was removed.");
      throw error;
    }
  };

  /** @param {string} code */
  const usableCode = (code) => {
    const found = store.code(code);
    if (!found) throw notFound("code");
    if (found.used) throw gone("code_used", "This code has been used. Ask for a new one.");
    if (found.expiresAt <= Date.now()) throw gone("code_expired", "This code has expired. Ask for a new one.");
    return found;
  };

  /** @param {{ id: string, name: string }} customer */
  const account = ({ name }) => ({ name, url: publicUrl() });

  return [
    {
      method: "POST",
      path: "/v1/enrollments",
      answer: ({ body }) => {
        const { customer, expiresAt } = usableCode(input.codeQuestion(json(body)).code);
        return { status: 200, json: { account: account(customer), expires_at: new Date(expiresAt).toISOString() } };
      },
    },
    {
      method: "POST",
      path: "/v1/devices",
      answer: async ({ body }) => {
        const wanted = input.newDevice(json(body));
        const { customer } = usableCode(wanted.code);
        const device = store.enroll(wanted, first, Date.now());
        if (!device) throw gone("code_used", "This code has been used. Ask for a new one.");
        log({ level: "info", event: "enrolled", device: device.id, customer: customer.id });
        return {
          status: 201,
          json: {
            device_id: device.id,
            token: device.token,
            signing_secret: device.signingSecret,
            account: account(customer),
            connections: await Promise.all(store.connections(device.id).map(read)),
            heartbeat_seconds: HEARTBEAT_SECONDS,
          },
        };
      },
    },
    {
      method: "DELETE",
      path: "/v1/devices/{id}",
      answer: (request) => {
        const device = deviceOf(request);
        if (device.id !== request.id) throw notFound("device");
        store.revoke(device.id, Date.now());
        log({ level: "info", event: "left", device: device.id });
        return { status: 204 };
      },
    },
    {
      method: "GET",
      path: "/v1/integrations",
      answer: async (request) => {
        deviceOf(request);
        const all = await Promise.all(providers.map((provider) => provider.describe()));
        return { status: 200, json: all, headers: { "cache-control": "private, max-age=3600" } };
      },
    },
    {
      method: "GET",
      path: "/v1/connections",
      answer: async (request) => {
        const device = deviceOf(request);
        return { status: 200, json: await Promise.all(store.connections(device.id).map(read)) };
      },
    },
    {
      method: "POST",
      path: "/v1/connections",
      answer: async (request) => {
        const device = deviceOf(request);
        const { integration, state } = input.newConnection(json(request.body));
        const provider = providers.find((offer) => offer.integration === integration);
        if (!provider) throw new Problem(400, "unknown_integration", "There is no such integration.");
        const wanted = { customerId: device.customerId, deviceId: device.id, provider: provider.name, integration };
        const id = store.addConnection(wanted);
        const connection = store.connection(device.id, id);
        if (!connection) throw notFound("connection");
        try {
          const created = await link(connection, state);
          return { status: 201, json: { ...(await readAgain(device, id)), link: created } };
        } catch (error) {
          // The device does not know a connection without a link, and its next attempt creates another one.
          store.removeConnection(id);
          throw error;
        }
      },
    },
    {
      method: "PATCH",
      path: "/v1/connections/{id}",
      answer: async (request) => {
        const { device, connection } = ownConnection(request);
        input.connectionChange(json(request.body));
        await providerOf(connection).unlink(connection);
        store.saveUnlinked(connection.id, Date.now());
        return { status: 200, json: await readAgain(device, connection.id) };
      },
    },
    {
      method: "DELETE",
      path: "/v1/connections/{id}",
      answer: async (request) => {
        const { connection } = ownConnection(request);
        await providerOf(connection).remove(connection);
        store.removeConnection(connection.id);
        readings.delete(connection.id);
        return { status: 204 };
      },
    },
    {
      method: "POST",
      path: "/v1/connections/{id}/links",
      answer: async (request) => {
        const { connection } = ownConnection(request);
        return { status: 201, json: await link(connection, input.newLink(json(request.body)).state) };
      },
    },
    {
      method: "POST",
      path: "/v1/connections/{id}/checks",
      answer: async (request) => {
        const { device, connection } = ownConnection(request);
        const found = await providerOf(connection).check(connection, connection, Date.now());
        store.saveCheck(connection.id, { ...found, at: Date.now() });
        const { status, user_message, request_id } = found;
        // A stopped connection stays stopped until a new link is completed, even if QuickBooks responds.
        const result = connection.unlinkedAt === null ? { status, user_message, request_id } : {};
        return { status: 200, json: { ...(await readAgain(device, connection.id)), ...result } };
      },
    },
    {
      method: "POST",
      path: "/v1/events",
      accepts: [events.SINGLE, events.BATCH],
      maxBody: EVENTS_MAX_BODY,
      answer: (request) => {
        const device = deviceOf(request);
        const id = events.verify(request.body, request.headers, device.signingSecret);
        const seen = events.readSnapshots(request.body, request.headers["content-type"]);
        const fresh = store.deliver(device.id, id, seen, Date.now());
        log({ level: "info", event: "report", device: device.id, fresh, verdicts: seen.map(({ verdict }) => verdict) });
        return { status: 202, json: {} };
      },
    },
  ];
}

/**
 * A connection as the protocol shows it.
 * @param {Connection} connection
 * @param {Reading} reading
 * @param {number | null} at
 */
const connectionDocument = ({ id, provider, integration, companyName, mode }, reading, at) => ({
  ...{ id, provider, integration, mode, company_name: companyName },
  ...reading,
  checked_at: at === null ? null : new Date(at).toISOString(),
});
