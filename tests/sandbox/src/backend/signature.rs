//! Standard Webhooks signatures: verifies that a body comes from the device with this secret and is recent.

use axum::http::HeaderMap;
use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use sha2::Sha256;

/// Tolerance in both directions, the same as in the specification's own libraries.
const TOLERANCE_SECONDS: i64 = 5 * 60;

/// Verifies a signature. The error tells the sender's developer what is wrong.
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
        return Err(
            "webhook-timestamp differs from this computer's clock by more than five minutes.",
        );
    }
    let expected = mac(secret, id, timestamp, body).ok_or("The signing secret is invalid.")?;
    let mut candidates =
        signatures.split(' ').filter_map(|one| STANDARD.decode(one.strip_prefix("v1,")?).ok());
    // `verify_slice` takes constant time.
    if candidates.any(|signature| expected.clone().verify_slice(&signature).is_ok()) {
        Ok(())
    } else {
        Err("No signature matches the body.")
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

    fn verify_at(signature: &str, body: &[u8], seconds_later: i64) -> Result<(), &'static str> {
        let mut headers = HeaderMap::new();
        headers.insert("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek".parse().unwrap());
        headers.insert("webhook-timestamp", SENT.into());
        headers.insert("webhook-signature", signature.parse().unwrap());
        verify(SECRET, &headers, body, Timestamp::from_second(SENT + seconds_later).unwrap())
    }

    #[test]
    fn accepts_the_published_test_vector() {
        assert_eq!(verify_at(SIGNATURE, BODY, 0), Ok(()));
    }

    #[test]
    fn accepts_one_valid_signature_among_several() {
        assert_eq!(verify_at(&format!("v1a,AAAA v1,AAAA {SIGNATURE}"), BODY, 0), Ok(()));
    }

    #[test]
    fn rejects_changed_bodies_partial_signatures_and_other_versions() {
        assert!(
            verify_at(SIGNATURE, br#"{"test": 2432232315}"#, 0).is_err(),
            "the body was changed"
        );
        assert!(verify_at("v1,g0hM9SsE", BODY, 0).is_err(), "the signature is incomplete");
        assert!(
            verify_at(&SIGNATURE.replace("v1,", "v2,"), BODY, 0).is_err(),
            "v2 is not supported"
        );
    }

    #[test]
    fn tolerates_five_minutes_of_clock_difference_and_no_more() {
        assert_eq!(verify_at(SIGNATURE, BODY, 300), Ok(()));
        assert_eq!(verify_at(SIGNATURE, BODY, -300), Ok(()));
        assert!(verify_at(SIGNATURE, BODY, 301).is_err(), "too old");
        assert!(verify_at(SIGNATURE, BODY, -301).is_err(), "from the future");
    }
}
