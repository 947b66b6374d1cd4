//! The Web Connector's own codes, from Intuit's programmer's guide. Most tell where it failed; the
//! text after the code tells why. See docs/sources/web-connector.md#codes.

use deskside_model::{Cause, Who};
use deskside_text as text;

use super::{CodeFamily, Confidence, ErrorCode, Meaning, Says};

known! { KNOWN, WebConnector, WebConnector:
    [1000] Sourced, SetupFile, "web_connector.setup_file_wrong", Vendor,
        known_setup_file_of_two_websites, steps_new_setup_file;
    [1001, 1002] Sourced, SetupFile, "web_connector.setup_file_wrong", Vendor,
        known_setup_file_of_a_number, steps_new_setup_file;
    [1003, 1004] Sourced, ServerUnreachable, "network.provider_unreachable", User,
        known_help_page_silent, steps_check_the_internet;
    [1005, 1033] Sourced, LogFile, "web_connector.log_unwritable", It,
        known_log_not_written, steps_free_the_log;
    [1006] Inferred, LogFile, "web_connector.log_unwritable", It,
        known_web_connector_not_started, steps_free_the_log;
    [1007 to 1009] Inferred, QuickbooksNotRunning, -, User,
        known_quickbooks_gave_up_on, steps_open_the_company;
    // Intuit's spelling.
    [1010, 1051] => Same [
        "applicaiton was not added", "service url is not on a secure (https) server",
    ] Sourced, SetupFile, "web_connector.setup_file_wrong", Vendor,
        known_setup_file_not_secure, steps_new_setup_file;
    [1011, 1032] Sourced, Unknown, "connection.not_set_up", User,
        known_application_not_listed;
    [1012] Sourced, Unknown, -, User,
        known_sign_in_failed, steps_check_the_internet;
    [1013] Sourced, Unknown, -, User,
        known_quickbooks_not_opened;
    [1014] Inferred, QuickbooksCrashed, "quickbooks.not_responding", User,
        known_first_questions_unanswered, steps_restart_quickbooks;
    [1015] Sourced, Nothing, -, Nobody,
        known_not_left_cleanly;
    [1016, 1018, 1019] Sourced, Nothing, -, User,
        known_no_application_chosen;
    [1017, 1031] Sourced, Unknown, -, User,
        known_one_application_failed;
    [1020] Sourced, Nothing, -, User,
        known_about_to_close;
    [1021, 1034] Sourced, ComponentMissing, "web_connector.component_missing", It,
        known_part_does_not_fit, steps_repair;
    [1022 to 1024] Inferred, QuickbooksNotRunning, -, User,
        known_quickbooks_needed_to_add;
    [1025 to 1027] Inferred, Consent, "web_connector.consent_needs_admin", User,
        known_company_not_marked;
    [1028, 1029] Sourced, WrongPassword, "web_connector.password_wrong", User,
        known_saved_password_unusable, steps_type_the_password;
    [1038] Sourced, WrongPassword, "web_connector.password_wrong", User,
        known_key_not_entered;
    [1030] Sourced, WrongPassword, "web_connector.password_wrong", User,
        known_password_missing, steps_type_the_password;
    [1035] Sourced, ServerUnreachable, "network.name_not_resolved", It,
        known_computer_not_found;
    [1036, 1046] Sourced, ServerResponse, "connection.vendor_fault", Vendor,
        known_acceptance_unclear, steps_tell_the_maker;
    [1037] Sourced, ComponentMissing, "web_connector.outdated", User,
        known_web_connector_too_old;
    [1039] => Decides ["unique ownerid/fileid pair value required"]
        Sourced, SetupFile, "web_connector.already_stamped", Vendor,
        known_company_already_marked;
    [1039] => DecidesBesideCode ["has not accessed"]
        Sourced, Consent, "web_connector.consent_needs_admin", User,
        known_admin_must_allow, steps_allow_in_setup;
    // Intuit's guide recommends what fails in field reports.
    [1039] => DecidesBesideCode ["3263"]
        Contradicted, SetupFile, "web_connector.setup_file_wrong", Vendor,
        known_setup_file_asks_too_little, steps_new_setup_file;
    [1039] Sourced, SetupFile, "web_connector.setup_file_wrong", Vendor,
        known_application_not_added;
    [1040] => Same ["authret[1]=\"nvu\""]
        Sourced, WrongPassword, "web_connector.password_wrong", User,
        known_password_not_accepted, steps_type_the_password;
    // The log's short form of it.
    [] => Whole ["nvu"] Sourced, WrongPassword, "web_connector.password_wrong", User,
        known_password_not_accepted, steps_type_the_password;
    [] => Decides [
        "authret[1]=\"none\"", "no data exchange required", "no data to exchange for this application",
    ] Sourced, Nothing, -, Nobody,
        known_no_work, steps_nothing;
    [] => Decides ["invalid password for user"]
        Sourced, WrongPassword, "web_connector.password_wrong", User,
        known_password_not_accepted, steps_type_the_password;
    [] => Decides [
        "locked by another client", "locked by another web connector", "company file is locked by",
    ] Sourced, FileLocked, "quickbooks.file_locked", User,
        known_file_locked_elsewhere;
    [] => Decides ["web connector cannot be reached"]
        Inferred, Unknown, "web_connector.not_running", User,
        known_web_connector_not_reached, steps_wake_the_web_connector;
    [1041 to 1045] Sourced, ServerResponse, "connection.vendor_fault", Vendor,
        known_answer_wrong_at_work, steps_tell_the_maker;
    [1048] Sourced, Tls, -, It,
        known_website_not_verified, steps_check_security;
    // One source mentions the log, another "a problem with the last attempt".
    [1085] Contradicted, LogFile, "web_connector.log_unwritable", It,
        known_log_perhaps_unusable, steps_free_the_log;
    [1047, 1049, 1050, 1052 to 1058, 1081] Unsourced, Unknown, -, Vendor,
        known_unexplained_of_web_connector, steps_ask;
}
