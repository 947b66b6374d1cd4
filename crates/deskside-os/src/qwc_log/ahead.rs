//! Reads a whole log with a second thread that reads ahead: reading takes about a third of the time of
//! parsing.

use std::io::{self, ErrorKind, Read};
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
use std::thread;

/// How much is read at once, in bytes.
const PIECE: usize = 256 << 10;

/// One piece is parsed, one is read, and one waits.
const PIECES: usize = 3;

/// Reads to the end and passes each piece to `consume` once and in order, followed by the read error if
/// there was one.
///
/// # Errors
/// The first error that `consume` returns, which ends the reading.
pub fn read_ahead<E>(
    log: impl Read + Send,
    mut consume: impl FnMut(io::Result<&[u8]>) -> Result<(), E>,
) -> Result<(), E> {
    thread::scope(|scope| {
        // Created inside the scope, so that an early return closes them and the other thread ends.
        let (filled, pieces) = sync_channel(PIECES);
        let (used, empty) = channel();
        scope.spawn(move || fill(log, &empty, &filled));
        for _ in 0..PIECES {
            drop(used.send(Vec::new()));
        }
        for piece in pieces {
            let piece: Vec<u8> = match piece {
                Ok(piece) => piece,
                Err(why) => return consume(Err(why)),
            };
            consume(Ok(&piece))?;
            // At the end of the log no buffer is needed; the pieces already read still arrive.
            drop(used.send(piece));
        }
        Ok(())
    })
}

/// Reads pieces into the empty buffers until the end, or until the consumer has stopped.
fn fill(mut log: impl Read, empty: &Receiver<Vec<u8>>, filled: &SyncSender<io::Result<Vec<u8>>>) {
    while let Ok(mut piece) = empty.recv() {
        piece.resize(PIECE, 0);
        let read = match log.read(&mut piece) {
            Err(why) if why.kind() == ErrorKind::Interrupted => {
                // Interrupted without an error: try again with an empty piece.
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
        if filled.send(read).is_err() || is_over {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns a few bytes at a time, is interrupted regularly, and can fail at its end.
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
