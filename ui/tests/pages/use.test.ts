// What the pages do, mostly by keyboard alone.

import { afterAll, beforeAll, expect, test } from "vitest";
import { connection, crowded, problem, questions, view } from "../scenes";
import { ask, askAndWait, no } from "./ask";
import { type Look, Stage } from "./stage";

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.build();
});
afterAll(() => stage.strike());

test("the_page_says_ready_once_it_is_painted", async () => {
  const app = await stage.open(null);
  await app.page.waitForFunction(() => window.program.calls.some((call) => call.command === "ready"));
  await app.shoot("starting");
  await app.isAccessible();
  await app.close();
});

test("a_program_that_does_not_answer_is_told_and_not_waited_for", async () => {
  const app = await stage.open(null, { refuse: ["attach"] });
  await app.page.getByRole("heading", { name: "Deskside does not answer" }).waitFor();
  await app.isAccessible();
  await app.shoot("silent");
  await app.close();
});

test("an_action_the_program_does_not_take_is_told", async () => {
  const app = await stage.open(view("healthy"), { refuse: ["act"] });
  await app.page.getByRole("button", { name: /^Check now/ }).click();
  await app.page.getByRole("alert").getByText("Deskside did not take that").waitFor();
  await app.close();
});

test("a_changed_headline_is_said_aloud_on_every_page", async () => {
  const app = await stage.open(view("healthy"));
  await app.turnTo("Settings");
  await app.say({ kind: "view", view: view("problem") });
  const spoken = app.page.locator("[role=status]").filter({ hasText: "QuickBooks is waiting for an answer" });
  await spoken.waitFor({ state: "attached" });
  await app.close();
});

test("the_pages_are_turned_by_keyboard_and_the_present_one_is_marked", async () => {
  const app = await stage.open(view("healthy"));
  for (const [step, name] of ["Status", "Set up", "Diagnostics", "Settings"].entries()) {
    await app.page.keyboard.press("Tab");
    await app.page.keyboard.press("Enter");
    expect(await app.page.locator("[aria-current=page]").textContent()).toContain(name);
    expect(await app.page.title(), `page ${step}`).toBe(`${name} – Deskside`);
  }
  await app.close();
});

test("a_page_the_program_turns_to_takes_the_focus_to_its_heading", async () => {
  const app = await stage.open(view("healthy"));
  await app.say({ kind: "turn", page: "diagnostics" });
  await app.page.locator("h1:focus").waitFor();
  expect(await app.focused()).toBe("Diagnostics");
  await app.close();
});

test.each(Object.entries(questions))("escape_answers_no_to_%s", async (_, question) => {
  const app = await stage.open(ask(question));
  await app.page.getByRole("dialog").waitFor();
  await app.page.keyboard.press("Escape");
  await expect.poll(() => app.acted()).toEqual([no(question.id)]);
  // A second Escape, which a web view may not let the page refuse, is no second answer.
  await app.page.keyboard.press("Escape");
  await app.page.keyboard.press("Escape");
  expect(await app.acted()).toEqual([no(question.id)]);
  await app.close();
});

test.each([questions.unknown, questions.account])("enter_answers_no_where_nobody_vouches: $kind", async (it) => {
  const app = await stage.open(ask(it));
  await app.page.locator("dialog button:focus").waitFor();
  expect(await app.focused()).toBe("No");
  await app.page.keyboard.press("Enter");
  await expect.poll(() => app.acted()).toEqual([no(it.id)]);
  await app.close();
});

test.each([questions.open, questions.known])("enter_answers_nothing_before_a_button_is_chosen: $kind", async (it) => {
  const app = await stage.open(ask(it));
  await app.page.locator("dialog h2:focus").waitFor();
  await app.page.keyboard.press("Enter");
  await app.page.keyboard.press("Space");
  await app.page.getByRole("dialog").getByRole("button", { name: /^No/ }).waitFor();
  expect(await app.acted()).toEqual([]);
  await app.close();
});

