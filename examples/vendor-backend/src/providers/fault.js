/** What can go wrong with a provider, without what it said: that may hold a key or a name. */

/** The provider gives no usable answer. */
export class Silent extends Error {
  /**
   * @param {string} provider
   * @param {unknown} cause
   */
  constructor(provider, cause) {
    const of =
      /** @type {{ status?: unknown, statusCode?: unknown, name?: string, constructor?: { name?: string } }} */ (
        cause ?? {}
      );
    super(`${provider} gives no usable answer`);
    this.provider = provider;
    this.httpStatus = Number(of.status ?? of.statusCode) || null;
    this.kind = of.constructor?.name ?? "Error";
  }
}

/** The provider does not know this connection any more. */
export class Gone extends Error {}
