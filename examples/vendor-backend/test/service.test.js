/** The service over HTTP, with no provider behind it: what it decides by itself. */

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { afterEach, beforeEach, test } from "node:test";
import { Webhook } from "standardwebhooks";
import { app } from "../src/app.js";
import { DEMO } from "../src/pages.js";

/** Nobody listens on this port of the loopback; connections to it fail at once. */
const NOWHERE = "http://127.0.0.1:9/v1";
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

beforeEach(() => start(NOWHERE));
afterEach(async () => {
  await service.close();
  conductor?.close();
  conductor = undefined;
});

/**
 * Starts anew, with a Conductor behind it for which everything works.
 * @returns {Promise<string[]>} The paths it is asked for, as they come.
 */
async function withConductor() {
  /** @type {string[]} */
  const asked = [];
  const listener = createServer((request, answer) => {
    asked.push(request.url ?? "");
    answer.writeHead(200, { "content-type": "application/json" }).end("{}");
  });
  await new Promise((resolve) => listener.listen(0, "127.0.0.1", () => resolve(null)));
  conductor = listener;
  await service.close();
  const { port } = /** @type {import("node:net").AddressInfo} */ (listener.address());
  await start(`http://127.0.0.1:${port}/v1`);
  return asked;
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
async function enrolled(name = DEVICE.name) {
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

test("a code says whose it is, makes one device, and is used up", async () => {
  const once = code();
  const asked = await call("POST", "/v1/enrollments", { body: { code: once } });
  assert.deepEqual([asked.status, asked.json.account.name], [200, DEMO.name]);
  const body = { code: once, device: DEVICE };
  const answers = await Promise.all([1, 2, 3].map(() => call("POST", "/v1/devices", { body })));
  assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 410, 410]);
  const again = await call("POST", "/v1/enrollments", { body: { code: once } });
  assert.deepEqual([again.status, again.json.type], [410, "urn:deskside:problem:code_used"]);
});

test("a code expires, and one that was never made is not found", async () => {
  const old = service.store.addCode(DEMO.id, Date.now() - 16 * 60_000).code;
  const expired = await call("POST", "/v1/devices", { body: { code: old, device: DEVICE } });
  assert.deepEqual([expired.status, expired.json.type], [410, "urn:deskside:problem:code_expired"]);
  const unknown = await call("POST", "/v1/enrollments", { body: { code: "guess" } });
  assert.deepEqual([unknown.status, unknown.headers.get("content-type")], [404, "application/problem+json"]);
});

test("only a living device's whole token opens anything", async () => {
  const device = await enrolled();
  const other = await enrolled("BACK-OFFICE");
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

test("a device sees its own connections and no others", async () => {
  const device = await enrolled();
  const other = await enrolled("BACK-OFFICE");
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

test("a computer that is enrolled again keeps its connections and replaces itself", async () => {
  const old = await enrolled();
  const [{ id }] = old.connections;
  await enrolled("BACK-OFFICE");
  const anew = await enrolled();
  assert.deepEqual(
    anew.connections.map((/** @type {any} */ it) => it.id),
    [id],
  );
  assert.equal((await call("GET", "/v1/connections", { token: old.token })).status, 401);
  assert.equal((await call("GET", "/health")).text.match(/<tr><th scope="row">/g)?.length, 2, "an orphan stayed");
});

test("the connections of a computer that left go to the next one", async () => {
  const old = await enrolled();
  await call("DELETE", `/v1/devices/${old.device_id}`, { token: old.token });
  const next = await enrolled("BACK-OFFICE");
  assert.deepEqual(
    next.connections.map((/** @type {any} */ it) => it.id),
    [old.connections[0].id],
  );
});

test("secrets are kept as hashes and are never logged", async () => {
  const once = code();
  await call("POST", "/v1/enrollments", { body: { code: once } });
  const device = await enrolled();
  await deliver(device, report(device));
  const kept = service.store.database.serialize().toString("latin1") + JSON.stringify(log);
  const secret = device.token.split(".")[1];
  for (const hidden of [once, secret]) assert.ok(!kept.includes(hidden), "a secret was kept or logged");
  assert.ok(!JSON.stringify(log).includes(device.signing_secret), "the signing secret was logged");
  assert.ok(kept.includes(device.device_id), "looked in the wrong place");
});

test("a signed report is taken once and shown", async () => {
  const device = await enrolled();
  assert.equal((await deliver(device, report(device))).status, 202);
  assert.equal((await deliver(device, report(device))).status, 202, "a repetition is no mistake");
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

test("a wrong, old or foreign signature is refused", async () => {
  const device = await enrolled();
  const event = report(device);
  const other = await enrolled("BACK-OFFICE");
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
  const device = await enrolled();
  const [{ id }] = device.connections;
  const healthy = [{ id, verdict: "healthy", problems: [] }];
  await deliver(device, report(device, { seq: 7 }), { id: "a" });
  await deliver(device, report(device, { seq: 6, connections: healthy }), { id: "b" });
  assert.match((await call("GET", "/health")).text, /Problem/);
  await deliver(device, report(device, { seq: 1, boot_id: "next", connections: healthy }), { id: "c" });
  assert.match((await call("GET", "/health")).text, /Working/);
});

test("a clock that ran ahead for one boot does not outlive it", async () => {
  const device = await enrolled();
  const healthy = [{ id: device.connections[0].id, verdict: "healthy", problems: [] }];
  const early = { ...report(device, { connections: healthy }), time: "2036-01-01T00:00:00Z" };
  await deliver(device, early, { id: "a" });
  await deliver(device, report(device, { boot_id: "next" }), { id: "b" });
  assert.match((await call("GET", "/health")).text, /Problem/);
});

test("a check does not start a connection that was stopped", async () => {
  const asked = await withConductor();
  const device = await enrolled();
  const { token } = device;
  const [{ id }] = device.connections;
  const status = { status: "unlinked" };
  assert.equal((await call("PATCH", `/v1/connections/${id}`, { token, body: status })).json.status, "unlinked");
  service.store.rememberRemote(id, { remoteId: "end_usr_1" });
  assert.equal((await call("POST", `/v1/connections/${id}/checks`, { token })).json.status, "unlinked");
  assert.ok(
    asked.some((path) => path.endsWith("/health-check")),
    "nothing was checked",
  );
});

test("nobody reports on another device's connection", async () => {
  const device = await enrolled();
  const other = await enrolled("BACK-OFFICE");
  const connections = [{ id: other.connections[0].id, verdict: "healthy", problems: [] }];
  assert.equal((await deliver(device, report(device, { connections }))).status, 202);
  assert.doesNotMatch((await call("GET", "/health")).text, /Working/);
});

test("a provider that does not answer makes the status unknown, and a link impossible for now", async () => {
  const device = await enrolled();
  const [{ id }] = device.connections;
  service.store.rememberRemote(id, { remoteId: "end_usr_1" });
  // Until then it was known that nothing had been set up.
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
    "a half-made connection stayed",
  );
});

test("what is not in the protocol is refused with a problem document", async () => {
  const device = await enrolled();
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
