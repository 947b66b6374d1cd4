//! What to do, where several codes need the same.

/// No source explains it, so somebody with the whole message must look.
pub(super) const ASK: &[&str] =
    &["Copy the whole message.", "Send it to the maker of your application and ask what it means."];

/// The setup file must come from its maker.
pub(super) const NEW_SETUP_FILE: &[&str] = &[
    "Send this code to the maker of your application and ask for a new setup file.",
    "Remove the old entry from the Web Connector, then open the new file.",
];

/// The application's own website is at fault.
pub(super) const TELL_THE_MAKER: &[&str] = &[
    "Nothing on this computer needs changing.",
    "Send this message to the maker of your application.",
];

/// The application's website cannot be reached.
pub(super) const CHECK_THE_INTERNET: &[&str] = &[
    "Open any website to see that the internet works.",
    "In the Web Connector, choose “Update Selected”.",
    "If it fails again, send this message to the maker of your application.",
];

/// A secure connection fails, for one of a few known reasons.
pub(super) const CHECK_SECURITY: &[&str] = &[
    "See that this computer's date, time and time zone are right.",
    "Ask whether antivirus or network software opens secure connections, and exempt this website.",
    "If both are fine, ask the maker of the application to check the website's certificate.",
];

/// QuickBooks must be open with its file.
pub(super) const OPEN_THE_COMPANY: &[&str] = &[
    "Open QuickBooks and the right company file.",
    "Answer or close every other window that QuickBooks shows.",
    "In the Web Connector, choose “Update Selected”.",
];

/// Something of QuickBooks hangs.
pub(super) const RESTART_QUICKBOOKS: &[&str] = &[
    "Save your work, close QuickBooks and open it again with your company file.",
    "In the Web Connector, choose “Update Selected”.",
    "If it comes back, restart this computer.",
];

/// A part is missing.
pub(super) const REPAIR: &[&str] = &[
    "Update QuickBooks and the Web Connector to their newest release.",
    "If it stays so, repair QuickBooks in Windows' list of installed apps.",
    "Restart the computer.",
];

/// The file on this computer that the Web Connector writes.
pub(super) const FREE_THE_LOG: &[&str] = &[
    r"Close the Web Connector and look at C:\ProgramData\Intuit\QBWebConnector\log.",
    "Let every person who uses this computer write to that folder, and see that the disk has room.",
    "Rename QWCLog.txt and start the Web Connector.",
];

/// The Web Connector's password.
pub(super) const TYPE_THE_PASSWORD: &[&str] = &[
    "Copy the password from the page where you got the setup file.",
    "In the Web Connector, click into the password field, type it, press Enter and save it.",
    "Choose “Update Selected”.",
];

/// The first permission of an application.
pub(super) const ALLOW_AS_ADMIN: &[&str] = &[
    "Open the company file in QuickBooks, signed in as Admin, in single-user mode.",
    "In the Web Connector, choose “Update Selected”.",
    "In the window that QuickBooks shows, choose “Yes, always”.",
];

/// A permission that was refused or taken away.
pub(super) const ALLOW_AGAIN: &[&str] = &[
    "Open the company file in QuickBooks, signed in as Admin, in single-user mode.",
    "Choose Edit, Preferences, Integrated Applications, Company Preferences.",
    "Select the application, choose Properties, and allow its access.",
    "In the Web Connector, choose “Update Selected”.",
];

/// QuickBooks refused one record.
pub(super) const CORRECT_THE_RECORD: &[&str] = &[
    "Nothing on this computer needs changing.",
    "Send this code to the maker of your application, who sees which record it is about.",
];

/// It heals by itself.
pub(super) const WAIT: &[&str] = &["Wait: the next run tries again by itself."];

/// All is well.
pub(super) const NOTHING: &[&str] = &["There is nothing to do."];

/// The link was never completed, or no longer holds.
pub(super) const OPEN_THE_LINK: &[&str] = &[
    "Open QuickBooks with your company file, signed in as Admin.",
    "In Deskside, open the connection page and follow its steps.",
    "If there is no link, ask the maker of your application for a new one.",
];

/// The Web Connector does not ask for work.
pub(super) const WAKE_THE_WEB_CONNECTOR: &[&str] = &[
    "See that this computer is on, awake and connected to the internet.",
    "In QuickBooks, choose File, then App Management, then Update Web Services.",
    "See that Auto-Run is ticked next to your application, then choose Hide.",
];
