// Checks the document's examples against its schemas, because developers copy them.

import { readFile } from "node:fs/promises";
import Ajv from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { parse } from "yaml";

const path = new URL("../../../docs/backend-protocol.openapi.yaml", import.meta.url);
const document = parse(await readFile(path, "utf8"));
const ajv = formats(new Ajv({ strict: false, allErrors: true })).addSchema(document, "protocol");

/** Every object with both a schema and an example, with its JSON pointer. */
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
  const validate = ajv.compile({ $ref: `protocol#${pointer}/schema` });
  const valid = validate(example);
  failed += valid ? 0 : 1;
  const reason = valid ? "" : `: ${ajv.errorsText(validate.errors)}`;
  console.log(`${valid ? "ok" : "FAILED"} example ${decodeURIComponent(pointer)}${reason}`);
}
process.exit(failed === 0 ? 0 : 1);
