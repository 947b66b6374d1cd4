// Runs the built page in Chromium, with a static server and a fake program.
//
// The page uses the real `invoke` and `Channel` of @tauri-apps/api; only the object that Tauri adds to the window is
// fake. So the tests run the same build that ships.

import { mkdirSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import axe from "axe-core";
import { type Browser, chromium, type Page } from "playwright-core";
import { expect } from "vitest";
import type { Action } from "../../src/generated/Action";
import type { Update } from "../../src/generated/Update";
import type { View } from "../../src/generated/View";
import { images, now } from "../fixtures";

const ui = join(import.meta.dirname, "../..");
const dist = join(ui, "dist");
const shots = process.env.SHOTS ?? join(ui, "test-shots");

// Like the shipped security policy, which also allows Tauri's own channel.
const policy = "default-src 'self'; style-src 'self'; img-src 'self' data:";
const types: Record<string, string> = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css" };

/** The fake program inside the page. */
interface FakeProgram {
  /** Every call so far. */
  calls: { command: string; args: Record<string, unknown> }[];
  /** The commands that are rejected. */
  refuse: string[];
  images: Record<string, string>;
  /** Actions that wait to be accepted or refused; `null` while actions are handled at once. */
  held: ((accepted: boolean) => void)[] | null;
  send(update: Update): void;
}

declare global {
  interface Window {
    program: FakeProgram;
    __TAURI_INTERNALS__: unknown;
  }
}

/** Runs inside the page, before its own scripts. */
function addFakeProgram() {
  const callbacks = new Map<number, (message: unknown) => void>();
  let channel = 0;
  let sent = 0;
  const program: FakeProgram = {
    calls: [],
    refuse: [],
    images: {},
    held: null,
    send: (message) => callbacks.get(channel)?.({ index: sent++, message }),
  };
  window.program = program;
  window.__TAURI_INTERNALS__ = {
    transformCallback(callback: (message: unknown) => void) {
      callbacks.set(callbacks.size + 1, callback);
      return callbacks.size;
    },
    unregisterCallback: (id: number) => callbacks.delete(id),
    async invoke(command: string, args: Record<string, unknown> = {}) {
      program.calls.push({ command, args });
      if (program.refuse.includes(command)) throw new Error("refused");
      const { held } = program;
      if (command === "act" && held !== null) {
        if (!(await new Promise<boolean>((settle) => held.push(settle)))) throw new Error("refused");
      }
      if (command === "attach") channel = (args.channel as { id: number }).id;
      if (command === "image") return program.images[args.id as string] ?? null;
      return command === "details" ? `Details of ${args.connection}` : null;
    },
  };
}

/** How the window is shown, and which parts of its environment fail. */
export interface Appearance {
  width?: number;
  height?: number;
  zoom?: number;
  colorScheme?: "light" | "dark";
  /** Shows the page right to left. */
  mirrored?: boolean;
  forcedColors?: "active" | "none";
  clipboard?: "allowed" | "refused";
  refuse?: string[];
}

export class Stage {
  private constructor(
    private readonly server: Server,
    private readonly browser: Browser,
    private readonly origin: string,
  ) {}

  static async build(): Promise<Stage> {
    mkdirSync(shots, { recursive: true });
    const server = createServer((request, response) => {
      const path = normalize(new URL(request.url ?? "/", "http://localhost").pathname);
      try {
        const body = readFileSync(join(dist, path === "/" ? "index.html" : path));
        const type = types[extname(path)] ?? "text/html";
        response.writeHead(200, { "content-type": type, "content-security-policy": policy }).end(body);
      } catch {
        response.writeHead(404).end();
      }
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const browser = await chromium.launch({
      executablePath: "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    });
    return new Stage(server, browser, `http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  }

  async close(): Promise<void> {
    await this.browser.close();
    await new Promise((closed) => this.server.close(closed));
  }

  /** Opens a window, waits until the page is attached, and sends the view if there is one. */
  async open(view: View | null, appearance: Appearance = {}): Promise<OpenWindow> {
    const zoom = appearance.zoom ?? 1;
    const context = await this.browser.newContext({
      // Zooming gives a page fewer and larger CSS pixels.
      viewport: {
        width: Math.round((appearance.width ?? 460) / zoom),
        height: Math.round((appearance.height ?? 620) / zoom),
      },
      deviceScaleFactor: zoom,
      colorScheme: appearance.colorScheme ?? "light",
      forcedColors: appearance.forcedColors ?? "none",
      reducedMotion: "reduce",
      timezoneId: "UTC",
      permissions: appearance.clipboard === "allowed" ? ["clipboard-read", "clipboard-write"] : [],
    });
    const page = await context.newPage();
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") errors.push(message.text());
    });
    page.on("request", (request) => {
      if (!request.url().startsWith(this.origin)) errors.push(`requested ${request.url()}`);
    });
    await page.clock.setFixedTime(now);
    await page.addInitScript(addFakeProgram);
    await page.addInitScript((refuse) => window.program.refuse.push(...refuse), appearance.refuse ?? []);
    await page.addInitScript((held) => Object.assign(window.program.images, held), images);
    if (appearance.clipboard === "refused") {
      await page.addInitScript(() => {
        navigator.clipboard.writeText = () => Promise.reject(new DOMException("no", "NotAllowedError"));
      });
    }
    await page.goto(this.origin);
    await page.waitForFunction(() => window.program.calls.some((call) => call.command === "attach"));
    if (appearance.mirrored) await page.evaluate(() => document.documentElement.setAttribute("dir", "rtl"));
    const opened = new OpenWindow(page, errors);
    if (view !== null) await opened.send({ kind: "view", view });
    return opened;
  }
}

/** One open window with the page. */
export class OpenWindow {
  constructor(
    readonly page: Page,
    private readonly errors: string[],
  ) {}

  async send(update: Update): Promise<void> {
    await this.page.evaluate((it) => window.program.send(it), update);
  }

  /** From now on the program accepts every call. */
  async accept(): Promise<void> {
    await this.page.evaluate(() => {
      window.program.refuse.length = 0;
    });
  }

  /** From now on actions stay unanswered until `settleActions`. */
  async holdActions(): Promise<void> {
    await this.page.evaluate(() => {
      window.program.held = [];
    });
  }

  /** Accepts or refuses the held actions, and lets the page handle that. */
  async settleActions(accepted: boolean): Promise<void> {
    await this.page.evaluate(async (answer) => {
      for (const settle of window.program.held ?? []) settle(answer);
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }, accepted);
  }

  /** The actions that the page has sent so far. */
  async actions(): Promise<Action[]> {
    const calls = await this.page.evaluate(() => window.program.calls);
    return calls.filter(({ command }) => command === "act").map(({ args }) => args.action as Action);
  }

  /** The pictures that the page has requested, in order. */
  async requestedImages(): Promise<unknown[]> {
    const calls = await this.page.evaluate(() => window.program.calls);
    return calls.filter(({ command }) => command === "image").map(({ args }) => args.id);
  }

  async openPage(name: string): Promise<void> {
    await this.page.getByRole("navigation").getByRole("button", { name, exact: true }).click();
  }

  /** The text of the focused element. */
  async focusedText(): Promise<string> {
    return this.page.evaluate(() => document.activeElement?.textContent?.trim() ?? "");
  }

  async screenshot(name: string, { whole = true } = {}): Promise<void> {
    await this.page.screenshot({ path: join(shots, `${name}.png`), fullPage: whole });
  }

  /** Fails for accessibility faults that axe-core finds. */
  async expectAccessible(): Promise<void> {
    await this.page.evaluate(axe.source);
    const found = await this.page.evaluate(async () => {
      const { axe } = window as unknown as { axe: typeof import("axe-core") };
      const { violations } = await axe.run(document, { resultTypes: ["violations"] });
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`);
    });
    expect(found, "axe-core found faults").toEqual([]);
  }

  async expectNoSidewaysScrolling(): Promise<void> {
    const [excess, allowed] = await this.page.evaluate(() => {
      const scrollers = [document.documentElement, ...document.querySelectorAll("dialog")];
      return [Math.max(...scrollers.map((it) => it.scrollWidth - it.clientWidth)), 0] as const;
    });
    expect(excess, "the page scrolls sideways").toBe(allowed);
  }

  /** Closes the window. Fails if the page logged an error or warning, or requested anything from elsewhere. */
  async close(): Promise<void> {
    await this.page.context().close();
    expect(this.errors, "the page reported errors").toEqual([]);
  }
}
