//! Who asks, and when: the key, its rights and addresses, the signature, the time.

use super::error::Refused;
use super::routes::Security;
use crate::engine::Millis;
use crate::http::{Call, Params};
use crate::site::{Key, Right, Site};
use data_encoding::HEXLOWER_PERMISSIVE;
use domain::money::Decimal;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// A request may be this far ahead of the exchange's clock.
const AHEAD_MAX: Millis = 1000;
const WINDOW: Decimal = Decimal::from_parts(5000, 0, 0, false, 0);
const WINDOW_MAX: Decimal = Decimal::from_parts(60_000, 0, 0, false, 0);
/// What is later than this in milliseconds was meant in microseconds.
const MICROSECONDS_FROM: Millis = 100_000_000_000_000;

pub(super) fn check(
    site: &Site,
    call: &Call,
    security: Security,
    params: &Params,
    now: Millis,
) -> Result<Option<Key>, Refused> {
    if security == Security::None {
        return Ok(None);
    }
    let bad_format = || Refused { status: 401, ..Refused::new(-2014, "API-key format invalid.") };
    let id = call.header("x-mbx-apikey").filter(|id| is_in_format(id)).ok_or_else(bad_format)?;
    check_time(params, now)?;
    let key = site.key(id).ok_or_else(Refused::key)?;
    check_signature(call, params, key)?;
    let right = if security == Security::Trade { Right::Trade } else { Right::Read };
    if key.may(right) && key.may_come_from(call.ip) { Ok(Some(key.clone())) } else { Err(Refused::key()) }
}

fn is_in_format(id: &str) -> bool {
    id.len() == 64 && id.chars().all(|letter| letter.is_ascii_alphanumeric())
}

fn check_time(params: &Params, now: Millis) -> Result<(), Refused> {
    let sent: Millis = params.number("timestamp").ok_or_else(|| Refused::missing("timestamp"))?;
    let sent = if sent >= MICROSECONDS_FROM { sent.div_euclid(1000) } else { sent };
    let window = match params.get("recvWindow") {
        None => WINDOW,
        Some(text) => Decimal::from_str_exact(text).map_err(|_| Refused::missing("recvWindow"))?,
    };
    if window > WINDOW_MAX {
        return Err(Refused::new(-1131, "recvWindow must be less than 60000."));
    }
    if sent >= now.saturating_add(AHEAD_MAX) {
        return Err(Refused::new(-1021, "Timestamp for this request was 1000ms ahead of the server's time."));
    }
    if Decimal::from(now.saturating_sub(sent)) > window { Err(Refused::outside_of_window()) } else { Ok(()) }
}

/// HMAC-SHA-256 over the query and, without anything between, the body.
fn check_signature(call: &Call, params: &Params, key: &Key) -> Result<(), Refused> {
    let bad = || Refused::new(-1022, "Signature for this request is not valid.");
    let signature = params.get("signature").ok_or_else(|| Refused::missing("signature"))?;
    let signature = HEXLOWER_PERMISSIVE.decode(signature.as_bytes()).map_err(|_| bad())?;
    let mut mac = Hmac::<Sha256>::new_from_slice(key.secret.as_bytes()).map_err(|_| bad())?;
    mac.update(unsigned(&call.query).as_bytes());
    mac.update(unsigned(&call.body).as_bytes());
    mac.verify_slice(&signature).map_err(|_| bad())
}

fn unsigned(text: &str) -> String {
    text.split('&').filter(|pair| !pair.starts_with("signature=")).collect::<Vec<_>>().join("&")
}
