//! From bytes to runs, for any bytes in pieces of any size.
//!
//! A log at the level `VERBOSE` is nearly all XML and contains lines of many megabytes. So the
//! parser reads and keeps only the beginning of a line. Where continuation lines cannot matter, it
//! searches for the next record by the four bytes that every record contains.
//!
//! A crash truncates a record. The next text follows directly, or after zeros that Windows
//! inserted. So a zero ends a line, and a line may contain several records.

use std::mem;

use deskside_model::evidence::run::{Header, Run};
use jiff::Timestamp;
use memchr::{memchr2, memchr3, memmem, memrchr2};

use super::possible_error::PossibleError;
use super::reading::{self, Event, LogStep, name, text};
use super::record::{self, AFTER_STAMP, Record, TIME, ZONE};
use super::runs::Runs;
use crate::address;

/// How much of a line is read, in bytes. The relevant part of the longest line, the answer of
/// `authenticate` with a path, ends within 1,000.
const LONGEST: usize = 4 << 10;

/// Reads a log piece by piece. Total, with bounded memory: a few kilobytes whatever the log
/// contains, and the finished runs of one piece until they are returned.
#[derive(Clone, Debug)]
pub struct Parser {
    /// The beginning of the current line, and its length so far.
    line: Vec<u8>,
    length: usize,
    /// Where the current line begins.
    offset: u64,
    /// Ignore everything before the first start: a run without its beginning may have failed there.
    awaits_start: bool,
    continuation: Continuation,
    runs: Runs,
    header: Header,
    zone: memmem::Finder<'static>,
}

/// What the continuation lines of the current record may contain.
#[derive(Clone, Debug)]
enum Continuation {
    Nothing,
    /// The version and the level.
    Header,
    /// What went wrong.
    Error {
        error: PossibleError,
        offset: u64,
        at: Option<Timestamp>,
    },
}

/// How a line ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// With a line break, or with the log.
    Usual,
    /// Truncated by a crash.
    Truncated,
}

impl Default for Parser {
    fn default() -> Self {
        Self::new()
    }
}

impl Parser {
    /// A parser for a log, or for any part of it.
    #[must_use]
    pub fn new() -> Self {
        Self::at(0)
    }

    /// A parser that continues at this offset, where a run may start.
    pub fn at(offset: u64) -> Self {
        Self {
            line: Vec::new(),
            length: 0,
            offset,
            awaits_start: false,
            // A part of a log may begin inside its header.
            continuation: Continuation::Header,
            runs: Runs::default(),
            header: Header::default(),
            zone: memmem::Finder::new(ZONE),
        }
    }

    /// A parser that continues at this offset, which may be anywhere, and returns only complete
    /// runs.
    #[must_use]
    pub fn within(offset: u64) -> Self {
        Self { awaits_start: true, ..Self::at(offset) }
    }

    /// Reads the next piece and returns the runs that can no longer change, in the order of their
    /// starts.
    #[must_use]
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Run> {
        let mut rest = bytes;
        if self.length > 0 {
            let Some((last, _, end, after)) = split_line(rest, 0) else {
                self.keep(rest);
                return Vec::new();
            };
            self.keep(last);
            self.end_line(end);
            rest = after;
        }
        let whole = memrchr2(b'\n', 0, rest).map_or(0, |last| last.saturating_add(1));
        let (whole, begun) = rest.split_at_checked(whole).unwrap_or((rest, b""));
        self.whole_lines(whole);
        self.keep(begun);
        self.runs.take_finished()
    }

    /// Returns the remaining runs, because nothing follows. On a clone, it returns their current
    /// state.
    #[must_use]
    pub fn finish(mut self) -> Vec<Run> {
        if self.length > 0 {
            self.end_line(End::Usual);
        }
        self.end_record();
        self.runs.finish()
    }

    /// What the log has said about the Web Connector so far.
    #[must_use]
    pub const fn header(&self) -> &Header {
        &self.header
    }

    /// The offset to read from again in order to know as much about the unfinished runs.
    #[must_use]
    pub fn resume_at(&self) -> u64 {
        self.runs.first_offset().unwrap_or(self.offset)
    }

