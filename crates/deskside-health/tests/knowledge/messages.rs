//! What people type and paste.

use deskside_knowledge::{CodeFamily, Confidence, look_up};
use deskside_model::{Cause, Who};
use proptest::prelude::*;

fn code(asked: &str) -> Option<String> {
    look_up(asked).code.map(|code| code.to_string())
}

fn hresult(asked: &str) -> Option<String> {
    look_up(asked).hresult.map(|hresult| hresult.to_string())
}

fn cause(asked: &str) -> Option<&'static str> {
    look_up(asked).known.and_then(|known| known.cause).map(Cause::text)
}

#[test]
fn code_is_recognized_in_every_typed_form() {
    for (typed, meant) in [
        ("qbwc1039", "QBWC1039"),
        ("1039", "QBWC1039"),
        ("QBWC 1039", "QBWC1039"),
        ("qbwc-1039:", "QBWC1039"),
        ("Error 1039", "QBWC1039"),
        ("1000", "QBWC1000"),
        ("status 1000", "1000"),
        ("H202", "H202"),
        ("h 202", "H202"),
        ("h-202", "H202"),
        ("3100", "3100"),
        ("statusCode=\"3100\"", "3100"),
        ("error 3200", "3200"),
        ("ps077", "PS077"),
        ("-6177,0", "-6177"),
        ("error -6000, -83", "-6000"),
        ("3371", "3371"),
        ("15241", "15241"),
        ("integration_connection_not_set_up", "INTEGRATION_CONNECTION_NOT_SET_UP"),
        ("pendingauth", "PendingAuth"),
        ("codat 403", "Codat 403"),
        ("QB WC1039", "QBWC1039"),
        ("h202!", "H202"),
        ("3200?", "3200"),
        ("3200;", "3200"),
        ("-6000 -83", "-6000"),
        ("−6177,0", "-6177"),
        ("Error –6177, 0", "-6177"),
        ("qbXML status code 500", "500"),
        ("Status Code 1000", "1000"),
    ] {
        assert_eq!(code(typed).as_deref(), Some(meant), "{typed}");
        assert!(look_up(typed).known.is_some(), "{typed}");
    }
    for typed in [
        "0x80040414",
        "80040414",
        "-2147220460",
        "0X80040414",
        "(0x80040414)",
        "−2147220460",
        "2147746836",
        "&H80040414",
        "&h80040414",
        "80040414h",
        "0x80040414L",
        "0x8004 0414",
        "Error 80040414",
        "Error code: 80040414",
        "Error -2147220460",
        "It says 0x8004 0414 now",
    ] {
        assert_eq!(hresult(typed).as_deref(), Some("0x80040414"), "{typed}");
        assert_eq!(code(typed), None, "{typed}");
    }
}

#[test]
fn label_before_a_code_does_not_hide_it() {
    for (said, meant) in [
        ("QuickBooks error H202", "H202"),
        ("quickbooks error h202", "H202"),
        ("Error QBWC1012", "QBWC1012"),
        ("Code: QBWC1039", "QBWC1039"),
        ("Status: QBWC1039", "QBWC1039"),
        ("Error PS077", "PS077"),
        ("We see error code QBWC1048 since this morning", "QBWC1048"),
        ("Error: QBWC1012: The request failed with HTTP status 404: Not Found.", "QBWC1012"),
        ("Error: QBWC1041: exception", "QBWC1041"),
    ] {
        assert_eq!(code(said).as_deref(), Some(meant), "{said}");
        assert!(look_up(said).known.is_some(), "{said}");
    }
    let code_with_answer = "Error: QBWC1012: The request failed with HTTP status 404: Not Found.";
    assert_eq!(cause(code_with_answer), Some("wrong_url"));
    assert_eq!(hresult("Error 80049999").as_deref(), Some("0x80049999"), "it is called a code");
}

#[test]
fn file_problem_codes_are_recognized_with_and_without_minus() {
    for (said, meant) in [
        ("Error 6177,0", "-6177"),
        ("6000, 83", "-6000"),
        ("Error 6000,-83", "-6000"),
        ("Error: 6000, -83: the company file is damaged", "-6000"),
        ("QuickBooks error 6189", "-6189"),
        ("6123", "-6123"),
    ] {
        assert_eq!(code(said).as_deref(), Some(meant), "{said}");
        assert_eq!(cause(said), Some("modal_dialog"), "{said}");
    }
}

#[test]
fn quickbooks_crash_is_not_reported_as_success() {
    for said in
        ["Unrecoverable Error 00000 12345", "QuickBooks - Unrecoverable Error", "0x80000003"]
    {
        let known = look_up(said).known.expect(said);
        assert_eq!(known.problem, Some("quickbooks.crashed"), "{said}");
    }
    for said in ["Error 00000", "Error 0", "code 1", "0"] {
        assert!(look_up(said).known.is_none(), "{said}");
    }
}

