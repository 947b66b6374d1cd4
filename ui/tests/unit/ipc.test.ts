// How the page's calls behave when the program accepts or rejects them.

import { afterEach, expect, test, vi } from "vitest";
import { tauri } from "../../src/ipc";
import { AppState } from "../../src/state.svelte";

afterEach(() => vi.unstubAllGlobals());

/** Replaces the object that Tauri adds to the window. */
function stubInvoke(invoke: (command: string, args: unknown) => Promise<unknown>) {
  vi.stubGlobal("window", { __TAURI_INTERNALS__: { invoke } });
}

test("a rejected act counts as refused", async () => {
  // Tauri rejects with the command's serialized error, which need not be an `Error`.
  stubInvoke(() => Promise.reject("inbox full"));
  const app = new AppState(tauri);
  expect(await app.act({ kind: "refresh" })).toBe(false);
  expect(app.refused).toBe(true);
});

test("an accepted act sends the action and clears the refusal", async () => {
  const calls: unknown[] = [];
  stubInvoke(async (command, args) => calls.push([command, args]));
  const app = new AppState(tauri);
  app.refused = true;
  expect(await app.act({ kind: "refresh" })).toBe(true);
  expect(app.refused).toBe(false);
  expect(calls).toEqual([["act", { action: { kind: "refresh" } }]]);
});
