import "./app.css";
import { mount } from "svelte";
import App from "./App.svelte";
import { direction } from "./direction";
import { tauri } from "./ipc";
import { Desk } from "./state.svelte";
import { language } from "./words";

const target = document.getElementById("app");
if (target === null) throw new Error("index.html has no #app");

document.documentElement.lang = language;
document.documentElement.dir = direction(language);

const desk = new Desk(tauri);
mount(App, { target, props: { desk } });
void desk.attach();

// The first frame callback comes before the paint, the second one after it. A window that is still hidden never
// paints, and the program may be waiting for this very word before it shows it: hence the time limit.
const painted = new Promise<void>((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())));
const hidden = new Promise<void>((done) => setTimeout(done, 1000));
void Promise.race([painted, hidden])
  .then(() => tauri.ready())
  // A program that cannot hear this closes the window; there is nobody left to tell.
  .catch(() => undefined);
