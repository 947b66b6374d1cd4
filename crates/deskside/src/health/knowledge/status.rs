//! QuickBooks' answers to single requests (the `statusCode` of qbXML). The connection works when
//! one of them comes back, so none has a cause. Single codes above 1000 come from one source each.

use super::{Confidence, ErrorCode, Kind, Known, Says, steps};
use crate::companion::Who;

known! { KNOWN, Status, Status:
    [0] Sourced, Nothing, -, Nobody,
        "All is well",
        "QuickBooks did what it was asked.",
        steps::NOTHING;
    [1] Sourced, Nothing, -, Nobody,
        "Nothing was found",
        "The connection is fine. QuickBooks found no record that fits the question.",
        steps::NOTHING;
    [500] Sourced, Nothing, -, Vendor,
        "A record was not found",
        "The connection is fine. QuickBooks did not find something that the application asked for.",
        steps::CORRECT_THE_RECORD;
    [530, 531] Sourced, Nothing, -, Vendor,
        "A field is not known here",
        "The connection is fine. The application used a field or a value that this QuickBooks \
         does not have.",
        steps::CORRECT_THE_RECORD;
    [1000] SingleSource, Nothing, "connection.request_refused", Vendor,
        "QuickBooks failed at one request",
        "The connection is fine. Something inside QuickBooks failed at this one request.",
        steps::CORRECT_THE_RECORD;
    [3100] SingleSource, Nothing, "connection.request_refused", Vendor,
        "The name is already taken",
        "The connection is fine. QuickBooks refused one record because its name is in use already.",
        steps::CORRECT_THE_RECORD;
    [3120] SingleSource, Nothing, "connection.request_refused", Vendor,
        "A record was not found",
        "The connection is fine. QuickBooks did not find the record that was to be used or \
         changed.",
        steps::CORRECT_THE_RECORD;
    [3140] SingleSource, Nothing, "connection.request_refused", Vendor,
        "A record points to nothing",
        "The connection is fine. QuickBooks refused one record because something that it mentions \
         does not exist.",
        steps::CORRECT_THE_RECORD;
    // A closing date, or a record that changed meanwhile: sources disagree.
    [3170, 3171] Contradicted, Nothing, "connection.request_refused", Vendor,
        "A change was refused",
        "The connection is fine. QuickBooks refused to change one record; sources disagree about \
         why.",
        steps::CORRECT_THE_RECORD;
    [3175, 3176] SingleSource, Nothing, "connection.request_refused", Nobody,
        "A record is in use",
        "The connection is fine. Somebody has the record, or one that belongs to it, open in \
         QuickBooks.",
        &["Save and close what you have open in QuickBooks.", "The next run tries again."];
    [3180] SingleSource, Nothing, "connection.request_refused", Nobody,
        "A record could not be saved",
        "The connection is fine. QuickBooks could not save one record, often only for a moment.",
        &["Wait: the next run tries again.", "If it stays, tell the maker of your application."];
    [3200] SingleSource, Nothing, "connection.request_refused", Vendor,
        "The record has changed meanwhile",
        "The connection is fine. The application wanted to change a record as it was before \
         somebody else changed it.",
        steps::CORRECT_THE_RECORD;
    [3250] SingleSource, Nothing, "connection.request_refused", User,
        "A feature is turned off",
        "The connection is fine. The record needs a feature that is turned off in QuickBooks.",
        &[
            "Ask the maker of your application which feature it needs.",
            "In QuickBooks, choose Edit, then Preferences, and turn it on as Admin.",
        ];
    [3260, 3261] SingleSource, Nothing, "connection.request_refused", User,
        "The application's user may not do this",
        "The connection is fine. The QuickBooks user that the application works as may not do \
         this.",
        &[
            "As Admin, choose Company, then Users, and look at the rights of that user.",
            "Give it the rights that the application needs.",
        ];
    [3263] SingleSource, Nothing, "connection.request_refused", Vendor,
        "The application may only read",
        "The connection is fine. QuickBooks refused a mark because the application may only read.",
        steps::CORRECT_THE_RECORD;
    [] => Decides ["this list has been modified by another user"]
        SingleSource, Nothing, "connection.request_refused", Nobody,
        "A list has changed meanwhile",
        "The connection is fine. Somebody changed the same list in QuickBooks at the same time.",
        steps::WAIT;
    [0 to 499] Sourced, Nothing, -, Nobody,
        "QuickBooks has a remark",
        "The connection is fine. QuickBooks did what it was asked, with a remark.",
        steps::NOTHING;
    [500 to 999] Sourced, Nothing, -, Vendor,
        "QuickBooks has a warning",
        "The connection is fine. QuickBooks answered, but perhaps not as the application expected.",
        steps::CORRECT_THE_RECORD;
    [1000 to 1999] Sourced, Nothing, "connection.request_refused", Vendor,
        "QuickBooks refused one request",
        "The connection is fine. QuickBooks could not do what one request asked.",
        steps::CORRECT_THE_RECORD;
    [2000 to 2999] Sourced, Nothing, "connection.request_refused", Vendor,
        "QuickBooks does not know this request",
        "The connection is fine. The application asked for something that this QuickBooks cannot \
         do.",
        steps::CORRECT_THE_RECORD;
    [3000 to 9999] Sourced, Nothing, "connection.request_refused", Vendor,
        "QuickBooks refused one record",
        "The connection is fine. QuickBooks refused one record, and the application knows which.",
        steps::CORRECT_THE_RECORD;
}
