/** Settings from the environment, read once at startup. A missing or invalid setting stops the program at once. */

/**
 * @typedef {object} Config
 * @property {string} host Loopback by default: a TLS proxy runs in front.
 * @property {number} port 0 for any free port.
 * @property {string | null} publicUrl How browsers and Deskside reach this service; null until the port is known.
 * @property {string} database A file, or `:memory:`.
 * @property {{ secretKey: string, publishableKey: string, baseUrl?: string } | null} conductor
 * @property {{ apiKey: string, baseUrl?: string } | null} codat
 */

/**
 * @param {Record<string, string | undefined>} environment
 * @returns {Config}
 */
export function config(environment) {
  const { CONDUCTOR_SECRET_KEY, CONDUCTOR_PUBLISHABLE_KEY, CONDUCTOR_BASE_URL, CODAT_API_KEY, CODAT_BASE_URL } =
    environment;
  if (Boolean(CONDUCTOR_SECRET_KEY) !== Boolean(CONDUCTOR_PUBLISHABLE_KEY)) {
    throw new Error("CONDUCTOR_SECRET_KEY and CONDUCTOR_PUBLISHABLE_KEY belong together");
  }
  if (!CONDUCTOR_SECRET_KEY && !CODAT_API_KEY) {
    throw new Error("set CONDUCTOR_SECRET_KEY and CONDUCTOR_PUBLISHABLE_KEY, or CODAT_API_KEY, or all three");
  }
  return {
    host: environment.HOST || "127.0.0.1",
    port: port(environment.PORT || "8080"),
    publicUrl: environment.PUBLIC_URL ? origin(environment.PUBLIC_URL) : null,
    database: environment.DATABASE || "vendor-backend.db",
    conductor:
      CONDUCTOR_SECRET_KEY && CONDUCTOR_PUBLISHABLE_KEY
        ? { secretKey: CONDUCTOR_SECRET_KEY, publishableKey: CONDUCTOR_PUBLISHABLE_KEY, baseUrl: CONDUCTOR_BASE_URL }
        : null,
    codat: CODAT_API_KEY ? { apiKey: CODAT_API_KEY, baseUrl: CODAT_BASE_URL } : null,
  };
}

/** @param {string} text */
function port(text) {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0 || number > 65_535) throw new Error("PORT is not a port");
  return number;
}

/** @param {string} text */
function origin(text) {
  const url = URL.canParse(text) ? new URL(text) : null;
  const loopback = url && ["127.0.0.1", "localhost", "[::1]"].includes(url.hostname);
  if (url?.pathname !== "/" || url.search || (url.protocol !== "https:" && !loopback)) {
    throw new Error("PUBLIC_URL is not an https address without a path");
  }
  return url.origin;
}
