//! Identifiers and secrets. They are random instead of sequential, so that no test can rely on the next one.

use base64::{Engine, engine::general_purpose::STANDARD};

/// `prefix` and 20 random hexadecimal digits, in the style of the providers' own identifiers.
pub fn id(prefix: &str) -> String {
    let digits: String = bytes::<10>().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{prefix}{digits}")
}

/// A random UUID (version 4).
pub fn uuid() -> String {
    let bits = u128::from_be_bytes(bytes::<16>());
    // RFC 9562: four bits for version 4, two for the variant.
    let bits = bits & !(0xf << 76) & !(0x3 << 62) | (0x4 << 76) | (0x2 << 62);
    let digits = format!("{bits:032x}");
    let part = |from, to| digits.get(from..to).unwrap_or_default();
    format!("{}-{}-{}-{}-{}", part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32))
}

/// A Standard Webhooks secret of 32 bytes; the specification allows 24 to 64.
pub fn signing_secret() -> String {
    format!("whsec_{}", STANDARD.encode(bytes::<32>()))
}

fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    if getrandom::fill(&mut bytes).is_err() {
        // Without a source of randomness every secret would be guessable.
        std::process::abort();
    }
    bytes
}
