//! Keys: made from a seed, so that they are the same at every start, in the shape that each exchange gives them.
//!
//! They open nothing but this simulator.

use crate::http::Call;
use crate::site::{Key, Site, SiteName};
use data_encoding::{BASE64, BASE64URL_NOPAD, HEXLOWER};
use p256::SecretKey;
use p256::pkcs8::LineEnding;
use serde_json::Value;
use sha2::{Digest, Sha256, Sha512};

/// How long Bybit's keys and secrets are.
const BYBIT_ID: usize = 18;
const BYBIT_SECRET: usize = 36;

/// The key's public name and its secret.
pub(crate) fn made(site: SiteName, seed: &str, account: &str, name: &str) -> Result<(String, String), String> {
    let told = format!("{seed}/{site}/{account}/{name}");
    let id = Sha256::digest(format!("{told}/id"));
    let secret = Sha256::digest(format!("{told}/secret"));
    Ok(match site {
        SiteName::Binance | SiteName::BinanceTestnet | SiteName::BinanceFutures => {
            (HEXLOWER.encode(&id), HEXLOWER.encode(&secret))
        }
        SiteName::Bybit => {
            let part = |bytes: &[u8], length| HEXLOWER.encode(bytes).chars().take(length).collect::<String>();
            (part(&id, BYBIT_ID), part(&secret, BYBIT_SECRET))
        }
        SiteName::Kraken => {
            let id = BASE64.encode(Sha512::digest(id).get(..42).unwrap_or_default());
            (id, BASE64.encode(&Sha512::digest(secret)))
        }
        SiteName::Coinbase => {
            let id = HEXLOWER.encode(&id);
            let name = format!("organizations/{}/apiKeys/{}", uuid(&id), uuid(id.get(32..).unwrap_or_default()));
            let key = SecretKey::from_slice(&secret).map_err(|error| format!("a key of Coinbase: {error}"))?;
            let pem = key.to_sec1_pem(LineEnding::LF).map_err(|error| format!("a key of Coinbase: {error}"))?;
            (name, pem.to_string())
        }
    })
}

/// Hexadecimal digits in the groups of a UUID.
pub(crate) fn uuid(hex: &str) -> String {
    let groups = [0..8, 8..12, 12..16, 16..20, 20..32];
    groups.map(|group| hex.get(group).unwrap_or_default().to_owned()).join("-")
}

/// The same UUID for the same thing.
pub(crate) fn uuid_of(what: &str) -> String {
    uuid(&HEXLOWER.encode(&Sha256::digest(what)))
}

/// The key that a request names, whether or not its signature holds.
pub(crate) fn named<'a>(site: &'a Site, call: &Call) -> Option<&'a Key> {
    match site.name {
        SiteName::Binance | SiteName::BinanceTestnet | SiteName::BinanceFutures => {
            site.key(call.header("x-mbx-apikey")?)
        }
        SiteName::Kraken => site.key(call.header("api-key")?),
        SiteName::Bybit => site.key(call.header("x-bapi-api-key")?),
        SiteName::Coinbase => {
            let head = call.header("authorization")?.strip_prefix("Bearer ")?.split('.').next()?;
            let head: Value = serde_json::from_slice(&BASE64URL_NOPAD.decode(head.as_bytes()).ok()?).ok()?;
            site.key(head.get("kid")?.as_str()?)
        }
    }
}
