//! Windows' fixed proxy settings: a list of proxies, and a list of hosts that need none.
//!
//! Both are text that people type into a dialog or that IT distributes, with the grammar of WinINet.
//! docs/sources/platform.md#network

use deskside_model::{Proxy, ProxyChoice};
use url::Url;

/// The fixed settings, or a script's answer, which has the same form.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Settings {
    /// `host:port`, or one for each scheme: `http=host:port;https=host:port`.
    pub(super) proxies: String,
    /// Patterns of hosts, and `<local>` for names without a dot.
    pub(super) bypass: String,
}

impl Settings {
    /// The proxy for this address.
    pub(super) fn choose(&self, url: &Url) -> ProxyChoice {
        if words(&self.bypass).any(|pattern| covers(pattern, url)) {
            return ProxyChoice::Direct;
        }
        let mut socks = false;
        for word in words(&self.proxies) {
            match word.split_once('=') {
                Some((scheme, address)) if scheme.eq_ignore_ascii_case(url.scheme()) => {
                    return through(address);
                }
                Some((scheme, _)) => socks |= scheme.eq_ignore_ascii_case("socks"),
                None => return through(word),
            }
        }
        if socks {
            return ProxyChoice::Unknown("Windows names a SOCKS proxy only".into());
        }
        ProxyChoice::Direct
    }
}

/// The entries of a list. Windows takes semicolons and white space.
fn words(list: &str) -> impl Iterator<Item = &str> {
    list.split(|letter: char| letter == ';' || letter.is_whitespace())
        .filter(|word| !word.is_empty())
}

/// The proxy with this address, which may lack its scheme and its port.
fn through(address: &str) -> ProxyChoice {
    let address =
        if address.contains("://") { address.into() } else { format!("http://{address}") };
    match Url::parse(&address) {
        Ok(address) if address.scheme() == "http" && address.has_host() => {
            ProxyChoice::Through(Proxy { address, sign_in: None })
        }
        _ => ProxyChoice::Unknown("Windows names a proxy of another kind than HTTP".into()),
    }
}

/// True if this pattern of the bypass list covers the host of `url`. A pattern may name a scheme and a
/// port; `*` stands for any letters.
fn covers(pattern: &str, url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    if pattern.eq_ignore_ascii_case("<local>") {
        return !host.contains('.') && !host.contains(':');
    }
    let pattern = match pattern.split_once("://") {
        Some((scheme, _)) if !scheme.eq_ignore_ascii_case(url.scheme()) => return false,
        Some((_, rest)) => rest,
        None => pattern,
    };
    let pattern = pattern.to_ascii_lowercase();
    let (name, port) = match pattern.rsplit_once(':') {
        Some((name, port))
            if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            (name, port.parse::<u16>().ok())
        }
        _ => (pattern.as_str(), None),
    };
    (port.is_none() || port == url.port_or_known_default()) && matches(name, host)
}

/// True if `text` has the form of `pattern`, in which `*` stands for any letters.
fn matches(pattern: &str, text: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut text) = text.strip_prefix(start) else { return false };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let end = parts.pop().unwrap_or_default();
    for part in parts {
        match text.split_once(part) {
            Some((_, after)) => text = after,
            None => return false,
        }
    }
    text.ends_with(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice(proxies: &str, bypass: &str, url: &str) -> String {
        let settings = Settings { proxies: proxies.into(), bypass: bypass.into() };
        match settings.choose(&Url::parse(url).unwrap()) {
            ProxyChoice::Direct => "direct".into(),
            ProxyChoice::Through(proxy) => proxy.address.to_string(),
            ProxyChoice::Unknown(_) => "unknown".into(),
        }
    }

    #[test]
    fn one_proxy_serves_all_schemes() {
        for list in ["proxy:8080", "http://proxy:8080", " proxy:8080 ", "ftp=other:1;proxy:8080"] {
            assert_eq!(choice(list, "", "https://app.example/"), "http://proxy:8080/", "{list}");
        }
        assert_eq!(choice("proxy", "", "https://app.example/"), "http://proxy/");
    }

    #[test]
    fn each_scheme_may_have_its_own_proxy() {
        let list = "http=plain:80;HTTPS=secure:443;socks=other:1080";
        assert_eq!(choice(list, "", "https://app.example/"), "http://secure:443/");
        assert_eq!(choice(list, "", "http://app.example/"), "http://plain/");
        assert_eq!(choice("http=plain:80", "", "https://app.example/"), "direct");
    }

    #[test]
    fn a_proxy_that_cannot_be_used_is_unknown() {
        for list in ["socks=other:1080", "socks5://other:1080", "http://"] {
            assert_eq!(choice(list, "", "https://app.example/"), "unknown", "{list}");
        }
        assert_eq!(choice("", "", "https://app.example/"), "direct");
    }

    #[test]
    fn hosts_of_the_bypass_list_are_connected_to_directly() {
        let covered = [
            ("*.example", "https://app.example/"),
            ("APP.example", "https://app.example/"),
            ("10.*", "https://10.1.2.3/"),
            ("*", "https://app.example/"),
            ("https://app.example", "https://app.example/"),
            ("app.example:8443", "https://app.example:8443/"),
            ("app.example:443", "https://app.example/"),
            ("a*p.ex*le", "https://app.example/"),
            ("<local>", "https://server/"),
            ("other; app.example", "https://app.example/"),
        ];
        for (list, url) in covered {
            assert_eq!(choice("proxy:1", list, url), "direct", "{list} {url}");
        }
        let others = [
            ("*.example", "https://app.example.org/"),
            ("app.example", "https://my.app.example/"),
            ("http://app.example", "https://app.example/"),
            ("app.example:8443", "https://app.example/"),
            ("a*p.exp*le", "https://app.example/"),
            ("<local>", "https://app.example/"),
            ("<local>", "https://[fd00::1]/"),
            ("", "https://app.example/"),
        ];
        for (list, url) in others {
            assert_eq!(choice("proxy:1", list, url), "http://proxy:1/", "{list} {url}");
        }
    }
}
