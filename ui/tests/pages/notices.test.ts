// Notices: their position, their announcements, and how they are dismissed.

import { afterAll, beforeAll, expect, test } from "vitest";
import type { Notice } from "../../src/generated/Notice";
import { crowded, view } from "../fixtures";
import { type Appearance, Stage } from "./stage";

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.build();
});
afterAll(() => stage.close());

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
] as [string, Appearance][])("advice comes below problems: %s", async (name, appearance) => {
  const app = await stage.open(view("problem", { notices: advices }), appearance);
  const heading = await app.page.locator("h1").boundingBox();
  const height = app.page.viewportSize()?.height ?? 0;
  expect((heading?.y ?? height) + (heading?.height ?? 0)).toBeLessThan(height);
  const last = await app.page.getByRole("region", { name: "Connections" }).boundingBox();
  const notice = await app.page.getByRole("heading", { name: "It sleeps" }).boundingBox();
  expect(notice?.y).toBeGreaterThan((last?.y ?? 0) + (last?.height ?? 0));
  await app.expectAccessible();
  await app.screenshot(`advice-${name}`);
  await app.close();
});

test("failures come above everything else", async () => {
  const app = await stage.open(view("problem", { notices: [...advices, failure("connection.not_made", "Not made")] }));
  const heading = await app.page.locator("h1").boundingBox();
  const notice = await app.page.getByRole("heading", { name: "Not made" }).boundingBox();
  expect(notice?.y).toBeLessThan(heading?.y ?? 0);
  await app.close();
});

test("a notice is announced once, when it appears", async () => {
  const app = await stage.open(crowded);
  await app.page.evaluate(() => {
    const announced: string[] = [];
    Object.assign(window, { announced });
    const textsOf = ({ addedNodes }: MutationRecord) => [...addedNodes].map((node) => node.textContent?.trim() ?? "");
    for (const live of document.querySelectorAll("[aria-live]")) {
      const observer = new MutationObserver((changes) => announced.push(...changes.flatMap(textsOf)));
      observer.observe(live, { childList: true, subtree: true });
    }
  });
  const announcements = () =>
    app.page.evaluate(() => (window as unknown as { announced: string[] }).announced.filter(Boolean));
  for (const name of ["Set up", "Status", "Settings"]) await app.openPage(name);
  expect(await announcements()).toEqual([]);
  await app.send({
    kind: "view",
    view: { ...crowded, notices: [...crowded.notices, failure("connection.not_made", "Not made")] },
  });
  await expect.poll(announcements).toEqual(["Needs attention: Not made"]);
  await app.close();
});

test("dismissing a notice moves the focus to the next", async () => {
  const [first, second, third] = [failure("a", "First"), failure("b", "Second"), failure("c", "Third")];
  const app = await stage.open(view("healthy", { notices: [first, second, third] }));
  await app.page.getByRole("button", { name: "Dismiss: Second" }).focus();
  await app.send({ kind: "view", view: view("healthy", { notices: [first, third] }) });
  await app.page.locator("h2:focus", { hasText: "Third" }).waitFor();
  await app.page.getByRole("button", { name: "Dismiss: Third" }).focus();
  await app.send({ kind: "view", view: view("healthy", { notices: [first] }) });
  await app.page.locator("h2:focus", { hasText: "First" }).waitFor();
  await app.page.getByRole("button", { name: "Dismiss: First" }).focus();
  await app.send({ kind: "view", view: view("healthy") });
  await app.page.locator("h1:focus").waitFor();
  await app.close();
});

test("dismissing an expanded notice moves the focus to the next", async () => {
  const [first, second] = [failure("a", "First"), failure("b", "Second")];
  const app = await stage.open(view("healthy", { notices: [first, second] }));
  await app.openPage("Settings");
  await app.page.locator("summary", { hasText: "First" }).press("Enter");
  await app.page.getByRole("button", { name: "Dismiss: First" }).focus();
  await app.send({ kind: "view", view: view("healthy", { notices: [second] }) });
  await app.page.locator("summary:focus", { hasText: "Second" }).waitFor();
  await app.close();
});