test("an_unknown_site_is_linked_only_after_the_box_is_ticked", async () => {
  const app = await stage.open(view("healthy"));
  await askAndWait(app, questions.unknown);
  const link = app.page.getByRole("button", { name: "Link", exact: true });
  expect(await link.isDisabled()).toBe(true);
  await app.page.keyboard.press("Shift+Tab");
  expect(await app.page.evaluate(() => document.activeElement?.getAttribute("type"))).toBe("checkbox");
  await app.page.keyboard.press("Space");
  await app.page.keyboard.press("Tab");
  await app.page.locator("dialog button:enabled", { hasText: "Link" }).waitFor();
  await app.page.keyboard.press("Tab");
  await app.page.keyboard.press("Enter");
  const yes = { kind: "answer", question: "q3", yes: true, started_here: true };
  await expect.poll(() => app.acted()).toEqual([yes]);
  await app.close();
});

const host = "books.evil.example";
const small: [string, Look][] = [
  ["460x640 at 200 %", { width: 460, height: 640, zoom: 2 }],
  ["320x480", { width: 320, height: 480 }],
  ["320x360", { width: 320, height: 360 }],
];

test.each(small)("the_host_of_an_unknown_site_and_no_are_both_in_sight: %s", async (_, look) => {
  const app = await stage.open(ask({ ...questions.unknown, host }), look);
  await app.page.locator("dialog button:focus").waitFor();
  const box = (selector: string) => app.page.locator(selector).boundingBox();
  const [dialog, shown, answer] = await Promise.all([box("dialog"), box("dialog .large"), box("dialog button:focus")]);
  const end = (it: typeof dialog) => (it?.y ?? 0) + (it?.height ?? 0);
  expect(shown?.y).toBeGreaterThanOrEqual(dialog?.y ?? 0);
  expect(end(shown)).toBeLessThanOrEqual(answer?.y ?? 0);
  expect(end(answer)).toBeLessThanOrEqual(end(dialog));
  await app.close();
});

test.each([questions["open-checked"], questions.known])("yes_comes_after_the_host_it_is_said_to: $kind", async (it) => {
  const app = await stage.open(ask(it), { width: 460, height: 640, zoom: 2 });
  await app.page.locator("dialog h2:focus").waitFor();
  const shown = await app.page.locator("dialog #host").boundingBox();
  const yes = await app.page.locator("dialog .row .primary").boundingBox();
  expect(yes?.y).toBeGreaterThan((shown?.y ?? 0) + (shown?.height ?? 0));
  await app.close();
});

test("a_question_that_fits_is_read_whole_above_its_answers", async () => {
  const app = await stage.open(ask(questions.unknown));
  const last = await app.page
    .getByRole("dialog")
    .getByText(/^Shared: /)
    .boundingBox();
  const answer = await app.page.getByRole("button", { name: "No", exact: true }).boundingBox();
  expect((last?.y ?? 0) + (last?.height ?? 0)).toBeLessThanOrEqual(answer?.y ?? 0);
  await app.close();
});

test.each(small)("of_a_long_host_one_reads_the_beginning_first: %s", async (_, look) => {
  const app = await stage.open(ask(questions.unknown), look);
  await app.page.locator("dialog button:focus").waitFor();
  const shown = await app.page.locator("dialog .large").boundingBox();
  const answer = await app.page.locator("dialog button:focus").boundingBox();
  expect(shown?.y).toBeGreaterThan(0);
  expect((shown?.y ?? 0) + 30).toBeLessThan(answer?.y ?? 0);
  // Nothing of the question shows below the answers.
  const dialog = await app.page.locator("dialog").boundingBox();
  const form = await app.page.locator("dialog form .row").boundingBox();
  expect((form?.y ?? 0) + (form?.height ?? 0)).toBeGreaterThanOrEqual((dialog?.y ?? 0) + (dialog?.height ?? 0) - 2);
  // What the answers cover comes up as soon as it is the box to tick.
  await app.page.keyboard.press("Shift+Tab");
  const box = await app.page.getByRole("checkbox").boundingBox();
  const below = await app.page.getByRole("button", { name: "No", exact: true }).boundingBox();
  expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(below?.y ?? 0);
  await app.close();
});

