// The whole conversation with the program: five calls. Everything else the page could ask of it is not permitted.
// The interface exists so that a test can play the program's part.

import { Channel, invoke } from "@tauri-apps/api/core";
import type { Action } from "./generated/Action";
import type { Update } from "./generated/Update";

export interface Ipc {
  /** Asks for the view now and on every change. */
  attach(receive: (update: Update) => void): Promise<void>;
  /** Tells what the user did. The answer is the next view. */
  act(action: Action): Promise<void>;
  /** The text about one connection that the user may hand to support. */
  details(connection: string): Promise<string>;
  /** A picture that the program holds, as a `data:` URL; nothing when it has none. */
  image(id: string): Promise<string | null>;
  /** Says that the page draws. Without it the program takes the window for dead. */
  ready(): Promise<void>;
}

export const tauri: Ipc = {
  async attach(receive) {
    await invoke("attach", { channel: new Channel<Update>(receive) });
  },
  async act(action) {
    await invoke("act", { action });
  },
  async details(connection) {
    const text = await invoke<string | null>("details", { connection });
    if (text === null) throw new Error("the program knows no such connection");
    return text;
  },
  image: (id) => invoke<string | null>("image", { id }),
  ready: () => invoke("ready"),
};
