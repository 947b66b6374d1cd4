//! Measures how long it takes to find the last run of a log that was not read before; prints one line of
//! JSON.
//!
//! `last_run 10000` creates a log of 10,000 megabytes that is a hole except for its end; `last_run 1000
//! real` creates one that is full of runs. The log is read three times from scratch, and its next run once.

use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Seek, SeekFrom, Write, stdout};
use std::path::Path;
use std::time::Instant;

use deskside_os::qwc_log::{Tail, TailState};
use serde_json::json;

type RunOutcome<T = ()> = Result<T, Box<dyn Error>>;

/// More than the reader looks back, in bytes.
const END: u64 = 9 << 20;

fn main() -> RunOutcome {
    let mut arguments = std::env::args().skip(1);
    let megabytes: u64 = arguments.next().as_deref().unwrap_or("10000").parse()?;
    let is_real = arguments.next().is_some();
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("QWCLog.txt");
    let bytes = megabytes << 20;
    let hole = if is_real { 0 } else { bytes.saturating_sub(END) };
    let end = write(&path, hole, bytes)?;
    let (mut times, mut runs) = (Vec::new(), 0);
    let mut tail = Tail::new(path.clone(), TailState::default());
    for _ in 0..3 {
        tail = Tail::new(path.clone(), TailState::default());
        let began = Instant::now();
        runs = tail.read_new()?.len();
        times.push(began.elapsed().as_secs_f64());
    }
    write(&path, end, end.saturating_add(1))?;
    let began = Instant::now();
    tail.read_new()?;
    let next = began.elapsed().as_secs_f64();
    let line = json!({ "megabytes": megabytes, "is_real": is_real, "runs": runs, "look_s": times, "next_look_s": next });
    Ok(writeln!(stdout(), "{line}")?)
}

/// Writes runs from an offset until there are enough bytes; returns the length of the log.
fn write(path: &Path, from: u64, enough: u64) -> RunOutcome<u64> {
    let mut file = File::options().create(true).truncate(false).write(true).open(path)?;
    let mut offset = file.seek(SeekFrom::Start(from))?;
    let mut file = BufWriter::new(file);
    let run = run();
    while offset < enough {
        file.write_all(run.as_bytes())?;
        offset = offset.saturating_add(u64::try_from(run.len())?);
    }
    file.flush()?;
    Ok(offset)
}

/// A run without work.
fn run() -> String {
    let record =
        |method: &str, text: &str| format!("20260505.13:07:21 UTC\t: {method}() : {text}\r\n");
    let soap = "QBWebConnector.SOAPWebService";
    [
        record(
            "UpdateThisScheduledApp",
            "Performing SCHEDULED UPDATE for application = Larch Orders",
        ),
        record(&format!("{soap}.instantiateWebService"), "AppName: Larch Orders"),
        record(
            &format!("{soap}.instantiateWebService"),
            "AppURL: https://sync.larch.example/qbwc",
        ),
        record(
            &format!("{soap}.do_authenticate"),
            "Received from authenticate() following parameters:<authRet[0]=\"\"><authRet[1]=\"NONE\">",
        ),
        record(
            "QBWebConnector.RegistryManager.setUpdateLock",
            "********************* Update session unlocked *********************",
        ),
    ]
    .concat()
}
