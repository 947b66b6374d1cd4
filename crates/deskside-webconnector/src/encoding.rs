//! Decodes UTF-16, which Windows' editors and shells write when they save a copy of a log.
//!
//! The Web Connector itself writes UTF-8, which passes through unchanged.

use std::borrow::Cow;
use std::char::{REPLACEMENT_CHARACTER, decode_utf16};
use std::mem;

/// Decodes a text piece by piece.
#[derive(Clone, Debug, Default)]
pub struct Decoder {
    encoding: Encoding,
    /// The end of the last piece, if it was a part of a character.
    rest: Vec<u8>,
}

/// Decodes a whole text. Bytes that are none become replacement characters.
#[must_use]
pub fn decoded(bytes: &[u8]) -> String {
    let mut decoder = Decoder::default();
    let mut text = decoder.decode(bytes).into_owned();
    text.extend(decoder.finish());
    String::from_utf8_lossy(&text).into_owned()
}

#[derive(Clone, Copy, Debug, Default)]
enum Encoding {
    /// Nothing was read yet.
    #[default]
    Unknown,
    Utf8,
    Utf16(fn([u8; 2]) -> u16),
}

impl Decoder {
    /// Decodes the next piece. The result is UTF-8 if the text is UTF-16, otherwise the piece itself.
    /// The first two bytes decide: a mark, or a zero beside a letter. A part of a character at the
    /// end of the piece comes with the next one.
    pub fn decode<'a>(&mut self, piece: &'a [u8]) -> Cow<'a, [u8]> {
        let piece = if self.rest.is_empty() {
            Cow::Borrowed(piece)
        } else {
            let mut whole = mem::take(&mut self.rest);
            whole.extend_from_slice(piece);
            Cow::Owned(whole)
        };
        if matches!(self.encoding, Encoding::Unknown) {
            if piece.len() < 2 {
                self.rest = piece.into_owned();
                return Cow::Borrowed(b"");
            }
            self.encoding = Encoding::of(&piece);
        }
        match self.encoding {
            Encoding::Unknown | Encoding::Utf8 => piece,
            Encoding::Utf16(unit) => Cow::Owned(self.utf16(&piece, unit).into_bytes()),
        }
    }

    /// The remaining bytes, because nothing follows.
    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        match self.encoding {
            Encoding::Unknown | Encoding::Utf8 => self.rest,
            Encoding::Utf16(_) => Vec::new(),
        }
    }

    fn utf16(&mut self, bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
        let (pairs, odd) = bytes.as_chunks::<2>();
        let begins_pair = |pair: &[u8; 2]| (0xD800..0xDC00).contains(&unit(*pair));
        let (pairs, half) = match pairs.split_last() {
            Some((last, before)) if begins_pair(last) => (before, last.as_slice()),
            Some(_) | None => (pairs, [].as_slice()),
        };
        self.rest = [half, odd].concat();
        let text = decode_utf16(pairs.iter().copied().map(unit));
        let letters = text.map(|letter| letter.unwrap_or(REPLACEMENT_CHARACTER));
        letters.filter(|letter| *letter != '\u{feff}').collect()
    }
}

impl Encoding {
    fn of(start: &[u8]) -> Self {
        match start {
            [0xFF, 0xFE, ..] | [1..=0x7F, 0, ..] => Self::Utf16(u16::from_le_bytes),
            [0xFE, 0xFF, ..] | [0, 1..=0x7F, ..] => Self::Utf16(u16::from_be_bytes),
            _ => Self::Utf8,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decoded(bytes: &[u8], size: usize) -> Vec<u8> {
        let mut decoder = Decoder::default();
        let mut text: Vec<u8> = bytes
            .chunks(size.max(1))
            .flat_map(|piece| decoder.decode(piece).into_owned())
            .collect();
        text.extend(decoder.finish());
        text
    }

    proptest! {
        #[test]
        fn utf16_is_decoded_with_and_without_a_mark(
            text in "[A-Za-z0-9]\\PC{0,30}",
            size in 1_usize..9,
            is_marked in any::<bool>(),
        ) {
            let marked = if is_marked { format!("\u{feff}{text}") } else { text.clone() };
            let bytes = |form: fn(u16) -> [u8; 2]| -> Vec<u8> {
                marked.encode_utf16().flat_map(form).collect()
            };
            let expected = text.replace('\u{feff}', "");
            for bytes in [bytes(u16::to_le_bytes), bytes(u16::to_be_bytes)] {
                prop_assert_eq!(&decoded(&bytes, size), expected.as_bytes());
            }
        }

        #[test]
        fn other_bytes_pass_unchanged(bytes in proptest::collection::vec(1..=u8::MAX, 0..40), size in 1_usize..9) {
            prop_assume!(!bytes.starts_with(&[0xFF, 0xFE]) && !bytes.starts_with(&[0xFE, 0xFF]));
            prop_assert_eq!(decoded(&bytes, size), bytes);
        }

        #[test]
        fn any_bytes_can_be_decoded(bytes in proptest::collection::vec(any::<u8>(), 0..80), size in 1_usize..9) {
            drop(decoded(&bytes, size));
        }
    }
}
