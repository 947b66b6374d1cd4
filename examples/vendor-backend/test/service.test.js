/** The service over HTTP, mostly without a provider. */

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { afterEach, beforeEach, test } from "node:test";
import { Webhook } from "standardwebhooks";
import { app } from "../src/app.js";
import { DEMO } from "../src/pages.js";

/** No server listens on this loopback port, so connections fail at once. */
const UNREACHABLE = "http://127.0.0.1:9/v1";
const DEVICE = { name: "FRONT-DESK", platform: "windows", app_version: "0.1.0" };

/** @type {ReturnType<typeof app>} */
let service;
/** @type {string} */
let base;
/** @type {Record<string, unknown>[]} */
let log;
/** @type {import("node:http").Server | undefined} */
let conductor;

/** @param {string} baseUrl Conductor's. */
async function start(baseUrl) {
  log = [];
  const conductor = { secretKey: "sk_conductor_test", publishableKey: "pk_conductor_test", baseUrl };
  const config = { host: "127.0.0.1", port: 0, publicUrl: null, database: ":memory:", conductor, codat: null };
  service = app(config, (line) => log.push(line));
  base = await service.listen();
}

beforeEach(() => start(UNREACHABLE));
afterEach(async () => {
  await service.close();
  conductor?.close();
  conductor = undefined;
});

/**
 * Restarts the service with a fake Conductor that accepts every request.
 * @returns {Promise<string[]>} The requested paths, updated with each request.
 */
async function withConductor() {
  /** @type {string[]} */
  const paths = [];
  const listener = createServer((request, answer) => {
    paths.push(request.url ?? "");
    answer.writeHead(200, { "content-type": "application/json" }).end("{}");
  });
  await new Promise((resolve) => listener.listen(0, "127.0.0.1", () => resolve(null)));
  conductor = listener;
  await service.close();
  const { port } = /** @type {import("node:net").AddressInfo} */ (listener.address());
  await start(`http://127.0.0.1:${port}/v1`);
  return paths;
}

/**
 * @param {string} method
 * @param {string} path
 * @param {{ token?: string, body?: unknown, headers?: Record<string, string> }} [options]
 */
async function call(method, path, { token, body, headers = {} } = {}) {
  const answer = await fetch(base + path, {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { "content-type": "application/json" }),
      ...headers,
    },
    body: body === undefined || typeof body === "string" ? body : JSON.stringify(body),
  });
  const text = await answer.text();
  const json = answer.headers.get("content-type")?.includes("json") ? JSON.parse(text) : null;
  return { status: answer.status, json, text, headers: answer.headers };
}

const code = () => service.store.addCode(DEMO.id, Date.now()).code;

/** @returns {Promise<any>} */
async function enroll(name = DEVICE.name) {
  const device = { ...DEVICE, name };
  const { status, json } = await call("POST", "/v1/devices", { body: { code: code(), device } });
  assert.equal(status, 201);
  return json;
}

/** @param {any} device @param {object} [data] */
function report(device, data = {}) {
  const problem = { code: "quickbooks.not_running", severity: "blocking", since: "2026-11-20T08:59:20Z", root: true };
  const connections = [{ id: device.connections[0].id, verdict: "problem", problems: [problem] }];
  const machine = { quickbooks_running: false, web_connector_running: true };
  return {
    ...{
      specversion: "1.0",
      id: "evt_1",
      source: `urn:deskside:device:${device.device_id}`,
      time: new Date().toISOString(),
    },
    ...{ type: "com.deskside.health.v1", datacontenttype: "application/json" },
    data: { kind: "transition", seq: 1, boot_id: "boot", app_version: "0.1.0", machine, connections, ...data },
  };
}

/** @param {any} device @param {unknown} event @param {{ id?: string, at?: Date, secret?: string, sent?: string }} [how] */
function deliver(device, event, { id = "evt_1", at = new Date(), secret = device.signing_secret, sent } = {}) {
  const body = JSON.stringify(event);
  const headers = {
    "content-type": "application/cloudevents+json",
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
    "webhook-signature": new Webhook(secret).sign(id, at, body),
  };
  return call("POST", "/v1/events", { token: device.token, body: sent ?? body, headers });
}

test("a code names its account and creates one device", async () => {
  const once = code();
  const found = await call("POST", "/v1/enrollments", { body: { code: once } });
  assert.deepEqual([found.status, found.json.account.name], [200, DEMO.name]);
  const body = { code: once, device: DEVICE };
  const answers = await Promise.all([1, 2, 3].map(() => call("POST", "/v1/devices", { body })));
  assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 410, 410]);
  const again = await call("POST", "/v1/enrollments", { body: { code: once } });
  assert.deepEqual([again.status, again.json.type], [410, "urn:deskside:problem:code_used"]);
});

