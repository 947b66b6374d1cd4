import { expect, test } from "vitest";
import { direction } from "../../src/direction";
import { Speech } from "../../src/speech";

const texts = new Map([
  ["en", "bread = Bread\nwhose = For { $name }.\n"],
  ["fr", "bread = Pain\n"],
  ["fr-CA", "bread = Pain d’ici\n"],
  ["he", "whose = עבור { $name }.\n"],
]);
const speech = (...wanted: string[]) => new Speech(texts, wanted);

test.each([
  [["fr-CA", "en"], "fr-CA", "Pain d’ici"],
  [["fr-ca"], "fr-CA", "Pain d’ici"],
  [["de-DE", "fr-BE"], "fr", "Pain"],
  [["en-US", "fr-FR"], "en", "Bread"],
  [["C", "", "not a language"], "en", "Bread"],
  [[], "en", "Bread"],
])("of_%j_the_page_speaks_%s", (wanted, language, bread) => {
  expect(speech(...wanted).language).toBe(language);
  expect(speech(...wanted).say("bread")).toBe(bread);
});

test("what_a_language_lacks_is_said_in_english", () => {
  expect(speech("fr").say("whose", { name: "Dana" })).toBe("For Dana.");
  expect(speech("he").say("bread")).toBe("Bread");
});

test("a_name_that_is_read_from_right_to_left_leaves_the_sentence_alone", () => {
  expect(speech().say("whose", { name: "Société Öl & Co. 12" })).toBe("For Société Öl & Co. 12.");
  expect(speech().say("whose", { name: "حلويات" })).toBe("For \u2068حلويات\u2069.");
  expect(speech().say("whose", { name: "\u202Egnp" })).toBe("For \u2068\u202Egnp\u2069.");
});

test("a_name_leaves_a_sentence_alone_that_is_read_from_right_to_left", () => {
  expect(speech("he-IL").say("whose", { name: "Dana" })).toBe("עבור \u2068Dana\u2069.");
});

test.each([
  ["en", "ltr"],
  ["zh-TW", "ltr"],
  ["he", "rtl"],
  ["ar-EG", "rtl"],
  ["az-Arab", "rtl"],
])("%s_is_written_%s", (language, way) => {
  expect(direction(language)).toBe(way);
});
