//! The grammar of deep links, as a table that an attacker would have written.
//!
//! A deep link comes from anywhere, so the table is long on purpose: every word, every reason for
//! a refusal with several ways to earn it, the order of the checks. Properties then say the same
//! of any text at all, against a second reading of the rules that shares no code with the first.

#![expect(clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

use std::collections::BTreeSet;

use deskside::companion::Page;
use deskside::link::{
    EnrollRequest, Judgement, KnownBackend, KnownLinkHost, LinkRequest, MAX_BYTES, Provider,
    ProviderLink, Refusal, Refused, Trust, UnknownBackends, Word, inspect, parse,
};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use proptest::prelude::*;
use serde_json::json;

const CONDUCTOR: &str = "https://connect.conductor.is/qbd/SECRETAUTH?key=SECRETKEY";
const CODAT: &str = "https://link-api.codat.io/companies/SECRETCOMPANY?otp=SECRETOTP";
const BACKEND: &str = "https://app.acme.example";

fn escape(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

fn connect(link: &str) -> String {
    format!("deskside://connect?link={}", escape(link))
}

fn enroll(backend: &str, code: &str) -> String {
    format!("deskside://enroll?backend={}&code={code}", escape(backend))
}

fn normal() -> Trust {
    Trust::default()
}

fn sandbox() -> Trust {
    Trust { sandbox: true, ..Trust::default() }
}

/// A policy that adds a link host, names one backend and forbids the others.
fn strict() -> Trust {
    Trust {
        sandbox: false,
        link_hosts: vec![KnownLinkHost {
            host: "connect.acme.example".into(),
            provider: Provider::Conductor,
        }],
        backends: vec![KnownBackend { host: "app.acme.example".into(), name: "Acme Books".into() }],
        unknown_backends: UnknownBackends::Forbid,
    }
}

fn connected(text: &str, trust: &Trust) -> ProviderLink {
    match parse(text, trust) {
        Ok(LinkRequest::Connect(link)) => link,
        other => panic!("{text} is not a link to open: {other:?}"),
    }
}

fn enrolled(text: &str, trust: &Trust) -> EnrollRequest {
    match parse(text, trust) {
        Ok(LinkRequest::Enroll(request)) => request,
        other => panic!("{text} is no enrolment: {other:?}"),
    }
}

fn refused(text: &str, trust: &Trust) -> Refused {
    match parse(text, trust) {
        Ok(request) => panic!("accepted: {text:?} as {request:?}"),
        Err(refused) => refused,
    }
}

/// Asserts that each text is refused, and for this reason.
fn all_refused<S: AsRef<str>>(reason: Refusal, trust: &Trust, texts: impl IntoIterator<Item = S>) {
    for text in texts {
        let text = text.as_ref();
        let why = refused(text, trust).reason;
        assert_eq!(why, reason, "{text:.200?} is refused for another reason");
    }
}

// --- What is accepted -----------------------------------------------------------------------

#[test]
fn a_providers_link_is_understood_and_opened_exactly_as_it_was_given() {
    for (link, provider, host) in [
        (CONDUCTOR, Provider::Conductor, "connect.conductor.is"),
        (CODAT, Provider::Codat, "link-api.codat.io"),
        ("https://link.codat.io/company/1f/", Provider::Codat, "link.codat.io"),
        ("https://connect.conductor.is/", Provider::Conductor, "connect.conductor.is"),
        (
            "https://connect.conductor.is/qbd/a%2Fb%20c?key=1&key=2&x=%C3%A9+~a://b",
            Provider::Conductor,
            "connect.conductor.is",
        ),
        ("https://link.codat.io/company?x=@evil.example:80", Provider::Codat, "link.codat.io"),
    ] {
        let read = connected(&connect(link), &normal());
        assert_eq!((read.provider, read.host.as_str()), (provider, host), "{link}");
        assert_eq!(read.url.reveal(), link, "the link was changed on its way");
    }
}

#[test]
fn a_link_with_capitals_or_the_default_port_is_opened_in_its_normal_form() {
    for written in [
        "HTTPS://CONNECT.Conductor.IS/qbd/SECRETAUTH?key=SECRETKEY",
        "https://connect.conductor.is:443/qbd/SECRETAUTH?key=SECRETKEY",
        "https://connect.conductor.is:/qbd/SECRETAUTH?key=SECRETKEY",
        "https://connect.conductor.is/x/../qbd/SECRETAUTH?key=SECRETKEY",
    ] {
        let read = connected(&connect(written), &normal());
        assert_eq!(read.url.reveal(), CONDUCTOR, "{written}");
        assert_eq!(read.host, "connect.conductor.is");
    }
}

#[test]
fn the_scheme_is_read_without_regard_to_case_and_the_word_is_not() {
    for scheme in ["deskside", "DESKSIDE", "DeskSide"] {
        let text = connect(CONDUCTOR).replacen("deskside", scheme, 1);
        connected(&text, &normal());
    }
    all_refused(
        Refusal::UnknownAction,
        &normal(),
        ["deskside://Connect?link=x", "deskside://OPEN/status"],
    );
}

#[test]
fn a_slash_after_the_word_changes_nothing() {
    // Windows browsers add one.
    connected(&connect(CONDUCTOR).replacen("connect?", "connect/?", 1), &normal());
    enrolled(&enroll(BACKEND, "c").replacen("enroll?", "enroll/?", 1), &normal());
    let back = parse("deskside://return/?state=SECRETSTATE", &normal());
    assert!(matches!(back, Ok(LinkRequest::Return { .. })), "{back:?}");
}

#[test]
fn an_enrolment_names_backend_vendor_and_code() {
    for (backend, host, vendor, first_call) in [
        (BACKEND, "app.acme.example", Some("Acme Books"), "https://app.acme.example/v1/devices"),
        (
            "https://APP.acme.example/api/deskside/",
            "app.acme.example",
            Some("Acme Books"),
            "https://app.acme.example/api/deskside/v1/devices",
        ),
    ] {
        let request =
            enrolled(&format!("{}&state=S-._~1", enroll(backend, "SECRET-c.o_d~e")), &strict());
        assert_eq!(request.backend.host(), host);
        assert_eq!(request.vendor.as_deref(), vendor);
        assert_eq!(request.code.reveal(), "SECRET-c.o_d~e");
        assert_eq!(request.backend.call(&["v1", "devices"]).as_str(), first_call);
    }
    let unknown = enrolled(&enroll("https://books.example", "c"), &normal());
    assert_eq!(unknown.vendor, None, "a host that nobody named has no vendor's name");
}

#[test]
fn what_a_backend_answers_cannot_lead_a_call_elsewhere() {
    let request = enrolled(&enroll(BACKEND, "c"), &normal());
    let call = request.backend.call(&["v1", "connections", "../../x?y#z/@evil", "links"]);
    assert_eq!(
        call.as_str(),
        "https://app.acme.example/v1/connections/..%2F..%2Fx%3Fy%23z%2F@evil/links"
    );
}

#[test]
fn a_return_carries_its_state_and_nothing_else_of_it_counts() {
    let text = "deskside://return?error=cancelled&state=SECRETSTATE&status=ok&link=x";
    let Ok(LinkRequest::Return { state }) = parse(text, &normal()) else { panic!("{text}") };
    assert_eq!(state.reveal(), "SECRETSTATE");
}

#[test]
fn every_page_can_be_opened() {
    for (word, page) in [
        ("status", Page::Status),
        ("setup", Page::Setup),
        ("diagnostics", Page::Diagnostics),
        ("settings", Page::Settings),
    ] {
        for tail in ["", "?", "?x=1&x=1&link=javascript:alert(1)"] {
            let text = format!("deskside://open/{word}{tail}");
            let read = parse(&text, &normal());
            assert!(matches!(read, Ok(LinkRequest::Open(its)) if its == page), "{text}: {read:?}");
        }
    }
}

#[test]
fn unknown_parameters_are_ignored_even_twice_and_without_a_value() {
    let link = escape(CONDUCTOR);
    for query in [
        format!("utm=1&utm=2&link={link}&code=x&state=%20&flag&=&&Link=x&LINK=y&links=z&link%20=q"),
        format!("x=%FF%00&link={link}"),
        format!("%FF=1&l%69nk={link}"),
    ] {
        let read = connected(&format!("deskside://connect?{query}"), &normal());
        assert_eq!(read.url.reveal(), CONDUCTOR, "{query}");
    }
}

#[test]
fn a_plus_in_a_link_stays_a_plus() {
    let link = "https://connect.conductor.is/qbd/a+b?key=c+d";
    let read =
        connected(&format!("deskside://connect?link={}", link.replace('?', "%3F")), &normal());
    assert_eq!(read.url.reveal(), link);
}

#[test]
fn a_link_of_4096_bytes_is_read_and_one_of_4097_is_too_long() {
    let start = connect("https://connect.conductor.is/qbd/");
    let longest = format!("{start}{}", "a".repeat(MAX_BYTES - start.len()));
    assert_eq!(longest.len(), 4096);
    connected(&longest, &normal());
    all_refused(Refusal::TooLong, &normal(), [format!("{longest}a")]);
    // Bytes, not characters.
    let wide = format!("deskside://open/status?{}", "é".repeat(2048));
    assert!(wide.chars().count() < 4096);
    all_refused(Refusal::TooLong, &normal(), [wide]);
}

#[test]
fn a_code_or_state_has_1_to_512_unreserved_characters() {
    let longest = "c".repeat(512);
    enrolled(&enroll(BACKEND, &longest), &normal());
    enrolled(&format!("{}&state={longest}", enroll(BACKEND, "c")), &normal());
    assert!(parse(&format!("deskside://return?state={longest}"), &normal()).is_ok());
    for bad in [
        String::new(),
        "c".repeat(513),
        "a+b".into(),
        "a%20b".into(),
        "a%2Bb".into(),
        "a/b".into(),
        "a%3D".into(),
        "a=b".into(),
        "%C3%A9".into(),
        "é".into(),
        "%00".into(),
        "a%0A".into(),
        "%FF".into(),
        "a:b".into(),
        "a!b".into(),
    ] {
        let texts = [
            enroll(BACKEND, &bad),
            format!("{}&state={bad}", enroll(BACKEND, "c")),
            format!("deskside://return?state={bad}"),
        ];
        all_refused(Refusal::BadParameter, &normal(), texts);
    }
    // Percent-encoding of what needs none is the same value.
    assert_eq!(enrolled(&enroll(BACKEND, "%61%2D%62"), &normal()).code.reveal(), "a-b");
}

// --- What is refused, reason by reason --------------------------------------------------------

#[test]
fn not_deskside() {
    all_refused(
        Refusal::NotDeskside,
        &normal(),
        [
            "",
            ":",
            "://",
            "deskside",
            "deskside//connect",
            "desksides://connect",
            "x-deskside://open/status",
            "https://connect.conductor.is/",
            "file:///etc/passwd",
            " deskside://open/status",
            "\tdeskside://open/status",
            "deskside ://open/status",
            "\u{feff}deskside://open/status",
            "desk\u{ad}side://open/status",
            "deѕkside://open/status", // Cyrillic
            "ｄｅｓｋｓｉｄｅ://open/status",
            "deskside%3A//open/status",
        ],
    );
}

#[test]
fn too_long() {
    let long = "a".repeat(5_000);
    all_refused(
        Refusal::TooLong,
        &normal(),
        [
            format!("deskside:{long}"),
            format!("deskside://open/{long}"),
            format!("deskside://open/status?{long}"),
            format!("deskside://{long}@connect"),
            format!("deskside://connect?link=%{long}"),
        ],
    );
}

#[test]
fn malformed() {
    let link = escape(CONDUCTOR);
    let mut texts: Vec<String> = [
        "deskside:",
        "deskside:open/status",
        "deskside:/open/status",
        r"deskside:\\open\status",
        "deskside://open/%",
        "deskside://open/%2",
        "deskside://open/status?%zz",
        "deskside://open/status?a=%+1",
        "deskside://open/status?a=%é1",
        "deskside://return/now?state=x",
        "deskside://return//?state=x",
        "deskside://return/%2F?state=x",
    ]
    .map(str::to_owned)
    .into();
    for raw in [
        ' ', '\t', '\n', '\r', '\0', '\u{7f}', '\u{85}', '\u{a0}', '\u{2028}', '\u{2029}',
        '\u{3000}',
    ] {
        texts.push(format!("deskside://open/status{raw}"));
        texts.push(format!("deskside://{raw}open/status"));
        texts.push(format!("deskside://connect?link={link}&x={raw}"));
        texts.push(format!("deskside://connect?{raw}link={link}"));
        texts.push(format!("deskside://connect?link={link}#{raw}"));
    }
    texts.push(format!("deskside://connect/x?link={link}"));
    texts.push(format!("deskside://connect/..?link={link}"));
    texts.push(format!("deskside://enroll/v1?backend={}&code=c", escape(BACKEND)));
    all_refused(Refusal::Malformed, &normal(), texts);
}

#[test]
fn unknown_action() {
    all_refused(
        Refusal::UnknownAction,
        &normal(),
        [
            "deskside://",
            "deskside:///open/status",
            "deskside:////",
            "deskside://?link=x",
            "deskside://#",
            "deskside://connect.evil.example?link=x",
            "deskside://connectx?link=x",
            "deskside://connect.?link=x",
            "deskside://connect%20?link=x",
            "deskside://c%6Fnnect?link=x",
            r"deskside://connect\?link=x",
            "deskside://соnnect?link=x", // Cyrillic
            "deskside://delete?all=1",
            "deskside://open&x/status",
        ],
    );
}

#[test]
fn credentials_port_and_fragment_do_not_belong_into_a_deep_link() {
    let link = escape(CONDUCTOR);
    let reasons = [
        (Refusal::CredentialsInLink, format!("deskside://user@connect?link={link}")),
        (Refusal::CredentialsInLink, format!("deskside://@connect?link={link}")),
        (Refusal::CredentialsInLink, format!("deskside://u:p@connect?link={link}")),
        (Refusal::CredentialsInLink, format!("deskside://connect@evil.example?link={link}")),
        (Refusal::UnexpectedPort, format!("deskside://connect:443?link={link}")),
        (Refusal::UnexpectedPort, format!("deskside://connect:?link={link}")),
        (Refusal::UnexpectedPort, format!("deskside://connect:0?link={link}")),
        (Refusal::UnexpectedFragment, format!("deskside://connect?link={link}#")),
        (Refusal::UnexpectedFragment, format!("deskside://connect?link={link}#x")),
        (Refusal::UnexpectedFragment, format!("deskside://connect#?link={link}")),
        (Refusal::UnexpectedFragment, "deskside://open/status#".into()),
        (Refusal::UnexpectedFragment, "deskside://return?state=x#y".into()),
    ];
    for (reason, text) in reasons {
        all_refused(reason, &normal(), [text]);
    }
}

#[test]
fn missing_parameter() {
    let backend = escape(BACKEND);
    all_refused(
        Refusal::MissingParameter,
        &normal(),
        [
            "deskside://connect".into(),
            "deskside://connect?".into(),
            "deskside://connect/?".into(),
            "deskside://connect?LINK=https://connect.conductor.is/qbd/x".into(),
            "deskside://connect?url=x".into(),
            "deskside://connect?x;link=https://connect.conductor.is/qbd/x".into(),
            "deskside://enroll?code=c".into(),
            format!("deskside://enroll?backend={backend}"),
            format!("deskside://enroll?backend={backend}&state=s"),
            "deskside://return".into(),
            "deskside://return?".into(),
            "deskside://return?State=x".into(),
            "deskside://return?nonce=x".into(),
            // Nothing of the rest is looked at before all of it is there.
            "deskside://enroll?code=%20&code=%20".into(),
        ],
    );
}

#[test]
fn duplicate_parameter() {
    let (link, backend) = (escape(CONDUCTOR), escape(BACKEND));
    all_refused(
        Refusal::DuplicateParameter,
        &normal(),
        [
            format!("deskside://connect?link={link}&link={link}"),
            format!("deskside://connect?link={link}&link"),
            format!("deskside://connect?link&link={link}"),
            format!("deskside://connect?link={link}&link="),
            format!("deskside://connect?link={link}&%6Cink=x"),
            format!("deskside://connect?link={link}&%6c%69%6e%6b={link}"),
            format!("deskside://connect?link=%FF&link={link}"),
            format!("deskside://enroll?backend={backend}&code=c&code=c"),
            format!("deskside://enroll?backend={backend}&code=c&b%61ckend={backend}"),
            format!("deskside://enroll?backend={backend}&code=c&state=a&state=b"),
            format!("deskside://enroll?backend={backend}&code=c&state=a&%73tate"),
            "deskside://return?state=a&state=a".into(),
            "deskside://return?state=a&st%61te=b".into(),
        ],
    );
}

#[test]
fn bad_parameter() {
    let mut texts: Vec<String> = [
        "",
        "connect.conductor.is/qbd/x",
        "//connect.conductor.is/qbd/x",
        "/qbd/x",
        "https:",
        "https:/",
        "https://",
        "https:///",
        "https://?x",
        "https://:443/",
        "https:connect.conductor.is/qbd/x",
        "https:/connect.conductor.is/qbd/x",
        "https:///connect.conductor.is/qbd/x",
        "https:////connect.conductor.is/qbd/x",
        // A later `://` is not the one after the scheme.
        "https:connect.conductor.is/qbd/x://connect.conductor.is/",
        "https:user:word@connect.conductor.is/qbd/x://connect.conductor.is/",
        "https:/user@connect.conductor.is/?a://connect.conductor.is/",
        r"https:\\connect.conductor.is\qbd\x",
        r"https://connect.conductor.is\qbd\x",
        r"https://connect.conductor.is\@evil.example/",
        r"https://evil.example\.connect.conductor.is/",
        r"https://connect.conductor.is/qbd/x?a=\",
        "https://connect.conductor.is:65536/",
        "https://connect.conductor.is:4x3/",
        "https://connect.conductor.is:-1/",
        "https://connect.conductor .is/",
        "https://[::1/",
        "https://a b/",
        "https://%00/",
        "https://connect.conductor.is%2F.evil.example/",
        "https://connect.conductor.is%00.evil.example/",
        "https://1.2.3.400/",
        "https://xn--a/",
    ]
    .map(connect)
    .into();
    for hidden in
        ["%00", "%0A", "%0D", "%09", "%20", "%7F", "%C2%85", "%C2%A0", "%E2%80%A8", "%E3%80%80"]
    {
        texts.push(format!("deskside://connect?link={hidden}{}", escape(CONDUCTOR)));
        texts.push(format!("deskside://connect?link={}{hidden}", escape(CONDUCTOR)));
        texts.push(format!("deskside://connect?link=htt{hidden}ps://connect.conductor.is/"));
        texts.push(format!("deskside://enroll?backend={}{hidden}&code=c", escape(BACKEND)));
    }
    texts.push("deskside://connect?link".into());
    texts.push("deskside://connect?link=".into());
    texts.push("deskside://connect?link=%FF".into());
    texts.push("deskside://connect?link=https://connect.conductor.is/%FF".replace("%FF", "%C3%28"));
    // Nothing could be appended to it.
    texts.push(enroll("https://app.acme.example/?x=1", "c"));
    texts.push(enroll("https://app.acme.example?", "c"));
    all_refused(Refusal::BadParameter, &normal(), texts);
}

#[test]
fn insecure_link() {
    let texts = [
        "http://connect.conductor.is/qbd/x",
        "HTTP://connect.conductor.is/qbd/x",
        "javascript:alert(1)",
        "javascript://connect.conductor.is/%0aalert(1)",
        "file:///C:/Windows/System32/calc.exe",
        "data:text/html,x",
        "ftp://connect.conductor.is/",
        "ws://connect.conductor.is/",
        "wss://connect.conductor.is/",
        "deskside://open/status",
        "ms-settings:privacy",
        "search-ms:query=x",
        "httpss://connect.conductor.is/",
        "view-source:https://connect.conductor.is/",
        "blob:https://connect.conductor.is/",
        "http://localhost/qbd/x",
        "http://127.0.0.1:8080/qbd/x",
        "http://[::1]/qbd/x",
    ];
    all_refused(Refusal::InsecureLink, &normal(), texts.map(connect));
    all_refused(Refusal::InsecureLink, &normal(), texts.map(|url| enroll(url, "c")));
}

#[test]
fn credentials_in_link() {
    let texts = [
        "https://user:word@connect.conductor.is/qbd/x",
        "https://user@connect.conductor.is/qbd/x",
        "https://@connect.conductor.is/qbd/x",
        "https://:@connect.conductor.is/qbd/x",
        "https://connect.conductor.is@evil.example/qbd/x",
        "https://connect.conductor.is:443@evil.example/",
        "https://connect.conductor.is%2F@evil.example/",
        "https://a@b@connect.conductor.is/",
    ];
    all_refused(Refusal::CredentialsInLink, &normal(), texts.map(connect));
    all_refused(Refusal::CredentialsInLink, &normal(), texts.map(|url| enroll(url, "c")));
}

#[test]
fn unexpected_port() {
    let texts = [
        "https://connect.conductor.is:444/qbd/x",
        "https://connect.conductor.is:80/qbd/x",
        "https://connect.conductor.is:0/qbd/x",
        "https://connect.conductor.is:8443",
        "https://evil.example:22/",
        "https://localhost:8443/qbd/x",
        "https://[::1]:8443/qbd/x",
    ];
    all_refused(Refusal::UnexpectedPort, &normal(), texts.map(connect));
    all_refused(Refusal::UnexpectedPort, &normal(), texts.map(|url| enroll(url, "c")));
}

#[test]
fn unexpected_fragment() {
    let texts = [
        "https://connect.conductor.is/qbd/x#",
        "https://connect.conductor.is/qbd/x#y",
        "https://connect.conductor.is#/qbd/x",
        "https://connect.conductor.is/?#",
    ];
    // Encoded in the deep link, so that it belongs to the inner address.
    all_refused(Refusal::UnexpectedFragment, &normal(), texts.map(connect));
    all_refused(Refusal::UnexpectedFragment, &normal(), texts.map(|url| enroll(url, "c")));
    // Encoded twice it is a character of the path.
    connected(&connect("https://connect.conductor.is/qbd/x%23y"), &normal());
}

#[test]
fn untrusted_host() {
    let texts = [
        "https://evil.example/qbd/x",
        "https://conductor.is/qbd/x",
        "https://api.conductor.is/qbd/x",
        "https://x.connect.conductor.is/qbd/x",
        "https://connect.conductor.is.evil.example/qbd/x",
        "https://connect-conductor.is/qbd/x",
        "https://connect.conductor.is./qbd/x",
        "https://connect.conductor.is.:443/qbd/x",
        "https://cоnnect.conductor.is/qbd/x", // Cyrillic
        "https://xn--cnnect-xye.conductor.is/qbd/x",
        "https://ｃonnect.conductor.is/qbd/x", // full width: means the real host
        "https://connect。conductor。is/qbd/x",
        "https://connect\u{ad}.conductor.is/qbd/x",
        "https://con\u{200b}nect.conductor.is/qbd/x",
        "https://%63onnect.conductor.is/qbd/x",
        "https://connect%2Econductor.is/qbd/x",
        "https://127.0.0.1/qbd/x",
        "https://0x7f.0.0.1/qbd/x",
        "https://017700000001/qbd/x",
        "https://2130706433/qbd/x",
        "https://127.1/qbd/x",
        "https://[::1]/qbd/x",
        "https://[::ffff:127.0.0.1]/qbd/x",
        "https://[0:0:0:0:0:0:0:1]/qbd/x",
        "https://localhost/qbd/x",
        "https://localhost./qbd/x",
        "https://app.acme.example/qbd/x",
    ];
    all_refused(Refusal::UntrustedHost, &normal(), texts.map(connect));
    all_refused(
        Refusal::UntrustedHost,
        &strict(),
        texts.map(|url| enroll(&url.replace("app.acme", "app.acne"), "c")),
    );
    // Even where any backend may ask, its host must be written the way it is understood.
    let disguised = [
        "https://APP。acme.example",
        "https://app.acme.example.",
        "https://%61pp.acme.example",
        "https://äpp.acme.example",
        "https://0x7f.1",
        "https://127.1",
        "https://app.acme\u{ad}.example",
        "https://app.acme.example(verified),evil.example",
        "https://app.acme.example'.evil.example",
        "https://{app}.acme.example",
        "https://app_acme.example",
    ];
    all_refused(Refusal::UntrustedHost, &normal(), disguised.map(|url| enroll(url, "c")));
}

#[test]
fn unknown_page() {
    all_refused(
        Refusal::UnknownPage,
        &normal(),
        [
            "deskside://open",
            "deskside://open/",
            "deskside://open?page=status",
            "deskside://open/Status",
            "deskside://open/status/",
            "deskside://open//status",
            "deskside://open/status/settings",
            "deskside://open/%73tatus",
            "deskside://open/../status",
            "deskside://open/quit",
            "deskside://open/status%00",
            r"deskside://open/\status",
        ],
    );
}

// --- Policy and sandbox ----------------------------------------------------------------------

#[test]
fn a_policy_adds_link_hosts_and_takes_none_away() {
    let added = connect("https://connect.acme.example/start");
    all_refused(Refusal::UntrustedHost, &normal(), [&added]);
    assert_eq!(connected(&added, &strict()).provider, Provider::Conductor);
    connected(&connect(CODAT), &strict());
    all_refused(
        Refusal::UntrustedHost,
        &strict(),
        ["https://www.connect.acme.example/", "https://acme.example/"].map(connect),
    );
}

#[test]
fn a_policy_can_forbid_backends_that_it_does_not_name() {
    let unknown = enroll("https://books.example", "c");
    assert_eq!(enrolled(&unknown, &normal()).vendor, None);
    all_refused(Refusal::UntrustedHost, &strict(), [unknown]);
    assert_eq!(enrolled(&enroll(BACKEND, "c"), &strict()).vendor.as_deref(), Some("Acme Books"));
}

#[test]
fn this_very_computer_counts_only_in_the_sandbox() {
    for home in ["localhost", "127.0.0.1", "127.8.9.10", "[::1]"] {
        for (scheme, port) in [("http", ""), ("http", ":8080"), ("https", ""), ("https", ":8443")] {
            let base = format!("{scheme}://{home}{port}");
            let link = connect(&format!("{base}/qbd/x?key=y"));
            let read = connected(&link, &sandbox());
            assert_eq!((read.provider, read.host.as_str()), (Provider::Conductor, home));
            assert!(parse(&link, &normal()).is_err(), "{link} counts outside of the sandbox");
            let codat = connect(&format!("{base}/companies/x"));
            assert_eq!(connected(&codat, &sandbox()).provider, Provider::Codat);
            assert_eq!(enrolled(&enroll(&base, "c"), &sandbox()).backend.host(), home);
        }
        let plain = enroll(&format!("http://{home}"), "c");
        all_refused(Refusal::InsecureLink, &normal(), [plain]);
    }
}

#[test]
fn the_sandbox_relaxes_nothing_else() {
    let reasons = [
        (Refusal::InsecureLink, "http://connect.conductor.is/qbd/x"),
        (Refusal::InsecureLink, "http://192.168.1.1/qbd/x"),
        (Refusal::InsecureLink, "http://localhost.evil.example/qbd/x"),
        (Refusal::InsecureLink, "ftp://localhost/qbd/x"),
        (Refusal::UnexpectedPort, "https://connect.conductor.is:8443/qbd/x"),
        (Refusal::CredentialsInLink, "http://user@localhost/qbd/x"),
        (Refusal::UnexpectedFragment, "http://localhost/qbd/x#y"),
        (Refusal::UntrustedHost, "http://localhost/other/x"),
        (Refusal::UntrustedHost, "http://localhost/"),
        (Refusal::UntrustedHost, "http://127.1/qbd/x"),
        (Refusal::UntrustedHost, "http://0x7f000001/qbd/x"),
        (Refusal::UntrustedHost, "http://[0:0:0:0:0:0:0:1]/qbd/x"),
        (Refusal::InsecureLink, "http://localhost./qbd/x"),
        (Refusal::BadParameter, "http:localhost/qbd/x"),
    ];
    for (reason, link) in reasons {
        all_refused(reason, &sandbox(), [connect(link)]);
    }
}

// --- Order and secrecy -----------------------------------------------------------------------

#[test]
fn the_first_thing_wrong_is_the_one_that_is_told() {
    // Each text is wrong in every way that comes after its own reason.
    let long = "a".repeat(5_000);
    let inner_port = escape("https://evil.example.:22/#x");
    for (reason, text) in [
        (Refusal::NotDeskside, format!("x://nobody@nowhere:1/%?{long}#")),
        (Refusal::TooLong, format!("deskside:nobody@nowhere:1/% ?{long}#")),
        (Refusal::Malformed, "deskside://nobody@nowhere:1/%#".into()),
        (Refusal::CredentialsInLink, "deskside://nobody@nowhere:1/#".into()),
        (Refusal::UnexpectedPort, "deskside://nowhere:1/#".into()),
        (Refusal::UnknownAction, "deskside://nowhere/x#".into()),
        (Refusal::UnexpectedFragment, "deskside://connect/x?link&link#".into()),
        (Refusal::Malformed, "deskside://connect/x?link&link".into()),
        (Refusal::MissingParameter, "deskside://enroll?code=%20&code=%20".into()),
        (Refusal::DuplicateParameter, "deskside://enroll?backend=%20&code=%20&code=%20".into()),
        (Refusal::BadParameter, "deskside://enroll?backend=http%3A%2F%2Fu@x%0A&code=c".into()),
        (Refusal::InsecureLink, connect("http://u@evil.example.:22/#x")),
        (Refusal::CredentialsInLink, connect("https://u@evil.example.:22/#x")),
        (Refusal::UnexpectedPort, format!("deskside://connect?link={inner_port}")),
        (Refusal::UnexpectedFragment, connect("https://evil.example./#x")),
        (Refusal::UntrustedHost, connect("https://evil.example./")),
        // The address is looked at before the code, the code before the trust.
        (Refusal::InsecureLink, enroll("http://app.acme.example", "%20")),
        (Refusal::BadParameter, enroll("https://books.example", "%20")),
    ] {
        all_refused(reason, &strict(), [text]);
    }
}

#[test]
fn a_refusal_says_how_far_the_link_was_understood() {
    let facts = |text: &str| {
        let refused = refused(text, &normal());
        (refused.word, refused.host)
    };
    let host = |name: &str| Some(name.to_owned());
    assert_eq!(facts("https://x"), (None, None));
    assert_eq!(facts("deskside://nowhere"), (None, None));
    assert_eq!(facts("deskside://open/quit"), (Some(Word::Open), None));
    assert_eq!(facts("deskside://connect"), (Some(Word::Connect), None));
    assert_eq!(
        facts(&connect("https://evil.example/x")),
        (Some(Word::Connect), host("evil.example"))
    );
    let enrolment = enroll("http://app.acme.example", "c");
    assert_eq!(facts(&enrolment), (Some(Word::Enroll), host("app.acme.example")));
}

#[test]
fn every_reason_has_a_code_of_its_own_and_a_sentence() {
    let codes: BTreeSet<_> = Refusal::ALL.iter().map(|reason| reason.code()).collect();
    let documented = "not_deskside too_long malformed unknown_action missing_parameter \
        duplicate_parameter bad_parameter insecure_link credentials_in_link unexpected_port \
        unexpected_fragment untrusted_host unknown_page";
    assert_eq!(codes, documented.split_whitespace().collect());
    for reason in Refusal::ALL {
        let sentence = reason.sentence();
        assert!(sentence.ends_with('.') && !sentence.contains(reason.code()), "{sentence}");
    }
}

/// Everything that printing a result could let out.
fn printed(text: &str, trust: &Trust) -> String {
    let inspected = inspect(text, trust);
    let shown = match parse(text, trust) {
        Ok(request) => format!("{request:?}"),
        Err(refused) => format!("{refused:?} {refused} {}", refused.reason.sentence()),
    };
    let json = serde_json::to_string(&inspected).unwrap_or_default();
    format!("{shown} {inspected:?} {json}")
}

#[test]
fn nothing_printed_contains_the_link_the_code_or_the_state() {
    let texts = [
        connect(CONDUCTOR),
        connect(CODAT),
        connect("https://SECRETuser:SECRETword@connect.conductor.is/SECRETpath"),
        connect("https://connect.conductor.is:8443/SECRETpath"),
        connect("https://connect.conductor.is/SECRETpath#SECRETfragment"),
        connect("https://evil.example/SECRETpath?SECRETquery"),
        connect("http://evil.example/SECRETpath"),
        connect("SECRETtext"),
        connect("javascript:SECRET"),
        connect("mailto:SECRET@x.example"),
        connect("https:/SECRETpath"),
        enroll(BACKEND, "SECRETcode"),
        enroll(BACKEND, "SECRET+code"),
        enroll("https://app.acme.example/?SECRET", "SECRETcode"),
        format!("{}&state=SECRETstate", enroll(BACKEND, "SECRETcode")),
        "deskside://return?state=SECRETstate&x=SECRETvalue".into(),
        "deskside://return?state=SECRET+state".into(),
        "deskside://return?state=SECRET&state=SECRET".into(),
        "deskside://SECRETword?link=SECRET".into(),
        "deskside://SECRETuser@connect?link=SECRET".into(),
        "deskside://open/SECRETpage".into(),
        "deskside://open/status#SECRET".into(),
        "SECRET://x".into(),
        format!("deskside://connect?link={}", "SECRET".repeat(1_000)),
    ];
    for trust in [normal(), sandbox(), strict()] {
        for text in &texts {
            let shown = printed(text, &trust);
            assert!(
                !shown.to_ascii_lowercase().contains("secret") || is_only_the_type(&shown),
                "{text}: {shown}"
            );
        }
    }
}

/// `Secret(hidden)` is the one way in which the word may appear.
fn is_only_the_type(shown: &str) -> bool {
    !shown.replace("Secret(hidden)", "").to_ascii_lowercase().contains("secret")
}

#[test]
fn an_inspection_is_the_documented_document() {
    let document = |text: &str| serde_json::to_value(inspect(text, &normal())).unwrap();
    assert_eq!(
        document(&connect(CONDUCTOR)),
        json!({"schema": 1, "verdict": "ask", "action": "connect", "provider": "conductor",
            "host": "connect.conductor.is", "reason": null})
    );
    assert_eq!(
        document(&enroll(BACKEND, "c")),
        json!({"schema": 1, "verdict": "ask", "action": "enroll", "provider": null,
            "host": "app.acme.example", "reason": null})
    );
    assert_eq!(
        document("deskside://return?state=x"),
        json!({"schema": 1, "verdict": "navigate", "action": "return", "provider": null,
            "host": null, "reason": null})
    );
    assert_eq!(
        document("deskside://open/setup"),
        json!({"schema": 1, "verdict": "navigate", "action": "open", "provider": null,
            "host": null, "reason": null})
    );
    assert_eq!(
        document(&connect("https://evil.example/")),
        json!({"schema": 1, "verdict": "reject", "action": "connect", "provider": null,
            "host": "evil.example", "reason": "untrusted_host"})
    );
    assert_eq!(
        document("nonsense"),
        json!({"schema": 1, "verdict": "reject", "action": null, "provider": null,
            "host": null, "reason": "not_deskside"})
    );
}

// --- Any text at all -------------------------------------------------------------------------

/// The rules of the design once more, as naively as possible. `None` is a refusal.
mod naive {
    use super::*;

    pub(super) fn verdict(text: &str, trust: &Trust) -> Option<Judgement> {
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
                let at_home = trust.sandbox
                    && is_home(&host)
                    && (path.contains("/qbd") || path.contains("/companies"));
                (scheme == "https" && (listed.contains(&host.as_str()) || added) || at_home)
                    .then_some(Judgement::Ask)
            }
            "enroll" => {
                token("code")?;
                let (_, host, _) = address(&value("backend")?, trust)?;
                let named = trust.backends.iter().any(|known| known.host == host);
                let open = trust.unknown_backends == UnknownBackends::Ask;
                (named || open || trust.sandbox && is_home(&host)).then_some(Judgement::Ask)
            }
            "return" => token("state").map(|_| Judgement::Navigate),
            "open/status" | "open/setup" | "open/diagnostics" | "open/settings" => {
                Some(Judgement::Navigate)
            }
            _ => None,
        }
    }

    fn is_home(host: &str) -> bool {
        host == "localhost" || host == "[::1]" || host.starts_with("127.")
    }

    /// Scheme, host and what follows, of an address with nothing unusual in it.
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
        let at_home = trust.sandbox && is_home(&host);
        let port_fits = at_home
            || port.trim_start_matches(":0").trim_start_matches(':') == "443"
            || matches!(port, "" | ":");
        let scheme_fits = scheme == "https" || scheme == "http" && at_home;
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

