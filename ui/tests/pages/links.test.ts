// What can be done with a link, with what can be connected, and with the way out of an application.

import { afterAll, beforeAll, expect, test } from "vitest";
import type { Action } from "../../src/generated/Action";
import type { LinkView } from "../../src/generated/LinkView";
import type { Offer } from "../../src/generated/Offer";
import type { SourceState } from "../../src/generated/SourceState";
import { checks, connection, link, links, problem, questions, source, sources, view } from "../scenes";
import { ask, askAndWait } from "./ask";
import { Stage } from "./stage";

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.build();
});
afterAll(() => stage.strike());

const onItsWay = (shown: LinkView) =>
  view("waiting", { connections: [connection("waiting", { link: shown, offers: ["copy_details", "remove"] })] });
const used = (offer: Offer): Action => ({ kind: "use", connection: "con_1", offer });

test("what_is_amiss_is_mended_before_the_page_opens_or_left_so", async () => {
  const app = await stage.open(onItsWay(links["preflight-bad"]));
  expect(await app.page.locator("article .primary").allTextContents()).toEqual(["Open QuickBooks"]);
  await app.page.getByRole("button", { name: "Open QuickBooks" }).press("Enter");
  await app.page.getByRole("button", { name: /^Open it anyway: / }).press("Enter");
  expect(await app.acted()).toEqual([used("open_quickbooks"), used("go_on")]);
  await app.close();
});

test("what_a_check_asked_for_is_not_asked_for_twice", async () => {
  const app = await stage.open({ ...onItsWay(links["preflight-bad"]), opening: "open_quickbooks" });
  await app.page.getByRole("status").filter({ hasText: "This can take a minute or two" }).waitFor();
  await app.page.getByRole("button", { name: "Open QuickBooks" }).press("Enter");
  expect(await app.acted()).toEqual([]);
  await app.close();
});

test("where_nothing_is_amiss_the_page_is_the_button_to_press", async () => {
  const app = await stage.open(onItsWay(links["preflight-good"]));
  expect(await app.page.locator("article .primary").allTextContents()).toEqual(["Open the page"]);
  await app.page.getByRole("button", { name: /^Remove: / }).click();
  await app.page.getByText("Keep it").waitFor();
  expect(await app.page.locator("article .primary").count()).toBe(1);
  await app.close();
});

test("a_link_can_be_given_up_while_the_connection_is_busy", async () => {
  const shown = connection("waiting", { link: links.waiting, busy: true });
  const app = await stage.open(view("waiting", { connections: [shown] }));
  await app.page.getByRole("button", { name: /^Open the connection page: / }).press("Enter");
  await app.page.getByRole("button", { name: /^Cancel this link: / }).press("Enter");
  expect(await app.acted()).toEqual([used("cancel_link")]);
  await app.close();
});

test("a_new_stage_is_read_out_and_takes_the_focus_of_a_button_that_went", async () => {
  const app = await stage.open(onItsWay(links["preflight-good"]));
  await app.page.getByRole("button", { name: /^Open the page: / }).press("Enter");
  await app.say({ kind: "view", view: onItsWay(links.fetching) });
  await app.page.locator("article h3:focus", { hasText: "Getting the connection page" }).waitFor();
  await app.page.locator("article > [role=status]", { hasText: "Getting the connection page" }).waitFor();
  await app.page.getByRole("progressbar", { name: "Getting the link" }).waitFor();
  await app.close();
});

test("the_steps_that_are_done_say_so", async () => {
  const app = await stage.open(onItsWay(links.waiting));
  const steps = app.page.locator("article li");
  const done = await steps.evaluateAll((all) => all.map((step) => /Done$/.test(step.textContent?.trim() ?? "")));
  expect(done).toEqual([true, true, false, false]);
  await app.close();
});

test("a_step_that_is_done_later_is_read_out", async () => {
  const app = await stage.open(onItsWay(links.waiting));
  const told = app.page.locator("article [role=status]").filter({ hasText: "of 4 done" });
  expect(await told.textContent()).toBe("2 of 4 done");
  const region = await told.elementHandle();
  const steps = links.waiting.steps.map((step) => ({ ...step, done: true }));
  await app.say({ kind: "view", view: onItsWay({ ...links.waiting, steps }) });
  await expect.poll(() => region?.textContent()).toBe("4 of 4 done");
  await app.close();
});

