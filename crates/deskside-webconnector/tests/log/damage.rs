//! Logs damaged by a crash, a copy or another program: only application names get out of them, and
//! the intact part counts.

use super::*;

/// The beginning of a truncated record.
fn truncated(text: &str) -> String {
    at(1, "UpdateThisScheduledApp()", text).trim_end().to_owned()
}

fn is_secret_kept(runs: &[Run]) -> bool {
    !format!("{runs:?}").contains("SECRET")
}

#[test]
fn truncated_records_end_where_the_next_begins() {
    let begun = truncated("Performing SCHEDULED UPDATE for application = La");
    let rest = answer("SECRET", "NONE") + &unlock();
    let asked = ask("Larch").replace("larch-user", "SECRET");
    for gap in ["", "\0", &"\0".repeat(30), &"\0".repeat(9_000)] {
        let log = format!("{begun}{gap}{asked}{rest}");
        assert_eq!(results(&runs(&log)), [("Larch", "ok_no_work")], "{} zeros", gap.len());
        assert!(runs(&log)[0].started.is_some() && is_secret_kept(&runs(&log)), "{log}");
    }
    let url = soap("instantiateWebService", "AppURL: https://larch.example/?key=SECRET");
    let named = soap("instantiateWebService", "AppName: La");
    for next in [&rest, &url] {
        let runs = runs(format!("{begun}{next}{}{next}", named.trim_end()));
        assert!(is_secret_kept(&runs) && runs.iter().all(|run| run.app.is_none()), "{runs:?}");
    }
}

#[test]
fn starts_directly_after_a_truncated_record_count() {
    for before in ["ProcessReq", "ProcessRequestXML() : Sending request to Qu"] {
        let begun = format!("20260505.13:07:05 UTC\t: {SOAP}.{before}");
        let log = start("Otter") + &answer("t-1", "") + &begun + &start("Larch") + &unlock();
        let runs = runs(log);
        assert_eq!(results(&runs), [("Otter", "incomplete"), ("Larch", "incomplete")], "{before}");
        assert!(runs[1].started.is_some());
    }
}

#[test]
fn headers_directly_after_a_truncated_name_are_excluded() {
    let log = truncated("Performing SCHEDULED UPDATE for application = La")
        + "Log file initialized at Tuesday, May 5, 2026 - 1:07 PM UTC\r\n";
    assert_eq!(run(log).app, None);
}

#[test]
fn any_number_of_zeros_may_precede_a_record() {
    for zeros in [1, 235, 255, 4_096, 70_000] {
        let log = unlock() + &"\0".repeat(zeros) + &start("Larch") + &answer("t-1", "NONE");
        let runs = runs(log);
        assert_eq!(results(&runs), [("?", "incomplete"), ("Larch", "ok_no_work")], "{zeros}");
        assert!(runs[1].started.is_some(), "{zeros}");
    }
}

#[test]
fn names_need_the_complete_separator_and_exclude_the_user() {
    for (said, app) in [
        ("'Larch', user", None),
        ("'Larch', username = 'SECRET", Some("Larch")),
        ("'Larch', username = 'SECRET', username = 'SECRET'", Some("Larch")),
        ("'Larch', usernamE = 'SECRET'", None),
        ("'Lar", None),
    ] {
        let asked = soap("do_authenticate", &format!("Authenticating to application {said}"));
        let run = run(asked.trim_end());
        assert_eq!(run.app.as_deref(), app, "{said}");
    }
}

#[test]
fn versions_consist_of_digits_and_dots() {
    for said in ["\"C:\\Users\\SECRET\">", "\"34.0", "34.0\"> <AppURL=\"https://x/?key=SECRET\""] {
        let text =
            format!("*** Calling clientVersion() with following parameter:<productVersion={said}");
        let mut parser = Parser::new();
        drop(parser.push(soap("do_clientVersion", &text).as_bytes()));
        assert_eq!(parser.header().version, None, "{said}");
    }
}

#[test]
fn text_direction_characters_are_removed_from_names() {
    let run = run(start("La\u{202e}rch\u{2066}\u{200f}") + &unlock());
    assert_eq!(run.app.as_deref(), Some("Larch"));
}

#[test]
fn truncated_answers_are_ignored() {
    let truncated = answer("t-1", "NONE").split("NE\"").next().unwrap().to_owned();
    assert_eq!(results(&runs(start("Larch") + &truncated)), [("Larch", "incomplete")]);
}

#[test]
fn logs_with_foreign_line_endings_have_no_runs() {
    let log = start("Larch") + &ask("Larch") + &answer("t-1", "NONE") + &unlock();
    assert_eq!(runs(log.replace("\r\n", "\r")), []);
    let wide = |log: &str| log.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
    assert_eq!(runs(wide(&format!("\u{feff}{log}"))), []);
}

#[test]
fn logs_starting_inside_an_error_are_not_successful() {
    let end = soap("ProcessRequestXML", "XML dump follows: -") + &close() + &unlock();
    let modal = "HRESULT = 0x80040414\r\nMessage: A modal dialog box is showing.\r\n";
    let stamp = "260505.13:07:04 UTC\t: x() : Sending error message back to application:\r\n";
    for begin in
        [modal.to_owned(), stamp.to_owned() + modal, modal.split_once("\r\n").unwrap().1.into()]
    {
        assert_eq!(cause(begin.clone() + &end), Cause::ModalDialog, "{begin}");
    }
    let code = "_authenticate() : QBWC1012: Authentication failed due to following error message.\r\nThe remote name could not be resolved: x\r\n";
    assert_eq!(cause(code.to_owned() + &unlock()), Cause::ServerUnreachable);
    let trace = "The remote name could not be resolved: x\r\nMore info:\r\nSource = System\r\n";
    assert_eq!(results(&runs(trace.to_owned() + &close() + &unlock())), [("?", "incomplete")]);
}
