//! The `HRESULT`s of QuickBooks' request processor, with Intuit's own words for them.
//!
//! Public lists give several of them another meaning (0x8004040A as "busy", 0x80040416 as a dialog,
//! 0x80040401 as "no company"); Intuit's strings do not, and are followed here.

use super::{Confidence, ErrorCode, Kind, Known, Says, steps};
use crate::companion::Who;
use crate::health::Cause;

known! { KNOWN, RequestProcessor, Hresult:
    [0x8004_0308] Sourced, ComponentMissing, "web_connector.component_missing", It,
        "A part of QuickBooks does not fit",
        "The part of QuickBooks that talks to other programs cannot be reached or is too old.",
        steps::REPAIR;
    [0x8004_0400] => Same ["error when parsing the provided xml text stream"]
        Sourced, BadRequest, "connection.vendor_fault", Vendor,
        "QuickBooks cannot read the request",
        "QuickBooks is open and reached, but the application asked in a form that it cannot read.",
        steps::TELL_THE_MAKER;
    [0x8004_0401] => Same ["could not access quickbooks"]
        Sourced, QuickbooksNotRunning, "quickbooks.not_running", User,
        "QuickBooks could not be reached",
        "QuickBooks is closed, or does not let itself be reached.",
        &[
            "Open QuickBooks and your company file, or close and open them again.",
            "Open QuickBooks and the Web Connector normally, not with “Run as administrator”.",
            "In the Web Connector, choose “Update Selected”.",
        ];
    [0x8004_0402] Sourced, Unknown, -, User,
        "QuickBooks met something unexpected",
        "QuickBooks met something unexpected and says no more; it keeps notes in qbsdklog.txt.",
        &[
            "Save your work, then close QuickBooks and the Web Connector.",
            "Open both again and choose “Update Selected”.",
            "If it comes back, export the diagnostics and send them to the maker of your \
             application.",
        ];
    [0x8004_0403] => Same [
        "could not open the specified company file",
        "could not open the specified quickbooks company",
    ] Sourced, WrongCompanyFile, -, User,
        "The company file could not be opened",
        "QuickBooks could not open the company file that the application is connected to.",
        &[
            "See whether the file is still in its place and opens in QuickBooks by hand.",
            "If it was moved or renamed, move it back, or ask for a new link.",
            "In the Web Connector, choose “Update Selected”.",
        ];
    [0x8004_0406] => Same ["invalid quickbooks company", "not a valid company file name"]
        Sourced, WrongCompanyFile, -, User,
        "The company file is not where it was",
        "The place that the application is connected to holds no company file: it was moved or \
         renamed.",
        &[
            "Move the company file back to its old place and name.",
            "If it must stay where it is now, ask the maker of your application for a new link.",
        ];
    [0x8004_0408] => Same ["could not start quickbooks"]
        Sourced, QuickbooksNotRunning, "quickbooks.not_running", User,
        "QuickBooks could not be started",
        "The Web Connector tried to start QuickBooks with the company file, and could not.",
        &[
            "Open QuickBooks and the right company file on this computer.",
            "If it does not open, restart this computer: a part of QuickBooks may still be \
             running.",
            "See that nobody uses the application's QuickBooks user, or single-user mode, \
             elsewhere.",
        ];
    [0x8004_0409] => Same ["cannot work with the specified company data file"]
        Sourced, Unknown, "quickbooks.unsupported_version", User,
        "File and QuickBooks do not match",
        "The company file belongs to another year's QuickBooks than the one that is open.",
        &["Close QuickBooks.", "Open the company file in the QuickBooks of the right year."];
    [0x8004_040A] => Same ["is already open and it is different from the one requested"]
        Sourced, WrongCompanyFile, "quickbooks.other_company", User,
        "Another company file is open",
        "QuickBooks has another company file open than the one that the application is connected \
         to.",
        &[
            "In QuickBooks, open the company file that the application is connected to.",
            "Or close the company that is on the screen.",
            "In the Web Connector, choose “Update Selected”.",
        ];
    [0x8004_040D] => Same ["ticket parameter is invalid"] Sourced, Unknown, -, Nobody,
        "The conversation had already ended",
        "The Web Connector went on with a conversation that QuickBooks had already ended.",
        steps::WAIT;
    [0x8004_0410] => Same [
        "open in a mode other than the one specified",
    ] Sourced, FileMode, "quickbooks.file_mode", User,
        "The company file is in the other mode",
        "The company file is open in single-user mode where multi-user mode is needed, or the \
         other way round.",
        &[
            "In QuickBooks, choose File, then Switch to Multi-user Mode.",
            "If somebody else has it in single-user mode, ask that person to switch.",
            "In the Web Connector, choose “Update Selected”.",
        ];
    [0x8004_0414] => Same ["a modal dialog box is showing"]
        Sourced, ModalDialog, "quickbooks.window_blocking", User,
        "A window in QuickBooks is waiting",
        "QuickBooks shows a window that waits for an answer, and lets nothing else through.",
        &[
            "Go to QuickBooks and answer or close that window.",
            "In the Web Connector, choose “Update Selected”.",
        ];
    [0x8004_0416] => Same ["if quickbooks is not running, a call to"]
        Sourced, QuickbooksNotRunning, "quickbooks.not_running", User,
        "QuickBooks is closed",
        "QuickBooks is not open, and the application does not say which company file to open.",
        steps::OPEN_THE_COMPANY;
    [0x8004_0417] => Same ["if the quickbooks company data file is not open"]
        Sourced, NoCompany, "quickbooks.no_company", User,
        "No company is open",
        "QuickBooks is open without a company, and the application does not say which one it \
         wants.",
        steps::OPEN_THE_COMPANY;
    [0x8004_0418] => Same [
        "has not accessed this quickbooks company", "has not accessed this company",
    ] Sourced, Consent, "web_connector.consent_needs_admin", User,
        "The Admin must allow it once",
        "The application is new to this company file, and only QuickBooks' Admin can let it in.",
        steps::ALLOW_AS_ADMIN;
    [0x8004_041A] => Same ["does not have permission to access this quickbooks company"]
        Sourced, Consent, "web_connector.consent_denied", User,
        "The application is not allowed in",
        "QuickBooks does not allow this application to reach the company file.",
        steps::ALLOW_AGAIN;
    [0x8004_041B] => Same [
        "unable to lock the necessary information", "unable to lock the information",
    ]
        Sourced, Unknown, -, Nobody,
        "QuickBooks is busy for a moment",
        "QuickBooks could not look up the application's permission just now.",
        steps::WAIT;
    [0x8004_041C] => Same ["an internal quickbooks error occurred"] Sourced, Unknown, -, User,
        "QuickBooks has trouble with the file",
        "Something inside QuickBooks failed while it opened the company file.",
        &[
            "Save your work, close QuickBooks and open it again with your company file.",
            "If it comes back, choose File, Utilities, Verify Data in QuickBooks.",
        ];
    [0x8004_041D] => Same [
        "not allowed to log into this quickbooks company", "automatic login not allowed",
    ]
        Sourced, AutoLogin, "web_connector.auto_login_off", User,
        "QuickBooks must be open for it",
        "The application may reach the company file only while QuickBooks is open, and it is \
         closed.",
        &[
            "Open QuickBooks and your company file, and leave them open.",
            "To do without, choose Edit, Preferences, Integrated Applications, Company Preferences \
             as Admin.",
            "Select the application, choose Properties, and tick that it may log in automatically.",
        ];
    [0x8004_041E] => Same ["certificate is expired", "certificate has expired and"]
        Sourced, Consent, "web_connector.consent_denied", User,
        "The permission has run out",
        "The application's proof of identity has expired, so QuickBooks wants to ask again.",
        steps::ALLOW_AS_ADMIN;
    [0x8004_041F] => Same ["quickbooks basic"]
        Sourced, Unknown, "quickbooks.unsupported_version", User,
        "This edition cannot do it",
        "QuickBooks Basic does not work with other programs; Pro or a higher edition does.",
        &["Ask your QuickBooks dealer about Pro, Premier or Enterprise."];
    [0x8004_0420] => Same ["the quickbooks user has denied access", "user has denied access"]
        Sourced, Consent, "web_connector.consent_denied", User,
        "The application was refused",
        "Somebody answered No when QuickBooks asked about this application, or took its \
         permission away.",
        steps::ALLOW_AGAIN;
    [0x8004_0421] Sourced, Unknown, -, User,
        "QuickBooks has something to say",
        "QuickBooks stopped the work with a message of its own. Its text says why.",
        &[
            "Read the text next to this code, and do what it asks in QuickBooks.",
            "If it is not clear, send it to the maker of your application.",
        ];
    [0x8004_0422] => Same ["requires single user file access mode"]
        Sourced, FileMode, "quickbooks.file_mode", User,
        "Another program shares the file",
        "The application needs the company file for itself, and another program is using it.",
        &[
            "Close the other program that works with QuickBooks.",
            "In the Web Connector, choose “Update Selected”.",
        ];
    [0x8004_0423] => Same ["version of qbxml that was requested is not supported"]
        Sourced, Unknown, "quickbooks.unsupported_version", User,
        "QuickBooks is too old for it",
        "The application speaks to QuickBooks in a newer way than this QuickBooks understands.",
        &[
            "In QuickBooks, choose Help, then Update QuickBooks Desktop.",
            "If it is up to date, send this code to the maker of your application.",
        ];
    [0x8004_0424] => Same ["quickbooks did not finish its initialization"]
        Sourced, QuickbooksNotRunning, "quickbooks.starting", Nobody,
        "QuickBooks is still starting",
        "QuickBooks was asked before it had finished starting.",
        steps::WAIT;
    [0x8004_0427] => Same ["unregistered quickbooks"] Sourced, Unknown, -, User,
        "QuickBooks is not registered",
        "This QuickBooks is not registered, so it does not work with other programs.",
        &["In QuickBooks, choose Help and register it.", "Then choose “Update Selected” again."];
    [0x8004_042A] => Same ["remote access is not allowed"] Sourced, Unknown, -, It,
        "QuickBooks refuses calls from elsewhere",
        "QuickBooks was called from another computer, which it does not allow.",
        &["Run QuickBooks and the Web Connector on the same computer, for the same person."];
    [0x8004_042C] => Same ["certificate has been revoked", "certificate is revoked"]
        Sourced, Unknown, "connection.vendor_fault", Vendor,
        "The application's proof was withdrawn",
        "The application's proof of identity has been withdrawn, so QuickBooks does not trust it.",
        steps::TELL_THE_MAKER;
    [0x8004_0438] SingleSource, QuickbooksNotRunning, "quickbooks.leftover_process", User,
        "QuickBooks runs more than once",
        "Several copies of QuickBooks seem to run, one of them without a window.",
        &[
            "Save your work and close QuickBooks.",
            "Restart this computer.",
            "Open QuickBooks and your company file.",
        ];
    [0x8004_2584] SingleSource, Unknown, -, User,
        "QuickBooks has trouble with the file",
        "Something inside QuickBooks seems to have failed while it opened the company file.",
        steps::RESTART_QUICKBOOKS;
    [0x8004_0419] Unsourced, Unknown, -, Vendor,
        "No public source explains this code",
        "No public source that Deskside knows says what it means. Its neighbours are about \
         permissions.",
        steps::ASK;
    [0x8004_040C, 0x8004_0425, 0x8004_0426, 0x8004_0428, 0x8004_0429, 0x8004_042B]
        Unsourced, Unknown, -, Vendor,
        "No public source explains this code",
        "This is a code of QuickBooks, but no public source that Deskside knows says what it \
         means.",
        steps::ASK;
}
