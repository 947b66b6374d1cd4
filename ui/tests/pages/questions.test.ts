// How the dialog asks its questions and takes the answers, mostly by keyboard.

import { afterAll, beforeAll, expect, test } from "vitest";
import { questions, view } from "../fixtures";
import { answerNo, showQuestion, viewWith } from "./questions";
import { type Appearance, Stage } from "./stage";

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.build();
});
afterAll(() => stage.close());

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
