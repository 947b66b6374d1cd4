//! Codes that people read off a window of QuickBooks. None is about the connection, but while that
//! window waits for an answer, nothing gets through.

use super::{Confidence, ErrorCode, Kind, Known, Says};
use crate::companion::Who;
use crate::health::Cause;

// Multi-user mode, from Intuit's support pages.
known! { HOSTING, Screen, Hosting:
    [202] Sourced, ModalDialog, "quickbooks.window_blocking", It,
        "The file's computer does not answer",
        "The company file lies on another computer, and QuickBooks cannot reach the part of \
         QuickBooks there.",
        &[
            "See that the other computer is on and that this one reaches its shared folder.",
            "On it, see that QuickBooks Database Server Manager runs and is allowed in the \
             firewall.",
            "Close the window in QuickBooks and open the company file again.",
        ];
    [101, 303, 505] Sourced, ModalDialog, "quickbooks.window_blocking", It,
        "The file's computer needs setting up",
        "The company file lies on another computer, which is not set up to share it.",
        &[
            "Turn on hosting in QuickBooks on the computer that holds the file, and only there.",
            "On that computer, scan the file's folder with QuickBooks Database Server Manager.",
            "Close the window in QuickBooks and open the company file again.",
        ];
}

known! { NUMBERS, Screen, Screen:
    [-6999 to -6000] SingleSource, ModalDialog, "quickbooks.window_blocking", User,
        "QuickBooks cannot open the file",
        "These codes are said to mean that QuickBooks cannot open the company file. Its window \
         waits for an answer.",
        &[
            "See whether the company file is where it was, and whether its computer is on.",
            "If it is, let QuickBooks File Doctor from Intuit look at it.",
            "Close the window in QuickBooks and open the company file again.",
        ];
    [3371] SingleSource, ModalDialog, "quickbooks.window_blocking", It,
        "QuickBooks' licence cannot be read",
        "This code is said to be about QuickBooks' licence. Its window waits for an answer.",
        &["Register QuickBooks again, or repair it in Windows' list of installed apps."];
    [12007, 12029, 15000 to 15999] SingleSource, ModalDialog, "quickbooks.window_blocking", User,
        "QuickBooks cannot update itself",
        "This code is said to be about updates of QuickBooks or its payroll. Its window waits for \
         an answer.",
        &[
            "Close the window in QuickBooks.",
            "If you need the update, see that the internet works and try it again.",
        ];
}

known! { PAYROLL, Screen, Payroll:
    [0 to 99] SingleSource, ModalDialog, "quickbooks.window_blocking", User,
        "QuickBooks cannot update its payroll",
        "This code is said to be about payroll updates. Its window waits for an answer.",
        &[
            "Close the window in QuickBooks.",
            "If you need payroll, try its update again, or ask Intuit's support.",
        ];
}
