// Links, integrations that can be connected, and signing out of an application.

import { afterAll, beforeAll, expect, test } from "vitest";
import type { Action } from "../../src/generated/Action";
import type { Command } from "../../src/generated/Command";
import type { LinkView } from "../../src/generated/LinkView";
import type { SourceState } from "../../src/generated/SourceState";
import { checks, connection, link, links, problem, questions, source, sources, view } from "../fixtures";
import { showQuestion, viewWith } from "./questions";
import { Stage } from "./stage";

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.build();
});
afterAll(() => stage.close());

const viewWithLink = (shown: LinkView) =>
  view("waiting", { connections: [connection("waiting", { link: shown, commands: ["copy_details", "remove"] })] });
const use = (command: Command): Action => ({ kind: "use", connection: "con_1", command });

test("failed checks offer a remedy and opening anyway", async () => {
  const app = await stage.open(viewWithLink(links["preflight-bad"]));
  expect(await app.page.locator("article .primary").allTextContents()).toEqual(["Open QuickBooks"]);
  await app.page.getByRole("button", { name: "Open QuickBooks" }).press("Enter");
  await app.page.getByRole("button", { name: /^Open it anyway: / }).press("Enter");
  expect(await app.actions()).toEqual([use("open_quickbooks"), use("go_on")]);
  await app.close();
});

test("a remedy in progress cannot be requested again", async () => {
  const app = await stage.open({ ...viewWithLink(links["preflight-bad"]), opening: "open_quickbooks" });
  await app.page.getByRole("status").filter({ hasText: "This can take a minute or two" }).waitFor();
  await app.page.getByRole("button", { name: "Open QuickBooks" }).press("Enter");
  expect(await app.actions()).toEqual([]);
  await app.close();
});

test("without failed checks, opening the page is primary", async () => {
  const app = await stage.open(viewWithLink(links["preflight-good"]));
  expect(await app.page.locator("article .primary").allTextContents()).toEqual(["Open the page"]);
  await app.page.getByRole("button", { name: /^Remove: / }).click();
  await app.page.getByText("Keep it").waitFor();
  expect(await app.page.locator("article .primary").count()).toBe(1);
  await app.close();
});

test("a link can be canceled while the connection is busy", async () => {
  const shown = connection("waiting", { link: links.waiting, busy: true });
  const app = await stage.open(view("waiting", { connections: [shown] }));
  await app.page.getByRole("button", { name: /^Open the connection page: / }).press("Enter");
  await app.page.getByRole("button", { name: /^Cancel this link: / }).press("Enter");
  expect(await app.actions()).toEqual([use("cancel_link")]);
  await app.close();
});

test("a new stage is announced and receives the lost focus", async () => {
  const app = await stage.open(viewWithLink(links["preflight-good"]));
  await app.page.getByRole("button", { name: /^Open the page: / }).press("Enter");
  await app.send({ kind: "view", view: viewWithLink(links.fetching) });
  await app.page.locator("article h3:focus", { hasText: "Getting the connection page" }).waitFor();
  await app.page.locator("article > [role=status]", { hasText: "Getting the connection page" }).waitFor();
  await app.page.getByRole("progressbar", { name: "Getting the link" }).waitFor();
  await app.close();
});

test("completed steps are marked as done", async () => {
  const app = await stage.open(viewWithLink(links.waiting));
  const steps = app.page.locator("article li");
  const done = await steps.evaluateAll((all) => all.map((step) => /Done$/.test(step.textContent?.trim() ?? "")));
  expect(done).toEqual([true, true, false, false]);
  await app.close();
});

test("a newly completed step is announced", async () => {
  const app = await stage.open(viewWithLink(links.waiting));
  const progress = app.page.locator("article [role=status]").filter({ hasText: "of 4 done" });
  expect(await progress.textContent()).toBe("2 of 4 done");
  const region = await progress.elementHandle();
  const steps = links.waiting.steps.map((step) => ({ ...step, done: true }));
  await app.send({ kind: "view", view: viewWithLink({ ...links.waiting, steps }) });
  await expect.poll(() => region?.textContent()).toBe("4 of 4 done");
  await app.close();
});

