//! The text that the Web Connector quotes when a call to the application's website fails; it is
//! .NET's text for a failed web call. It distinguishes an unreachable website, a wrong address, a
//! certificate and an invalid answer. See docs/sources/web-connector.md#network.
//!
//! Every answer with its own status (401, 403, 500, 503) proves that name, network and certificate
//! work on this computer, and no one should be sent to check them. So all of them count as a bad
//! answer, not as an unreachable website, including those of gateways (502, 503, 504). Exact
//! sentences come before loose words, which a quoted page may also contain.

use deskside_model::{Cause, Who};
use deskside_text as text;

use super::{CodeFamily, Confidence, ErrorCode, Meaning, Says};

known! { KNOWN, WebConnector, WebConnector:
    // "The underlying connection was closed" also introduces these.
    [1003, 1004, 1012, 1036, 1041 to 1046, 1048] => Decides [
        "could not establish trust relationship", "could not create ssl/tls secure channel",
        "could not establish secure channel", "the ssl connection could not be established",
        "the remote certificate is invalid", "the remote certificate was rejected",
    ] Sourced, Tls, -, It,
        known_no_secure_connection, steps_check_security;
    [1003, 1004, 1012, 1035, 1036, 1041 to 1046, 1048] => Decides [
        "the remote name could not be resolved", "no such host is known",
    ] Sourced, ServerUnreachable, "network.name_not_resolved", It,
        known_website_not_found;
    // The network answers instead of the website.
    [1003, 1004, 1012, 1036, 1041 to 1046, 1048] => DecidesBesideCode [
        "(407)", "http status 407", "proxy authentication required",
    ] Inferred, ServerUnreachable, "network.proxy_needs_password", It,
        known_network_asks_password;
    [1003, 1004, 1012, 1036, 1041 to 1046, 1048] => DecidesBesideCode ["(404)", "http status 404"]
        Sourced, WrongUrl, "web_connector.setup_file_wrong", Vendor,
        known_page_not_there, steps_new_setup_file;
    [1012, 1036, 1041 to 1046] => DecidesBesideCode [
        "http status", "the remote server returned an error: (", "server was unable to process",
    ] Inferred, ServerResponse, "connection.vendor_fault", Vendor,
        known_website_refuses, steps_tell_the_maker;
    [1003, 1004, 1012, 1036, 1041 to 1046, 1048] => Decides [
        "unable to connect to the remote server", "actively refused it",
        "the operation has timed out", "the operation timed out",
        "did not properly respond after a period of time", "the underlying connection was closed",
        "an existing connection was forcibly closed", "an established connection was aborted",
        "the connection was closed unexpectedly", "a connection attempt failed",
        "the request was aborted", "unable to read data from the transport connection",
    ] Sourced, ServerUnreachable, "network.provider_unreachable", User,
        known_website_silent, steps_check_the_internet;
    // Only during sign-in: in any other call the same words are just a bad answer.
    [1012] => DecidesBesideCode [
        "index was outside", "index was out of range", "object reference not set",
        "null reference", "value cannot be null", "content type", "text/html", "<html",
        "xml document", "not well-formed", "root element is missing", "root level is invalid",
        "unexpected end of file", "empty response", "did not recognize the value",
        "soap version mismatch", "soap envelope",
    ] Sourced, ServerAuth, "connection.vendor_fault", Vendor,
        known_sign_in_answer_unreadable, steps_tell_the_maker;
    // Not together with 1048, which is about the certificate itself.
    [1003, 1004, 1012, 1036, 1041 to 1046] => DecidesBesideCode [
        "ssl", "certificate", "secure channel", "trust relationship",
    ] Inferred, Tls, -, It,
        known_no_secure_connection, steps_check_security;
    [1003, 1004, 1012, 1036, 1041 to 1046, 1048] => DecidesBesideCode [
        "timed out", "timeout", "connection refused", "unreachable", "could not be resolved",
        "connection reset", "connection was reset", "connection was closed",
        "connection has been closed", "connection was aborted",
    ] Inferred, ServerUnreachable, "network.provider_unreachable", User,
        known_website_silent, steps_check_the_internet;
}
