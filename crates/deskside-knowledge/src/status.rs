//! QuickBooks' answers to single requests (the `statusCode` of qbXML). Any of them proves that the
//! connection works, so none has a cause. Each single code above 1000 has only one source. See
//! docs/sources/quickbooks-desktop.md#status-codes.

use deskside_model::{Cause, Who};
use deskside_text as text;

use super::{CodeFamily, Confidence, ErrorCode, Meaning, Says};

known! { KNOWN, Status, Status:
    [0] Sourced, Nothing, -, Nobody,
        known_request_done, steps_nothing;
    [1] Sourced, Nothing, -, Nobody,
        known_nothing_found, steps_nothing;
    [500] Sourced, Nothing, -, Vendor,
        known_something_not_found, steps_correct_the_record;
    [530, 531] Sourced, Nothing, -, Vendor,
        known_field_unknown, steps_correct_the_record;
    [1000] SingleSource, Nothing, "connection.request_refused", Vendor,
        known_request_failed_inside, steps_correct_the_record;
    [3100] SingleSource, Nothing, "connection.request_refused", Vendor,
        known_name_taken, steps_correct_the_record;
    [3120] SingleSource, Nothing, "connection.request_refused", Vendor,
        known_record_not_found, steps_correct_the_record;
    [3140] SingleSource, Nothing, "connection.request_refused", Vendor,
        known_record_points_to_nothing, steps_correct_the_record;
    // A closing date, or a record that was changed in the meantime: sources disagree.
    [3170, 3171] Contradicted, Nothing, "connection.request_refused", Vendor,
        known_change_refused, steps_correct_the_record;
    [3175, 3176] SingleSource, Nothing, "connection.request_refused", User,
        known_record_in_use;
    [3180] SingleSource, Nothing, "connection.request_refused", Nobody,
        known_record_not_saved;
    [3200] SingleSource, Nothing, "connection.request_refused", Vendor,
        known_record_changed_meanwhile, steps_correct_the_record;
    [3250] SingleSource, Nothing, "connection.request_refused", User,
        known_feature_off;
    [3260, 3261] Sourced, NoPermission, "quickbooks.no_permission", User,
        known_user_may_not;
    [3263] SingleSource, Nothing, "connection.request_refused", Vendor,
        known_application_may_only_read, steps_correct_the_record;
    [] => Decides ["this list has been modified by another user"]
        SingleSource, Nothing, "connection.request_refused", Nobody,
        known_list_changed_meanwhile, steps_wait;
    [0 to 499] Sourced, Nothing, -, Nobody,
        known_remark, steps_nothing;
    [500 to 999] Sourced, Nothing, -, Vendor,
        known_warning, steps_correct_the_record;
    [1000 to 1999] Sourced, Nothing, "connection.request_refused", Vendor,
        known_request_refused, steps_correct_the_record;
    [2000 to 2999] Sourced, Nothing, "connection.request_refused", Vendor,
        known_request_unknown, steps_correct_the_record;
    [3000 to 9999] Sourced, Nothing, "connection.request_refused", Vendor,
        known_record_refused, steps_correct_the_record;
}
