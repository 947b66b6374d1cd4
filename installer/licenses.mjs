// The license texts among a package's files.
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

/** The usual names of such files: `LICENSE.md`, `COPYING`, `NOTICE.txt`, `license-apache`, `UNLICENSE`. */
const NAME = /^(un)?(licen[cs]e|copying|copyright|notice)([-_.].*)?$/i;

/** The text without line breaks: texts that differ only in those are equal. */
const folded = (text) => text.replace(/\s+/g, " ").trim();

/** The license texts in `folder`: the files in `only`, or else those with usual names, and the `declared` file. */
export function licenseTexts(folder, declared, only) {
  const usual = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && (only ? only.includes(entry.name) : NAME.test(entry.name)))
    .map((entry) => entry.name);
  const names = new Set(declared ? [declared, ...usual] : usual);
  return [...names].sort().map((name) => {
    const text = readFileSync(join(folder, name), "utf8").replaceAll("\r\n", "\n").trim();
    return { name: basename(name), text, folded: folded(text) };
  });
}
