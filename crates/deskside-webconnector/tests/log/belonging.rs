//! Which run a record belongs to if several are possible.

use super::*;

const MODAL: &str = "Sending error message back to application:\r\nHRESULT = 0x80040414";

fn asked(app: &str) -> String {
    start(app) + &ask(app)
}

/// A working run.
fn working(app: &str, ticket: &str) -> String {
    asked(app) + &answer(ticket, "")
}

fn work_of(ticket: &str) -> String {
    let call =
        format!("*** Calling sendRequestXML() with following parameters:<wcTicket=\"{ticket}\">");
    soap("do_sendRequestXML", &call)
        + &soap("ProcessRequestXML", "Sending request to QuickBooks.")
        + &soap("ProcessRequestXML", "Response received from QuickBooks: size (bytes) = 3")
}

fn later(log: &str, minute: u32) -> String {
    log.replace(".13:07:", &format!(".13:{minute:02}:"))
}

fn timed_out() -> String {
    soap("do_authenticate", "QBWC1012: failed\r\nThe operation has timed out")
}

#[test]
fn errors_with_a_ticket_belong_to_that_run() {
    let call = "*** Calling connectionError() with following parameters:<wcTicket=\"ta\"> <hresult=\"0x80040414\">";
    let log = working("Alder", "ta") + &working("Birch", "tb") + &soap("do_connectionError", call);
    let runs = runs(log + &work_of("tb") + &close() + &unlock() + &unlock());
    assert_eq!(results(&runs), [("Alder", "failed"), ("Birch", "ok")]);
}

#[test]
fn errors_before_authentication_belong_to_the_starting_run() {
    for method in [
        "QBWebConnector.SOAPWebService.updateWS()",
        "QBWebConnector.WebServiceManager.DoUpdateSelected()",
        "UpdateThisScheduledApp()",
    ] {
        for code in ["QBWC1030", "QBWC1011", "QBWC1035", "QBWC1003"] {
            let birch = start("Birch") + &at(2, method, &format!("{code}: text")) + &unlock();
            let runs = runs(working("Alder", "ta") + &later(&birch, 50));
            assert_eq!(
                results(&runs),
                [("Alder", "incomplete"), ("Birch", "failed")],
                "{method} {code}"
            );
        }
    }
}

#[test]
fn answers_after_the_call_timeout_belong_to_another_run() {
    for (end, outcome) in [
        (answer("t", "nvu"), "failed"),
        (timed_out(), "failed"),
        (answer("t", "NONE"), "ok_no_work"),
    ] {
        let log = asked("Larch") + &later(&(asked("Otter") + &end + &unlock()), 9);
        assert_eq!(results(&runs(log)), [("Larch", "incomplete"), ("Otter", outcome)]);
        let soon = asked("Larch") + &later(&asked("Otter"), 8) + &later(&end, 8);
        assert_eq!(results(&runs(soon)), [("Larch", outcome), ("Otter", "incomplete")]);
    }
}

#[test]
fn answers_hours_later_belong_to_another_run() {
    let log = asked("Larch") + &answer("t", "NONE").replace(".13:", ".18:");
    assert_eq!(results(&runs(log)), [("Larch", "incomplete"), ("?", "ok_no_work")]);
}

#[test]
fn summaries_are_attributed_only_to_the_failed_run() {
    let summary =
        at(9, "QBWebConnector.WebServiceManager.DoUpdateSelected()", "QBWC1017: some failed");
    let log = asked("Alder") + &timed_out() + &unlock() + &asked("Birch") + &answer("t", "NONE");
    let runs = runs(log + &unlock() + &summary + &summary);
    assert_eq!(results(&runs), [("Alder", "failed"), ("Birch", "ok_no_work")]);
}

#[test]
fn runs_without_a_server_answer_do_no_work() {
    let asked = ask("Larch") + &timed_out();
    let runs = runs(asked + &later(&soap("ProcessRequestXML", MODAL), 50) + &later(&unlock(), 50));
    assert_eq!(results(&runs), [("Larch", "failed"), ("?", "failed")]);
    let causes = runs.iter().map(|run| match &run.outcome {
        RunOutcome::Failed(failure) => Some(failure.cause),
        RunOutcome::Ok | RunOutcome::OkNoWork | RunOutcome::Incomplete => None,
    });
    assert!(causes.eq([Some(Cause::ServerUnreachable), Some(Cause::ModalDialog)]));
}

#[test]
fn the_three_original_excerpts_are_three_runs() {
    let stars = "*".repeat(21);
    let log = format!(
        "20260505.13:07:21 UTC\t: UpdateThisScheduledApp() : Performing SCHEDULED UPDATE for application = Larch Sync\r\n\
         20260505.13:07:21 UTC\t: {SET_LOCK} : {stars} Update session locked {stars}\r\n\
         {}\
         20260505.13:07:23 UTC\t: {SET_LOCK} : {stars} Update session unlocked {stars}\r\n\
         {}\
         20260505.13:37:43 UTC\t: {SOAP}.do_authenticate() : QBWC1012: Authentication failed due to following error message.\r\n\
         The remote name could not be resolved: 'sync.larch.example'\r\nMore info:\r\nSource = System\r\n\
         20260505.14:07:30 UTC\t: {SOAP}.ProcessRequestXML() : Sending error message back to application:\r\n\
         HRESULT = 0x80040400\r\nMessage: QuickBooks found an error when parsing the provided XML text stream.\r\n\
         20260505.14:07:30 UTC\t: {SOAP}.ProcessRequestXML() : XML dump follows: -\r\n",
        answer("7d1f", "NONE"),
        later(&ask("Larch Sync"), 37),
    );
    let runs = runs(log);
    assert_eq!(
        results(&runs),
        [("Larch Sync", "ok_no_work"), ("Larch Sync", "failed"), ("?", "failed")]
    );
    assert!(
        matches!(&runs[2].outcome, RunOutcome::Failed(failure) if failure.hresult == Some(0x8004_0400))
    );
}

#[test]
fn updates_without_the_lock_do_not_affect_its_owner() {
    let started =
        at(5, "UpdateThisScheduledApp()", "Performing SCHEDULED UPDATE for application = Larch");
    let taken = at(
        5,
        "QBWebConnector.RegistryManager.getUpdateLock()",
        r"HKEY_CURRENT_USER\UpdateLock = TRUE",
    );
    let log = working("Larch", "t-1") + &started + &taken + &work_of("t-1") + &close() + &unlock();
    assert_eq!(results(&runs(log)), [("Larch", "ok")]);
    assert_eq!(results(&runs(started + &taken)), [("Larch", "incomplete")], "no run has the lock");
}

#[test]
fn tickets_separate_two_users_of_the_same_application() {
    let failing = work_of("ta") + &soap("ProcessRequestXML", MODAL);
    let log =
        working("Larch", "ta") + &working("Larch", "tb") + &failing + &unlock() + &work_of("tb");
    let runs = runs(log + &close() + &unlock());
    assert_eq!(results(&runs), [("Larch", "failed"), ("Larch", "ok")]);
    assert!(runs.iter().all(|run| run.started.is_some() && run.ended.is_some()));
}
