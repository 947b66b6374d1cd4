//! The catalog of problems: everything about a problem that is not words, as data.
//!
//! One entry is one row: a code cannot be added without its severity, who must act, its causes and
//! its delays, and the root cause can be found without any rule elsewhere.

use deskside_model::{Command, Severity, Who};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

/// Everything about a problem that is not words.
#[derive(Debug)]
pub struct CatalogEntry {
    /// How bad. What is only worth knowing changes no verdict.
    pub severity: Severity,
    /// Who must act.
    pub who: Who,
    /// These explain it: while one of them is there, this one is only a symptom.
    pub depends_on: &'static [Code],
    /// How long it must last before anybody hears of it.
    pub visible_after: SignedDuration,
    /// How long it must be gone before it counts as gone.
    pub clear_after: SignedDuration,
    /// The one button that helps.
    pub action: Option<Command>,
    /// The public documents from which it is known, each with the place in it.
    pub sources: &'static [&'static str],
    /// What rules must know of it.
    pub flags: &'static [CodeFlag],
}

/// What rules must know of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeFlag {
    /// This computer or a poll shows it: the log adds nothing to it.
    SeenFromOutside,
    /// Only an open QuickBooks can have it.
    NeedsQuickBooksOpen,
    /// It stops requests to QuickBooks.
    StopsQuickBooks,
    /// It stops the Web Connector as a whole.
    StopsWebConnector,
    /// It may be how a connection is used: by a Web Connector that opens QuickBooks itself, from
    /// another session or computer, or with several files.
    WayToLive,
}

const GUIDE_CODES: &str = "Intuit, QuickBooks Web Connector Programmer's Guide 2.0: error codes";
const GUIDE_LOG: &str = "Intuit, QuickBooks Web Connector Programmer's Guide 2.0: the log";
const GUIDE_QWC: &str = "Intuit, QuickBooks Web Connector Programmer's Guide 2.0: the .QWC file";
const GUIDE_WINDOW: &str = "Intuit, QuickBooks Web Connector Programmer's Guide 2.0: its window";
const SDK_ERRORS: &str = "Intuit, QuickBooks Desktop SDK: error codes";
const SDK_SAMPLES: &str = "IntuitDeveloper/QBXML_SDK_Samples (GitHub): request processor errors";
const SDK_STATUS: &str = "Intuit, QuickBooks Desktop SDK: status codes in response messages";
const SDK_USERS: &str = "Intuit, QuickBooks Desktop SDK: supporting your user";
const CLEARIFY: &str = "clearify.com/wiki/view/381: could not start QuickBooks";
const LOCKED: &str = "support.myworks.software: company file is locked by another client";
const CONNECTBOOSTER: &str = "docs.connectbooster.com: pop-ups in QuickBooks";
const TWO_COMPANIES: &str = "Intuit, QuickBooks Desktop help: open two company files";
const HOSTING: &str = "Intuit, QuickBooks Desktop help: H-series errors";
const CONDUCTOR_ERRORS: &str = "docs.conductor.is: usage/error-handling";
const CONDUCTOR_FLOW: &str = "docs.conductor.is: usage/auth-flow";
const CONDUCTOR_INACTIVE: &str = "docs.conductor.is: help/connection-errors/connection-not-active";
const CONDUCTOR_FILES: &str = "docs.conductor.is: help/guides/multiple-connections-one-computer";
const CODAT_DESKTOP: &str = "docs.codat.io: QuickBooks Desktop, troubleshooting";
const CODAT_SCHEDULE: &str = "docs.codat.io: QuickBooks Desktop, sync schedule";
const CODAT_CONNECTIONS: &str = "docs.codat.io: data connections, statuses";
const CODAT_ERRORS: &str = "docs.codat.io: errors";
const BACKEND: &str = "docs/backend-protocol.md";
const LINKS: &str = "docs/links.md";
const STANDARD_WEBHOOKS: &str = "Standard Webhooks 1.0: timestamp";
const TLS_CERTIFICATES: &str = "RFC 5280: sections 4.1.2.5 and 6";
const TLS_NAMES: &str = "RFC 9525: section 6";
const RESOLVER: &str = "RFC 1034: section 5";
const PROXY: &str = "RFC 9110: section 15.5.8";
const CAPTIVE: &str = "RFC 6585: section 6";
const WINSOCK: &str = "Microsoft, Windows Sockets error codes";
const NET_TLS: &str = "Microsoft, TLS best practices with the .NET Framework";
const NETWORK: &str = "Microsoft, Network List Manager";
const DISK: &str = "Microsoft, GetDiskFreeSpaceEx";
const CRASHES: &str = "Microsoft, Windows Error Reporting";
const HANGS: &str = "Microsoft, IsHungAppWindow";
const RIGHTS: &str = "Microsoft, TokenElevation";
const SESSIONS: &str = "Microsoft, ProcessIdToSessionId";
const COMPONENTS: &str = "Microsoft, COM error codes";
const CREDENTIALS: &str = "Microsoft, Credential Manager; freedesktop.org, Secret Service API";
const POWER: &str = "Microsoft, power policy settings";
const RESTARTS: &str = "Microsoft, pending restarts";
const SCHEMES: &str = "Microsoft, registering an application to a URI scheme";
const WEBVIEW: &str = "Microsoft, distribute the WebView2 Runtime";

