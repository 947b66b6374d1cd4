// The page's state, with a fake program.

import { expect, test } from "vitest";
import type { Action } from "../../src/generated/Action";
import type { Update } from "../../src/generated/Update";
import type { Ipc } from "../../src/ipc";
import { AppState } from "../../src/state.svelte";
import { view } from "../fixtures";

/** A program that records actions and sends the updates that a test chooses. */
class FakeProgram implements Ipc {
  actions: Action[] = [];
  down = false;
  send: (update: Update) => void = () => {
    throw new Error("no page is attached");
  };

  async attach(receive: (update: Update) => void) {
    if (this.down) throw new Error("down");
    this.send = receive;
  }
  async act(action: Action) {
    if (this.down) throw new Error("down");
    this.actions.push(action);
  }
  details = async () => "text";
  requestedImages: string[] = [];
  async image(id: string) {
    this.requestedImages.push(id);
    if (this.down) throw new Error("down");
    return id === "none" ? null : `data:${id}`;
  }
  ready = async () => {};
}

async function attach() {
  const program = new FakeProgram();
  const app = new AppState(program, () => 1000);
  await app.attach();
  return { program, app };
}

test("a new view replaces the previous one completely", async () => {
  const { program, app } = await attach();
  program.send({ kind: "view", view: view("problem") });
  const healthy = view("healthy");
  program.send({ kind: "view", view: healthy });
  expect(app.view).toBe(healthy);
});

test("a page request from the program opens and counts", async () => {
  const { program, app } = await attach();
  program.send({ kind: "turn", page: "diagnostics" });
  expect([app.page, app.pageRequests]).toEqual(["diagnostics", 1]);
});

test("a page that the user opens moves no focus", async () => {
  const { app } = await attach();
  app.openPage("settings");
  expect([app.page, app.pageRequests]).toEqual(["settings", 0]);
});

test("an unreachable program counts as disconnected", async () => {
  const program = new FakeProgram();
  program.down = true;
  const app = new AppState(program);
  await app.attach();
  expect(app.disconnected).toBe(true);
});

test("a refusal is shown until an action is accepted", async () => {
  const { program, app } = await attach();
  program.down = true;
  expect(await app.act({ kind: "refresh" })).toBe(false);
  expect(app.refused).toBe(true);
  program.down = false;
  expect(await app.act({ kind: "refresh" })).toBe(true);
  expect(app.refused).toBe(false);
  expect(program.actions).toEqual([{ kind: "refresh" }]);
});

test("a picture is fetched once and cached", async () => {
  const { program, app } = await attach();
  const logo = { id: "logo", alt: "A logo" };
  expect(app.image(logo)).toBe(undefined);
  expect(app.image({ ...logo })).toBe(undefined);
  await expect.poll(() => app.image(logo)).toBe("data:logo");
  expect(program.requestedImages).toEqual(["logo"]);
});

test("a missing picture is null", async () => {
  const { program, app } = await attach();
  expect(app.image(null)).toBe(null);
  await expect.poll(() => app.image({ id: "none", alt: "" })).toBe(null);
  program.down = true;
  await expect.poll(() => app.image({ id: "lost", alt: "" })).toBe(null);
  expect(program.requestedImages).toEqual(["none", "lost"]);
});