test.each([questions.unknown, questions.known, questions.open, questions.account])(
  "the_host_is_read_out_with_its_question: $kind $vendor",
  async (question) => {
    const app = await stage.open(ask(question));
    const dialog = app.page.getByRole("dialog");
    const described = await dialog.evaluate((it) => it.getAttribute("aria-describedby") ?? "none");
    expect(await dialog.locator(`[id="${described}"]`).textContent()).toBe(question.host);
    await app.close();
  },
);

test("enter_in_the_ticked_box_still_says_no", async () => {
  const app = await stage.open(ask(questions.unknown));
  await app.page.getByRole("checkbox").check();
  await app.page.keyboard.press("Enter");
  await expect.poll(() => app.acted()).toEqual([no("q3")]);
  await app.close();
});

test("a_tick_does_not_carry_over_to_the_next_question", async () => {
  const app = await stage.open(view("healthy"));
  await askAndWait(app, questions.unknown);
  await app.page.getByRole("checkbox").check();
  await app.say({ kind: "view", view: ask({ ...questions.unknown, id: "q9", host: "other.example" }) });
  await app.page.getByText("other.example").waitFor();
  await app.page.clock.runFor(1000);
  expect(await app.page.getByRole("checkbox").isChecked()).toBe(false);
  expect(await app.page.getByRole("button", { name: "Link", exact: true }).isDisabled()).toBe(true);
  await app.close();
});

test("a_question_that_pops_up_under_the_pointer_is_not_answered_by_that_click", async () => {
  const app = await stage.open(view("healthy"));
  // Time stands still from here on, so this is the question's first moment however slow the machine.
  await app.page.clock.pauseAt("2026-03-04T10:05:00Z");
  await app.say({ kind: "view", view: ask(questions.open) });
  const open = app.page.getByRole("button", { name: "Open in browser" });
  await open.waitFor();
  await app.page.clock.runFor(450);
  await open.click({ force: true });
  expect(await app.acted()).toEqual([]);
  await app.page.clock.runFor(100);
  await open.click();
  const yes = { kind: "answer", question: "q1", yes: true, started_here: false };
  expect(await app.acted()).toEqual([yes]);
  await app.close();
});

test("an_answer_is_given_once", async () => {
  const app = await stage.open(ask(questions.account));
  const button = app.page.getByRole("button", { name: "No", exact: true });
  await button.dblclick();
  expect(await app.acted()).toEqual([no("q4")]);
  await app.close();
});

test("an_answer_the_program_did_not_hear_can_be_given_again", async () => {
  const app = await stage.open(ask(questions.account), { refuse: ["act"] });
  const button = app.page.getByRole("button", { name: "No", exact: true });
  await button.click();
  await button.click();
  await expect.poll(() => app.acted()).toEqual([no("q4"), no("q4")]);
  await app.close();
});

test.each([
  [questions.account, "Yes, tell them"],
  [questions.open, "Open in browser"],
  [questions.known, "Link"],
  [questions.working, "Cancel"],
])("a refused click leaves the dialog usable and says so: $kind", async (question, label) => {
  const app = await stage.open(view("healthy"), { refuse: ["act"] });
  await askAndWait(app, question);
  const dialog = app.page.getByRole("dialog");
  const button = dialog.getByRole("button", { name: label, exact: true });
  await button.press("Enter");
  await dialog.getByRole("alert").filter({ hasText: "Deskside did not take that. Please try again." }).waitFor();
  expect(await button.isEnabled()).toBe(true);
  expect(await app.focused()).toBe(label);
  await app.fitsItsWidth();
  // axe-core waits by timers.
  await app.page.clock.resume();
  await app.isAccessible();
  await app.shoot(`refused-${question.kind}`, { whole: false });
  await app.accept();
  await app.page.keyboard.press("Enter");
  await dialog.getByRole("alert").waitFor({ state: "detached" });
  expect(await app.acted()).toHaveLength(2);
  await app.close();
});

test("a refused remedy in a question says so and works again", async () => {
  const app = await stage.open(view("healthy"), { refuse: ["act"] });
  await askAndWait(app, questions["open-checked"]);
  const dialog = app.page.getByRole("dialog");
  const button = dialog.getByRole("button", { name: "Open QuickBooks" });
  await button.press("Enter");
  await dialog.getByRole("alert").filter({ hasText: "Please try again." }).waitFor();
  await app.accept();
  await button.press("Enter");
  await dialog.getByRole("alert").waitFor({ state: "detached" });
  expect(await app.acted()).toEqual(Array(2).fill({ kind: "open", offer: "open_quickbooks" }));
  await app.close();
});

