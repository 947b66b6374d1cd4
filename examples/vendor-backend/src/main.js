/** The program: settings from the environment, a log with one JSON line for each event, and a clean shutdown. */

import { app } from "./app.js";
import { config } from "./config.js";

/** In milliseconds. A check may take up to 90 seconds, but a shutdown must not wait for it. */
const SHUTDOWN_LIMIT = 25_000;

/** @type {import("./http.js").Log} */
const log = (line) => console.log(JSON.stringify({ time: new Date().toISOString(), ...line }));

const settings = config(process.env);
const service = app(settings, log);
const address = await service.listen();
log({ level: "info", event: "listening", address, public: settings.publicUrl ?? address });

for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) {
  process.once(signal, async () => {
    log({ level: "info", event: "stopping", signal });
    setTimeout(() => process.exit(1), SHUTDOWN_LIMIT).unref();
    await service.close();
    // The providers' clients keep connections open, which would keep the process running.
    process.exit(0);
  });
}
