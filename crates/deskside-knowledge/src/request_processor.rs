//! The `HRESULT`s of QuickBooks' request processor, with Intuit's own text for them. See
//! docs/sources/quickbooks-desktop.md#request-processor-codes.
//!
//! Public lists give several of them another meaning (0x8004040A as "busy", 0x80040416 as a dialog,
//! 0x80040401 as "no company"); this table follows Intuit's strings, which do not.

use deskside_model::{Cause, Who};
use deskside_text as text;

use super::{CodeFamily, Confidence, ErrorCode, Meaning, Says};

known! { KNOWN, RequestProcessor, Hresult:
    [0x8004_0308] Sourced, ComponentMissing, "web_connector.component_missing", It,
        known_part_too_old, steps_repair;
    [0x8004_0400] => Same ["error when parsing the provided xml text stream"]
        Sourced, BadRequest, "connection.vendor_fault", Vendor,
        known_request_unreadable, steps_tell_the_maker;
    [0x8004_0401] => Same ["could not access quickbooks"]
        Sourced, QuickbooksNotRunning, "quickbooks.not_running", User,
        known_quickbooks_not_reached;
    [0x8004_0402] => Same ["check the file 'qbsdklog.txt'", "check the file qbsdklog.txt"]
        Sourced, Unknown, -, User,
        known_something_unexpected;
    [0x8004_0403] => Same [
        "could not open the specified company file",
        "could not open the specified quickbooks company",
    ] Sourced, FileMissing, "quickbooks.file_missing", User,
        known_company_not_opened;
    [0x8004_0406] => Same ["invalid quickbooks company", "not a valid company file name"]
        Sourced, FileMissing, "quickbooks.file_missing", User,
        known_company_moved;
    // What QuickBooks shows when a copy without a window has the file.
    [] => Decides ["start because it is already running", "start because it's already running"]
        Sourced, QuickbooksNotRunning, "quickbooks.leftover_process", User,
        known_several_copies;
    [0x8004_0408] => Same ["could not start quickbooks"]
        Sourced, QuickbooksNotRunning, "quickbooks.not_running", User,
        known_quickbooks_not_started;
    [0x8004_0409] => Same ["cannot work with the specified company data file"]
        Sourced, Unknown, "quickbooks.unsupported_version", User,
        known_other_years_file;
    [0x8004_040A] => Same [
        "is already open and it is different from the one requested",
        "already has a company file open", "already has a company data file open",
    ]
        Sourced, WrongCompanyFile, "quickbooks.other_company", User,
        known_other_company_open, steps_switch_company;
    [0x8004_040D] => Same ["ticket parameter is invalid"] Sourced, Unknown, -, Nobody,
        known_conversation_had_ended, steps_wait;
    [0x8004_0410] => Same [
        "open in a mode other than the one specified",
    ] Sourced, FileMode, "quickbooks.file_mode", User,
        known_file_in_other_mode;
    [0x8004_0414] => Same ["a modal dialog box is showing"]
        Sourced, ModalDialog, "quickbooks.window_blocking", User,
        known_window_waits;
    [0x8004_0416] => Same ["if quickbooks is not running, a call to"]
        Sourced, QuickbooksNotRunning, "quickbooks.not_running", User,
        known_quickbooks_closed, steps_open_the_company;
    [0x8004_0417] => Same ["if the quickbooks company data file is not open"]
        Sourced, NoCompany, "quickbooks.no_company", User,
        known_no_company_open, steps_open_the_company;
    [] => Decides [
        "require you (the quickbooks administrator)", "to re-authorize the application",
        "to reauthorize the application",
    ] Sourced, Consent, "web_connector.consent_needs_admin", User,
        known_admin_must_allow_again, steps_allow_again;
    [0x8004_0418] => Same [
        "has not accessed this quickbooks company", "has not accessed this company",
    ] Sourced, Consent, "web_connector.consent_needs_admin", User,
        known_admin_must_allow, steps_allow_as_admin;
    [0x8004_041A] => Same ["does not have permission to access this quickbooks company"]
        Sourced, Consent, "web_connector.consent_denied", User,
        known_application_not_allowed, steps_allow_again;
    [0x8004_041B] => Same [
        "unable to lock the necessary information", "unable to lock the information",
    ]
        Sourced, Unknown, -, Nobody,
        known_busy_for_a_moment, steps_wait;
    [0x8004_041C] => Same ["an internal quickbooks error occurred"] Sourced, Unknown, -, User,
        known_trouble_with_file;
    [] => Decides [
        "unable to log into this quickbooks company data file automatically",
        "must grant permission for an automatic login",
    ] Sourced, AutoLogin, "web_connector.auto_login_off", User,
        known_automatic_login_not_allowed, steps_allow_automatic_login;
    [0x8004_041D] => Same [
        "not allowed to log into this quickbooks company", "automatic login not allowed",
    ]
        Sourced, AutoLogin, "web_connector.auto_login_off", User,
        known_quickbooks_must_be_open;
    [0x8004_041E] => Same ["certificate is expired", "certificate has expired and"]
        Sourced, Consent, "web_connector.consent_denied", User,
        known_permission_has_run_out, steps_allow_as_admin;
    [0x8004_041F] => Same ["quickbooks basic"]
        Sourced, Unknown, "quickbooks.edition_unsupported", User,
        known_edition_cannot;
    [0x8004_0420] => Same ["the quickbooks user has denied access", "user has denied access"]
        Sourced, Consent, "web_connector.consent_denied", User,
        known_application_refused, steps_allow_again;
    [0x8004_0421] Sourced, Unknown, -, User,
        known_quickbooks_has_a_message;
    [] => Decides ["does not support multiple users of the same application"]
        Inferred, UserInUse, "quickbooks.user_in_use", User,
        known_user_signed_in_elsewhere;
    [] => Decides ["is an invalid use of the quickbooks company data file"]
        SingleSource, FileMode, "quickbooks.file_mode", User,
        known_file_perhaps_in_other_mode;
    [0x8004_0422] => Same ["requires single user file access mode"]
        Sourced, FileMode, "quickbooks.file_shared", User,
        known_another_program_shares;
    [0x8004_0423] => Same ["version of qbxml that was requested is not supported"]
        Sourced, Unknown, "quickbooks.unsupported_version", User,
        known_quickbooks_too_old;
    [0x8004_0424] => Same ["quickbooks did not finish its initialization"]
        Sourced, QuickbooksNotRunning, "quickbooks.starting", Nobody,
        known_still_starting, steps_wait;
    [0x8004_0427] => Same ["unregistered quickbooks"] Sourced, NotRegistered, "quickbooks.not_registered", User,
        known_not_registered;
    [0x8004_042A] => Same ["remote access is not allowed"] Sourced, Unknown, -, It,
        known_calls_from_elsewhere;
    [0x8004_042C] => Same ["certificate has been revoked", "certificate is revoked"]
        Sourced, Unknown, "connection.vendor_fault", Vendor,
        known_proof_withdrawn, steps_tell_the_maker;
    [0x8004_0438] SingleSource, QuickbooksNotRunning, "quickbooks.leftover_process", User,
        known_several_copies;
    [0x8004_2584] SingleSource, Unknown, -, User,
        known_perhaps_trouble_with_file, steps_restart_quickbooks;
    [0x8004_0419] Unsourced, Unknown, -, Vendor,
        known_unexplained_about_permissions, steps_ask;
    [0x8004_040C, 0x8004_0425, 0x8004_0426, 0x8004_0428, 0x8004_0429, 0x8004_042B]
        Unsourced, Unknown, -, Vendor,
        known_unexplained_of_quickbooks, steps_ask;
}