test("the button has the name that the steps use", async () => {
  const steps = ["Choose “Open the connection page” and follow the steps to their end."];
  const canceled = { ...problem, steps, action: "open_link" } as const;
  const app = await stage.open(
    view("problem", {
      connections: [
        connection("problem", { problem: canceled, link: links.ended }),
        connection("waiting", { id: "con_2", link: links.waiting }),
        connection("healthy", { id: "con_3" }),
      ],
    }),
  );
  const names = await app.page.locator("[data-command=open_link]").allTextContents();
  expect(names.map((name) => name.trim())).toEqual(Array(3).fill("Open the connection page"));
  await app.close();
});

const twelve = Array.from({ length: 12 }, (_, index) =>
  connection("healthy", { id: `con_${index}`, name: `Company ${index}` }),
);

test("a new link appears above older connections", async () => {
  const fresh = connection("waiting", { id: "fresh", name: "Fresh", link: links.waiting });
  const app = await stage.open(view("waiting", { connections: [...twelve, fresh] }));
  const timer = await app.page.getByRole("timer").boundingBox();
  expect((timer?.y ?? Number.POSITIVE_INFINITY) + (timer?.height ?? 0)).toBeLessThan(620);
  await app.close();
});

test("a card that moves up keeps the focus", async () => {
  const app = await stage.open(view("healthy", { connections: twelve }));
  await app.page.getByRole("button", { name: "Check now: Company 7" }).focus();
  const connections = twelve.map((it) => (it.id === "con_7" ? { ...it, problem } : it));
  await app.send({ kind: "view", view: view("problem", { connections }) });
  await expect.poll(() => app.page.locator("article h2").first().textContent()).toBe("Company 7");
  await app.page.locator("button:focus", { hasText: "Check now" }).waitFor();
  await app.close();
});

test("a countdown runs by itself and is announced rarely", async () => {
  const app = await stage.open(null);
  // The stage fixes the time; this test needs a clock that runs with the timers.
  await app.page.clock.setSystemTime("2026-03-04T10:00:00Z");
  await app.page.clock.pauseAt("2026-03-04T10:05:00Z");
  await app.send({ kind: "view", view: viewWithLink(link("waiting", { expires_at: "2026-03-04T10:15:30Z" })) });
  const shown = app.page.getByRole("timer");
  const spoken = app.page.locator("[role=timer] + [role=status]");
  expect(await shown.textContent()).toBe("Runs out in 10 minutes");
  expect(await spoken.textContent()).toBe("");
  // For each step: seconds to wait, the text shown, and the last announcement.
  for (const [seconds, text, last] of [
    [30, "Runs out in 10 minutes", "Runs out in 10 minutes"],
    [8 * 60, "Runs out in 2 minutes", "Runs out in 5 minutes"],
    [90, "Runs out in 30 seconds", "Runs out in 1 minute"],
    [29, "Runs out in 1 second", "Runs out in 1 minute"],
    // The program decides whether the link has expired.
    [1, "", ""],
  ] as const) {
    await app.page.clock.runFor(seconds * 1000);
    expect(await shown.textContent()).toBe(text);
    expect(await spoken.textContent()).toBe(last);
  }
  await app.close();
});

test("a question shows failed checks and still accepts Yes", async () => {
  const app = await stage.open(view("healthy"));
  await showQuestion(app, questions["open-checked"]);
  const dialog = app.page.getByRole("dialog");
  await dialog.getByText(checks.closed.text).waitFor();
  expect(await dialog.getByText(checks.file.text).count()).toBe(0);
  await dialog.getByRole("button", { name: "Open QuickBooks" }).click();
  await dialog.getByRole("button", { name: "Open in browser" }).click();
  const yes = { kind: "answer", question: "q1", yes: true, started_here: false };
  expect(await app.actions()).toEqual([{ kind: "open", command: "open_quickbooks" }, yes]);
  await app.close();
});

test("a question's remedy ignores clicks in its first moment", async () => {
  const app = await stage.open(view("healthy"));
  await app.page.clock.pauseAt("2026-03-04T10:05:00Z");
  await app.send({ kind: "view", view: viewWith(questions["open-checked"]) });
  await app.page.getByRole("dialog").getByRole("button", { name: "Open QuickBooks" }).click({ force: true });
  expect(await app.actions()).toEqual([]);
  await app.close();
});

const connecting = view("idle", { sources: [source] });