test("codes expire; unknown codes are not found", async () => {
  const old = service.store.addCode(DEMO.id, Date.now() - 16 * 60_000).code;
  const expired = await call("POST", "/v1/devices", { body: { code: old, device: DEVICE } });
  assert.deepEqual([expired.status, expired.json.type], [410, "urn:deskside:problem:code_expired"]);
  const unknown = await call("POST", "/v1/enrollments", { body: { code: "guess" } });
  assert.deepEqual([unknown.status, unknown.headers.get("content-type")], [404, "application/problem+json"]);
});

test("only an active device's complete token is accepted", async () => {
  const device = await enroll();
  const other = await enroll("BACK-OFFICE");
  const [id, secret] = device.token.split(".");
  const mixed = `${id}.${other.token.split(".")[1]}`;
  for (const token of [undefined, "", id, secret, `${device.token}x`, device.token.slice(0, -1), mixed]) {
    const { status, headers } = await call("GET", "/v1/connections", { token });
    assert.deepEqual([status, headers.get("www-authenticate")], [401, "Bearer"], token);
  }
  assert.equal((await call("GET", "/v1/connections", { token: device.token })).status, 200);
  assert.equal((await call("DELETE", `/v1/devices/${other.device_id}`, { token: device.token })).status, 404);
  assert.equal((await call("DELETE", `/v1/devices/${device.device_id}`, { token: device.token })).status, 204);
  assert.equal((await call("GET", "/v1/connections", { token: device.token })).status, 401);
});

test("a device sees only its own connections", async () => {
  const device = await enroll();
  const other = await enroll("BACK-OFFICE");
  const [foreign] = other.connections;
  assert.notEqual(device.connections[0].id, foreign.id);
  for (const [method, path] of [
    ["PATCH", ""],
    ["DELETE", ""],
    ["POST", "/links"],
    ["POST", "/checks"],
  ]) {
    const { status } = await call(method ?? "", `/v1/connections/${foreign.id}${path}`, { token: device.token });
    assert.equal(status, 404, `${method} ${path}`);
  }
});

test("a re-enrolled computer keeps its connections and replaces its device", async () => {
  const old = await enroll();
  const [{ id }] = old.connections;
  await enroll("BACK-OFFICE");
  const renewed = await enroll();
  assert.deepEqual(
    renewed.connections.map((/** @type {any} */ it) => it.id),
    [id],
  );
  assert.equal((await call("GET", "/v1/connections", { token: old.token })).status, 401);
  assert.equal((await call("GET", "/health")).text.match(/<tr><th scope="row">/g)?.length, 2, "an orphan remained");
});

test("a removed computer's connections go to the next one", async () => {
  const old = await enroll();
  await call("DELETE", `/v1/devices/${old.device_id}`, { token: old.token });
  const next = await enroll("BACK-OFFICE");
  assert.deepEqual(
    next.connections.map((/** @type {any} */ it) => it.id),
    [old.connections[0].id],
  );
});

test("secrets are stored as hashes and never logged", async () => {
  const once = code();
  await call("POST", "/v1/enrollments", { body: { code: once } });
  const device = await enroll();
  await deliver(device, report(device));
  const stored = service.store.database.serialize().toString("latin1") + JSON.stringify(log);
  const secret = device.token.split(".")[1];
  for (const hidden of [once, secret]) assert.ok(!stored.includes(hidden), "a secret was stored or logged");
  assert.ok(!JSON.stringify(log).includes(device.signing_secret), "the signing secret was logged");
  assert.ok(stored.includes(device.device_id), "the search covers the wrong data");
});

test("a signed report is accepted once and shown", async () => {
  const device = await enroll();
  assert.equal((await deliver(device, report(device))).status, 202);
  assert.equal((await deliver(device, report(device))).status, 202, "a repeated report is not an error");
  assert.deepEqual(
    log.filter(({ event }) => event === "report").map(({ fresh }) => fresh),
    [true, false],
  );
  const { text } = await call("GET", "/health");
  assert.match(text, /Problem/);
  assert.match(text, /quickbooks\.not_running/);
  assert.match(text, /just now/);
  assert.match(text, /FRONT-DESK/);
});

test("wrong, old and foreign signatures are rejected", async () => {
  const device = await enroll();
  const event = report(device);
  const other = await enroll("BACK-OFFICE");
  const wrong = {
    "the body was changed": { sent: JSON.stringify({ ...event, id: "evt_2" }) },
    "another device's secret": { secret: other.signing_secret },
    "six minutes old": { at: new Date(Date.now() - 6 * 60_000) },
    "six minutes ahead": { at: new Date(Date.now() + 6 * 60_000) },
  };
  for (const [why, how] of Object.entries(wrong)) {
    const { status, json } = await deliver(device, event, how);
    assert.deepEqual([status, json.type], [400, "urn:deskside:problem:invalid_signature"], why);
  }
  assert.doesNotMatch((await call("GET", "/health")).text, /not_running/);
});

