// Shows questions and answers them.

import type { Question } from "../../src/generated/Question";
import { view } from "../fixtures";
import type { OpenWindow } from "./stage";

export const viewWith = (question: Question) => view("healthy", { question });

/** Shows a question and waits until it accepts Yes. The clock is paused before and after. */
export async function showQuestion(app: OpenWindow, question: Question) {
  await app.page.clock.pauseAt("2026-03-04T10:05:00Z");
  await app.send({ kind: "view", view: viewWith(question) });
  await app.page.locator("dialog [data-first]:focus").waitFor();
  await app.page.clock.runFor(1000);
}

export const answerNo = (question: string) => ({ kind: "answer", question, yes: false, started_here: false });
