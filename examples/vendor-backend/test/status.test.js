import assert from "node:assert/strict";
import { test } from "node:test";
import { parseTime, codatReading, conductorReading, conductorErrorReading } from "../src/status.js";

const NOW = Date.parse("2026-11-20T12:00:00Z");
const MINUTE = 60_000;
const at = (/** @type {number} */ minutesAgo) => new Date(NOW - minutesAgo * MINUTE).toISOString();
/** @type {import("../src/status.js").ConnectionRecord} */
const NOTHING = { linkUntil: null, unlinkedAt: null, check: null };
const LINKING = { ...NOTHING, linkUntil: NOW + MINUTE };

/** @param {string | null} lastRequestAt @param {string | null} lastSuccessfulRequestAt */
const endUser = (lastRequestAt, lastSuccessfulRequestAt) => ({
  integrationConnections: [{ lastRequestAt, lastSuccessfulRequestAt }],
});

/** @param {ReturnType<typeof endUser> | {}} user @param {Partial<import("../src/status.js").ConnectionRecord>} known */
const conductor = (user, known = {}) => {
  const { status, data } = conductorReading(user, { ...NOTHING, ...known }, NOW);
  return [status, data?.state ?? null];
};

/** @param {string} status @param {number} minutesAgo */
const checked = (status, minutesAgo) => ({
  check: /** @type {any} */ ({ status, at: NOW - minutesAgo * MINUTE, user_message: "Do this.", request_id: "req_1" }),
});

test("a listed Conductor connection without requests is not set up", () => {
  assert.deepEqual(conductor({}), ["not_set_up", null]);
  assert.deepEqual(conductor(endUser(null, null)), ["not_set_up", null]);
  assert.deepEqual(conductor(endUser(null, null), LINKING), ["waiting", null]);
  assert.deepEqual(conductor(endUser(null, null), { linkUntil: NOW - 1 }), ["not_set_up", null]);
});

test("an old success counts; a request without an outcome does not", () => {
  assert.deepEqual(conductor(endUser(at(1), at(1))), ["healthy", "complete"]);
  assert.deepEqual(conductor(endUser(at(90 * 1440), at(90 * 1440))), ["healthy", "complete"]);
  assert.deepEqual(conductor(endUser(at(1), at(5))), ["healthy", "syncing"]);
  assert.deepEqual(conductor(endUser(at(2), at(5))), ["unknown", "failed"]);
});

test("a check's result holds until newer facts arrive", () => {
  assert.deepEqual(conductor(endUser(at(2), at(5)), checked("inactive", 2)), ["inactive", "failed"]);
  assert.deepEqual(conductor(endUser(at(1), at(1)), checked("inactive", 2)), ["healthy", "complete"]);
  assert.deepEqual(conductor(endUser(at(3), null), checked("healthy", 2)), ["healthy", null]);
  assert.deepEqual(conductor(endUser(at(2), at(5)), checked("healthy", 4)), ["unknown", "failed"]);
});

test("unlinked lasts until a newer link is completed", () => {
  const unlinkedAt = NOW - 10 * MINUTE;
  assert.deepEqual(conductor(endUser(at(1), at(1)), { unlinkedAt }), ["unlinked", "complete"]);
  // With data, "waiting" would mean that the setup is complete.
  assert.deepEqual(conductor(endUser(at(20), at(20)), { unlinkedAt, linkUntil: NOW + MINUTE }), ["waiting", null]);
  assert.deepEqual(conductor(endUser(at(20), at(20)), { unlinkedAt, linkUntil: NOW - MINUTE }), [
    "unlinked",
    "complete",
  ]);
  assert.deepEqual(conductor(endUser(at(1), at(1)), { unlinkedAt, linkUntil: NOW + MINUTE }), ["healthy", "complete"]);
});

test("each check error has a status; unknown errors are unknown", () => {
  /** @type {[number | undefined, object, string][]} */
  const errors = [
    [409, { type: "INTEGRATION_CONNECTION_ERROR", code: "INTEGRATION_CONNECTION_NOT_SET_UP" }, "not_set_up"],
    [409, { type: "INTEGRATION_CONNECTION_ERROR", code: "INTEGRATION_CONNECTION_NOT_ACTIVE" }, "inactive"],
    [
      502,
      { type: "INTEGRATION_CONNECTION_ERROR", code: "QBD_CONNECTION_ERROR", integrationCode: "0x80040408" },
      "broken",
    ],
    [502, { type: "INTEGRATION_CONNECTION_ERROR", code: "QBD_CONNECTION_ERROR" }, "broken"],
    [
      502,
      { type: "INTEGRATION_CONNECTION_ERROR", code: "QBD_CONNECTION_ERROR", integrationCode: "0x80040420" },
      "deauthorized",
    ],
    [
      502,
      { type: "INTEGRATION_CONNECTION_ERROR", code: "QBD_CONNECTION_ERROR", integrationCode: "0x8004041a" },
      "deauthorized",
    ],
    [504, { type: "INTEGRATION_CONNECTION_ERROR", code: "QBD_REQUEST_TIMEOUT" }, "unknown"],
    [502, { type: "INTEGRATION_ERROR", code: "QBD_REQUEST_ERROR" }, "healthy"],
    [404, { type: "INVALID_REQUEST_ERROR", code: "RESOURCE_MISSING" }, "removed"],
    [404, {}, "removed"],
    [401, { type: "AUTHENTICATION_ERROR", code: "API_KEY_INVALID" }, "unknown"],
    [429, {}, "unknown"],
    [500, { type: "INTERNAL_ERROR" }, "unknown"],
    [418, { type: "INTEGRATION_CONNECTION_ERROR", code: "SOMETHING_NEW" }, "unknown"],
    [undefined, {}, "unknown"],
  ];
  for (const [httpStatus, error, expected] of errors) {
    assert.equal(conductorErrorReading(httpStatus, error, NOTHING, NOW).status, expected, JSON.stringify(error));
  }
});

