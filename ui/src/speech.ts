// Says messages in a language, and in English whatever that language lacks; the rules are those of the program's own
// texts. What could be wrong with a file of texts was refused when the page was built.

import { FluentBundle, FluentResource } from "@fluent/bundle";
import { direction, isolated } from "./direction";

export type Values = Readonly<Record<string, string>>;

/** The language that is complete. */
const english = "en";

export class Speech {
  /** The language that is spoken, as BCP 47 names it. */
  readonly language: string;
  readonly #bundles: readonly FluentBundle[];

  /** Speaks the first of the wanted languages that there is. `texts` are the files by their languages' names. */
  constructor(texts: ReadonlyMap<string, string>, wanted: readonly string[]) {
    const best = wanted.map((name) => fitting([...texts.keys()], name)).find((name) => name !== undefined);
    this.language = best ?? english;
    this.#bundles = [...new Set([this.language, english])].map((name) => bundle(name, texts.get(name) ?? ""));
  }

  say(message: string, values: Values = {}): string {
    const marked = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, isolated(value)]));
    for (const bundle of this.#bundles) {
      const text = bundle.getMessage(message)?.value;
      // With a list for its faults it never throws.
      if (text) return bundle.formatPattern(text, marked, []);
    }
    return message;
  }
}

/** The language itself, or the same one of another country. */
function fitting(known: readonly string[], wanted: string): string | undefined {
  const locale = read(wanted);
  const of = (part: "baseName" | "language") => known.find((name) => read(name)?.[part] === locale?.[part]);
  return locale && (of("baseName") ?? of("language"));
}

/** What is no name of a language is none. */
function read(name: string): Intl.Locale | undefined {
  try {
    return new Intl.Locale(name);
  } catch {
    return undefined;
  }
}

function bundle(language: string, text: string): FluentBundle {
  // Among letters that are written from right to left nearly every argument needs marks.
  const made = new FluentBundle(language, { useIsolating: direction(language) === "rtl" });
  made.addResource(new FluentResource(text));
  return made;
}
