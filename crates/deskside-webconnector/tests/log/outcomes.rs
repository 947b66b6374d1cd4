//! The outcome of a run, and its cause.

use super::*;

fn with_details(said: &str) -> String {
    format!(
        "{said}\r\nMore info:\r\nStackTrace =    at System.Net.Security.SslState.Read()\r\nSource = System"
    )
}

/// A run without a usable answer of `authenticate`.
fn unauthenticated(said: &str) -> String {
    let text = format!(
        "QBWC1012: Authentication failed due to following error message.\r\n{}",
        with_details(said)
    );
    start("Larch") + &ask("Larch") + &soap("do_authenticate", &text) + &unlock()
}

#[test]
fn no_work_is_success_in_upper_or_lower_case() {
    for word in ["NONE", "none", "None", " NONE "] {
        let log = start("Larch") + &ask("Larch") + &answer("t-1", word) + &unlock();
        assert_eq!(run(log).outcome, RunOutcome::OkNoWork, "{word}");
    }
}

#[test]
fn wrong_passwords_are_recognized_with_and_without_a_code() {
    for word in ["nvu", "NVU"] {
        let log = start("Larch") + &ask("Larch") + &answer("", word);
        assert_eq!(cause(log.clone() + &unlock()), Cause::WrongPassword);
        let code = soap("do_authenticate", "QBWC1040: no valid username and/or password.");
        let failure = failure(log + &code + &unlock());
        assert_eq!((failure.code, failure.cause), (Some(1040), Cause::WrongPassword));
    }
}

#[test]
fn a_company_file_in_the_answer_means_work() {
    let log =
        start("Larch") + &answer("t-1", r"C:\Books\none.qbw") + &work() + &close() + &unlock();
    assert_eq!(run(log).outcome, RunOutcome::Ok);
}

#[test]
fn version_call_errors_are_ignored() {
    for call in ["serverVersion", "clientVersion"] {
        let text = format!(
            "Actual error received from web service for {call} call: <QuickBooks 0x80040408 The remote name could not be resolved: 'x'>.\r\nHRESULT = 0x80040408"
        );
        let log = start("Larch") + &soap(&format!("do_{call}"), &text) + &answer("", "NONE");
        assert_eq!(run(log).outcome, RunOutcome::OkNoWork, "{call}");
    }
}

#[test]
fn quickbooks_responses_are_never_errors() {
    let xml = "XML dump follows: -\r\n<CustomerAddRs statusCode=\"3100\" statusSeverity=\"Error\" statusMessage=\"The name is already in use.\">";
    let log = start("Larch") + &answer("t-1", "") + &soap("do_receiveResponseXML", xml) + &close();
    assert_eq!(run(log + &unlock()).outcome, RunOutcome::Ok);
}

