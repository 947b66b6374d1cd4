// A Vite plugin that stops the build when messages and sources do not match: an unused message, or a translation that
// does not match English. It also generates the types with which the compiler rejects unknown messages and wrong
// arguments.

import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";
import { differences, type Messages, parse, types, unused } from "./messages.ts";

/** The folder with one subfolder for each language. The program's own texts are there too. */
export const locales = join(import.meta.dirname, "../../crates/deskside-text/locales");
const src = join(import.meta.dirname, "../src");
const generated = "generated-words.ts";

export function words(): Plugin {
  return { name: "words", buildStart: check };
}

function check() {
  const english = messagesIn("en");
  for (const language of readdirSync(locales).filter((name) => existsSync(file(name)))) {
    reject(differences(english, messagesIn(language)).map((why) => `${file(language)}: ${why}`));
  }
  reject(unused(english, sources()).map((name) => `${file("en")}: ${name}: unused`));
  writeFileSync(join(src, generated), types(english));
}

const file = (language: string) => join(locales, language, "window.ftl");

function messagesIn(language: string): Messages {
  try {
    return parse(readFileSync(file(language), "utf8"));
  } catch (cause) {
    throw new Error(`${file(language)}: ${cause}`, { cause });
  }
}

function sources(): string[] {
  const paths = readdirSync(src, { recursive: true, encoding: "utf8" });
  const written = paths.filter((path) => /\.(svelte|ts)$/.test(path) && path !== generated);
  return written.map((path) => readFileSync(join(src, path), "utf8"));
}

function reject(faults: readonly string[]) {
  if (faults.length > 0) throw new Error(faults.join("\n"));
}
