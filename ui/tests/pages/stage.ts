// A stage for the built page: a static server, Debian's Chromium, and a program played by the test.
//
// The real wrapper and the real Channel of @tauri-apps/api run; only what Tauri puts into the window is ours. So the
// build under test is the build that ships.

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
import { images, now } from "../scenes";

const ui = join(import.meta.dirname, "../..");
const dist = join(ui, "dist");
const shots = process.env.SHOTS ?? join(ui, "test-shots");

// The page must live with this; the shipped policy also lets Tauri's own channel through.
const policy = "default-src 'self'; style-src 'self'; img-src 'self' data:";
const types: Record<string, string> = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css" };

interface Script {
  calls: { command: string; args: Record<string, unknown> }[];
  refuse: string[];
  images: Record<string, string>;
  say(update: Update): void;
}

declare global {
  interface Window {
    program: Script;
    __TAURI_INTERNALS__: unknown;
  }
}

/** Runs inside the page, before anything of ours. */
function play() {
  const callbacks = new Map<number, (message: unknown) => void>();
  let channel = 0;
  let said = 0;
  const program: Script = {
    calls: [],
    refuse: [],
    images: {},
    say: (message) => callbacks.get(channel)?.({ index: said++, message }),
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
      if (command === "attach") channel = (args.channel as { id: number }).id;
      if (command === "image") return program.images[args.id as string] ?? null;
      return command === "details" ? `Details of ${args.connection}` : null;
    },
  };
}

export interface Look {
  width?: number;
  height?: number;
  zoom?: number;
  colorScheme?: "light" | "dark";
  /** The page is read from right to left. */
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

  async strike(): Promise<void> {
    await this.browser.close();
    await new Promise((closed) => this.server.close(closed));
  }

  /** Opens the window, waits until the page is attached, and shows the view if there is one. */
  async open(view: View | null, look: Look = {}): Promise<Showing> {
    const zoom = look.zoom ?? 1;
    const context = await this.browser.newContext({
      // What zooming does to a page: fewer and larger CSS pixels.
      viewport: { width: Math.round((look.width ?? 460) / zoom), height: Math.round((look.height ?? 620) / zoom) },
      deviceScaleFactor: zoom,
      colorScheme: look.colorScheme ?? "light",
      forcedColors: look.forcedColors ?? "none",
      reducedMotion: "reduce",
      timezoneId: "UTC",
      permissions: look.clipboard === "allowed" ? ["clipboard-read", "clipboard-write"] : [],
    });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
    });
    page.on("request", (request) => {
      if (!request.url().startsWith(this.origin)) complaints.push(`asked for ${request.url()}`);
    });
    await page.clock.setFixedTime(now);
    await page.addInitScript(play);
    await page.addInitScript((refuse) => window.program.refuse.push(...refuse), look.refuse ?? []);
    await page.addInitScript((held) => Object.assign(window.program.images, held), images);
    if (look.clipboard === "refused") {
      await page.addInitScript(() => {
        navigator.clipboard.writeText = () => Promise.reject(new DOMException("no", "NotAllowedError"));
      });
    }
    await page.goto(this.origin);
    await page.waitForFunction(() => window.program.calls.some((call) => call.command === "attach"));
    if (look.mirrored) await page.evaluate(() => document.documentElement.setAttribute("dir", "rtl"));
    const opened = new Showing(page, complaints);
    if (view !== null) await opened.say({ kind: "view", view });
    return opened;
  }
}

/** One open window of the page. */
export class Showing {
  constructor(
    readonly page: Page,
    private readonly complaints: string[],
  ) {}

  async say(update: Update): Promise<void> {
    await this.page.evaluate((it) => window.program.say(it), update);
  }

  /** From now on the program takes every call. */
  async accept(): Promise<void> {
    await this.page.evaluate(() => {
      window.program.refuse.length = 0;
    });
  }

  /** What the user has done so far, as the program heard it. */
  async acted(): Promise<Action[]> {
    const calls = await this.page.evaluate(() => window.program.calls);
    return calls.filter(({ command }) => command === "act").map(({ args }) => args.action as Action);
  }

  /** The pictures that the page asked for, in order. */
  async fetched(): Promise<unknown[]> {
    const calls = await this.page.evaluate(() => window.program.calls);
    return calls.filter(({ command }) => command === "image").map(({ args }) => args.id);
  }

  async turnTo(name: string): Promise<void> {
    await this.page.getByRole("navigation").getByRole("button", { name, exact: true }).click();
  }

  async focused(): Promise<string> {
    return this.page.evaluate(() => document.activeElement?.textContent?.trim() ?? "");
  }

  async shoot(name: string, { whole = true } = {}): Promise<void> {
    await this.page.screenshot({ path: join(shots, `${name}.png`), fullPage: whole });
  }

  /** No fault that axe-core knows of. */
  async isAccessible(): Promise<void> {
    await this.page.evaluate(axe.source);
    const found = await this.page.evaluate(async () => {
      const { axe } = window as unknown as { axe: typeof import("axe-core") };
      const { violations } = await axe.run(document, { resultTypes: ["violations"] });
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`);
    });
    expect(found, "axe-core found faults").toEqual([]);
  }

  async fitsItsWidth(): Promise<void> {
    const [needed, given] = await this.page.evaluate(() => {
      const scrollers = [document.documentElement, ...document.querySelectorAll("dialog")];
      return [Math.max(...scrollers.map((it) => it.scrollWidth - it.clientWidth)), 0] as const;
    });
    expect(needed, "the page scrolls sideways").toBe(given);
  }

  /** Closes the window. A page that complained in its console or asked elsewhere for anything fails here. */
  async close(): Promise<void> {
    await this.page.context().close();
    expect(this.complaints, "the page complained").toEqual([]);
  }
}