#[test]
fn plain_english_is_not_taken_for_a_provider_term() {
    for said in [
        "internal error",
        "Internal Error",
        "network error",
        "Network Error",
        "connection error",
        "Connection Error",
        "permission error",
    ] {
        let reading = look_up(said);
        assert!(reading.code.is_none() && reading.known.is_none(), "{said}: {reading:?}");
    }
    assert_eq!(cause("QBD Connection Error"), Some("unknown"), "Conductor's own words");
    let known = look_up("InternalError").known.unwrap();
    assert_eq!(known.kind, CodeFamily::Codat);
    assert_eq!(known.confidence, Confidence::Inferred);
}

#[test]
fn codat_return_is_recognized_only_as_a_whole() {
    for (said, problem) in [
        ("User cancelled.", Some("connection.link_cancelled")),
        ("403 User cancelled", Some("connection.link_cancelled")),
        ("Unknown error occurred.", None),
        ("Not supported.", None),
        ("501: Not supported.", None),
    ] {
        let known = look_up(said).known.expect(said);
        assert_eq!((known.kind, known.problem), (CodeFamily::Codat, problem), "{said}");
        assert_eq!(known.cause, Some(Cause::Unknown), "{said}");
    }
    for others in ["The method is not supported.", "User cancelled the print job"] {
        assert!(look_up(others).known.is_none(), "{others}");
    }
}

#[test]
fn log_phrases_are_known_without_a_code() {
    for said in [
        "nvu",
        "\"nvu\"",
        "authRet[1]=\"nvu\"",
        "Received from authenticate() following parameters:<authRet[0]=\"7d1f\"> \
         <authRet[1]=“nvu”>",
    ] {
        assert_eq!(cause(said), Some("wrong_password"), "{said}");
    }
    let no_work = look_up("<authRet[0]=\"7d1f\"><authRet[1]=\"NONE\"><authRet[2]=\"\">");
    let no_work = no_work.known.unwrap();
    assert_eq!((no_work.cause, no_work.who), (None, Who::Nobody));
    let notes = "Unexpected error. Check the file ‘qbsdklog.txt’ for possible additional \
                 information.";
    assert_eq!(
        look_up(notes).words(),
        look_up("0x80040402").words(),
        "Intuit's words and their number are one"
    );
    assert_eq!(cause("The new applicaiton was not added."), Some("setup_file"));
}

#[test]
fn most_specific_code_of_a_pasted_log_is_found() {
    let pasted = "\
        hello, since this morning nothing works:\r\n\
        20260505.13:37:21 UTC\t: QBWebConnector.SOAPWebService.do_authenticate() : Authenticating \
        to application 'Larch Sync', username = 'larch'\r\n\
        20260505.13:37:43 UTC\t: QBWebConnector.SOAPWebService.do_authenticate() : QBWC1012: \
        Authentication failed due to following error message.\r\n\
        The remote name could not be resolved: 'sync.larch.example'\r\n\
        More info:\r\n\
        StackTrace =    в System.Net.HttpWebRequest.GetRequestStream(TransportContext& context)\r\n\
        \x20  в QBWebConnector.WebService.do_authenticate(String& ticket)\r\n\
        Source = System\r\n\
        20260505.13:37:44 UTC\t: QBWC1031: Update completed with some error.\r\n";
    assert_eq!(code(pasted).as_deref(), Some("QBWC1012"));
    assert_eq!(cause(pasted), Some("server_unreachable"));
}

#[test]
fn hresult_on_its_own_line_decides() {
    let pasted = "QBWC1013: Error connecting to QuickBooks.\n\nHRESULT = 0x80040410\nMessage: The \
                  QuickBooks company data file is currently open in a mode other than the one \
                  specified by your application.";
    assert_eq!(code(pasted).as_deref(), Some("QBWC1013"));
    assert_eq!(hresult(pasted).as_deref(), Some("0x80040410"));
    assert_eq!(cause(pasted), Some("file_mode"));
    assert_eq!(
        cause("System.Runtime.InteropServices.COMException (-2147220460)"),
        Some("modal_dialog")
    );
    assert_eq!(hresult("HRESULT: 80040408").as_deref(), Some("0x80040408"));
}

