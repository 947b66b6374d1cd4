/** The configured providers. */

import { codat } from "./codat.js";
import { conductor } from "./conductor.js";

/** @typedef {import("./provider.js").Connection} Connection */
/** @typedef {import("./provider.js").Provider} Provider */

/**
 * @param {import("../config.js").Config} config
 * @param {import("../store.js").Store} store
 * @returns {[Provider, ...Provider[]]}
 */
export function providers(config, store) {
  /** @type {(connection: Connection, ids: { remoteCompany?: string, remoteId?: string }) => void} */
  const saveIds = (connection, ids) => store.saveRemoteIds(connection.id, ids);
  const all = [
    ...(config.conductor ? [conductor(config.conductor, saveIds)] : []),
    ...(config.codat ? [codat(config.codat, saveIds)] : []),
  ];
  const [first, ...others] = all;
  if (!first) throw new Error("no provider is configured");
  return [first, ...others];
}