test("an older report never replaces a newer one", async () => {
  const device = await enroll();
  const [{ id }] = device.connections;
  const healthy = [{ id, verdict: "healthy", problems: [] }];
  await deliver(device, report(device, { seq: 7 }), { id: "a" });
  await deliver(device, report(device, { seq: 6, connections: healthy }), { id: "b" });
  assert.match((await call("GET", "/health")).text, /Problem/);
  await deliver(device, report(device, { seq: 1, boot_id: "next", connections: healthy }), { id: "c" });
  assert.match((await call("GET", "/health")).text, /Working/);
});

test("a wrong clock does not affect the next boot", async () => {
  const device = await enroll();
  const healthy = [{ id: device.connections[0].id, verdict: "healthy", problems: [] }];
  const early = { ...report(device, { connections: healthy }), time: "2036-01-01T00:00:00Z" };
  await deliver(device, early, { id: "a" });
  await deliver(device, report(device, { boot_id: "next" }), { id: "b" });
  assert.match((await call("GET", "/health")).text, /Problem/);
});

test("a check does not restart a stopped connection", async () => {
  const paths = await withConductor();
  const device = await enroll();
  const { token } = device;
  const [{ id }] = device.connections;
  const status = { status: "unlinked" };
  assert.equal((await call("PATCH", `/v1/connections/${id}`, { token, body: status })).json.status, "unlinked");
  service.store.saveRemoteIds(id, { remoteId: "end_usr_1" });
  assert.equal((await call("POST", `/v1/connections/${id}/checks`, { token })).json.status, "unlinked");
  assert.ok(
    paths.some((path) => path.endsWith("/health-check")),
    "no check was requested",
  );
});

test("a device cannot report on another device's connection", async () => {
  const device = await enroll();
  const other = await enroll("BACK-OFFICE");
  const connections = [{ id: other.connections[0].id, verdict: "healthy", problems: [] }];
  assert.equal((await deliver(device, report(device, { connections }))).status, 202);
  assert.doesNotMatch((await call("GET", "/health")).text, /Working/);
});

test("an unreachable provider means unknown status and no link", async () => {
  const device = await enroll();
  const [{ id }] = device.connections;
  service.store.saveRemoteIds(id, { remoteId: "end_usr_1" });
  // Before that, the service knows that nothing is set up.
  const created = await call("POST", "/v1/connections", {
    token: device.token,
    body: { integration: "quickbooks_desktop" },
  });
  assert.deepEqual([created.status, created.json.type], [502, "urn:deskside:problem:provider_unavailable"]);
  const { json } = await call("POST", `/v1/connections/${id}/checks`, { token: device.token });
  assert.equal(json.status, "unknown");
  const { json: connections } = await call("GET", "/v1/connections", { token: device.token });
  assert.deepEqual(
    connections.map((/** @type {any} */ it) => [it.id, it.status]),
    [[id, "unknown"]],
    "an incomplete connection remained",
  );
});

test("invalid requests are rejected with a problem document", async () => {
  const device = await enroll();
  const { token } = device;
  const cases = [
    [400, "POST", "/v1/enrollments", { body: "{" }],
    [400, "POST", "/v1/enrollments", { body: { code: "a b" } }],
    [400, "POST", "/v1/enrollments", { body: [] }],
    [400, "POST", "/v1/devices", { body: { code: code(), device: { ...DEVICE, name: "" } } }],
    [400, "POST", "/v1/connections", { token, body: { integration: "abacus" } }],
    [400, "POST", "/v1/connections", { token, body: { integration: "quickbooks_desktop", state: "#" } }],
    [404, "GET", "/v1/nothing", { token }],
    [404, "GET", "/v2/connections", { token }],
    [405, "PUT", "/v1/connections", { token }],
    [413, "POST", "/v1/enrollments", { body: JSON.stringify({ code: "x".repeat(9000) }) }],
    [415, "POST", "/v1/enrollments", { body: "code=1", headers: { "content-type": "text/plain" } }],
    [415, "POST", "/v1/events", { token, body: {} }],
  ];
  for (const [expected, method, path, options] of /** @type {[number, string, string, object][]} */ (cases)) {
    const { status, json, headers } = await call(method, path, options);
    assert.deepEqual([status, json.status], [expected, expected], `${method} ${path}`);
    assert.equal(headers.get("content-type"), "application/problem+json");
  }
});
