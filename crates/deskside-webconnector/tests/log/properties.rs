//! Properties that hold for any bytes. `PROPTEST_CASES=20000` searches longer.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::*;

/// Log lines, and text that resembles them.
fn line() -> impl Strategy<Value = Vec<u8>> {
    let known = vec![
        start("Larch"),
        start("Otter"),
        ask("Larch"),
        answer("t-1", "NONE"),
        answer("t-1", "nvu"),
        answer("t-2", ""),
        soap("instantiateWebService", "AppName: Otter"),
        soap("instantiateWebService", "AppURL: https://otter.example:8443/qbwc"),
        close(),
        unlock(),
        soap("ProcessRequestXML", "Sending error message back to application:"),
        soap("do_receiveResponseXML", "XML dump follows: -"),
        soap("updateWS", ""),
        soap("do_authenticate", "QBWC1012: failed."),
        "HRESULT = 0x80040414\r\n".into(),
        "More info:\n".into(),
        "The operation has timed out\n".into(),
        "Log file initialized at Tuesday UTC\r\n".into(),
        "Log file initialized\r\n".into(),
        work(),
        work().replace('\t', " "),
        close().replace("\r\n", " ").replace('\t', ""),
        unlock().replace(".13:", ".12:"),
        start("Larch").replace(".13:", ".14:"),
        answer("t-3", "nvu").replace('"', "”").replace('\t', " "),
        soap("update", "Update aborted."),
        "<Memo>QBWC1012 20260505.13:07:02 UTC : a.b() : c\r\n".into(),
        "QBWebConnector 34.0 has been initialized with its logging status to level = DEBUG.\r\n".into(),
        "10.0.0.120260505.13:07:02 UTC : UpdateThisScheduledApp() : Performing SCHEDULED UPDATE for application = Elm\n".into(),
        "20260505.13:07:02 UTC".into(),
        "x".repeat(5_000),
        "\u{feff}".into(),
        "\0".repeat(300),
        start("Alder").trim_end().into(),
        soap("getUpdateLock", "UpdateLock = TRUE"),
        soap("do_sendRequestXML", "*** Calling sendRequestXML() with following parameters:<wcTicket=\"t-2\">"),
        "\r\n".into(),
    ];
    prop_oneof![
        8 => select(known).prop_map(String::into_bytes),
        1 => vec(any::<u8>(), 0..80),
        1 => "[ -~]{0,80}\n".prop_map(String::into_bytes),
    ]
}

fn log() -> impl Strategy<Value = Vec<u8>> {
    vec(line(), 0..40).prop_map(|lines| lines.concat())
}

proptest! {
    #[test]
    fn results_do_not_depend_on_how_the_log_is_split(log in log(), cuts in vec(any::<Index>(), 0..20)) {
        let whole = runs(&log);
        let mut ends: Vec<_> = cuts.iter().map(|cut| cut.index(log.len() + 1)).collect();
        ends.push(log.len());
        ends.sort_unstable();
        let (mut parser, mut finished, mut begin) = (Parser::new(), Vec::new(), 0);
        for end in ends {
            finished.extend(parser.push(&log[begin..end]));
            begin = end;
        }
        let header = parser.header().clone();
        finished.extend(parser.finish());
        let ends_first = |run: &Run| run.ended.zip(run.started).is_some_and(|(end, start)| end < start);
        prop_assert!(!whole.iter().any(ends_first), "{:?}", whole);
        prop_assert_eq!(finished, whole);
        let mut parser = Parser::new();
        drop(parser.push(&log));
        prop_assert_eq!(parser.header(), &header);
    }

    #[test]
    fn any_bytes_can_be_read(log in vec(any::<u8>(), 0..2_000)) {
        drop(runs(log));
    }

    #[test]
    fn finished_runs_do_not_depend_on_later_records(log in log(), more in log()) {
        let mut parser = Parser::new();
        let before = parser.push(&log);
        let mut all = log;
        all.extend(more);
        prop_assert_eq!(&runs(all)[..before.len()], &before[..]);
    }

    /// Each part of the address is a word that occurs in no other part.
    #[test]
    fn only_the_host_of_an_address_is_exposed(
        scheme in select(vec!["https", "HTTPS", "http"]),
        mark in select(vec!["://", ":/", ":", ":///", ":\\\\"]),
        user in select(vec!["", "zzz@", "zzz:zzz@", "zzz:z/zz@", "zzz\\zzz@", "zzz:zzz#zzz@"]),
        port in select(vec!["", ":443", ":8443", ":zzz"]),
        rest in select(vec!["", "/", "/zzz", "/zzz?zzz=zzz#zzz", "?zzz", "#zzz", "\\zzz", "/zzz@zzz", " zzz"]),
    ) {
        let url = format!("{scheme}{mark}{user}Sync.Larch.EXAMPLE{port}{rest}");
        let log = start("Larch") + &soap("instantiateWebService", &format!("AppURL: {url}")) + &unlock();
        let run = run(log);
        let known = [None, Some("sync.larch.example"), Some("sync.larch.example:8443")];
        let is_host = |host: &Option<String>| known.contains(&host.as_deref());
        // Text in the place of a host counts as a host.
        prop_assert!(is_host(&run.host), "{url}: {run:?}");
        prop_assert!(!format!("{run:?}").contains("zz"), "{url}: {run:?}");
    }

    #[test]
    fn only_application_names_leave_the_log(secret in "[a-z]{12}") {
        let log = [
            start("Larch"),
            soap("instantiateWebService", &format!("AppURL: https://{secret}:{secret}@larch.example/{secret}?{secret}#{secret}")),
            ask("Larch").replace("larch-user", &secret),
            answer(&secret, &format!(r"C:\{secret}.qbw")),
            soap("ProcessRequestXML", &format!("Sending error message back to application:\r\nHRESULT = 0x80040414\r\nMessage: {secret}")),
            soap("do_receiveResponseXML", &format!("XML dump follows: -\r\n<Name>{secret}</Name>")),
            unlock(),
        ].concat();
        let shown = format!("{:?}", runs(log));
        prop_assert!(shown.contains("Larch") && !shown.contains(&secret), "{}", shown);
    }
}