test("the_connection_page_is_offered_under_the_name_that_its_steps_use", async () => {
  const steps = ["Choose “Open the connection page” and follow the steps to their end."];
  const cancelled = { ...problem, steps, action: "open_link" } as const;
  const app = await stage.open(
    view("problem", {
      connections: [
        connection("problem", { problem: cancelled, link: links.ended }),
        connection("waiting", { id: "con_2", link: links.waiting }),
        connection("healthy", { id: "con_3" }),
      ],
    }),
  );
  const names = await app.page.locator("[data-offer=open_link]").allTextContents();
  expect(names.map((name) => name.trim())).toEqual(Array(3).fill("Open the connection page"));
  await app.close();
});

const twelve = Array.from({ length: 12 }, (_, index) =>
  connection("healthy", { id: `con_${index}`, name: `Company ${index}` }),
);

test("a_new_link_is_seen_above_older_connections", async () => {
  const fresh = connection("waiting", { id: "fresh", name: "Fresh", link: links.waiting });
  const app = await stage.open(view("waiting", { connections: [...twelve, fresh] }));
  const timer = await app.page.getByRole("timer").boundingBox();
  expect((timer?.y ?? Number.POSITIVE_INFINITY) + (timer?.height ?? 0)).toBeLessThan(620);
  await app.close();
});

test("a_card_that_moves_up_keeps_the_focus", async () => {
  const app = await stage.open(view("healthy", { connections: twelve }));
  await app.page.getByRole("button", { name: "Check now: Company 7" }).focus();
  const connections = twelve.map((it) => (it.id === "con_7" ? { ...it, problem } : it));
  await app.say({ kind: "view", view: view("problem", { connections }) });
  await expect.poll(() => app.page.locator("article h2").first().textContent()).toBe("Company 7");
  await app.page.locator("button:focus", { hasText: "Check now" }).waitFor();
  await app.close();
});

test("a_countdown_moves_by_itself_and_is_read_out_at_few_marks", async () => {
  const app = await stage.open(null);
  // The stage nails the clock's hands; here they turn with the timers.
  await app.page.clock.setSystemTime("2026-03-04T10:00:00Z");
  await app.page.clock.pauseAt("2026-03-04T10:05:00Z");
  await app.say({ kind: "view", view: onItsWay(link("waiting", { expires_at: "2026-03-04T10:15:30Z" })) });
  const shown = app.page.getByRole("timer");
  const spoken = app.page.locator("[role=timer] + [role=status]");
  expect(await shown.textContent()).toBe("Runs out in 10 minutes");
  expect(await spoken.textContent()).toBe("");
  // One call for each moment to look at: seconds until then, what is shown, what was read out last.
  for (const [seconds, text, last] of [
    [30, "Runs out in 10 minutes", "Runs out in 10 minutes"],
    [8 * 60, "Runs out in 2 minutes", "Runs out in 5 minutes"],
    [90, "Runs out in 30 seconds", "Runs out in 1 minute"],
    [29, "Runs out in 1 second", "Runs out in 1 minute"],
    // Whether it has run out is for the program to say.
    [1, "", ""],
  ] as const) {
    await app.page.clock.runFor(seconds * 1000);
    expect(await shown.textContent()).toBe(text);
    expect(await spoken.textContent()).toBe(last);
  }
  await app.close();
});

test("a_question_shows_what_is_amiss_and_can_still_be_answered_yes", async () => {
  const app = await stage.open(view("healthy"));
  await askAndWait(app, questions["open-checked"]);
  const dialog = app.page.getByRole("dialog");
  await dialog.getByText(checks.closed.text).waitFor();
  expect(await dialog.getByText(checks.file.text).count()).toBe(0);
  await dialog.getByRole("button", { name: "Open QuickBooks" }).click();
  await dialog.getByRole("button", { name: "Open in browser" }).click();
  const yes = { kind: "answer", question: "q1", yes: true, started_here: false };
  expect(await app.acted()).toEqual([{ kind: "open", offer: "open_quickbooks" }, yes]);
  await app.close();
});

test("a_remedy_in_a_question_takes_no_click_in_its_first_moment", async () => {
  const app = await stage.open(view("healthy"));
  await app.page.clock.pauseAt("2026-03-04T10:05:00Z");
  await app.say({ kind: "view", view: ask(questions["open-checked"]) });
  await app.page.getByRole("dialog").getByRole("button", { name: "Open QuickBooks" }).click({ force: true });
  expect(await app.acted()).toEqual([]);
  await app.close();
});

const connecting = view("idle", { sources: [source] });

