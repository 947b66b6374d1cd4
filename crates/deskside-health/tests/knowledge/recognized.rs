//! Recognizing one failure from the clues that a caller has.

use deskside_knowledge::{Clues, Confidence, Meaning, recognize};
use deskside_model::Cause;
use proptest::prelude::*;

fn known(code: Option<&str>, hresult: Option<u32>, text: &str) -> Option<&'static Meaning> {
    recognize(&Clues { code, hresult, text })
}

fn cause(code: Option<&str>, hresult: Option<u32>, text: &str) -> &'static str {
    known(code, hresult, text).map_or("not known", |it| it.cause.map_or("fine", Cause::text))
}

fn cause_of_1012(text: &str) -> &'static str {
    cause(Some("QBWC1012"), None, text)
}

#[test]
fn hresult_outranks_text_and_text_outranks_code() {
    let words = "Could not start QuickBooks.";
    assert_eq!(cause(Some("QBWC1040"), Some(0x8004_0414), words), "modal_dialog");
    assert_eq!(cause(Some("QBWC1040"), None, words), "quickbooks_not_running");
    assert_eq!(cause(Some("QBWC1040"), None, ""), "wrong_password");
    assert_eq!(cause(Some("QBWC1040"), None, "(0x80040414)"), "modal_dialog");
}

#[test]
fn unknown_hresult_yields_to_known_text() {
    let words = "A modal dialog box is showing in the QuickBooks user interface.";
    assert_eq!(cause(Some("QBWC1013"), Some(0x8004_040C), words), "modal_dialog");
    assert!(known(None, Some(0x8004_040C), "").is_some_and(|known| !known.is_explained()));
    assert_eq!(cause(Some("QBWC1040"), Some(0x8004_9999), ""), "wrong_password");
}

#[test]
fn hresult_is_recognized_in_every_spelling() {
    for spelling in ["0x80040408", "0X80040408", "80040408", "-2147220472", " 0x80040408: "] {
        assert_eq!(cause(Some(spelling), None, ""), "quickbooks_not_running", "{spelling}");
        let text = format!("Ошибка в {spelling} QuickBooks");
        assert_eq!(cause(Some("QBWC1013"), None, &text), "quickbooks_not_running", "{spelling}");
    }
}

#[test]
fn quickbooks_messages_are_found_inside_longer_and_wrapped_text() {
    let wrapped =
        "BeginSession failed:\r\n  A MODAL dialog\n\tbox is showing in the user interface";
    assert_eq!(cause(None, None, wrapped), "modal_dialog");
    let long = format!("{}Could not access QuickBooks.{}", "x ".repeat(9999), " y".repeat(9999));
    assert_eq!(cause(Some("QBWC1013"), None, &long), "quickbooks_not_running");
    let parse = "QuickBooks found an error when parsing the provided XML text stream.";
    assert_eq!(cause(None, None, parse), "bad_request");
    assert_eq!(cause(None, None, "Cannot create QBXMLRP2 COM component."), "component_missing");
}

#[test]
fn text_after_1039_decides() {
    let problem = |text| known(Some("QBWC1039"), None, text).and_then(|known| known.problem);
    let stamped = "There was a problem adding the application.\nUnique OwnerID/FileID pair value \
                   required.";
    assert_eq!(problem(stamped), Some("web_connector.already_stamped"));
    let first = "This application has not accessed this file before.";
    assert_eq!(problem(first), Some("web_connector.consent_needs_admin"));
    let read_only = "QuickBooks answered 3263.";
    assert_eq!(problem(read_only), Some("web_connector.setup_file_wrong"));
    assert_eq!(problem(""), Some("web_connector.setup_file_wrong"));
    let known = known(Some("QBWC1039"), None, read_only).unwrap();
    assert!(!known.may_diagnose(), "sources disagree");
}

#[test]
fn silent_website_differs_from_one_with_bad_answers() {
    for text in [
        "The remote name could not be resolved: 'sync.larch.example'",
        "Unable to connect to the remote server",
        "No connection could be made because the target machine actively refused it 10.0.0.1:443",
        "The operation has timed out",
        "The underlying connection was closed: An unexpected error occurred on a send.\r\n   в \
         System.Net.TlsStream.EndWrite(IAsyncResult asyncResult)",
        "An existing connection was forcibly closed by the remote host",
        "The request was aborted: The request was canceled.",
        "The remote server returned an error: (407) Proxy Authentication Required.",
    ] {
        assert_eq!(cause_of_1012(text), "server_unreachable", "{text}");
    }
    for text in [
        "The request failed with HTTP status 401: Unauthorized.",
        "The request failed with HTTP status 403: Forbidden.",
        "The remote server returned an error: (500) Internal Server Error.",
        "The request failed with HTTP status 503: Service Unavailable.",
        "The remote server returned an error: (504) Gateway Timeout.",
        "Server was unable to process request. ---> Object reference not set to an instance.",
    ] {
        assert_eq!(cause_of_1012(text), "server_response", "{text}");
    }
}

