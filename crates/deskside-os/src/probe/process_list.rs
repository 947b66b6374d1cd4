//! Reads Windows' list of all processes from the bytes of `NtQuerySystemInformation`.
//!
//! One call returns the name, session and start time of every process, other users' included, without opening
//! any of them. The bytes are read here without I/O and without pointers, so that recorded lists can be tested
//! on any computer. A list that contradicts itself is an error and not a shorter list.
//! docs/sources/platform.md#processes

use std::fmt;

use jiff::Timestamp;

use super::listed::Listed;

/// A process of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry<'a> {
    pub(super) pid: u32,
    pub(super) session: u32,
    /// An ended process remains in the list, without threads, as long as somebody holds a handle to it.
    pub(super) threads: u32,
    /// In 100 nanoseconds since 1601.
    created: i64,
    /// In UTF-16, little-endian.
    name: &'a [u8],
}

impl Entry<'_> {
    /// True if this is the name of the process's file, ignoring case.
    pub(super) fn is_named(&self, name: &str) -> bool {
        let units = self.name.as_chunks().0.iter().map(|unit| u16::from_le_bytes(*unit));
        let lower = |unit: u16| u8::try_from(unit).map_or(unit, |b| b.to_ascii_lowercase().into());
        units.map(lower).eq(name.encode_utf16().map(lower))
    }

    /// When the process was started.
    pub(super) fn started_at(&self) -> Timestamp {
        /// 1970 in 100 nanoseconds since 1601.
        const UNTIL_1970: i64 = 116_444_736_000_000_000;
        let nanoseconds = i128::from(self.created.saturating_sub(UNTIL_1970)).saturating_mul(100);
        Timestamp::from_nanosecond(nanoseconds).unwrap_or_default()
    }
}

/// The running processes with one of these names. `own` is the number of this process: its session is ours, and
/// every other one belongs to somebody else, be it another user, a service, or another session of this user.
///
/// # Errors
/// When the list has an unknown format or lacks this process.
pub(super) fn running(
    bytes: &[u8],
    address: u64,
    own: u32,
    names: &[&'static str],
) -> Result<Vec<Listed>, String> {
    let (mut found, mut our_session) = (Vec::new(), None);
    let seen = visit(bytes, address, |entry| {
        if entry.pid == own {
            our_session = Some(entry.session);
        }
        let name = names.iter().find(|name| entry.threads > 0 && entry.is_named(name));
        found.extend(name.map(|name| (*name, entry.pid, entry.session, entry.started_at())));
    });
    seen.map_err(|why| why.to_string())?;
    let our_session = our_session.ok_or("the process list lacks this process")?;
    let listed = |(name, pid, session, started_at)| {
        let (ours, started_at) = (session == our_session, Some(started_at));
        Listed { pid, name, ours, started_at }
    };
    Ok(found.into_iter().map(listed).collect())
}

/// The list has an unknown format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Damaged;

impl fmt::Display for Damaged {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the process list has an unknown format")
    }
}

/// The places of what is read, in bytes from the start of an entry, on 64-bit Windows: those of Microsoft's
/// `SYSTEM_PROCESS_INFORMATION`, whose `Reserved1` holds the time of creation.
mod place {
    pub(super) const NEXT: usize = 0;
    pub(super) const THREADS: usize = 4;
    pub(super) const CREATED: usize = 32;
    pub(super) const NAME_LENGTH: usize = 56;
    pub(super) const NAME: usize = 64;
    pub(super) const PID: usize = 80;
    pub(super) const SESSION: usize = 100;
}

