//! A problem in words. The words are in `locales`, under the problem's code.

use deskside_knowledge::{Meaning, Window, meaning_of_title, window_of};
use deskside_model::Who;
use deskside_text::{self as text, Words};

use super::{Arguments, Code, Problem};
use crate::refusal::meaning;

/// A clock that is off by more is not described in minutes.
const MINUTES_WORTH_READING: u32 = 120;

/// Who must act. Where the table of codes knows a problem's code better than the catalog does, it says
/// so.
#[must_use]
pub fn who(problem: &Problem) -> Who {
    let usual = problem.code.entry().who;
    let takes_it_from_the_code =
        matches!(problem.code, Code::RunFailed | Code::Broken | Code::WindowBlocking);
    let known = problem.arguments.integration_code.as_deref().and_then(meaning);
    // A code with a problem of its own would have become that problem, if nothing here spoke
    // against it.
    let has_no_problem = |known: &&Meaning| problem.code != Code::Broken || known.problem.is_none();
    let known = known.filter(|known| takes_it_from_the_code && known.may_diagnose());
    known.filter(has_no_problem).map_or(usual, |known| known.who)
}

/// The words of a problem.
#[must_use]
pub fn words(problem: &Problem) -> Words {
    let known = problem.arguments.integration_code.as_deref().and_then(meaning);
    let known = known.filter(|known| known.is_explained());
    let words = own_words(problem, known.map(|known| known.words().title).as_deref());
    match (problem.code, known) {
        (Code::RunFailed, Some(known)) => known.words(),
        // What is known of the code helps more than a general step.
        (Code::Broken, Some(known)) if problem.arguments.user_message.is_none() => {
            let last = words.steps.last().cloned();
            Words { steps: known.words().steps.into_iter().chain(last).collect(), ..words }
        }
        (_, _) => words,
    }
}

fn window_words(window: Option<&str>) -> Words {
    let title = window.unwrap_or_default();
    let words = match window_of(title) {
        Some(Window::Permission) => text::quickbooks_window_asks_permission(window),
        Some(Window::Work | Window::Hosting(_)) | None => text::quickbooks_window_blocking(window),
    };
    match meaning_of_title(title) {
        Some(known) => Words { steps: known.words().steps, ..words },
        None => words,
    }
}

