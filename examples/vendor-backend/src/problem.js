/** Errors, as RFC 9457 problem documents. `type` ends in a stable word; `detail` is for developers. */

import { STATUS_CODES } from "node:http";

export class Problem extends Error {
  /**
   * @param {number} status
   * @param {string} word
   * @param {string} detail Must not contain data from the request.
   * @param {Record<string, string>} [headers]
   */
  constructor(status, word, detail, headers = {}) {
    super(detail);
    this.status = status;
    this.word = word;
    this.headers = headers;
  }

  document() {
    return {
      type: `urn:deskside:problem:${this.word}`,
      title: STATUS_CODES[this.status] ?? "Problem",
      status: this.status,
      detail: this.message,
    };
  }
}

/** @param {string} detail */
export const badRequest = (detail) => new Problem(400, "bad_request", detail);

export const unauthorized = () =>
  new Problem(401, "unauthorized", "The device token is missing, unknown or revoked.", {
    "www-authenticate": "Bearer",
  });

/** @param {string} what */
export const notFound = (what) => new Problem(404, "not_found", `There is no such ${what}.`);

/** @param {string} word @param {string} detail */
export const gone = (word, detail) => new Problem(410, word, detail);

export const providerUnavailable = () =>
  new Problem(502, "provider_unavailable", "The provider gives no usable answer.", { "retry-after": "30" });
