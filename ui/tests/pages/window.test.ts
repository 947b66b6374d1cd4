// The window around the connections: start, navigation, diagnostics, notices and settings.

import { afterAll, beforeAll, expect, test } from "vitest";
import { crowded, view } from "../fixtures";
import { Stage } from "./stage";

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