test("a refused answer says nothing about the next question", async () => {
  const app = await stage.open(ask(questions.account), { refuse: ["act"] });
  const dialog = app.page.getByRole("dialog");
  await dialog.getByRole("button", { name: "No", exact: true }).click();
  await dialog.getByRole("alert").waitFor();
  await app.say({ kind: "view", view: ask({ ...questions.account, id: "q5", account: "Another account" }) });
  await dialog.getByText("Another account").waitFor();
  expect(await dialog.getByRole("alert").count()).toBe(0);
  await app.close();
});

test("a refused click is in sight at the end of a long page", async () => {
  const app = await stage.open(crowded, { refuse: ["act"] });
  await app.page.getByRole("button", { name: /^Check now: Harbour/ }).press("Enter");
  const alert = app.page.getByRole("alert").filter({ hasText: "Deskside did not take that" });
  await alert.waitFor();
  const box = await alert.boundingBox();
  expect(box?.y).toBeGreaterThanOrEqual(0);
  expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(620);
  await app.shoot("refused-long-page", { whole: false });
  await app.close();
});

test("a_question_that_follows_one_the_web_view_closed_is_shown", async () => {
  const app = await stage.open(ask(questions.open));
  await app.page.locator("dialog").evaluate((dialog: HTMLDialogElement) => dialog.close());
  await expect.poll(() => app.acted()).toEqual([no("q1")]);
  await app.say({ kind: "view", view: ask(questions.account) });
  await app.page.getByRole("dialog").getByText("Yes, tell them").waitFor();
  await app.close();
});

test("the_focus_stays_inside_a_question_and_returns_when_it_is_gone", async () => {
  const app = await stage.open(view("healthy"));
  await app.page.getByRole("button", { name: /^Check now/ }).focus();
  await app.say({ kind: "view", view: ask(questions.known) });
  await app.page.locator("dialog h2:focus").waitFor();
  for (let step = 0; step < 6; step++) {
    await app.page.keyboard.press("Tab");
    // Past the last button a browser may rest on itself (body) before it comes round, never on the page behind.
    expect(await app.page.evaluate(() => document.activeElement?.matches("dialog *, body"))).toBe(true);
  }
  await app.say({ kind: "view", view: ask(questions.working) });
  await app.page.locator("dialog h2:focus").waitFor();
  await app.say({ kind: "view", view: view("healthy") });
  await app.page.getByRole("dialog").waitFor({ state: "detached" });
  expect(await app.focused()).toBe("Check now");
  await app.close();
});

test("a_question_that_was_there_from_the_start_leaves_the_focus_on_the_headline", async () => {
  const app = await stage.open(ask(questions.open));
  await app.page.locator("dialog h2:focus").waitFor();
  await app.say({ kind: "view", view: view("waiting") });
  await app.page.locator("h1:focus").waitFor();
  await app.close();
});

test("the_button_that_helps_comes_first", async () => {
  const shown = connection("problem", { problem: { ...problem, action: "open_link" } });
  const app = await stage.open(view("problem", { connections: [shown] }));
  const buttons = app.page.locator("article .button");
  expect(await buttons.allTextContents()).toSatisfy((texts: string[]) =>
    texts.join().replaceAll(/\s+/g, " ").includes("Open the connection page"),
  );
  expect(await app.page.locator("article .button.primary").textContent()).toContain("Open the connection page");
  await app.page.locator("article .button.primary").click();
  expect(await app.acted()).toEqual([{ kind: "use", connection: "con_1", offer: "open_link" }]);
  await app.close();
});

test("a_busy_connection_takes_no_second_order_and_keeps_the_focus", async () => {
  const app = await stage.open(view("healthy"));
  await app.page.getByRole("button", { name: /^Check now/ }).press("Enter");
  await app.say({ kind: "view", view: view("healthy", { connections: [connection("healthy", { busy: true })] }) });
  await app.page.getByRole("progressbar").waitFor();
  expect(await app.focused()).toBe("Check now");
  await app.page.keyboard.press("Enter");
  expect(await app.acted()).toEqual([{ kind: "use", connection: "con_1", offer: "check" }]);
  await app.close();
});

