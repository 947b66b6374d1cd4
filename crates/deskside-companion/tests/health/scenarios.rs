//! Rows of a table: the evidence and the expected result.

use super::*;

/// Description, this computer, the connection, and the expected result.
pub(crate) type Scenario<'a> = (&'static str, &'a str, String, (Verdict, Vec<&'static str>));

#[test]
fn scenarios_have_their_expected_verdict_and_root_causes() {
    use Verdict::{Healthy, Ready, Unknown, Waiting};
    let fine = |verdict| (verdict, vec![]);
    let wrong = |codes: &[&'static str]| (Verdict::Problem, codes.to_vec());
    let pending = r#""link_pending_until": "2026-11-20T08:20:00Z""#;
    let link_is_over = r#""link_pending_until": "2026-11-20T07:59:59Z""#;
    let with = |connection: String, more: &str| format!("{connection}, {more}");

    let no_vault = WELL.replace("working", "missing");
    let scenarios: Vec<Scenario<'_>> = vec![
        ("everything works", WELL, told("healthy", FRESH), fine(Healthy)),
        (
            "healthy at the backend, and this computer is unknown",
            r#""vault": "unknown""#,
            told("healthy", FRESH),
            fine(Healthy),
        ),
        ("an old answer is not believed", WELL, told("healthy", OLD), fine(Unknown)),
        (
            "an answer without a time is not believed",
            WELL,
            r#""told_by": "backend", "remote": {"status": {"state": "healthy"}}"#.into(),
            fine(Unknown),
        ),
        (
            "an answer from the future is not believed",
            WELL,
            told("healthy", "2026-11-21T08:00:00Z"),
            fine(Unknown),
        ),
        ("an old problem is not believed", WELL, told("broken", OLD), fine(Unknown)),
        ("no answer yet", WELL, r#""told_by": "backend""#.into(), fine(Unknown)),
        ("an unknown word", WELL, told("splendid", FRESH), fine(Unknown)),
        ("another spelling is another word", WELL, told("Healthy", FRESH), fine(Unknown)),
        ("known only by its link", WELL, r#""name": "Book""#.into(), fine(Ready)),
        ("its link is open", WELL, pending.into(), fine(Waiting)),
        ("its link has expired, and nothing ran", WELL, link_is_over.into(), fine(Waiting)),
        ("the backend waits for the steps", WELL, told("waiting", FRESH), fine(Waiting)),
        (
            "a link is open and nothing is set up",
            WELL,
            with(told("not_set_up", FRESH), pending),
            fine(Waiting),
        ),
        (
            "a link has expired and nothing is set up",
            WELL,
            with(told("not_set_up", FRESH), link_is_over),
            wrong(&["connection.link_expired"]),
        ),
        (
            "works, although a link is open",
            WELL,
            with(told("healthy", FRESH), pending),
            fine(Healthy),
        ),
        ("not set up", WELL, told("not_set_up", FRESH), wrong(&["connection.not_set_up"])),
        ("inactive", WELL, told("inactive", FRESH), wrong(&["connection.inactive"])),
        ("broken", WELL, told("broken", FRESH), wrong(&["connection.broken"])),
        (
            "broken, reported at an unknown time",
            WELL,
            r#""told_by": "provider", "remote": {"status": {"state": "broken"}}"#.into(),
            wrong(&["connection.broken"]),
        ),
        (
            "no answer",
            WELL,
            failing("unreachable", Some("healthy")),
            wrong(&["network.provider_unreachable"]),
        ),
        (
            "never an answer",
            WELL,
            failing("unreachable", None),
            wrong(&["network.provider_unreachable"]),
        ),
        (
            "a bad answer",
            WELL,
            failing("unusable", Some("broken")),
            wrong(&["network.provider_unreachable"]),
        ),
        (
            "its own key is no longer accepted",
            WELL,
            failing("rejected", Some("healthy")).replace("backend", "provider"),
            wrong(&["companion.key_rejected"]),
        ),
        (
            "signed out",
            WELL,
            failing("rejected", Some("healthy")),
            wrong(&["companion.credentials_rejected"]),
        ),
        (
            "no credential",
            WELL,
            failing("no_credential", Some("healthy")),
            wrong(&["companion.vault_unavailable"]),
        ),
        // This computer.
        (
            "QuickBooks is closed",
            NO_QUICKBOOKS,
            told("inactive", FRESH),
            wrong(&["quickbooks.not_running"]),
        ),
        (
            "closed although the backend reports healthy",
            NO_QUICKBOOKS,
            told("healthy", FRESH),
            wrong(&["quickbooks.not_running"]),
        ),
        (
            "open for another user",
            OTHER_SESSION,
            told("broken", FRESH),
            wrong(&["quickbooks.other_session"]),
        ),
        (
            "open for both",
            r#""quickbooks": {"known": {"own_session": 1, "other_sessions": 2}}"#,
            told("healthy", FRESH),
            fine(Healthy),
        ),
        (
            "open for no user",
            r#""quickbooks": {"known": {}}"#,
            told("healthy", FRESH),
            wrong(&["quickbooks.not_running"]),
        ),
        (
            "the Web Connector is closed",
            NO_WEB_CONNECTOR,
            told("inactive", FRESH),
            wrong(&["web_connector.not_running"]),
        ),
        (
            "it runs only for another user",
            r#""web_connector": {"known": {"other_sessions": 1}}"#,
            told("healthy", FRESH),
            wrong(&["web_connector.not_running"]),
        ),
        (
            "both are closed",
            r#""quickbooks": "absent", "web_connector": "absent""#,
            told("broken", FRESH),
            wrong(&["quickbooks.not_running", "web_connector.not_running"]),
        ),
        (
            "offline",
            r#""network": "absent""#,
            failing("unreachable", None),
            wrong(&["network.offline"]),
        ),
        (
            "nothing could be probed",
            r#""quickbooks": {"unknown": "x"}, "web_connector": {"unknown": "x"}, "network": {"unknown": "x"}"#,
            told("broken", FRESH),
            wrong(&["connection.broken"]),
        ),
        (
            "known only by its link, with half of the evidence",
            r#""quickbooks": {"known": {"own_session": 1}}"#,
            r#""name": "Book""#.into(),
            fine(Unknown),
        ),
        // How QuickBooks is meant to be used.
        (
            "unattended: closed is right",
            NO_QUICKBOOKS,
            with(told("healthy", FRESH), r#""mode": "unattended""#),
            fine(Healthy),
        ),
        (
            "unattended: another user's QuickBooks blocks the Web Connector's own",
            OTHER_SESSION,
            with(told("broken", FRESH), r#""mode": "unattended""#),
            wrong(&["quickbooks.other_session"]),
        ),
        (
            "unattended: but the Web Connector must run",
            r#""quickbooks": "absent", "web_connector": "absent""#,
            with(told("inactive", FRESH), r#""mode": "unattended""#),
            wrong(&["web_connector.not_running"]),
        ),
        (
            "several files: QuickBooks must be open",
            NO_QUICKBOOKS,
            with(told("inactive", FRESH), r#""mode": "multiple_files""#),
            wrong(&["quickbooks.not_running"]),
        ),
        // Before everything is set up.
        (
            "not set up, so the Web Connector is not there yet",
            NO_WEB_CONNECTOR,
            told("not_set_up", FRESH),
            wrong(&["connection.not_set_up"]),
        ),
        (
            "the Web Connector is not missed during the steps in the browser",
            NO_WEB_CONNECTOR,
            with(told("not_set_up", FRESH), pending),
            fine(Waiting),
        ),
        (
            "the Web Connector is not missed with a link without a source",
            NO_WEB_CONNECTOR,
            pending.into(),
            fine(Waiting),
        ),
        (
            "a connection that was set up misses it",
            NO_WEB_CONNECTOR,
            with(told("inactive", FRESH), pending),
            wrong(&["web_connector.not_running"]),
        ),
        (
            "a connection whose link has expired misses it",
            NO_WEB_CONNECTOR,
            r#""name": "Book""#.into(),
            wrong(&["web_connector.not_running"]),
        ),
        // The vault.
        (
            "locked, and no status could be received",
            r#""vault": "locked""#,
            r#""told_by": "backend""#.into(),
            wrong(&["companion.vault_unavailable"]),
        ),
        (
            "silent, and no status could be received",
            r#""vault": "silent""#,
            r#""told_by": "provider""#.into(),
            wrong(&["companion.vault_unavailable"]),
        ),
        (
            "missing, and so signed out",
            r#""vault": "missing""#,
            failing("rejected", None),
            wrong(&["companion.vault_unavailable"]),
        ),
        (
            "locked, but the answer still comes",
            r#""vault": "locked""#,
            told("healthy", FRESH),
            fine(Healthy),
        ),
        (
            "locked, but the problem is a different one",
            r#""vault": "locked""#,
            told("broken", FRESH),
            wrong(&["connection.broken"]),
        ),
        (
            "locked, but the backend is unreachable",
            r#""vault": "locked""#,
            failing("unreachable", Some("healthy")),
            wrong(&["network.provider_unreachable"]),
        ),
        (
            "locked, and needed",
            r#""vault": "locked""#,
            failing("no_credential", Some("healthy")),
            wrong(&["companion.vault_unavailable"]),
        ),
        ("locked, and not needed", &no_vault, r#""name": "Book""#.into(), fine(Ready)),
        // Everything at once.
        (
            "nothing is known",
            NOTHING_RUNS,
            failing("unreachable", Some("broken")),
            wrong(&["network.offline", "quickbooks.not_running", "web_connector.not_running"]),
        ),
    ];
    let computer = computer::scenarios();
    for (story, machine, connection, (verdict, roots)) in scenarios.into_iter().chain(computer) {
        let evidence = evidence(machine, &[&connection]);
        let judged = look(&evidence);
        assert_eq!((judged.verdict, codes(&judged)), (verdict, roots), "{story}");
    }
}