macro_rules! catalog {
    ($(
        $(#[$why:meta])*
        $code:ident = $text:literal, $severity:ident, $who:ident,
            after $visible:literal, gone $clear:literal, action $action:expr,
            because of $causes:tt, from $sources:expr
            $(, flags [$($flag:ident),+])?;
    )+) => {
        /// A stable code. The order is the order in which root causes are shown when several
        /// are found, and a cause stands before everything that it explains.
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        pub enum Code {
            $($(#[$why])* #[serde(rename = $text)] $code,)+
        }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$code),+];

            /// The code of a stable text.
            #[must_use]
            pub fn of(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|code| code.text() == text)
            }

            /// The stable text of the code.
            #[must_use]
            pub const fn text(self) -> &'static str {
                match self { $(Self::$code => $text,)+ }
            }

            /// True if its entry has this flag.
            #[must_use]
            pub fn is(self, flag: CodeFlag) -> bool {
                self.entry().flags.contains(&flag)
            }

            /// Its entry in the catalog.
            #[must_use]
            pub const fn entry(self) -> CatalogEntry {
                match self {
                    $(Self::$code => CatalogEntry {
                        severity: Severity::$severity,
                        who: Who::$who,
                        depends_on: catalog!(@causes self $causes),
                        visible_after: SignedDuration::from_secs($visible),
                        clear_after: SignedDuration::from_secs($clear),
                        action: $action,
                        sources: &$sources,
                        flags: &[$($(CodeFlag::$flag),+)?],
                    },)+
                }
            }
        }
    };
    (@causes $self:ident [$($cause:ident),* $(,)?]) => { &[$(Self::$cause),*] };
    // What others say of a connection is only a symptom of anything that is seen here.
    (@causes $self:ident (everything before)) => { Self::ALL.split_at($self as usize).0 };
}

