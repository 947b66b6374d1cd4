// Messages: where they stand, when they are said, and how they go.

import { afterAll, beforeAll, expect, test } from "vitest";
import type { Notice } from "../../src/generated/Notice";
import { crowded, view } from "../scenes";
import { type Look, Stage } from "./stage";

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.build();
});
afterAll(() => stage.strike());

const advice = (code: string, title: string): Notice => ({
  code,
  severity: "info",
  title,
  text: "This computer sleeps after 30 minutes without use; no data flows then.",
  steps: ["In Windows’ settings for power and sleep, choose “Never” when plugged in."],
  action: "open_sleep_settings",
  dismissible: false,
});
const advices = [advice("computer.sleeps", "It sleeps"), advice("computer.restart_pending", "It wants to restart")];
const failure = (code: string, title: string): Notice => ({
  code,
  severity: "warning",
  title,
  text: "Acme Books gave no usable answer.",
  steps: [],
  action: null,
  dismissible: true,
});

test.each([
  ["narrow", { width: 320, height: 480 }],
  ["zoomed", { width: 460, height: 640, zoom: 2 }],
] as [string, Look][])("what_is_good_to_know_leaves_the_top_to_what_is_wrong: %s", async (name, look) => {
  const app = await stage.open(view("problem", { notices: advices }), look);
  const heading = await app.page.locator("h1").boundingBox();
  const height = app.page.viewportSize()?.height ?? 0;
  expect((heading?.y ?? height) + (heading?.height ?? 0)).toBeLessThan(height);
  const last = await app.page.getByRole("region", { name: "Connections" }).boundingBox();
  const told = await app.page.getByRole("heading", { name: "It sleeps" }).boundingBox();
  expect(told?.y).toBeGreaterThan((last?.y ?? 0) + (last?.height ?? 0));
  await app.isAccessible();
  await app.shoot(`advice-${name}`);
  await app.close();
});

test("what_went_wrong_stands_above_everything", async () => {
  const app = await stage.open(view("problem", { notices: [...advices, failure("connection.not_made", "Not made")] }));
  const heading = await app.page.locator("h1").boundingBox();
  const told = await app.page.getByRole("heading", { name: "Not made" }).boundingBox();
  expect(told?.y).toBeLessThan(heading?.y ?? 0);
  await app.close();
});

test("a_message_is_said_when_it_comes_and_not_when_a_page_is_turned", async () => {
  const app = await stage.open(crowded);
  await app.page.evaluate(() => {
    const heard: string[] = [];
    Object.assign(window, { heard });
    const hear = ({ addedNodes }: MutationRecord) => [...addedNodes].map((node) => node.textContent?.trim() ?? "");
    for (const live of document.querySelectorAll("[aria-live]")) {
      const observer = new MutationObserver((changes) => heard.push(...changes.flatMap(hear)));
      observer.observe(live, { childList: true, subtree: true });
    }
  });
  const heard = () => app.page.evaluate(() => (window as unknown as { heard: string[] }).heard.filter(Boolean));
  for (const name of ["Set up", "Status", "Settings"]) await app.turnTo(name);
  expect(await heard()).toEqual([]);
  await app.say({
    kind: "view",
    view: { ...crowded, notices: [...crowded.notices, failure("connection.not_made", "Not made")] },
  });
  await expect.poll(heard).toEqual(["Needs attention: Not made"]);
  await app.close();
});

test("after_a_message_is_dismissed_the_next_one_has_the_focus", async () => {
  const [first, second, third] = [failure("a", "First"), failure("b", "Second"), failure("c", "Third")];
  const app = await stage.open(view("healthy", { notices: [first, second, third] }));
  await app.page.getByRole("button", { name: "Dismiss: Second" }).focus();
  await app.say({ kind: "view", view: view("healthy", { notices: [first, third] }) });
  await app.page.locator("h2:focus", { hasText: "Third" }).waitFor();
  await app.page.getByRole("button", { name: "Dismiss: Third" }).focus();
  await app.say({ kind: "view", view: view("healthy", { notices: [first] }) });
  await app.page.locator("h2:focus", { hasText: "First" }).waitFor();
  await app.page.getByRole("button", { name: "Dismiss: First" }).focus();
  await app.say({ kind: "view", view: view("healthy") });
  await app.page.locator("h1:focus").waitFor();
  await app.close();
});

test("a_message_that_was_opened_and_dismissed_leaves_the_focus_on_the_next_one", async () => {
  const [first, second] = [failure("a", "First"), failure("b", "Second")];
  const app = await stage.open(view("healthy", { notices: [first, second] }));
  await app.turnTo("Settings");
  await app.page.locator("summary", { hasText: "First" }).press("Enter");
  await app.page.getByRole("button", { name: "Dismiss: First" }).focus();
  await app.say({ kind: "view", view: view("healthy", { notices: [second] }) });
  await app.page.locator("summary:focus", { hasText: "Second" }).waitFor();
  await app.close();
});
