// The five calls between the page and the program. Tauri's permissions allow no others. Tests implement the interface
// to play the program.

import { Channel, invoke } from "@tauri-apps/api/core";
import type { Action } from "./generated/Action";
import type { Update } from "./generated/Update";

export interface Ipc {
  /** Subscribes to the view: `receive` gets it now and after every change. */
  attach(receive: (update: Update) => void): Promise<void>;
  /** Sends the user's action. Rejects when the program does not accept it; its effect arrives as a new view. */
  act(action: Action): Promise<void>;
  /** A description of one connection for support, without secrets. Rejects for an unknown connection. */
  details(connection: string): Promise<string>;
  /** A picture that the program holds, as a `data:` URL; `null` if it has none. */
  image(id: string): Promise<string | null>;
  /** Reports that the page is drawn. Without this call the program closes the window as broken. */
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
    if (text === null) throw new Error("unknown connection");
    return text;
  },
  image: (id) => invoke<string | null>("image", { id }),
  ready: () => invoke("ready"),
};
