// Our own client behind Prism, which compares each request and each answer with the document, for the sandbox and for
// the example. The document allows unknown members, so that it can be extended. Here none is allowed, so that every
// member in use is documented.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { parse, stringify } from "yaml";

const root = new URL("../../../", import.meta.url);
const prism = new URL("node_modules/@stoplight/prism-cli/dist/index.js", import.meta.url).pathname;
const [client, folder, ...backends] = process.argv.slice(2);

/** The document without unknown members. */
function strict(document) {
  const { schemas } = document.components;
  const [, created] = schemas.CreatedConnection.allOf;
  schemas.CreatedConnection = {
    type: "object",
    required: [...schemas.Connection.required, ...created.required],
    properties: { ...schemas.Connection.properties, ...created.properties },
  };
  const close = (schema) => {
    if (schema === null || typeof schema !== "object") return;
    if (schema.properties) schema.additionalProperties = false;
    Object.values(schema).forEach(close);
  };
  close(schemas);
  return document;
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  return port;
}

async function until(what, done) {
  const deadline = Date.now() + 60_000;
  while (!(await done())) {
    if (Date.now() > deadline) throw new Error(`timed out: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Runs our client against a backend behind Prism. */
async function runClient(backend, codes, document) {
  const port = await freePort();
  const proxy = spawn(process.execPath, [prism, "proxy", document, backend, "--errors", "--port", port], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let log = "";
  for (const stream of [proxy.stdout, proxy.stderr]) stream.on("data", (text) => (log += text));
  try {
    await until("Prism listens", () => {
      if (proxy.exitCode !== null) throw new Error(`Prism ended: ${log}`);
      return fetch(`http://127.0.0.1:${port}/`).then(
        () => true,
        () => false,
      );
    });
    const stray = await fetch(`http://127.0.0.1:${port}/v1/enrollments`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ code: "code", stray: true }),
    });
    console.log(`${stray.status === 422 ? "ok" : "FAILED"} proxy: it rejects a member that is not in the document`);
    const [, code] = /code=([A-Za-z0-9._~-]+)/.exec(await (await fetch(codes, { method: "POST" })).text());
    const address = encodeURIComponent(`http://127.0.0.1:${port}`);
    const calls = spawn(client, { stdio: ["pipe", "inherit", "inherit"] });
    calls.stdin.end(`deskside://enroll?backend=${address}&code=${code}\n`);
    const [status] = await once(calls, "exit");
    if (status !== 0)
      console.error(
        log
          .split("\n")
          .filter((line) => /violation|error/i.test(line))
          .join("\n"),
      );
    return status === 0;
  } finally {
    proxy.kill();
  }
}

const document = `${folder}/strict.yaml`;
const published = await readFile(new URL("docs/backend-protocol.openapi.yaml", root), "utf8");
await writeFile(document, stringify(strict(parse(published)), { aliasDuplicateObjects: false }));
let passed = true;
for (let index = 0; index < backends.length; index += 2) {
  passed = (await runClient(backends[index], backends[index + 1], document)) && passed;
}
process.exit(passed ? 0 : 1);