    fn whole_lines(&mut self, mut rest: &[u8]) {
        while !rest.is_empty() {
            rest = match self.continuation {
                Continuation::Nothing => self.skip(rest),
                Continuation::Header | Continuation::Error { .. } => {
                    self.advance(rest, zeros(rest))
                }
            };
            let start = if record::starts(rest) { TIME } else { 0 };
            let Some((line, may_be_more, end, after)) = split_line(rest, start) else { return };
            if may_be_more || !record::starts(line) {
                self.line(line, end);
            } else {
                self.part(line.get(..LONGEST).unwrap_or(line), end, self.offset);
            }
            rest = after;
            self.offset = self.offset.saturating_add(wide(line.len().saturating_add(1)));
        }
    }

    /// Skips lines that change nothing, without parsing them. It may stop early, but never skips a
    /// line that matters.
    fn skip<'a>(&mut self, mut rest: &'a [u8]) -> &'a [u8] {
        let is_at_work = self.runs.is_alone_at(LogStep::Work);
        loop {
            let next = if !record::may_start(rest) {
                self.zone.find(rest).map_or(rest.len(), |zone| line_start(rest, zone))
            } else if is_at_work && reading::is_routine_work(rest) {
                match split_line(rest, TIME) {
                    Some((line, false, ..)) => line.len().saturating_add(1),
                    Some((_, true, ..)) | None => return rest,
                }
            } else {
                return rest;
            };
            if next == 0 {
                return rest;
            }
            rest = self.advance(rest, next);
        }
    }

    /// Skips bytes between two lines.
    fn advance<'a>(&mut self, bytes: &'a [u8], by: usize) -> &'a [u8] {
        self.offset = self.offset.saturating_add(wide(by));
        bytes.get(by..).unwrap_or_default()
    }

    /// Keeps the beginning of an unfinished line.
    fn keep(&mut self, bytes: &[u8]) {
        let room = LONGEST.saturating_sub(self.line.len());
        self.line.extend_from_slice(bytes.get(..room).unwrap_or(bytes));
        self.length = self.length.saturating_add(bytes.len());
    }

    fn end_line(&mut self, end: End) {
        let mut line = mem::take(&mut self.line);
        self.line(&line, end);
        line.clear();
        self.line = line;
        self.offset =
            self.offset.saturating_add(wide(mem::take(&mut self.length))).saturating_add(1);
    }

    fn line(&mut self, line: &[u8], end: End) {
        let (mut rest, mut offset) = (line.get(..LONGEST).unwrap_or(line), self.offset);
        let is_copy = !record::starts(line);
        while let Some((cut, next)) =
            self.next_record(rest, is_copy).and_then(|at| rest.split_at_checked(at))
        {
            if cut.ends_with(b"\r") {
                // Another program changed the line endings, so only these records would be found.
                return;
            }
            // A crash truncates a record, but a program that joins lines does not.
            let end = if record::starts(next) { End::Truncated } else { End::Usual };
            self.part(cut, end, offset);
            offset = offset.saturating_add(wide(cut.len()));
            rest = next;
        }
        self.part(rest, end, offset);
    }

    /// Where a record starts inside a line, other than at its beginning. The lines of a copy may be
    /// joined.
    fn next_record(&self, line: &[u8], is_copy: bool) -> Option<usize> {
        let mut zones = self.zone.find_iter(line.get(TIME..)?);
        zones.find_map(|zone| {
            let start = zone.checked_add(AFTER_STAMP.len())?;
            let rest = line.get(start..)?;
            (record::starts(rest) || is_copy && record::starts_in_copy(rest)).then_some(start)
        })
    }

    /// Processes the part of a line before the next record in it.
    fn part(&mut self, part: &[u8], end: End, offset: u64) {
        match record::read(&record::without_typographic_quotes(part)) {
            Some(record) => self.record(&record, end, offset),
            None => self.continue_record(part, offset),
        }
    }

    fn record(&mut self, record: &Record<'_>, end: End, offset: u64) {
        self.end_record();
        let event = reading::read(record);
        self.awaits_start &= !matches!(event, Event::Started(_));
        if self.awaits_start {
            return;
        }
        let runs = &mut self.runs;
        runs.hear(record.at());
        let name = |app| if end == End::Truncated { None } else { name(app) };
        match event {
            Event::Started(app) => {
                let by_hand = !reading::is_scheduled(record.text);
                runs.start(name(app), by_hand, offset, record.at());
            }
            Event::Locked => runs.lock(offset),
            Event::Refused => runs.refuse(),
            Event::Named(app) => runs.name(name(app), LogStep::Start, offset, None),
            Event::Located(url) => runs.locate(address::host(url), offset),
            Event::Asked(app) => {
                runs.name(app.and_then(name), LogStep::Authenticate, offset, record.at());
            }
            Event::Version(version) => {
                self.header.version = Some(text(version));
                runs.reach(LogStep::Start, b"", offset);
            }
            Event::Answered { ticket, work } => runs.answer(ticket, work, offset, record.at()),
            Event::Reached(step, text) => runs.reach(step, text, offset),
            Event::Worked => runs.work(offset),
            Event::Delivered(text) => runs.deliver(text, offset),
            Event::Ended => runs.end(offset, record.at()),
            Event::Unlocked => runs.unlock(offset, record.at()),
            Event::Unclear { step, is_error } => {
                let error = PossibleError::new(step, is_error, record.text);
                self.continuation = Continuation::Error { error, offset, at: record.at() };
            }
            Event::Nothing => {}
        }
    }

    fn continue_record(&mut self, line: &[u8], offset: u64) {
        if reading::begins_header(line) {
            self.end_record();
            self.continuation = Continuation::Header;
        }
        match &mut self.continuation {
            Continuation::Nothing => {}
            Continuation::Header => {
                if let Some(header) = reading::header(line) {
                    self.header.renew(header);
                } else if reading::continues_error(line) {
                    let error = PossibleError::new(None, false, line);
                    self.continuation = Continuation::Error { error, offset, at: None };
                }
            }
            Continuation::Error { error, .. } => {
                error.add(line);
                if error.is_full() {
                    self.end_record();
                }
            }
        }
    }

    /// Ends the current record: no line continues it anymore.
    fn end_record(&mut self) {
        if let Continuation::Error { error, offset, at } =
            mem::replace(&mut self.continuation, Continuation::Nothing)
            && !self.awaits_start
            && let Some(failure) = error.evaluate()
        {
            self.runs.fail(&error, failure, offset, at);
        }
    }
}