/// Calls `each` for every process of the list in `bytes`, which Windows has written at `address`: names are
/// stored within the list, and entries point to them.
pub(super) fn visit(
    bytes: &[u8],
    address: u64,
    mut each: impl FnMut(&Entry<'_>),
) -> Result<(), Damaged> {
    let mut rest = bytes;
    let mut start = 0_usize;
    loop {
        each(&entry(bytes, rest, address)?);
        let next = usize::try_from(u32::from_le_bytes(array(rest, place::NEXT)?));
        match next.map_err(|_| Damaged)? {
            0 => return Ok(()),
            // A step that is shorter than what an entry holds would read one entry as two.
            next if next < place::SESSION => return Err(Damaged),
            next => start = start.checked_add(next).ok_or(Damaged)?,
        }
        rest = bytes.get(start..).ok_or(Damaged)?;
    }
}

fn entry<'a>(all: &'a [u8], own: &[u8], address: u64) -> Result<Entry<'a>, Damaged> {
    let length = usize::from(u16::from_le_bytes(array(own, place::NAME_LENGTH)?));
    let name = u64::from_le_bytes(array(own, place::NAME)?);
    let name = if length == 0 {
        // The idle process has none.
        &[]
    } else {
        let start = name.checked_sub(address).and_then(|start| usize::try_from(start).ok());
        let start = start.ok_or(Damaged)?;
        let end = start.checked_add(length).ok_or(Damaged)?;
        all.get(start..end).ok_or(Damaged)?
    };
    let pid = u64::from_le_bytes(array(own, place::PID)?);
    Ok(Entry {
        pid: u32::try_from(pid).map_err(|_| Damaged)?,
        session: u32::from_le_bytes(array(own, place::SESSION)?),
        threads: u32::from_le_bytes(array(own, place::THREADS)?),
        created: i64::from_le_bytes(array(own, place::CREATED)?),
        name,
    })
}

fn array<const N: usize>(bytes: &[u8], at: usize) -> Result<[u8; N], Damaged> {
    bytes.get(at..).and_then(|bytes| bytes.first_chunk()).copied().ok_or(Damaged)
}

/// Lists as Windows writes them, for tests.
#[cfg(test)]
pub(super) mod recorded {
    /// The address at which [`list`] pretends to be.
    pub(in super::super) const ADDRESS: u64 = 0x0000_021F_4A31_0000;
    /// The size of an entry without its threads, and of one thread.
    const ENTRY: usize = 256;
    const THREAD: usize = 80;

