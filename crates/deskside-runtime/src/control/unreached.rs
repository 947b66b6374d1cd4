//! What it means that a connection to the companion could not be made: what the operating system
//! says, as an answer on which a start can decide.

use std::io;

/// Why the companion was not reached.
#[derive(Debug)]
pub(super) enum Unreached {
    /// There is no channel: no companion, or one that is just starting or ending.
    Nobody,
    /// There is one, and it has not yet offered an end to the next visitor.
    Busy,
    /// There is one that does not admit this program, as that of an administrator's program does.
    #[cfg_attr(not(any(windows, test)), expect(dead_code, reason = "only Windows knows it"))]
    OtherRights,
    /// Another user has taken the place of this user's channel. Nothing was sent.
    AnotherUser,
    /// The connection failed, or broke off before the answer: the companion did not handle the
    /// request.
    Broken(io::Error),
}

/// What the failure to open a Windows pipe means. Only a pipe that does not exist is nobody.
/// docs/sources/platform.md#named-pipes
#[cfg(any(windows, test))]
pub(super) fn of_pipe(why: io::Error) -> Unreached {
    const FILE_NOT_FOUND: i32 = 2;
    const ACCESS_DENIED: i32 = 5;
    const PIPE_BUSY: i32 = 231;
    match why.raw_os_error() {
        Some(FILE_NOT_FOUND) => Unreached::Nobody,
        Some(ACCESS_DENIED) => Unreached::OtherRights,
        Some(PIPE_BUSY) => Unreached::Busy,
        Some(_) | None => Unreached::Broken(why),
    }
}

/// What the failure to connect to a Unix socket means.
#[cfg(unix)]
pub(super) fn of_socket(why: io::Error) -> Unreached {
    let kind = why.kind();
    if matches!(kind, io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused) {
        Unreached::Nobody
    } else if kind == io::ErrorKind::WouldBlock {
        // More visitors wait than the system keeps.
        Unreached::Busy
    } else if kind == io::ErrorKind::PermissionDenied {
        // The socket and its folder are open to their user alone.
        Unreached::AnotherUser
    } else {
        Unreached::Broken(why)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_missing_pipe_means_that_nobody_runs() {
        let answer = |code| of_pipe(io::Error::from_raw_os_error(code));
        assert!(matches!(answer(2), Unreached::Nobody));
        assert!(matches!(answer(231), Unreached::Busy));
        assert!(matches!(answer(5), Unreached::OtherRights));
        // ERROR_PIPE_NOT_CONNECTED, ERROR_TOO_MANY_OPEN_FILES
        for code in [233, 4] {
            assert!(matches!(answer(code), Unreached::Broken(_)), "{code}");
        }
        assert!(matches!(of_pipe(io::ErrorKind::Other.into()), Unreached::Broken(_)));
    }

    #[cfg(unix)]
    #[test]
    fn a_socket_tells_a_missing_companion_from_a_busy_one() {
        let answer = |kind: io::ErrorKind| of_socket(kind.into());
        assert!(matches!(answer(io::ErrorKind::NotFound), Unreached::Nobody));
        assert!(matches!(answer(io::ErrorKind::ConnectionRefused), Unreached::Nobody));
        assert!(matches!(answer(io::ErrorKind::WouldBlock), Unreached::Busy));
        assert!(matches!(answer(io::ErrorKind::PermissionDenied), Unreached::AnotherUser));
        assert!(matches!(answer(io::ErrorKind::TimedOut), Unreached::Broken(_)));
    }
}
