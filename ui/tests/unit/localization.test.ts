// Language selection, fallback to English, and isolation of names.

import { expect, test } from "vitest";
import { direction } from "../../src/direction";
import { Localization } from "../../src/localization";

const texts = new Map([
  ["en", "bread = Bread\nwhose = For { $name }.\n"],
  ["fr", "bread = Pain\n"],
  ["fr-CA", "bread = Pain d’ici\n"],
  ["he", "whose = עבור { $name }.\n"],
]);
const localization = (...preferred: string[]) => new Localization(texts, preferred);

test.each([
  [["fr-CA", "en"], "fr-CA", "Pain d’ici"],
  [["fr-ca"], "fr-CA", "Pain d’ici"],
  [["de-DE", "fr-BE"], "fr", "Pain"],
  [["en-US", "fr-FR"], "en", "Bread"],
  [["C", "", "not a language"], "en", "Bread"],
  [[], "en", "Bread"],
])("preferring %j selects %s", (preferred, language, bread) => {
  expect(localization(...preferred).language).toBe(language);
  expect(localization(...preferred).format("bread")).toBe(bread);
});

test("missing translations fall back to English", () => {
  expect(localization("fr").format("whose", { name: "Dana" })).toBe("For Dana.");
  expect(localization("he").format("bread")).toBe("Bread");
});

test("right-to-left names are isolated in left-to-right sentences", () => {
  expect(localization().format("whose", { name: "Société Öl & Co. 12" })).toBe("For Société Öl & Co. 12.");
  expect(localization().format("whose", { name: "حلويات" })).toBe("For \u2068حلويات\u2069.");
  expect(localization().format("whose", { name: "\u202Egnp" })).toBe("For \u2068\u202Egnp\u2069.");
});

test("all names are isolated in right-to-left sentences", () => {
  expect(localization("he-IL").format("whose", { name: "Dana" })).toBe("עבור \u2068Dana\u2069.");
});

test.each([
  ["en", "ltr"],
  ["zh-TW", "ltr"],
  ["he", "rtl"],
  ["ar-EG", "rtl"],
  ["az-Arab", "rtl"],
])("%s is written %s", (language, expected) => {
  expect(direction(language)).toBe(expected);
});
