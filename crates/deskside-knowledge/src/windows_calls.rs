//! The Windows `HRESULT`s of a failed call to QuickBooks: the component is missing, access is
//! denied, or the process has ended. See docs/sources/quickbooks-desktop.md#windows-codes.

use deskside_model::{Cause, Who};
use deskside_text as text;

use super::{CodeFamily, Confidence, ErrorCode, Meaning, Says};

known! { KNOWN, Windows, Hresult:
    [0x8004_0154] => Same [
        "cannot create qbxmlrp2 com component", "class not registered",
    ] Sourced, ComponentMissing, "web_connector.component_missing", It,
        known_part_missing, steps_repair;
    [0x8004_01F3] => Same ["invalid class string"]
        Sourced, ComponentMissing, "web_connector.component_missing", It,
        known_part_missing, steps_repair;
    [0x8008_0005] => Same ["server execution failed"]
        Sourced, QuickbooksNotRunning, "quickbooks.leftover_process", User,
        known_windows_cannot_start_quickbooks, steps_restart_quickbooks;
    [0x8001_0108] => Same ["rpc_e_disconnected", "has disconnected from its clients"]
        Sourced, QuickbooksCrashed, "quickbooks.crashed", User,
        known_ended_in_the_middle;
    [0x8001_0001] => Same ["rpc_e_call_rejected", "call was rejected by callee"]
        Sourced, ModalDialog, "quickbooks.window_blocking", User,
        known_quickbooks_is_busy;
    [0x8002_0009] Inferred, Unknown, -, User,
        known_quickbooks_reported_an_error, steps_restart_quickbooks;
    [0x8007_007E, 0x8007_007F] => Same [
        "the specified module could not be found", "the specified procedure could not be found",
    ] Sourced, ComponentMissing, "web_connector.component_missing", It,
        known_part_damaged, steps_repair;
    [0x8000_0003] => Same ["unrecoverable error"]
        Sourced, QuickbooksCrashed, "quickbooks.crashed", User,
        known_quickbooks_crashed;
    [0x8001_0105] => Same ["rpc_e_serverfault", "the server threw an exception"]
        Sourced, QuickbooksCrashed, "quickbooks.not_responding", User,
        known_quickbooks_stuck, steps_restart_quickbooks;
    [0x8007_06BA, 0x8007_06BE] => Same [
        "the rpc server is unavailable", "the remote procedure call failed",
    ] Sourced, QuickbooksCrashed, "quickbooks.crashed", User,
        known_ended_in_the_middle;
    [0x8007_0005] Sourced, Elevation, "quickbooks.elevation_mismatch", User,
        known_different_rights;
}