test("removing_asks_first_and_escape_keeps_the_connection", async () => {
  const app = await stage.open(view("healthy"));
  await app.page.getByRole("button", { name: /^Remove: / }).press("Enter");
  await app.page.getByText("What Acme Books has already fetched stays there").waitFor();
  expect(await app.focused()).toBe("Keep it");
  await app.isAccessible();
  await app.shoot("remove");
  await app.page.keyboard.press("Escape");
  await app.page.locator("[data-offer=remove]:focus").waitFor();
  expect(await app.acted()).toEqual([]);
  await app.page.keyboard.press("Enter");
  await app.page.keyboard.press("Tab");
  await app.page.keyboard.press("Enter");
  const removed = { kind: "use", connection: "con_1", offer: "remove" };
  await expect.poll(() => app.acted()).toEqual([removed]);
  await app.close();
});

test("a_second_word_is_not_waited_for_once_the_connection_is_busy", async () => {
  const app = await stage.open(view("healthy"));
  await app.page.getByRole("button", { name: /^Remove: / }).press("Enter");
  await app.page.getByText("Keep it").waitFor();
  await app.say({ kind: "view", view: view("healthy", { connections: [connection("healthy", { busy: true })] }) });
  await app.page.locator("article h2:focus").waitFor();
  expect(await app.page.getByText("Keep it").count()).toBe(0);
  // Nor does it come back by itself.
  await app.say({ kind: "view", view: view("healthy") });
  await app.page.getByRole("button", { name: /^Remove: / }).waitFor();
  expect(await app.page.getByText("Keep it").count()).toBe(0);
  await app.close();
});

test("one_escape_answers_one_question", async () => {
  const app = await stage.open(view("healthy"));
  await app.page.getByRole("button", { name: /^Remove: / }).press("Enter");
  await app.say({ kind: "view", view: ask(questions.open) });
  await app.page.locator("dialog h2:focus").waitFor();
  await app.page.keyboard.press("Escape");
  await expect.poll(() => app.acted()).toEqual([no("q1")]);
  expect(await app.page.getByText("Keep it").count()).toBe(1);
  await app.say({ kind: "view", view: view("healthy") });
  await app.page.locator("button:focus", { hasText: "Keep it" }).waitFor();
  await app.close();
});

test("stopping_asks_first_with_the_programs_own_sentence", async () => {
  const app = await stage.open(view("healthy"));
  const stop = app.page.getByRole("button", { name: /^Stop syncing: / });
  await stop.press("Enter");
  expect(await stop.getAttribute("aria-expanded")).toBe("true");
  await app.page
    .getByRole("group", { name: "Stop syncing this connection?" })
    .getByText("What it has, it keeps.")
    .waitFor();
  expect(await app.focused()).toBe("Keep syncing");
  await app.isAccessible();
  await app.shoot("stop");
  await app.page.keyboard.press("Tab");
  await app.page.keyboard.press("Enter");
  await app.page.locator("[data-offer=stop_syncing]:focus").waitFor();
  expect(await app.acted()).toEqual([{ kind: "use", connection: "con_1", offer: "stop_syncing" }]);
  await app.close();
});

test("the_second_word_belongs_to_what_was_asked_last", async () => {
  const app = await stage.open(view("healthy"));
  await app.page.getByRole("button", { name: /^Stop syncing: / }).click();
  await app.page.getByRole("button", { name: /^Remove: / }).click();
  await app.page.getByRole("group", { name: "Remove this connection?" }).waitFor();
  expect(await app.page.getByRole("group", { name: "Stop syncing this connection?" }).count()).toBe(0);
  expect(await app.focused()).toBe("Keep it");
  await app.close();
});

test("what_is_no_longer_offered_is_no_longer_asked", async () => {
  const app = await stage.open(view("healthy"));
  await app.page.getByRole("button", { name: /^Stop syncing: / }).press("Enter");
  await app.say({
    kind: "view",
    view: view("healthy", { connections: [connection("healthy", { offers: ["check"] })] }),
  });
  await app.page.locator("article h2:focus").waitFor();
  expect(await app.page.getByRole("button", { name: "Stop syncing" }).count()).toBe(0);
  await app.close();
});

