//! Which links are accepted, and that they are opened exactly as given.

use super::*;

#[test]
fn provider_links_are_opened_exactly_as_given() {
    for (link, provider, host) in [
        (CONDUCTOR, Provider::Conductor, "connect.conductor.is"),
        (CODAT, Provider::Codat, "link-api.codat.io"),
        ("https://link.codat.io/company/1f/", Provider::Codat, "link.codat.io"),
        ("https://connect.conductor.is/qbd/demo", Provider::Conductor, "connect.conductor.is"),
        (
            "https://connect.conductor.is/qbd/a%2Fb%20c?key=1&key=2&x=%C3%A9+~a://b",
            Provider::Conductor,
            "connect.conductor.is",
        ),
        ("https://link.codat.io/company?x=@evil.example:80", Provider::Codat, "link.codat.io"),
    ] {
        let read = connected(&connect(link), &normal());
        assert_eq!((read.provider, read.host.as_str()), (provider, host), "{link}");
        assert_eq!(read.url.reveal(), link, "the link was changed");
    }
}

#[test]
fn links_with_capitals_or_default_port_are_normalized() {
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
fn the_scheme_is_case_insensitive_and_the_action_is_not() {
    for scheme in ["deskside", "DESKSIDE", "DeskSide"] {
        let text = connect(CONDUCTOR).replacen("deskside", scheme, 1);
        connected(&text, &normal());
    }
    all_refused(
        LinkRefusal::UnknownAction,
        &normal(),
        ["deskside://Connect?link=x", "deskside://OPEN/status"],
    );
}

#[test]
fn a_slash_after_the_action_is_ignored() {
    // Browsers on Windows add one.
    connected(&connect(CONDUCTOR).replacen("connect?", "connect/?", 1), &normal());
    enrolled(&enroll(BACKEND, "c").replacen("enroll?", "enroll/?", 1), &normal());
    let back = parse("deskside://return/?state=SECRETSTATE", &normal());
    assert!(matches!(back, Ok(LinkRequest::Return { .. })), "{back:?}");
}

#[test]
fn enrollment_links_carry_backend_vendor_and_code() {
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
    assert_eq!(unknown.vendor, None, "an unlisted host has no vendor name");
}

#[test]
fn identifiers_from_a_backend_cannot_redirect_a_call() {
    let request = enrolled(&enroll(BACKEND, "c"), &normal());
    let call = request.backend.call(&["v1", "connections", "../../x?y#z/@evil", "links"]);
    assert_eq!(
        call.as_str(),
        "https://app.acme.example/v1/connections/..%2F..%2Fx%3Fy%23z%2F@evil/links"
    );
}

#[test]
fn return_links_carry_state_and_other_parameters() {
    let text = "deskside://return?error=not+now&state=SECRETSTATE&status=a%20b&bad=%ff&lonely";
    let Ok(LinkRequest::Return { state, said }) = parse(text, &normal()) else { panic!("{text}") };
    assert_eq!(state.reveal(), "SECRETSTATE");
    let said: Vec<_> = said.iter().map(|(name, value)| (name.as_str(), value.reveal())).collect();
    assert_eq!(said, [("error", "not now"), ("status", "a b")]);
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
fn unknown_parameters_are_ignored() {
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
fn links_of_4096_bytes_are_accepted_and_longer_refused() {
    let start = connect("https://connect.conductor.is/qbd/");
    let longest = format!("{start}{}", "a".repeat(MAX_BYTES - start.len()));
    assert_eq!(longest.len(), 4096);
    connected(&longest, &normal());
    all_refused(LinkRefusal::TooLong, &normal(), [format!("{longest}a")]);
    // Bytes, not characters.
    let wide = format!("deskside://open/status?{}", "é".repeat(2048));
    assert!(wide.chars().count() < 4096);
    all_refused(LinkRefusal::TooLong, &normal(), [wide]);
}

#[test]
fn codes_and_states_have_1_to_512_unreserved_characters() {
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
        all_refused(LinkRefusal::BadParameter, &normal(), texts);
    }
    // Percent-encoding a character that does not need it gives the same value.
    assert_eq!(enrolled(&enroll(BACKEND, "%61%2D%62"), &normal()).code.reveal(), "a-b");
}
