//! The ordinary client takes the way that the system names.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};

use deskside_model::evidence::Fault;
use deskside_model::{Proxy, ProxyChoice, Secret};
use deskside_net::{Http, Validator};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use url::Url;

use super::ask::PATIENT;

/// A proxy that lets nobody through, and the heads that it receives.
async fn refusing_proxy() -> (SocketAddr, UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (asked, heads) = unbounded_channel();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut head = vec![0; 4096];
            let length = stream.read(&mut head).await.unwrap();
            head.truncate(length);
            asked.send(String::from_utf8(head).unwrap()).unwrap();
            stream.write_all(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n").await.unwrap();
        }
    });
    (address, heads)
}

fn through(address: SocketAddr, sign_in: Option<(String, Secret)>) -> ProxyChoice {
    let address = format!("http://{address}").parse().unwrap();
    ProxyChoice::Through(Proxy { address, sign_in })
}

/// The fault of a request for this address.
async fn ask_for(url: &str, http: &Http) -> Option<Fault> {
    let url = Url::parse(url).unwrap();
    http.picture(&url, &Validator::default()).await.err()
}

#[tokio::test]
async fn requests_go_through_the_proxy_with_its_password() {
    let (proxy, mut heads) = refusing_proxy().await;
    let signed = move |url: &Url| {
        assert_eq!(url.host_str(), Some("vendor.example"));
        through(proxy, Some(("clerk".into(), Secret::new("pass:word".into()))))
    };
    let http = Http::trusting(PATIENT, &[], signed).unwrap();
    assert_eq!(ask_for("https://vendor.example/a.png", &http).await, Some(Fault::Unreachable));
    let head = heads.recv().await.unwrap().to_lowercase();
    assert!(head.starts_with("connect vendor.example:443 "), "{head}");
    // "clerk:pass:word"
    assert!(head.contains("proxy-authorization: basic y2xlcms6cgfzczp3b3jk"), "{head}");
}

#[tokio::test]
async fn a_proxy_that_fails_is_asked_for_again() {
    let (old, mut old_heads) = refusing_proxy().await;
    let (new, mut new_heads) = refusing_proxy().await;
    let asked = AtomicUsize::new(0);
    let changing = move |_: &Url| {
        through(if asked.fetch_add(1, Ordering::Relaxed) == 0 { old } else { new }, None)
    };
    let http = Http::trusting(PATIENT, &[], changing).unwrap();
    for heads in [&mut old_heads, &mut new_heads] {
        assert_eq!(ask_for("https://vendor.example/a.png", &http).await, Some(Fault::Unreachable));
        assert!(heads.try_recv().is_ok(), "the request took another way");
    }
}

#[tokio::test]
async fn this_computer_is_reached_without_a_proxy() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let here = format!("http://{}/a.png", listener.local_addr().unwrap());
    let http = Http::trusting(PATIENT, &[], |_| panic!("nobody is asked")).unwrap();
    let (fault, accepted) = tokio::join!(ask_for(&here, &http), async {
        drop(listener.accept().await.unwrap());
    });
    assert_eq!((fault, accepted), (Some(Fault::Unreachable), ()));
}
