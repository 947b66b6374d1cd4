// Rules for the sources themselves.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { statuses } from "../fixtures";

const ui = join(import.meta.dirname, "../..");
const read = (path: string) => readFileSync(join(ui, path), "utf8");

const sources = readdirSync(join(ui, "src"), { recursive: true, encoding: "utf8" })
  .filter((path) => /\.(svelte|ts)$/.test(path) && !path.startsWith("generated"))
  .map((path) => join("src", path));

/** The shapes of a drawing, without its colors. */
const geometry = (drawing: string) =>
  [...drawing.matchAll(/\b(?:d|cx|cy|r|x|y|rx|width|height|stroke-width)="[^"]+"/g)].map(([attribute]) => attribute);

/** The page's own modules that a source imports, types included. */
function importsOf(path: string): string[] {
  const names = [...read(path).matchAll(/(?:from|import) "(\.[^"]+)"/g)].map(([, name = ""]) => name);
  return names.map((name) => {
    const target = join(dirname(path), name);
    const found = [target, `${target}.ts`].find((file) => existsSync(join(ui, file)));
    if (found === undefined) throw new Error(`${path}: ${name} does not exist`);
    return found;
  });
}

/** The modules that are part of a circle of imports, or import one that is. */
function circular(imports: ReadonlyMap<string, readonly string[]>): string[] {
  const left = new Map(imports);
  const isFree = ([, names]: [string, readonly string[]]) => !names.some((name) => left.has(name));
  for (let free = [...left].filter(isFree); free.length > 0; free = [...left].filter(isFree)) {
    for (const [name] of free) left.delete(name);
  }
  return [...left.keys()];
}

test.each(statuses)("the page draws %s in the tray icon's shape", (status) => {
  const tray = geometry(read(`../icons/tray/${status}.svg`));
  const branches = read("src/parts/StatusIcon.svelte").split(/\{(?:#if|:else)/);
  // The last branch has no condition.
  const branch = branches.find((text) => text.includes(`"${status}"}`)) ?? branches.at(-1) ?? "";
  expect(geometry(branch.split("{/if}")[0] ?? "").sort()).toEqual(tray.sort());
});

test("the lock file names no registry", () => {
  expect(read("package-lock.json")).not.toMatch(/"resolved"|registry/);
});

test("only ipc.ts calls the program", () => {
  const others = sources.filter((path) => !path.endsWith("ipc.ts") && read(path).includes("@tauri-apps"));
  expect(others).toEqual([]);
});

test("components use no inline styles or scripts", () => {
  const found = sources.filter((path) => /\sstyle=|\sstyle:|\{@html|transition:|animate:/.test(read(path)));
  expect(found).toEqual([]);
});

test("components have at most 150 lines", () => {
  const long = sources.filter((path) => path.endsWith(".svelte") && read(path).split("\n").length > 150);
  expect(long).toEqual([]);
});

test("modules import each other without circles", () => {
  expect(circular(new Map(sources.map((path) => [path, importsOf(path)])))).toEqual([]);
});

test("a circle of imports is found", () => {
  const imports = { a: ["b", "d"], b: ["c"], c: ["a"], d: [], e: ["d"] };
  expect(circular(new Map(Object.entries(imports)))).toEqual(["a", "b", "c"]);
  expect(importsOf("src/questions/OpenLink.svelte")).toContain("src/parts/Checks.svelte");
  expect(importsOf("src/main.ts")).toContain("src/state.svelte.ts");
});
