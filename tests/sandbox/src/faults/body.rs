//! Bodies that no web framework would send: one that ends in the middle, and one far larger than anybody expects.

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

use crate::door::Cut;

const PIECE: u64 = 65_536;

/// The answer as it was meant, except that its body ends half-way: with a reset, or without `cut` politely. An answer
/// without a body is lost whole, or politely left as it is.
pub async fn break_off(response: Response, cut: Option<Cut>) -> Response {
    let (mut parts, body) = response.into_parts();
    let whole = to_bytes(body, usize::MAX).await.unwrap_or_default();
    if whole.is_empty() {
        return match cut {
            Some(cut) => {
                cut.make();
                Response::default()
            }
            None => Response::from_parts(parts, Body::empty()),
        };
    }
    parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(whole.len()));
    let half = whole.slice(..whole.len() / 2);
    Response::from_parts(parts, Body::new(Broken { half: Some(half), flushed: false, cut }))
}

/// Valid JSON of about so many bytes: one very long text.
pub fn huge(bytes: u64) -> Body {
    Body::new(Huge { opened: false, left: bytes, closed: false })
}

/// Hands out its first half, gives the server one turn to put it on the wire, and then ends the connection.
struct Broken {
    half: Option<Bytes>,
    flushed: bool,
    cut: Option<Cut>,
}

impl http_body::Body for Broken {
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
        if let Some(cut) = &self.cut {
            cut.make();
        }
        Poll::Ready(Some(Err(io::ErrorKind::ConnectionReset.into())))
    }
}

/// Made while it is sent, so that it costs no memory here.
struct Huge {
    opened: bool,
    left: u64,
    closed: bool,
}

impl http_body::Body for Huge {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        static TEXT: [u8; PIECE as usize] = [b'a'; PIECE as usize];
        let piece = if !self.opened {
            self.opened = true;
            Bytes::from_static(b"{\"data\":\"")
        } else if self.left > 0 {
            let size = self.left.min(PIECE);
            self.left -= size;
            Bytes::from_static(&TEXT).slice(..usize::try_from(size).unwrap_or_default())
        } else if !self.closed {
            self.closed = true;
            Bytes::from_static(b"\"}")
        } else {
            return Poll::Ready(None);
        };
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }
}
