/**
 * A thin layer above node:http: routes, limited bodies, problem documents, and one log line for each request. Every
 * answer is sent here, so that all of them have the same headers.
 */

import { createServer } from "node:http";
import { badRequest, notFound, Problem, providerUnavailable } from "./problem.js";
import { ProviderUnavailable } from "./providers/errors.js";

/**
 * @typedef {object} Request
 * @property {string} id The identifier in the path, or "".
 * @property {URLSearchParams} query
 * @property {import("node:http").IncomingHttpHeaders} headers
 * @property {Buffer} body
 */

/**
 * @typedef {object} Answer
 * @property {number} status
 * @property {unknown} [json]
 * @property {string} [html]
 * @property {Record<string, string>} [headers]
 */

/**
 * @typedef {object} Route
 * @property {string} method
 * @property {string} path `{id}` matches one segment.
 * @property {string[]} [accepts] The media types of the body; JSON by default. An empty body is always accepted.
 * @property {number} [maxBody] In bytes; 8 KiB by default.
 * @property {(request: Request) => Answer | Promise<Answer>} answer
 */

/** @typedef {(line: Record<string, unknown>) => void} Log */

const JSON_TYPE = "application/json";
const MAX_BODY = 8 << 10;
const ALWAYS = {
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

/**
 * @param {Route[]} routes
 * @param {Log} log
 */
export function server(routes, log) {
  return createServer({ requestTimeout: 30_000, headersTimeout: 15_000 }, async (incoming, outgoing) => {
    const began = performance.now();
    /** @type {Route | undefined} */
    let route;
    let answer;
    try {
      const url = new URL(incoming.url ?? "/", "http://service");
      const found = findRoute(routes, incoming.method ?? "", url.pathname);
      route = found.route;
      const body = await readBody(incoming, route);
      answer = await route.answer({ id: found.id, query: url.searchParams, headers: incoming.headers, body });
    } catch (error) {
      answer = errorAnswer(error, log);
    }
    send(outgoing, answer, incoming.method === "HEAD");
    // Logs the route, not the URL: a path may contain an identifier, and a query a secret.
    const ms = Math.round(performance.now() - began);
    log({ level: "info", method: incoming.method, route: route?.path ?? null, status: answer.status, ms });
  });
}

/**
 * @param {Route[]} routes
 * @param {string} method
 * @param {string} path
 * @returns {{ route: Route, id: string }}
 */
function findRoute(routes, method, path) {
  const matching = routes.flatMap((route) => {
    const id = matchPath(route.path, path);
    return id === null ? [] : [{ route, id }];
  });
  if (matching.length === 0) throw notFound("route");
  const wanted = method === "HEAD" ? "GET" : method;
  const found = matching.find(({ route }) => route.method === wanted);
  if (found) return found;
  const allow = matching.map(({ route }) => route.method).join(", ");
  throw new Problem(405, "method_not_allowed", "This route has no such method.", { allow });
}

/**
 * @param {string} pattern
 * @param {string} path
 * @returns {string | null} The identifier in the path, or "" for a path without one; null if it does not match.
 */
function matchPath(pattern, path) {
  const [before = "", after] = pattern.split("{id}");
  if (after === undefined) return path === pattern ? "" : null;
  const id = path.slice(before.length, path.length - after.length);
  return path.startsWith(before) && path.endsWith(after) && id !== "" && !id.includes("/") ? id : null;
}

/**
 * @param {import("node:http").IncomingMessage} incoming
 * @param {Route} route
 */
async function readBody(incoming, { accepts = [JSON_TYPE], maxBody = MAX_BODY }) {
  const body = await readBytes(incoming, maxBody);
  const mediaType = incoming.headers["content-type"]?.split(";")[0]?.trim().toLowerCase();
  if (body.length > 0 && !accepts.includes(mediaType ?? "")) {
    throw new Problem(415, "unsupported_media_type", `Send ${accepts.join(" or ")}.`);
  }
  return body;
}

/**
 * @param {import("node:http").IncomingMessage} incoming
 * @param {number} limit
 */
async function readBytes(incoming, limit) {
  const chunks = [];
  let length = 0;
  try {
    // The stream stays open after too large a body, so that the client receives the answer.
    for await (const chunk of incoming.iterator({ destroyOnReturn: false })) {
      length += chunk.length;
      if (length > limit) break;
      chunks.push(chunk);
    }
  } catch {
    throw badRequest("The body is incomplete.");
  }
  if (length > limit) throw new Problem(413, "too_large", `The limit is ${limit} bytes.`, { connection: "close" });
  return Buffer.concat(chunks);
}

/**
 * @param {unknown} error
 * @param {Log} log
 * @returns {Answer}
 */
function errorAnswer(error, log) {
  const problem =
    error instanceof Problem
      ? error
      : error instanceof ProviderUnavailable
        ? providerUnavailable()
        : new Problem(500, "internal", "The service failed.");
  if (problem !== error) log({ level: "error", event: "failed", ...describeError(error) });
  return {
    status: problem.status,
    json: problem.document(),
    headers: { "content-type": "application/problem+json", ...problem.headers },
  };
}

/**
 * @param {import("node:http").ServerResponse} outgoing
 * @param {Answer} answer
 * @param {boolean} headOnly
 */
function send(outgoing, { status, json, html, headers }, headOnly) {
  const body = html ?? (json === undefined ? undefined : JSON.stringify(json));
  const type = html === undefined ? JSON_TYPE : "text/html; charset=utf-8";
  const about = body === undefined ? {} : { "content-type": type, "content-length": Buffer.byteLength(body) };
  outgoing.writeHead(status, { ...ALWAYS, ...about, ...headers });
  outgoing.end(headOnly ? undefined : body);
}

/**
 * Parses a body as JSON; undefined for an empty body.
 * @param {Buffer} body
 * @returns {unknown}
 */
export function json(body) {
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    throw badRequest("The body is not JSON.");
  }
}

/**
 * The loggable parts of an error: its kind and its place in the source. Its message may contain secrets.
 * @param {unknown} error
 */
export function describeError(error) {
  if (error instanceof ProviderUnavailable)
    return { provider: error.provider, kind: error.kind, httpStatus: error.httpStatus };
  if (!(error instanceof Error)) return { kind: typeof error };
  const frames = error.stack?.split("\n").filter((line) => /^\s+at /.test(line)) ?? [];
  return { kind: error.constructor.name, at: frames[0]?.trim() };
}
