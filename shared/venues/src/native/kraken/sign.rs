//! How a request to the account is signed.

use data_encoding::BASE64;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256, Sha512};
use zeroize::Zeroizing;

/// HMAC-SHA-512 over path and SHA-256 of nonce and body, by the secret; both in base 64. None where the secret is not.
pub(super) fn signature(secret: &str, path: &str, nonce: u64, body: &str) -> Option<String> {
    let secret = Zeroizing::new(BASE64.decode(secret.trim().as_bytes()).ok()?);
    if secret.is_empty() {
        return None;
    }
    let digest = Sha256::new().chain_update(nonce.to_string()).chain_update(body).finalize();
    let mut mac = Hmac::<Sha512>::new_from_slice(&secret).ok()?;
    mac.update(path.as_bytes());
    mac.update(&digest);
    Some(BASE64.encode(&mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the exchange's documentation, with the key that it publishes there.
    const SECRET: &str = "kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRzBHCd3pd5nE9qa99HAZtuZuj6F1huXg==";
    const NONCE: u64 = 1_616_492_376_594;
    const BODY: &str = "nonce=1616492376594&ordertype=limit&pair=XBTUSD&price=37500&type=buy&volume=1.25";
    const SIGNATURE: &str = "4/dpxb3iT4tp/ZCVEwSnEsLxx0bqyhLpdfOpc6fn7OR8+UClSV5n9E6aSS8MPtnRfp32bAb0nmbRn6H8ndwLUQ==";

    #[test]
    fn the_documented_example_has_the_documented_signature() {
        assert_eq!(signature(SECRET, "/0/private/AddOrder", NONCE, BODY).as_deref(), Some(SIGNATURE));
    }

    #[test]
    fn path_nonce_and_body_are_all_signed() {
        let other_body = BODY.replace("buy", "sell");
        for (path, nonce, body) in [
            ("/0/private/Balance", NONCE, BODY),
            ("/0/private/AddOrder", NONCE + 1, BODY),
            ("/0/private/AddOrder", NONCE, other_body.as_str()),
        ] {
            assert_ne!(signature(SECRET, path, nonce, body).as_deref(), Some(SIGNATURE), "{path} {nonce} {body}");
        }
    }

    #[test]
    fn a_secret_that_is_not_base_64_signs_nothing() {
        for secret in ["", "  ", "not base 64!", "abc"] {
            assert_eq!(signature(secret, "/0/private/Balance", 1, "nonce=1"), None, "{secret:?}");
        }
    }
}
