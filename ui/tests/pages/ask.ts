// How the tests bring up a question.

import type { Question } from "../../src/generated/Question";
import { view } from "../scenes";
import type { Showing } from "./stage";

export const ask = (question: Question) => view("healthy", { question });

/** Asks, and lets the first moment pass in which no question takes a yes. Time stands still before and after. */
export async function askAndWait(app: Showing, question: Question) {
  await app.page.clock.pauseAt("2026-03-04T10:05:00Z");
  await app.say({ kind: "view", view: ask(question) });
  await app.page.locator("dialog [data-first]:focus").waitFor();
  await app.page.clock.runFor(1000);
}

export const no = (question: string) => ({ kind: "answer", question, yes: false, started_here: false });