test("the prescribed button connects an integration", async () => {
  const app = await stage.open(connecting);
  await app.openPage("Set up");
  await app.page.getByRole("img", { name: "The logo of QuickBooks Desktop" }).waitFor();
  const button = app.page.getByRole("button", { name: "Connect to QuickBooks", exact: true });
  await button.press("Enter");
  expect(await app.actions()).toEqual([{ kind: "connect", source: "src_1", integration: "ledger" }]);
  await app.close();
});

test("only one connection is requested at a time", async () => {
  const other = { ...source, id: "src_2", name: "Other App" };
  const idle = view("idle", { sources: [source, other] });
  const app = await stage.open(idle);
  await app.openPage("Set up");
  const buttons = app.page.getByRole("button", { name: "Connect Larch Ledger" });
  await buttons.first().press("Enter");
  await app.send({ kind: "view", view: { ...idle, sources: [{ ...source, connecting: true }, other] } });
  await app.page.getByRole("progressbar", { name: /^Asking Acme Books/ }).waitFor();
  expect(await app.page.getByText("Asking Other App").count()).toBe(0);
  for (const button of await buttons.all()) await button.press("Enter");
  expect(await app.actions()).toEqual([{ kind: "connect", source: "src_1", integration: "plain" }]);
  await app.expectAccessible();
  await app.screenshot("connecting");
  // Whatever the result, the request is over.
  await app.send({ kind: "view", view: idle });
  expect(await app.page.getByRole("progressbar").count()).toBe(0);
  expect(await app.page.getByText("Asking Acme Books").count()).toBe(0);
  await app.close();
});

test("a source that fails to load can be retried", async () => {
  const at = (state: SourceState) =>
    view("healthy", { sources: [{ ...source, state, integrations: state === "ready" ? source.integrations : [] }] });
  const app = await stage.open(at("loading"));
  await app.openPage("Set up");
  await app.page.getByRole("progressbar", { name: "Asking Acme Books what can be connected." }).waitFor();
  await app.send({ kind: "view", view: at("failed") });
  await app.page.getByRole("status").filter({ hasText: "could not ask Acme Books" }).waitFor();
  expect(await app.page.getByText("Open the link from your application").count()).toBe(0);
  await app.expectAccessible();
  await app.screenshot("source-failed");
  await app.page.getByRole("button", { name: "Ask again: Acme Books" }).press("Enter");
  expect(await app.actions()).toEqual([{ kind: "refresh" }]);
  await app.send({ kind: "view", view: at("loading") });
  await app.page.locator("h2:focus", { hasText: "Connect at Acme Books" }).waitFor();
  await app.send({ kind: "view", view: at("ready") });
  await app.page.getByRole("button", { name: "Connect Larch Ledger" }).waitFor();
  expect(await app.page.getByText("could not ask").count()).toBe(0);
  await app.close();
});

test.each(["light", "dark"] as const)("the prescribed button changes on hover and focus, %s", async (colorScheme) => {
  const app = await stage.open(connecting, { colorScheme });
  await app.openPage("Set up");
  const button = app.page.getByRole("button", { name: "Connect to QuickBooks" });
  const shown = () =>
    button.locator("img").evaluateAll((all) => all.map((it) => getComputedStyle(it).visibility === "visible"));
  await button.locator("img").nth(1).waitFor({ state: "attached" });
  expect(await shown()).toEqual([true, false]);
  const before = await button.boundingBox();
  await button.hover();
  expect(await shown()).toEqual([false, true]);
  await app.screenshot(`connect-hover-${colorScheme}`);
  await app.page.mouse.move(0, 0);
  expect(await shown()).toEqual([true, false]);
  await app.page.keyboard.press("Tab");
  for (let step = 0; step < 9 && !(await button.evaluate((it) => it.matches(":focus"))); step++)
    await app.page.keyboard.press("Tab");
  expect(await shown()).toEqual([false, true]);
  expect(await button.boundingBox()).toEqual(before);
  await app.screenshot(`connect-focus-${colorScheme}`);
  await app.close();
});

test("the picture's text names the button", async () => {
  const app = await stage.open(connecting);
  await app.openPage("Set up");
  const button = app.page.getByRole("button", { name: "Connect to QuickBooks", exact: true });
  await button.locator("img").first().waitFor();
  expect(await button.count()).toBe(1);
  await button.focus();
  expect(await button.count()).toBe(1);
  await app.close();
});

