// How the pages respond to the user, mostly by keyboard.

import { afterAll, beforeAll, expect, test } from "vitest";
import { connection, crowded, problem, questions, view } from "../fixtures";
import { answerNo, showQuestion, viewWith } from "./questions";
import { type Appearance, Stage } from "./stage";

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.build();
});
afterAll(() => stage.close());

test("the page reports ready after it is painted", async () => {
  const app = await stage.open(null);
  await app.page.waitForFunction(() => window.program.calls.some((call) => call.command === "ready"));
  await app.screenshot("starting");
  await app.expectAccessible();
  await app.close();
});

test("the page says that the program does not respond", async () => {
  const app = await stage.open(null, { refuse: ["attach"] });
  await app.page.getByRole("heading", { name: "Deskside does not answer" }).waitFor();
  await app.expectAccessible();
  await app.screenshot("silent");
  await app.close();
});

test("the page says that an action was refused", async () => {
  const app = await stage.open(view("healthy"), { refuse: ["act"] });
  await app.page.getByRole("button", { name: /^Check now/ }).click();
  await app.page.getByRole("alert").getByText("Deskside did not take that").waitFor();
  await app.close();
});

test("a changed headline is announced on every page", async () => {
  const app = await stage.open(view("healthy"));
  await app.openPage("Settings");
  await app.send({ kind: "view", view: view("problem") });
  const spoken = app.page.locator("[role=status]").filter({ hasText: "QuickBooks is waiting for an answer" });
  await spoken.waitFor({ state: "attached" });
  await app.close();
});

test("the keyboard opens pages; the current one is marked", async () => {
  const app = await stage.open(view("healthy"));
  for (const [step, name] of ["Status", "Set up", "Diagnostics", "Settings"].entries()) {
    await app.page.keyboard.press("Tab");
    await app.page.keyboard.press("Enter");
    expect(await app.page.locator("[aria-current=page]").textContent()).toContain(name);
    expect(await app.page.title(), `page ${step}`).toBe(`${name} – Deskside`);
  }
  await app.close();
});

test("a page that the program opens gets the focus", async () => {
  const app = await stage.open(view("healthy"));
  await app.send({ kind: "turn", page: "diagnostics" });
  await app.page.locator("h1:focus").waitFor();
  expect(await app.focusedText()).toBe("Diagnostics");
  await app.close();
});

test.each(Object.entries(questions))("Escape answers No to %s", async (_, question) => {
  const app = await stage.open(viewWith(question));
  await app.page.getByRole("dialog").waitFor();
  await app.page.keyboard.press("Escape");
  await expect.poll(() => app.actions()).toEqual([answerNo(question.id)]);
  // Some web views do not let the page prevent a second Escape; it is not a second answer.
  await app.page.keyboard.press("Escape");
  await app.page.keyboard.press("Escape");
  expect(await app.actions()).toEqual([answerNo(question.id)]);
  await app.close();
});

test.each([questions.unknown, questions.account])("Enter answers No to a cautious question: $kind", async (it) => {
  const app = await stage.open(viewWith(it));
  await app.page.locator("dialog button:focus").waitFor();
  expect(await app.focusedText()).toBe("No");
  await app.page.keyboard.press("Enter");
  await expect.poll(() => app.actions()).toEqual([answerNo(it.id)]);
  await app.close();
});

test.each([questions.open, questions.known])("Enter alone answers no other question: $kind", async (it) => {
  const app = await stage.open(viewWith(it));
  await app.page.locator("dialog h2:focus").waitFor();
  await app.page.keyboard.press("Enter");
  await app.page.keyboard.press("Space");
  await app.page.getByRole("dialog").getByRole("button", { name: /^No/ }).waitFor();
  expect(await app.actions()).toEqual([]);
  await app.close();
});

test("linking an unknown site requires the check box", async () => {
  const app = await stage.open(view("healthy"));
  await showQuestion(app, questions.unknown);
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
  await expect.poll(() => app.actions()).toEqual([yes]);
  await app.close();
});

