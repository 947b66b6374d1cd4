// The document's own examples fit its schemas: they are what people copy.

import { readFile } from "node:fs/promises";
import Ajv from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { parse } from "yaml";

const path = new URL("../../../docs/backend-protocol.openapi.yaml", import.meta.url);
const document = parse(await readFile(path, "utf8"));
const ajv = formats(new Ajv({ strict: false, allErrors: true })).addSchema(document, "protocol");

/** Every place with both a schema and an example, with where it is as a JSON pointer. */
function* examples(value, pointer) {
  if (value === null || typeof value !== "object") return;
  if ("example" in value && "schema" in value) yield { pointer, example: value.example };
  for (const [name, child] of Object.entries(value)) {
    const step = name.replaceAll("~", "~0").replaceAll("/", "~1");
    if (name !== "example" && name !== "schema") yield* examples(child, `${pointer}/${encodeURIComponent(step)}`);
  }
}

let failed = 0;
for (const { pointer, example } of examples(document, "")) {
  const fits = ajv.compile({ $ref: `protocol#${pointer}/schema` });
  const fine = fits(example);
  failed += fine ? 0 : 1;
  console.log(
    `${fine ? "ok" : "FAILED"} example ${decodeURIComponent(pointer)}${fine ? "" : `: ${ajv.errorsText(fits.errors)}`}`,
  );
}
process.exit(failed === 0 ? 0 : 1);
