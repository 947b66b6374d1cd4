//! Conductor's errors: its codes, then its types, which are less specific. There is no complete
//! public list. If an error also has the `HRESULT` or QuickBooks' own code, that one decides. See
//! docs/sources/conductor.md#error-codes and docs/sources/conductor.md#error-types.

use deskside_model::{Cause, Who};
use deskside_text as text;

use super::{CodeFamily, Confidence, ErrorCode, Meaning, Says};

known! { KNOWN, Conductor, Word:
    ["INTEGRATION_CONNECTION_NOT_SET_UP"] Sourced, Unknown, "connection.not_set_up", User,
        known_not_connected_yet, steps_open_the_link;
    ["INTEGRATION_CONNECTION_NOT_ACTIVE"] => Same [
        "your quickbooks desktop connection is not active",
    ]
        Sourced, Unknown, "connection.inactive", User,
        known_computer_not_calling, steps_wake_the_web_connector;
    ["QBD_CONNECTION_ERROR"] => Same [
        "we could not connect to quickbooks desktop", "qbd connection error",
    ]
        Sourced, Unknown, -, User,
        known_connection_refused;
    ["QBD_REQUEST_TIMEOUT"] => Same ["request timed out after 90 seconds"]
        SingleSource, Unknown, -, User,
        known_took_too_long;
    ["QBD_REQUEST_ERROR"] => Same ["qbd request error"]
        Sourced, Nothing, "connection.request_refused", Vendor,
        known_record_refused, steps_correct_the_record;
    ["API_KEY_INVALID"] => Same ["invalid api key provided"]
        Sourced, Unknown, "companion.credentials_rejected", Vendor,
        known_key_not_valid, steps_tell_the_maker;
    ["RESOURCE_MISSING"] Inferred, Unknown, "connection.removed", User,
        known_connection_gone;
    ["QBD_NO_RESPONSE"] => Same ["no response received from quickbooks desktop"]
        Sourced, Unknown, "connection.vendor_fault", Vendor,
        known_answer_empty, steps_tell_the_maker;
    ["INVALID_JSON_RESPONSE"] => Same ["invalid json received from the conductor"]
        Sourced, ServerResponse, "connection.vendor_fault", Vendor,
        known_answer_unreadable, steps_tell_the_maker;
    // The application's own server did not get through, so this names no problem of this computer.
    ["NETWORK_ERROR", "ECONNABORTED", "ECONNREFUSED"] Sourced, ServerUnreachable, -, Vendor,
        known_conductor_not_reached, steps_tell_the_maker;
    ["INTEGRATION_ERROR"] Sourced, Nothing, "connection.request_refused", Vendor,
        known_record_refused, steps_correct_the_record;
    ["INTEGRATION_CONNECTION_ERROR"] Sourced, Unknown, -, User,
        known_computer_needs_a_hand;
    ["INVALID_REQUEST_ERROR"] Sourced, Unknown, "connection.vendor_fault", Vendor,
        known_asked_wrongly, steps_tell_the_maker;
    ["AUTHENTICATION_ERROR"] Sourced, Unknown, "companion.credentials_rejected", Vendor,
        known_key_missing_or_wrong, steps_tell_the_maker;
    ["PERMISSION_ERROR"] Sourced, Unknown, "companion.credentials_rejected", Vendor,
        known_key_does_not_allow, steps_tell_the_maker;
    ["INTERNAL_ERROR"] Sourced, ServerResponse, "connection.vendor_fault", Vendor,
        known_conductor_fault, steps_tell_the_maker;
    ["CONNECTION_ERROR"] Sourced, ServerUnreachable, -, Vendor,
        known_conductor_not_reached, steps_tell_the_maker;
}
