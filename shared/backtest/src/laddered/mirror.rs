//! Prices as a position sees them: a short is a long in a mirror.

use crate::exact::{Exact, Inexact};
use domain::alert::Side;
use domain::market::Filters;
use domain::money::{Percent, Price, Quantity};

/// Whether a price that moves in favour has come as far as this one.
pub(super) fn has_gained(side: Side, price: Exact, target: Exact) -> bool {
    match side {
        Side::Long => price >= target,
        Side::Short => price <= target,
    }
}

/// Whether a price that moves against the position has come as far as this one.
pub(super) fn has_lost(side: Side, price: Exact, place: Exact) -> bool {
    has_gained(side.other(), price, place)
}

/// Of two, the one that is further in favour.
pub(super) fn better(side: Side, one: Exact, other: Exact) -> Exact {
    if has_gained(side, one, other) { one } else { other }
}

/// Of two, the one that is further against it.
pub(super) fn worse(side: Side, one: Exact, other: Exact) -> Exact {
    better(side.other(), one, other)
}

/// So far behind a peak, on the grid as stops are; none where that is no price.
pub(super) fn behind(side: Side, filters: &Filters, peak: Exact, percent: Percent) -> Result<Option<Exact>, Inexact> {
    let place = price(peak)?.fraction() * side.lost(percent);
    Ok(side.entry_price(filters, &place).ok().map(|place| place.get().into()))
}

/// As money's own price, above 0.
pub(super) fn price(exact: Exact) -> Result<Price, Inexact> {
    Price::new(exact.decimal()?).map_err(|_| Inexact)
}

pub(super) fn quantity(exact: Exact) -> Result<Quantity, Inexact> {
    Quantity::new(exact.decimal()?).map_err(|_| Inexact)
}
