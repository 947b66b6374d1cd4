//! What Codat notes at a connection, and the states of connections and of data. A state is no
//! failure by itself: most of them pass.

use super::{Confidence, ErrorCode, Kind, Known, Says, steps};
use crate::companion::Who;
use crate::health::Cause;

known! { KNOWN, Codat, Word:
    // What Codat notes at a connection, a number with words beside it.
    ["Codat 401"] => Same [
        "the integration de-authorized access", "integration deauthorized access",
    ]
        Sourced, Consent, "connection.deauthorized", User,
        "The permission was taken away",
        "The connection worked once and may no longer reach QuickBooks.",
        steps::OPEN_THE_LINK;
    ["Codat 403"] => Same ["user cancelled linking", "user canceled linking"]
        Sourced, Unknown, "connection.link_cancelled", User,
        "The setup was cancelled",
        "Somebody stopped the steps on the connection page before they were finished.",
        steps::OPEN_THE_LINK;
    ["Fetching"] => Decides ["waiting for asynchronous response from third party"]
        Sourced, Unknown, "connection.inactive", User,
        "The QuickBooks computer does not answer",
        "Codat waits for the Web Connector on the QuickBooks computer, which has not called yet.",
        steps::WAKE_THE_WEB_CONNECTOR;
    [] => Decides ["timed out attempting to communicate with qbd"]
        SingleSource, Unknown, -, User,
        "QuickBooks did not answer Codat",
        "QuickBooks was closed, or waits for somebody to allow the application again.",
        steps::ALLOW_AS_ADMIN;
    [] => Decides ["incorrect company file is open"]
        SingleSource, WrongCompanyFile, "quickbooks.other_company", User,
        "Another company file is open",
        "QuickBooks has another company file open than the one that the application is connected \
         to.",
        &["In QuickBooks, open the company file that the application is connected to."];
    ["AuthError"] Sourced, Consent, "connection.deauthorized", User,
        "The permission no longer holds",
        "Codat may no longer read this company file.",
        steps::OPEN_THE_LINK;
    ["FetchError"] Sourced, Unknown, -, Vendor,
        "Data could not be fetched",
        "Codat could not fetch some of the data. Asking again may be enough.",
        &["Ask the maker of your application to start the fetch again."];
    ["MapError", "InternalError", "ProcessingError"]
        Inferred, Unknown, "connection.vendor_fault", Vendor,
        "Codat has a fault",
        "Codat has the data, but failed while it worked on it. This computer is not at fault.",
        steps::TELL_THE_MAKER;
    ["ValidationError", "PrerequisiteNotMet"]
        Inferred, Nothing, "connection.request_refused", Vendor,
        "Some data is incomplete",
        "The connection is fine. Some of the data lacks something that Codat needs.",
        steps::TELL_THE_MAKER;
    ["RateLimitError"] Inferred, Nothing, -, Nobody,
        "Too much was asked at once",
        "The connection is fine. So much was asked that the rest must wait.",
        steps::WAIT;
    ["PermissionsError"] Inferred, Consent, "web_connector.consent_denied", User,
        "The application may not read this",
        "The QuickBooks user that the application works as may not read some of the data.",
        steps::ALLOW_AGAIN;
    ["PendingAuth"] Sourced, Unknown, "connection.not_set_up", User,
        "Not connected yet",
        "The connection was asked for, but its setup was never finished on the QuickBooks \
         computer.",
        steps::OPEN_THE_LINK;
    ["Deauthorized"] Sourced, Consent, "connection.deauthorized", User,
        "The permission no longer holds",
        "The connection worked once and has ended. Where only one transfer was wanted, this is \
         its normal end.",
        steps::OPEN_THE_LINK;
    ["Unlinked"] Sourced, Nothing, "connection.unlinked", Vendor,
        "The connection was ended",
        "The maker of your application ended the connection; what was transferred is kept.",
        &["Ask the maker of your application for a new link, if the connection is still wanted."];
    ["Queued"] Sourced, Nothing, "connection.waiting_for_schedule", Nobody,
        "Waiting for the next run",
        "The data is asked for, and waits for the QuickBooks computer and its planned time.",
        &["Leave this computer on, with the Web Connector open.", "Wait for the planned time."];
    ["Linked", "Complete"] Sourced, Nothing, -, Nobody,
        "All is well",
        "The connection is set up, or the data is there.",
        steps::NOTHING;
    ["NotSupported"] Sourced, Nothing, -, Nobody,
        "QuickBooks does not have this",
        "This kind of data does not exist in QuickBooks Desktop. Nothing is wrong.",
        steps::NOTHING;
    ["Cancelled"] Inferred, Nothing, -, Nobody,
        "This transfer was cancelled",
        "This transfer was cancelled, for example because a newer one replaced it.",
        steps::WAIT;
    [
        "Initial", "Fetching", "MapQueued", "Mapping", "ProcessingQueued", "Processing",
        "ValidationQueued", "Validating"
    ] Sourced, Nothing, -, Nobody,
        "Work is going on",
        "Codat is working on this data.",
        &["Leave this computer on, with the Web Connector open, until it is done."];
}