const host = "books.evil.example";
const small: [string, Appearance][] = [
  ["460x640 at 200 %", { width: 460, height: 640, zoom: 2 }],
  ["320x480", { width: 320, height: 480 }],
  ["320x360", { width: 320, height: 360 }],
];

test.each(small)("an unknown site's host and No are both visible: %s", async (_, appearance) => {
  const app = await stage.open(viewWith({ ...questions.unknown, host }), appearance);
  await app.page.locator("dialog button:focus").waitFor();
  const box = (selector: string) => app.page.locator(selector).boundingBox();
  const [dialog, shown, answer] = await Promise.all([box("dialog"), box("dialog .large"), box("dialog button:focus")]);
  const end = (it: typeof dialog) => (it?.y ?? 0) + (it?.height ?? 0);
  expect(shown?.y).toBeGreaterThanOrEqual(dialog?.y ?? 0);
  expect(end(shown)).toBeLessThanOrEqual(answer?.y ?? 0);
  expect(end(answer)).toBeLessThanOrEqual(end(dialog));
  await app.close();
});

test.each([questions["open-checked"], questions.known])("Yes comes after the host: $kind", async (it) => {
  const app = await stage.open(viewWith(it), { width: 460, height: 640, zoom: 2 });
  await app.page.locator("dialog h2:focus").waitFor();
  const shown = await app.page.locator("dialog #host").boundingBox();
  const yes = await app.page.locator("dialog .row .primary").boundingBox();
  expect(yes?.y).toBeGreaterThan((shown?.y ?? 0) + (shown?.height ?? 0));
  await app.close();
});

test("a question that fits is fully visible above its answers", async () => {
  const app = await stage.open(viewWith(questions.unknown));
  const last = await app.page
    .getByRole("dialog")
    .getByText(/^Shared: /)
    .boundingBox();
  const answer = await app.page.getByRole("button", { name: "No", exact: true }).boundingBox();
  expect((last?.y ?? 0) + (last?.height ?? 0)).toBeLessThanOrEqual(answer?.y ?? 0);
  await app.close();
});

test.each(small)("the beginning of a long host is visible: %s", async (_, appearance) => {
  const app = await stage.open(viewWith(questions.unknown), appearance);
  await app.page.locator("dialog button:focus").waitFor();
  const shown = await app.page.locator("dialog .large").boundingBox();
  const answer = await app.page.locator("dialog button:focus").boundingBox();
  expect(shown?.y).toBeGreaterThan(0);
  expect((shown?.y ?? 0) + 30).toBeLessThan(answer?.y ?? 0);
  // No part of the question shows below the answers.
  const dialog = await app.page.locator("dialog").boundingBox();
  const form = await app.page.locator("dialog form .row").boundingBox();
  expect((form?.y ?? 0) + (form?.height ?? 0)).toBeGreaterThanOrEqual((dialog?.y ?? 0) + (dialog?.height ?? 0) - 2);
  // A focused check box scrolls out from behind the answers.
  await app.page.keyboard.press("Shift+Tab");
  const box = await app.page.getByRole("checkbox").boundingBox();
  const below = await app.page.getByRole("button", { name: "No", exact: true }).boundingBox();
  expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(below?.y ?? 0);
  await app.close();
});

test.each([questions.unknown, questions.known, questions.open, questions.account])(
  "the host describes the dialog: $kind $vendor",
  async (question) => {
    const app = await stage.open(viewWith(question));
    const dialog = app.page.getByRole("dialog");
    const described = await dialog.evaluate((it) => it.getAttribute("aria-describedby") ?? "none");
    expect(await dialog.locator(`[id="${described}"]`).textContent()).toBe(question.host);
    await app.close();
  },
);

test("Enter in the checked box answers No", async () => {
  const app = await stage.open(viewWith(questions.unknown));
  await app.page.getByRole("checkbox").check();
  await app.page.keyboard.press("Enter");
  await expect.poll(() => app.actions()).toEqual([answerNo("q3")]);
  await app.close();
});