test("an_integration_is_connected_by_its_owners_button", async () => {
  const app = await stage.open(connecting);
  await app.turnTo("Set up");
  await app.page.getByRole("img", { name: "The logo of QuickBooks Desktop" }).waitFor();
  const button = app.page.getByRole("button", { name: "Connect to QuickBooks", exact: true });
  await button.press("Enter");
  expect(await app.acted()).toEqual([{ kind: "connect", source: "src_1", integration: "ledger" }]);
  await app.close();
});

test("while_one_connection_is_asked_for_no_other_is", async () => {
  const other = { ...source, id: "src_2", name: "Other App" };
  const idle = view("idle", { sources: [source, other] });
  const app = await stage.open(idle);
  await app.turnTo("Set up");
  const buttons = app.page.getByRole("button", { name: "Connect Larch Ledger" });
  await buttons.first().press("Enter");
  await app.say({ kind: "view", view: { ...idle, sources: [{ ...source, connecting: true }, other] } });
  await app.page.getByRole("progressbar", { name: /^Asking Acme Books/ }).waitFor();
  expect(await app.page.getByText("Asking Other App").count()).toBe(0);
  for (const button of await buttons.all()) await button.press("Enter");
  expect(await app.acted()).toEqual([{ kind: "connect", source: "src_1", integration: "plain" }]);
  await app.isAccessible();
  await app.shoot("connecting");
  // Whatever came of it, nobody is being asked any more.
  await app.say({ kind: "view", view: idle });
  expect(await app.page.getByRole("progressbar").count()).toBe(0);
  expect(await app.page.getByText("Asking Acme Books").count()).toBe(0);
  await app.close();
});

test("what_cannot_be_asked_is_told_and_asked_again", async () => {
  const at = (state: SourceState) =>
    view("healthy", { sources: [{ ...source, state, integrations: state === "ready" ? source.integrations : [] }] });
  const app = await stage.open(at("loading"));
  await app.turnTo("Set up");
  await app.page.getByRole("progressbar", { name: "Asking Acme Books what can be connected." }).waitFor();
  await app.say({ kind: "view", view: at("failed") });
  await app.page.getByRole("status").filter({ hasText: "could not ask Acme Books" }).waitFor();
  expect(await app.page.getByText("Open the link from your application").count()).toBe(0);
  await app.isAccessible();
  await app.shoot("source-failed");
  await app.page.getByRole("button", { name: "Ask again: Acme Books" }).press("Enter");
  expect(await app.acted()).toEqual([{ kind: "refresh" }]);
  await app.say({ kind: "view", view: at("loading") });
  await app.page.locator("h2:focus", { hasText: "Connect at Acme Books" }).waitFor();
  await app.say({ kind: "view", view: at("ready") });
  await app.page.getByRole("button", { name: "Connect Larch Ledger" }).waitFor();
  expect(await app.page.getByText("could not ask").count()).toBe(0);
  await app.close();
});

test.each(["light", "dark"] as const)(
  "the_button_changes_under_pointer_and_focus_as_prescribed, %s",
  async (colorScheme) => {
    const app = await stage.open(connecting, { colorScheme });
    await app.turnTo("Set up");
    const button = app.page.getByRole("button", { name: "Connect to QuickBooks" });
    const shown = () =>
      button.locator("img").evaluateAll((all) => all.map((it) => getComputedStyle(it).visibility === "visible"));
    await button.locator("img").nth(1).waitFor({ state: "attached" });
    expect(await shown()).toEqual([true, false]);
    const still = await button.boundingBox();
    await button.hover();
    expect(await shown()).toEqual([false, true]);
    await app.shoot(`connect-hover-${colorScheme}`);
    await app.page.mouse.move(0, 0);
    expect(await shown()).toEqual([true, false]);
    await app.page.keyboard.press("Tab");
    for (let step = 0; step < 9 && !(await button.evaluate((it) => it.matches(":focus"))); step++)
      await app.page.keyboard.press("Tab");
    expect(await shown()).toEqual([false, true]);
    expect(await button.boundingBox()).toEqual(still);
    await app.shoot(`connect-focus-${colorScheme}`);
    await app.close();
  },
);

test("the_button_is_called_what_its_picture_says", async () => {
  const app = await stage.open(connecting);
  await app.turnTo("Set up");
  const button = app.page.getByRole("button", { name: "Connect to QuickBooks", exact: true });
  await button.locator("img").first().waitFor();
  expect(await button.count()).toBe(1);
  await button.focus();
  expect(await button.count()).toBe(1);
  await app.close();
});

