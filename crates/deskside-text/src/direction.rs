//! Keeps a name that is written from right to left from reordering the sentence around it.
//!
//! Fluent can put every argument between invisible marks. Texts with such marks cannot be searched
//! for, and some programs show them as boxes, so only an argument that needs them gets them.

use std::borrow::Cow;

/// FIRST STRONG ISOLATE and POP DIRECTIONAL ISOLATE (Unicode Bidirectional Algorithm, UAX #9).
const OPEN: char = '\u{2068}';
const CLOSE: char = '\u{2069}';

/// The text between marks where it holds anything that is read from right to left.
pub(super) fn isolated(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.chars().any(turns) { format!("{OPEN}{text}{CLOSE}").into() } else { text }
}

/// True for the letters that are written from right to left, and for the signs that turn letters.
const fn turns(c: char) -> bool {
    matches!(
        c,
        '\u{0590}'..='\u{08FF}'
            | '\u{FB1D}'..='\u{FDFF}'
            | '\u{FE70}'..='\u{FEFF}'
            | '\u{10800}'..='\u{10FFF}'
            | '\u{1E800}'..='\u{1EFFF}'
            | '\u{200F}'
            | '\u{202B}'
            | '\u{202E}'
            | '\u{2067}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_read_from_right_to_left_gets_marks() {
        assert_eq!(isolated("Société Öl & Co. 12".into()), "Société Öl & Co. 12");
        assert_eq!(isolated("حلويات".into()), "\u{2068}حلويات\u{2069}");
        assert_eq!(isolated("\u{202E}gnp".into()), "\u{2068}\u{202E}gnp\u{2069}");
    }
}
