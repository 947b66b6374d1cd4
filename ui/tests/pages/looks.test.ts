// What the pages look like, and that everybody can use them: every mood, page and question, in light, dark and
// forced colours, narrow and zoomed.

import { afterAll, beforeAll, expect, test } from "vitest";
import type { View } from "../../src/generated/View";
import { connection, crowded, links, moods, questions, underWay, view } from "../scenes";
import { type Look, Stage } from "./stage";

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.build();
});
afterAll(() => stage.strike());

const looks: [string, Look][] = [
  ["light", { colorScheme: "light" }],
  ["dark", { colorScheme: "dark" }],
  ["forced", { forcedColors: "active" }],
  ["forced-dark", { forcedColors: "active", colorScheme: "dark" }],
];
const pages = ["Status", "Set up", "Diagnostics", "Settings"];
const file = (...parts: string[]) => parts.join("-").toLowerCase().replaceAll(" ", "");

async function check(name: string, shown: View, look: Look, turn?: string) {
  const app = await stage.open(shown, look);
  if (turn !== undefined) await app.turnTo(turn);
  // Yes is greyed out in a question's first moment; look at it as it is read.
  if (shown.question?.kind === "open_link") await app.page.locator("form button:enabled.primary").waitFor();
  await app.fitsItsWidth();
  await app.isAccessible();
  await app.shoot(name, { whole: shown.question === null });
  await app.close();
}

for (const [lookName, look] of looks) {
  test.each(moods)(`the mood %s is shown, ${lookName}`, async (mood) => {
    await check(file("mood", mood, lookName), view(mood), look);
  });

  test.each(pages)(`the page %s is shown, ${lookName}`, async (page) => {
    await check(file("page", page, lookName), crowded, look, page);
  });

  test(`every stage of a link is shown, ${lookName}`, async () => {
    await check(file("links", lookName), underWay, look);
  });

  test.each(Object.entries(questions))(`the question %s is asked, ${lookName}`, async (name, question) => {
    await check(file("question", name, lookName), view("healthy", { question }), look);
  });
}

const narrow: [string, Look][] = [
  ["320", { width: 320 }],
  ["zoom200", { zoom: 2 }],
  ["320-zoom200", { width: 320, zoom: 2 }],
];

for (const [lookName, look] of narrow) {
  test.each(pages)(`the page %s fits, ${lookName}`, async (page) => {
    await check(file("narrow", page, lookName), crowded, look, page);
  });

  test(`every stage of a link fits, ${lookName}`, async () => {
    await check(file("narrow", "links", lookName), underWay, look);
  });

  test.each(Object.entries(questions))(`the question %s fits, ${lookName}`, async (name, question) => {
    await check(file("narrow", "question", name, lookName), view("healthy", { question }), look);
  });
}

test.each(Object.entries(links))("a link is on its way: %s", async (name, link) => {
  const offers = connection("waiting").offers;
  const shown = connection("waiting", { link, offers, headline: link.title });
  await check(file("link", name), view("waiting", { headline: link.title, connections: [shown] }), {});
});

test.each(pages)("the page %s is read from right to left", async (page) => {
  await check(file("mirrored", page), crowded, { mirrored: true }, page);
});

test("every stage of a link is read from right to left", async () => {
  await check(file("mirrored", "links"), underWay, { mirrored: true });
});

test("every_mood_is_told_by_its_shape_and_not_by_its_colour_alone", async () => {
  const shapes = new Set<string>();
  for (const mood of moods) {
    const app = await stage.open(view(mood));
    const mark = app.page.locator("main svg").first();
    shapes.add(await mark.evaluate((svg) => svg.innerHTML));
    await app.close();
  }
  expect(shapes.size).toBe(moods.length);
});

test("forced_colours_reach_the_marks", async () => {
  const app = await stage.open(view("problem"), { forcedColors: "active" });
  const fill = await app.page
    .locator("main svg .fill")
    .first()
    .evaluate((it) => getComputedStyle(it).fill);
  const text = await app.page.locator("h1").evaluate((it) => getComputedStyle(it).color);
  expect(fill).toBe(text);
  await app.close();
});
