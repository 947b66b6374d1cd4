// Keeps a name that is written from right to left from reordering the sentence around it; the rules are those of the
// program's own texts.
//
// Fluent can put every argument between invisible marks. Texts with such marks cannot be searched for, so only an
// argument that needs them gets them.

/** The letters that are written from right to left, and the signs that turn letters. */
const turning =
  /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFF\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}\u200F\u202B\u202E\u2067]/u;

/** The scripts (ISO 15924) of living languages that are written from right to left. */
const scripts = ["Adlm", "Arab", "Hebr", "Nkoo", "Rohg", "Syrc", "Thaa"];

/** The text between FIRST STRONG ISOLATE and POP DIRECTIONAL ISOLATE (UAX #9) where it needs them. */
export const isolated = (text: string) => (turning.test(text) ? `\u2068${text}\u2069` : text);

/** In which direction a language is written. */
export function direction(language: string): "ltr" | "rtl" {
  return scripts.includes(new Intl.Locale(language).maximize().script ?? "") ? "rtl" : "ltr";
}
