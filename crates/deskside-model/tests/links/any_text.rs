//! Any text: the parser is total and agrees with a second, naive implementation of the grammar.

use super::*;

/// The rules of the design again, as naively as possible. `None` is a refusal.
mod naive {
    use super::*;

    pub(super) fn verdict(text: &str, trust: &Trust) -> Option<LinkJudgment> {
        let lower = text.get(..11)?.to_ascii_lowercase();
        let blank = |c: char| c.is_control() || c.is_whitespace();
        if lower != "deskside://" || text.len() > 4096 || text.contains(blank) || text.contains('#')
        {
            return None;
        }
        let rest = &text[11..];
        let (before, query) = rest.split_once('?').unwrap_or((rest, ""));
        let value = |name: &str| {
            let all: Vec<Vec<u8>> = query
                .split('&')
                .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
                .filter(|(key, _)| percent_decode_str(key).eq(name.bytes()))
                .map(|(_, value)| percent_decode_str(value).collect())
                .collect();
            <[Vec<u8>; 1]>::try_from(all).ok().and_then(|[one]| String::from_utf8(one).ok())
        };
        let token = |name: &str| {
            value(name).filter(|v| {
                let allowed = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
                !v.is_empty() && v.len() <= 512 && v.chars().all(allowed)
            })
        };
        match before.strip_suffix('/').unwrap_or(before) {
            "connect" => {
                let (scheme, host, path) = address(&value("link")?, trust)?;
                let listed = ["connect.conductor.is", "link-api.codat.io", "link.codat.io"];
                let added = trust.link_hosts.iter().any(|known| known.host == host);
                let is_local = trust.sandbox
                    && is_loopback(&host)
                    && (path.contains("/qbd") || path.contains("/companies"));
                (scheme == "https" && (listed.contains(&host.as_str()) || added) || is_local)
                    .then_some(LinkJudgment::Ask)
            }
            "enroll" => {
                token("code")?;
                let (_, host, _) = address(&value("backend")?, trust)?;
                let named = trust.backends.iter().any(|known| known.host == host);
                let open = trust.unknown_backends == UnknownBackends::Ask;
                (named || open || trust.sandbox && is_loopback(&host)).then_some(LinkJudgment::Ask)
            }
            "return" => token("state").map(|_| LinkJudgment::Navigate),
            "open/status" | "open/setup" | "open/diagnostics" | "open/settings" => {
                Some(LinkJudgment::Navigate)
            }
            _ => None,
        }
    }

    fn is_loopback(host: &str) -> bool {
        host == "localhost" || host == "[::1]" || host.starts_with("127.")
    }

    /// Scheme, host and rest of an address with nothing unusual in it.
    fn address(url: &str, trust: &Trust) -> Option<(String, String, String)> {
        let (scheme, rest) = url.split_once("://")?;
        let scheme = scheme.to_ascii_lowercase();
        let blank = |c: char| c.is_control() || c.is_whitespace();
        if url.contains(blank) || url.contains(['\\', '#']) {
            return None;
        }
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        let (host, port) = match authority.rfind(':') {
            Some(at) if !authority.ends_with(']') => authority.split_at(at),
            _ => (authority, ""),
        };
        let host = host.to_ascii_lowercase();
        let plain = |c: char| c.is_ascii_alphanumeric() || "-.".contains(c);
        let is_local = trust.sandbox && is_loopback(&host);
        let port_fits = is_local
            || port.trim_start_matches(":0").trim_start_matches(':') == "443"
            || matches!(port, "" | ":");
        let scheme_fits = scheme == "https" || scheme == "http" && is_local;
        let host_fits = !host.is_empty()
            && (host.starts_with('[') || host.chars().all(plain))
            && !host.ends_with('.');
        (port_fits && scheme_fits && host_fits).then_some((scheme, host, path.to_owned()))
    }
}

fn trusts() -> impl Strategy<Value = Trust> {
    prop_oneof![Just(normal()), Just(sandbox()), Just(strict())]
}

fn good_links() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(connect(CONDUCTOR)),
        Just(connect(CODAT)),
        Just(format!("deskside://connect?link={CONDUCTOR}")),
        Just(connect("http://localhost:8080/qbd/x?key=y")),
        Just(connect("https://connect.acme.example/start")),
        Just(format!("{}&state=s", enroll(BACKEND, "code"))),
        Just(enroll("http://[::1]:8080/base", "code")),
        Just("deskside://return?state=abc".into()),
        Just("deskside://open/settings".into()),
    ]
}

/// Fragments that have fooled parsers before.
const PIECES: &[&str] = &[
    "%",
    "%00",
    "%2",
    "%23",
    "%2F",
    "%3A%2F%2F",
    "%40",
    "%5C",
    "%6C",
    "%E2%80%A8",
    "#",
    "?",
    "&",
    "&link=",
    "&code=",
    "&state=",
    "link",
    "=",
    "@",
    ":",
    ":443",
    ":0",
    "/",
    "//",
    "://",
    "\\",
    ".",
    "..",
    "[::1]",
    "127.0.0.1",
    "localhost",
    "xn--",
    "\u{0}",
    "\u{a0}",
    "\u{2028}",
    "\u{202e}",
    "é",
    "。",
    "０",
    " ",
    "\n",
    "connect.conductor.is",
    "https:",
    "HTTPS://",
    "user:word@",
    "deskside://",
    "open/status",
    "\u{1f9fe}",
];