// Seconds after which it shows, and seconds after which it is gone.
catalog! {
    /// The keyring gives nothing, so nothing that needs a credential is known.
    VaultUnavailable = "companion.vault_unavailable", Blocking, User,
        after 0, gone 0, action None, because of [],
        from [CREDENTIALS];
    /// Windows lets no program keep passwords, so nothing that needs a credential is known.
    VaultForbidden = "companion.vault_forbidden", Blocking, It,
        after 0, gone 0, action None, because of [],
        from [CREDENTIALS];
    /// The backend or provider does not accept the credential.
    CredentialsRejected = "companion.credentials_rejected", Blocking, Vendor,
        after 0, gone 0, action None, because of [VaultUnavailable, VaultForbidden],
        from [BACKEND];
    /// The provider does not accept the key that this business has given to this computer.
    KeyRejected = "companion.key_rejected", Blocking, User,
        after 0, gone 0, action None, because of [VaultUnavailable, VaultForbidden],
        from [CONDUCTOR_ERRORS, CODAT_ERRORS];
    /// No way to the network. Wi-Fi that changes its access point or a PC that wakes is back within
    /// this time.
    Offline = "network.offline", Blocking, User,
        after 20, gone 5, action None, because of [],
        from [NETWORK],
        flags [SeenFromOutside];
    /// The network requires a sign-in.
    NetworkSignIn = "network.sign_in", Blocking, User,
        after 20, gone 0, action None, because of [Offline],
        from [CAPTIVE];
    /// The disk is full, so QuickBooks, the Web Connector and Deskside cannot write.
    DiskFull = "computer.disk_full", Blocking, User,
        after 20, gone 5, action None, because of [],
        from [DISK];
    /// The clock is so far off that secure connections fail.
    ClockWrong = "computer.clock_wrong", Blocking, User,
        after 5, gone 0, action None, because of [Offline],
        from [STANDARD_WEBHOOKS, TLS_CERTIFICATES],
        flags [SeenFromOutside];
    /// The name of the host is not found.
    NameNotResolved = "network.name_not_resolved", Blocking, It,
        after 30, gone 0, action None, because of [Offline, NetworkSignIn],
        from [RESOLVER],
        flags [SeenFromOutside];
    /// The proxy requires a password that is not configured.
    ProxyNeedsPassword = "network.proxy_needs_password", Blocking, It,
        after 30, gone 0, action None, because of [Offline, NetworkSignIn],
        from [PROXY];
    /// Somebody between this computer and the host reads along, with a certificate of their own.
    TlsIntercepted = "network.tls_intercepted", Blocking, It,
        after 30, gone 0, action None, because of [Offline, NetworkSignIn, ClockWrong],
        from [TLS_CERTIFICATES],
        flags [SeenFromOutside];
    /// The host's certificate does not count, by a clock that is right.
    CertificateInvalid = "network.certificate_invalid", Blocking, Vendor,
        after 30, gone 0, action None, because of [Offline, ClockWrong, TlsIntercepted],
        from [TLS_CERTIFICATES];
    /// The host's certificate does not count here, or there is none, and nobody can say whose fault
    /// that is.
    NoSecureConnection = "network.no_secure_connection", Blocking, It,
        after 30, gone 0, action None,
        because of [Offline, NetworkSignIn, ClockWrong, TlsIntercepted, CertificateInvalid],
        from [TLS_CERTIFICATES, TLS_NAMES];
    /// Other hosts can be reached, this one cannot: a firewall, usually.
    Blocked = "network.blocked", Blocking, It,
        after 60, gone 0, action None,
        because of [Offline, NetworkSignIn, NameNotResolved, ProxyNeedsPassword],
        from [WINSOCK],
        flags [SeenFromOutside];
    /// The network is there; the one who is asked does not answer. One that is being redeployed is
    /// not worth a word.
    ProviderUnreachable = "network.provider_unreachable", Warning, Nobody,
        after 90, gone 0, action None,
        because of [
            VaultUnavailable, VaultForbidden, Offline, ClockWrong, NameNotResolved, ProxyNeedsPassword,
            TlsIntercepted, CertificateInvalid, NoSecureConnection, NetworkSignIn, Blocked,
        ],
        from [CONDUCTOR_ERRORS, CODAT_ERRORS, BACKEND],
        flags [SeenFromOutside];
    /// Windows shows that QuickBooks has crashed.
    Crashed = "quickbooks.crashed", Blocking, User,
        after 5, gone 3, action None, because of [],
        from [CRASHES],
        flags [SeenFromOutside, StopsQuickBooks];
    /// QuickBooks or its file is being repaired, which nothing may disturb.
    Repairing = "quickbooks.repairing", Blocking, User,
        after 20, gone 5, action None, because of [],
        from [SDK_USERS],
        flags [SeenFromOutside, StopsQuickBooks];
    /// There is no QuickBooks Desktop on this computer.
    QuickBooksNotInstalled = "quickbooks.not_installed", Blocking, User,
        after 10, gone 3, action None, because of [Crashed, Repairing],
        from [SDK_USERS],
        flags [SeenFromOutside, StopsQuickBooks, WayToLive];
    /// QuickBooks runs, but for another person signed in to this computer.
    QuickBooksOtherSession = "quickbooks.other_session", Blocking, User,
        after 10, gone 3, action None, because of [],
        from [SESSIONS, CLEARIFY],
        flags [SeenFromOutside, StopsQuickBooks, WayToLive];
    /// QuickBooks does not run. Its own update scripts close it and start it again.
    QuickBooksNotRunning = "quickbooks.not_running", Blocking, User,
        after 10, gone 3, action Some(Command::OpenQuickBooks),
        because of [Crashed, Repairing, QuickBooksNotInstalled, QuickBooksOtherSession],
        from [SDK_ERRORS, CLEARIFY],
        flags [SeenFromOutside, StopsQuickBooks, WayToLive];
    /// Only one of QuickBooks and the Web Connector has an administrator's rights: neither reaches
    /// the other.
    ElevationMismatch = "quickbooks.elevation_mismatch", Blocking, User,
        after 20, gone 3, action None, because of [Crashed],
        from [RIGHTS, GUIDE_CODES],
        flags [SeenFromOutside, NeedsQuickBooksOpen, StopsQuickBooks];
    /// Windows refused the Web Connector while the session was locked or disconnected.
    SessionLocked = "computer.locked", Blocking, User,
        after 5, gone 0, action None, because of [Crashed, ElevationMismatch],
        from [SESSIONS, COMPONENTS];
    /// A QuickBooks without a window is left over from a run, and blocks the next one. One that is
    /// just closing, or that the Web Connector has just started, is gone within this time.
    LeftoverProcess = "quickbooks.leftover_process", Blocking, User,
        after 120, gone 3, action None, because of [Crashed, Repairing, ElevationMismatch],
        from [CLEARIFY],
        flags [SeenFromOutside, NeedsQuickBooksOpen, StopsQuickBooks];
    /// A QuickBooks without a window has stopped in the middle of a run: it waits at a prompt that
    /// nobody sees.
    WaitingUnseen = "quickbooks.waiting_unseen", Blocking, User,
        after 20, gone 3, action None,
        because of [Crashed, Repairing, ElevationMismatch, LeftoverProcess],
        from [CONNECTBOOSTER];
    /// Two companies are open, and no other program gets into either.
    TwoCompanies = "quickbooks.two_companies", Blocking, User,
        after 20, gone 3, action None, because of [Crashed, Repairing],
        from [TWO_COMPANIES],
        flags [StopsQuickBooks];
    /// QuickBooks has no main window yet. A slow disk and a large file take minutes.
    Starting = "quickbooks.starting", Warning, Nobody,
        after 120, gone 0, action None,
        because of [
            Crashed, Repairing, QuickBooksNotInstalled, QuickBooksOtherSession,
            QuickBooksNotRunning,
        ],
        from [SDK_ERRORS],
        flags [SeenFromOutside, NeedsQuickBooksOpen, StopsQuickBooks];
    /// QuickBooks does not take what people do.
    NotResponding = "quickbooks.not_responding", Blocking, User,
        after 30, gone 5, action None,
        because of [
            Crashed, Repairing, QuickBooksNotInstalled, QuickBooksOtherSession,
            QuickBooksNotRunning,
        ],
        from [HANGS],
        flags [SeenFromOutside, NeedsQuickBooksOpen, StopsQuickBooks];
    /// QuickBooks asks who is there.
    SignIn = "quickbooks.sign_in", Blocking, User,
        after 60, gone 3, action None,
        because of [
            Crashed, Repairing, QuickBooksNotInstalled, QuickBooksOtherSession,
            QuickBooksNotRunning, NotResponding,
        ],
        from [SDK_USERS],
        flags [SeenFromOutside, NeedsQuickBooksOpen, StopsQuickBooks];
    /// QuickBooks backs up, verifies, condenses or updates, and lets nobody in meanwhile.
    AtWork = "quickbooks.at_work", Warning, Nobody,
        after 120, gone 3, action None,
        because of [
            Crashed, Repairing, QuickBooksNotInstalled, QuickBooksOtherSession,
            QuickBooksNotRunning, NotResponding, SignIn,
        ],
        from [SDK_USERS, CONNECTBOOSTER],
        flags [StopsQuickBooks];
    /// The computer that has the company file does not let this one in.
    NotHosted = "quickbooks.not_hosted", Blocking, It,
        after 60, gone 3, action None,
        because of [
            Crashed, Repairing, QuickBooksNotInstalled, QuickBooksOtherSession,
            QuickBooksNotRunning, NotResponding,
        ],
        from [HOSTING],
        flags [StopsQuickBooks];
    /// A window of QuickBooks must be answered first. People at work answer most of them themselves
    /// within this time.
    WindowBlocking = "quickbooks.window_blocking", Blocking, User,
        after 120, gone 3, action None,
        because of [
            Crashed, Repairing, QuickBooksNotInstalled, QuickBooksOtherSession,
            QuickBooksNotRunning, NotResponding, SignIn, NotHosted,
        ],
        from [SDK_ERRORS, CONNECTBOOSTER],
        flags [SeenFromOutside, NeedsQuickBooksOpen, StopsQuickBooks];
    /// This QuickBooks cannot work with the file, or with what the application asks for.
    UnsupportedVersion = "quickbooks.unsupported_version", Blocking, User,
        after 5, gone 0, action None, because of [QuickBooksNotInstalled],
        from [SDK_ERRORS];
    /// QuickBooks is open without a company.
    NoCompany = "quickbooks.no_company", Blocking, User,
        after 60, gone 3, action None,
        because of [
            Crashed, Repairing, QuickBooksNotInstalled, QuickBooksOtherSession,
            QuickBooksNotRunning, LeftoverProcess, TwoCompanies, Starting, NotResponding, SignIn,
            AtWork, NotHosted, WindowBlocking, UnsupportedVersion,
        ],
        from [SDK_ERRORS, CONDUCTOR_FILES],
        flags [SeenFromOutside, NeedsQuickBooksOpen, StopsQuickBooks, WayToLive];
    /// Another company file is open than the one that is connected.
    OtherCompany = "quickbooks.other_company", Blocking, User,
        after 20, gone 3, action None,
        because of [
            Crashed, Repairing, QuickBooksNotInstalled, QuickBooksOtherSession,
            QuickBooksNotRunning, ElevationMismatch, LeftoverProcess, TwoCompanies, Starting,
            NotResponding, SignIn, AtWork, NotHosted, WindowBlocking, NoCompany,
        ],
        from [SDK_ERRORS, SDK_SAMPLES],
        flags [NeedsQuickBooksOpen];
    /// The file is open in a way that keeps others out.
    FileMode = "quickbooks.file_mode", Blocking, User,
        after 20, gone 3, action None,
        because of [
            Crashed, Repairing, QuickBooksNotInstalled, QuickBooksOtherSession,
            QuickBooksNotRunning, LeftoverProcess, TwoCompanies, NotResponding, SignIn, AtWork,
            NotHosted, WindowBlocking, NoCompany, OtherCompany,
        ],
        from [SDK_ERRORS];
    /// The application wants the file for itself, and another program has it too.
    FileShared = "quickbooks.file_shared", Blocking, User,
        after 20, gone 3, action None,
        because of [
            Crashed, Repairing, QuickBooksNotInstalled, QuickBooksOtherSession,
            QuickBooksNotRunning, LeftoverProcess, TwoCompanies, NotResponding, SignIn, AtWork,
            NotHosted, WindowBlocking, NoCompany, OtherCompany,
        ],
        from [SDK_ERRORS];
    /// The company file was moved, renamed or deleted, or its drive is not there.
    FileMissing = "quickbooks.file_missing", Blocking, User,
        after 5, gone 0, action None,
        because of [Crashed, Repairing, QuickBooksNotInstalled],
        from [SDK_ERRORS, CLEARIFY];
    /// Another Web Connector, on this computer or another, has locked the company file.
    FileLocked = "quickbooks.file_locked", Blocking, User,
        after 20, gone 3, action None,
        because of [Crashed, Repairing, QuickBooksNotInstalled],
        from [LOCKED];
    /// The application's QuickBooks user is signed in elsewhere.
    UserInUse = "quickbooks.user_in_use", Blocking, User,
        after 20, gone 3, action None,
        because of [Crashed, Repairing, QuickBooksNotInstalled],
        from [SDK_ERRORS];
    /// The application's QuickBooks user lacks a permission.
    NoPermission = "quickbooks.no_permission", Blocking, User,
        after 5, gone 0, action None, because of [],
        from [SDK_STATUS];
    /// QuickBooks is not registered, or its subscription has ended.
    NotRegistered = "quickbooks.not_registered", Blocking, User,
        after 5, gone 0, action None, because of [QuickBooksNotInstalled],
        from [SDK_ERRORS];
    /// Other programs cannot reach this edition of QuickBooks at all.
    EditionUnsupported = "quickbooks.edition_unsupported", Blocking, User,
        after 5, gone 0, action None, because of [QuickBooksNotInstalled],
        from [SDK_ERRORS];
    /// The application has withdrawn the permission.
    Deauthorized = "connection.deauthorized", Blocking, User,
        after 5, gone 0, action Some(Command::OpenLink), because of [],
        from [CODAT_CONNECTIONS];
    /// The application does not know the connection anymore.
    Removed = "connection.removed", Blocking, User,
        after 5, gone 0, action Some(Command::Remove), because of [],
        from [CODAT_ERRORS, BACKEND];
    /// The file with which the application was set up is not as it must be.
    SetupFileWrong = "web_connector.setup_file_wrong", Blocking, Vendor,
        after 5, gone 0, action None, because of [],
        from [GUIDE_QWC, GUIDE_CODES];
    /// The company file belongs to an earlier set-up of the same application.
    AlreadyStamped = "web_connector.already_stamped", Blocking, Vendor,
        after 5, gone 0, action None, because of [],
        from [GUIDE_CODES];
    /// The steps in the browser were canceled.
    LinkCancelled = "connection.link_cancelled", Blocking, User,
        after 5, gone 0, action Some(Command::OpenLink), because of [Deauthorized, Removed, SetupFileWrong, AlreadyStamped],
        from [CODAT_CONNECTIONS, LINKS];
    /// The steps in the browser were not finished in time.
    LinkExpired = "connection.link_expired", Blocking, User,
        after 5, gone 0, action Some(Command::OpenLink), because of [Deauthorized, Removed, SetupFileWrong, AlreadyStamped],
        from [CONDUCTOR_FLOW, LINKS];
    /// The auth flow was not finished. Right after enrolling, the link that is fetched then answers
    /// it.
    NotSetUp = "connection.not_set_up", Blocking, User,
        after 5, gone 0, action Some(Command::OpenLink),
        because of [Deauthorized, Removed, SetupFileWrong, AlreadyStamped, LinkCancelled, LinkExpired],
        from [CONDUCTOR_ERRORS, CODAT_CONNECTIONS];
    /// There is no Web Connector on this computer. The auth flow installs it.
    WebConnectorNotInstalled = "web_connector.not_installed", Blocking, User,
        after 20, gone 3, action None,
        because of [
            Repairing, Deauthorized, Removed, LinkExpired, LinkCancelled, NotSetUp,
        ],
        from [SDK_USERS],
        flags [StopsWebConnector, WayToLive];
    /// The Web Connector stopped in the middle of a run.
    RunInterrupted = "web_connector.run_interrupted", Blocking, User,
        after 20, gone 3, action Some(Command::StartWebConnector),
        because of [Repairing, WebConnectorNotInstalled],
        from [GUIDE_LOG],
        flags [StopsWebConnector];
    /// The Web Connector does not run. The auth flow starts it.
    WebConnectorNotRunning = "web_connector.not_running", Blocking, User,
        after 20, gone 3, action Some(Command::StartWebConnector),
        because of [
            Repairing, Deauthorized, Removed, LinkExpired, LinkCancelled, NotSetUp,
            WebConnectorNotInstalled, RunInterrupted,
        ],
        from [GUIDE_WINDOW, CONDUCTOR_INACTIVE],
        flags [StopsWebConnector, WayToLive];
    /// The Web Connector does not take what people do, and does no work.
    WebConnectorNotResponding = "web_connector.not_responding", Blocking, User,
        after 60, gone 5, action None, because of [Repairing],
        from [HANGS, GUIDE_WINDOW],
        flags [StopsWebConnector];
    /// The component through which other programs reach QuickBooks is missing or damaged.
    ComponentMissing = "web_connector.component_missing", Blocking, It,
        after 5, gone 0, action None, because of [QuickBooksNotInstalled],
        from [COMPONENTS, SDK_ERRORS],
        flags [StopsQuickBooks];
    /// The Web Connector cannot make a secure connection where other programs can: it is too old, or
    /// Windows does not let it use TLS 1.2.
    WebConnectorTls = "web_connector.tls_outdated", Blocking, It,
        after 5, gone 0, action None,
        because of [Offline, ClockWrong, TlsIntercepted, CertificateInvalid, NoSecureConnection],
        from [NET_TLS];
    /// The Web Connector is too old for the application.
    Outdated = "web_connector.outdated", Blocking, User,
        after 5, gone 0, action None, because of [WebConnectorNotInstalled],
        from [GUIDE_CODES];
    /// The Web Connector may not write its own log, and does nothing without.
    LogUnwritable = "web_connector.log_unwritable", Blocking, It,
        after 5, gone 0, action None, because of [DiskFull],
        from [GUIDE_CODES];
    /// The password in the Web Connector is wrong or missing.
    PasswordWrong = "web_connector.password_wrong", Blocking, User,
        after 5, gone 0, action None, because of [WebConnectorNotRunning],
        from [GUIDE_CODES];
    /// Only QuickBooks' administrator can allow the application, and has not.
    ConsentNeedsAdmin = "web_connector.consent_needs_admin", Blocking, User,
        after 5, gone 0, action None, because of [WindowBlocking],
        from [SDK_ERRORS];
    /// Somebody has denied the application its access.
    ConsentDenied = "web_connector.consent_denied", Blocking, User,
        after 5, gone 0, action None, because of [WindowBlocking, ConsentNeedsAdmin],
        from [SDK_ERRORS, CONDUCTOR_ERRORS];
    /// The application may not open QuickBooks by itself.
    AutoLoginOff = "web_connector.auto_login_off", Blocking, User,
        after 5, gone 0, action None, because of [ConsentNeedsAdmin, ConsentDenied],
        from [SDK_ERRORS];
    /// The Web Connector runs, and does nothing by itself.
    AutoRunOff = "web_connector.auto_run_off", Blocking, User,
        after 20, gone 0, action None,
        because of [
            WebConnectorNotInstalled, RunInterrupted, WebConnectorNotRunning,
            WebConnectorNotResponding,
        ],
        from [GUIDE_WINDOW, CODAT_DESKTOP];
    /// The application asked for something that makes no sense, or answers nothing that does.
    VendorFault = "connection.vendor_fault", Blocking, Vendor,
        after 5, gone 0, action None,
        because of [
            Offline, ClockWrong, NameNotResolved, ProxyNeedsPassword, TlsIntercepted,
            CertificateInvalid, NoSecureConnection, NetworkSignIn, Blocked, ProviderUnreachable,
        ],
        from [GUIDE_CODES, CODAT_ERRORS];
    /// The newest run failed for a reason that is known and that nothing here shows. Who must act, and
    /// the words, come from the table of codes.
    RunFailed = "connection.run_failed", Blocking, User,
        after 5, gone 0, action None, because of (everything before),
        from [SDK_ERRORS, GUIDE_CODES];
    /// Set up, but this computer does not answer. The few seconds let a deeper cause, which is seen
    /// locally, be found first.
    Inactive = "connection.inactive", Blocking, User,
        after 5, gone 0, action Some(Command::Check), because of (everything before),
        from [CONDUCTOR_INACTIVE, CODAT_DESKTOP];
    /// The provider says that it fails.
    Broken = "connection.broken", Blocking, User,
        after 5, gone 0, action Some(Command::Check), because of (everything before),
        from [CONDUCTOR_ERRORS];
    /// The connection was stopped on purpose; its data is kept.
    Unlinked = "connection.unlinked", Info, Nobody,
        after 0, gone 0, action None, because of [],
        from [CODAT_CONNECTIONS, BACKEND];
    /// The connection was meant for one time, and that time is over.
    OneTimeDone = "connection.one_time_done", Info, Nobody,
        after 0, gone 0, action None, because of [],
        from [CODAT_CONNECTIONS];
    /// The steps in the browser and in QuickBooks were not finished.
    NotFinished = "connection.not_finished", Info, User,
        after 0, gone 0, action Some(Command::OpenLink), because of [],
        from [BACKEND, CONDUCTOR_FLOW];
    /// The first data is on its way, which takes hours for a large file.
    FirstData = "connection.first_data", Info, Nobody,
        after 0, gone 0, action None, because of [],
        from [CODAT_SCHEDULE];
    /// QuickBooks is busy with a run, and does not answer meanwhile.
    Transferring = "connection.transferring", Info, Nobody,
        after 0, gone 0, action None, because of [],
        from [HANGS];
    /// QuickBooks refused one record; the connection works.
    RequestRefused = "connection.request_refused", Info, Vendor,
        after 0, gone 0, action None, because of [],
        from [SDK_STATUS];
    /// The next run is still to come.
    WaitingForSchedule = "connection.waiting_for_schedule", Info, Nobody,
        after 0, gone 0, action None, because of [],
        from [CODAT_SCHEDULE];
    /// Another program answers links to Deskside.
    SchemeTaken = "companion.scheme_taken", Info, It,
        after 0, gone 0, action None, because of [],
        from [SCHEMES];
    /// Windows' own browser component is missing, so there is no window.
    WebviewMissing = "companion.webview_missing", Info, It,
        after 0, gone 0, action None, because of [],
        from [WEBVIEW];
    /// Reports have not reached a backend for long.
    ReportsStuck = "companion.reports_stuck", Info, It,
        after 0, gone 0, action None, because of [],
        from [BACKEND];
    /// This computer goes to sleep when it is idle.
    Sleeps = "computer.sleeps", Info, User,
        after 0, gone 0, action Some(Command::OpenSleepSettings), because of [],
        from [POWER];
    /// This laptop runs on battery, and goes to sleep when it is idle.
    SleepsOnBattery = "computer.sleeps_on_battery", Info, User,
        after 0, gone 0, action Some(Command::OpenSleepSettings), because of [],
        from [POWER];
    /// The Web Connector does not start by itself.
    AutostartOff = "web_connector.autostart_off", Info, User,
        after 0, gone 0, action None, because of [],
        from [GUIDE_WINDOW];
    /// The Web Connector writes no log, so its runs cannot be seen.
    LoggingOff = "web_connector.logging_off", Info, User,
        after 0, gone 0, action None, because of [],
        from [GUIDE_LOG];
    /// Windows waits for a restart.
    RestartPending = "computer.restart_pending", Info, User,
        after 0, gone 0, action None, because of [],
        from [RESTARTS];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_precede_their_symptoms_without_circles() {
        for code in Code::ALL {
            for cause in code.entry().depends_on {
                assert!(cause < code, "{} stands after {}", cause.text(), code.text());
            }
        }
    }

    #[test]
    fn codes_have_one_spelling_everywhere() {
        for code in Code::ALL {
            assert_eq!(serde_json::to_value(code).unwrap(), code.text());
        }
    }
}
