// The appearance and accessibility of every status, page and question: light, dark and in forced colors, narrow and
// zoomed.

import { afterAll, beforeAll, expect, test } from "vitest";
import type { View } from "../../src/generated/View";
import { allStages, connection, crowded, links, questions, statuses, view } from "../fixtures";
import { type Appearance, Stage } from "./stage";

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.build();
});
afterAll(() => stage.close());

const appearances: [string, Appearance][] = [
  ["light", { colorScheme: "light" }],
  ["dark", { colorScheme: "dark" }],
  ["forced", { forcedColors: "active" }],
  ["forced-dark", { forcedColors: "active", colorScheme: "dark" }],
];
const pages = ["Status", "Set up", "Diagnostics", "Settings"];
const file = (...parts: string[]) => parts.join("-").toLowerCase().replaceAll(" ", "");

async function check(name: string, shown: View, appearance: Appearance, page?: string) {
  const app = await stage.open(shown, appearance);
  if (page !== undefined) await app.openPage(page);
  // Yes is disabled in a question's first moment; the screenshot shows it enabled.
  if (shown.question?.kind === "open_link") await app.page.locator("form button:enabled.primary").waitFor();
  await app.expectNoSidewaysScrolling();
  await app.expectAccessible();
  await app.screenshot(name, { whole: shown.question === null });
  await app.close();
}

for (const [variant, appearance] of appearances) {
  test.each(statuses)(`the status %s is shown, ${variant}`, async (status) => {
    await check(file("status", status, variant), view(status), appearance);
  });

  test.each(pages)(`the page %s is shown, ${variant}`, async (page) => {
    await check(file("page", page, variant), crowded, appearance, page);
  });

  test(`every stage of a link is shown, ${variant}`, async () => {
    await check(file("links", variant), allStages, appearance);
  });

  test.each(Object.entries(questions))(`the question %s is shown, ${variant}`, async (name, question) => {
    await check(file("question", name, variant), view("healthy", { question }), appearance);
  });
}

const narrow: [string, Appearance][] = [
  ["320", { width: 320 }],
  ["zoom200", { zoom: 2 }],
  ["320-zoom200", { width: 320, zoom: 2 }],
];

for (const [variant, appearance] of narrow) {
  test.each(pages)(`the page %s fits, ${variant}`, async (page) => {
    await check(file("narrow", page, variant), crowded, appearance, page);
  });

  test(`every stage of a link fits, ${variant}`, async () => {
    await check(file("narrow", "links", variant), allStages, appearance);
  });

  test.each(Object.entries(questions))(`the question %s fits, ${variant}`, async (name, question) => {
    await check(file("narrow", "question", name, variant), view("healthy", { question }), appearance);
  });
}

test.each(Object.entries(links))("the link state %s is shown", async (name, link) => {
  const commands = connection("waiting").commands;
  const shown = connection("waiting", { link, commands, headline: link.title });
  await check(file("link", name), view("waiting", { headline: link.title, connections: [shown] }), {});
});

test.each(pages)("the page %s is shown right to left", async (page) => {
  await check(file("mirrored", page), crowded, { mirrored: true }, page);
});

test("every stage of a link is shown right to left", async () => {
  await check(file("mirrored", "links"), allStages, { mirrored: true });
});

test("status icons differ by shape, not only by color", async () => {
  const shapes = new Set<string>();
  for (const status of statuses) {
    const app = await stage.open(view(status));
    const icon = app.page.locator("main svg").first();
    shapes.add(await icon.evaluate((svg) => svg.innerHTML));
    await app.close();
  }
  expect(shapes.size).toBe(statuses.length);
});

test("icons follow forced colors", async () => {
  const app = await stage.open(view("problem"), { forcedColors: "active" });
  const fill = await app.page
    .locator("main svg .fill")
    .first()
    .evaluate((it) => getComputedStyle(it).fill);
  const text = await app.page.locator("h1").evaluate((it) => getComputedStyle(it).color);
  expect(fill).toBe(text);
  await app.close();
});
