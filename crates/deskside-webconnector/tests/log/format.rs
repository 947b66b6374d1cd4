//! The pitfalls of the format, each as in public excerpts.

use deskside_model::evidence::run::Level;

use super::*;

const HEADER: &str = "Log file initialized at Tuesday, May 5, 2026 - 1:07 PM UTC\r\n\
    Timestamp format used: YYYYMMDD.HH:MM:SS UTC\r\n\
    QBWebConnector 2.3 has been initialized with its logging status to level = VERBOSE.\r\n\
    Please restart QBWebConnector for any change in log level to take effect. Use file menu to clear log.\r\n";

const CLIENT: &str = "*** Calling clientVersion() with following parameter:<productVersion=";

fn good() -> String {
    start("Larch") + &ask("Larch") + &answer("t-1", "") + &work() + &close() + &unlock()
}

fn header(log: &str) -> (Option<String>, Option<Level>) {
    let mut parser = Parser::new();
    drop(parser.push(log.as_bytes()));
    let header = parser.header().clone();
    (header.version, header.level)
}

#[test]
fn a_whole_run_is_read_with_its_times() {
    let run = run(HEADER.to_owned() + &good());
    assert_eq!(run.app.as_deref(), Some("Larch"));
    assert_eq!(run.started.unwrap().to_string(), "2026-05-05T13:07:01Z");
    assert_eq!(run.ended.unwrap().to_string(), "2026-05-05T13:07:09Z");
    assert_eq!(run.outcome, RunOutcome::Ok);
}

#[test]
fn white_space_and_prefixes_around_the_time_are_ignored() {
    let expected = runs(good());
    for (from, to) in [
        ("UTC\t: ", "UTC : "),
        ("UTC\t: ", "UTC: "),
        ("UTC\t: ", "UTC\u{a0}: "),
        ("\r\n", "\n"),
        ("20260505.", "192.168.1.2320260505."),
        ("20260505.", "<13>May 5 13:07:02 host 20260505."),
        ("() : ", "() :"),
    ] {
        assert_eq!(runs(good().replace(from, to)), expected, "{to:?}");
    }
    assert_eq!(runs(format!("\u{feff}{}", good())), expected);
    assert_eq!(runs(good().trim_end()), expected, "the last line may have no end");
}

#[test]
fn methods_may_belong_to_any_class() {
    let renamed = good().replace("SOAPWebService", "WebService").replace("RegistryManager.", "");
    assert_eq!(runs(renamed), runs(good()));
}

#[test]
fn application_names_may_contain_anything_in_both_start_forms() {
    for name in [
        "Larch's Orders - 2",
        "O'Neil 'n' Sons'",
        "7",
        "application = x",
        "Otter has STARTED Ltd.",
        "Größe (übung)",
        "x() : y",
    ] {
        assert_eq!(run(start(name) + &unlock()).app.as_deref(), Some(name), "scheduled");
        let text = format!("updateWS() for application = '{name}' has STARTED");
        let manual = at(1, "QBWebConnector.WebServiceManager.DoUpdateSelected()", &text);
        assert_eq!(run(manual + &ask(name) + &unlock()).app.as_deref(), Some(name), "manual");
    }
}

#[test]
fn windows_1252_names_are_decoded_and_control_characters_removed() {
    let log = [b"20260505.13:07:21 UTC\t: UpdateThisScheduledApp() : Performing SCHEDULED UPDATE for application = Gr\xF6\xDFe \x96 5 \x80\x1B[2J\r\n".as_slice(), unlock().as_bytes()].concat();
    assert_eq!(run(log).app.as_deref(), Some("Größe – 5 €[2J"), "without control characters");
}

#[test]
fn any_record_can_name_the_application() {
    let named = soap("instantiateWebService", "AppName: Larch");
    assert_eq!(run(named + &answer("", "NONE")).app.as_deref(), Some("Larch"));
    assert_eq!(run(ask("Larch") + &answer("", "NONE")).app.as_deref(), Some("Larch"));
}

