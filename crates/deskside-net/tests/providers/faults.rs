//! Each failure becomes the right fault for every client after one request.

use std::time::Duration;

use deskside_model::ProxyChoice;
use deskside_model::evidence::Fault;
use deskside_net::{Limits, ProviderClient, codat, conductor};
use jiff::SignedDuration;

use super::ask::{ALL_CALLS, Call, Log, PATIENT, backend, codat, conductor, http, results_of_all};
use super::server::{Answer, End, Server};

/// Short enough to wait for, long enough for a busy machine to answer.
const SHORT: Duration = Duration::from_millis(300);

async fn assert_all(fault: Fault, answer: impl Fn(Call) -> Answer) {
    for (call, found) in ALL_CALLS.into_iter().zip(results_of_all(PATIENT, answer).await) {
        assert_eq!(found, Err(fault), "{call:?}");
    }
}

#[tokio::test]
async fn valid_answers_are_accepted_by_every_client() {
    let found = results_of_all(PATIENT, |call| Answer::json(200, call.valid_answer())).await;
    assert_eq!(found, [Ok(()); ALL_CALLS.len()], "the faults below would prove nothing");
}

#[tokio::test]
async fn missing_answer_is_unreachable_after_the_time_limit() {
    let limits = Limits { connect: SHORT, usual: SHORT, check: SHORT };
    let silent = |_| Answer { end: End::Silent, ..Answer::raw("") };
    for call in ALL_CALLS {
        let server = Server::answering(silent(call)).await;
        let http = deskside_net::Http::trusting(limits, &[], |_| ProxyChoice::Direct).unwrap();
        assert_eq!(call.send(http, &server.url).await, Err(Fault::Unreachable), "{call:?}");
        // On a very busy machine the request may not have arrived yet
        assert!(server.requests().len() <= 1, "{call:?} sent another request");
    }
}

#[tokio::test]
async fn unfinished_body_is_unreachable_after_the_time_limit() {
    let limits = Limits { usual: SHORT, ..PATIENT };
    let head = "HTTP/1.1 200 So\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{";
    let server = Server::answering(Answer { end: End::Silent, ..Answer::raw(head) }).await;
    let http = deskside_net::Http::trusting(limits, &[], |_| ProxyChoice::Direct).unwrap();
    assert_eq!(Call::Codat.send(http, &server.url).await, Err(Fault::Unreachable));
}

#[tokio::test]
async fn checks_have_a_longer_time_limit() {
    let limits = Limits { usual: Duration::from_millis(50), ..PATIENT };
    for call in [Call::ConductorCheck, Call::BackendCheck] {
        let answer = Answer { after: SHORT, ..Answer::json(200, call.valid_answer()) };
        let server = Server::answering(answer).await;
        let http = deskside_net::Http::trusting(limits, &[], |_| ProxyChoice::Direct).unwrap();
        assert_eq!(call.send(http, &server.url).await, Ok(()), "{call:?}");
    }
}

#[tokio::test]
async fn connection_reset_during_an_answer_is_unreachable() {
    assert_all(Fault::Unreachable, |call| {
        let Answer { mut bytes, after, .. } = Answer::json(200, call.valid_answer());
        bytes.pop();
        Answer { bytes, after, end: End::Torn }
    })
    .await;
}

#[tokio::test]
async fn truncated_answer_is_unreachable() {
    assert_all(Fault::Unreachable, |call| {
        let mut answer = Answer::json(200, call.valid_answer());
        answer.bytes.pop();
        answer
    })
    .await;
}

#[tokio::test]
async fn non_http_answer_is_unreachable() {
    assert_all(Fault::Unreachable, |_| Answer::raw("220 mail.example.com ESMTP\r\n")).await;
}

#[tokio::test]
async fn complete_body_with_truncated_json_is_unusable() {
    assert_all(Fault::Unusable, |call| {
        let right = call.valid_answer();
        Answer::json(200, &right[..right.len() - 1])
    })
    .await;
}

#[tokio::test]
async fn html_page_is_unusable_even_if_it_contains_json() {
    assert_all(Fault::Unusable, |_| Answer::with(200, "", "text/html", "<html>Sign in</html>"))
        .await;
    assert_all(Fault::Unusable, |call| Answer::with(200, "", "text/html", call.valid_answer()))
        .await;
    assert_all(Fault::Unusable, |call| Answer::with(200, "", "text/plain", call.valid_answer()))
        .await;
}

#[tokio::test]
async fn json_labeled_as_a_picture_is_unusable() {
    assert_all(Fault::Unusable, |call| Answer::with(200, "", "image/png", call.valid_answer()))
        .await;
}

#[tokio::test]
async fn server_errors_are_unusable_and_not_retried() {
    for status in [500, 502, 503, 504, 599] {
        assert_all(Fault::Unusable, |_| Answer::with(status, "", "text/html", "<h1>Oh</h1>")).await;
        assert_all(Fault::Unusable, |_| Answer::with(status, "Retry-After: 1\r\n", "", "")).await;
    }
}

