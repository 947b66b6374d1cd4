//! Reads a whole log: while one piece is looked through, the next one is fetched, because fetching
//! takes as long as a third of the looking.

use std::io::{self, ErrorKind, Read};
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
use std::thread;

/// How much is fetched at once, in bytes.
const PIECE: usize = 256 << 10;

/// One piece is looked through, one is fetched, and one waits.
const PIECES: usize = 3;

/// Reads to the end, and shows each piece once, in order, and then what it broke off with, if it did.
///
/// # Errors
/// The first one that `show` gives back, after which it is shown no more.
pub fn read_ahead<E>(
    log: impl Read + Send,
    mut show: impl FnMut(io::Result<&[u8]>) -> Result<(), E>,
) -> Result<(), E> {
    thread::scope(|scope| {
        // Made in here, so that whoever leaves early leaves nobody waiting.
        let (fetched, pieces) = sync_channel(PIECES);
        let (done_with, empty) = channel();
        scope.spawn(move || fetch(log, &empty, &fetched));
        for _ in 0..PIECES {
            drop(done_with.send(Vec::new()));
        }
        for piece in pieces {
            let piece: Vec<u8> = match piece {
                Ok(piece) => piece,
                Err(why) => return show(Err(why)),
            };
            show(Ok(&piece))?;
            // When all is fetched, nobody takes the buffer any more; what was fetched still comes.
            drop(done_with.send(piece));
        }
        Ok(())
    })
}

/// Fetches pieces into the buffers that are empty, until the end or until nobody wants them.
fn fetch(mut log: impl Read, empty: &Receiver<Vec<u8>>, fetched: &SyncSender<io::Result<Vec<u8>>>) {
    while let Ok(mut piece) = empty.recv() {
        piece.resize(PIECE, 0);
        let read = match log.read(&mut piece) {
            Err(why) if why.kind() == ErrorKind::Interrupted => {
                // Nothing was read, and nothing is wrong.
                piece.clear();
                Ok(piece)
            }
            Ok(0) => return,
            Ok(length) => {
                piece.truncate(length);
                Ok(piece)
            }
            Err(why) => Err(why),
        };
        let is_over = read.is_err();
        if fetched.send(read).is_err() || is_over {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Hands out a few bytes at a time, is interrupted now and then, and may fail at its end.
    struct Trickle {
        bytes: Vec<u8>,
        at: usize,
        turn: usize,
        fails: bool,
    }

    impl Read for Trickle {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            self.turn += 1;
            if self.turn.is_multiple_of(5) {
                return Err(ErrorKind::Interrupted.into());
            }
            let left = &self.bytes[self.at..];
            if left.is_empty() && self.fails {
                return Err(ErrorKind::PermissionDenied.into());
            }
            let length = left.len().min(into.len()).min(self.turn * 7);
            into[..length].copy_from_slice(&left[..length]);
            self.at += length;
            Ok(length)
        }
    }

    fn trickle(fails: bool) -> Trickle {
        let bytes = (0..100_000_u32).map(|number| (number % 251) as u8).collect();
        Trickle { bytes, at: 0, turn: 0, fails }
    }

    #[test]
    fn every_byte_is_delivered_once_and_in_order() {
        let (log, mut seen) = (trickle(false), Vec::new());
        let bytes = log.bytes.clone();
        let read: io::Result<()> = read_ahead(log, |piece| {
            seen.extend_from_slice(piece?);
            Ok(())
        });
        assert!(read.is_ok());
        assert!(seen == bytes, "{} of {} bytes", seen.len(), bytes.len());
    }

    #[test]
    fn read_error_follows_the_bytes_before_it() {
        let mut seen = 0;
        let read: io::Result<()> = read_ahead(trickle(true), |piece| {
            seen += piece?.len();
            Ok(())
        });
        assert_eq!(read.unwrap_err().kind(), ErrorKind::PermissionDenied);
        assert_eq!(seen, 100_000);
    }

    #[test]
    fn reading_stops_when_the_consumer_returns_an_error() {
        let mut shown = 0;
        let read: io::Result<()> = read_ahead(io::repeat(b'x'), |_| {
            shown += 1;
            if shown == 3 { Err(ErrorKind::Other.into()) } else { Ok(()) }
        });
        assert_eq!((read.is_err(), shown), (true, 3));
    }
}
