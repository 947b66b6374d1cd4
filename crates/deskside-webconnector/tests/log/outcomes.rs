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
        assert_eq!(run(log).outcome, RunOutcome::OkNoWork, "{word}");
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
    assert_eq!(run(log).outcome, RunOutcome::Ok);
}

#[test]
fn an_error_of_server_version_or_client_version_does_not_count() {
    for call in ["serverVersion", "clientVersion"] {
        let text = format!(
            "Actual error received from web service for {call} call: <QuickBooks 0x80040408 The remote name could not be resolved: 'x'>.\r\nHRESULT = 0x80040408"
        );
        let log = start("Larch") + &soap(&format!("do_{call}"), &text) + &answer("", "NONE");
        assert_eq!(run(log).outcome, RunOutcome::OkNoWork, "{call}");
    }
}

#[test]
fn what_quickbooks_answers_to_a_request_is_no_fault() {
    let xml = "XML dump follows: -\r\n<CustomerAddRs statusCode=\"3100\" statusSeverity=\"Error\" statusMessage=\"The name is already in use.\">";
    let log = start("Larch") + &answer("t-1", "") + &soap("do_receiveResponseXML", xml) + &close();
    assert_eq!(run(log + &unlock()).outcome, RunOutcome::Ok);
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
    assert_eq!(told(&runs(close() + &unlock())), [("?", "incomplete")]);
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

#[test]
fn a_run_that_got_no_answer_is_not_called_fine_for_its_unlock() {
    for begun in [start("Larch"), start("Larch") + &ask("Larch")] {
        let unlocked = soap("unsetLock", "Company file has been unlocked.") + &unlock();
        assert_eq!(told(&runs(begun + &unlocked)), [("Larch", "incomplete")]);
    }
}

#[test]
fn words_without_a_code_are_enough_while_signing_in() {
    let at_sign_in =
        |said: &str| start("Larch") + &ask("Larch") + &soap("do_authenticate", said) + &unlock();
    for (said, expected) in [
        (
            "Authentication failed. The remote server returned an error: (500) Internal Server Error.",
            Cause::ServerResponse,
        ),
        (
            "An exception occurred\r\nThe remote name could not be resolved\r\nMore info:\r\nx",
            Cause::ServerUnreachable,
        ),
        ("The operation has timed out", Cause::ServerUnreachable),
        ("Authentication failed.", Cause::Unknown),
    ] {
        assert_eq!(cause(at_sign_in(said)), expected, "{said}");
    }
    assert_eq!(run(at_sign_in("The timeout is 100 seconds.")).outcome, RunOutcome::Incomplete);
}

#[test]
fn what_the_server_quotes_is_never_a_fault_of_this_computer() {
    let page = |title: &str| {
        format!(
            "Client found response content type of 'text/html; charset=utf-8', but expected 'text/xml'.\r\nThe request failed with the error message:\r\n--\r\n<html>\r\n<title>{title}</title>\r\n  {title}\r\n</html>\r\n--."
        )
    };
    let quoted = |what: &str| format!("Server was unable to process request. ---> {what}");
    for (said, expected) in [
        (
            page("Access is denied. (Exception from HRESULT: 0x80070005 (E_ACCESSDENIED))"),
            Cause::ServerAuth,
        ),
        (page("Sorry: the RPC server is unavailable"), Cause::ServerAuth),
        (quoted("x failed due to the following error: 80040154."), Cause::ServerResponse),
        (
            quoted("System.Runtime.InteropServices.COMException: Class not registered"),
            Cause::ServerResponse,
        ),
    ] {
        let failure = failure(unauthenticated(&said));
        assert_eq!((failure.cause, failure.hresult), (expected, None), "{said}");
    }
    let said =
        format!("QBWC1041: SendRequestXML failed.\r\n{}", quoted("QuickBooks answered 80040400"));
    let failure = failure(failing("do_sendRequestXML", &said));
    assert_eq!(
        (failure.code, failure.hresult, failure.cause),
        (Some(1041), None, Cause::ServerResponse)
    );
}

#[test]
fn what_is_no_fault_of_the_connection_fails_no_run() {
    for code in [1015, 1016, 1018, 1019, 1020] {
        let said = soap("DisconnectFromQB", &format!("QBWC{code}: text"));
        let good = start("Larch") + &answer("t-1", "") + &close();
        assert_eq!(told(&runs(good.clone() + &said + &unlock())), [("Larch", "ok")], "{code}");
        let after = at(9, "QBWebConnector.MainForm.OnClosing()", &format!("QBWC{code}: text"));
        assert_eq!(told(&runs(good + &unlock() + &after)), [("Larch", "ok")], "{code}");
    }
    let said = "Sending error message back to application:\r\nMessage: This list has been modified by another user.";
    let log = start("Larch") + &answer("t-1", "") + &soap("ProcessRequestXML", said) + &close();
    assert_eq!(run(log + &unlock()).outcome, RunOutcome::Ok);
}

#[test]
fn a_path_or_a_remark_is_no_failure_whatever_words_are_in_it() {
    for (method, said) in [
        ("update", r"Opening C:\X\80012345 Main St.qbw"),
        ("update", r"Opening C:\X\80040408 Main St.qbw"),
        ("update", "Customer 80012345 is next."),
        ("DisconnectFromQB", r"Company file C:\X\Class not registered Inc.qbw released."),
        ("update", "Checking if QuickBooks user has denied access: FALSE"),
    ] {
        let log = start("Larch") + &answer("t-1", "") + &soap(method, said) + &close() + &unlock();
        assert_eq!(run(log).outcome, RunOutcome::Ok, "{said}");
    }
}

#[test]
fn whole_sentences_of_quickbooks_are_a_failure_without_any_code() {
    for (said, expected) in [
        ("A modal dialog box is showing in the QuickBooks user interface.", Cause::ModalDialog),
        ("The QuickBooks user has denied access.", Cause::Consent),
        (
            "This application has not accessed this QuickBooks company data file before.",
            Cause::Consent,
        ),
        (
            "The QuickBooks company data file is currently open in a mode other than the one specified by your application.",
            Cause::FileMode,
        ),
        ("Error: Class not registered", Cause::ComponentMissing),
        ("Error connecting to QuickBooks. 80040408", Cause::QuickbooksNotRunning),
    ] {
        assert_eq!(cause(failing("updateWS", said)), expected, "{said}");
    }
}

#[test]
fn a_connection_that_succeeds_in_the_end_has_not_failed() {
    let answered = soap("ProcessRequestXML", "Response received from QuickBooks: size (bytes) = 3");
    for said in
        ["QBWC1007: Could not connect to QuickBooks.", "QBWC1013: x\r\nHRESULT = 0x80040414"]
    {
        let begun = start("Larch") + &ask("Larch") + &answer("t-1", "") + &soap("update", said);
        assert_eq!(run(begun.clone() + &answered + &close() + &unlock()).outcome, RunOutcome::Ok);
        assert_eq!(run(begun + &close() + &unlock()).outcome.text(), "failed", "{said}");
    }
    let error = soap("do_authenticate", "QBWC1012: failed\r\nThe operation has timed out");
    let again = start("Larch") + &ask("Larch") + &error + &ask("Larch");
    assert_eq!(run(again.clone() + &unlock()).outcome.text(), "failed");
    assert_eq!(run(again + &answer("t-1", "") + &close() + &unlock()).outcome, RunOutcome::Ok);
}

#[test]
fn a_request_that_was_refused_stays_so_when_the_next_one_succeeds() {
    let refused = "Sending error message back to application:\r\nHRESULT = 0x80040400";
    let answered = soap("ProcessRequestXML", "Response received from QuickBooks: size (bytes) = 3");
    let log = failing("ProcessRequestXML", refused).replace(&unlock(), &answered) + &unlock();
    assert_eq!(cause(log), Cause::BadRequest);
}
