//! When an alert was raised, by its own clock.

use super::BadAlert;
use super::fields::{Fields, decimal};
use domain::clock::Timestamp;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

const ALLOWED: &str =
    "must be a time such as 2026-01-31T12:00:00Z, or the seconds or milliseconds since 1970, between 2001 and 2286";
/// From here on a bare number is in milliseconds. Seconds have ten digits from 2001 to 2286, milliseconds thirteen.
const MILLIS_FROM: i64 = 1_000_000_000_000;
const MILLIS_UNTIL: i64 = 10_000_000_000_000;

/// The first of `names` that is there.
pub(super) fn read(places: &[(&Fields<'_>, &str)]) -> Result<Option<Timestamp>, BadAlert> {
    for (fields, name) in places {
        if let Some(text) = fields.text(name)? {
            let millis = millis(text).filter(|ms| (MILLIS_FROM..MILLIS_UNTIL).contains(ms));
            return millis.map(|ms| Some(Timestamp::from_millis(ms))).ok_or_else(|| fields.wrong(name, ALLOWED));
        }
    }
    Ok(None)
}

fn millis(text: &str) -> Option<i64> {
    match decimal(text) {
        Some(number) if number < Decimal::from(MILLIS_FROM) => number.checked_mul(Decimal::ONE_THOUSAND)?.to_i64(),
        Some(number) => number.to_i64(),
        None => Some(text.parse::<jiff::Timestamp>().ok()?.as_millisecond()),
    }
}
