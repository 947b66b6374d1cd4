import { afterEach, expect, test, vi } from "vitest";
import { tauri } from "../../src/ipc";
import { Desk } from "../../src/state.svelte";

afterEach(() => vi.unstubAllGlobals());

/** Takes the place of what Tauri puts into the window. */
function invoking(invoke: (command: string, args: unknown) => Promise<unknown>) {
  vi.stubGlobal("window", { __TAURI_INTERNALS__: { invoke } });
}

test("a rejected act reaches the page as a refusal", async () => {
  // Tauri rejects with the command's serialized error, which need not be an `Error`.
  invoking(() => Promise.reject("inbox full"));
  const desk = new Desk(tauri);
  expect(await desk.act({ kind: "refresh" })).toBe(false);
  expect(desk.refused).toBe(true);
});

test("an accepted act sends the action and clears the refusal", async () => {
  const calls: unknown[] = [];
  invoking(async (command, args) => calls.push([command, args]));
  const desk = new Desk(tauri);
  desk.refused = true;
  expect(await desk.act({ kind: "refresh" })).toBe(true);
  expect(desk.refused).toBe(false);
  expect(calls).toEqual([["act", { action: { kind: "refresh" } }]]);
});
