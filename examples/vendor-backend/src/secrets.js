/**
 * Codes, tokens and signing secrets: made of random bytes, kept as hashes, compared in constant time.
 *
 * A plain SHA-256 is right here and would be wrong for passwords: nobody can try 256 random bits.
 */

import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

const TOKEN = /^(dev_[A-Za-z0-9_-]{16})\.([A-Za-z0-9_-]{43})$/;

/** @param {string} prefix @returns {string} An identifier; not a secret. */
export const identifier = (prefix) => `${prefix}_${randomBytes(12).toString("base64url")}`;

/** @returns {string} A one-time code. */
export const newCode = () => randomBytes(32).toString("base64url");

/** @returns {string} A Standard Webhooks secret. Signatures need it as it is, so it cannot be kept as a hash. */
export const newSigningSecret = () => `whsec_${randomBytes(32).toString("base64")}`;

/** @param {string} secret @returns {Buffer} What is kept of it. */
export const hash = (secret) => createHash("sha256").update(secret).digest();

/**
 * The token names its device, so that the secret half is compared and never searched for.
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
 * @param {Buffer} kept
 */
export const fits = (secret, kept) => timingSafeEqual(hash(secret), kept);
