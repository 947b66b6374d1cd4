/**
 * Codat, through its official client. Its own retries may last an hour, so they are off. Its answers are checked by
 * the client: a word that it does not know is an error here, and so "unknown" to Deskside.
 */

import { CodatPlatform } from "@codat/platform";
import { CodatPlatformError } from "@codat/platform/sdk/models/errors/codatplatformerror.js";
import { ofCodat, REMOVED, UNKNOWN } from "../status.js";
import { Gone, Silent } from "./fault.js";

const KEY = "pqsw";
/** A link carries a password that works once and for a day at most. */
const LINK_LIVES = 24 * 3_600_000;

/** @typedef {import("./index.js").Provider} Provider */
/** @typedef {import("../store.js").Connection} Connection */

/**
 * @param {{ apiKey: string, baseUrl?: string }} keys
 * @param {(connection: Connection, ids: { remoteCompany?: string, remoteId?: string }) => void} remember
 * @returns {Provider}
 */
export function codat({ apiKey, baseUrl }, remember) {
  const client = new CodatPlatform({
    serverURL: baseUrl,
    authHeader: `Basic ${Buffer.from(apiKey).toString("base64")}`,
    retryConfig: { strategy: "none" },
    timeoutMs: 10_000,
  });

  /** @type {(connection: Connection) => Promise<{ companyId: string, connectionId: string }>} */
  const made = async (connection) => {
    let { remoteCompany: companyId, remoteId: connectionId } = connection;
    if (!companyId) {
      // Codat allows few characters in a name, and strips the others without a word.
      const name = connection.id.replace(/[^A-Za-z0-9-]/g, "-");
      companyId = (await client.companies.create({ name })).id;
      remember(connection, { remoteCompany: companyId });
    }
    if (!connectionId) {
      const requestBody = { platformKey: KEY };
      connectionId = (await client.connections.create({ companyId, requestBody })).id;
      remember(connection, { remoteCompany: companyId, remoteId: connectionId });
    }
    return { companyId, connectionId };
  };

  /** @type {Provider["read"]} */
  const read = async (connection, known, now) => {
    const ids = idsOf(connection);
    if (!ids) return { ...UNKNOWN, status: "not_set_up" };
    try {
      const found = await client.connections.get(ids);
      const datasets = found.status === "Linked" ? await client.refreshData.get({ companyId: ids.companyId }) : {};
      return ofCodat(found, datasets, known, now);
    } catch (error) {
      if (httpStatus(error) === 404) return REMOVED;
      throw new Silent("codat", error);
    }
  };

  return {
    name: "codat",
    integration: KEY,
    // 1,000 requests a day for each company and one more: every 15 minutes uses up a fifth.
    freshFor: 15 * 60_000,
    describe: () => describe(client),
    read,

    // There is no check that reaches into QuickBooks; a fresh reading is all that there is.
    check: read,

    link: async (connection, returnTo) => {
      try {
        // Reading the connection anew gives a link with a password that nobody has used.
        const { linkUrl } = await client.connections.get(await made(connection));
        const url = new URL(linkUrl);
        const single_use = url.searchParams.has("otp");
        // Filled into the redirect address that is set in Codat's portal.
        if (returnTo) url.searchParams.append("state", returnTo.state);
        return { url: url.href, expires_at: new Date(Date.now() + LINK_LIVES).toISOString(), single_use };
      } catch (error) {
        throw httpStatus(error) === 404 ? new Gone() : new Silent("codat", error);
      }
    },

    unlink: async (connection) => {
      const ids = idsOf(connection);
      if (!ids) return;
      try {
        const { status } = await client.connections.get(ids);
        // Only what is linked can be unlinked.
        if (status !== "Linked") return;
        await client.connections.unlink({ ...ids, updateConnectionStatus: { status: "Unlinked" } });
      } catch (error) {
        if (httpStatus(error) !== 404) throw new Silent("codat", error);
      }
    },

    remove: async (connection) => {
      const ids = idsOf(connection);
      if (!ids) return;
      try {
        await client.connections.delete(ids);
      } catch (error) {
        if (httpStatus(error) !== 404) throw new Silent("codat", error);
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
    throw new Silent("codat", error);
  }
}

/** @param {unknown} error */
const httpStatus = (error) => (error instanceof CodatPlatformError ? error.statusCode : undefined);
