//! Invisible characters. Text from others is shown and stored without them, because a terminal
//! obeys some of them, and others change the direction of the text around them.

/// True for control characters and for those that set the direction of the text (Unicode
/// Bidirectional Algorithm, UAX #9, section 2).
pub fn is_unseen(c: char) -> bool {
    let sets_direction = matches!(
        c,
        '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'
    );
    sets_direction || c.is_control()
}