#[test]
fn missing_page_means_a_wrong_address() {
    for text in [
        "The request failed with HTTP status 404: Not Found.",
        "The remote server returned an error: (404) Not Found.",
    ] {
        assert_eq!(cause_of_1012(text), "wrong_url", "{text}");
    }
}

#[test]
fn insecure_connection_differs_from_closed_connection() {
    for text in [
        "The underlying connection was closed: Could not establish trust relationship for the \
         SSL/TLS secure channel.",
        "The request was aborted: Could not create SSL/TLS secure channel.",
        "The remote certificate is invalid according to the validation procedure.",
        "Das Zertifikat: certificate chain was issued by an authority that is not trusted.",
    ] {
        assert_eq!(cause_of_1012(text), "tls", "{text}");
    }
    assert_eq!(cause(Some("QBWC1048"), None, ""), "tls");
    let own_words = "QBWC1048: could not verify the web application server certificate.";
    let known = known(Some("QBWC1048"), None, own_words).unwrap();
    assert_eq!(known.confidence, Confidence::Sourced, "its own text makes it less certain");
}

#[test]
fn unreadable_answer_concerns_sign_in_only_during_sign_in() {
    for text in [
        "Index was outside the bounds of the array.",
        "Object reference not set to an instance of an object.",
        "Client found response content type of 'text/html', but expected 'text/xml'.\nThe request \
         failed with the error message:\n--\n<html><title>404 Not Found</title></html>",
        "There is an error in XML document (1, 1).",
        "The request failed with an empty response.",
    ] {
        assert_eq!(cause_of_1012(text), "server_auth", "{text}");
        assert_eq!(cause(Some("QBWC1041"), None, text), "server_response", "{text}");
        assert!(recognize(&Clues { text, ..Clues::default() }).is_none(), "recognized: {text}");
    }
}

#[test]
fn unanswered_call_during_work_is_not_a_bad_answer() {
    for code in ["QBWC1041", "QBWC1042", "QBWC1043", "QBWC1044"] {
        assert_eq!(cause(Some(code), None, "The operation has timed out"), "server_unreachable");
        assert_eq!(cause(Some(code), None, ""), "server_response");
    }
}

#[test]
fn code_1012_with_unknown_text_stays_unknown() {
    assert_eq!(cause_of_1012("Es ist etwas passiert."), "unknown");
}

#[test]
fn unknown_codes_stay_unknown() {
    for code in [
        "QBWC1999",
        "QBWC0",
        "QBWC99999",
        "0x80049999",
        "H999",
        "403",
        "QBD_MODAL_DIALOG_OPEN",
        "",
        "42",
    ] {
        assert!(recognize(&Clues { code: Some(code), ..Clues::default() }).is_none(), "{code}");
    }
    assert!(recognize(&Clues::default()).is_none());
}

#[test]
fn provider_notes_beside_numbers_are_recognized_by_text() {
    let problem = |code, text| known(code, None, text).and_then(|known| known.problem);
    let cancelled = "User cancelled linking";
    assert_eq!(problem(Some("403"), cancelled), Some("connection.link_cancelled"));
    let gone = "The integration de-authorized access to the connection.";
    assert_eq!(problem(Some("401"), gone), Some("connection.deauthorized"));
    let waits = "Waiting for asynchronous response from third party";
    assert_eq!(problem(None, waits), Some("connection.inactive"));
    assert_eq!(problem(Some("Fetching"), waits), Some("connection.inactive"));
    assert_eq!(problem(Some("Fetching"), ""), None, "it passes by itself");
}

proptest! {
    #[test]
    fn explained_hresult_decides_whatever_the_surrounding_text(
        code in proptest::option::of("\\PC{0,20}|QBWC10[0-4][0-9]"),
        text in "(\\PC|\\s|Could not start QuickBooks|0x80040410 |QBWC1012){0,60}",
    ) {
        prop_assert_eq!(cause(code.as_deref(), Some(0x8004_0414), &text), "modal_dialog");
    }

    #[test]
    fn random_text_matches_no_message(
        code in proptest::option::of(".{0,20}"),
        hresult in proptest::option::of(any::<u32>()),
        text in ".{0,400}",
    ) {
        let found = recognize(&Clues { code: code.as_deref(), hresult, text: &text });
        // Without a code or a number, nothing may be found in random text.
        prop_assert!(found.is_none() || code.is_some() || hresult.is_some());
    }

    #[test]
    fn surrounding_words_and_letter_case_do_not_matter(
        before in "[a-z \\n\\t]{0,60}",
        after in "[a-z \\n\\t]{0,60}",
    ) {
        let phrase = "Is Already OPEN and it is\n different from the one requested";
        let text = format!("{before} {phrase} {after}");
        let clues = Clues { text: &text, ..Clues::default() };
        prop_assert_eq!(recognize(&clues).and_then(|it| it.cause), Some(Cause::WrongCompanyFile));
    }
}
