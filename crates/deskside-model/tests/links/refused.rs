//! Which links are refused, by reason, with an attacker's attempts.

use super::*;

#[test]
fn not_deskside() {
    all_refused(
        LinkRefusal::NotDeskside,
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
        LinkRefusal::TooLong,
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
    all_refused(LinkRefusal::Malformed, &normal(), texts);
}

#[test]
fn unknown_action() {
    all_refused(
        LinkRefusal::UnknownAction,
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
fn deep_links_refuse_credentials_port_and_fragment() {
    let link = escape(CONDUCTOR);
    let reasons = [
        (LinkRefusal::CredentialsInLink, format!("deskside://user@connect?link={link}")),
        (LinkRefusal::CredentialsInLink, format!("deskside://@connect?link={link}")),
        (LinkRefusal::CredentialsInLink, format!("deskside://u:p@connect?link={link}")),
        (LinkRefusal::CredentialsInLink, format!("deskside://connect@evil.example?link={link}")),
        (LinkRefusal::UnexpectedPort, format!("deskside://connect:443?link={link}")),
        (LinkRefusal::UnexpectedPort, format!("deskside://connect:?link={link}")),
        (LinkRefusal::UnexpectedPort, format!("deskside://connect:0?link={link}")),
        (LinkRefusal::UnexpectedFragment, format!("deskside://connect?link={link}#")),
        (LinkRefusal::UnexpectedFragment, format!("deskside://connect?link={link}#x")),
        (LinkRefusal::UnexpectedFragment, format!("deskside://connect#?link={link}")),
        (LinkRefusal::UnexpectedFragment, "deskside://open/status#".into()),
        (LinkRefusal::UnexpectedFragment, "deskside://return?state=x#y".into()),
    ];
    for (reason, text) in reasons {
        all_refused(reason, &normal(), [text]);
    }
}

#[test]
fn missing_parameter() {
    let backend = escape(BACKEND);
    all_refused(
        LinkRefusal::MissingParameter,
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
            // The rest is not checked until it is complete.
            "deskside://enroll?code=%20&code=%20".into(),
        ],
    );
}

#[test]
fn duplicate_parameter() {
    let (link, backend) = (escape(CONDUCTOR), escape(BACKEND));
    all_refused(
        LinkRefusal::DuplicateParameter,
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
    // No path could be appended to it.
    texts.push(enroll("https://app.acme.example/?x=1", "c"));
    texts.push(enroll("https://app.acme.example?", "c"));
    all_refused(LinkRefusal::BadParameter, &normal(), texts);
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
    all_refused(LinkRefusal::InsecureLink, &normal(), texts.map(connect));
    all_refused(LinkRefusal::InsecureLink, &normal(), texts.map(|url| enroll(url, "c")));
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
    all_refused(LinkRefusal::CredentialsInLink, &normal(), texts.map(connect));
    all_refused(LinkRefusal::CredentialsInLink, &normal(), texts.map(|url| enroll(url, "c")));
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
    all_refused(LinkRefusal::UnexpectedPort, &normal(), texts.map(connect));
    all_refused(LinkRefusal::UnexpectedPort, &normal(), texts.map(|url| enroll(url, "c")));
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
    all_refused(LinkRefusal::UnexpectedFragment, &normal(), texts.map(connect));
    all_refused(LinkRefusal::UnexpectedFragment, &normal(), texts.map(|url| enroll(url, "c")));
    // Encoded twice, it is a character of the path.
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
        // A provider's host serves more than links.
        "https://connect.conductor.is",
        "https://connect.conductor.is/",
        "https://connect.conductor.is/logout",
        "https://connect.conductor.is/qbd/../logout",
        "https://connect.conductor.is/qbd%2F../logout",
        "https://connect.conductor.is/QBD/x",
        "https://qubesync.com/",
        "https://qubesync.com/onboarding/../account",
    ];
    all_refused(LinkRefusal::UntrustedHost, &normal(), texts.map(connect));
    all_refused(
        LinkRefusal::UntrustedHost,
        &strict(),
        texts.map(|url| enroll(&url.replace("app.acme", "app.acne"), "c")),
    );
    // Even if any backend is allowed, its host must be written as it is parsed.
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
    all_refused(LinkRefusal::UntrustedHost, &normal(), disguised.map(|url| enroll(url, "c")));
}

#[test]
fn unknown_page() {
    all_refused(
        LinkRefusal::UnknownPage,
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