    /// A process: number, name, session, threads.
    pub(in super::super) type Row = (u32, &'static str, u32, u32);

    /// The bytes of this list: each entry is followed by its threads and its name, as on Windows 10 and 11.
    pub(in super::super) fn list(rows: &[Row]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for (number, (pid, name, session, threads)) in rows.iter().enumerate() {
            let start = bytes.len();
            let letters: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
            let name_at = start + ENTRY + *threads as usize * THREAD;
            bytes.resize(name_at, 0);
            bytes.extend(&letters);
            // Windows ends each name with a zero, and each entry at a multiple of eight.
            bytes.resize((bytes.len() + 2).next_multiple_of(8), 0);
            let next = if number + 1 == rows.len() { 0 } else { bytes.len() - start };
            let mut put = |at: usize, value: &[u8]| {
                bytes[start + at..start + at + value.len()].copy_from_slice(value);
            };
            put(0, &u32::try_from(next).unwrap().to_le_bytes());
            put(4, &threads.to_le_bytes());
            // 2026-05-05T13:07:21Z.
            put(32, &134_224_600_410_000_000_i64.to_le_bytes());
            let length = u16::try_from(letters.len()).unwrap();
            put(56, &length.to_le_bytes());
            put(58, &(length + 2).to_le_bytes());
            let name = if letters.is_empty() { 0 } else { ADDRESS + name_at as u64 };
            put(64, &name.to_le_bytes());
            put(80, &u64::from(*pid).to_le_bytes());
            put(100, &session.to_le_bytes());
        }
        bytes
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::recorded::{ADDRESS, list};
    use super::*;

    /// Number, session and threads of each process.
    fn read(bytes: &[u8]) -> Result<Vec<(u32, u32, u32)>, Damaged> {
        let mut seen = Vec::new();
        visit(bytes, ADDRESS, |entry| seen.push((entry.pid, entry.session, entry.threads)))?;
        Ok(seen)
    }

    #[test]
    fn every_process_is_read_with_name_session_and_start() {
        let bytes = list(&[(0, "", 0, 2), (4, "System", 0, 90), (7312, "QBW.EXE", 3, 41)]);
        assert_eq!(read(&bytes), Ok(vec![(0, 0, 2), (4, 0, 90), (7312, 3, 41)]));
        let mut named = Vec::new();
        visit(&bytes, ADDRESS, |entry| {
            if entry.is_named("qbw.exe") {
                named.push((entry.pid, entry.started_at().to_string()));
            }
        })
        .unwrap();
        assert_eq!(named, [(7312, "2026-05-05T13:07:21Z".to_owned())]);
    }

    #[test]
    fn only_the_whole_name_matches() {
        let bytes = list(&[(8, "QBW.EXE.tmp", 1, 1)]);
        visit(&bytes, ADDRESS, |entry| {
            assert!(!entry.is_named("QBW.EXE") && !entry.is_named("QBW.EXE.tmp2"), "{entry:?}");
            assert!(entry.is_named("qbw.exe.TMP"), "{entry:?}");
        })
        .unwrap();
    }

    #[test]
    fn impossible_start_time_is_no_panic() {
        let entry = Entry { pid: 1, session: 1, threads: 1, created: i64::MAX, name: &[] };
        assert_eq!(entry.started_at(), Timestamp::default());
    }

    #[test]
    fn list_that_is_cut_off_is_an_error() {
        let bytes = list(&[(4, "System", 0, 1), (7312, "QBW.EXE", 3, 1)]);
        assert_eq!(read(&[]), Err(Damaged));
        assert_eq!(read(&bytes[..300]), Err(Damaged), "within the second entry");
        assert_eq!(read(&bytes[..bytes.len() - 16]), Err(Damaged), "within the last name");
    }

    #[test]
    fn names_outside_the_list_are_errors() {
        let bytes = list(&[(7312, "QBW.EXE", 3, 1)]);
        for elsewhere in [ADDRESS - 64, ADDRESS + 1_024, u64::MAX] {
            assert_eq!(visit(&bytes, elsewhere, |_| ()), Err(Damaged), "{elsewhere:#x}");
        }
    }

    #[test]
    fn processes_of_our_own_session_alone_are_ours() {
        let names = ["QBW.EXE", "QBWebConnector.exe"];
        let bytes = list(&[
            (100, "deskside.exe", 2, 9),
            (200, "QBW.EXE", 3, 40),
            (300, "qbwebconnector.exe", 0, 12),
            (400, "QBW.EXE", 2, 40),
            (500, "QBW.EXE", 2, 0),
            (600, "QBWPro.exe", 2, 5),
        ]);
        let listed = running(&bytes, ADDRESS, 100, &names).unwrap();
        let seen: Vec<_> = listed.iter().map(|one| (one.pid, one.ours)).collect();
        assert_eq!(seen, [(200, false), (300, false), (400, true)]);
    }

    #[test]
    fn nothing_is_ours_while_our_own_session_is_unknown() {
        let bytes = list(&[(200, "QBW.EXE", 3, 40)]);
        assert!(running(&bytes, ADDRESS, 100, &["QBW.EXE"]).is_err());
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_are_read_without_panic(
            mut bytes in proptest::collection::vec(any::<u8>(), 0..2_000),
            next in 0_u32..400,
        ) {
            if let Some(start) = bytes.first_chunk_mut() {
                *start = next.to_le_bytes();
            }
            let mut seen = 0_usize;
            let read = visit(&bytes, ADDRESS, |_| seen += 1);
            prop_assert!(seen <= bytes.len() / place::SESSION + 1, "{read:?}");
        }
    }
}
