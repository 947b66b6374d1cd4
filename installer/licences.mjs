// The licence texts that lie beside a package's own files.
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

/** How authors name such files; `LICENSE.md`, `COPYING`, `NOTICE.txt`, `license-apache`, `UNLICENSE`. */
const NAME = /^(un)?(licen[cs]e|copying|copyright|notice)([-_.].*)?$/i;

/** Texts that differ only in how lines end or break are one text. */
const folded = (text) => text.replace(/\s+/g, " ").trim();

/** Every licence text in `folder`: those of `only`, else by their usual names, and the one the package declares. */
export function licenceTexts(folder, declared, only) {
  const usual = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && (only ? only.includes(entry.name) : NAME.test(entry.name)))
    .map((entry) => entry.name);
  const names = new Set(declared ? [declared, ...usual] : usual);
  return [...names].sort().map((name) => {
    const text = readFileSync(join(folder, name), "utf8").replaceAll("\r\n", "\n").trim();
    return { name: basename(name), text, folded: folded(text) };
  });
}