test("a prescribed button keeps its size unless space is narrow", async () => {
  const sizeAt = async (width: number) => {
    const app = await stage.open(connecting, { width });
    await app.openPage("Set up");
    const image = app.page.getByRole("button", { name: "Connect to QuickBooks" }).locator("img").first();
    await image.waitFor();
    const box = await image.boundingBox();
    await app.close();
    return { width: box?.width ?? 0, height: box?.height ?? 0 };
  };
  expect(await sizeAt(460)).toEqual({ width: 220, height: 44 });
  const narrow = await sizeAt(240);
  expect(narrow.width).toBeLessThan(220);
  expect(narrow.width / narrow.height).toBeCloseTo(220 / 44, 1);
});

test.each([{ colorScheme: "dark" }, { forcedColors: "active" }] as const)(
  "a prescribed button is never altered: %o",
  async (appearance) => {
    const app = await stage.open(connecting, appearance);
    await app.openPage("Set up");
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

test("text replaces missing and broken pictures", async () => {
  const app = await stage.open(view("idle", { sources }));
  await app.openPage("Set up");
  const [, plain, broken] = await app.page.getByRole("button", { name: /^Connect / }).all();
  expect(await plain?.textContent()).toContain("Connect Larch Ledger");
  await expect.poll(() => broken?.textContent()).toContain("Connect Donaudampfschifffahrts");
  expect(await app.page.getByRole("img", { name: "A logo that is not there" }).count()).toBe(0);
  await app.close();
});

test("each picture is fetched once", async () => {
  const app = await stage.open(connecting);
  for (const page of ["Set up", "Status", "Set up"]) await app.openPage(page);
  await app.send({ kind: "view", view: structuredClone(connecting) });
  await app.page.getByRole("img", { name: "The logo of QuickBooks Desktop" }).waitFor();
  expect((await app.requestedImages()).sort()).toEqual(["button", "hover", "logo"]);
  await app.close();
});

test("the plan is shorter when integrations can be chosen", async () => {
  const app = await stage.open(view("idle"));
  await app.openPage("Set up");
  expect(await app.page.locator("main > ol > li").count()).toBe(3);
  // With a source without integrations, a link is the only way.
  await app.send({ kind: "view", view: view("idle", { sources: [{ ...source, state: "none", integrations: [] }] }) });
  expect(await app.page.locator("main > ol > li").count()).toBe(3);
  await app.send({ kind: "view", view: connecting });
  await app.page.getByRole("heading", { name: "Connect at Acme Books" }).waitFor();
  expect(await app.page.locator("main > ol > li").count()).toBe(2);
  await app.close();
});

test("signing out explains itself and asks for confirmation", async () => {
  const app = await stage.open(view("healthy", { sources: [source, { ...source, id: "src_2", linked: false }] }));
  await app.openPage("Settings");
  const signOut = app.page.getByRole("button", { name: "Sign this computer out: Acme Books" });
  expect(await signOut.count()).toBe(1);
  await signOut.press("Enter");
  await app.page.getByText("at once, or as soon as there is a network").waitFor();
  expect(await app.focusedText()).toBe("Stay signed in");
  await app.expectAccessible();
  await app.screenshot("sign-out");
  await app.page.keyboard.press("Escape");
  expect(await app.focusedText()).toBe("Sign this computer out");
  await app.page.keyboard.press("Enter");
  await app.page.keyboard.press("Tab");
  await app.page.keyboard.press("Enter");
  await expect.poll(() => app.actions()).toEqual([{ kind: "sign_out", source: "src_1" }]);
  await app.page.locator("button:focus", { hasText: "Sign this computer out" }).waitFor();
  await app.send({ kind: "view", view: view("idle") });
  await app.page.locator("h1:focus").waitFor();
  await app.close();
});

test("signing out of an application that is gone causes no error", async () => {
  const app = await stage.open(view("healthy", { sources: [source] }));
  await app.openPage("Settings");
  await app.holdActions();
  await app.page.getByRole("button", { name: "Sign this computer out: Acme Books" }).press("Enter");
  await app.page.keyboard.press("Tab");
  await app.page.keyboard.press("Enter");
  await app.send({ kind: "view", view: view("idle") });
  await app.page.getByText("Linked applications").waitFor({ state: "detached" });
  await app.settleActions(true);
  expect(await app.actions()).toEqual([{ kind: "sign_out", source: "src_1" }]);
  await app.close();
});
