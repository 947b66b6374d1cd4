// The page's own state: the newest view, the open page, and whether the program responds. No rule about health lives
// here, and nothing is remembered across views: each view replaces the one before it completely.

import { SvelteMap } from "svelte/reactivity";
import type { Action } from "./generated/Action";
import type { Page } from "./generated/Page";
import type { Picture } from "./generated/Picture";
import type { Update } from "./generated/Update";
import type { View } from "./generated/View";
import type { Ipc } from "./ipc";

export class AppState {
  view = $state.raw<View | null>(null);
  page = $state<Page>("status");
  /** How often the program has asked for a page. The focus follows these requests, not the user's own choice. */
  pageRequests = $state(0);
  /** The program does not respond. */
  disconnected = $state(false);
  /** The program did not accept the user's last action. */
  refused = $state(false);
  /** The current time in milliseconds, updated regularly so that "5 minutes ago" stays correct. */
  now = $state(0);

  readonly #ipc: Ipc;
  readonly #clock: () => number;
  /** The program's answer for each picture. */
  readonly #images = new SvelteMap<string, string | null>();
  /** The pictures requested so far, so that each is fetched once. */
  readonly #requestedImages = new Set<string>();

  constructor(ipc: Ipc, clock: () => number = Date.now) {
    this.#ipc = ipc;
    this.#clock = clock;
    this.now = clock();
  }

  async attach(): Promise<void> {
    try {
      await this.#ipc.attach((update) => this.#receive(update));
    } catch {
      this.disconnected = true;
    }
  }

  /** Sends an action. Returns whether the program accepted it; the effect arrives with the next view. */
  async act(action: Action): Promise<boolean> {
    try {
      await this.#ipc.act(action);
      this.refused = false;
      return true;
    } catch {
      this.refused = true;
      return false;
    }
  }

  details(connection: string): Promise<string> {
    return this.#ipc.details(connection);
  }

  /** A picture's `data:` URL: `undefined` until the program answers, `null` if there is no picture. */
  image(picture: Picture | null): string | null | undefined {
    if (picture === null) return null;
    if (!this.#requestedImages.has(picture.id)) {
      this.#requestedImages.add(picture.id);
      void this.#fetch(picture.id);
    }
    return this.#images.get(picture.id);
  }

  openPage(page: Page): void {
    this.page = page;
    this.refused = false;
  }

  tick(): void {
    this.now = this.#clock();
  }

  async #fetch(id: string): Promise<void> {
    // Pictures are optional: without one, the page shows text instead.
    this.#images.set(id, await this.#ipc.image(id).catch(() => null));
  }

  #receive(update: Update): void {
    this.disconnected = false;
    this.tick();
    if (update.kind === "view") {
      this.view = update.view;
      return;
    }
    this.openPage(update.page);
    this.pageRequests += 1;
    // The program is bringing an existing window to the front and needs to know that its page still works.
    void this.#ipc.ready().catch(() => {
      this.disconnected = true;
    });
  }
}
