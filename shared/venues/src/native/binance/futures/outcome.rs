//! What futures say in words of their own.
//!
//! 1. Of a `503` two are documented as a failure for certain: *Service Unavailable.*, and being throttled (`-1008`). Any other
//!    says nothing of the order, *Unknown error, …* above all.
//! 2. A client id that is in use may be in use by this very order.
//! 3. The time of a request is looked at once more before it is matched (`-5028`).

use super::super::outcome::Meaning::{self, No, Unknown};
use crate::native::words;

const UNAVAILABLE: &str = "Service Unavailable.";
const THROTTLED: i64 = -1008;

pub(in super::super) fn meaning(status: u16, code: Option<i64>, message: &str) -> Option<Meaning> {
    match (status, code) {
        (503, _) if message == UNAVAILABLE => Some(No(words::RATE_LIMITED)),
        (_, Some(THROTTLED)) => Some(No(words::RATE_LIMITED)),
        (500.., _) | (_, None) => None,
        (_, Some(code)) => of_code(code),
    }
}

#[rustfmt::skip]
fn of_code(code: i64) -> Option<Meaning> {
    Some(match code {
        -4116 | -5041 => Unknown,
        -5028 => No(words::CLOCK),
        -2022 | -2024 | -4062 | -4118 => No(words::REDUCE_ONLY),
        -2025 => No(words::TOO_MANY_ORDERS),
        -4045 | -4120 => No(words::STOP_NOT_TAKEN),
        -2021 | -4142 => No(words::WOULD_TRIGGER_IMMEDIATELY),
        -2027 | -2028 | -4028 | -4161 => No(words::LEVERAGE),
        -4060 | -4061 | -4067 | -4068 | -4531 => No(words::POSITION_MODE),
        -4047 | -4048 | -4168 => No(words::MARGIN_MODE),
        -4140 | -4141 => No(words::MARKET_CLOSED),
        -4164 => No(words::BELOW_NOTIONAL_MIN),
        -4003 | -4004 => No(words::BELOW_QUANTITY_MIN),
        -4005 => No(words::ABOVE_QUANTITY_MAX),
        -4023 => No(words::OFF_QUANTITY_STEP),
        -4014 => No(words::OFF_PRICE_TICK),
        -2020 | -4001 | -4002 | -4013 | -4016 | -4024 | -4131 => No(words::OUT_OF_BOUNDS),
        -1108 => No(words::REFUSED_BY_VENUE),
        _ => return None,
    })
}
