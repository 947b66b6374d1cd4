//! Bodies that no web framework sends: one that ends in the middle, and one far larger than any client expects.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
};

use axum::{
    body::{Body, Bytes, to_bytes},
    http::{HeaderValue, header},
    response::Response,
};
use http_body::Frame;

use crate::listener::ResetHandle;

/// Bytes of each frame of a huge body.
const FRAME_BYTES: u64 = 65_536;

/// The regular answer, except that its body ends half-way: with a reset of `connection`, or with a regular close if
/// there is none. An answer without a body is lost entirely with a reset, and unchanged without.
pub async fn break_off(response: Response, connection: Option<ResetHandle>) -> Response {
    let (mut parts, body) = response.into_parts();
    let whole = to_bytes(body, usize::MAX).await.unwrap_or_default();
    if whole.is_empty() {
        return match connection {
            Some(connection) => {
                connection.reset();
                Response::default()
            }
            None => Response::from_parts(parts, Body::empty()),
        };
    }
    parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(whole.len()));
    let half = whole.slice(..whole.len() / 2);
    Response::from_parts(
        parts,
        Body::new(HalfBody { half: Some(half), flushed: false, connection }),
    )
}

/// Valid JSON of about this many bytes: one very long text.
pub fn huge(bytes: u64) -> Body {
    Body::new(HugeBody { opened: false, remaining: bytes, closed: false })
}

/// Yields its first half, gives the server one turn to send it, and then ends the connection.
struct HalfBody {
    half: Option<Bytes>,
    flushed: bool,
    connection: Option<ResetHandle>,
}

impl http_body::Body for HalfBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if let Some(half) = self.half.take() {
            return Poll::Ready(Some(Ok(Frame::data(half))));
        }
        if !self.flushed {
            self.flushed = true;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        if let Some(connection) = &self.connection {
            connection.reset();
        }
        Poll::Ready(Some(Err(io::ErrorKind::ConnectionReset.into())))
    }
}

/// Generated while it is sent, so that it takes no memory.
struct HugeBody {
    opened: bool,
    remaining: u64,
    closed: bool,
}

impl http_body::Body for HugeBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        static TEXT: [u8; FRAME_BYTES as usize] = [b'a'; FRAME_BYTES as usize];
        let frame = if !self.opened {
            self.opened = true;
            Bytes::from_static(b"{\"data\":\"")
        } else if self.remaining > 0 {
            let size = self.remaining.min(FRAME_BYTES);
            self.remaining -= size;
            Bytes::from_static(&TEXT).slice(..usize::try_from(size).unwrap_or_default())
        } else if !self.closed {
            self.closed = true;
            Bytes::from_static(b"\"}")
        } else {
            return Poll::Ready(None);
        };
        Poll::Ready(Some(Ok(Frame::data(frame))))
    }
}
