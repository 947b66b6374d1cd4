// Formats messages in one language, and falls back to English for messages that the language lacks. The rules match
// those of the program's own texts. The build has already rejected invalid files.

import { FluentBundle, FluentResource } from "@fluent/bundle";
import { direction, isolate } from "./direction";

/** A message's arguments by name. */
export type Arguments = Readonly<Record<string, string>>;

/** The language that has every message. */
const english = "en";

export class Localization {
  /** The selected language, as a BCP 47 tag. */
  readonly language: string;
  readonly #bundles: readonly FluentBundle[];

  /** Selects the first of the preferred languages that is available. `files` holds the texts by language tag. */
  constructor(files: ReadonlyMap<string, string>, preferred: readonly string[]) {
    const best = preferred.map((tag) => bestMatch([...files.keys()], tag)).find((tag) => tag !== undefined);
    this.language = best ?? english;
    this.#bundles = [...new Set([this.language, english])].map((tag) => bundle(tag, files.get(tag) ?? ""));
  }

  /** The message with its arguments filled in; the message's own name if it does not exist. */
  format(message: string, args: Arguments = {}): string {
    const isolated = Object.fromEntries(Object.entries(args).map(([name, value]) => [name, isolate(value)]));
    for (const bundle of this.#bundles) {
      const pattern = bundle.getMessage(message)?.value;
      // Given a list for errors, it collects them there instead of throwing.
      if (pattern) return bundle.formatPattern(pattern, isolated, []);
    }
    return message;
  }
}

/** The language itself, or else the same language of another region. */
function bestMatch(available: readonly string[], tag: string): string | undefined {
  const locale = parse(tag);
  const by = (part: "baseName" | "language") => available.find((other) => parse(other)?.[part] === locale?.[part]);
  return locale && (by("baseName") ?? by("language"));
}

function parse(tag: string): Intl.Locale | undefined {
  try {
    return new Intl.Locale(tag);
  } catch {
    return undefined;
  }
}

function bundle(language: string, text: string): FluentBundle {
  // In right-to-left text nearly every argument needs isolation.
  const bundle = new FluentBundle(language, { useIsolating: direction(language) === "rtl" });
  bundle.addResource(new FluentResource(text));
  return bundle;
}
