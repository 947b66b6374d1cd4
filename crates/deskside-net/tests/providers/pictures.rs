//! Pictures from the providers' hosts: only content that is clearly a picture, and only from the requested
//! address.

use deskside_model::evidence::Fault;
use deskside_net::{Download, PictureData, PictureKind, Validator};
use jiff::SignedDuration;
use url::Url;

use super::ask::http;
use super::server::{Answer, End, Server, header};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\nand more";

async fn found(answer: Answer) -> Result<Download, Fault> {
    let server = Server::answering(answer).await;
    let found = http().picture(&server.url, &Validator::default()).await;
    assert_eq!(header(&server.only_request(), "authorization"), None);
    assert_eq!(header(&server.only_request(), "if-none-match"), None);
    found
}

#[tokio::test]
async fn picture_download_returns_cache_metadata() {
    let headers = "ETag: \"v1\"\r\nLast-Modified: Fri, 20 Nov 2026 08:00:00 GMT\r\n\
                   Cache-Control: public, max-age=3600\r\n";
    let found = found(Answer::with(200, headers, "image/png", PNG)).await;
    let validator = Validator {
        etag: Some("\"v1\"".into()),
        last_modified: Some("Fri, 20 Nov 2026 08:00:00 GMT".into()),
    };
    let max_age = Some(SignedDuration::from_hours(1));
    let kind = PictureKind::Png;
    assert_eq!(
        found,
        Ok(Download::Fresh(PictureData { bytes: PNG.into(), kind, validator, max_age }))
    );
}

#[tokio::test]
async fn cached_picture_is_revalidated_with_its_validators() {
    let server = Server::answering(Answer::with(304, "", "image/png", "")).await;
    let kept = Validator { etag: Some("\"v1\"".into()), last_modified: Some("then".into()) };
    let found = http().picture(&server.url, &kept).await;
    assert_eq!(found, Ok(Download::NotModified(None)));
    let request = server.only_request();
    assert_eq!(header(&request, "if-none-match"), Some("\"v1\""));
    assert_eq!(header(&request, "if-modified-since"), Some("then"));
}

#[tokio::test]
async fn not_modified_without_a_cached_picture_is_unusable() {
    assert_eq!(found(Answer::with(304, "", "image/png", "")).await, Err(Fault::Unusable));
}

#[tokio::test]
async fn content_that_is_not_clearly_a_picture_is_refused() {
    for (kind, body) in [
        ("text/html", &b"<svg/>"[..]),
        ("image/png", b"<script>alert(1)</script>"),
        ("image/jpeg", PNG),
        ("image/svg+xml", b"<html><svg/></html>"),
        ("image/bmp", b"BM"),
        ("application/octet-stream", PNG),
    ] {
        assert_eq!(found(Answer::with(200, "", kind, body)).await, Err(Fault::Unusable), "{kind}");
    }
    let unnamed = [&b"HTTP/1.1 200 So\r\nConnection: close\r\n\r\n"[..], PNG].concat();
    assert_eq!(found(Answer::raw(unnamed)).await, Err(Fault::Unusable));
}

#[tokio::test]
async fn pictures_above_512_kb_are_refused() {
    for (size, expected) in [(512 << 10, true), ((512 << 10) + 1, false)] {
        let mut body = PNG.to_vec();
        body.resize(size, 0);
        let found = found(Answer::with(200, "", "image/png", body)).await;
        assert_eq!(found.is_ok(), expected, "{size}");
    }
    let head = [&b"HTTP/1.1 200 So\r\nContent-Type: image/png\r\n\r\n"[..], PNG].concat();
    let endless = Answer { end: End::More(50 << 20), ..Answer::raw(head) };
    assert_eq!(found(endless).await, Err(Fault::Unusable));
}

#[tokio::test]
async fn picture_redirects_and_refusals_are_unusable() {
    let elsewhere = Server::answering(Answer::with(200, "", "image/png", PNG)).await;
    let to = format!("Location: {}\r\n", elsewhere.url);
    assert_eq!(found(Answer::with(302, &to, "image/png", PNG)).await, Err(Fault::Unusable));
    assert_eq!(found(Answer::with(404, "", "image/png", PNG)).await, Err(Fault::Unusable));
    assert_eq!(elsewhere.connections(), 0, "the redirect was followed");
}

#[tokio::test]
async fn insecure_or_password_picture_urls_are_not_requested() {
    let server = Server::answering(Answer::with(200, "", "image/png", PNG)).await;
    let mut with_password = server.url.clone();
    with_password.set_password(Some("pw")).unwrap();
    let elsewhere: Url = "http://static.codat.example/a.png".parse().unwrap();
    for url in [with_password, elsewhere] {
        let found = http().picture(&url, &Validator::default()).await;
        assert_eq!(found, Err(Fault::Unusable), "{url}");
    }
    assert_eq!(server.connections(), 0);
}
