// What the page knows: the newest view, the page that is open, and whether the program answers. Nothing about
// health is decided or remembered here; the next view replaces this one whole.

import { SvelteMap } from "svelte/reactivity";
import type { Action } from "./generated/Action";
import type { Page } from "./generated/Page";
import type { Picture } from "./generated/Picture";
import type { Update } from "./generated/Update";
import type { View } from "./generated/View";
import type { Ipc } from "./ipc";

export class Desk {
  view = $state.raw<View | null>(null);
  page = $state<Page>("status");
  /** Counts the turns that the program asked for, so that the focus can follow them and them only. */
  turns = $state(0);
  /** The program does not answer at all. */
  silent = $state(false);
  /** The program did not take the last thing the user did. */
  refused = $state(false);
  /** Moves on by itself, so that "5 minutes ago" stays true. */
  now = $state(0);

  readonly #ipc: Ipc;
  readonly #clock: () => number;
  /** What the program answered for each picture. */
  readonly #images = new SvelteMap<string, string | null>();
  /** The pictures that were asked for, so that none is fetched twice. */
  readonly #wanted = new Set<string>();

  constructor(ipc: Ipc, clock: () => number = Date.now) {
    this.#ipc = ipc;
    this.#clock = clock;
    this.now = clock();
  }

  async attach(): Promise<void> {
    try {
      await this.#ipc.attach((update) => this.#receive(update));
    } catch {
      this.silent = true;
    }
  }

  /** True when the program took it. What comes of it shows in the next view. */
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

  /** A picture's `data:` URL: `undefined` until the program answers, `null` where there is none. */
  image(picture: Picture | null): string | null | undefined {
    if (picture === null) return null;
    if (!this.#wanted.has(picture.id)) {
      this.#wanted.add(picture.id);
      void this.#fetch(picture.id);
    }
    return this.#images.get(picture.id);
  }

  turn(page: Page): void {
    this.page = page;
    this.refused = false;
  }

  tick(): void {
    this.now = this.#clock();
  }

  async #fetch(id: string): Promise<void> {
    // A picture is an ornament: without it the page says the same in words.
    this.#images.set(id, await this.#ipc.image(id).catch(() => null));
  }

  #receive(update: Update): void {
    this.silent = false;
    this.tick();
    if (update.kind === "view") {
      this.view = update.view;
      return;
    }
    this.turn(update.page);
    this.turns += 1;
    // The program shows a window that was open already: it must know that there is a page in it.
    void this.#ipc.ready().catch(() => {
      this.silent = true;
    });
  }
}