test("only errors that users can fix show the provider's message", () => {
  const error = { userFacingMessage: "Open QuickBooks.", requestId: "req_1" };
  const fixable = conductorErrorReading(409, { ...error, type: "INTEGRATION_CONNECTION_ERROR" }, NOTHING, NOW);
  const internal = conductorErrorReading(401, { ...error, type: "AUTHENTICATION_ERROR" }, NOTHING, NOW);
  assert.deepEqual([fixable.user_message, fixable.request_id], ["Open QuickBooks.", "req_1"]);
  assert.deepEqual([internal.user_message, internal.request_id], [null, "req_1"]);
});

/** @param {object} connection @param {...string} words */
const codat = (connection, ...words) => {
  const lastSuccessfulSync = "lastSync" in connection ? String(connection.lastSync) : undefined;
  const datasets = Object.fromEntries(
    words.map((currentStatus, index) => [index, { currentStatus, lastSuccessfulSync }]),
  );
  const { status, data } = codatReading({ status: "Linked", created: at(60), ...connection }, datasets, NOTHING, NOW);
  return [status, data?.state ?? null];
};

test("Codat's connection status takes precedence over its syncs", () => {
  assert.deepEqual(codat({ status: "PendingAuth" }), ["not_set_up", null]);
  assert.deepEqual(codat({ status: "Deauthorized" }), ["deauthorized", "reauthorize"]);
  assert.deepEqual(codat({ status: "Unlinked" }), ["unlinked", null]);
  assert.deepEqual(codat({ status: "Hibernating" }), ["unknown", null]);
  const pending = {
    status: "PendingAuth",
    dataConnectionErrors: [{ statusCode: "403", errorMessage: "User cancelled", status: "Active" }],
  };
  assert.equal(codatReading(pending, {}, LINKING, NOW).status, "waiting");
  assert.equal(codatReading(pending, {}, NOTHING, NOW).user_message, null, "a user who left is not an error");
});

test("the newest syncs decide a linked connection's status", () => {
  const synced = { lastSync: at(30) };
  assert.deepEqual(codat({}), ["waiting", "waiting"], "it syncs at night");
  assert.deepEqual(codat({}, "Queued", "Initial"), ["waiting", "waiting"]);
  assert.deepEqual(codat(synced, "Complete", "Queued"), ["healthy", "waiting"]);
  assert.deepEqual(codat(synced, "Complete", "Mapping"), ["healthy", "syncing"]);
  assert.deepEqual(codat(synced, "Complete", "NotSupported"), ["healthy", "complete"]);
  assert.deepEqual(codat(synced, "Complete", "FetchError"), ["broken", "failed"]);
  assert.deepEqual(codat(synced, "FetchError", "AuthError"), ["deauthorized", "reauthorize"]);
  assert.deepEqual(codat(synced, "Complete", "Pondering"), ["unknown", "unknown"]);
});

test("a queued sync is late only after a weekend", () => {
  const hours = (/** @type {number} */ number) => ({ lastSync: at(60 * number) });
  assert.deepEqual(codat(hours(71), "Queued"), ["healthy", "waiting"]);
  assert.deepEqual(codat(hours(73), "Queued"), ["inactive", "waiting"]);
});

test("unreadable data is never healthy", () => {
  assert.equal(codatReading({ status: "Linked" }, null, NOTHING, NOW).status, "unknown");
});

test("both date formats are parsed; invalid dates are null", () => {
  assert.equal(parseTime("2022-11-16 23:51:08.996+00"), Date.parse("2022-11-16T23:51:08.996Z"));
  assert.equal(parseTime("2022-09-01T10:21:57.0807447Z"), Date.parse("2022-09-01T10:21:57.080Z"));
  assert.equal(parseTime("2022-09-01T10:21:57"), Date.parse("2022-09-01T10:21:57Z"));
  assert.equal(parseTime("2022-10-23"), Date.parse("2022-10-23T00:00:00Z"));
  for (const bad of ["2024-09-01T23:59:99Z", "soon", "", null, 7]) assert.equal(parseTime(bad), null, String(bad));
});
