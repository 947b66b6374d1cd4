//! What a record says about its run. See docs/sources/web-connector.md#log-methods and
//! docs/sources/web-connector.md#log-run.
//!
//! The texts are those of public excerpts; they are English on every Windows. Unpublished methods
//! and texts are ignored unless they contain one of the Web Connector's own codes.

use deskside_model::evidence::run::{Header, Level};
use deskside_model::unseen::is_unseen;

use memchr::memchr2;

use super::error_words::report_error;
use super::record::{self, CLASS, Record, of_class, places};

/// How far a run has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum LogStep {
    /// It starts, takes the lock, and names the application.
    Start,
    /// It asks the application's server for work.
    Authenticate,
    /// There is work; it reaches QuickBooks.
    Work,
    /// It ends the session and the connection.
    Close,
}

/// What a record says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event<'a> {
    /// A run of this application starts.
    Started(&'a [u8]),
    /// The starting run has the lock, and no other run of the same Windows user is working.
    Locked,
    /// Another run has the lock.
    Refused,
    /// The application of the run.
    Named(&'a [u8]),
    /// The address of the run's application.
    Located(&'a [u8]),
    /// The Web Connector's own version.
    Version(&'a [u8]),
    /// The run asks this application's server for work; the name is missing if it is truncated.
    Asked(Option<&'a [u8]>),
    /// The server answers.
    Answered { ticket: &'a [u8], work: Work },
    /// The run continues; the text may contain its ticket.
    Reached(LogStep, &'a [u8]),
    /// QuickBooks has answered a request.
    Worked,
    /// The application gets QuickBooks' answer; the text may contain the run's ticket.
    Delivered(&'a [u8]),
    /// The session or the connection has ended.
    Ended,
    /// The run is over.
    Unlocked,
    /// Possibly an error, which the next lines may explain; certainly if `is_error`. Without a step
    /// it may belong to any.
    Unclear { step: Option<LogStep>, is_error: bool },
    /// Nothing about a run.
    Nothing,
}

/// The second value of an `authenticate` answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Work {
    /// There is nothing to do.
    Nothing,
    /// The user or the password is wrong.
    Refused,
    /// There is work, in some company file.
    Something,
}

/// The prefix of every Web Connector code.
pub(super) const CODE: &[u8] = b"QBWC";

/// The start of an error about one request.
pub(super) const REFUSAL: &[u8] = b"Sending error message";

/// The start of every header.
const HEADER: &[u8] = b"Log file initialized";

/// Reads a record.
pub(super) fn read<'a>(record: &Record<'a>) -> Event<'a> {
    let text = record.text;
    // Most records are one of these three, and comparing eight bytes at once is fast.
    match record.method.first_chunk() {
        Some(b"ProcessR") if is_answer(text) => return Event::Worked,
        Some(b"do_recei") if is_routine(text) => return Event::Delivered(text),
        Some(b"ProcessR" | b"do_sendR" | b"do_recei") => return work(text, Some(LogStep::Work)),
        Some(_) | None => {}
    }
    match record.method {
        b"do_getLastError" => last_error(text),
        // Also occurs before the server is asked, for example for a missing password.
        b"update" | b"updateWS" => work(text, None),
        b"UpdateThisScheduledApp" | b"DoUpdateSelected" => {
            started(text).map_or_else(|| other(text), Event::Started)
        }
        b"getUpdateLock" if text.trim_ascii_end().ends_with(b"= TRUE") => Event::Refused,
        b"setUpdateLock" => lock(text),
        b"instantiateWebService" => application(text),
        // Even an application that does not support this call is asked for work.
        b"do_serverVersion" => Event::Reached(LogStep::Start, text),
        b"do_clientVersion" => match quoted(text, b"productVersion=\"") {
            Some(version) if is_version(version) => Event::Version(version),
            Some(_) | None => starting(text),
        },
        b"do_authenticate" => authenticate(text),
        b"do_connectionError" => match text.strip_prefix(b"*** Calling") {
            Some(_) => Event::Unclear { step: Some(LogStep::Work), is_error: true },
            None => work(text, Some(LogStep::Work)),
        },
        b"DisconnectFromQB" | b"do_closeConnection" | b"unsetLock" => close(text),
        _ => other(text),
    }
}

/// True if the record only says that a working run continues, as more than half of them do. False
/// means nothing.
pub(super) fn is_routine_work(bytes: &[u8]) -> bool {
    let text = of_class(bytes, CLASS).and_then(|rest| match rest.first_chunk() {
        Some(b"ProcessR") => rest.strip_prefix(b"ProcessRequestXML() : "),
        Some(b"do_sendR") => rest.strip_prefix(b"do_sendRequestXML() : "),
        Some(b"do_recei") => rest.strip_prefix(b"do_receiveResponseXML() : "),
        Some(_) | None => None,
    });
    text.is_some_and(is_routine)
}

/// Parses a line of the header.
pub(super) fn header(line: &[u8]) -> Option<Header> {
    let rest = line.strip_prefix(b"QBWebConnector ")?;
    let (version, rest) = split(rest, b" has been initialized")?;
    let version = Some(version).filter(|version| is_version(version))?;
    let level =
        split(rest, b"level").and_then(|(_, rest)| split(rest, b"=")).map(|(_, level)| level);
    let level = level.and_then(|level| {
        let level = level.trim_ascii();
        let level = level.strip_suffix(b".").unwrap_or(level);
        [Level::None, Level::Debug, Level::Verbose]
            .into_iter()
            .find(|known| level.eq_ignore_ascii_case(known.text().as_bytes()))
    });
    Some(Header { version: Some(text(version)), level })
}

/// True if a header begins with this line.
pub(super) fn begins_header(line: &[u8]) -> bool {
    let starts =
        |line: &[u8]| line.starts_with(HEADER) || line.starts_with(b"Timestamp format used");
    starts(line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line))
        && places(line, record::ZONE).next().is_some()
}

/// True for a line that occurs only at the end of an error, whose beginning is missing. A line with
/// a tag belongs to a request or a response.
pub(super) fn continues_error(line: &[u8]) -> bool {
    let line = line.trim_ascii_start();
    let is_labeled = line.starts_with(b"HRESULT") || line.starts_with(b"Message:");
    (is_labeled || names_code(line)) && !line.contains(&b'<')
}

/// The value after `name="`, up to the next quotation mark; `None` if there is none.
pub(super) fn quoted<'a>(text: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let (_, rest) = split(text, name)?;
    split(rest, b"\"").map(|(value, _)| value)
}

/// An application's name; `None` if there is none, or if a truncated name is followed by other
/// text.
pub(super) fn name(bytes: &[u8]) -> Option<String> {
    let is_whole = !record::has_time(bytes) && places(bytes, HEADER).next().is_none();
    is_whole.then(|| text(bytes)).filter(|name| !name.is_empty())
}

/// A text of the log: UTF-8, or the encoding of older Windows programs. Without the characters that
/// control a terminal or change the direction of the text, and of limited length.
pub(super) fn text(bytes: &[u8]) -> String {
    /// Long enough for any name that a person would choose.
    const LONGEST: usize = 200;
    let bytes = bytes.trim_ascii();
    let is_plain = bytes.len() <= LONGEST && bytes.iter().all(|byte| (b' '..=b'~').contains(byte));
    let decoded = match str::from_utf8(bytes) {
        Ok(text) if is_plain => return text.to_owned(),
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().copied().map(windows_1252).collect(),
    };
    decoded.chars().filter(|letter| !is_unseen(*letter)).take(LONGEST).collect()
}

fn is_version(version: &[u8]) -> bool {
    !version.is_empty() && version.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.')
}

/// One character of Windows-1252, which differs from Latin-1 only in these 32.
fn windows_1252(byte: u8) -> char {
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž',
        '\u{8f}', '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}',
        'ž', 'Ÿ',
    ];
    let high = byte.checked_sub(0x80).and_then(|place| HIGH.get(usize::from(place)));
    high.copied().unwrap_or(char::from(byte))
}

/// The application's name: quoted if a person started the run, bare if a timer did.
fn started(text: &[u8]) -> Option<&[u8]> {
    let (_, name) = split(text, b"application = ")?;
    if is_scheduled(text) {
        return Some(name);
    }
    let (name, _) = split_last(name, b" has STARTED")?;
    Some(name.strip_prefix(b"'").and_then(|name| name.strip_suffix(b"'")).unwrap_or(name))
}

/// True for the start of a run by the schedule; otherwise somebody has started it by hand.
pub(super) fn is_scheduled(text: &[u8]) -> bool {
    text.starts_with(b"Performing SCHEDULED UPDATE")
}

/// `AppName: …` or `AppURL: …`
fn application(text: &[u8]) -> Event<'_> {
    match (text.strip_prefix(b"AppName:"), text.strip_prefix(b"AppURL:")) {
        (Some(name), _) => Event::Named(name),
        (None, Some(address)) => Event::Located(address),
        (None, None) => starting(text),
    }
}