/// Splits after the first line: the line without its end, false if it cannot contain another
/// record, how it ends, and the rest. The Web Connector writes a tab after each time and hardly
/// anywhere else. The first `start` bytes, a time at the beginning of the line, are not searched.
fn split_line(bytes: &[u8], start: usize) -> Option<(&[u8], bool, End, &[u8])> {
    let place = |at: usize| at.checked_add(start);
    let end = memchr3(b'\n', 0, b'\t', bytes.get(start..)?).and_then(place)?;
    let has_tab = bytes.get(end) == Some(&b'\t');
    let end = if has_tab { memchr2(b'\n', 0, bytes.get(end..)?)?.checked_add(end)? } else { end };
    let (line, rest) = bytes.split_at_checked(end)?;
    let (end, rest) = rest.split_first()?;
    Some((line, has_tab, if *end == 0 { End::Truncated } else { End::Usual }, rest))
}

/// The beginning of the line that contains this byte.
fn line_start(bytes: &[u8], at: usize) -> usize {
    let before = bytes.get(..at).unwrap_or(bytes);
    memrchr2(b'\n', 0, before).map_or(0, |end| end.saturating_add(1))
}

/// The number of leading zeros. Many at a time, because there may be gigabytes of them.
fn zeros(bytes: &[u8]) -> usize {
    const MANY: [u8; 64] = [0; 64];
    let many = bytes.chunks(MANY.len()).take_while(|chunk| *chunk == MANY).count();
    let start = many.saturating_mul(MANY.len());
    let rest = bytes.get(start..).unwrap_or_default();
    start.saturating_add(rest.iter().take_while(|byte| **byte == 0).count())
}

fn wide(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
