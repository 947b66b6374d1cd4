/** The Backend Protocol, version 1: each call in the order of its document, `docs/backend-protocol.openapi.yaml`. */

import * as events from "./events.js";
import { described, json } from "./http.js";
import * as input from "./input.js";
import { gone, notFound, Problem, unauthorized } from "./problem.js";
import { Gone, Silent } from "./providers/fault.js";
import { readToken } from "./secrets.js";
import { UNKNOWN } from "./status.js";

/** How often a device says that it is still there. */
export const HEARTBEAT_SECONDS = 300;
/** While a link is open, somebody sits there and waits. */
const FRESH_WHILE_LINKING = 5_000;
const EVENTS_MAX_BODY = 64 << 10;

/** @typedef {import("./http.js").Request} Request */
/** @typedef {import("./http.js").Answer} Answer */
/** @typedef {import("./store.js").Connection} Connection */
/** @typedef {import("./store.js").Device} Device */
/** @typedef {import("./status.js").Reading} Reading */
/** @typedef {import("./providers/index.js").Provider} Provider */

/**
 * @typedef {object} World
 * @property {import("./store.js").Store} store
 * @property {[Provider, ...Provider[]]} providers At least one; the first is the one for a customer's first connection.
 * @property {() => string} publicUrl
 * @property {import("./http.js").Log} log
 */

/**
 * @param {World} world
 * @returns {import("./http.js").Route[]}
 */
export function protocol({ store, providers, publicUrl, log }) {
  const [{ name, integration }] = providers;
  /** What a customer without connections begins with. */
  const first = { provider: name, integration };
  /** The newest usable reading of each connection. @type {Map<string, { at: number, reading: Reading }>} */
  const readings = new Map();

  /** @param {Request} request */
  const deviceOf = ({ headers }) => {
    const token = readToken(headers.authorization);
    const device = token && store.device(token);
    if (!device) throw unauthorized();
    return device;
  };

  /** @param {Request} request */
  const own = (request) => {
    const device = deviceOf(request);
    const connection = store.connection(device.id, request.id);
    if (!connection) throw notFound("connection");
    return { device, connection };
  };

  /** @param {Connection} connection */
  const providerOf = ({ provider }) => {
    const found = providers.find(({ name }) => name === provider);
    if (!found) throw new Silent(provider, new Error("not configured"));
    return found;
  };

  /** @param {Connection} connection */
  const view = async (connection) => {
    const known = readings.get(connection.id);
    const now = Date.now();
    const linking = (connection.linkUntil ?? 0) > now && known?.reading.status !== "healthy";
    try {
      const provider = providerOf(connection);
      if (known && now - known.at < (linking ? FRESH_WHILE_LINKING : provider.freshFor)) {
        return shown(connection, known.reading, known.at);
      }
      const reading = await provider.read(connection, connection, now);
      readings.set(connection.id, { at: now, reading });
      return shown(connection, reading, now);
    } catch (error) {
      if (!(error instanceof Silent)) throw error;
      log({ level: "warn", event: "not_read", ...described(error) });
      // The last good answer is not repeated as if it were today's.
      return shown(connection, UNKNOWN, known?.at ?? null);
    }
  };

  /** @param {Device} device @param {string} id */
  const viewAgain = async (device, id) => {
    readings.delete(id);
    const connection = store.connection(device.id, id);
    if (!connection) throw notFound("connection");
    return view(connection);
  };

  /** @param {Connection} connection @param {string | null} state */
  const link = async (connection, state) => {
    const bridge = `${publicUrl()}/return?state=${state}`;
    try {
      const made = await providerOf(connection).link(connection, state === null ? null : { bridge, state });
      store.rememberLink(connection.id, Date.parse(made.expires_at));
      readings.delete(connection.id);
      return made;
    } catch (error) {
      if (error instanceof Gone) throw gone("connection_removed", "This connection was removed.");
      throw error;
    }
  };

  /** @param {string} code */
  const usable = (code) => {
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
        const { customer, expiresAt } = usable(input.codeQuestion(json(body)).code);
        return { status: 200, json: { account: account(customer), expires_at: new Date(expiresAt).toISOString() } };
      },
    },
    {
      method: "POST",
      path: "/v1/devices",
      answer: async ({ body }) => {
        const wanted = input.newDevice(json(body));
        const { customer } = usable(wanted.code);
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
            connections: await Promise.all(store.connections(device.id).map(view)),
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
        return { status: 200, json: await Promise.all(store.connections(device.id).map(view)) };
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
          const made = await link(connection, state);
          return { status: 201, json: { ...(await viewAgain(device, id)), link: made } };
        } catch (error) {
          // Without its link nobody would know of it, and the next try makes another.
          store.removeConnection(id);
          throw error;
        }
      },
    },
    {
      method: "PATCH",
      path: "/v1/connections/{id}",
      answer: async (request) => {
        const { device, connection } = own(request);
        input.connectionChange(json(request.body));
        await providerOf(connection).unlink(connection);
        store.rememberUnlinked(connection.id, Date.now());
        return { status: 200, json: await viewAgain(device, connection.id) };
      },
    },
    {
      method: "DELETE",
      path: "/v1/connections/{id}",
      answer: async (request) => {
        const { connection } = own(request);
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
        const { connection } = own(request);
        return { status: 201, json: await link(connection, input.newLink(json(request.body)).state) };
      },
    },
    {
      method: "POST",
      path: "/v1/connections/{id}/checks",
      answer: async (request) => {
        const { device, connection } = own(request);
        const found = await providerOf(connection).check(connection, connection, Date.now());
        store.rememberCheck(connection.id, { ...found, at: Date.now() });
        const { status, user_message, request_id } = found;
        // What was stopped stays so until a new link has been finished, even where QuickBooks answers.
        const result = connection.unlinkedAt === null ? { status, user_message, request_id } : {};
        return { status: 200, json: { ...(await viewAgain(device, connection.id)), ...result } };
      },
    },
    {
      method: "POST",
      path: "/v1/events",
      accepts: [events.SINGLE, events.BATCH],
      maxBody: EVENTS_MAX_BODY,
      answer: (request) => {
        const device = deviceOf(request);
        const id = events.verified(request.body, request.headers, device.signingSecret);
        const seen = events.snapshots(request.body, request.headers["content-type"]);
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
const shown = ({ id, provider, integration, companyName, mode }, reading, at) => ({
  ...{ id, provider, integration, mode, company_name: companyName },
  ...reading,
  checked_at: at === null ? null : new Date(at).toISOString(),
});
