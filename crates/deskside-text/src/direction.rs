//! Keeps a right-to-left name from reordering the sentence around it.
//!
//! Fluent can put every argument between invisible marks. Text with such marks cannot be searched,
//! and some programs show the marks as boxes, so only arguments that need them get them.

use std::borrow::Cow;

/// FIRST STRONG ISOLATE and POP DIRECTIONAL ISOLATE (Unicode Bidirectional Algorithm, UAX #9).
const OPEN: char = '\u{2068}';
const CLOSE: char = '\u{2069}';

/// Puts the text between marks if it contains any right-to-left character.
pub(super) fn isolated(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.chars().any(is_right_to_left) { format!("{OPEN}{text}{CLOSE}").into() } else { text }
}

/// True for right-to-left letters and for the characters that change the text direction.
const fn is_right_to_left(c: char) -> bool {
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
    fn only_right_to_left_text_gets_marks() {
        assert_eq!(isolated("Société Öl & Co. 12".into()), "Société Öl & Co. 12");
        assert_eq!(isolated("حلويات".into()), "\u{2068}حلويات\u{2069}");
        assert_eq!(isolated("\u{202E}gnp".into()), "\u{2068}\u{202E}gnp\u{2069}");
    }
}
