/** Assembles the service. The program and the tests start it with `listen`. */

import { server } from "./http.js";
import { DEMO, pages } from "./pages.js";
import { protocol } from "./protocol.js";
import { providers } from "./providers/index.js";
import { Store } from "./store.js";

/**
 * @param {import("./config.js").Config} config
 * @param {import("./http.js").Log} log
 */
export function app(config, log) {
  const store = new Store(config.database);
  store.addCustomer(DEMO);
  let publicUrl = config.publicUrl ?? "";
  const context = { store, providers: providers(config, store), publicUrl: () => publicUrl, log };
  const routes = [...protocol(context), ...pages(context)];
  const listener = server(routes, log);

  return {
    store,
    routes,
    /** @returns {Promise<string>} The local address. */
    listen: () =>
      new Promise((resolve, reject) => {
        listener.once("error", reject).listen(config.port, config.host, () => {
          const address = /** @type {import("node:net").AddressInfo} */ (listener.address());
          const local = `http://${config.host}:${address.port}`;
          publicUrl ||= local;
          resolve(local);
        });
      }),
    /** Finishes open requests, accepts no new ones, and closes the database after the last answer. */
    close: () =>
      new Promise((/** @type {(value?: unknown) => void} */ resolve) => {
        listener.close(() => resolve(store.close()));
        listener.closeIdleConnections();
      }),
  };
}