test("the next question starts with an unchecked box", async () => {
  const app = await stage.open(view("healthy"));
  await showQuestion(app, questions.unknown);
  await app.page.getByRole("checkbox").check();
  await app.send({ kind: "view", view: viewWith({ ...questions.unknown, id: "q9", host: "other.example" }) });
  await app.page.getByText("other.example").waitFor();
  await app.page.clock.runFor(1000);
  expect(await app.page.getByRole("checkbox").isChecked()).toBe(false);
  expect(await app.page.getByRole("button", { name: "Link", exact: true }).isDisabled()).toBe(true);
  await app.close();
});

test("a click as the question appears does not answer it", async () => {
  const app = await stage.open(view("healthy"));
  // With the clock paused, this is the question's first moment however slow the machine is.
  await app.page.clock.pauseAt("2026-03-04T10:05:00Z");
  await app.send({ kind: "view", view: viewWith(questions.open) });
  const open = app.page.getByRole("button", { name: "Open in browser" });
  await open.waitFor();
  await app.page.clock.runFor(450);
  await open.click({ force: true });
  expect(await app.actions()).toEqual([]);
  await app.page.clock.runFor(100);
  await open.click();
  const yes = { kind: "answer", question: "q1", yes: true, started_here: false };
  expect(await app.actions()).toEqual([yes]);
  await app.close();
});

test("a double click answers once", async () => {
  const app = await stage.open(viewWith(questions.account));
  const button = app.page.getByRole("button", { name: "No", exact: true });
  await button.dblclick();
  expect(await app.actions()).toEqual([answerNo("q4")]);
  await app.close();
});

test("a refused answer can be given again", async () => {
  const app = await stage.open(viewWith(questions.account), { refuse: ["act"] });
  const button = app.page.getByRole("button", { name: "No", exact: true });
  await button.click();
  await button.click();
  await expect.poll(() => app.actions()).toEqual([answerNo("q4"), answerNo("q4")]);
  await app.close();
});

test.each([
  [questions.account, "Yes, tell them"],
  [questions.open, "Open in browser"],
  [questions.known, "Link"],
  [questions.working, "Cancel"],
])("a refused click leaves the dialog usable and says so: $kind", async (question, label) => {
  const app = await stage.open(view("healthy"), { refuse: ["act"] });
  await showQuestion(app, question);
  const dialog = app.page.getByRole("dialog");
  const button = dialog.getByRole("button", { name: label, exact: true });
  await button.press("Enter");
  await dialog.getByRole("alert").filter({ hasText: "Deskside did not take that. Please try again." }).waitFor();
  expect(await button.isEnabled()).toBe(true);
  expect(await app.focusedText()).toBe(label);
  await app.expectNoSidewaysScrolling();
  // axe-core needs running timers.
  await app.page.clock.resume();
  await app.expectAccessible();
  await app.screenshot(`refused-${question.kind}`, { whole: false });
  await app.accept();
  await app.page.keyboard.press("Enter");
  await dialog.getByRole("alert").waitFor({ state: "detached" });
  expect(await app.actions()).toHaveLength(2);
  await app.close();
});

test("a refused remedy in a question can be retried", async () => {
  const app = await stage.open(view("healthy"), { refuse: ["act"] });
  await showQuestion(app, questions["open-checked"]);
  const dialog = app.page.getByRole("dialog");
  const button = dialog.getByRole("button", { name: "Open QuickBooks" });
  await button.press("Enter");
  await dialog.getByRole("alert").filter({ hasText: "Please try again." }).waitFor();
  await app.accept();
  await button.press("Enter");
  await dialog.getByRole("alert").waitFor({ state: "detached" });
  expect(await app.actions()).toEqual(Array(2).fill({ kind: "open", command: "open_quickbooks" }));
  await app.close();
});

test("a refusal does not carry over to the next question", async () => {
  const app = await stage.open(viewWith(questions.account), { refuse: ["act"] });
  const dialog = app.page.getByRole("dialog");
  await dialog.getByRole("button", { name: "No", exact: true }).click();
  await dialog.getByRole("alert").waitFor();
  await app.send({ kind: "view", view: viewWith({ ...questions.account, id: "q5", account: "Another account" }) });
  await dialog.getByText("Another account").waitFor();
  expect(await dialog.getByRole("alert").count()).toBe(0);
  await app.close();
});