fn own_words(problem: &Problem, known: Option<&str>) -> Words {
    let Arguments { minutes, skew_minutes, single_user, open_year, other_year, .. } =
        problem.arguments;
    let several = problem.arguments.several_companies.then_some("yes");
    let mode = match single_user {
        Some(true) => "single",
        Some(false) => "multi",
        None => "other",
    };
    let year = |year: Option<u16>| year.map(|year| year.to_string());
    let (open_year, other_year) = (year(open_year), year(other_year));
    let Arguments { host, expected_company, open_company, window, program, user_message, .. } =
        &problem.arguments;
    let (host, window, program) = (host.as_deref(), window.as_deref(), program.as_deref());
    let (expected, open) = (expected_company.as_deref(), open_company.as_deref());
    let skew = skew_minutes.filter(|minutes| (1..=MINUTES_WORTH_READING).contains(minutes));
    match problem.code {
        Code::VaultUnavailable => text::companion_vault_unavailable(),
        Code::VaultForbidden => text::companion_vault_forbidden(),
        Code::CredentialsRejected => text::companion_credentials_rejected(host),
        Code::KeyRejected => text::companion_key_rejected(host),
        Code::Offline => text::network_offline(),
        Code::NetworkSignIn => text::network_sign_in(),
        Code::DiskFull => text::computer_disk_full(),
        Code::ClockWrong => text::computer_clock_wrong(skew),
        Code::NameNotResolved => text::network_name_not_resolved(host),
        Code::ProxyNeedsPassword => text::network_proxy_needs_password(host),
        Code::TlsIntercepted => text::network_tls_intercepted(host),
        Code::CertificateInvalid => text::network_certificate_invalid(host),
        Code::NoSecureConnection => text::network_no_secure_connection(host),
        Code::Blocked => text::network_blocked(host),
        Code::ProviderUnreachable => text::network_provider_unreachable(host),
        Code::Crashed => text::quickbooks_crashed(),
        Code::Repairing => text::quickbooks_repairing(),
        Code::QuickBooksNotInstalled => text::quickbooks_not_installed(),
        Code::QuickBooksOtherSession => text::quickbooks_other_session(),
        Code::QuickBooksNotRunning => text::quickbooks_not_running(),
        Code::ElevationMismatch => text::quickbooks_elevation_mismatch(),
        Code::SessionLocked => text::computer_locked(),
        Code::LeftoverProcess => text::quickbooks_leftover_process(),
        Code::WaitingUnseen => text::quickbooks_waiting_unseen(),
        Code::TwoCompanies => text::quickbooks_two_companies(),
        Code::Starting => text::quickbooks_starting(),
        Code::NotResponding => text::quickbooks_not_responding(),
        Code::SignIn => text::quickbooks_sign_in(),
        Code::AtWork => text::quickbooks_at_work(),
        Code::NotHosted => text::quickbooks_not_hosted(window),
        Code::WindowBlocking => window_words(window),
        Code::NoCompany => text::quickbooks_no_company(),
        Code::OtherCompany => text::quickbooks_other_company(expected, open, several),
        Code::FileMode => text::quickbooks_file_mode(mode),
        Code::FileShared => text::quickbooks_file_shared(),
        Code::FileMissing => text::quickbooks_file_missing(),
        Code::FileLocked => text::quickbooks_file_locked(),
        Code::UserInUse => text::quickbooks_user_in_use(),
        Code::NoPermission => text::quickbooks_no_permission(),
        Code::NotRegistered => text::quickbooks_not_registered(),
        Code::UnsupportedVersion => {
            text::quickbooks_unsupported_version(open_year.as_deref(), other_year.as_deref())
        }
        Code::EditionUnsupported => text::quickbooks_edition_unsupported(),
        Code::Deauthorized => text::connection_deauthorized(),
        Code::Unlinked => text::connection_unlinked(),
        Code::Removed => text::connection_removed(),
        Code::LinkCancelled => text::connection_link_cancelled(),
        Code::LinkExpired => text::connection_link_expired(),
        Code::NotSetUp => text::connection_not_set_up(),
        Code::WebConnectorNotInstalled => text::web_connector_not_installed(),
        Code::RunInterrupted => text::web_connector_run_interrupted(),
        Code::WebConnectorNotRunning => text::web_connector_not_running(),
        Code::WebConnectorNotResponding => text::web_connector_not_responding(),
        Code::WebConnectorTls => text::web_connector_tls_outdated(),
        Code::ComponentMissing => text::web_connector_component_missing(),
        Code::Outdated => text::web_connector_outdated(),
        Code::LogUnwritable => text::web_connector_log_unwritable(),
        Code::SetupFileWrong => text::web_connector_setup_file_wrong(),
        Code::AlreadyStamped => text::web_connector_already_stamped(),
        Code::PasswordWrong => text::web_connector_password_wrong(),
        Code::ConsentNeedsAdmin => text::web_connector_consent_needs_admin(),
        Code::ConsentDenied => text::web_connector_consent_denied(),
        Code::AutoLoginOff => text::web_connector_auto_login_off(),
        Code::AutoRunOff => text::web_connector_auto_run_off(),
        Code::VendorFault => text::connection_vendor_fault(),
        Code::RunFailed => text::connection_run_failed(),
        Code::OneTimeDone => text::connection_one_time_done(),
        Code::NotFinished => text::connection_not_finished(),
        Code::FirstData => text::connection_first_data(),
        Code::Transferring => text::connection_transferring(),
        Code::Inactive => text::connection_inactive(),
        Code::Broken => text::connection_broken(known, user_message.as_deref()),
        Code::RequestRefused => text::connection_request_refused(),
        Code::WaitingForSchedule => text::connection_waiting_for_schedule(),
        Code::SchemeTaken => text::companion_scheme_taken(program),
        Code::WebviewMissing => text::companion_webview_missing(),
        Code::ReportsStuck => text::companion_reports_stuck(),
        Code::Sleeps => text::computer_sleeps(minutes),
        Code::SleepsOnBattery => text::computer_sleeps_on_battery(minutes),
        Code::AutostartOff => text::web_connector_autostart_off(),
        Code::LoggingOff => text::web_connector_logging_off(),
        Code::RestartPending => text::computer_restart_pending(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_problem_uses_the_words_of_its_code() {
        for code in Code::ALL.iter().copied() {
            let message = code.text().replace(['.', '_'], "-");
            let title = text::sentence(&message, []);
            assert_eq!(words(&Problem::plain(code)).title, title, "{}", code.text());
        }
    }
}
