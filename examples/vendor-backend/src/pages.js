/**
 * The pages: a button that enrolls a computer, the customers' health, and the bridge from the browser back to
 * Deskside. Plain HTML without scripts. The first two take the place of pages in your own app, behind its sign-in.
 */

import { createHash, randomBytes } from "node:crypto";
import { Problem } from "./problem.js";
import { HEARTBEAT_SECONDS } from "./protocol.js";

/** The only customer of this example; yours come from your own database. */
export const DEMO = { id: "demo", name: "Larch & Söhne", email: "books@larch.example" };

/** After this many missed heartbeats, a computer is off or offline. */
const MISSED_HEARTBEATS = 3;
/** The longest deep link that Deskside accepts, in bytes. */
const MAX_DEEP_LINK = 4096;
const STATE = /^[A-Za-z0-9._~-]{1,512}$/;

const STYLE = `
:root { color-scheme: light dark; --line: #d5d9de; --quiet: #59636e; --accent: #0b57d0; --on-accent: #fff;
  --good: #146c2e; --bad: #b3261e; }
@media (prefers-color-scheme: dark) {
  :root { --line: #3d444d; --quiet: #9da7b3; --accent: #a8c7fa; --on-accent: #062e6f; --good: #7bd88f; --bad: #ffb4ab; }
}
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 62rem; margin: 0 auto; padding: 0 1rem 3rem; }
nav { display: flex; gap: 1.5rem; padding: 1rem 0; border-bottom: 1px solid var(--line); }
a { color: var(--accent); }
nav a[aria-current] { color: inherit; font-weight: 600; text-decoration: none; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 2rem 0 .5rem; }
p { max-width: 40rem; }
.button { display: inline-block; font: inherit; font-weight: 600; padding: .6rem 1.1rem; border: 0; border-radius: .4rem;
  background: var(--accent); color: var(--on-accent); text-decoration: none; cursor: pointer; }
.button:focus-visible, a:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.quiet { color: var(--quiet); }
.address { overflow-wrap: anywhere; font: .85rem/1.5 ui-monospace, monospace; }
.table { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; margin-top: 1rem; }
caption { text-align: start; color: var(--quiet); padding-bottom: .5rem; }
th, td { text-align: start; vertical-align: top; padding: .6rem 1rem .6rem 0; border-top: 1px solid var(--line); }
th[scope=row], td strong { font-weight: 600; }
.good { color: var(--good); }
.bad { color: var(--bad); }
`;

const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'`,
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

const NAVIGATION = [
  ["/", "Connect"],
  ["/health", "Health"],
];

/** @typedef {import("./store.js").Health} Health */

/**
 * @param {import("./protocol.js").Context} context
 * @returns {import("./http.js").Route[]}
 */
export function pages({ store, publicUrl }) {
  return [
    { method: "GET", path: "/", answer: () => page("Connect QuickBooks Desktop", CONNECT_FORM, "/") },
    {
      method: "POST",
      path: "/connect",
      accepts: ["application/x-www-form-urlencoded"],
      answer: ({ headers }) => {
        // Browsers mark forms that another site sends.
        if (!["same-origin", "none", undefined].includes(headers["sec-fetch-site"]?.toString())) {
          throw new Problem(403, "foreign_site", "Send the form from this site.");
        }
        const { code } = store.addCode(DEMO.id, Date.now());
        return page("Open Deskside", enrollment(deepLink(publicUrl(), code)), "/");
      },
    },
    {
      method: "GET",
      path: "/health",
      answer: () => page("Health", healthTable(store.health(), Date.now()), "/health"),
    },
    { method: "GET", path: "/return", answer: ({ query }) => bridge(query) },
  ];
}

const CONNECT_FORM = `
<p>Do this on the computer that runs QuickBooks Desktop. Deskside has to be installed there.</p>
<form method="post" action="/connect"><button class="button" id="connect">Connect QuickBooks Desktop</button></form>`;

/** @param {string} link */
const enrollment = (link) => `
<p>This address works once, on one computer, within 15 minutes.</p>
<p><a class="button" id="enroll" href="${escapeHtml(link)}">Open Deskside</a></p>
<p class="quiet">Nothing happens? Then Deskside is not installed on this computer. You can also copy the address:</p>
<p class="address">${escapeHtml(link)}</p>`;

/**
 * The deep link does not contain the provider's secret link: Deskside fetches that over TLS after the user has agreed.
 * @param {string} backend
 * @param {string} code
 */
export function deepLink(backend, code) {
  const state = randomBytes(16).toString("base64url");
  return `deskside://enroll?backend=${encodeURIComponent(backend)}&code=${code}&state=${state}`;
}

/**
 * The way from the provider's pages back to Deskside. It takes a click, because browsers warn about pages that open
 * programs by themselves. The provider's parameters are passed on unchanged, except that its own `state` (QubeSync has
 * one) gets another name, because Deskside accepts only one.
 * @param {URLSearchParams} query
 * @returns {import("./http.js").Answer}
 */
