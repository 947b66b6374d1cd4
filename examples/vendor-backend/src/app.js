/** All the parts put together, without a socket: the program and the tests start here. */

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
  const world = { store, providers: providers(config, store), publicUrl: () => publicUrl, log };
  const routes = [...protocol(world), ...pages(world)];
  const listener = server(routes, log);

  return {
    store,
    routes,
    /** @returns {Promise<string>} Where it listens. */
    listen: () =>
      new Promise((resolve, reject) => {
        listener.once("error", reject).listen(config.port, config.host, () => {
          const address = /** @type {import("node:net").AddressInfo} */ (listener.address());
          const local = `http://${config.host}:${address.port}`;
          publicUrl ||= local;
          resolve(local);
        });
      }),
    /** Answers what has been asked, takes nothing new, and closes the database after the last answer. */
    close: () =>
      new Promise((/** @type {(value?: unknown) => void} */ resolve) => {
        listener.close(() => resolve(store.close()));
        listener.closeIdleConnections();
      }),
  };
}
