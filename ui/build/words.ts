// Refuses to build a page whose texts do not fit: a message that nothing says, a language that does not fit English.
// It also writes the types by which the check of the sources refuses a message that does not exist, and an argument
// too many or too few.

import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";
import { differences, type Messages, read, types, unused } from "./messages.ts";

/** One folder for each language, shared with the program's own texts. */
export const locales = join(import.meta.dirname, "../../crates/deskside-text/locales");
const src = join(import.meta.dirname, "../src");
const made = "generated-words.ts";

export function words(): Plugin {
  return { name: "words", buildStart: check };
}

function check() {
  const english = messagesIn("en");
  for (const language of readdirSync(locales).filter((name) => existsSync(file(name)))) {
    refuse(differences(english, messagesIn(language)).map((why) => `${file(language)}: ${why}`));
  }
  refuse(unused(english, sources()).map((name) => `${file("en")}: ${name}: nothing says it`));
  writeFileSync(join(src, made), types(english));
}

const file = (language: string) => join(locales, language, "window.ftl");

function messagesIn(language: string): Messages {
  try {
    return read(readFileSync(file(language), "utf8"));
  } catch (cause) {
    throw new Error(`${file(language)}: ${cause}`, { cause });
  }
}

function sources(): string[] {
  const paths = readdirSync(src, { recursive: true, encoding: "utf8" });
  const written = paths.filter((path) => /\.(svelte|ts)$/.test(path) && path !== made);
  return written.map((path) => readFileSync(join(src, path), "utf8"));
}

function refuse(faults: readonly string[]) {
  if (faults.length > 0) throw new Error(faults.join("\n"));
}
