//! What a run came to, and why.

use super::*;

fn fault(said: &str) -> String {
    format!(
        "{said}\r\nMore info:\r\nStackTrace =    at System.Net.Security.SslState.Read()\r\nSource = System"
    )
}

/// A run to which `authenticate` gave no usable answer.
fn unauthenticated(said: &str) -> String {
    let text = format!(
        "QBWC1012: Authentication failed due to following error message.\r\n{}",
        fault(said)
    );
    start("Larch") + &ask("Larch") + &soap("do_authenticate", &text) + &unlock()
}

#[test]
fn an_application_without_work_is_fine_in_any_case_of_letters() {
    for word in ["NONE", "none", "None", " NONE "] {
        let log = start("Larch") + &ask("Larch") + &answer("t-1", word) + &unlock();
        assert_eq!(run(log).outcome, Outcome::OkNoWork, "{word}");
    }
}

#[test]
fn a_wrong_password_is_one_with_and_without_its_code() {
    for word in ["nvu", "NVU"] {
        let log = start("Larch") + &ask("Larch") + &answer("", word);
        assert_eq!(cause(log.clone() + &unlock()), Cause::WrongPassword);
        let code = soap("do_authenticate", "QBWC1040: no valid username and/or password.");
        let failure = failure(log + &code + &unlock());
        assert_eq!((failure.code, failure.cause), (Some(1040), Cause::WrongPassword));
    }
}

#[test]
fn a_company_file_in_the_answer_is_work() {
    let log = start("Larch") + &answer("t-1", r"C:\Books\none.qbw") + &close() + &unlock();
    assert_eq!(run(log).outcome, Outcome::Ok);
}

#[test]
fn an_error_of_server_version_or_client_version_does_not_count() {
    for call in ["serverVersion", "clientVersion"] {
        let text = format!(
            "Actual error received from web service for {call} call: <QuickBooks 0x80040408 The remote name could not be resolved: 'x'>.\r\nHRESULT = 0x80040408"
        );
        let log = start("Larch") + &soap(&format!("do_{call}"), &text) + &answer("", "NONE");
        assert_eq!(run(log).outcome, Outcome::OkNoWork, "{call}");
    }
}

#[test]
fn what_quickbooks_answers_to_a_request_is_no_fault() {
    let xml = "XML dump follows: -\r\n<CustomerAddRs statusCode=\"3100\" statusSeverity=\"Error\" statusMessage=\"The name is already in use.\">";
    let log = start("Larch") + &answer("t-1", "") + &soap("do_receiveResponseXML", xml) + &close();
    assert_eq!(run(log + &unlock()).outcome, Outcome::Ok);
}

#[test]
fn an_hresult_is_read_in_every_spelling_and_layout() {
    for said in [
        "Sending error message back to application:\r\nHRESULT = 0x80040414\r\nMessage: text",
        "Sending error message back to application:\r\n\r\nHRESULT = 80040414\r\nMessage: text",
        "Sending error message back to application: HRESULT=-2147220460",
        "QBWC1013: Error connecting to QuickBooks.\r\n0x80040414",
        "QBWC1013: Error connecting to QuickBooks. (80040414)",
        "Error connecting to QuickBooks.\r\nHRESULT = 0x80040414",
        "QBWC1013: Error\r\nMore info:\r\nStackTrace =    \u{432} QBXMLRP2.Begin()\r\nSource = \r\nHRESULT = 0x80040414",
    ] {
        let failure = failure(failing("ProcessRequestXML", said));
        assert_eq!(failure.hresult, Some(0x8004_0414), "{said}");
        assert_eq!(failure.cause, Cause::ModalDialog, "{said}");
    }
}

#[test]
fn the_call_of_connection_error_tells_why() {
    let text = "*** Calling connectionError() with following parameters:<wcTicket=\"80040400-1\"><hresult=\"0x8004040A\"><message=\"x\">";
    let failure = failure(failing("do_connectionError", text));
    assert_eq!((failure.hresult, failure.cause), (Some(0x8004_040A), Cause::WrongCompanyFile));
}

#[test]
fn words_of_quickbooks_are_enough() {
    for said in ["QBWC1013: Error\r\nCould not start QuickBooks.", "Could not start QuickBooks."] {
        assert_eq!(cause(failing("updateWS", said)), Cause::QuickbooksNotRunning, "{said}");
    }
}

#[test]
fn words_count_more_than_the_code_and_an_hresult_more_than_words() {
    let words =
        "QBWC1013: Error\r\nA modal dialog box is showing in the QuickBooks user interface.";
    assert_eq!(cause(failing("updateWS", words)), Cause::ModalDialog);
    let both = format!("{words}\r\nHRESULT = 0x8004040A");
    assert_eq!(cause(failing("updateWS", &both)), Cause::WrongCompanyFile);
}

#[test]
fn the_text_of_1012_tells_whose_fault_it_is() {
    for (said, expected) in [
        ("The remote name could not be resolved: 'sync.larch.example'", Cause::ServerUnreachable),
        ("Unable to connect to the remote server", Cause::ServerUnreachable),
        ("The operation has timed out", Cause::ServerUnreachable),
        (
            "The underlying connection was closed: The connection was closed unexpectedly.",
            Cause::ServerUnreachable,
        ),
        ("The request failed with HTTP status 404: Not Found.", Cause::WrongUrl),
        (
            "The underlying connection was closed: Could not establish trust relationship for the SSL/TLS secure channel.",
            Cause::Tls,
        ),
        ("The request was aborted: Could not create SSL/TLS secure channel.", Cause::Tls),
        ("Index was outside the bounds of the array.", Cause::ServerAuth),
        ("Object reference not set to an instance of an object.", Cause::ServerAuth),
        (
            "Client found response content type of 'text/html', but expected 'text/xml'.\r\n--\r\n<html>404 SSL</html>\r\n--.",
            Cause::ServerAuth,
        ),
    ] {
        let failure = failure(unauthenticated(said));
        assert_eq!((failure.code, failure.cause), (Some(1012), expected), "{said}");
    }
}

