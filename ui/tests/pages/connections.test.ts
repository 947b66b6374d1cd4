// The card of a connection: commands, confirmations, details and what is copied.

import { afterAll, beforeAll, expect, test } from "vitest";
import { connection, problem, view } from "../fixtures";
import { Stage } from "./stage";

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.build();
});
afterAll(() => stage.close());

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