fn starting(text: &[u8]) -> Event<'_> {
    named_code(text, Some(LogStep::Start), Event::Reached(LogStep::Start, text))
}

/// `********************* Update session locked *********************`
fn lock(text: &[u8]) -> Event<'_> {
    let is_star = |byte: &u8| matches!(byte, b'*' | b' ');
    let words = text.iter().position(|byte| !is_star(byte)).and_then(|start| text.get(start..));
    match words.and_then(|words| words.strip_prefix(b"Update session ")) {
        Some(state) if state.starts_with(b"unlocked") => Event::Unlocked,
        Some(state) if state.starts_with(b"locked") => Event::Locked,
        Some(_) | None => Event::Nothing,
    }
}

fn authenticate(text: &[u8]) -> Event<'_> {
    if let Some(rest) = text.strip_prefix(b"Authenticating to application '") {
        // The first separator, because a user name may contain anything, and the complete one.
        return Event::Asked(split(rest, b"', username = '").map(|(name, _)| name));
    }
    if let Some(work) = quoted(text, b"authRet[1]=\"") {
        let work = match work.trim_ascii() {
            word if word.eq_ignore_ascii_case(b"NONE") => Work::Nothing,
            word if word.eq_ignore_ascii_case(b"nvu") => Work::Refused,
            _ => Work::Something,
        };
        return Event::Answered {
            ticket: quoted(text, b"authRet[0]=\"").unwrap_or_default(),
            work,
        };
    }
    let errors: [&[u8]; 2] = [b"Authentication failed", b"An exception"];
    if errors.iter().any(|error| text.starts_with(error)) {
        return Event::Unclear { step: Some(LogStep::Authenticate), is_error: true };
    }
    continuing(text, LogStep::Authenticate, Some(LogStep::Authenticate))
}