test("a refusal after the question is gone causes no error", async () => {
  const app = await stage.open(viewWith(questions.account));
  await app.holdActions();
  await app.page.getByRole("dialog").getByRole("button", { name: "No", exact: true }).click();
  await app.send({ kind: "view", view: view("healthy") });
  await app.page.getByRole("dialog").waitFor({ state: "detached" });
  await app.settleActions(false);
  await app.page.getByRole("alert").filter({ hasText: "Deskside did not take that" }).waitFor();
  await app.close();
});

test("removing a connection that is already gone causes no error", async () => {
  const app = await stage.open(view("healthy"));
  await app.holdActions();
  await app.page.getByRole("button", { name: /^Remove: / }).press("Enter");
  await app.page.keyboard.press("Tab");
  await app.page.keyboard.press("Enter");
  await app.send({ kind: "view", view: view("idle") });
  await app.page.locator("article").waitFor({ state: "detached" });
  await app.settleActions(true);
  expect(await app.actions()).toEqual([{ kind: "use", connection: "con_1", command: "remove" }]);
  await app.close();
});

test("a refusal is visible at the end of long pages", async () => {
  const app = await stage.open(crowded, { refuse: ["act"] });
  await app.page.getByRole("button", { name: /^Check now: Harbor/ }).press("Enter");
  const alert = app.page.getByRole("alert").filter({ hasText: "Deskside did not take that" });
  await alert.waitFor();
  const box = await alert.boundingBox();
  expect(box?.y).toBeGreaterThanOrEqual(0);
  expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(620);
  await app.screenshot("refused-long-page", { whole: false });
  await app.close();
});

test("a question after a closed dialog is shown", async () => {
  const app = await stage.open(viewWith(questions.open));
  await app.page.locator("dialog").evaluate((dialog: HTMLDialogElement) => dialog.close());
  await expect.poll(() => app.actions()).toEqual([answerNo("q1")]);
  await app.send({ kind: "view", view: viewWith(questions.account) });
  await app.page.getByRole("dialog").getByText("Yes, tell them").waitFor();
  await app.close();
});

test("the focus stays in the dialog and returns afterward", async () => {
  const app = await stage.open(view("healthy"));
  await app.page.getByRole("button", { name: /^Check now/ }).focus();
  await app.send({ kind: "view", view: viewWith(questions.known) });
  await app.page.locator("dialog h2:focus").waitFor();
  for (let step = 0; step < 6; step++) {
    await app.page.keyboard.press("Tab");
    // After the last button the browser may focus the body before it starts over, but never the page behind.
    expect(await app.page.evaluate(() => document.activeElement?.matches("dialog *, body"))).toBe(true);
  }
  await app.send({ kind: "view", view: viewWith(questions.working) });
  await app.page.locator("dialog h2:focus").waitFor();
  await app.send({ kind: "view", view: view("healthy") });
  await app.page.getByRole("dialog").waitFor({ state: "detached" });
  expect(await app.focusedText()).toBe("Check now");
  await app.close();
});

test("after an initial question the headline gets the focus", async () => {
  const app = await stage.open(viewWith(questions.open));
  await app.page.locator("dialog h2:focus").waitFor();
  await app.send({ kind: "view", view: view("waiting") });
  await app.page.locator("h1:focus").waitFor();
  await app.close();
});

test("the remedy's button comes first", async () => {
  const shown = connection("problem", { problem: { ...problem, action: "open_link" } });
  const app = await stage.open(view("problem", { connections: [shown] }));
  const buttons = app.page.locator("article .button");
  expect(await buttons.allTextContents()).toSatisfy((texts: string[]) =>
    texts.join().replaceAll(/\s+/g, " ").includes("Open the connection page"),
  );
  expect(await app.page.locator("article .button.primary").textContent()).toContain("Open the connection page");
  await app.page.locator("article .button.primary").click();
  expect(await app.actions()).toEqual([{ kind: "use", connection: "con_1", command: "open_link" }]);
  await app.close();
});