#[test]
fn hresults_are_read_in_every_spelling_and_layout() {
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
fn connection_error_calls_reveal_the_cause() {
    let text = "*** Calling connectionError() with following parameters:<wcTicket=\"80040400-1\"><hresult=\"0x8004040A\"><message=\"x\">";
    let failure = failure(failing("do_connectionError", text));
    assert_eq!((failure.hresult, failure.cause), (Some(0x8004_040A), Cause::WrongCompanyFile));
}

#[test]
fn quickbooks_text_alone_reveals_the_cause() {
    for said in ["QBWC1013: Error\r\nCould not start QuickBooks.", "Could not start QuickBooks."] {
        assert_eq!(cause(failing("updateWS", said)), Cause::QuickbooksNotRunning, "{said}");
    }
}

#[test]
fn hresults_outrank_text_and_text_outranks_codes() {
    let words =
        "QBWC1013: Error\r\nA modal dialog box is showing in the QuickBooks user interface.";
    assert_eq!(cause(failing("updateWS", words)), Cause::ModalDialog);
    let both = format!("{words}\r\nHRESULT = 0x8004040A");
    assert_eq!(cause(failing("updateWS", &both)), Cause::WrongCompanyFile);
}

#[test]
fn the_text_of_1012_determines_the_cause() {
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
fn stack_traces_are_never_evaluated() {
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
fn summaries_neither_hide_errors_nor_create_runs() {
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
fn unexplained_codes_have_an_unknown_cause() {
    let failure = failure(failing("updateWS", "QBWC9876: Something."));
    assert_eq!((failure.code, failure.cause), (Some(9876), Cause::Unknown));
}

#[test]
fn errors_outside_any_run_are_reported_as_a_run() {
    let text = "QBWC1039: There was a problem adding the application. Unique OwnerID/FileID pair value required.";
    let run = run(at(1, "QBWebConnector.WebServiceManager.AddThisApp()", text));
    assert_eq!((run.app, run.outcome.text()), (None, "failed"));
}

#[test]
fn runs_without_an_end_are_incomplete_when_another_starts() {
    let log = start("Larch") + &ask("Larch") + &start("Larch") + &answer("", "NONE") + &unlock();
    assert_eq!(results(&runs(log)), [("Larch", "incomplete"), ("Larch", "ok_no_work")]);
    let later = (start("Otter") + &ask("Otter") + &answer("", "NONE") + &unlock())
        .replace("20260505.13:", "20260505.14:");
    let log = start("Larch") + &ask("Larch") + &later;
    assert_eq!(results(&runs(log)), [("Larch", "incomplete"), ("Otter", "ok_no_work")]);
    let log = start("Larch") + &ask("Larch") + &answer("t-1", "") + &later;
    assert_eq!(results(&runs(log)), [("Larch", "incomplete"), ("Otter", "ok_no_work")]);
}

#[test]
fn an_unlock_alone_is_no_success() {
    assert_eq!(results(&runs(answer("", "NONE"))), [("?", "ok_no_work")]);
    assert_eq!(results(&runs(close() + &unlock())), [("?", "incomplete")]);
    assert_eq!(results(&runs(unlock())), [("?", "incomplete")]);
    assert_eq!(results(&runs(start("Larch"))), [("Larch", "incomplete")]);
}

#[test]
fn interleaved_runs_of_two_users_are_separated() {
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
    assert_eq!(results(&runs), [("Larch", "ok"), ("Otter", "failed")]);
    assert!(runs.iter().all(|run| run.ended.is_some()));
}

#[test]
fn servers_answer_in_the_order_they_were_asked() {
    let error =
        |code: &str| soap("do_authenticate", &format!("{code}: The operation has timed out"));
    let asked = start("Larch") + &start("Otter") + &ask("Larch") + &ask("Otter");
    let log = asked.clone() + &error("QBWC1012") + &answer("t-2", "NONE") + &unlock() + &unlock();
    assert_eq!(results(&runs(log)), [("Larch", "failed"), ("Otter", "ok_no_work")]);
    let log = asked + &answer("", "nvu") + &error("QBWC1040") + &answer("t-2", "NONE");
    assert_eq!(results(&runs(log)), [("Larch", "failed"), ("Otter", "ok_no_work")]);
}

#[test]
fn interrupted_runs_do_not_block_others_forever() {
    let mut parser = Parser::new();
    drop(parser.push((start("Larch") + &ask("Larch")).as_bytes()));
    let good = start("Otter") + &answer("", "NONE") + &unlock();
    let mut finished = 0;
    for _ in 0..100 {
        finished += parser.push(good.as_bytes()).len();
    }
    assert!(finished > 80, "only {finished} of 101 are finished");
}

#[test]
fn unlocked_runs_without_an_answer_are_not_successful() {
    for begun in [start("Larch"), start("Larch") + &ask("Larch")] {
        let unlocked = soap("unsetLock", "Company file has been unlocked.") + &unlock();
        assert_eq!(results(&runs(begun + &unlocked)), [("Larch", "incomplete")]);
    }
}

#[test]
fn text_without_a_code_is_enough_during_sign_in() {
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
fn server_text_never_blames_this_computer() {
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
fn errors_unrelated_to_the_connection_fail_no_run() {
    for code in [1015, 1016, 1018, 1019, 1020] {
        let said = soap("DisconnectFromQB", &format!("QBWC{code}: text"));
        let good = start("Larch") + &answer("t-1", "") + &work() + &close();
        assert_eq!(results(&runs(good.clone() + &said + &unlock())), [("Larch", "ok")], "{code}");
        let after = at(9, "QBWebConnector.MainForm.OnClosing()", &format!("QBWC{code}: text"));
        assert_eq!(results(&runs(good + &unlock() + &after)), [("Larch", "ok")], "{code}");
    }
    let said = "Sending error message back to application:\r\nMessage: This list has been modified by another user.";
    let log =
        start("Larch") + &answer("t-1", "") + &work() + &soap("ProcessRequestXML", said) + &close();
    assert_eq!(run(log + &unlock()).outcome, RunOutcome::Ok);
}

#[test]
fn paths_and_success_messages_are_no_failures() {
    for (method, said) in [
        ("update", r"Opening C:\X\80012345 Main St.qbw"),
        ("update", r"Opening C:\X\80040408 Main St.qbw"),
        ("update", "Customer 80012345 is next."),
        ("DisconnectFromQB", r"Company file C:\X\Class not registered Inc.qbw released."),
        ("update", "Checking if QuickBooks user has denied access: FALSE"),
    ] {
        let log = start("Larch")
            + &answer("t-1", "")
            + &work()
            + &soap(method, said)
            + &close()
            + &unlock();
        assert_eq!(run(log).outcome, RunOutcome::Ok, "{said}");
    }
}

#[test]
fn quickbooks_sentences_without_a_code_are_failures() {
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
fn connections_that_finally_succeed_have_not_failed() {
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
    assert_eq!(
        run(again + &answer("t-1", "") + &work() + &close() + &unlock()).outcome,
        RunOutcome::Ok
    );
}

#[test]
fn refused_requests_stay_failed_after_a_later_success() {
    let refused = "Sending error message back to application:\r\nHRESULT = 0x80040400";
    let answered = soap("ProcessRequestXML", "Response received from QuickBooks: size (bytes) = 3");
    let log = failing("ProcessRequestXML", refused).replace(&unlock(), &answered) + &unlock();
    assert_eq!(cause(log), Cause::BadRequest);
}

#[test]
fn a_company_file_that_another_client_has_locked_is_named() {
    for (method, said) in [
        ("update", "Update aborted. Company file is locked by another client BACKOFFICE-07"),
        ("updateWS", "Update aborted. The company file is locked by another client."),
        ("setLock", "Company file is locked by another client BACKOFFICE-07"),
    ] {
        let log = start("Larch") + &ask("Larch") + &answer("t-1", "") + &soap(method, said);
        assert_eq!(cause(log + &unlock()), Cause::FileLocked, "{said}");
    }
}

#[test]
fn announced_work_that_was_never_done_is_incomplete() {
    let begun = || start("Larch") + &ask("Larch") + &answer("t-1", "");
    let asked = soap("do_sendRequestXML", "Request xml received.")
        + &soap("ProcessRequestXML", "Processing request #1");
    for done in [String::new(), asked] {
        let log = begun() + &done + &close() + &unlock();
        assert_eq!(run(log).outcome, RunOutcome::Incomplete, "{done}");
    }
    assert_eq!(run(begun() + &work() + &close() + &unlock()).outcome, RunOutcome::Ok);
}

#[test]
fn unlisted_errors_are_never_successful() {
    for (method, said) in [
        ("update", "Update aborted. Company file is busy elsewhere."),
        ("update", r"The file C:\Books\Larch.qbw could not be read. The update has failed."),
        ("updateWS", "An unexpected condition occurred."),
        ("setLock", "The lock could not be set: access denied."),
        ("anyOther", "Unable to go on"),
        (
            "do_getLastError",
            "Received from getLastError() following parameter:<x=\"Invalid item\">",
        ),
    ] {
        for before in [String::new(), work()] {
            let log = start("Larch") + &answer("t-1", "") + &before + &soap(method, said);
            let failure = failure(log + &close() + &unlock());
            assert_eq!((failure.code, failure.cause), (None, Cause::Unknown), "{said}");
        }
    }
}

#[test]
fn a_pause_or_an_empty_answer_is_no_error() {
    for said in ["", "NoOp", "Done"] {
        let text = format!("Received from getLastError() following parameter:<x=\"{said}\">");
        let log = start("Larch") + &answer("t-1", "") + &soap("do_getLastError", &text);
        let log = log + &work() + &close() + &unlock();
        assert_eq!(run(log).outcome, RunOutcome::Ok, "{said}");
    }
}

#[test]
fn errors_outside_any_run_create_none_without_a_code() {
    let said = at(1, "QBWebConnector.MainForm.CheckForUpdate()", "The check has failed.");
    assert_eq!(runs(said), []);
}

#[test]
fn books_in_a_record_are_never_evidence() {
    let books = "<?xml version=\"1.0\"?><Memo>QBWC1012 HRESULT = 0x80040414</Memo>\r\n<Memo>\r\n\
        QBWC1013: Could not start QuickBooks. HRESULT = 0x80040408\r\n</Memo>";
    for method in
        ["do_receiveResponseXML", "do_sendRequestXML", "ProcessRequestXML", "update", "anyOther"]
    {
        let log = start("Larch") + &answer("t-1", "") + &work() + &soap(method, books);
        assert_eq!(run(log + &close() + &unlock()).outcome, RunOutcome::Ok, "{method}");
    }
}

#[test]
fn runs_never_end_before_they_start() {
    let back = unlock().replace("20260505.13", "20260505.12");
    let run = run(start("Larch") + &answer("t-1", "") + &work() + &close() + &back);
    assert_eq!((run.outcome, run.ended), (RunOutcome::Ok, None));
}
