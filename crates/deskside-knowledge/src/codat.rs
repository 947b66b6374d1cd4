//! What Codat records at a connection, and the states of connections and of data. A state by itself
//! is no failure: most of them pass. See docs/sources/codat.md#connection-status and
//! docs/sources/codat.md#data-status.

use deskside_model::{Cause, Who};
use deskside_text as text;

use super::{CodeFamily, Confidence, ErrorCode, Meaning, Says};

known! { KNOWN, Codat, Word:
    // What Codat records at a connection: a number with text.
    ["Codat 401"] => Same [
        "the integration de-authorized access", "integration deauthorized access",
    ]
        Sourced, Consent, "connection.deauthorized", User,
        known_permission_taken_away, steps_open_the_link;
    ["Codat 403"] => Same ["user cancelled linking", "user canceled linking"]
        Sourced, Unknown, "connection.link_cancelled", User,
        known_setup_cancelled, steps_open_the_link;
    // What Codat shows at the end of its steps. Others may use the same words.
    [] => Whole ["user cancelled", "user canceled"]
        Inferred, Unknown, "connection.link_cancelled", User,
        known_setup_cancelled, steps_open_the_link;
    [] => Whole ["unknown error occurred"] Inferred, Unknown, -, User,
        known_setup_failed;
    [] => Whole ["not supported"] Inferred, Unknown, -, Vendor,
        known_setup_not_supported, steps_tell_the_maker;
    ["Fetching"] => Decides ["waiting for asynchronous response from third party"]
        Sourced, Unknown, "connection.inactive", User,
        known_codat_waits, steps_wake_the_web_connector;
    [] => Decides ["timed out attempting to communicate with qbd"]
        SingleSource, Unknown, -, User,
        known_codat_unanswered, steps_allow_as_admin;
    [] => Decides ["incorrect company file is open"]
        SingleSource, WrongCompanyFile, "quickbooks.other_company", User,
        known_other_company_open, steps_open_the_right_company;
    ["AuthError"] Sourced, Consent, "connection.deauthorized", User,
        known_permission_ended_at_codat, steps_open_the_link;
    ["FetchError"] Sourced, Unknown, -, Vendor,
        known_data_not_fetched;
    ["MapError", "InternalError", "ProcessingError"]
        Inferred, Unknown, "connection.vendor_fault", Vendor,
        known_codat_fault, steps_tell_the_maker;
    ["ValidationError", "PrerequisiteNotMet"]
        Inferred, Nothing, "connection.request_refused", Vendor,
        known_data_incomplete, steps_tell_the_maker;
    ["RateLimitError"] Inferred, Nothing, -, Nobody,
        known_too_much_asked, steps_wait;
    ["PermissionsError"] Inferred, Consent, "web_connector.consent_denied", User,
        known_user_may_not_read, steps_allow_again;
    ["PendingAuth"] Sourced, Unknown, "connection.not_set_up", User,
        known_not_connected_yet, steps_open_the_link;
    ["Deauthorized"] Sourced, Consent, "connection.deauthorized", User,
        known_permission_ended, steps_open_the_link;
    ["Unlinked"] Sourced, Nothing, "connection.unlinked", Nobody,
        known_connection_ended;
    ["Queued"] Sourced, Nothing, "connection.waiting_for_schedule", Nobody,
        known_waits_for_its_time;
    ["Linked", "Complete"] Sourced, Nothing, -, Nobody,
        known_linked_or_complete, steps_nothing;
    ["NotSupported"] Sourced, Nothing, -, Nobody,
        known_not_in_quickbooks, steps_nothing;
    ["Cancelled"] Inferred, Nothing, -, Nobody,
        known_transfer_cancelled, steps_wait;
    [
        "Initial", "Fetching", "MapQueued", "Mapping", "ProcessingQueued", "Processing",
        "ValidationQueued", "Validating"
    ] Sourced, Nothing, -, Nobody,
        known_work_going_on;
}
