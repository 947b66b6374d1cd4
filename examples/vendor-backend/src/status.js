/**
 * Translates the answers of Conductor and Codat into the protocol's words. Pure functions: read and test this file
 * first.
 *
 * Two rules apply everywhere. An unknown word means `unknown`, never `healthy`. And an old success means "not used
 * lately", not "broken": only an explicit check or the provider itself can report a failure.
 */

/** @typedef {"healthy" | "not_set_up" | "waiting" | "inactive" | "broken" | "deauthorized" | "unlinked" | "removed" | "unknown"} Status */
/** @typedef {{ state: "waiting" | "syncing" | "complete" | "failed" | "reauthorize" | "unknown", last_success_at: string | null }} Data */

/**
 * @typedef {object} Reading
 * @property {Status} status
 * @property {string | null} user_message The provider's message for the user.
 * @property {string | null} request_id For support.
 * @property {Data | null} data The provider's own sync.
 */

/**
 * @typedef {object} ConnectionRecord What this service has stored about a connection.
 * @property {number | null} linkUntil When the newest link expires, in milliseconds.
 * @property {number | null} unlinkedAt When the connection was stopped, in milliseconds. A stored link is newer than that.
 * @property {Check | null} check The newest active check.
 */

/** @typedef {{ at: number, status: Status, user_message: string | null, request_id: string | null }} Check */

/** In milliseconds. Conductor waits this long for QuickBooks; until then, a request may still be running. */
const CONDUCTOR_TIMEOUT = 90_000;
/** In milliseconds. Codat syncs on the user's schedule, for example on weekdays: a weekend is not late. */
const CODAT_LATE_AFTER = 72 * 3_600_000;
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

/** The QuickBooks codes for a denied application: the user must authorize it again. */
const CONSENT = new Set(["0x80040418", "0x8004041A", "0x8004041D", "0x8004041E", "0x80040420"]);

/** @type {Reading} */
export const UNKNOWN = { status: "unknown", user_message: null, request_id: null, data: null };
/** @type {Reading} */
export const REMOVED = { ...UNKNOWN, status: "removed" };

/**
 * Parses a provider's timestamp to milliseconds; null if it is invalid. Older ones have a space and a short offset.
 * @param {unknown} text
 * @returns {number | null}
 */
export function parseTime(text) {
  if (typeof text !== "string") return null;
  const normalized = text
    .trim()
    .replace(" ", "T")
    .replace(/(T.*[+-]\d\d)$/, "$1:00");
  // Codat sometimes omits the time zone; its default is UTC.
  const zoned = /(Z|[+-]\d\d:?\d\d)$/i.test(normalized) || !normalized.includes("T") ? normalized : `${normalized}Z`;
  const milliseconds = Date.parse(zoned);
  return Number.isNaN(milliseconds) ? null : milliseconds;
}

/** @param {number} milliseconds */
export const formatTime = (milliseconds) => new Date(milliseconds).toISOString();

/** @param {number | null} milliseconds */
const formatOptionalTime = (milliseconds) => (milliseconds === null ? null : formatTime(milliseconds));

/**
 * Before setup. An open link means `waiting` without data.
 * @param {ConnectionRecord} record @param {number} now @returns {Reading}
 */
const notSetUp = (record, now) => ({ ...UNKNOWN, status: (record.linkUntil ?? 0) > now ? "waiting" : "not_set_up" });

/**
 * Conductor's passive answer. A connection is listed as soon as somebody opens the link, so that alone does not mean
 * that it works. Only `lastSuccessfulRequestAt` shows that.
 * @param {{ integrationConnections?: { lastRequestAt?: string | null, lastSuccessfulRequestAt?: string | null }[] }} endUser
 * @param {ConnectionRecord} record
 * @param {number} now
 * @returns {Reading}
 */
export function conductorReading(endUser, record, now) {
  const [connection] = endUser.integrationConnections ?? [];
  const succeeded = parseTime(connection?.lastSuccessfulRequestAt);
  const asked = parseTime(connection?.lastRequestAt);
  const unanswered = asked !== null && asked > (succeeded ?? 0);
  /** @type {Data["state"]} */
  const state = !unanswered ? "complete" : now - asked <= CONDUCTOR_TIMEOUT ? "syncing" : "failed";
  const data = succeeded === null ? null : { state, last_success_at: formatOptionalTime(succeeded) };

  if (record.unlinkedAt !== null && !(record.linkUntil !== null && (succeeded ?? 0) > record.unlinkedAt)) {
    // "waiting" with data would mean that the link has been completed.
    return (record.linkUntil ?? 0) > now ? { ...UNKNOWN, status: "waiting" } : { ...UNKNOWN, status: "unlinked", data };
  }
  const checked = checkReading(record.check, succeeded ?? 0, asked ?? 0);
  if (checked) return { ...checked, data };
  if (succeeded === null) return notSetUp(record, now);
  // QuickBooks may have rejected a failed request for its own reasons, so the connection may still work.
  return { ...UNKNOWN, status: state === "failed" ? "unknown" : "healthy", data };
}

