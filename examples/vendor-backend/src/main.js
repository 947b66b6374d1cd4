/** The program: settings from the environment, one JSON line in the log for each event, an orderly end. */

import { app } from "./app.js";
import { config } from "./config.js";

/** Whoever asked for a check waits up to 90 seconds; an end must come sooner. */
const PATIENCE = 25_000;

/** @type {import("./http.js").Log} */
const log = (line) => console.log(JSON.stringify({ time: new Date().toISOString(), ...line }));

const settings = config(process.env);
const service = app(settings, log);
const listens = await service.listen();
log({ level: "info", event: "listening", address: listens, public: settings.publicUrl ?? listens });

for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) {
  process.once(signal, async () => {
    log({ level: "info", event: "stopping", signal });
    setTimeout(() => process.exit(1), PATIENCE).unref();
    await service.close();
    // The providers' clients keep their connections for the next call, which will not come.
    process.exit(0);
  });
}