#[test]
fn the_most_precise_version_is_kept() {
    let exact = |version: &str| soap("do_clientVersion", &format!("{CLIENT}\"{version}\">"));
    assert_eq!(header(HEADER), (Some("2.3".into()), Some(Level::Verbose)));
    let said = header(&(HEADER.to_owned() + &exact("2.3.0.215")));
    assert_eq!(said, (Some("2.3.0.215".into()), Some(Level::Verbose)));
    assert_eq!(header(&exact("1.5.0.79")), (Some("1.5.0.79".into()), None));
    let restarted = HEADER.to_owned() + &exact("2.3.0.215") + HEADER;
    assert_eq!(header(&restarted).0.as_deref(), Some("2.3.0.215"), "the version is unchanged");
    let updated = restarted + &HEADER.replace("2.3", "34.0");
    assert_eq!(header(&updated).0.as_deref(), Some("34.0"), "it was updated");
}

#[test]
fn every_log_level_is_read() {
    for (word, level) in
        [("NONE", Level::None), ("DEBUG", Level::Debug), ("Verbose", Level::Verbose)]
    {
        assert_eq!(header(&HEADER.replace("VERBOSE", word)).1, Some(level));
    }
    assert_eq!(runs(HEADER.replace("VERBOSE", "NONE")), []);
}

#[test]
fn headers_may_occur_anywhere_and_be_truncated() {
    let log = good() + HEADER + &good();
    assert_eq!(results(&runs(&log)), [("Larch", "ok"), ("Larch", "ok")]);
    assert_eq!(header(&log).1, Some(Level::Verbose));
    let cut = HEADER.lines().skip(2).collect::<Vec<_>>().join("\n");
    assert_eq!(header(&(cut + "\n")).0.as_deref(), Some("2.3"));
}

#[test]
fn content_of_xml_documents_is_never_read() {
    let books = "\r\n<Memo>QBWC1012 HRESULT = 0x80040414\r\nHRESULT = 0x80040408\r\n\
        QBWC1013: Could not start QuickBooks.\r\nQBWebConnector 1.0 has been initialized\r\n</Memo>\r\n";
    for first in ["XML dump follows: -", "Received from sendRequestXML() following parameter:<"] {
        let log = start("Larch")
            + &ask("Larch")
            + &answer("t-1", "")
            + &soap("do_receiveResponseXML", &format!("{first}{books}"))
            + &close()
            + &unlock();
        assert_eq!(run(&log).outcome, RunOutcome::Ok, "{first}");
        assert_eq!(header(&log).0, None, "{first}");
    }
}

#[test]
fn lines_of_many_megabytes_are_skipped() {
    let long = "<Ret>20260505.13:07:02 UTC </Ret>".repeat(200_000);
    let dump = soap("do_receiveResponseXML", &format!("XML dump follows: -\r\n\r\n{long}"));
    let log = start("Larch") + &answer("t-1", "") + &dump + &close() + &unlock();
    assert_eq!(results(&runs(log)), [("Larch", "ok")]);
}

#[test]
fn errors_may_follow_an_empty_text_on_the_next_line() {
    let failing = failing("updateWS", "")
        .replace("updateWS() : \r\n", "updateWS() :\r\n\r\nQBWC1013: Error\r\n0x80040408\r\n");
    let failure = failure(failing);
    assert_eq!((failure.code, failure.hresult), (Some(1013), Some(0x8004_0408)));
}

#[test]
fn runs_follow_file_order_rather_than_time_order() {
    let earlier = good().replace("20260505", "20250101");
    let runs = runs(good() + &earlier);
    assert!(runs[0].started > runs[1].started);
}

#[test]
fn records_with_an_invalid_time_still_count() {
    let run = run(good().replace("20260505.13:07:01", "20260231.25:61:61"));
    assert_eq!((run.started, run.outcome), (None, RunOutcome::Ok));
}

#[test]
fn copies_in_a_message_are_read() {
    let mail =
        |log: String| log.replace('\t', " ").replace('"', "\u{201d}").replace('\'', "\u{2019}");
    assert_eq!(runs(mail(good())), runs(good()));
    assert_eq!(runs(mail(good()).replace("\r\n", " ")), runs(good()), "joined lines");
    let refused = run(mail(answer("", "nvu")));
    assert_eq!(refused.outcome.text(), "failed", "a single line");
    let curly = start("Larch\u{2019}s") + &answer("t-1", "NONE");
    assert_eq!(run(curly).app.as_deref(), Some("Larch\u{2019}s"), "the log itself");
}
