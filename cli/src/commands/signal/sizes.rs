//! What a strategy holds and has held, as its alert tells it.

use crate::args::{Send, Side};
use rust_decimal::Decimal;

/// The members that tell it, by their names.
pub(super) fn members(alert: &Send) -> [(&'static str, Option<String>); 4] {
    let stance = |size: Option<Decimal>| Some(if size?.is_zero() { "flat" } else { alert.side?.word() }.to_owned());
    [
        ("market_position", stance(alert.position)),
        ("market_position_size", alert.position.map(|size| size.to_string())),
        ("prev_market_position", stance(alert.was)),
        ("prev_market_position_size", alert.was.map(|size| size.to_string())),
    ]
}

/// Whether it has sold a part, and kept a part.
pub(super) fn are_of_a_part(alert: &Send) -> bool {
    alert.position.zip(alert.was).is_some_and(|(size, before)| !size.is_zero() && size < before)
}

impl Side {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Long => "long",
            Self::Short => "short",
        }
    }
}
