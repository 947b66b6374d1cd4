//! Which reason is reported first, and that printing never reveals the link.

use super::*;

#[test]
fn the_first_failed_check_is_the_reported_reason() {
    // Each text is also wrong in every way that is checked after its own reason.
    let long = "a".repeat(5_000);
    let inner_port = escape("https://evil.example.:22/#x");
    for (reason, text) in [
        (LinkRefusal::NotDeskside, format!("x://nobody@nowhere:1/%?{long}#")),
        (LinkRefusal::TooLong, format!("deskside:nobody@nowhere:1/% ?{long}#")),
        (LinkRefusal::Malformed, "deskside://nobody@nowhere:1/%#".into()),
        (LinkRefusal::CredentialsInLink, "deskside://nobody@nowhere:1/#".into()),
        (LinkRefusal::UnexpectedPort, "deskside://nowhere:1/#".into()),
        (LinkRefusal::UnknownAction, "deskside://nowhere/x#".into()),
        (LinkRefusal::UnexpectedFragment, "deskside://connect/x?link&link#".into()),
        (LinkRefusal::Malformed, "deskside://connect/x?link&link".into()),
        (LinkRefusal::MissingParameter, "deskside://enroll?code=%20&code=%20".into()),
        (LinkRefusal::DuplicateParameter, "deskside://enroll?backend=%20&code=%20&code=%20".into()),
        (LinkRefusal::BadParameter, "deskside://enroll?backend=http%3A%2F%2Fu@x%0A&code=c".into()),
        (LinkRefusal::InsecureLink, connect("http://u@evil.example.:22/#x")),
        (LinkRefusal::CredentialsInLink, connect("https://u@evil.example.:22/#x")),
        (LinkRefusal::UnexpectedPort, format!("deskside://connect?link={inner_port}")),
        (LinkRefusal::UnexpectedFragment, connect("https://evil.example./#x")),
        (LinkRefusal::UntrustedHost, connect("https://evil.example./")),
        // The address is checked before the code, and the code before the trust.
        (LinkRefusal::InsecureLink, enroll("http://app.acme.example", "%20")),
        (LinkRefusal::BadParameter, enroll("https://books.example", "%20")),
    ] {
        all_refused(reason, &strict(), [text]);
    }
}

#[test]
fn refusals_report_the_recognized_action_and_host() {
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
    let enrollment = enroll("http://app.acme.example", "c");
    assert_eq!(facts(&enrollment), (Some(Word::Enroll), host("app.acme.example")));
}

#[test]
fn every_refusal_has_its_own_code_and_a_sentence() {
    let codes: BTreeSet<_> = LinkRefusal::ALL.iter().map(|reason| reason.code()).collect();
    let documented = "not_deskside too_long malformed unknown_action missing_parameter \
        duplicate_parameter bad_parameter insecure_link credentials_in_link unexpected_port \
        unexpected_fragment untrusted_host unknown_page";
    assert_eq!(codes, documented.split_whitespace().collect());
    for reason in LinkRefusal::ALL {
        let sentence = reason.sentence();
        assert!(sentence.ends_with('.') && !sentence.contains(reason.code()), "{sentence}");
    }
}

#[test]
fn printing_never_reveals_link_code_or_state() {
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

/// `Secret(hidden)` is the only allowed occurrence of the word.
fn is_only_the_type(shown: &str) -> bool {
    !shown.replace("Secret(hidden)", "").to_ascii_lowercase().contains("secret")
}

#[test]
fn inspections_match_the_documented_format() {
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
