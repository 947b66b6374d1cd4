//! Logs that a crash, a copy or another program has damaged: nothing gets out of them that is not an
//! application's name, and what is left of them counts.

use super::*;

/// The beginning of a record that was not written to its end.
fn cut(text: &str) -> String {
    at(1, "UpdateThisScheduledApp()", text).trim_end().to_owned()
}

fn is_secret_kept(runs: &[Run]) -> bool {
    !format!("{runs:?}").contains("SECRET")
}

#[test]
fn a_record_that_is_cut_ends_where_the_next_one_is_glued_to_it() {
    let begun = cut("Performing SCHEDULED UPDATE for application = La");
    let rest = answer("SECRET", "NONE") + &unlock();
    let asked = ask("Larch").replace("larch-user", "SECRET");
    for glue in ["", "\0", &"\0".repeat(30), &"\0".repeat(9_000)] {
        let log = format!("{begun}{glue}{asked}{rest}");
        assert_eq!(told(&runs(&log)), [("Larch", "ok_no_work")], "{} zeros", glue.len());
        assert!(runs(&log)[0].started.is_some() && is_secret_kept(&runs(&log)), "{log}");
    }
    let url = soap("instantiateWebService", "AppURL: https://larch.example/?key=SECRET");
    let named = soap("instantiateWebService", "AppName: La");
    for glued in [&rest, &url] {
        let runs = runs(format!("{begun}{glued}{}{glued}", named.trim_end()));
        assert!(is_secret_kept(&runs) && runs.iter().all(|run| run.app.is_none()), "{runs:?}");
    }
}

#[test]
fn a_start_that_is_glued_to_a_record_at_work_is_a_start() {
    for before in ["ProcessReq", "ProcessRequestXML() : Sending request to Qu"] {
        let begun = format!("20260505.13:07:05 UTC\t: {SOAP}.{before}");
        let log = start("Otter") + &answer("t-1", "") + &begun + &start("Larch") + &unlock();
        let runs = runs(log);
        assert_eq!(told(&runs), [("Otter", "incomplete"), ("Larch", "incomplete")], "{before}");
        assert!(runs[1].started.is_some());
    }
}

#[test]
fn a_header_that_is_glued_to_a_name_is_not_part_of_it() {
    let log = cut("Performing SCHEDULED UPDATE for application = La")
        + "Log file initialized at Tuesday, May 5, 2026 - 1:07 PM UTC\r\n";
    assert_eq!(run(log).app, None);
}

#[test]
fn zeros_before_a_record_do_not_hide_it_however_many_they_are() {
    for zeros in [1, 235, 255, 4_096, 70_000] {
        let log = unlock() + &"\0".repeat(zeros) + &start("Larch") + &answer("t-1", "NONE");
        let runs = runs(log);
        assert_eq!(told(&runs), [("?", "incomplete"), ("Larch", "ok_no_work")], "{zeros}");
        assert!(runs[1].started.is_some(), "{zeros}");
    }
}

#[test]
fn a_name_is_known_only_by_its_whole_mark_and_a_user_is_never_part_of_it() {
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
fn a_version_is_digits_and_dots_or_none() {
    for said in ["\"C:\\Users\\SECRET\">", "\"34.0", "34.0\"> <AppURL=\"https://x/?key=SECRET\""] {
        let text =
            format!("*** Calling clientVersion() with following parameter:<productVersion={said}");
        let mut parser = Parser::new();
        drop(parser.push(soap("do_clientVersion", &text).as_bytes()));
        assert_eq!(parser.header().version, None, "{said}");
    }
}

#[test]
fn letters_that_turn_a_name_around_are_left_out_of_it() {
    let run = run(start("La\u{202e}rch\u{2066}\u{200f}") + &unlock());
    assert_eq!(run.app.as_deref(), Some("Larch"));
}

#[test]
fn an_answer_that_is_cut_says_nothing() {
    let cut = answer("t-1", "NONE").split("NE\"").next().unwrap().to_owned();
    assert_eq!(told(&runs(start("Larch") + &cut)), [("Larch", "incomplete")]);
}

#[test]
fn a_log_whose_lines_end_as_the_web_connectors_never_do_has_no_runs() {
    let log = start("Larch") + &ask("Larch") + &answer("t-1", "NONE") + &unlock();
    assert_eq!(runs(log.replace("\r\n", "\r")), []);
    let wide = |log: &str| log.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
    assert_eq!(runs(wide(&format!("\u{feff}{log}"))), []);
}

#[test]
fn a_log_that_begins_within_an_error_is_not_called_fine() {
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
    assert_eq!(told(&runs(trace.to_owned() + &close() + &unlock())), [("?", "incomplete")]);
}
