// Starts the page: sets its language, mounts it, and reports to the program once it is drawn.

import "./app.css";
import { mount } from "svelte";
import App from "./App.svelte";
import { direction } from "./direction";
import { tauri } from "./ipc";
import { AppState } from "./state.svelte";
import { language } from "./words";

const target = document.getElementById("app");
if (target === null) throw new Error("index.html has no #app");

document.documentElement.lang = language;
document.documentElement.dir = direction(language);

const app = new AppState(tauri);
mount(App, { target, props: { app } });
void app.attach();

// The first frame callback runs before the paint, the second one after it. A hidden window never paints, but the
// program may wait for this report before it shows the window: hence the time limit.
const painted = new Promise<void>((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve())));
const timeLimit = new Promise<void>((resolve) => setTimeout(resolve, 1000));
void Promise.race([painted, timeLimit])
  .then(() => tauri.ready())
  // If the report does not arrive, the program closes this window; there is nothing to show here.
  .catch(() => undefined);