#[derive(Clone, Debug)]
enum Edit {
    Insert(usize, usize),
    Delete(usize, usize),
    Capital(usize),
    Double(usize, usize),
}

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let edit = prop_oneof![
        3 => (any::<usize>(), 0..PIECES.len()).prop_map(|(at, piece)| Edit::Insert(at, piece)),
        1 => (any::<usize>(), 1..6_usize).prop_map(|(at, count)| Edit::Delete(at, count)),
        1 => any::<usize>().prop_map(Edit::Capital),
        1 => (any::<usize>(), 1..20_usize).prop_map(|(at, count)| Edit::Double(at, count)),
    ];
    prop::collection::vec(edit, 0..4)
}

fn edited(text: &str, edits: &[Edit]) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for edit in edits {
        let place = |at: usize| at % (chars.len() + 1);
        match *edit {
            Edit::Insert(at, piece) => {
                let at = place(at);
                chars.splice(at..at, PIECES[piece].chars());
            }
            Edit::Delete(at, count) => {
                let at = place(at);
                let end = (at + count).min(chars.len());
                chars.drain(at..end);
            }
            Edit::Capital(at) => {
                let at = place(at);
                if let Some(c) = chars.get_mut(at) {
                    *c = c.to_ascii_uppercase();
                }
            }
            Edit::Double(at, count) => {
                let at = place(at);
                let end = (at + count).min(chars.len());
                let copy: Vec<char> = chars[at..end].to_vec();
                chars.splice(at..at, copy);
            }
        }
    }
    chars.into_iter().collect()
}

/// Every accepted link must pass the second implementation.
fn check_against_naive(text: &str, trust: &Trust) -> Result<(), TestCaseError> {
    let inspected = inspect(text, trust);
    if inspected.verdict == LinkJudgment::Reject {
        prop_assert!(inspected.reason.is_some(), "refused without a reason");
        return Ok(());
    }
    prop_assert_eq!(Some(inspected.verdict), naive::verdict(text, trust), "{}", text);
    if let Ok(LinkRequest::Connect(link)) = parse(text, trust) {
        // The browser gets what was checked: parsing it again gives the same.
        let again = connected(&connect(link.url.reveal()), trust);
        prop_assert_eq!(again.url.reveal(), link.url.reveal());
        prop_assert_eq!(&again.host, &link.host);
        let secure = link.url.reveal().starts_with(&format!("https://{}", link.host));
        prop_assert!(secure || trust.sandbox, "{} is not at {}", text, link.host);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_results_in_a_request_or_a_refusal(text in "\\PC*", trust in trusts()) {
        check_against_naive(&text, &trust)?;
        check_against_naive(&format!("deskside://{text}"), &trust)?;
        check_against_naive(&format!("deskside://connect?link={text}"), &trust)?;
        check_against_naive(&connect(&text), &trust)?;
        check_against_naive(&enroll(&text, "c"), &trust)?;
    }

    #[test]
    fn any_characters_can_be_parsed(chars in prop::collection::vec(any::<char>(), 0..60)) {
        let text: String = chars.into_iter().collect();
        for trust in [normal(), sandbox(), strict()] {
            check_against_naive(&text, &trust)?;
            check_against_naive(&connect(&format!("https://{text}")), &trust)?;
        }
    }

    #[test]
    fn tampered_links_are_refused_or_still_valid(
        link in good_links(),
        edits in edits(),
        trust in trusts(),
    ) {
        check_against_naive(&edited(&link, &edits), &trust)?;
    }

    #[test]
    fn tampered_inner_addresses_are_refused_or_still_valid(
        link in prop_oneof![Just(CONDUCTOR), Just(CODAT), Just("http://127.0.0.1:80/qbd/x")],
        edits in edits(),
        trust in trusts(),
    ) {
        let link = edited(link, &edits);
        check_against_naive(&connect(&link), &trust)?;
        check_against_naive(&enroll(&link, "c"), &trust)?;
    }

    #[test]
    fn inspections_reveal_no_value_of_the_link(
        secret in "Zq[0-9a-z]{12}qZ",
        edits in edits(),
        trust in trusts(),
    ) {
        let texts = [
            connect(&format!("https://connect.conductor.is/qbd/{secret}?key={secret}")),
            connect(&format!("https://{secret}@connect.conductor.is/")),
            enroll(BACKEND, &secret),
            format!("{}&state={secret}", enroll(BACKEND, "c")),
            format!("deskside://return?state={secret}"),
        ];
        for text in texts {
            let text = edited(&text, &edits);
            let shown = printed(&text, &trust).to_ascii_lowercase();
            // A host is shown by design; tampering may have turned part of the secret into one.
            let host = inspect(&text, &trust).host.unwrap_or_default().to_ascii_lowercase();
            let shown = if host.is_empty() { shown } else { shown.replace(&host, "").replace(&host.escape_debug().to_string(), "") };
            prop_assert!(!shown.contains(&secret.to_ascii_lowercase()), "{}", shown);
        }
    }
}
