/**
 * Codat, through its official client. The client's retries may take an hour, so they are off. The client validates the
 * answers: a word that it does not know is an error here, and therefore "unknown" in Deskside.
 */

import { CodatPlatform } from "@codat/platform";
import { CodatPlatformError } from "@codat/platform/sdk/models/errors/codatplatformerror.js";
import { codatReading, REMOVED, UNKNOWN } from "../status.js";
import { ConnectionGone, ProviderUnavailable } from "./errors.js";

const KEY = "pqsw";
/** In milliseconds. A link contains a password that works once, for one day at most. */
const LINK_LIFETIME = 24 * 3_600_000;

/** @typedef {import("./provider.js").Provider} Provider */
/** @typedef {import("../store.js").Connection} Connection */

/**
 * @param {{ apiKey: string, baseUrl?: string }} keys
 * @param {(connection: Connection, ids: { remoteCompany?: string, remoteId?: string }) => void} saveIds
 * @returns {Provider}
 */
export function codat({ apiKey, baseUrl }, saveIds) {
  const client = new CodatPlatform({
    serverURL: baseUrl,
    authHeader: `Basic ${Buffer.from(apiKey).toString("base64")}`,
    retryConfig: { strategy: "none" },
    timeoutMs: 10_000,
  });

  /** @type {(connection: Connection) => Promise<{ companyId: string, connectionId: string }>} */
  const ensureCreated = async (connection) => {
    let { remoteCompany: companyId, remoteId: connectionId } = connection;
    if (!companyId) {
      // Codat allows few characters in a name, and silently removes all others.
      const name = connection.id.replace(/[^A-Za-z0-9-]/g, "-");
      companyId = (await client.companies.create({ name })).id;
      saveIds(connection, { remoteCompany: companyId });
    }
    if (!connectionId) {
      const requestBody = { platformKey: KEY };
      connectionId = (await client.connections.create({ companyId, requestBody })).id;
      saveIds(connection, { remoteCompany: companyId, remoteId: connectionId });
    }
    return { companyId, connectionId };
  };

  /** @type {Provider["read"]} */
  const read = async (connection, record, now) => {
    const ids = idsOf(connection);
    if (!ids) return { ...UNKNOWN, status: "not_set_up" };
    try {
      const found = await client.connections.get(ids);
      const datasets = found.status === "Linked" ? await client.refreshData.get({ companyId: ids.companyId }) : {};
      return codatReading(found, datasets, record, now);
    } catch (error) {
      if (httpStatus(error) === 404) return REMOVED;
      throw new ProviderUnavailable("codat", error);
    }
  };

  return {
    name: "codat",
    integration: KEY,
    // Codat allows 1,000 requests a day for each company and 1,000 more. Two every 15 minutes use about a fifth.
    maxAge: 15 * 60_000,
    describe: () => describe(client),
    read,

    // Codat has no check that reaches QuickBooks, so this is a new passive reading.
    check: read,

    link: async (connection, returnTo) => {
      try {
        // Each read of the connection returns a link with an unused password.
        const { linkUrl } = await client.connections.get(await ensureCreated(connection));
        const url = new URL(linkUrl);
        const single_use = url.searchParams.has("otp");
        // Codat inserts it into the redirect URL that is configured in its portal.
        if (returnTo) url.searchParams.append("state", returnTo.state);
        return { url: url.href, expires_at: new Date(Date.now() + LINK_LIFETIME).toISOString(), single_use };
      } catch (error) {
        throw httpStatus(error) === 404 ? new ConnectionGone() : new ProviderUnavailable("codat", error);
      }
    },

    unlink: async (connection) => {
      const ids = idsOf(connection);
      if (!ids) return;
      try {
        const { status } = await client.connections.get(ids);
        // Only linked connections can be unlinked.
        if (status !== "Linked") return;
        await client.connections.unlink({ ...ids, updateConnectionStatus: { status: "Unlinked" } });
      } catch (error) {
        if (httpStatus(error) !== 404) throw new ProviderUnavailable("codat", error);
      }
    },

    remove: async (connection) => {
      const ids = idsOf(connection);
      if (!ids) return;
      try {
        await client.connections.delete(ids);
      } catch (error) {
        if (httpStatus(error) !== 404) throw new ProviderUnavailable("codat", error);
      }
    },
  };
}

/** @param {Connection} connection */
const idsOf = ({ remoteCompany: companyId, remoteId: connectionId }) =>
  companyId && connectionId ? { companyId, connectionId } : null;

/**
 * @param {CodatPlatform} client
 * @returns {ReturnType<Provider["describe"]>}
 */
async function describe(client) {
  try {
    const [{ name, logoUrl }, { button }] = await Promise.all([
      client.integrations.get({ platformKey: KEY }),
      client.integrations.getBranding({ platformKey: KEY }),
    ]);
    const [normal, hover] = [button?.default?.image?.src ?? null, button?.hover?.image?.src ?? null];
    return { key: KEY, name, logo: logoUrl || null, button: { default: normal, hover } };
  } catch (error) {
    throw new ProviderUnavailable("codat", error);
  }
}

/** @param {unknown} error */
const httpStatus = (error) => (error instanceof CodatPlatformError ? error.statusCode : undefined);
