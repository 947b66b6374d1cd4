// Text direction: keeps a right-to-left name from reordering the sentence around it. The rules match those of the
// program's own texts.
//
// Fluent can isolate every argument with invisible characters, but text with such characters is hard to search. So
// only the arguments that need isolation get it.

/** Right-to-left letters, and the control characters that change the direction of letters. */
const rightToLeft =
  /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFF\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}\u200F\u202B\u202E\u2067]/u;

/** The right-to-left scripts (ISO 15924) of living languages. */
const rightToLeftScripts = ["Adlm", "Arab", "Hebr", "Nkoo", "Rohg", "Syrc", "Thaa"];

/** The text, between FIRST STRONG ISOLATE and POP DIRECTIONAL ISOLATE (UAX #9) if it needs them. */
export const isolate = (text: string) => (rightToLeft.test(text) ? `\u2068${text}\u2069` : text);

/** The writing direction of a language, given as a BCP 47 tag. */
export function direction(language: string): "ltr" | "rtl" {
  return rightToLeftScripts.includes(new Intl.Locale(language).maximize().script ?? "") ? "rtl" : "ltr";
}