test("a busy connection ignores commands and keeps the focus", async () => {
  const app = await stage.open(view("healthy"));
  await app.page.getByRole("button", { name: /^Check now/ }).press("Enter");
  await app.send({ kind: "view", view: view("healthy", { connections: [connection("healthy", { busy: true })] }) });
  await app.page.getByRole("progressbar").waitFor();
  expect(await app.focusedText()).toBe("Check now");
  await app.page.keyboard.press("Enter");
  expect(await app.actions()).toEqual([{ kind: "use", connection: "con_1", command: "check" }]);
  await app.close();
});

test("removing asks for confirmation; Escape keeps the connection", async () => {
  const app = await stage.open(view("healthy"));
  await app.page.getByRole("button", { name: /^Remove: / }).press("Enter");
  await app.page.getByText("What Acme Books has already fetched stays there").waitFor();
  expect(await app.focusedText()).toBe("Keep it");
  await app.expectAccessible();
  await app.screenshot("remove");
  await app.page.keyboard.press("Escape");
  await app.page.locator("[data-command=remove]:focus").waitFor();
  expect(await app.actions()).toEqual([]);
  await app.page.keyboard.press("Enter");
  await app.page.keyboard.press("Tab");
  await app.page.keyboard.press("Enter");
  const removed = { kind: "use", connection: "con_1", command: "remove" };
  await expect.poll(() => app.actions()).toEqual([removed]);
  await app.close();
});

test("a confirmation closes when the connection becomes busy", async () => {
  const app = await stage.open(view("healthy"));
  await app.page.getByRole("button", { name: /^Remove: / }).press("Enter");
  await app.page.getByText("Keep it").waitFor();
  await app.send({ kind: "view", view: view("healthy", { connections: [connection("healthy", { busy: true })] }) });
  await app.page.locator("article h2:focus").waitFor();
  expect(await app.page.getByText("Keep it").count()).toBe(0);
  // It does not reopen by itself.
  await app.send({ kind: "view", view: view("healthy") });
  await app.page.getByRole("button", { name: /^Remove: / }).waitFor();
  expect(await app.page.getByText("Keep it").count()).toBe(0);
  await app.close();
});

test("one Escape answers only the topmost question", async () => {
  const app = await stage.open(view("healthy"));
  await app.page.getByRole("button", { name: /^Remove: / }).press("Enter");
  await app.send({ kind: "view", view: viewWith(questions.open) });
  await app.page.locator("dialog h2:focus").waitFor();
  await app.page.keyboard.press("Escape");
  await expect.poll(() => app.actions()).toEqual([answerNo("q1")]);
  expect(await app.page.getByText("Keep it").count()).toBe(1);
  await app.send({ kind: "view", view: view("healthy") });
  await app.page.locator("button:focus", { hasText: "Keep it" }).waitFor();
  await app.close();
});

test("stopping asks for confirmation with the program's sentence", async () => {
  const app = await stage.open(view("healthy"));
  const stop = app.page.getByRole("button", { name: /^Stop syncing: / });
  await stop.press("Enter");
  expect(await stop.getAttribute("aria-expanded")).toBe("true");
  await app.page
    .getByRole("group", { name: "Stop syncing this connection?" })
    .getByText("What it has, it keeps.")
    .waitFor();
  expect(await app.focusedText()).toBe("Keep syncing");
  await app.expectAccessible();
  await app.screenshot("stop");
  await app.page.keyboard.press("Tab");
  await app.page.keyboard.press("Enter");
  await app.page.locator("[data-command=stop_syncing]:focus").waitFor();
  expect(await app.actions()).toEqual([{ kind: "use", connection: "con_1", command: "stop_syncing" }]);
  await app.close();
});

test("only the last command's confirmation is open", async () => {
  const app = await stage.open(view("healthy"));
  await app.page.getByRole("button", { name: /^Stop syncing: / }).click();
  await app.page.getByRole("button", { name: /^Remove: / }).click();
  await app.page.getByRole("group", { name: "Remove this connection?" }).waitFor();
  expect(await app.page.getByRole("group", { name: "Stop syncing this connection?" }).count()).toBe(0);
  expect(await app.focusedText()).toBe("Keep it");
  await app.close();
});

