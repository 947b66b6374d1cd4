//! Standard Webhooks: is this body from the device whose secret this is, and from just now?

use axum::http::HeaderMap;
use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use sha2::Sha256;

/// The tolerance of the specification's own libraries, in either direction.
const TOLERANCE_SECONDS: i64 = 5 * 60;

/// The reason is for the developer of the sender.
pub fn verify(
    secret: &str,
    headers: &HeaderMap,
    body: &[u8],
    now: Timestamp,
) -> Result<(), &'static str> {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let id = header("webhook-id").ok_or("The header webhook-id is missing.")?;
    let timestamp =
        header("webhook-timestamp").ok_or("The header webhook-timestamp is missing.")?;
    let signatures =
        header("webhook-signature").ok_or("The header webhook-signature is missing.")?;
    let sent: i64 =
        timestamp.parse().map_err(|_| "webhook-timestamp is not a number of seconds.")?;
    if now.as_second().abs_diff(sent) > TOLERANCE_SECONDS.unsigned_abs() {
        return Err("webhook-timestamp is more than five minutes away.");
    }
    let expected = mac(secret, id, timestamp, body).ok_or("The signing secret is not readable.")?;
    let mut given =
        signatures.split(' ').filter_map(|one| STANDARD.decode(one.strip_prefix("v1,")?).ok());
    // `verify_slice` takes the same time for every wrong signature.
    if given.any(|signature| expected.clone().verify_slice(&signature).is_ok()) {
        Ok(())
    } else {
        Err("No signature fits the body.")
    }
}

fn mac(secret: &str, id: &str, timestamp: &str, body: &[u8]) -> Option<Hmac<Sha256>> {
    let key = STANDARD.decode(secret.strip_prefix("whsec_")?).ok()?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).ok()?;
    mac.update(format!("{id}.{timestamp}.").as_bytes());
    mac.update(body);
    Some(mac)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const SIGNATURE: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    const BODY: &[u8] = br#"{"test": 2432232314}"#;
    const SENT: i64 = 1_614_265_330;

    fn judge(signature: &str, body: &[u8], seconds_later: i64) -> Result<(), &'static str> {
        let mut headers = HeaderMap::new();
        headers.insert("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek".parse().unwrap());
        headers.insert("webhook-timestamp", SENT.into());
        headers.insert("webhook-signature", signature.parse().unwrap());
        verify(SECRET, &headers, body, Timestamp::from_second(SENT + seconds_later).unwrap())
    }

    #[test]
    fn the_published_test_vector_is_accepted() {
        assert_eq!(judge(SIGNATURE, BODY, 0), Ok(()));
    }

    #[test]
    fn one_right_signature_among_several_is_enough() {
        assert_eq!(judge(&format!("v1a,AAAA v1,AAAA {SIGNATURE}"), BODY, 0), Ok(()));
    }

    #[test]
    fn a_changed_body_a_cut_signature_and_another_version_are_refused() {
        assert!(judge(SIGNATURE, br#"{"test": 2432232315}"#, 0).is_err(), "the body was changed");
        assert!(judge("v1,g0hM9SsE", BODY, 0).is_err(), "a part of the signature was accepted");
        assert!(
            judge(&SIGNATURE.replace("v1,", "v2,"), BODY, 0).is_err(),
            "v2 is not ours to read"
        );
    }

    #[test]
    fn five_minutes_are_tolerated_in_both_directions_and_no_more() {
        assert_eq!(judge(SIGNATURE, BODY, 300), Ok(()));
        assert_eq!(judge(SIGNATURE, BODY, -300), Ok(()));
        assert!(judge(SIGNATURE, BODY, 301).is_err(), "too old");
        assert!(judge(SIGNATURE, BODY, -301).is_err(), "from the future");
    }
}
