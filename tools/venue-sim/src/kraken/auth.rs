//! The key, its signature over path, nonce and body, and the nonce that only grows, but for the window that its key has.

use crate::http::{Call, Params};
use crate::site::{Key, Right, Site};
use data_encoding::BASE64;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256, Sha512};

pub(super) fn check(site: &mut Site, call: &Call, params: &Params, right: Right) -> Result<Key, String> {
    let key = call.header("api-key").and_then(|id| site.key(id)).cloned().ok_or("EAPI:Invalid key")?;
    let nonce = params.get("nonce").ok_or("EAPI:Invalid nonce")?;
    signed(&key, call, nonce).ok_or("EAPI:Invalid signature")?;
    grown(site, &key, nonce).ok_or("EAPI:Invalid nonce")?;
    if key.may(right) && key.may_come_from(call.ip) { Ok(key) } else { Err("EGeneral:Permission denied".to_owned()) }
}

/// HMAC-SHA-512 over the path and the SHA-256 of nonce and body.
fn signed(key: &Key, call: &Call, nonce: &str) -> Option<()> {
    let signature = BASE64.decode(call.header("api-sign")?.as_bytes()).ok()?;
    let secret = BASE64.decode(key.secret.as_bytes()).ok()?;
    let mut mac = Hmac::<Sha512>::new_from_slice(&secret).ok()?;
    mac.update(call.path.as_bytes());
    mac.update(&Sha256::digest(format!("{nonce}{}", call.body)));
    mac.verify_slice(&signature).ok()
}

fn grown(site: &mut Site, key: &Key, nonce: &str) -> Option<()> {
    let nonce: u64 = nonce.parse().ok()?;
    let greatest = site.nonces.entry(key.id.clone()).or_default();
    is_taken(nonce, *greatest, key.nonce_window).then(|| *greatest = nonce.max(*greatest))
}

/// Whether a number that came before is refused within the window is not documented: here it is taken, so that nothing
/// may hang on it.
fn is_taken(nonce: u64, greatest: u64, window: u64) -> bool {
    nonce.saturating_add(window) > greatest
}

#[cfg(test)]
mod tests {
    use super::is_taken;

    #[test]
    fn a_number_grows_but_for_the_window_of_its_key() {
        for (nonce, window, is_so) in
            [(99, 0, false), (100, 0, false), (101, 0, true), (100, 10, true), (91, 10, true), (90, 10, false)]
        {
            assert_eq!(is_taken(nonce, 100, window), is_so, "{nonce} in {window}");
        }
        assert!(is_taken(u64::MAX, 100, u64::MAX));
    }
}
