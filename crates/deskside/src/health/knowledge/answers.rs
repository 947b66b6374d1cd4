//! What the Web Connector quotes when the application's website fails it, which is what Windows'
//! .NET says of a web call. These words decide between a website that is away, a wrong address, a
//! certificate, and an answer that makes no sense.
//!
//! Every answer with a number of its own (401, 403, 500, 503) is an answer: name, network and
//! certificate are in order on this computer, and nobody should be sent to look at them. So they
//! count as a bad answer, not as a website that cannot be reached, gateways (502, 503, 504)
//! included. Exact sentences stand before loose words, which a quoted page may contain, too.

use super::{Confidence, ErrorCode, Kind, Known, Says, steps};
use crate::companion::Who;
use crate::health::Cause;

known! { KNOWN, WebConnector, WebConnector:
    // "The underlying connection was closed" introduces these, too.
    [1003, 1004, 1012, 1036, 1041 to 1046, 1048] => Decides [
        "could not establish trust relationship", "could not create ssl/tls secure channel",
        "could not establish secure channel", "the ssl connection could not be established",
        "the remote certificate is invalid", "the remote certificate was rejected",
    ] Sourced, Tls, -, It,
        "No secure connection",
        "The Web Connector reaches the application's website, but cannot make a secure connection \
         to it.",
        steps::CHECK_SECURITY;
    [1003, 1004, 1012, 1035, 1036, 1041 to 1046, 1048] => Decides [
        "the remote name could not be resolved", "no such host is known",
    ] Sourced, ServerUnreachable, "network.name_not_resolved", User,
        "The website's name is not found",
        "This computer cannot find the application's website on the internet.",
        steps::CHECK_THE_INTERNET;
    // The network answers in place of the website.
    [1003, 1004, 1012, 1036, 1041 to 1046, 1048] => DecidesBesideCode [
        "(407)", "http status 407", "proxy authentication required",
    ] Inferred, ServerUnreachable, "network.proxy_needs_password", It,
        "Your network asks for a password",
        "The way from this network to the internet asks for a password that the Web Connector \
         does not give.",
        &[
            "In Windows' network settings, find the proxy that this computer must use.",
            "Let the application's website pass it without a password.",
        ];
    [1003, 1004, 1012, 1036, 1041 to 1046, 1048] => DecidesBesideCode ["(404)", "http status 404"]
        Sourced, WrongUrl, "web_connector.setup_file_wrong", Vendor,
        "The website's page is not there",
        "The application's website answers, but the page that the setup file names is not there.",
        steps::NEW_SETUP_FILE;
    [1012, 1036, 1041 to 1046] => DecidesBesideCode [
        "http status", "the remote server returned an error: (", "server was unable to process",
    ] Inferred, ServerResponse, "connection.vendor_fault", Vendor,
        "The website refuses the Web Connector",
        "The application's website answers that it cannot or will not do this.",
        steps::TELL_THE_MAKER;
    [1003, 1004, 1012, 1036, 1041 to 1046, 1048] => Decides [
        "unable to connect to the remote server", "actively refused it",
        "the operation has timed out", "the operation timed out",
        "did not properly respond after a period of time", "the underlying connection was closed",
        "an existing connection was forcibly closed", "an established connection was aborted",
        "the connection was closed unexpectedly", "a connection attempt failed",
        "the request was aborted", "unable to read data from the transport connection",
    ] Sourced, ServerUnreachable, "network.provider_unreachable", User,
        "The website does not answer",
        "The application's website does not answer, or hangs up. It may be away, or something on \
         this network stops the call.",
        steps::CHECK_THE_INTERNET;
    // Only while signing in: at any other call the same words are just a bad answer.
    [1012] => DecidesBesideCode [
        "index was outside", "index was out of range", "object reference not set",
        "null reference", "value cannot be null", "content type", "text/html", "<html",
        "xml document", "not well-formed", "root element is missing", "root level is invalid",
        "unexpected end of file", "empty response", "did not recognize the value",
        "soap version mismatch", "soap envelope",
    ] Sourced, ServerAuth, "connection.vendor_fault", Vendor,
        "The website's answer makes no sense",
        "The application's website answered the Web Connector's sign-in, but not in a form that \
         it can read.",
        steps::TELL_THE_MAKER;
    [1003, 1004, 1012, 1036, 1041 to 1046, 1048] => DecidesBesideCode [
        "ssl", "certificate", "secure channel", "trust relationship",
    ] Inferred, Tls, -, It,
        "No secure connection",
        "The Web Connector reaches the application's website, but cannot make a secure connection \
         to it.",
        steps::CHECK_SECURITY;
    [1003, 1004, 1012, 1036, 1041 to 1046, 1048] => DecidesBesideCode [
        "timed out", "timeout", "connection refused", "unreachable", "could not be resolved",
        "connection reset", "connection was reset", "connection was closed",
        "connection has been closed", "connection was aborted",
    ] Inferred, ServerUnreachable, "network.provider_unreachable", User,
        "The website does not answer",
        "The application's website does not answer, or hangs up. It may be away, or something on \
         this network stops the call.",
        steps::CHECK_THE_INTERNET;
}
