//! Removes from any text what a link, a key or an identifier in it would reveal.
//!
//! An address keeps its scheme, its host, the leading path words that its provider uses for every
//! link, and the names of its parameters. The rules come from the link profiles, so a new provider
//! is redacted too. See docs/sources/link-providers.md#redaction.

use std::borrow::Cow;

use url::Url;

use super::SCHEME;
use super::profile::PROFILES;

/// Replaces everything that was removed.
const CUT: &str = "…";

/// The prefixes of keys and secrets: Conductor's (docs/sources/conductor.md) and those of Standard
/// Webhooks (docs/sources/platform.md#standards).
const SECRETS: [&str; 4] = ["sk_", "pk_", "whsec_", "auth_sess_client_secret_"];

/// The prefixes of record identifiers, of which a few characters are enough to tell them apart.
const IDENTIFIERS: [&str; 3] = ["end_usr_", "int_conn_", "auth_sess_"];

/// How many characters of an identifier remain.
const KEPT: usize = 4;

/// Redacts a text of any origin. Text without an address, key or identifier is returned unchanged.
#[must_use]
pub fn redact(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let length = address_length(rest);
        if length > 0 {
            let (address, after) = rest.split_at(length);
            clean.push_str(&address_without_secrets(address));
            rest = after;
            continue;
        }
        let (word, after) = rest.split_at(word_length(rest));
        clean.push_str(&word_without_secrets(word));
        rest = after;
    }
    clean
}

/// The length of the address at the start of a text; 0 if there is none.
fn address_length(text: &str) -> usize {
    let begins = |scheme: &str| {
        let head = text.get(..scheme.len());
        head.is_some_and(|head| head.eq_ignore_ascii_case(scheme))
    };
    if !["https:", "http:"].into_iter().any(begins) && !begins(&format!("{SCHEME}:")) {
        return 0;
    }
    let ends = |c: char| c.is_whitespace() || c.is_control() || "\"'<>`|{}()[]“”’".contains(c);
    text.find(ends).unwrap_or(text.len())
}

/// The length of the word, or of the single other character, at the start of a text.
fn word_length(text: &str) -> usize {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let word = text.find(|c| !is_part(c)).unwrap_or(text.len());
    if word > 0 { word } else { text.chars().next().map_or(0, char::len_utf8) }
}

fn address_without_secrets(address: &str) -> String {
    let Ok(url) = Url::parse(address) else { return CUT.to_owned() };
    let host = url.host_str().unwrap_or_default();
    let public = PROFILES.iter().find(|profile| profile.hosts.contains(&host));
    let public = public.map_or(&[][..], |profile| profile.public_words);
    let mut clean = format!("{}://{host}", url.scheme());
    let words = url.path_segments().into_iter().flatten().filter(|word| !word.is_empty());
    for word in words {
        let stays = public.contains(&word);
        clean.push('/');
        clean.push_str(if stays { word } else { CUT });
        if !stays {
            break;
        }
    }
    let names: Vec<Cow<'_, str>> = url.query_pairs().map(|(name, _)| name).collect();
    for (place, name) in names.iter().enumerate() {
        clean.push(if place == 0 { '?' } else { '&' });
        clean.push_str(&word_without_secrets(name));
        clean.push('=');
        clean.push_str(CUT);
    }
    clean
}

fn word_without_secrets(word: &str) -> Cow<'_, str> {
    let begin =
        |known: &[&'static str]| known.iter().find(|begin| word.starts_with(**begin)).copied();
    if let Some(begin) = begin(&SECRETS) {
        return format!("{begin}{CUT}").into();
    }
    match begin(&IDENTIFIERS) {
        Some(begin) if word.len() > begin.len() + KEPT => {
            let kept = word.get(..begin.len() + KEPT).unwrap_or(begin);
            format!("{kept}{CUT}").into()
        }
        Some(_) | None => word.into(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn redacted_links_keep_host_and_parameter_names() {
        let cases = [
            (
                "Open https://connect.conductor.is/qbd/auth_sess_client_secret_abc?key=pk_live_1, please.",
                "Open https://connect.conductor.is/qbd/…?key=… please.",
            ),
            (
                "https://link-api.codat.io/companies/c-1/connections/k-1/start?otp=742271",
                "https://link-api.codat.io/companies/…?otp=…",
            ),
            (
                "https://link.codat.io/company/c-1?link.otp=7",
                "https://link.codat.io/company/…?link.otp=…",
            ),
            ("<https://link.merge.dev/abc?x=1>", "<https://link.merge.dev/…?x=…>"),
            (
                "https://link.rutterapi.com/connection/0-1",
                "https://link.rutterapi.com/connection/…",
            ),
            ("https://vault.apideck.com/session/ey.J.x", "https://vault.apideck.com/session/…"),
            ("https://qubesync.com/onboarding/s3", "https://qubesync.com/onboarding/…"),
            (
                "deskside://enroll?backend=https%3A%2F%2Fx&code=c0de",
                "deskside://enroll?backend=…&code=…",
            ),
            ("https://", "…"),
        ];
        for (text, clean) in cases {
            assert_eq!(redact(text), clean);
        }
    }

    #[test]
    fn keys_are_removed_and_identifiers_shortened() {
        let text =
            "Key sk_live_51AbC of end_usr_1234567abcdefg failed (req_1234567890). Ask ask_me.";
        let clean = "Key sk_… of end_usr_1234… failed (req_1234567890). Ask ask_me.";
        assert_eq!(redact(text), clean);
        let plain = "QuickBooks’ “company” file 50 % — ¡señor! isn't open: see File > Open.";
        assert_eq!(redact(plain), plain);
    }

    proptest! {
        #[test]
        fn no_secret_survives_redaction_anywhere(before in "\\PC{0,20}", after in "\\PC{0,20}") {
            let secret = "ZqSECRETqZ";
            for link in [
                format!("https://connect.conductor.is/qbd/{secret}?key={secret}"),
                format!("HTTPS://link.codat.io/company/x?link.otp={secret}"),
                format!("https://elsewhere.example/{secret}#{secret}"),
                format!("sk_{secret}"),
            ] {
                let clean = redact(&format!("{before} {link} {after}"));
                prop_assert!(!clean.contains(secret), "{clean}");
            }
        }
    }
}
