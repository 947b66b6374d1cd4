//! Codes shown in a QuickBooks window. None is about the connection, but no request gets through
//! while that window waits for an answer. See docs/sources/quickbooks-desktop.md#screen-codes.

use deskside_model::{Cause, Who};
use deskside_text as text;

use super::{CodeFamily, Confidence, ErrorCode, Meaning, Says};

// Multi-user mode, from Intuit's support pages.
known! { HOSTING, Screen, Hosting:
    [202] Sourced, ModalDialog, "quickbooks.not_hosted", It,
        known_file_computer_silent;
    [] => Decides ["hosting mode is off", "hosting mode: off"]
        Sourced, ModalDialog, "quickbooks.not_hosted", It,
        known_file_computer_not_set_up;
    [101, 303, 505] Sourced, ModalDialog, "quickbooks.not_hosted", It,
        known_file_computer_not_set_up;
}

known! { NUMBERS, Screen, Screen:
    [-6999 to -6000] SingleSource, ModalDialog, "quickbooks.window_blocking", User,
        known_file_perhaps_unopenable;
    [3371] SingleSource, ModalDialog, "quickbooks.window_blocking", User,
        known_licence_perhaps_unreadable;
    [12007, 12029, 15000 to 15999] SingleSource, ModalDialog, "quickbooks.window_blocking", User,
        known_update_perhaps_failed;
}

known! { PAYROLL, Screen, Payroll:
    [0 to 99] SingleSource, ModalDialog, "quickbooks.window_blocking", User,
        known_payroll_perhaps_failed;
}
