import { expect, test } from "vitest";
import type { Action } from "../../src/generated/Action";
import type { Update } from "../../src/generated/Update";
import type { Ipc } from "../../src/ipc";
import { Desk } from "../../src/state.svelte";
import { view } from "../scenes";

/** Plays the program: records what it is told and says what the test wants. */
class Program implements Ipc {
  acted: Action[] = [];
  down = false;
  say: (update: Update) => void = () => {
    throw new Error("nobody is attached");
  };

  async attach(receive: (update: Update) => void) {
    if (this.down) throw new Error("down");
    this.say = receive;
  }
  async act(action: Action) {
    if (this.down) throw new Error("down");
    this.acted.push(action);
  }
  details = async () => "text";
  fetched: string[] = [];
  async image(id: string) {
    this.fetched.push(id);
    if (this.down) throw new Error("down");
    return id === "none" ? null : `data:${id}`;
  }
  ready = async () => {};
}

async function attached() {
  const program = new Program();
  const desk = new Desk(program, () => 1000);
  await desk.attach();
  return { program, desk };
}

test("the_newest_view_replaces_the_one_before_it_whole", async () => {
  const { program, desk } = await attached();
  program.say({ kind: "view", view: view("problem") });
  const healthy = view("healthy");
  program.say({ kind: "view", view: healthy });
  expect(desk.view).toBe(healthy);
});

test("a_page_the_program_asks_for_is_turned_to_and_counted", async () => {
  const { program, desk } = await attached();
  program.say({ kind: "turn", page: "diagnostics" });
  expect([desk.page, desk.turns]).toEqual(["diagnostics", 1]);
});

test("a_page_the_user_turns_to_is_not_counted_so_the_focus_stays", async () => {
  const { desk } = await attached();
  desk.turn("settings");
  expect([desk.page, desk.turns]).toEqual(["settings", 0]);
});

test("a_program_that_cannot_be_reached_is_told_as_silent", async () => {
  const program = new Program();
  program.down = true;
  const desk = new Desk(program);
  await desk.attach();
  expect(desk.silent).toBe(true);
});

test("an_action_the_program_does_not_take_is_told_until_one_is_taken", async () => {
  const { program, desk } = await attached();
  program.down = true;
  expect(await desk.act({ kind: "refresh" })).toBe(false);
  expect(desk.refused).toBe(true);
  program.down = false;
  expect(await desk.act({ kind: "refresh" })).toBe(true);
  expect(desk.refused).toBe(false);
  expect(program.acted).toEqual([{ kind: "refresh" }]);
});

test("a_picture_is_fetched_once_and_kept", async () => {
  const { program, desk } = await attached();
  const logo = { id: "logo", alt: "A logo" };
  expect(desk.image(logo)).toBe(undefined);
  expect(desk.image({ ...logo })).toBe(undefined);
  await expect.poll(() => desk.image(logo)).toBe("data:logo");
  expect(program.fetched).toEqual(["logo"]);
});

test("where_there_is_no_picture_the_page_knows_it", async () => {
  const { program, desk } = await attached();
  expect(desk.image(null)).toBe(null);
  await expect.poll(() => desk.image({ id: "none", alt: "" })).toBe(null);
  program.down = true;
  await expect.poll(() => desk.image({ id: "lost", alt: "" })).toBe(null);
  expect(program.fetched).toEqual(["none", "lost"]);
});
