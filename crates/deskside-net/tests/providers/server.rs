//! A server that sends exactly the given bytes and records the requests.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

/// What happens to the connection after the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// It is closed properly.
    Closed,
    /// It is reset.
    Torn,
    /// It stays open, and nothing more is sent.
    Silent,
    /// This many more bytes are sent as long as the client reads them.
    More(usize),
}

/// The answer to a request.
#[derive(Clone, Debug)]
pub struct Answer {
    pub bytes: Vec<u8>,
    pub after: Duration,
    pub end: End,
}

impl Answer {
    /// These bytes, without delay.
    pub fn raw(bytes: impl Into<Vec<u8>>) -> Self {
        Self { bytes: bytes.into(), after: Duration::ZERO, end: End::Closed }
    }

    /// A complete answer with a body of this type and further headers, each with its line end.
    pub fn with(status: u16, headers: &str, kind: &str, body: impl AsRef<[u8]>) -> Self {
        let body = body.as_ref();
        let mut bytes = format!(
            "HTTP/1.1 {status} So\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n{headers}\
             Connection: close\r\n\r\n",
            body.len()
        )
        .into_bytes();
        bytes.extend_from_slice(body);
        Self::raw(bytes)
    }

    pub fn json(status: u16, body: impl AsRef<[u8]>) -> Self {
        Self::with(status, "", "application/json; charset=utf-8", body)
    }
}

/// A server that ends with the test.
pub struct Server {
    pub url: Url,
    seen: Arc<Mutex<Seen>>,
}

#[derive(Default)]
struct Seen {
    connections: usize,
    requests: Vec<String>,
    sent: usize,
}

impl Server {
    /// Gives the same answer to every request.
    pub async fn answering(answer: Answer) -> Self {
        Self::choosing(move |_| answer.clone()).await
    }

    /// Gives the answer chosen for each request.
    pub async fn choosing(choose: impl Fn(&str) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
        let seen = Arc::new(Mutex::new(Seen::default()));
        let (choose, theirs) = (Arc::new(choose), Arc::clone(&seen));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                theirs.lock().unwrap().connections += 1;
                let (choose, seen) = (Arc::clone(&choose), Arc::clone(&theirs));
                tokio::spawn(async move { serve(stream, &*choose, &seen).await });
            }
        });
        Self { url, seen }
    }

    /// The requests received so far.
    pub fn requests(&self) -> Vec<String> {
        self.seen.lock().unwrap().requests.clone()
    }

    /// The only request received; fails if there is another number of them.
    pub fn only_request(&self) -> String {
        let requests = self.requests();
        assert_eq!(requests.len(), 1, "{requests:?}");
        requests.into_iter().next().unwrap()
    }

    /// The number of connections.
    pub fn connections(&self) -> usize {
        self.seen.lock().unwrap().connections
    }

    /// How many bytes of [`End::More`] the client has taken.
    pub fn sent(&self) -> usize {
        self.seen.lock().unwrap().sent
    }
}

async fn serve(
    mut stream: TcpStream,
    choose: &(dyn Fn(&str) -> Answer + Send + Sync),
    seen: &Mutex<Seen>,
) {
    let Some(request) = request(&mut stream).await else { return };
    let answer = choose(&request);
    seen.lock().unwrap().requests.push(request);
    tokio::time::sleep(answer.after).await;
    stream.write_all(&answer.bytes).await.unwrap();
    match answer.end {
        End::Closed => stream.shutdown().await.unwrap_or_default(),
        End::Torn => stream.set_zero_linger().unwrap(),
        End::Silent => std::future::pending().await,
        End::More(bytes) => more(&mut stream, bytes, seen).await,
    }
}

async fn more(stream: &mut (impl AsyncWrite + Unpin), bytes: usize, seen: &Mutex<Seen>) {
    let part = [b' '; 1 << 16];
    let mut left = bytes;
    while left > 0 {
        let next = &part[..left.min(part.len())];
        let Ok(sent) = stream.write(next).await else { return };
        left -= sent;
        seen.lock().unwrap().sent += sent;
    }
}

/// A request with its body; `None` if nothing was received.
pub async fn request(stream: &mut (impl AsyncRead + Unpin)) -> Option<String> {
    let mut text = Vec::new();
    while !text.ends_with(b"\r\n\r\n") {
        text.push(stream.read_u8().await.ok()?);
    }
    let head = String::from_utf8(text).unwrap();
    let length = header(&head, "content-length").map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.unwrap();
    Some(head + &String::from_utf8(body).unwrap())
}

/// The value of a header of a request.
pub fn header<'a>(request: &'a str, name: &str) -> Option<&'a str> {
    let head = request.split("\r\n\r\n").next()?;
    let lines = head.lines().skip(1).filter_map(|line| line.split_once(": "));
    lines.filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value).next()
}

/// The first line of a request.
pub fn line(request: &str) -> &str {
    request.lines().next().unwrap().trim_end_matches(" HTTP/1.1")
}

/// The body of a request.
pub fn body(request: &str) -> serde_json::Value {
    serde_json::from_str(request.split_once("\r\n\r\n").unwrap().1).unwrap()
}