/// A record of a working run, whose error may belong to this step.
fn work(text: &[u8], error: Option<LogStep>) -> Event<'_> {
    if text.starts_with(REFUSAL) {
        return Event::Unclear { step: error, is_error: true };
    }
    continuing(text, LogStep::Work, error)
}

/// True if QuickBooks answered a request without an error.
fn is_answer(text: &[u8]) -> bool {
    match text.first_chunk() {
        Some(b"Response" | b"RESPONSE") => true,
        Some(b"Sending ") => text.starts_with(b"Sending response"),
        Some(_) | None => false,
    }
}

fn close(text: &[u8]) -> Event<'_> {
    let ends: [&[u8]; 3] = [b"Session ended", b"Response received", b"Received from"];
    if ends.iter().any(|end| text.starts_with(end)) {
        return Event::Ended;
    }
    if text.starts_with(b"Company file has been unlocked") || text.starts_with(b"Ending session") {
        return Event::Reached(LogStep::Close, text);
    }
    continuing(text, LogStep::Close, Some(LogStep::Close))
}

fn continuing(text: &[u8], step: LogStep, error: Option<LogStep>) -> Event<'_> {
    if is_routine(text) {
        Event::Reached(step, text)
    } else {
        Event::Unclear { step: error, is_error: false }
    }
}

/// The start of the texts of a run without errors. The first eight bytes are compared at once.
fn is_routine(text: &[u8]) -> bool {
    match text.first_chunk() {
        Some(
            b"*** Call" | b"Received" | b"Processi" | b"REQUEST:" | b"RESPONSE" | b"Request "
            | b"Response" | b"response" | b"XML dump" | b"wcTicket",
        ) => true,
        Some(b"Sending ") => !text.starts_with(b"Sending error"),
        Some(_) | None => false,
    }
}

/// For texts that are errors only if they contain a code.
fn named_code<'a>(text: &[u8], step: Option<LogStep>, otherwise: Event<'a>) -> Event<'a> {
    if names_code(text) { Event::Unclear { step, is_error: false } } else { otherwise }
}

/// A record of an unpublished method, or with an unpublished text.
fn other(text: &[u8]) -> Event<'_> {
    let is_error = names_code(text) || report_error(&String::from_utf8_lossy(text));
    if is_error { Event::Unclear { step: None, is_error: false } } else { Event::Nothing }
}

/// What the application says after it was asked why it has no request. `NoOp` asks for a pause.
fn last_error(text: &[u8]) -> Event<'_> {
    let said = text.starts_with(b"Received from").then(|| split_last(text, b"=\"")).flatten();
    match said {
        Some((_, said)) if report_error(&String::from_utf8_lossy(said)) => {
            Event::Unclear { step: Some(LogStep::Work), is_error: true }
        }
        Some(_) | None => work(text, Some(LogStep::Work)),
    }
}

/// True if a code of the Web Connector occurs before any data: before the first tag or quotation
/// mark.
fn names_code(text: &[u8]) -> bool {
    let data = memchr2(b'<', b'"', text).unwrap_or(text.len());
    places(text.get(..data).unwrap_or(text), CODE).next().is_some()
}

fn split<'a>(text: &'a [u8], mark: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let (before, rest) = text.split_at_checked(places(text, mark).next()?)?;
    Some((before, rest.strip_prefix(mark)?))
}

fn split_last<'a>(text: &'a [u8], mark: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let (before, rest) = text.split_at_checked(places(text, mark).next_back()?)?;
    Some((before, rest.strip_prefix(mark)?))
}