/**
 * The result of the newest check, unless newer facts replace it.
 * @param {Check | null} check
 * @param {number} succeeded
 * @param {number} asked
 */
function checkReading(check, succeeded, asked) {
  if (!check || check.at < succeeded || check.status === "not_set_up" || check.status === "waiting") return null;
  if (check.status === "healthy" && check.at < asked) return null;
  const { status, user_message, request_id } = check;
  return { status, user_message, request_id };
}

/**
 * The error of an active check.
 * @param {number | undefined} httpStatus
 * @param {{ type?: string, code?: string, integrationCode?: string, userFacingMessage?: string, requestId?: string }} error
 * @param {ConnectionRecord} record
 * @param {number} now
 * @returns {Reading}
 */
export function conductorErrorReading(httpStatus, error, record, now) {
  const userCanFix = error.type === "INTEGRATION_CONNECTION_ERROR";
  const status = conductorStatus(httpStatus, error, record, now);
  return {
    status,
    // The user can fix only these errors; for others the message would be "an internal error".
    user_message: userCanFix ? (error.userFacingMessage ?? null) : null,
    request_id: error.requestId ?? null,
    data: null,
  };
}

/**
 * @param {number | undefined} httpStatus
 * @param {{ type?: string, code?: string, integrationCode?: string }} error
 * @param {ConnectionRecord} record
 * @param {number} now
 * @returns {Status}
 */
function conductorStatus(httpStatus, error, record, now) {
  switch (error.code) {
    case "INTEGRATION_CONNECTION_NOT_SET_UP":
      return notSetUp(record, now).status;
    case "INTEGRATION_CONNECTION_NOT_ACTIVE":
      return "inactive";
    case "QBD_CONNECTION_ERROR":
      return CONSENT.has((error.integrationCode ?? "").replace(/^0x[0-9a-f]+$/i, upperHex)) ? "deauthorized" : "broken";
    case "RESOURCE_MISSING":
      return "removed";
  }
  // QuickBooks answered and rejected only this request: the connection works.
  if (error.type === "INTEGRATION_ERROR") return "healthy";
  return httpStatus === 404 ? "removed" : "unknown";
}

/** @param {string} code */
const upperHex = (code) => `0x${code.slice(2).toUpperCase()}`;

/**
 * Codat's passive answers: the connection, and the newest sync of each data type.
 * @param {{ status?: string, created?: string, lastSync?: string, dataConnectionErrors?: { statusCode?: string, errorMessage?: string, status?: string | null }[] | null }} connection
 * @param {Record<string, { currentStatus?: string, lastSuccessfulSync?: string }> | null} datasets Null if they could not be read.
 * @param {ConnectionRecord} record
 * @param {number} now
 * @returns {Reading}
 */
export function codatReading(connection, datasets, record, now) {
  switch (connection.status) {
    case "PendingAuth": {
      const error = connection.dataConnectionErrors?.find(({ status }) => status === "Active");
      // 403 means that the user left: not an error, only a reason for another link.
      const message = error && error.statusCode !== "403" ? (error.errorMessage ?? null) : null;
      return { ...notSetUp(record, now), user_message: message };
    }
    case "Linked":
      return linkedReading(connection, datasets, now);
    case "Deauthorized":
      return { ...UNKNOWN, status: "deauthorized", data: { state: "reauthorize", last_success_at: newest(datasets) } };
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
function linkedReading(connection, datasets, now) {
  const states = Object.values(datasets ?? {}).map(({ currentStatus }) => currentStatus ?? "");
  const last_success_at = newest(datasets);
  const since = parseTime(last_success_at) ?? parseTime(connection.created);
  /** @type {(status: Status, state: Data["state"]) => Reading} */
  const reading = (status, state) => ({ ...UNKNOWN, status, data: { state, last_success_at } });

  if (datasets === null) return UNKNOWN;
  if (states.includes("AuthError")) return reading("deauthorized", "reauthorize");
  if (states.some((state) => CODAT_FAILED.has(state))) return reading("broken", "failed");
  if (states.some((state) => CODAT_SYNCING.has(state))) return reading("healthy", "syncing");
  if (states.length === 0 || states.some((state) => CODAT_ASYNCHRONOUS.has(state))) {
    const late = since !== null && now - since > CODAT_LATE_AFTER;
    if (late) return reading("inactive", "waiting");
    return reading(last_success_at === null ? "waiting" : "healthy", "waiting");
  }
  return states.every((state) => CODAT_DONE.has(state))
    ? reading("healthy", "complete")
    : reading("unknown", "unknown");
}

/**
 * When data last arrived; null if it never did.
 * @param {Record<string, { lastSuccessfulSync?: string }> | null} datasets
 */
function newest(datasets) {
  const times = Object.values(datasets ?? {}).map(({ lastSuccessfulSync }) => parseTime(lastSuccessfulSync));
  return formatOptionalTime(times.reduce((latest, at) => (at !== null && at > (latest ?? 0) ? at : latest), null));
}