test("a confirmation closes when its command is gone", async () => {
  const app = await stage.open(view("healthy"));
  await app.page.getByRole("button", { name: /^Stop syncing: / }).press("Enter");
  await app.send({
    kind: "view",
    view: view("healthy", { connections: [connection("healthy", { commands: ["check"] })] }),
  });
  await app.page.locator("article h2:focus").waitFor();
  expect(await app.page.getByRole("button", { name: "Stop syncing" }).count()).toBe(0);
  await app.close();
});

test("removing a connection moves the focus to a heading", async () => {
  const app = await stage.open(view("healthy"));
  await app.page.getByRole("button", { name: /^Check now/ }).focus();
  await app.send({ kind: "view", view: view("idle") });
  await app.page.locator("h1:focus").waitFor();
  await app.close();
});

test("the keyboard opens a connection's details", async () => {
  const app = await stage.open(view("healthy"));
  const details = app.page.locator("article details");
  expect(await details.getByText("Last successful sync").isVisible()).toBe(false);
  await details.locator("summary").press("Enter");
  await details.getByText("No sync has been seen yet").waitFor();
  // Good facts have no icon here.
  expect(await details.getByText("Good", { exact: true }).count()).toBe(0);
  await app.expectAccessible();
  await app.screenshot("details");
  await app.close();
});

test("details are copied to the clipboard", async () => {
  const app = await stage.open(view("problem"), { clipboard: "allowed" });
  await app.page.getByRole("button", { name: /^Copy details/ }).press("Enter");
  await app.page.getByText("Copied.").waitFor();
  expect(await app.page.evaluate(() => navigator.clipboard.readText())).toBe("Details of con_1");
  await app.close();
});

test("without clipboard access the text is selected", async () => {
  const app = await stage.open(view("problem"), { clipboard: "refused" });
  await app.page.getByRole("button", { name: /^Copy details/ }).press("Enter");
  await app.page.locator("textarea:focus").waitFor();
  expect(await app.page.evaluate(() => window.getSelection()?.toString())).toBe("Details of con_1");
  await app.expectAccessible();
  await app.screenshot("copy-by-hand");
  await app.close();
});

test("the request number is copied for support", async () => {
  const app = await stage.open(view("problem"), { clipboard: "allowed" });
  await app.page.getByText("Details for support").click();
  await app.page.getByRole("button", { name: "Copy request number" }).click();
  await app.page.getByText("Copied.").waitFor();
  expect(await app.page.evaluate(() => navigator.clipboard.readText())).toBe("req_7Hq2mXv9TzK4sNwB1cYd");
  await app.expectAccessible();
  await app.screenshot("support-details");
  await app.close();
});

test("the provider's message is shown unchanged", async () => {
  const app = await stage.open(view("problem"));
  expect(await app.page.locator("blockquote").textContent()).toBe(problem.provider_message);
  await app.close();
});

test("only dismissible notices can be dismissed", async () => {
  const app = await stage.open(crowded);
  const dismiss = app.page.getByRole("button", { name: /^Dismiss/ });
  expect(await dismiss.count()).toBe(1);
  await dismiss.press("Enter");
  expect(await app.actions()).toEqual([{ kind: "dismiss", code: "link.untrusted_host" }]);
  await app.close();
});

test("Look again requests a passive refresh", async () => {
  const app = await stage.open(view("healthy"));
  await app.openPage("Diagnostics");
  await app.page.getByRole("button", { name: "Look again" }).press("Space");
  await app.page.getByText("Looking again.").waitFor();
  expect(await app.actions()).toEqual([{ kind: "refresh" }]);
  await app.close();
});

test("the feedback on Look again disappears", async () => {
  const app = await stage.open(view("healthy"));
  await app.openPage("Diagnostics");
  await app.page.clock.pauseAt("2026-03-04T10:05:00Z");
  await app.page.getByRole("button", { name: "Look again" }).press("Space");
  await app.page.getByText("Looking again.").waitFor();
  await app.page.clock.runFor(10_000);
  expect(await app.page.getByText("Looking again.").count()).toBe(0);
  await app.close();
});

