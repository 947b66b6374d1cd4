/** Errors of a provider. They never contain its own words, which may hold a key or a name. */

/** The provider does not respond, or its answer is not usable. */
export class ProviderUnavailable extends Error {
  /**
   * @param {string} provider
   * @param {unknown} cause
   */
  constructor(provider, cause) {
    const { status, statusCode, constructor } =
      /** @type {{ status?: unknown, statusCode?: unknown, constructor?: { name?: string } }} */ (cause ?? {});
    super(`${provider} gives no usable answer`);
    this.provider = provider;
    this.httpStatus = Number(status ?? statusCode) || null;
    this.kind = constructor?.name ?? "Error";
  }
}

/** The provider no longer knows this connection. */
export class ConnectionGone extends Error {}
