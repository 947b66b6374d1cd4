//! Standard Webhooks 1.0 signatures: HMAC-SHA256 over `id.timestamp.body`, checked against the official
//! library. docs/sources/platform.md#standards

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use deskside_model::Secret;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

/// The signing secret does not have the form `whsec_` + base64.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the signing secret does not have the form whsec_…")]
pub struct SigningFault;

/// Computes the value of the `webhook-signature` header.
///
/// # Errors
/// [`SigningFault`] when the secret cannot be decoded.
pub fn sign(secret: &Secret, id: &str, timestamp: i64, body: &str) -> Result<String, SigningFault> {
    let encoded = secret.reveal().strip_prefix("whsec_").ok_or(SigningFault)?;
    let key = Zeroizing::new(STANDARD.decode(encoded).map_err(|_| SigningFault)?);
    // Anyone could forge a signature with an empty key.
    if key.is_empty() {
        return Err(SigningFault);
    }
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).map_err(|_| SigningFault)?;
    mac.update(format!("{id}.{timestamp}.").as_bytes());
    mac.update(body.as_bytes());
    Ok(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_signature_example_is_reproduced() {
        let secret = Secret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".into());
        let signed =
            sign(&secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        let expected = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        assert_eq!(signed.as_deref(), Ok(expected));
    }

    #[test]
    fn malformed_signing_secrets_are_refused() {
        for bad in ["", "whsec_", "whsec_%%%", "secret"] {
            let signed = sign(&Secret::new(bad.into()), "id", 0, "");
            assert_eq!(signed, Err(SigningFault));
        }
    }
}
