/** Validates request bodies. Unknown members are ignored, so that newer versions of Deskside work. */

import { badRequest } from "./problem.js";

const OPAQUE = /^[A-Za-z0-9._~-]{1,512}$/;
const KEY = /^[A-Za-z0-9._~-]{1,64}$/;

/**
 * @param {unknown} value
 * @returns {Record<string, unknown>}
 */
function object(value, name = "the body") {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw badRequest(`${name} is not an object`);
  return /** @type {Record<string, unknown>} */ (value);
}

/**
 * @param {unknown} value
 * @param {string} name
 * @param {number} maxLength In characters, as JSON Schema counts them.
 */
function text(value, name, maxLength) {
  const length = typeof value === "string" ? [...value].length : 0;
  if (typeof value !== "string" || length < 1 || length > maxLength)
    throw badRequest(`${name}: 1 to ${maxLength} characters`);
  return value;
}

/**
 * @param {unknown} value
 * @param {string} name
 * @param {RegExp} pattern
 */
function matching(value, name, pattern) {
  if (typeof value !== "string" || !pattern.test(value)) throw badRequest(`${name}: not ${pattern.source}`);
  return value;
}

/** @param {unknown} value @returns {string | null} */
export const state = (value) => (value === undefined || value === null ? null : matching(value, "state", OPAQUE));

/** @param {unknown} body */
export const codeQuestion = (body) => ({ code: matching(object(body).code, "code", OPAQUE) });

/** @param {unknown} body */
export function newDevice(body) {
  const device = object(object(body).device, "device");
  return {
    ...codeQuestion(body),
    name: text(device.name, "device.name", 255),
    platform: text(device.platform, "device.platform", 32),
    appVersion: text(device.app_version, "device.app_version", 64),
  };
}

/** @param {unknown} body */
export function newConnection(body) {
  const wanted = object(body);
  return { integration: matching(wanted.integration, "integration", KEY), state: state(wanted.state) };
}

/** @param {unknown} body Optional. */
export const newLink = (body) => ({ state: body === undefined ? null : state(object(body).state) });

/** @param {unknown} body */
export function connectionChange(body) {
  if (object(body).status !== "unlinked") throw badRequest('status: only "unlinked" can be asked for');
}
