//! What a policy and the sandbox change, and what they do not change.

use super::*;

#[test]
fn policies_add_link_hosts_and_remove_none() {
    let added = connect("https://connect.acme.example/start");
    all_refused(LinkRefusal::UntrustedHost, &normal(), [&added]);
    assert_eq!(connected(&added, &strict()).provider, Provider::Conductor);
    connected(&connect(CODAT), &strict());
    all_refused(
        LinkRefusal::UntrustedHost,
        &strict(),
        ["https://www.connect.acme.example/", "https://acme.example/"].map(connect),
    );
}

#[test]
fn vendors_can_add_a_link_host_for_every_provider() {
    for profile in PROFILES {
        let word = profile.only_below.unwrap_or(profile.first_path_word);
        for host in profile.hosts {
            let link = connect(&format!("https://{host}/{word}/x"));
            let read = connected(&link, &normal());
            assert_eq!((read.provider, read.host.as_str()), (profile.provider, *host));
            all_refused(
                LinkRefusal::UntrustedHost,
                &normal(),
                [
                    format!("https://x.{host}/{word}/x"),
                    format!("https://{host}.evil.example/{word}"),
                ]
                .map(|link| connect(&link)),
            );
        }
        let own = KnownLinkHost { host: "start.acme.example".into(), provider: profile.provider };
        let trust = Trust { link_hosts: vec![own], ..Trust::default() };
        let link = connect("https://start.acme.example/anything");
        assert_eq!(connected(&link, &trust).provider, profile.provider, "{}", profile.name);
    }
}

#[test]
fn shared_hosts_are_trusted_only_for_links() {
    let below = PROFILES.iter().filter_map(|profile| Some((profile, profile.only_below?)));
    let mut checked = 0;
    for (profile, word) in below {
        let host = profile.hosts[0];
        let others = ["", "login", "blog/onboarding", "x"];
        let others = others.map(|path| connect(&format!("https://{host}/{path}")));
        all_refused(LinkRefusal::UntrustedHost, &normal(), others);
        let longer = connect(&format!("https://{host}/{word}x/y"));
        all_refused(LinkRefusal::UntrustedHost, &normal(), [longer]);
        checked += 1;
    }
    assert!(checked > 0, "no profile has such a host");
}

#[test]
fn policies_can_forbid_unlisted_backends() {
    let unknown = enroll("https://books.example", "c");
    assert_eq!(enrolled(&unknown, &normal()).vendor, None);
    all_refused(LinkRefusal::UntrustedHost, &strict(), [unknown]);
    assert_eq!(enrolled(&enroll(BACKEND, "c"), &strict()).vendor.as_deref(), Some("Acme Books"));
}

#[test]
fn loopback_addresses_are_accepted_only_in_the_sandbox() {
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
        all_refused(LinkRefusal::InsecureLink, &normal(), [plain]);
    }
}

#[test]
fn the_sandbox_relaxes_nothing_else() {
    let reasons = [
        (LinkRefusal::InsecureLink, "http://connect.conductor.is/qbd/x"),
        (LinkRefusal::InsecureLink, "http://192.168.1.1/qbd/x"),
        (LinkRefusal::InsecureLink, "http://localhost.evil.example/qbd/x"),
        (LinkRefusal::InsecureLink, "ftp://localhost/qbd/x"),
        (LinkRefusal::UnexpectedPort, "https://connect.conductor.is:8443/qbd/x"),
        (LinkRefusal::CredentialsInLink, "http://user@localhost/qbd/x"),
        (LinkRefusal::UnexpectedFragment, "http://localhost/qbd/x#y"),
        (LinkRefusal::UntrustedHost, "http://localhost/other/x"),
        (LinkRefusal::UntrustedHost, "http://localhost/"),
        (LinkRefusal::UntrustedHost, "http://127.1/qbd/x"),
        (LinkRefusal::UntrustedHost, "http://0x7f000001/qbd/x"),
        (LinkRefusal::UntrustedHost, "http://[0:0:0:0:0:0:0:1]/qbd/x"),
        (LinkRefusal::InsecureLink, "http://localhost./qbd/x"),
        (LinkRefusal::BadParameter, "http:localhost/qbd/x"),
    ];
    for (reason, link) in reasons {
        all_refused(reason, &sandbox(), [connect(link)]);
    }
}
