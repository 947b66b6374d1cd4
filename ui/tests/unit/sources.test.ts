// Promises about the sources themselves.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { moods } from "../scenes";

const ui = join(import.meta.dirname, "../..");
const read = (path: string) => readFileSync(join(ui, path), "utf8");

const sources = readdirSync(join(ui, "src"), { recursive: true, encoding: "utf8" })
  .filter((path) => /\.(svelte|ts)$/.test(path) && !path.startsWith("generated"))
  .map((path) => join("src", path));

/** What a drawing is made of, colours aside. */
const geometry = (drawing: string) =>
  [...drawing.matchAll(/\b(?:d|cx|cy|r|x|y|rx|width|height|stroke-width)="[^"]+"/g)].map(([attribute]) => attribute);

test.each(moods)("the_page_draws_%s_in_the_shape_of_the_tray_icon", (mood) => {
  const tray = geometry(read(`../icons/tray/${mood}.svg`));
  const branches = read("src/parts/MoodMark.svelte").split(/\{(?:#if|:else)/);
  // The last branch is the one without a condition.
  const branch = branches.find((text) => text.includes(`"${mood}"}`)) ?? branches.at(-1) ?? "";
  expect(geometry(branch.split("{/if}")[0] ?? "").sort()).toEqual(tray.sort());
});

test("the_lock_file_names_no_registry", () => {
  expect(read("package-lock.json")).not.toMatch(/"resolved"|registry/);
});

test("only_ipc_ts_talks_to_the_program", () => {
  const others = sources.filter((path) => !path.endsWith("ipc.ts") && read(path).includes("@tauri-apps"));
  expect(others).toEqual([]);
});

test("nothing_is_styled_or_scripted_inline_where_the_policy_forbids_it", () => {
  const guilty = sources.filter((path) => /\sstyle=|\sstyle:|\{@html|transition:|animate:/.test(read(path)));
  expect(guilty).toEqual([]);
});

test("a_component_fits_on_a_screen_or_two", () => {
  const long = sources.filter((path) => path.endsWith(".svelte") && read(path).split("\n").length > 150);
  expect(long).toEqual([]);
});
