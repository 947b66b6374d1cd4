//! Extracts the host of an application's address, and nothing else.
//!
//! Any other part of an address may contain a password or a key. So it is parsed by hand, more
//! strictly than by the URL Standard, whose parser takes the secret in `https:/SECRET` for a host.

use url::Host;

/// The longest possible host name (RFC 1035, section 2.3.4).
const LONGEST: usize = 253;

/// The default port of `https`.
const USUAL: u16 = 443;

/// The host of an absolute `https` address, in lower case, with its port unless that is the
/// default. `None` for anything else: over `http` the Web Connector reaches only this computer.
pub(super) fn host(address: &[u8]) -> Option<String> {
    let address = str::from_utf8(address).ok()?.trim();
    let (scheme, rest) = address.split_once("://")?;
    let end = rest.find(|c: char| !is_of_authority(c)).unwrap_or(rest.len());
    let (authority, after) = rest.split_at_checked(end)?;
    // With an @ further on, what looks like a host may be the start of a password.
    if !scheme.eq_ignore_ascii_case("https") || after.contains('@') {
        return None;
    }
    let place = authority.rsplit_once('@').map_or(authority, |(_, place)| place);
    let (name, port) = match place.rsplit_once(':') {
        Some((name, port)) if !port.ends_with(']') => (name, port.parse::<u16>().ok()?),
        Some(_) | None => (place, USUAL),
    };
    let name = Host::parse(name).ok()?.to_string();
    if !is_plain(&name) {
        return None;
    }
    Some(if port == USUAL { name } else { format!("{name}:{port}") })
}

fn is_of_authority(letter: char) -> bool {
    !matches!(letter, '/' | '\\' | '?' | '#') && !letter.is_whitespace() && !letter.is_control()
}

/// Letters, digits, dots and hyphens, or an address in brackets: the characters of a host name.
fn is_plain(host: &str) -> bool {
    let in_name = |b: u8| b.is_ascii_alphanumeric() || b == b'.' || b == b'-';
    host.len() <= LONGEST && (host.starts_with('[') || host.bytes().all(in_name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_host_of_an_address_is_kept() {
        for (address, kept) in [
            ("https://sync.larch.example/qbwc?key=SECRET#SECRET", "sync.larch.example"),
            ("  HTTPS://Sync.LARCH.example  ", "sync.larch.example"),
            ("https://user:SECRET@sync.larch.example/", "sync.larch.example"),
            ("https://sync.larch.example:443/SECRET", "sync.larch.example"),
            ("https://sync.larch.example:8443/SECRET", "sync.larch.example:8443"),
            ("https://[2001:DB8::7]:8443/", "[2001:db8::7]:8443"),
            ("https://[2001:db8::7]/", "[2001:db8::7]"),
            ("https://été.example/", "xn--t-9fab.example"),
        ] {
            assert_eq!(host(address.as_bytes()).as_deref(), Some(kept), "{address}");
        }
    }

    #[test]
    fn only_plain_https_addresses_have_a_host() {
        for address in [
            "",
            "https",
            "https://",
            "https:///SECRET",
            "https:/SECRET",
            "https:SECRET",
            "http://localhost:5000/",
            "ftp://sync.larch.example/",
            "https://user:SEC/RET@sync.larch.example/",
            "https://user\\SECRET@sync.larch.example/",
            "https://user:SECRET",
            "https://sync.larch.example:SECRET/",
            "https://sync.larch.example(SECRET)/",
            "https://[SECRET]/",
            "https://SEC%2FRET/",
        ] {
            assert_eq!(host(address.as_bytes()), None, "{address}");
        }
        assert_eq!(host(b"https://\xff.example/"), None);
    }
}
