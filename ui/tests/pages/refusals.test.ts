// What the page does when the program refuses an action, or answers too late.

import { afterAll, beforeAll, expect, test } from "vitest";
import { crowded, questions, view } from "../fixtures";
import { answerNo, showQuestion, viewWith } from "./questions";
import { Stage } from "./stage";

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.build();
});
afterAll(() => stage.close());

test("the page says that an action was refused", async () => {
  const app = await stage.open(view("healthy"), { refuse: ["act"] });
  await app.page.getByRole("button", { name: /^Check now/ }).click();
  await app.page.getByRole("alert").getByText("Deskside did not take that").waitFor();
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
