/**
 * What Conductor and Codat say, in the protocol's words. Pure tables: the part to read first, and to test most.
 *
 * Two rules hold everywhere. A word that nobody knows is `unknown`, never `healthy`. And an old success means "not
 * used lately", not "broken": only an explicit check, or the provider itself, may say that something fails.
 */

/** @typedef {"healthy" | "not_set_up" | "waiting" | "inactive" | "broken" | "deauthorized" | "unlinked" | "removed" | "unknown"} Status */
/** @typedef {{ state: "waiting" | "syncing" | "complete" | "failed" | "reauthorise" | "unknown", last_success_at: string | null }} Data */

/**
 * @typedef {object} Reading
 * @property {Status} status
 * @property {string | null} user_message The provider's words for the user.
 * @property {string | null} request_id For support.
 * @property {Data | null} data The provider's own sync.
 */

/**
 * @typedef {object} Known What this service remembers of a connection.
 * @property {number | null} linkUntil Until when a link that was handed out may be finished, in milliseconds.
 * @property {number | null} unlinkedAt In milliseconds; asking for a link comes after it.
 * @property {Check | null} check The newest active check.
 */

/** @typedef {{ at: number, status: Status, user_message: string | null, request_id: string | null }} Check */

/** Conductor waits so long for QuickBooks; a request without an outcome may be under way until then. */
const CONDUCTOR_WAITS = 90_000;
/** Codat syncs in the user's schedule: at night, on weekdays. Before a whole weekend has passed, nothing is late. */
const CODAT_WAITS = 72 * 3_600_000;
const CODAT_ASYNCHRONOUS = new Set(["Initial", "Queued", "Fetching"]);
const CODAT_SYNCING = new Set([
  "MapQueued",
  "Mapping",
  "ProcessingQueued",
  "Processing",
  "ValidationQueued",
  "Validating",
]);
const CODAT_DONE = new Set(["Complete", "NotSupported"]);
const CODAT_FAILED = new Set([
  "FetchError",
  "MapError",
  "InternalError",
  "ProcessingError",
  "ValidationError",
  "PermissionsError",
]);

/** QuickBooks' own codes for "this application may not come in": the user must allow it again. */
const CONSENT = new Set(["0x80040418", "0x8004041A", "0x8004041D", "0x8004041E", "0x80040420"]);

/** @type {Reading} */
export const UNKNOWN = { status: "unknown", user_message: null, request_id: null, data: null };
/** @type {Reading} */
export const REMOVED = { ...UNKNOWN, status: "removed" };

/**
 * A provider's date in milliseconds. Older ones have a space and an offset of two digits; a bad one never fails more
 * than itself.
 * @param {unknown} text
 * @returns {number | null}
 */
export function moment(text) {
  if (typeof text !== "string") return null;
  const iso = text
    .trim()
    .replace(" ", "T")
    .replace(/(T.*[+-]\d\d)$/, "$1:00");
  // Codat leaves the zone out now and then; UTC is its own default.
  const zoned = /(Z|[+-]\d\d:?\d\d)$/i.test(iso) || !iso.includes("T") ? iso : `${iso}Z`;
  const milliseconds = Date.parse(zoned);
  return Number.isNaN(milliseconds) ? null : milliseconds;
}

/** @param {number} milliseconds */
export const written = (milliseconds) => new Date(milliseconds).toISOString();

/** @param {number | null} milliseconds */
const iso = (milliseconds) => (milliseconds === null ? null : written(milliseconds));

/**
 * A link that is out is `waiting` without data: nothing is set up yet.
 * @param {Known} known @param {number} now @returns {Reading}
 */
const notSetUp = (known, now) => ({ ...UNKNOWN, status: (known.linkUntil ?? 0) > now ? "waiting" : "not_set_up" });

/**
 * Conductor's passive answer. That a connection is listed does not mean that it works: it is, from the moment that
 * somebody opens the link. `lastSuccessfulRequestAt` is the word that counts.
 * @param {{ integrationConnections?: { lastRequestAt?: string | null, lastSuccessfulRequestAt?: string | null }[] }} endUser
 * @param {Known} known
 * @param {number} now
 * @returns {Reading}
 */
export function ofConductor(endUser, known, now) {
  const [connection] = endUser.integrationConnections ?? [];
  const succeeded = moment(connection?.lastSuccessfulRequestAt);
  const asked = moment(connection?.lastRequestAt);
  const unanswered = asked !== null && asked > (succeeded ?? 0);
  /** @type {Data["state"]} */
  const state = !unanswered ? "complete" : now - asked <= CONDUCTOR_WAITS ? "syncing" : "failed";
  const data = succeeded === null ? null : { state, last_success_at: iso(succeeded) };

  if (known.unlinkedAt !== null && !(known.linkUntil !== null && (succeeded ?? 0) > known.unlinkedAt)) {
    // Data beside "waiting" would say that the link has been finished.
    return (known.linkUntil ?? 0) > now ? { ...UNKNOWN, status: "waiting" } : { ...UNKNOWN, status: "unlinked", data };
  }
  const checked = ofCheck(known.check, succeeded ?? 0, asked ?? 0);
  if (checked) return { ...checked, data };
  if (succeeded === null) return notSetUp(known, now);
  // A request that failed may have been refused by QuickBooks for reasons of its own.
  return { ...UNKNOWN, status: state === "failed" ? "unknown" : "healthy", data };
}

