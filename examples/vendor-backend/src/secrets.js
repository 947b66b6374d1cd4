/**
 * Codes, tokens and signing secrets: random bytes, stored as hashes and compared in constant time.
 *
 * Unlike passwords, secrets of 256 random bits cannot be guessed, so plain SHA-256 is enough.
 */

import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

const TOKEN = /^(dev_[A-Za-z0-9_-]{16})\.([A-Za-z0-9_-]{43})$/;

/** @param {string} prefix @returns {string} An identifier; not a secret. */
export const identifier = (prefix) => `${prefix}_${randomBytes(12).toString("base64url")}`;

/** @returns {string} A one-time code. */
export const newCode = () => randomBytes(32).toString("base64url");

/** @returns {string} A Standard Webhooks secret. Verification needs it in the clear, so it is not hashed. */
export const newSigningSecret = () => `whsec_${randomBytes(32).toString("base64")}`;

/** @param {string} secret @returns {Buffer} The value to store. */
export const hash = (secret) => createHash("sha256").update(secret).digest();

/**
 * A token contains its device's identifier, so that its secret is only compared and never used for a lookup.
 * @param {string} deviceId
 * @returns {{ token: string, hash: Buffer }}
 */
export function newToken(deviceId) {
  const secret = randomBytes(32).toString("base64url");
  return { token: `${deviceId}.${secret}`, hash: hash(secret) };
}

/**
 * @param {string | undefined} authorization The header.
 * @returns {{ deviceId: string, secret: string } | null}
 */
export function readToken(authorization) {
  const [, deviceId, secret] = TOKEN.exec(authorization?.match(/^Bearer +(\S+)$/i)?.[1] ?? "") ?? [];
  return deviceId && secret ? { deviceId, secret } : null;
}

/**
 * @param {string} secret
 * @param {Buffer} stored The stored hash.
 */
export const matches = (secret, stored) => timingSafeEqual(hash(secret), stored);