#[test]
fn conductor_answer_is_explained_by_its_deepest_error() {
    let body = r#"{"error":{"message":"QBD Connection Error (0x80040420): The QuickBooks user has
        denied access.","type":"INTEGRATION_CONNECTION_ERROR","code":"QBD_CONNECTION_ERROR",
        "integrationCode":"0x80040420","httpStatusCode":502,"requestId":"req_1234567890"}}"#;
    assert_eq!(code(body).as_deref(), Some("QBD_CONNECTION_ERROR"));
    assert_eq!(cause(body), Some("consent"));

    let body = r#"{"error":{"type":"INTEGRATION_CONNECTION_ERROR",
        "code":"INTEGRATION_CONNECTION_NOT_SET_UP","httpStatusCode":409}}"#;
    assert_eq!(code(body).as_deref(), Some("INTEGRATION_CONNECTION_NOT_SET_UP"));

    let body = r#"{"error":{"message":"QBD Request Error (3200): …","type":"INTEGRATION_ERROR",
        "code":"QBD_REQUEST_ERROR","integrationCode":"3200","httpStatusCode":502}}"#;
    assert_eq!(code(body).as_deref(), Some("3200"));
    assert_eq!(cause(body), None);
}

#[test]
fn codat_state_is_found_where_it_is_labeled() {
    assert_eq!(
        code(r#"{"dataType":"invoices","currentStatus":"Queued"}"#).as_deref(),
        Some("Queued")
    );
    assert_eq!(code("The work is Complete and Linked to the Initial order."), None);
}

#[test]
fn amounts_dates_and_http_statuses_are_no_codes() {
    for text in [
        "Invoice 3200 over 1,039.00 of 2026-05-05, balance -6,177.00, account 80041234",
        r#"{"statusCode":404,"error":"NotFound"}"#,
        "httpStatusCode: 500",
        "I paid 1000 dollars, H1 2026",
        "Error: 2500 records were skipped",
        "Error: 3200 records were skipped",
        "Error: 1000 invoices could not be sent",
        "status code 404",
        "Status: 401",
        "Status Code 429",
        "statusCode: 403",
        "status 503",
        "500",
        "Error 500",
        "1",
        "2026",
        "8004",
        "9999",
        "error 2026",
        "",
        "\u{0}\u{feff}—",
    ] {
        let reading = look_up(text);
        assert!(reading.code.is_none() && reading.hresult.is_none(), "{text}: {reading:?}");
        assert!(reading.known.is_none(), "{text}: {reading:?}");
    }
}

#[test]
fn unexplained_code_is_still_named() {
    assert_eq!(code("It says QBWC1999 again").as_deref(), Some("QBWC1999"));
    assert!(look_up("It says QBWC1999 again").known.is_none());
    assert_eq!(hresult("failed with 0x80049999").as_deref(), Some("0x80049999"));
    assert_eq!(hresult("0x80049999, then 0x80040417").as_deref(), Some("0x80040417"));
}

#[test]
fn one_mebibyte_message_is_read() {
    let repeated = "0x80040414 QBWC1040 a-b_c ".repeat(40_000);
    let web_connector = (1000..=1085).map(|number| format!("error QBWC{number} "));
    let web_connector = web_connector.collect::<String>().repeat(1000);
    let hresults = (0..100_000).map(|number| format!("0x8004{number:04X} "));
    let hresults = format!("QBWC1012 {}", hresults.collect::<String>());
    let words = "AuthError INTERNAL_ERROR QBd_X ".repeat(40_000);
    for mut message in [repeated, web_connector, hresults, words] {
        message.truncate(1 << 20);
        assert!(look_up(&message).known.is_some(), "{message:.20}");
    }
}

proptest! {
    #[test]
    fn code_is_found_in_text_of_any_language(
        before in "[а-яё一-鿿 \\n\\t.,;:–«»]{0,80}",
        after in "[ñäß一-鿿 \\n\\t.,;:–«»]{0,80}",
    ) {
        let code = code(&format!("{before}QBWC1040{after}"));
        prop_assert_eq!(code.as_deref(), Some("QBWC1040"));
        let hresult = hresult(&format!("{before}0x80040414{after}"));
        prop_assert_eq!(hresult.as_deref(), Some("0x80040414"));
    }

    #[test]
    fn message_without_digits_contains_no_number(message in "[^0-9]{0,200}") {
        prop_assert_eq!(look_up(&message).hresult, None);
    }

    #[test]
    fn formatted_codes_are_parsed_back(
        number in 1000_u16..1100,
        hresult in 0x8000_0000_u32..=0x80FF_FFFF,
    ) {
        prop_assert_eq!(code(&format!("QBWC{number}")), Some(format!("QBWC{number:04}")));
        let written = format!("0x{hresult:08X}");
        for spelled in [written.clone(), format!("{}", hresult.cast_signed())] {
            let read = look_up(&spelled).hresult.map(|hresult| hresult.to_string());
            prop_assert_eq!(read.as_ref(), Some(&written));
        }
    }
}