#[test]
fn a_stack_trace_is_never_judged_in_any_language() {
    for trace in [
        "   at System.Net.TlsStream.Read()",
        "   \u{432} System.Net.TlsStream.Read() SSL/TLS secure channel",
    ] {
        let log = unauthenticated("The operation has timed out")
            .replace("   at System.Net.Security.SslState.Read()", trace);
        assert_eq!(cause(log), Cause::ServerUnreachable, "{trace}");
    }
}

#[test]
fn a_summary_does_not_hide_what_it_sums_up_and_needs_no_run_of_its_own() {
    let summary = at(
        9,
        "UpdateThisScheduledApp()",
        "QBWC1031: Update completed with some error. See QWCLog.",
    );
    let log = unauthenticated("The operation has timed out");
    assert_eq!(failure(log.clone() + &summary).code, Some(1012), "after the end");
    assert_eq!(failure(log.replace(&unlock(), &summary)).code, Some(1012), "before the end");
    let alone = start("Larch") + &answer("t-1", "") + &unlock() + &summary;
    assert_eq!(failure(alone).code, Some(1031));
}

#[test]
fn a_code_that_nobody_explains_is_an_unknown_cause() {
    let failure = failure(failing("updateWS", "QBWC9876: Something."));
    assert_eq!((failure.code, failure.cause), (Some(9876), Cause::Unknown));
}

#[test]
fn an_error_outside_of_any_run_is_told_as_one() {
    let text = "QBWC1039: There was a problem adding the application. Unique OwnerID/FileID pair value required.";
    let run = run(at(1, "QBWebConnector.WebServiceManager.AddThisApp()", text));
    assert_eq!((run.app, run.outcome.text()), (None, "failed"));
}

#[test]
fn a_start_without_an_end_is_incomplete_when_another_follows() {
    let log = start("Larch") + &ask("Larch") + &start("Larch") + &answer("", "NONE") + &unlock();
    assert_eq!(told(&runs(log)), [("Larch", "incomplete"), ("Larch", "ok_no_work")]);
    let later = (start("Otter") + &ask("Otter") + &answer("", "NONE") + &unlock())
        .replace("20260505.13:", "20260505.14:");
    let log = start("Larch") + &ask("Larch") + &later;
    assert_eq!(told(&runs(log)), [("Larch", "incomplete"), ("Otter", "ok_no_work")]);
    let log = start("Larch") + &ask("Larch") + &answer("t-1", "") + &later;
    assert_eq!(told(&runs(log)), [("Larch", "incomplete"), ("Otter", "ok_no_work")]);
}

#[test]
fn a_part_of_a_run_is_a_run_and_is_not_called_fine_for_its_unlock_alone() {
    assert_eq!(told(&runs(answer("", "NONE"))), [("?", "ok_no_work")]);
    assert_eq!(told(&runs(close() + &unlock())), [("?", "ok")]);
    assert_eq!(told(&runs(unlock())), [("?", "incomplete")]);
    assert_eq!(told(&runs(start("Larch"))), [("Larch", "incomplete")]);
}

#[test]
fn runs_of_two_users_that_are_written_in_turns_are_told_apart() {
    let dump = |ticket: &str, error: &str| {
        let text = format!(
            "*** Calling receiveResponseXML() with following parameters:<wcTicket=\"{ticket}\">"
        );
        soap("do_receiveResponseXML", &text) + &soap("ProcessRequestXML", error)
    };
    let log = start("Larch")
        + &ask("Larch")
        + &start("Otter")
        + &answer("ticket-1", "")
        + &ask("Otter")
        + &answer("ticket-2", "")
        + &dump("ticket-1", "Processing request #1")
        + &dump("ticket-2", "Sending error message back to application:\r\nHRESULT = 0x80040400")
        + &unlock()
        + &close()
        + &unlock();
    let runs = runs(log);
    assert_eq!(told(&runs), [("Larch", "ok"), ("Otter", "failed")]);
    assert!(runs.iter().all(|run| run.ended.is_some()));
}

#[test]
fn those_who_ask_in_turns_are_answered_in_turns() {
    let error =
        |code: &str| soap("do_authenticate", &format!("{code}: The operation has timed out"));
    let asked = start("Larch") + &start("Otter") + &ask("Larch") + &ask("Otter");
    let log = asked.clone() + &error("QBWC1012") + &answer("t-2", "NONE") + &unlock() + &unlock();
    assert_eq!(told(&runs(log)), [("Larch", "failed"), ("Otter", "ok_no_work")]);
    let log = asked + &answer("", "nvu") + &error("QBWC1040") + &answer("t-2", "NONE");
    assert_eq!(told(&runs(log)), [("Larch", "failed"), ("Otter", "ok_no_work")]);
}

#[test]
fn an_interrupted_run_does_not_hold_up_the_others_for_ever() {
    let mut parser = Parser::new();
    drop(parser.push((start("Larch") + &ask("Larch")).as_bytes()));
    let good = start("Otter") + &answer("", "NONE") + &unlock();
    let mut told = 0;
    for _ in 0..100 {
        told += parser.push(good.as_bytes()).len();
    }
    assert!(told > 80, "only {told} of 101 were told");
}