test("without a connection the computer's details are copied", async () => {
  const app = await stage.open(view("idle"), { clipboard: "allowed" });
  await app.openPage("Diagnostics");
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
  await app.expectAccessible();
  await app.screenshot("diagnostics-without-connections");
  await app.close();
});

test("expandable titles are large enough to click", async () => {
  const app = await stage.open(crowded);
  for (const name of ["Status", "Settings"]) {
    await app.openPage(name);
    const heights = await app.page
      .locator("summary")
      .evaluateAll((all) => all.map((it) => it.getBoundingClientRect().height));
    expect(heights.length).toBeGreaterThan(0);
    expect(Math.min(...heights)).toBeGreaterThanOrEqual(24);
  }
  await app.close();
});

test("a switch shows the program's setting", async () => {
  const app = await stage.open(view("healthy"));
  await app.openPage("Settings");
  const control = app.page.getByRole("switch", { name: "Notifications" });
  await control.press("Space");
  expect(await app.actions()).toEqual([{ kind: "change", settings: { notifications: false } }]);
  expect(await control.getAttribute("aria-checked")).toBe("true");
  await app.send({ kind: "view", view: view("healthy", { settings: { notifications: false } }) });
  await app.page.locator("[role=switch][aria-checked=false]").waitFor();
  await app.close();
});

test("the user can change whether Deskside starts at login", async () => {
  const app = await stage.open(view("healthy"));
  await app.openPage("Settings");
  const control = app.page.getByRole("switch", { name: "Start Deskside when I sign in" });
  await control.press("Space");
  expect(await app.actions()).toEqual([{ kind: "start_at_login", on: false }]);
  expect(await control.getAttribute("aria-checked")).toBe("true");
  await app.close();
});

test.each([
  [{ kind: "turned_off_in_task_manager" } as const, "false", "Turned off in Task Manager"],
  [{ kind: "by_administrator", on: true } as const, "true", "Whoever looks after this computer"],
  [{ kind: "cannot_tell" } as const, "false", "cannot look at this"],
])("a fixed switch says why: %o", async (start, checked, reason) => {
  const app = await stage.open(view("healthy", { login_start: start }));
  await app.openPage("Settings");
  const control = app.page.getByRole("switch", { name: "Start Deskside when I sign in" });
  expect(await control.getAttribute("aria-checked")).toBe(checked);
  expect(await control.getAttribute("aria-disabled")).toBe("true");
  await app.page.getByText(reason).waitFor();
  await control.press("Space");
  expect(await app.actions()).toEqual([]);
  await app.close();
});

test("opening a program is offered and runs once", async () => {
  const app = await stage.open(view("problem", { shortcuts: ["open_quickbooks", "open_log"] }));
  await app.openPage("Diagnostics");
  const open = app.page.getByRole("button", { name: "Open QuickBooks" });
  await open.press("Enter");
  await app.send({
    kind: "view",
    view: view("problem", { shortcuts: ["open_quickbooks"], opening: "open_quickbooks" }),
  });
  await app.page.getByRole("status").filter({ hasText: "This can take a minute or two" }).waitFor();
  await open.press("Enter");
  expect(await app.actions()).toEqual([{ kind: "open", command: "open_quickbooks" }]);
  await app.close();
});

test("advice has its button", async () => {
  const app = await stage.open(crowded);
  await app.page.getByRole("button", { name: "Open Windows’ sleep settings" }).press("Enter");
  expect(await app.actions()).toEqual([{ kind: "open", command: "open_sleep_settings" }]);
  await app.close();
});

test("trial mode is shown on every page", async () => {
  const app = await stage.open(crowded);
  for (const name of ["Status", "Set up", "Diagnostics", "Settings"]) {
    await app.openPage(name);
    await app.page.getByText("Trial mode: not for real companies").waitFor();
  }
  await app.close();
});
