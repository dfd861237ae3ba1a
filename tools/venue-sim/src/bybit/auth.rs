//! The key, the time, and the signature over both and what is asked.

use super::Refused;
use crate::engine::Millis;
use crate::http::Call;
use crate::site::{Key, Right, Site};
use data_encoding::HEXLOWER_PERMISSIVE;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// A request may be less than this ahead of the exchange's clock.
const AHEAD_MAX: Millis = 1000;
const WINDOW: Millis = 5000;
pub(super) const TIME: &str = "invalid request, please check your server timestamp or recv_window param";

pub(super) fn check(site: &Site, call: &Call, right: Right, now: Millis) -> Result<Key, Refused> {
    let header = |name: &str| call.header(name).filter(|text| !text.is_empty());
    let missing = || Refused::new(10001, "empty value: apiTimestamp[] apiKey[] apiSignature[]");
    let id = header("x-bapi-api-key").ok_or_else(missing)?;
    let timestamp = header("x-bapi-timestamp").ok_or_else(missing)?;
    let signature = header("x-bapi-sign").ok_or_else(missing)?;
    let window = header("x-bapi-recv-window");
    check_time(timestamp, window, now)?;
    let key = site.key(id).ok_or_else(|| Refused::new(10003, "API key is invalid."))?;
    let asked = if call.method == "GET" { &call.query } else { &call.body };
    let signed = format!("{timestamp}{id}{}{asked}", window.unwrap_or_default());
    is_signed(key, &signed, signature)
        .ok_or_else(|| Refused::new(10004, format!("error sign! origin_string[{signed}]")))?;
    if !key.may_come_from(call.ip) {
        return Err(Refused::new(10010, "Unmatched IP, please check your API key's bound IP addresses."));
    }
    if key.may(right) {
        Ok(key.clone())
    } else {
        Err(Refused::new(10005, "Permission denied, please check your API key permissions."))
    }
}

fn check_time(timestamp: &str, window: Option<&str>, now: Millis) -> Result<(), Refused> {
    let sent: Millis = timestamp.parse().map_err(|_| Refused::parameter("timestamp"))?;
    let window = window.map_or(Ok(WINDOW), str::parse).map_err(|_| Refused::parameter("recv_window"))?;
    if sent >= now.saturating_add(AHEAD_MAX) || sent < now.saturating_sub(window) {
        let told = format!("{TIME}. req_timestamp[{sent}],server_timestamp[{now}],recv_window[{window}]");
        return Err(Refused::new(10002, told));
    }
    Ok(())
}

/// HMAC-SHA-256, in hexadecimal digits.
fn is_signed(key: &Key, what: &str, signature: &str) -> Option<()> {
    let signature = HEXLOWER_PERMISSIVE.decode(signature.as_bytes()).ok()?;
    let mut mac = Hmac::<Sha256>::new_from_slice(key.secret.as_bytes()).ok()?;
    mac.update(what.as_bytes());
    mac.verify_slice(&signature).ok()
}
