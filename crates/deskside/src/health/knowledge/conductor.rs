//! What Conductor answers instead of data: its codes, then its types, which say less. No complete
//! list is published. Where the `HRESULT` or QuickBooks' own code is beside it, that one decides.

use super::{Confidence, ErrorCode, Kind, Known, Says, steps};
use crate::companion::Who;
use crate::health::Cause;

known! { KNOWN, Conductor, Word:
    ["INTEGRATION_CONNECTION_NOT_SET_UP"] Sourced, Unknown, "connection.not_set_up", User,
        "Not connected yet",
        "The connection was asked for, but its setup was never finished on the QuickBooks \
         computer.",
        steps::OPEN_THE_LINK;
    ["INTEGRATION_CONNECTION_NOT_ACTIVE"] => Same [
        "your quickbooks desktop connection is not active",
    ]
        Sourced, Unknown, "connection.inactive", User,
        "The QuickBooks computer does not answer",
        "The connection is set up, but the Web Connector on the QuickBooks computer does not call.",
        steps::WAKE_THE_WEB_CONNECTOR;
    ["QBD_CONNECTION_ERROR"] => Same ["we could not connect to quickbooks desktop"]
        Sourced, Unknown, -, User,
        "QuickBooks refuses the connection",
        "The Web Connector runs, but could not open QuickBooks or the company file.",
        &[
            "Open QuickBooks and the right company file, and close every other window in it.",
            "Follow the message that comes with this code.",
        ];
    ["QBD_REQUEST_TIMEOUT"] => Same ["request timed out after 90 seconds"]
        SingleSource, Unknown, -, User,
        "QuickBooks took too long",
        "QuickBooks did not answer in time. It is busy, shows a window, or was asked for very \
         much.",
        &[
            "Answer or close every window that QuickBooks shows.",
            "Wait until it is idle, then try again.",
        ];
    ["QBD_REQUEST_ERROR"] => Same ["qbd request error"]
        Sourced, Nothing, "connection.request_refused", Vendor,
        "QuickBooks refused one record",
        "The connection is fine. QuickBooks refused one record, and the application knows which.",
        steps::CORRECT_THE_RECORD;
    ["API_KEY_INVALID"] => Same ["invalid api key provided"]
        Sourced, Unknown, "companion.credentials_rejected", Vendor,
        "The application's key is not accepted",
        "The application signs in to Conductor with a key that is not valid.",
        steps::TELL_THE_MAKER;
    ["RESOURCE_MISSING"] Inferred, Unknown, "connection.removed", Vendor,
        "The connection is gone",
        "Conductor no longer knows this connection: it was probably removed.",
        &["Ask the maker of your application for a new link, if the connection is still wanted."];
    ["QBD_NO_RESPONSE"] => Same ["no response received from quickbooks desktop"]
        Sourced, Unknown, "connection.vendor_fault", Vendor,
        "The answer was empty",
        "The application did not find in QuickBooks' answer what it had asked for.",
        steps::TELL_THE_MAKER;
    ["INVALID_JSON_RESPONSE"] => Same ["invalid json received from the conductor"]
        Sourced, ServerResponse, "connection.vendor_fault", Vendor,
        "The answer makes no sense",
        "The application could not read what Conductor answered.",
        steps::TELL_THE_MAKER;
    ["NETWORK_ERROR", "ECONNABORTED", "ECONNREFUSED"]
        Sourced, ServerUnreachable, "network.provider_unreachable", Vendor,
        "Conductor was not reached",
        "The application got no answer from Conductor. QuickBooks was not asked at all.",
        steps::TELL_THE_MAKER;
    ["INTEGRATION_ERROR"] Sourced, Nothing, "connection.request_refused", Vendor,
        "QuickBooks refused one record",
        "The connection is fine. QuickBooks refused one record, and the application knows which.",
        steps::CORRECT_THE_RECORD;
    ["INTEGRATION_CONNECTION_ERROR"] Sourced, Unknown, -, User,
        "The QuickBooks computer needs a hand",
        "Something at the QuickBooks computer keeps the connection from working. The code beside \
         it says what.",
        &[
            "Open QuickBooks and the right company file, and close every other window in it.",
            "See that the Web Connector is open, then follow the message that comes with this \
             code.",
        ];
    ["INVALID_REQUEST_ERROR"] Sourced, Unknown, "connection.vendor_fault", Vendor,
        "The application asked wrongly",
        "The application asked Conductor for something that it does not accept.",
        steps::TELL_THE_MAKER;
    ["AUTHENTICATION_ERROR"] Sourced, Unknown, "companion.credentials_rejected", Vendor,
        "The application's key is not accepted",
        "The application signs in to Conductor without a key, or with a wrong one.",
        steps::TELL_THE_MAKER;
    ["PERMISSION_ERROR"] Sourced, Unknown, "companion.credentials_rejected", Vendor,
        "The application may not do this",
        "The application's key for Conductor does not allow what it asked for.",
        steps::TELL_THE_MAKER;
    ["INTERNAL_ERROR"] Sourced, ServerResponse, "connection.vendor_fault", Nobody,
        "Conductor has a fault",
        "Something failed at Conductor itself. This computer is not at fault.",
        steps::WAIT;
    ["CONNECTION_ERROR"] Sourced, ServerUnreachable, "network.provider_unreachable", Vendor,
        "Conductor was not reached",
        "The application got no answer from Conductor. QuickBooks was not asked at all.",
        steps::TELL_THE_MAKER;
}