#[tokio::test]
async fn unaccepted_credentials_are_reported_as_rejected() {
    for status in [401, 403] {
        assert_all(Fault::Rejected, |_| Answer::json(status, r#"{"error":"Unauthorized"}"#)).await;
    }
}

#[tokio::test]
async fn too_many_requests_preserve_retry_after() {
    for (headers, pause) in [
        ("Retry-After: 120\r\n", Some(SignedDuration::from_mins(2))),
        ("Retry-After: whenever\r\n", None),
        ("", None),
    ] {
        let answer = Answer::with(429, headers, "application/json", "{}");
        assert_all(Fault::Unusable, |_| answer.clone()).await;
        let server = Server::answering(answer).await;
        let failure = conductor(http(), &server.url).end_user("end_usr_1").await.unwrap_err();
        assert_eq!(failure.refusal().unwrap().retry_after, pause);
        let failure = codat(http(), &server.url).company("company").await.unwrap_err();
        assert_eq!(failure.refusal().unwrap().retry_after, pause);
    }
}

#[tokio::test]
async fn oversized_answers_are_refused_early() {
    const SIZE: usize = 50 << 20;
    // What the system buffers on both sides of the connection, beyond the one megabyte that is read.
    const BUFFERED: usize = 16 << 20;
    let promised = format!(
        "HTTP/1.1 200 So\r\nContent-Type: application/json\r\nContent-Length: {SIZE}\r\n\r\n"
    );
    let open_ended = "HTTP/1.1 200 So\r\nContent-Type: application/json\r\n\r\n".to_owned();
    for head in [promised, open_ended] {
        for call in ALL_CALLS {
            let answer = Answer { end: End::More(SIZE), ..Answer::raw(head.clone()) };
            let server = Server::answering(answer).await;
            assert_eq!(call.send(http(), &server.url).await, Err(Fault::Unusable), "{call:?}");
            assert_eq!(server.requests().len(), 1, "{call:?} sent another request");
            assert!(server.sent() < BUFFERED, "{call:?} read {} bytes", server.sent());
        }
    }
}

#[tokio::test]
async fn redirects_are_unusable_and_not_followed() {
    for status in [301, 302, 303, 307, 308] {
        let elsewhere = Server::answering(Answer::json(200, "{}")).await;
        let to = format!("Location: {}elsewhere\r\n", elsewhere.url);
        assert_all(Fault::Unusable, |_| Answer::with(status, &to, "application/json", "{}")).await;
        assert_eq!(elsewhere.connections(), 0, "the redirect was followed");
    }
}

#[tokio::test]
async fn keys_are_never_sent_unencrypted() {
    let log = Log::listen();
    for base in ["http://api.conductor.example/v1", "ftp://127.0.0.1/", "https://me:pw@127.0.0.1/"]
    {
        let base = base.parse().unwrap();
        for call in [Call::Conductor, Call::ConductorCheck, Call::Codat] {
            assert_eq!(call.send(http(), &base).await, Err(Fault::Unusable), "{call:?} {base}");
        }
    }
    let text = log.text();
    assert!(text.contains("would not be encrypted"), "the log was not captured: {text}");
    log.assert_no_secret();
}

#[tokio::test]
async fn failure_reason_is_logged_without_the_address() {
    let server = Server::answering(Answer { end: End::Torn, ..Answer::raw("") }).await;
    let log = Log::listen();
    assert_eq!(Call::Conductor.send(http(), &server.url).await, Err(Fault::Unreachable));
    let text = log.text();
    assert!(text.contains("no answer"), "{text}");
    log.assert_no_secret();
}

#[tokio::test]
async fn transport_failure_is_distinguished_from_refusal() {
    let server = Server::answering(Answer::with(302, "Location: /\r\n", "text/html", "")).await;
    let failure = conductor(http(), &server.url).end_users().await.unwrap_err();
    assert_eq!(failure, conductor::ConductorFailure::NoAnswer(Fault::Unusable));
    let failure = codat(http(), &server.url).companies().await.unwrap_err();
    assert_eq!(failure, codat::CodatFailure::NoAnswer(Fault::Unusable));
}

#[tokio::test]
async fn intermediary_pages_do_not_confirm_removal() {
    let cases = [
        (Answer::json(200, "{}"), Err(Fault::Unusable)),
        (Answer::json(503, "{}"), Err(Fault::Unusable)),
        (Answer::json(401, "{}"), Err(Fault::Rejected)),
        (Answer::json(404, "{}"), Ok(())),
        (Answer::json(410, "{}"), Ok(())),
        (Answer::raw("HTTP/1.1 204 No Content\r\n\r\n"), Ok(())),
    ];
    for (answer, expected) in cases {
        let server = Server::answering(answer).await;
        let removed = backend(http(), &server.url).remove("con_1").await;
        assert_eq!(removed.map_err(Fault::from), expected);
    }
}
