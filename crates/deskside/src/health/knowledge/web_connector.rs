//! The Web Connector's own codes, from Intuit's programmer's guide. Most say where it went wrong;
//! why, is in the text behind them.

use super::{Confidence, ErrorCode, Kind, Known, Says, steps};
use crate::companion::Who;
use crate::health::Cause;

known! { KNOWN, WebConnector, WebConnector:
    [1000] Sourced, SetupFile, "web_connector.setup_file_wrong", Vendor,
        "The setup file is not valid",
        "The setup file names two different websites for the application and its help, which the \
         Web Connector refuses.",
        steps::NEW_SETUP_FILE;
    [1001, 1002] Sourced, SetupFile, "web_connector.setup_file_wrong", Vendor,
        "The setup file is not valid",
        "The setup file gives a number instead of a website's name, which the Web Connector \
         refuses.",
        steps::NEW_SETUP_FILE;
    [1003, 1004] Sourced, ServerUnreachable, "network.provider_unreachable", User,
        "The help page does not answer",
        "The Web Connector cannot reach the help page that the setup file names.",
        steps::CHECK_THE_INTERNET;
    [1005, 1033] Sourced, LogFile, "web_connector.log_unwritable", It,
        "The Web Connector cannot write its log",
        "The Web Connector does not run without its log, and it may not create or write it.",
        steps::FREE_THE_LOG;
    [1006] Inferred, LogFile, "web_connector.log_unwritable", It,
        "The Web Connector could not start",
        "The Web Connector could not start. Most often it may not write its log.",
        steps::FREE_THE_LOG;
    [1007 to 1009] Inferred, QuickbooksNotRunning, -, User,
        "QuickBooks could not be reached",
        "The Web Connector tried to reach QuickBooks and gave up. QuickBooks is closed or busy, or \
         shows a window.",
        steps::OPEN_THE_COMPANY;
    [1010, 1051] Sourced, SetupFile, "web_connector.setup_file_wrong", Vendor,
        "The setup file is not valid",
        "The setup file names a website without a secure connection, which the Web Connector \
         refuses.",
        steps::NEW_SETUP_FILE;
    [1011, 1032] Sourced, Unknown, "connection.not_set_up", User,
        "The application is no longer listed",
        "The Web Connector no longer finds this application in its list on this computer.",
        &[
            "Close the Web Connector with Exit and open it again.",
            "If the application is still missing, open its setup file again.",
        ];
    [1012] Sourced, Unknown, -, User,
        "The Web Connector could not sign in",
        "The Web Connector could not sign in to the application's website. The text behind this \
         code says why.",
        steps::CHECK_THE_INTERNET;
    [1013] Sourced, Unknown, -, User,
        "QuickBooks could not be opened",
        "The Web Connector could not open QuickBooks or the company file. The text behind this \
         code says why.",
        &[
            "Open QuickBooks and the right company file, and close every other window in it.",
            "Open QuickBooks and the Web Connector normally, not with “Run as administrator”.",
            "In the Web Connector, choose “Update Selected”.",
        ];
    [1014] Inferred, QuickbooksCrashed, "quickbooks.not_responding", User,
        "QuickBooks gave no answer",
        "QuickBooks did not answer the Web Connector's first questions about the company.",
        steps::RESTART_QUICKBOOKS;
    [1015] Sourced, Nothing, -, Nobody,
        "QuickBooks was not left cleanly",
        "The data is through, but the Web Connector could not say goodbye to QuickBooks.",
        &[
            "There is nothing to do.",
            "If it happens every time, close QuickBooks and open it again.",
        ];
    [1016, 1018, 1019] Sourced, Nothing, -, User,
        "No application is chosen",
        "The Web Connector has no application to work for: none is ticked, or none is listed.",
        &[
            "In the Web Connector, tick the box in front of your application.",
            "If the list is empty, open the application's setup file again.",
        ];
    [1017, 1031] Sourced, Unknown, -, User,
        "One of the applications failed",
        "The Web Connector ran, but not for every application. Each one's own message says why.",
        &[
            "In the Web Connector, read the message next to the application that failed.",
            "Ask Deskside about the code in that message.",
        ];
    [1020] Sourced, Nothing, -, User,
        "The Web Connector is about to close",
        "The Web Connector asks whether to close although work is planned. Closed, it carries no \
         data.",
        &["Choose No.", "To get it out of the way, choose Hide instead of Exit."];
    [1021, 1034] Sourced, ComponentMissing, "web_connector.component_missing", It,
        "A part of QuickBooks does not fit",
        "The part of QuickBooks that talks to other programs is missing, damaged or too old.",
        steps::REPAIR;
    [1022 to 1024] Inferred, QuickbooksNotRunning, -, User,
        "QuickBooks could not be reached",
        "To add the application, the Web Connector needs QuickBooks, which is closed or busy, or \
         shows a window.",
        &[
            "Open QuickBooks and the right company file, signed in as Admin.",
            "Answer or close every other window that QuickBooks shows.",
            "Open the setup file again.",
        ];
    [1025 to 1027] Inferred, Consent, "web_connector.consent_needs_admin", User,
        "The company file could not be marked",
        "The Web Connector could not note the application in the company file, which needs the \
         Admin alone in it.",
        &[
            "Open the company file in QuickBooks, signed in as Admin, in single-user mode.",
            "Open the setup file again.",
        ];
    [1028, 1029, 1038] Sourced, WrongPassword, "web_connector.password_wrong", User,
        "The saved password cannot be used",
        "The Web Connector cannot lock or unlock the password that it keeps for this application.",
        steps::TYPE_THE_PASSWORD;
    [1030] Sourced, WrongPassword, "web_connector.password_wrong", User,
        "The password is missing",
        "The Web Connector has no password for this application, so it cannot sign in.",
        steps::TYPE_THE_PASSWORD;
    [1035] Sourced, ServerUnreachable, "network.name_not_resolved", It,
        "This computer does not find itself",
        "The setup file points to this computer itself, whose own name “localhost” does not work.",
        &[
            "Correct the entry for localhost in Windows' hosts file.",
            "If this is no test, ask the maker of the application for a new setup file.",
        ];
    [1036, 1046] Sourced, ServerResponse, "connection.vendor_fault", Vendor,
        "The website's answer makes no sense",
        "The application's website did not say properly whether it accepts this Web Connector.",
        steps::TELL_THE_MAKER;
    [1037] Sourced, ComponentMissing, "web_connector.outdated", User,
        "The Web Connector is too old",
        "The application asks for another release of the Web Connector than the one on this \
         computer.",
        &[
            "Search for “QuickBooks Web Connector” on Intuit's support site.",
            "Install the newest one, then open it.",
        ];
    [1039] => Decides ["unique ownerid/fileid pair value required"]
        Sourced, SetupFile, "web_connector.already_stamped", Vendor,
        "The company file is already marked",
        "The company file already carries the mark of an earlier setup file of this application.",
        &[
            "Ask the maker of your application for a new setup file, and mention this code.",
            "Or remove the mark with Intuit's tool “Remove Stamp” and the same setup file.",
        ];
    [1039] => DecidesBesideCode ["has not accessed"]
        Sourced, Consent, "web_connector.consent_needs_admin", User,
        "The Admin must allow it once",
        "The application is new to this company file, and only QuickBooks' Admin can let it in.",
        &[
            "Open the company file in QuickBooks, signed in as Admin, in single-user mode.",
            "Open the setup file again.",
            "In the window that QuickBooks shows, choose “Yes, always”.",
        ];
    // Intuit's guide recommends what live reports show to fail.
    [1039] => DecidesBesideCode ["3263"]
        Contradicted, SetupFile, "web_connector.setup_file_wrong", Vendor,
        "The setup file asks for too little",
        "The setup file asks for reading only, and QuickBooks then refuses the mark that the Web \
         Connector must set.",
        steps::NEW_SETUP_FILE;
    [1039] Sourced, SetupFile, "web_connector.setup_file_wrong", User,
        "The application could not be added",
        "The Web Connector could not add the application. The text behind this code says why.",
        &[
            "Open the company file in QuickBooks, signed in as Admin, in single-user mode.",
            "Open the setup file again.",
            "If it fails again, send the whole message to the maker of your application.",
        ];
    [1040] Sourced, WrongPassword, "web_connector.password_wrong", User,
        "The password is not accepted",
        "The application does not accept the password that the Web Connector keeps.",
        steps::TYPE_THE_PASSWORD;
    [1041 to 1045] Sourced, ServerResponse, "connection.vendor_fault", Vendor,
        "The website's answer makes no sense",
        "In the middle of the work, the application's website answered wrongly or not at all.",
        steps::TELL_THE_MAKER;
    [1048] Sourced, Tls, -, It,
        "The website could not be verified",
        "The Web Connector could not make sure that the application's website is what it says.",
        steps::CHECK_SECURITY;
    // One source speaks of the log, another of "a problem with the last attempt".
    [1085] Contradicted, LogFile, "web_connector.log_unwritable", It,
        "The Web Connector cannot use its log",
        "This code is said to mean that the Web Connector cannot use its log. Sources disagree.",
        steps::FREE_THE_LOG;
    [1047, 1049, 1050, 1052 to 1058, 1081] Unsourced, Unknown, -, Vendor,
        "No public source explains this code",
        "This is a code of the Web Connector, but no public source that Deskside knows says what \
         it means.",
        steps::ASK;
}
