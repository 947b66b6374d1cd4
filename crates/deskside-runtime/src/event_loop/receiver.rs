//! Takes in a browser that comes back by the web: for providers that send it only to web addresses
//! (RFC 8252, section 7.3). One address that nobody can guess, one visit, ten minutes.

use std::io;
use std::time::Duration;

use deskside_model::Secret;
use deskside_model::link::{self, Parameter};
use deskside_text as text;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::timeout;
use url::Url;

/// How long it is open.
const OPEN_FOR: Duration = Duration::from_mins(10);
/// A browser says what it wants at once.
const SAYS_WITHIN: Duration = Duration::from_secs(10);
/// The longest request head: a few parameters and what browsers say of themselves.
const MAX_HEAD: usize = 16 << 10;
const MAX_HEADERS: usize = 64;

/// A place to come back to.
pub(super) struct Receiver {
    listener: TcpListener,
    /// The path that must be asked for, with its leading slash.
    path: Secret,
}

impl Receiver {
    /// Opens a place on this computer, at a port that is free, for whoever brings `state`.
    ///
    /// # Errors
    /// When no port can be had.
    pub(super) async fn open(state: &Secret) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        // The value is compared, never shown: it goes into the address that the provider is given.
        let path = Secret::new(format!("/return/{}", state.reveal()));
        Ok(Self { listener, path })
    }

    /// Its address; a secret like the value in it.
    pub(super) fn address(&self) -> Option<Url> {
        let place = self.listener.local_addr().ok()?;
        Url::parse(&format!("http://{place}{}", self.path.reveal())).ok()
    }

    /// Waits for the one visit; what the address said besides. `None` when nobody came in time.
    /// Whoever asks for anything else is sent away, and changes nothing.
    pub(super) async fn visited(self) -> Option<Vec<Parameter>> {
        let (came, mut back) = mpsc::channel(1);
        let serve = async {
            loop {
                tokio::select! {
                    visitor = self.listener.accept() => match visitor {
                        Ok((visitor, _)) => self.receive(visitor, came.clone()),
                        Err(why) => {
                            tracing::warn!(%why, "the browser cannot come back by the web");
                            return None;
                        }
                    },
                    said = back.recv() => return said,
                }
            }
        };
        timeout(OPEN_FOR, serve).await.ok().flatten()
    }

    /// Serves one visitor beside the others: browsers open connections that they never use.
    fn receive(&self, mut visitor: TcpStream, came: mpsc::Sender<Vec<Parameter>>) {
        let path = Secret::new(self.path.reveal().to_owned());
        tokio::spawn(async move {
            let Ok(Ok(head)) = timeout(SAYS_WITHIN, head(&mut visitor)).await else { return };
            let said = asked_for(&head, &path);
            let answer = if said.is_some() { page() } else { not_found() };
            if let Err(why) = visitor.write_all(answer.as_bytes()).await {
                tracing::debug!(%why, "a browser did not wait for its answer");
            }
            if visitor.shutdown().await.is_err() {
                tracing::debug!("a browser was gone before the end");
            }
            if let Some(said) = said
                && came.send(said).await.is_err()
            {
                tracing::debug!("a second browser came back; only the first one counts");
            }
        });
    }
}

/// Reads a request's head.
async fn head(visitor: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    let mut piece = [0; 2048];
    while !head.windows(4).any(|end| end == b"\r\n\r\n") && head.len() < MAX_HEAD {
        let length = visitor.read(&mut piece).await?;
        if length == 0 {
            break;
        }
        head.extend(piece.iter().take(length));
    }
    Ok(head)
}

/// What the right address says besides its path; `None` for any other request.
fn asked_for(head: &[u8], path: &Secret) -> Option<Vec<Parameter>> {
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut request = httparse::Request::new(&mut headers);
    if !request.parse(head).ok()?.is_complete() || request.method != Some("GET") {
        return None;
    }
    let (asked, query) = request.path?.split_once('?').unwrap_or((request.path?, ""));
    let is_right = Secret::new(asked.to_owned()).same_as(path);
    is_right.then(|| link::parameters_in(query))
}

/// What the browser shows: a page without anything that could be loaded or run.
fn page() -> String {
    let (title, body) = (text::came_back_title(), text::came_back_body());
    let html = format!(
        "<!doctype html><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title>\
         <style>body{{font:1.1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:4rem auto;\
         padding:0 1rem;color-scheme:light dark}}</style><h1>{title}</h1><p>{body}</p>"
    );
    answer("200 OK", &html)
}

fn not_found() -> String {
    answer("404 Not Found", "")
}

fn answer(status: &str, html: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\n\
         Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\n\
         Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'\r\n\
         Connection: close\r\n\r\n{html}",
        html.len()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn ask(address: &Url, path: &str) -> String {
        let place = (address.host_str().unwrap(), address.port().unwrap());
        let mut visitor = TcpStream::connect(place).await.unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");
        visitor.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        visitor.read_to_string(&mut answer).await.unwrap();
        answer
    }

    #[tokio::test]
    async fn only_the_right_address_counts_and_only_once() {
        let receiver = Receiver::open(&Secret::new("nonce".into())).await.unwrap();
        let address = receiver.address().unwrap();
        let visited = tokio::spawn(receiver.visited());
        // A browser that connects ahead and says nothing holds nobody up.
        let place = (address.host_str().unwrap(), address.port().unwrap());
        let _silent = TcpStream::connect(place).await.unwrap();
        for wrong in ["/", "/return/", "/return/nonc", "/return/nonce/", "/return/other?x=1"] {
            assert!(ask(&address, wrong).await.starts_with("HTTP/1.1 404 "), "{wrong}");
        }
        assert!(!visited.is_finished());
        let answer = ask(&address, "/return/nonce?statusCode=403&errorMessage=User+left%21").await;
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        assert!(!answer.contains("nonce"), "{answer}");
        let said = visited.await.unwrap().unwrap();
        let expected = [("statusCode", "403"), ("errorMessage", "User left!")];
        let said: Vec<_> =
            said.iter().map(|(name, value)| (name.as_str(), value.reveal())).collect();
        assert_eq!(said, expected);
        assert!(TcpStream::connect(place).await.is_err(), "still open");
    }

    #[tokio::test(start_paused = true)]
    async fn it_closes_after_ten_minutes() {
        let receiver = Receiver::open(&Secret::new("nonce".into())).await.unwrap();
        assert!(receiver.visited().await.is_none());
    }

    #[test]
    fn what_is_no_whole_request_is_nothing() {
        let path = Secret::new("/return/nonce".into());
        for head in
            ["", "GET /return/nonce", "POST /return/nonce HTTP/1.1\r\n\r\n", "\u{0}\r\n\r\n"]
        {
            assert!(asked_for(head.as_bytes(), &path).is_none(), "{head}");
        }
    }
}
