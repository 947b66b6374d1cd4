/** Reports: verifies the signature over the raw body, then reads the events. */

import { Webhook, WebhookVerificationError } from "standardwebhooks";
import { Problem } from "./problem.js";

export const SINGLE = "application/cloudevents+json";
export const BATCH = "application/cloudevents-batch+json";
const HEADERS = /** @type {const} */ (["webhook-id", "webhook-timestamp", "webhook-signature"]);
const TYPE = "com.deskside.health.v1";

/** @typedef {import("./store.js").Snapshot} Snapshot */

/**
 * @param {Buffer} body The raw bytes as received.
 * @param {import("node:http").IncomingHttpHeaders} headers
 * @param {string} signingSecret
 * @returns {string} The identifier of the delivery.
 */
export function verify(body, headers, signingSecret) {
  const signed = Object.fromEntries(HEADERS.map((name) => [name, String(headers[name] ?? "")]));
  try {
    // Compares in constant time, and rejects timestamps more than five minutes away.
    new Webhook(signingSecret).verify(body.toString("utf8"), signed);
  } catch (error) {
    // After the signature matches, the library parses the body as JSON.
    if (error instanceof SyntaxError) throw invalid("The body is not JSON.");
    if (!(error instanceof WebhookVerificationError)) throw error;
    throw new Problem(400, "invalid_signature", error.message);
  }
  return signed["webhook-id"] ?? "";
}

/**
 * @param {Buffer} body
 * @param {string | undefined} contentType
 * @returns {Snapshot[]}
 */
export function readSnapshots(body, contentType) {
  const mediaType = contentType?.split(";")[0]?.trim().toLowerCase();
  const parsed = JSON.parse(body.toString("utf8"));
  if (mediaType === SINGLE) return snapshotsOf(parsed);
  if (!Array.isArray(parsed)) throw invalid("A batch is a list of events.");
  return parsed.flatMap(snapshotsOf);
}

/** @param {any} event @returns {Snapshot[]} */
function snapshotsOf(event) {
  const envelope = event?.specversion === "1.0" && [event.id, event.source, event.type].every(isText);
  if (!envelope) throw invalid("Not a CloudEvents 1.0 envelope.");
  // Newer versions of Deskside may send more types of events; they are accepted and ignored.
  if (event.type !== TYPE) return [];
  const { data } = event;
  const timed = !Number.isNaN(Date.parse(event.time));
  const readable = isText(data?.boot_id) && Number.isSafeInteger(data.seq) && Array.isArray(data.connections);
  if (!timed || !readable || !data.connections.every(isConnection)) throw invalid("Not a health report.");
  return data.connections.map((/** @type {any} */ { id, verdict, problems }) => ({
    ...{ connectionId: id, bootId: data.boot_id, seq: data.seq, verdict },
    problems: problems.map(problem),
  }));
}

/** @param {unknown} value */
const isText = (value) => typeof value === "string" && value !== "";

/** @param {any} it */
const isConnection = (it) =>
  isText(it?.id) && isText(it.verdict) && Array.isArray(it.problems) && it.problems.every(isProblem);

/** @param {any} it */
const isProblem = (it) => isText(it?.code) && isText(it.severity) && isText(it.since) && typeof it.root === "boolean";

/** @param {any} it @returns {import("./store.js").ReportedProblem} */
const problem = ({ code, severity, since, root }) => ({ code, severity, since, root });

/** @param {string} detail */
const invalid = (detail) => new Problem(400, "invalid_event", detail);
