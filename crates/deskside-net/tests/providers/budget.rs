//! How often Codat is queried, according to its answers.

use deskside_net::codat::{Budget, Pace};
use jiff::{SignedDuration, Timestamp};

use super::ask::{codat, http};
use super::server::{Answer, Server};

const USUAL: SignedDuration = SignedDuration::from_mins(15);

fn now() -> Timestamp {
    "2026-11-20T22:00:00Z".parse().unwrap()
}

fn left(limit: u64, remaining: u64) -> Budget {
    let reset = Some(now() + SignedDuration::from_hours(2));
    Budget { limit: Some(limit), remaining: Some(remaining), reset, not_before: None }
}

/// The budget after an answer with these headers.
async fn after(status: u16, headers: &str) -> Budget {
    let answer = Answer::with(status, headers, "application/json", r#"{"id":"c"}"#);
    let server = Server::answering(answer).await;
    let mut client = codat(http(), &server.url);
    assert_eq!(client.company("c").await.is_ok(), status == 200);
    client.budget
}

#[test]
fn codat_is_queried_every_15_minutes_or_faster_while_linking() {
    assert_eq!(Budget::default().wait(now(), Pace::Usual), USUAL);
    assert!(Budget::default().wait(now(), Pace::LinkPending) < SignedDuration::from_mins(1));
    assert_eq!(left(1000, 1000).wait(now(), Pace::Usual), USUAL);
}

#[test]
fn last_fifth_of_the_daily_budget_is_reserved_until_reset() {
    let until_reset = SignedDuration::from_hours(2);
    for pace in [Pace::Usual, Pace::LinkPending] {
        assert!(left(1000, 200).wait(now(), pace) <= USUAL);
        assert_eq!(left(1000, 199).wait(now(), pace), until_reset);
        let later = now() + SignedDuration::from_hours(3);
        assert!(left(1000, 199).wait(later, pace) <= USUAL, "the limit has been reset");
    }
    let without_limit = Budget { limit: None, ..left(0, 0) };
    assert_eq!(without_limit.wait(now(), Pace::Usual), until_reset);
    assert_eq!(left(0, 0).wait(now(), Pace::Usual), until_reset);
}

#[test]
fn requested_pauses_are_honored_up_to_one_day() {
    let pause = |hours| Budget {
        not_before: Some(now() + SignedDuration::from_hours(hours)),
        ..Budget::default()
    };
    assert_eq!(pause(1).wait(now(), Pace::LinkPending), SignedDuration::from_hours(1));
    assert_eq!(pause(-1).wait(now(), Pace::Usual), USUAL);
    assert_eq!(pause(9999).wait(now(), Pace::Usual), SignedDuration::from_hours(24));
    let extreme = Budget {
        limit: Some(u64::MAX),
        remaining: Some(0),
        reset: Some(Timestamp::MAX),
        not_before: Some(Timestamp::MAX),
    };
    assert_eq!(extreme.wait(Timestamp::MIN, Pace::Usual), SignedDuration::from_hours(24));
    assert_eq!(extreme.wait(Timestamp::MAX, Pace::Usual), USUAL);
}

#[tokio::test]
async fn rate_limit_headers_are_read_from_answers_and_refusals() {
    let headers = "X-Rate-Limit-Limit: 1,000\r\nX-Rate-Limit-Remaining: 12.0\r\n\
                   X-Rate-Limit-Reset: 2026-11-21T00:00:00Z\r\n";
    for status in [200, 404, 500] {
        let budget = after(status, headers).await;
        assert_eq!((budget.limit, budget.remaining), (Some(1000), Some(12)), "{status}");
        assert_eq!(budget.reset, Some("2026-11-21T00:00:00Z".parse().unwrap()));
    }
    assert_eq!(after(200, "").await, Budget::default());
    assert_eq!(after(200, "X-Rate-Limit-Remaining: many\r\n").await, Budget::default());
}

#[tokio::test]
async fn every_reset_format_is_parsed_and_defaults_to_midnight() {
    let midnight: Timestamp = "2030-01-02T00:00:00Z".parse().unwrap();
    for reset in [
        "2030-01-02T00:00:00Z",
        "2030-01-02",
        "2030-01-02 00:00:00",
        "Wed, 02 Jan 2030 00:00:00 GMT",
        "1893542400",
        "1893542400000",
    ] {
        let headers = format!("X-Rate-Limit-Remaining: 1\r\nX-Rate-Limit-Reset: {reset}\r\n");
        assert_eq!(after(200, &headers).await.reset, Some(midnight), "{reset}");
    }
    let near = |from_now: SignedDuration, budget: Budget| {
        let expected = Timestamp::now() + from_now;
        budget.reset.unwrap().duration_since(expected).abs() < SignedDuration::from_mins(1)
    };
    let seconds = "X-Rate-Limit-Remaining: 1\r\nX-Rate-Limit-Reset: 3600\r\n";
    assert!(near(SignedDuration::from_hours(1), after(200, seconds).await));
    for unreadable in ["soon", "-1", "99999999999999999999"] {
        let headers = format!("X-Rate-Limit-Remaining: 1\r\nX-Rate-Limit-Reset: {unreadable}\r\n");
        let reset = after(200, &headers).await.reset.unwrap();
        assert_eq!(reset.as_second() % 86_400, 0, "{unreadable}: {reset}");
        assert!(reset > Timestamp::now() - SignedDuration::from_mins(1));
    }
}

#[tokio::test]
async fn retry_after_of_a_refusal_sets_the_pause() {
    let budget = after(429, "Retry-After: 120\r\n").await;
    let wait = budget.wait(Timestamp::now(), Pace::LinkPending);
    assert!(
        wait > SignedDuration::from_secs(60) && wait <= SignedDuration::from_secs(120),
        "{wait}"
    );
    assert_eq!(after(429, "").await.not_before, None);
    let absurd = after(429, "Retry-After: 9223372036854775807\r\n").await;
    assert_eq!(absurd.wait(Timestamp::now(), Pace::Usual).as_hours(), 23, "a day, less a moment");
}