function bridge(query) {
  const state = query.get("state") ?? "";
  if (!STATE.test(state)) return page("This address is not complete", "<p>Go back to Deskside.</p>", null, 400);
  return page(
    "You are done here",
    `<p><a class="button" id="back" href="${escapeHtml(returnLink(state, query))}">Back to Deskside</a></p>
<p>You can close this tab.</p>`,
    null,
  );
}

/**
 * @param {string} state
 * @param {URLSearchParams} query
 */
export function returnLink(state, query) {
  const ours = [...query.keys()].indexOf("state");
  const theirs = [...query].filter((_, index) => index !== ours);
  const renamed = theirs.map(([name, value]) => [name === "state" ? "provider_state" : name, value]);
  const link = [["state", state], ...renamed].map((pair) => pair.map(encodeURIComponent).join("=")).join("&");
  const whole = `deskside://return?${link}`;
  return whole.length <= MAX_DEEP_LINK ? whole : `deskside://return?state=${state}`;
}

/**
 * @param {Health[]} connections
 * @param {number} now
 */
function healthTable(connections, now) {
  if (connections.length === 0) return `<p>No computer is linked yet. <a href="/">Connect one.</a></p>`;
  return `
<p><a href="/health">Refresh</a></p>
<div class="table" role="region" aria-label="Connections" tabindex="0"><table>
<caption>Each connection, as its computer saw it last</caption>
<thead><tr><th scope="col">Customer</th><th scope="col">Computer</th><th scope="col">State</th>
<th scope="col">Cause</th><th scope="col">Last word</th></tr></thead>
<tbody>${connections.map((connection) => row(connection, now)).join("\n")}</tbody>
</table></div>`;
}

/**
 * @param {Health} connection
 * @param {number} now
 */
function row({ customer, device, receivedAt, verdict, problems }, now) {
  const root = problems.find((problem) => problem.root);
  const state = stateOf(verdict, receivedAt, now);
  const cause = root
    ? `<code>${escapeHtml(root.code)}</code><br><span class="quiet">first seen ${time(Date.parse(root.since), now)}</span>`
    : "–";
  return `<tr><th scope="row">${escapeHtml(customer)}</th><td>${escapeHtml(device ?? "–")}</td>
<td><strong class="${state.className}">${state.word}</strong></td><td>${cause}</td>
<td>${receivedAt === null ? "–" : time(receivedAt, now)}</td></tr>`;
}

/** @type {Record<string, { word: string, className: string }>} */
const STATES = {
  healthy: { word: "Working", className: "good" },
  ready: { word: "Looks right", className: "good" },
  waiting: { word: "Waiting", className: "" },
  problem: { word: "Problem", className: "bad" },
};

/**
 * The last report of a silent computer is outdated: the connection is neither working nor broken.
 * @param {string | null} verdict
 * @param {number | null} receivedAt
 * @param {number} now
 */
export function stateOf(verdict, receivedAt, now) {
  if (receivedAt === null || verdict === null) return { word: "No report yet", className: "" };
  if (now - receivedAt > MISSED_HEARTBEATS * HEARTBEAT_SECONDS * 1000) return { word: "Off or offline", className: "" };
  return STATES[verdict] ?? { word: "Unknown", className: "" };
}

/**
 * @param {number} at
 * @param {number} now
 */
function time(at, now) {
  if (Number.isNaN(at)) return "an unknown time";
  return `<time datetime="${new Date(at).toISOString()}">${relativeTime(now - at)}</time>`;
}

/** @param {number} milliseconds */
export function relativeTime(milliseconds) {
  const minutes = Math.floor(milliseconds / 60_000);
  const format = new Intl.RelativeTimeFormat("en");
  if (minutes < 1) return "just now";
  if (minutes < 60) return format.format(-minutes, "minute");
  if (minutes < 48 * 60) return format.format(-Math.floor(minutes / 60), "hour");
  return format.format(-Math.floor(minutes / 1440), "day");
}

/**
 * @param {string} title Text.
 * @param {string} body HTML.
 * @param {string | null} current The page's own path in the navigation; null for a page without navigation.
 * @returns {import("./http.js").Answer}
 */
function page(title, body, current, status = 200) {
  const entries = NAVIGATION.map(
    ([path, name]) => `<a href="${path}"${path === current ? ' aria-current="page"' : ""}>${name}</a>`,
  );
  const navigation = current === null ? "" : `<nav aria-label="Pages">${entries.join("")}</nav>`;
  const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title>
<meta name="viewport" content="width=device-width"><style>${STYLE}</style></head>
<body>${navigation}<main><h1>${escapeHtml(title)}</h1>${body}</main></body></html>`;
  return { status, html, headers: { "content-security-policy": CONTENT_SECURITY_POLICY } };
}

/** @type {Record<string, string>} */
const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** @param {string} text */
const escapeHtml = (text) => text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