/// Pieces that have fooled parsers before.
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

/// Whatever is accepted must stand up to the second reading.
fn stands_up(text: &str, trust: &Trust) -> Result<(), TestCaseError> {
    let inspected = inspect(text, trust);
    if inspected.verdict == Judgement::Reject {
        prop_assert!(inspected.reason.is_some(), "refused without a reason");
        return Ok(());
    }
    prop_assert_eq!(Some(inspected.verdict), naive::verdict(text, trust), "{}", text);
    if let Ok(LinkRequest::Connect(link)) = parse(text, trust) {
        // What the browser gets is what was checked: reading it again gives the same.
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
    fn any_text_gives_a_request_or_a_refusal(text in "\\PC*", trust in trusts()) {
        stands_up(&text, &trust)?;
        stands_up(&format!("deskside://{text}"), &trust)?;
        stands_up(&format!("deskside://connect?link={text}"), &trust)?;
        stands_up(&connect(&text), &trust)?;
        stands_up(&enroll(&text, "c"), &trust)?;
    }

    #[test]
    fn any_characters_at_all_are_survived(chars in prop::collection::vec(any::<char>(), 0..60)) {
        let text: String = chars.into_iter().collect();
        for trust in [normal(), sandbox(), strict()] {
            stands_up(&text, &trust)?;
            stands_up(&connect(&format!("https://{text}")), &trust)?;
        }
    }

    #[test]
    fn a_good_link_that_was_tampered_with_is_refused_or_still_good(
        link in good_links(),
        edits in edits(),
        trust in trusts(),
    ) {
        stands_up(&edited(&link, &edits), &trust)?;
    }

    #[test]
    fn an_inner_address_that_was_tampered_with_is_refused_or_still_good(
        link in prop_oneof![Just(CONDUCTOR), Just(CODAT), Just("http://127.0.0.1:80/qbd/x")],
        edits in edits(),
        trust in trusts(),
    ) {
        let link = edited(link, &edits);
        stands_up(&connect(&link), &trust)?;
        stands_up(&enroll(&link, "c"), &trust)?;
    }

    #[test]
    fn an_inspection_reveals_no_value_of_the_link(
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
            // A host is shown by design; tampering may have made one of the secret.
            let host = inspect(&text, &trust).host.unwrap_or_default().to_ascii_lowercase();
            let shown = if host.is_empty() { shown } else { shown.replace(&host, "").replace(&host.escape_debug().to_string(), "") };
            prop_assert!(!shown.contains(&secret.to_ascii_lowercase()), "{}", shown);
        }
    }
}