test("a_connection_that_goes_leaves_the_focus_on_a_heading", async () => {
  const app = await stage.open(view("healthy"));
  await app.page.getByRole("button", { name: /^Check now/ }).focus();
  await app.say({ kind: "view", view: view("idle") });
  await app.page.locator("h1:focus").waitFor();
  await app.close();
});

test("the_details_of_a_connection_are_opened_by_keyboard", async () => {
  const app = await stage.open(view("healthy"));
  const details = app.page.locator("article details");
  expect(await details.getByText("Last successful sync").isVisible()).toBe(false);
  await details.locator("summary").press("Enter");
  await details.getByText("No sync has been seen yet").waitFor();
  // What is neither good nor bad carries no mark.
  expect(await details.getByText("Good", { exact: true }).count()).toBe(0);
  await app.isAccessible();
  await app.shoot("details");
  await app.close();
});

test("details_are_copied", async () => {
  const app = await stage.open(view("problem"), { clipboard: "allowed" });
  await app.page.getByRole("button", { name: /^Copy details/ }).press("Enter");
  await app.page.getByText("Copied.").waitFor();
  expect(await app.page.evaluate(() => navigator.clipboard.readText())).toBe("Details of con_1");
  await app.close();
});

test("where_the_clipboard_is_refused_the_text_can_be_selected", async () => {
  const app = await stage.open(view("problem"), { clipboard: "refused" });
  await app.page.getByRole("button", { name: /^Copy details/ }).press("Enter");
  await app.page.locator("textarea:focus").waitFor();
  expect(await app.page.evaluate(() => window.getSelection()?.toString())).toBe("Details of con_1");
  await app.isAccessible();
  await app.shoot("copy-by-hand");
  await app.close();
});

test("the_request_number_is_copied_for_support", async () => {
  const app = await stage.open(view("problem"), { clipboard: "allowed" });
  await app.page.getByText("Details for support").click();
  await app.page.getByRole("button", { name: "Copy request number" }).click();
  await app.page.getByText("Copied.").waitFor();
  expect(await app.page.evaluate(() => navigator.clipboard.readText())).toBe("req_7Hq2mXv9TzK4sNwB1cYd");
  await app.isAccessible();
  await app.shoot("support-details");
  await app.close();
});

test("what_the_provider_says_is_shown_as_given", async () => {
  const app = await stage.open(view("problem"));
  expect(await app.page.locator("blockquote").textContent()).toBe(problem.provider_message);
  await app.close();
});

test("a_notice_goes_away_only_where_it_may", async () => {
  const app = await stage.open(crowded);
  const dismiss = app.page.getByRole("button", { name: /^Dismiss/ });
  expect(await dismiss.count()).toBe(1);
  await dismiss.press("Enter");
  expect(await app.acted()).toEqual([{ kind: "dismiss", code: "link.untrusted_host" }]);
  await app.close();
});

test("look_again_asks_for_a_passive_look", async () => {
  const app = await stage.open(view("healthy"));
  await app.turnTo("Diagnostics");
  await app.page.getByRole("button", { name: "Look again" }).press("Space");
  await app.page.getByText("Looking again.").waitFor();
  expect(await app.acted()).toEqual([{ kind: "refresh" }]);
  await app.close();
});

test("looking_again_is_said_for_a_moment_only", async () => {
  const app = await stage.open(view("healthy"));
  await app.turnTo("Diagnostics");
  await app.page.clock.pauseAt("2026-03-04T10:05:00Z");
  await app.page.getByRole("button", { name: "Look again" }).press("Space");
  await app.page.getByText("Looking again.").waitFor();
  await app.page.clock.runFor(10_000);
  expect(await app.page.getByText("Looking again.").count()).toBe(0);
  await app.close();
});

