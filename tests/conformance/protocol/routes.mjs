// Checks that the routes of the sandbox's backend and of the example are exactly those of the document. The lists come
// from the sources; then each operation is called, because a route in a list may not be served.

import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import { app } from "../../../examples/vendor-backend/src/app.js";

const root = new URL("../../../", import.meta.url);
const METHODS = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

const document = parse(await readFile(new URL("docs/backend-protocol.openapi.yaml", root), "utf8"));
const documented = Object.entries(document.paths).flatMap(([path, item]) =>
  METHODS.filter((method) => item[method]).map((method) => `${method.toUpperCase()} ${path}`),
);

/** `.route("/connections/{id}", patch(…).delete(…))` below `/v1`. */
function sandboxRoutes(source) {
  const routes = source.matchAll(/\.route\(\s*"([^"]+)",\s*((?:[^()]|\([^()]*\))*)\)/g);
  return [...routes].flatMap(([, path, handlers]) =>
    [...handlers.matchAll(/\b(get|put|post|delete|patch)\(/g)].map(
      ([, method]) => `${method.toUpperCase()} /v1${path}`,
    ),
  );
}

function exampleRoutes() {
  const conductor = { secretKey: "sk", publishableKey: "pk" };
  const config = { host: "127.0.0.1", port: 0, publicUrl: null, database: ":memory:", conductor, codat: null };
  const { routes, store } = app(config, () => {});
  store.close();
  return routes.map(({ method, path }) => `${method} ${path}`).filter((route) => route.includes(" /v1/"));
}

let failed = 0;
function check(what, wrong) {
  console.log(wrong.length === 0 ? `ok ${what}` : `FAILED ${what}: ${wrong.join(", ")}`);
  failed += wrong.length;
}

function compare(who, routes) {
  check(
    `${who}: it has a route for each operation`,
    documented.filter((route) => !routes.includes(route)),
  );
  check(
    `${who}: each of its routes is documented`,
    routes.filter((route) => route.includes(" /v1/") && !documented.includes(route)),
  );
}

/** A served operation rejects the missing token or body; only a missing one answers "route" or 405. */
async function call(who, base) {
  const missing = [];
  for (const route of documented) {
    const [method, path] = route.split(" ");
    const answer = await fetch(base + path.replace("{id}", "nobody"), { method });
    const { detail = "" } = answer.headers.get("content-type")?.includes("json") ? await answer.json() : {};
    if (answer.status === 405 || answer.status < 400 || detail.includes("route"))
      missing.push(`${route} ${answer.status}`);
  }
  check(`${who}: each operation is served, and rejected without a token`, missing);
  const unknown = [];
  for (const path of ["/v1", "/v1/nothing", "/v2/connections", "/v1/connections/a/b", "/v1/connections/a/links/b"]) {
    const answer = await fetch(base + path);
    if (answer.status !== 404 || !answer.headers.get("content-type")?.startsWith("application/problem+json")) {
      unknown.push(`${path} ${answer.status}`);
    }
  }
  check(`${who}: a route that is not there is a problem document with 404`, unknown);
}

const router = await readFile(new URL("tests/sandbox/src/backend/mod.rs", root), "utf8");
compare("sandbox", sandboxRoutes(router.slice(router.indexOf("fn router"), router.indexOf(".nest("))));
compare("example", exampleRoutes());
const [sandbox, example] = process.argv.slice(2);
await call("sandbox", sandbox);
await call("example", example);
process.exit(failed === 0 ? 0 : 1);