/**
 * What the newest check found, while nothing newer is known.
 * @param {Check | null} check
 * @param {number} succeeded
 * @param {number} asked
 */
function ofCheck(check, succeeded, asked) {
  if (!check || check.at < succeeded || check.status === "not_set_up" || check.status === "waiting") return null;
  if (check.status === "healthy" && check.at < asked) return null;
  const { status, user_message, request_id } = check;
  return { status, user_message, request_id };
}

/**
 * The fault of an active check.
 * @param {number | undefined} httpStatus
 * @param {{ type?: string, code?: string, integrationCode?: string, userFacingMessage?: string, requestId?: string }} error
 * @param {Known} known
 * @param {number} now
 * @returns {Reading}
 */
export function ofConductorFault(httpStatus, error, known, now) {
  const theirs = error.type === "INTEGRATION_CONNECTION_ERROR";
  const status = conductorStatus(httpStatus, error, known, now);
  return {
    status,
    // Only these faults are the user's to mend; of the others they are told "an internal error".
    user_message: theirs ? (error.userFacingMessage ?? null) : null,
    request_id: error.requestId ?? null,
    data: null,
  };
}

/**
 * @param {number | undefined} httpStatus
 * @param {{ type?: string, code?: string, integrationCode?: string }} error
 * @param {Known} known
 * @param {number} now
 * @returns {Status}
 */
function conductorStatus(httpStatus, error, known, now) {
  switch (error.code) {
    case "INTEGRATION_CONNECTION_NOT_SET_UP":
      return notSetUp(known, now).status;
    case "INTEGRATION_CONNECTION_NOT_ACTIVE":
      return "inactive";
    case "QBD_CONNECTION_ERROR":
      return CONSENT.has((error.integrationCode ?? "").replace(/^0x[0-9a-f]+$/i, upper)) ? "deauthorized" : "broken";
    case "RESOURCE_MISSING":
      return "removed";
  }
  // QuickBooks answered, and refused this one request: the connection works.
  if (error.type === "INTEGRATION_ERROR") return "healthy";
  return httpStatus === 404 ? "removed" : "unknown";
}

/** @param {string} code */
const upper = (code) => `0x${code.slice(2).toUpperCase()}`;

/**
 * Codat's passive answers: the connection, and per data type how its newest sync stands.
 * @param {{ status?: string, created?: string, lastSync?: string, dataConnectionErrors?: { statusCode?: string, errorMessage?: string, status?: string | null }[] | null }} connection
 * @param {Record<string, { currentStatus?: string, lastSuccessfulSync?: string }> | null} datasets Null when they could not be read.
 * @param {Known} known
 * @param {number} now
 * @returns {Reading}
 */
export function ofCodat(connection, datasets, known, now) {
  switch (connection.status) {
    case "PendingAuth": {
      const error = connection.dataConnectionErrors?.find(({ status }) => status === "Active");
      // 403 is "the user went away": no fault, just another link.
      const message = error && error.statusCode !== "403" ? (error.errorMessage ?? null) : null;
      return { ...notSetUp(known, now), user_message: message };
    }
    case "Linked":
      return linked(connection, datasets, now);
    case "Deauthorized":
      return { ...UNKNOWN, status: "deauthorized", data: { state: "reauthorise", last_success_at: newest(datasets) } };
    case "Unlinked":
      return { ...UNKNOWN, status: "unlinked" };
    default:
      return UNKNOWN;
  }
}

/**
 * @param {{ created?: string }} connection
 * @param {Record<string, { currentStatus?: string, lastSuccessfulSync?: string }> | null} datasets
 * @param {number} now
 * @returns {Reading}
 */
function linked(connection, datasets, now) {
  const words = Object.values(datasets ?? {}).map(({ currentStatus }) => currentStatus ?? "");
  const last_success_at = newest(datasets);
  const since = moment(last_success_at) ?? moment(connection.created);
  /** @type {(status: Status, state: Data["state"]) => Reading} */
  const reading = (status, state) => ({ ...UNKNOWN, status, data: { state, last_success_at } });

  if (datasets === null) return UNKNOWN;
  if (words.includes("AuthError")) return reading("deauthorized", "reauthorise");
  if (words.some((word) => CODAT_FAILED.has(word))) return reading("broken", "failed");
  if (words.some((word) => CODAT_SYNCING.has(word))) return reading("healthy", "syncing");
  if (words.length === 0 || words.some((word) => CODAT_ASYNCHRONOUS.has(word))) {
    const late = since !== null && now - since > CODAT_WAITS;
    if (late) return reading("inactive", "waiting");
    return reading(last_success_at === null ? "waiting" : "healthy", "waiting");
  }
  return words.every((word) => CODAT_DONE.has(word)) ? reading("healthy", "complete") : reading("unknown", "unknown");
}

/**
 * When data last arrived.
 * @param {Record<string, { lastSuccessfulSync?: string }> | null} datasets
 */
function newest(datasets) {
  const moments = Object.values(datasets ?? {}).map(({ lastSuccessfulSync }) => moment(lastSuccessfulSync));
  return iso(moments.reduce((latest, at) => (at !== null && at > (latest ?? 0) ? at : latest), null));
}
