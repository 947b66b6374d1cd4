import assert from "node:assert/strict";
import { test } from "node:test";
import { moment, ofCodat, ofConductor, ofConductorFault } from "../src/status.js";

const NOW = Date.parse("2026-11-20T12:00:00Z");
const MINUTE = 60_000;
const at = (/** @type {number} */ minutesAgo) => new Date(NOW - minutesAgo * MINUTE).toISOString();
/** @type {import("../src/status.js").Known} */
const NOTHING = { linkUntil: null, unlinkedAt: null, check: null };
const LINKING = { ...NOTHING, linkUntil: NOW + MINUTE };

/** @param {string | null} lastRequestAt @param {string | null} lastSuccessfulRequestAt */
const endUser = (lastRequestAt, lastSuccessfulRequestAt) => ({
  integrationConnections: [{ lastRequestAt, lastSuccessfulRequestAt }],
});

/** @param {ReturnType<typeof endUser> | {}} user @param {Partial<import("../src/status.js").Known>} known */
const conductor = (user, known = {}) => {
  const { status, data } = ofConductor(user, { ...NOTHING, ...known }, NOW);
  return [status, data?.state ?? null];
};

/** @param {string} status @param {number} minutesAgo */
const checked = (status, minutesAgo) => ({
  check: /** @type {any} */ ({ status, at: NOW - minutesAgo * MINUTE, user_message: "Do this.", request_id: "req_1" }),
});

test("a connection that Conductor merely lists is not set up", () => {
  assert.deepEqual(conductor({}), ["not_set_up", null]);
  assert.deepEqual(conductor(endUser(null, null)), ["not_set_up", null]);
  assert.deepEqual(conductor(endUser(null, null), LINKING), ["waiting", null]);
  assert.deepEqual(conductor(endUser(null, null), { linkUntil: NOW - 1 }), ["not_set_up", null]);
});

test("a success counts, however old, and a request without an outcome does not", () => {
  assert.deepEqual(conductor(endUser(at(1), at(1))), ["healthy", "complete"]);
  assert.deepEqual(conductor(endUser(at(90 * 1440), at(90 * 1440))), ["healthy", "complete"]);
  assert.deepEqual(conductor(endUser(at(1), at(5))), ["healthy", "syncing"]);
  assert.deepEqual(conductor(endUser(at(2), at(5))), ["unknown", "failed"]);
});

test("what a check found holds until something newer is known", () => {
  assert.deepEqual(conductor(endUser(at(2), at(5)), checked("inactive", 2)), ["inactive", "failed"]);
  assert.deepEqual(conductor(endUser(at(1), at(1)), checked("inactive", 2)), ["healthy", "complete"]);
  assert.deepEqual(conductor(endUser(at(3), null), checked("healthy", 2)), ["healthy", null]);
  assert.deepEqual(conductor(endUser(at(2), at(5)), checked("healthy", 4)), ["unknown", "failed"]);
});

test("unlinked stays unlinked until a link made since has been finished", () => {
  const unlinkedAt = NOW - 10 * MINUTE;
  assert.deepEqual(conductor(endUser(at(1), at(1)), { unlinkedAt }), ["unlinked", "complete"]);
  // With data it would be said to be set up.
  assert.deepEqual(conductor(endUser(at(20), at(20)), { unlinkedAt, linkUntil: NOW + MINUTE }), ["waiting", null]);
  assert.deepEqual(conductor(endUser(at(20), at(20)), { unlinkedAt, linkUntil: NOW - MINUTE }), [
    "unlinked",
    "complete",
  ]);
  assert.deepEqual(conductor(endUser(at(1), at(1)), { unlinkedAt, linkUntil: NOW + MINUTE }), ["healthy", "complete"]);
});

