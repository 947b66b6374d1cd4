import assert from "node:assert/strict";
import { test } from "node:test";
import { config } from "../src/config.js";
import { deepLink, relativeTime, returnLink, stateOf } from "../src/pages.js";

const NOW = Date.parse("2026-11-20T12:00:00Z");

test("the deep link contains the backend, a code and a state", () => {
  const link = new URL(deepLink("https://books.example", "code_1"));
  assert.equal(link.host, "enroll");
  assert.equal(link.searchParams.get("backend"), "https://books.example");
  assert.equal(link.searchParams.get("code"), "code_1");
  assert.match(link.searchParams.get("state") ?? "", /^[A-Za-z0-9._~-]{1,512}$/);
});

test("the return link passes on the provider's parameters within limits", () => {
  const query = new URLSearchParams("statusCode=403&state=abc&errorMessage=User cancelled.");
  assert.equal(returnLink("abc", query), "deskside://return?state=abc&statusCode=403&errorMessage=User%20cancelled.");
  // QubeSync has a `state` of its own, and Deskside accepts only one.
  const two = new URLSearchParams("state=abc&state=cancelled");
  assert.equal(returnLink("abc", two), "deskside://return?state=abc&provider_state=cancelled");
  const long = new URLSearchParams({ errorMessage: "x".repeat(5000) });
  assert.equal(returnLink("abc", long), "deskside://return?state=abc");
});

test("after three missed heartbeats a computer is offline", () => {
  const minutes = (/** @type {number} */ number) => NOW - number * 60_000;
  assert.equal(stateOf("problem", minutes(15), NOW).word, "Problem");
  assert.equal(stateOf("problem", minutes(16), NOW).word, "Off or offline");
  assert.equal(stateOf("healthy", minutes(16), NOW).word, "Off or offline");
  assert.equal(stateOf("sublime", minutes(1), NOW).word, "Unknown");
  assert.equal(stateOf(null, null, NOW).word, "No report yet");
});

test("an age is shown in its largest unit", () => {
  const minutes = [0, 1, 59, 60, 47 * 60, 48 * 60];
  const expected = ["just now", "1 minute ago", "59 minutes ago", "1 hour ago", "47 hours ago", "2 days ago"];
  assert.deepEqual(
    minutes.map((number) => relativeTime(number * 60_000)),
    expected,
  );
});

test("a missing or unsafe setting is rejected", () => {
  const keys = { CONDUCTOR_SECRET_KEY: "sk_1", CONDUCTOR_PUBLISHABLE_KEY: "pk_1" };
  assert.throws(() => config({}), /set CONDUCTOR_SECRET_KEY/);
  assert.throws(() => config({ CONDUCTOR_SECRET_KEY: "sk_1" }), /belong together/);
  assert.throws(() => config({ ...keys, PUBLIC_URL: "http://books.example" }), /https/);
  assert.throws(() => config({ ...keys, PORT: "many" }), /PORT/);
  assert.equal(config({ ...keys, PUBLIC_URL: "https://books.example/" }).publicUrl, "https://books.example");
  assert.equal(config({ CODAT_API_KEY: "key" }).conductor, null);
});