test("without_a_connection_support_gets_what_the_computer_shows", async () => {
  const app = await stage.open(view("idle"), { clipboard: "allowed" });
  await app.turnTo("Diagnostics");
  await app.page.getByRole("button", { name: "Copy details" }).press("Enter");
  await app.page.getByText("Copied.").waitFor();
  const copied = await app.page.evaluate(() => navigator.clipboard.readText());
  expect(copied.split("\n")).toEqual([
    "Deskside 0.1.0",
    "QuickBooks Desktop: Enterprise 24.0 is open",
    "Company file: No company file is open",
    "Web Connector: Running, version 34.0",
    "Internet: Could not look",
  ]);
  await app.isAccessible();
  await app.shoot("diagnostics-without-connections");
  await app.close();
});

test("what_opens_by_a_click_is_large_enough_to_hit", async () => {
  const app = await stage.open(crowded);
  for (const name of ["Status", "Settings"]) {
    await app.turnTo(name);
    const heights = await app.page
      .locator("summary")
      .evaluateAll((all) => all.map((it) => it.getBoundingClientRect().height));
    expect(heights.length).toBeGreaterThan(0);
    expect(Math.min(...heights)).toBeGreaterThanOrEqual(24);
  }
  await app.close();
});

test("the_switch_shows_what_the_program_keeps", async () => {
  const app = await stage.open(view("healthy"));
  await app.turnTo("Settings");
  const control = app.page.getByRole("switch", { name: "Notifications" });
  await control.press("Space");
  expect(await app.acted()).toEqual([{ kind: "change", settings: { notifications: false } }]);
  expect(await control.getAttribute("aria-checked")).toBe("true");
  await app.say({ kind: "view", view: view("healthy", { settings: { notifications: false } }) });
  await app.page.locator("[role=switch][aria-checked=false]").waitFor();
  await app.close();
});

test("the_user_switches_whether_it_starts_at_login", async () => {
  const app = await stage.open(view("healthy"));
  await app.turnTo("Settings");
  const control = app.page.getByRole("switch", { name: "Start Deskside when I sign in" });
  await control.press("Space");
  expect(await app.acted()).toEqual([{ kind: "start_at_login", on: false }]);
  expect(await control.getAttribute("aria-checked")).toBe("true");
  await app.close();
});

test.each([
  [{ kind: "turned_off_in_task_manager" } as const, "false", "Turned off in Task Manager"],
  [{ kind: "by_administrator", on: true } as const, "true", "Whoever looks after this computer"],
  [{ kind: "cannot_tell" } as const, "false", "cannot look at this"],
])("a_switch_that_is_not_the_users_says_why: %o", async (start, checked, reason) => {
  const app = await stage.open(view("healthy", { login_start: start }));
  await app.turnTo("Settings");
  const control = app.page.getByRole("switch", { name: "Start Deskside when I sign in" });
  expect(await control.getAttribute("aria-checked")).toBe(checked);
  expect(await control.getAttribute("aria-disabled")).toBe("true");
  await app.page.getByText(reason).waitFor();
  await control.press("Space");
  expect(await app.acted()).toEqual([]);
  await app.close();
});

test("what_can_be_opened_is_offered_and_not_twice", async () => {
  const app = await stage.open(view("problem", { aids: ["open_quickbooks", "open_log"] }));
  await app.turnTo("Diagnostics");
  const open = app.page.getByRole("button", { name: "Open QuickBooks" });
  await open.press("Enter");
  await app.say({ kind: "view", view: view("problem", { aids: ["open_quickbooks"], opening: "open_quickbooks" }) });
  await app.page.getByRole("status").filter({ hasText: "This can take a minute or two" }).waitFor();
  await open.press("Enter");
  expect(await app.acted()).toEqual([{ kind: "open", offer: "open_quickbooks" }]);
  await app.close();
});

test("what_is_good_to_know_has_its_button", async () => {
  const app = await stage.open(crowded);
  await app.page.getByRole("button", { name: "Open Windows’ sleep settings" }).press("Enter");
  expect(await app.acted()).toEqual([{ kind: "open", offer: "open_sleep_settings" }]);
  await app.close();
});

test("trial_mode_is_told_on_every_page", async () => {
  const app = await stage.open(crowded);
  for (const name of ["Status", "Set up", "Diagnostics", "Settings"]) {
    await app.turnTo(name);
    await app.page.getByText("Trial mode: not for real companies").waitFor();
  }
  await app.close();
});