test("each fault of a check has its own word, and one that nobody knows is unknown", () => {
  /** @type {[number | undefined, object, string][]} */
  const faults = [
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
  for (const [httpStatus, error, expected] of faults) {
    assert.equal(ofConductorFault(httpStatus, error, NOTHING, NOW).status, expected, JSON.stringify(error));
  }
});

test("only what the user can mend is said in the provider's words", () => {
  const said = { userFacingMessage: "Open QuickBooks.", requestId: "req_1" };
  const theirs = ofConductorFault(409, { ...said, type: "INTEGRATION_CONNECTION_ERROR" }, NOTHING, NOW);
  const ours = ofConductorFault(401, { ...said, type: "AUTHENTICATION_ERROR" }, NOTHING, NOW);
  assert.deepEqual([theirs.user_message, theirs.request_id], ["Open QuickBooks.", "req_1"]);
  assert.deepEqual([ours.user_message, ours.request_id], [null, "req_1"]);
});

/** @param {object} connection @param {...string} words */
const codat = (connection, ...words) => {
  const lastSuccessfulSync = "lastSync" in connection ? String(connection.lastSync) : undefined;
  const datasets = Object.fromEntries(
    words.map((currentStatus, index) => [index, { currentStatus, lastSuccessfulSync }]),
  );
  const { status, data } = ofCodat({ status: "Linked", created: at(60), ...connection }, datasets, NOTHING, NOW);
  return [status, data?.state ?? null];
};

test("Codat's connection status comes first", () => {
  assert.deepEqual(codat({ status: "PendingAuth" }), ["not_set_up", null]);
  assert.deepEqual(codat({ status: "Deauthorized" }), ["deauthorized", "reauthorise"]);
  assert.deepEqual(codat({ status: "Unlinked" }), ["unlinked", null]);
  assert.deepEqual(codat({ status: "Hibernating" }), ["unknown", null]);
  const pending = {
    status: "PendingAuth",
    dataConnectionErrors: [{ statusCode: "403", errorMessage: "User cancelled", status: "Active" }],
  };
  assert.equal(ofCodat(pending, {}, LINKING, NOW).status, "waiting");
  assert.equal(ofCodat(pending, {}, NOTHING, NOW).user_message, null, "that the user went away is no fault");
});

test("a linked connection is as its newest syncs are", () => {
  const synced = { lastSync: at(30) };
  assert.deepEqual(codat({}), ["waiting", "waiting"], "it syncs at night");
  assert.deepEqual(codat({}, "Queued", "Initial"), ["waiting", "waiting"]);
  assert.deepEqual(codat(synced, "Complete", "Queued"), ["healthy", "waiting"]);
  assert.deepEqual(codat(synced, "Complete", "Mapping"), ["healthy", "syncing"]);
  assert.deepEqual(codat(synced, "Complete", "NotSupported"), ["healthy", "complete"]);
  assert.deepEqual(codat(synced, "Complete", "FetchError"), ["broken", "failed"]);
  assert.deepEqual(codat(synced, "FetchError", "AuthError"), ["deauthorized", "reauthorise"]);
  assert.deepEqual(codat(synced, "Complete", "Pondering"), ["unknown", "unknown"]);
});

test("a queue is late only after a weekend", () => {
  const hours = (/** @type {number} */ number) => ({ lastSync: at(60 * number) });
  assert.deepEqual(codat(hours(71), "Queued"), ["healthy", "waiting"]);
  assert.deepEqual(codat(hours(73), "Queued"), ["inactive", "waiting"]);
});

test("data that could not be read makes nothing healthy", () => {
  assert.equal(ofCodat({ status: "Linked" }, null, NOTHING, NOW).status, "unknown");
});

test("both generations of dates are read, and a bad one is no date", () => {
  assert.equal(moment("2022-11-16 23:51:08.996+00"), Date.parse("2022-11-16T23:51:08.996Z"));
  assert.equal(moment("2022-09-01T10:21:57.0807447Z"), Date.parse("2022-09-01T10:21:57.080Z"));
  assert.equal(moment("2022-09-01T10:21:57"), Date.parse("2022-09-01T10:21:57Z"));
  assert.equal(moment("2022-10-23"), Date.parse("2022-10-23T00:00:00Z"));
  for (const bad of ["2024-09-01T23:59:99Z", "soon", "", null, 7]) assert.equal(moment(bad), null, String(bad));
});
