//! The `HRESULT`s of Windows that a call to QuickBooks ends with: no such component, no rights, or
//! nobody there any more.

use super::{Confidence, ErrorCode, Kind, Known, Says, steps};
use crate::companion::Who;
use crate::health::Cause;

known! { KNOWN, Windows, Hresult:
    [0x8004_0154] => Same [
        "cannot create qbxmlrp2 com component", "class not registered",
    ] Sourced, ComponentMissing, "web_connector.component_missing", It,
        "A part of QuickBooks is missing",
        "The part of QuickBooks that talks to other programs is not installed properly.",
        steps::REPAIR;
    [0x8007_007E, 0x8007_007F] => Same [
        "the specified module could not be found", "the specified procedure could not be found",
    ] Sourced, ComponentMissing, "web_connector.component_missing", It,
        "A part of QuickBooks is missing",
        "A file that QuickBooks or the Web Connector needs is missing or damaged.",
        steps::REPAIR;
    [0x8001_0105] => Same ["rpc_e_serverfault", "the server threw an exception"]
        Sourced, QuickbooksCrashed, "quickbooks.not_responding", User,
        "QuickBooks is stuck",
        "QuickBooks failed in the middle of a call. Often it is stuck with another company file.",
        steps::RESTART_QUICKBOOKS;
    [0x8007_06BA, 0x8007_06BE] => Same [
        "the rpc server is unavailable", "the remote procedure call failed",
    ] Sourced, QuickbooksCrashed, "quickbooks.crashed", User,
        "QuickBooks ended in the middle of work",
        "QuickBooks ended or crashed while the Web Connector was talking to it.",
        &[
            "Open QuickBooks and your company file again.",
            "In the Web Connector, choose “Update Selected”.",
            "If it comes back, restart this computer.",
        ];
    [0x8007_0005] Sourced, Elevation, "quickbooks.elevation_mismatch", User,
        "Windows keeps the two programs apart",
        "QuickBooks and the Web Connector run with different rights, or for different people.",
        &[
            "Close QuickBooks and the Web Connector.",
            "Open both as the same person with a normal double-click, not with “Run as \
             administrator”.",
        ];
}
