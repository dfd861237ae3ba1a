//! When an alert was raised, by its own clock.

use super::BadAlert;
use super::fields::{Fields, decimal};
use super::lenient::Lenient;
use domain::clock::Timestamp;
use domain::money::is_number;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

const ALLOWED: &str =
    "must be a time such as 2026-01-31T12:00:00Z, or the seconds or milliseconds since 1970, between 2001 and 2286";
/// From here on a bare number is in milliseconds. Seconds have ten digits from 2001 to 2286, milliseconds thirteen.
const MILLIS_FROM: i64 = 1_000_000_000_000;
const MILLIS_UNTIL: i64 = 10_000_000_000_000;

/// The first that is there. A number that no alert can have been raised at counts as left out.
pub(super) fn read(places: &[(&Fields<'_>, &str)]) -> Result<Option<Timestamp>, BadAlert> {
    for (fields, name) in places {
        match fields.observed_text(name).map(|text| (text, moment(text))) {
            Some((_, Some(moment))) => return Ok(Some(moment)),
            Some((text, None)) if !is_number(text) => return Err(fields.wrong(name, ALLOWED)),
            Some(_) | None => {}
        }
    }
    Ok(None)
}

/// The first that can be read, of what says that it leaves.
pub(super) fn of_exit(places: &[(&Lenient<'_>, &str)]) -> Option<Timestamp> {
    places.iter().find_map(|(members, name)| moment(members.text(name)?))
}

fn moment(text: &str) -> Option<Timestamp> {
    let millis = millis(text).filter(|ms| (MILLIS_FROM..MILLIS_UNTIL).contains(ms));
    millis.map(Timestamp::from_millis)
}

fn millis(text: &str) -> Option<i64> {
    match decimal(text) {
        Some(number) if number < Decimal::from(MILLIS_FROM) => number.checked_mul(Decimal::ONE_THOUSAND)?.to_i64(),
        Some(number) => number.to_i64(),
        None => Some(text.parse::<jiff::Timestamp>().ok()?.as_millisecond()),
    }
}
