// The third-party JavaScript in the window's page, according to the bundler.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { licenseTexts } from "./licenses.mjs";

const ui = join(import.meta.dirname, "..", "ui");

/** The folders of the packages with code in the page. */
async function bundled() {
  const { build } = await import(pathToFileURL(createRequire(join(ui, "package.json")).resolve("vite")));
  const { output } = await build({ root: ui, logLevel: "error", build: { write: false } });
  const modules = output.flatMap((file) => (file.type === "chunk" ? Object.entries(file.modules) : []));
  const kept = modules.filter(([, module]) => module.renderedLength > 0).map(([id]) => id.replaceAll("\\", "/"));
  const folders = kept.map((id) => id.match(/^\0?(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//)?.[1]);
  return [...new Set(folders.filter(Boolean))].sort();
}

/** The third-party packages in the page. */
export async function pagePackages() {
  const lock = JSON.parse(readFileSync(join(ui, "package-lock.json"), "utf8")).packages;
  return (await bundled()).map((folder) => {
    const one = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    return {
      kind: "npm",
      key: `npm:${one.name}@${one.version}`,
      name: one.name,
      version: one.version,
      license: one.license,
      authors: [one.author?.name ?? one.author ?? "its contributors"],
      description: one.description,
      address: one.repository?.url ?? one.repository,
      integrity: lock[`node_modules/${one.name}`]?.integrity,
      uses: [],
      isOurs: false,
      texts: licenseTexts(folder),
    };
  });
}