test("a_brands_button_is_as_large_as_it_was_drawn_unless_the_place_is_narrower", async () => {
  const drawn = async (width: number) => {
    const app = await stage.open(connecting, { width });
    await app.turnTo("Set up");
    const image = app.page.getByRole("button", { name: "Connect to QuickBooks" }).locator("img").first();
    await image.waitFor();
    const box = await image.boundingBox();
    await app.close();
    return { width: box?.width ?? 0, height: box?.height ?? 0 };
  };
  expect(await drawn(460)).toEqual({ width: 220, height: 44 });
  const narrow = await drawn(240);
  expect(narrow.width).toBeLessThan(220);
  expect(narrow.width / narrow.height).toBeCloseTo(220 / 44, 1);
});

test.each([{ colorScheme: "dark" }, { forcedColors: "active" }] as const)(
  "a_brand_is_never_altered: %o",
  async (look) => {
    const app = await stage.open(connecting, look);
    await app.turnTo("Set up");
    const image = app.page.getByRole("button", { name: "Connect to QuickBooks" }).locator("img").first();
    await image.waitFor();
    const [filter, opacity, blend, ratio] = await image.evaluate((it: HTMLImageElement) => {
      const style = getComputedStyle(it);
      return [style.filter, style.opacity, style.mixBlendMode, it.naturalWidth / it.naturalHeight];
    });
    expect([filter, opacity, blend]).toEqual(["none", "1", "normal"]);
    const box = await image.boundingBox();
    expect((box?.width ?? 0) / (box?.height ?? 1)).toBeCloseTo(Number(ratio));
    await app.close();
  },
);

test("where_a_picture_is_missing_or_broken_there_is_text", async () => {
  const app = await stage.open(view("idle", { sources }));
  await app.turnTo("Set up");
  const [, plain, broken] = await app.page.getByRole("button", { name: /^Connect / }).all();
  expect(await plain?.textContent()).toContain("Connect Larch Ledger");
  await expect.poll(() => broken?.textContent()).toContain("Connect Donaudampfschifffahrts");
  expect(await app.page.getByRole("img", { name: "A logo that is not there" }).count()).toBe(0);
  await app.close();
});

test("each_picture_is_fetched_once", async () => {
  const app = await stage.open(connecting);
  for (const page of ["Set up", "Status", "Set up"]) await app.turnTo(page);
  await app.say({ kind: "view", view: structuredClone(connecting) });
  await app.page.getByRole("img", { name: "The logo of QuickBooks Desktop" }).waitFor();
  expect((await app.fetched()).sort()).toEqual(["button", "hover", "logo"]);
  await app.close();
});

test("where_something_can_be_chosen_the_plan_is_shorter", async () => {
  const app = await stage.open(view("idle"));
  await app.turnTo("Set up");
  expect(await app.page.locator("main > ol > li").count()).toBe(3);
  // A source where nothing can be chosen leaves the link as the only way.
  await app.say({ kind: "view", view: view("idle", { sources: [{ ...source, state: "none", integrations: [] }] }) });
  expect(await app.page.locator("main > ol > li").count()).toBe(3);
  await app.say({ kind: "view", view: connecting });
  await app.page.getByRole("heading", { name: "Connect at Acme Books" }).waitFor();
  expect(await app.page.locator("main > ol > li").count()).toBe(2);
  await app.close();
});

test("signing_out_says_what_it_means_and_asks_first", async () => {
  const app = await stage.open(view("healthy", { sources: [source, { ...source, id: "src_2", linked: false }] }));
  await app.turnTo("Settings");
  const out = app.page.getByRole("button", { name: "Sign this computer out: Acme Books" });
  expect(await out.count()).toBe(1);
  await out.press("Enter");
  await app.page.getByText("at once, or as soon as there is a network").waitFor();
  expect(await app.focused()).toBe("Stay signed in");
  await app.isAccessible();
  await app.shoot("sign-out");
  await app.page.keyboard.press("Escape");
  expect(await app.focused()).toBe("Sign this computer out");
  await app.page.keyboard.press("Enter");
  await app.page.keyboard.press("Tab");
  await app.page.keyboard.press("Enter");
  await expect.poll(() => app.acted()).toEqual([{ kind: "sign_out", source: "src_1" }]);
  await app.page.locator("button:focus", { hasText: "Sign this computer out" }).waitFor();
  await app.say({ kind: "view", view: view("idle") });
  await app.page.locator("h1:focus").waitFor();
  await app.close();
});
