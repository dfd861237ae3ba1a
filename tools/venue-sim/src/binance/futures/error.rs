//! Refusals of contracts, with the documented codes and messages.

use super::super::error::Refused;
use crate::engine::{Filter, Refusal};

pub(super) fn refused(refusal: Refusal) -> Refused {
    match refusal {
        Refusal::Closed => Refused::new(-4141, "Symbol is closed."),
        Refusal::Filter(filter) => filtered(filter),
        Refusal::DuplicateId => duplicate(),
        Refusal::WouldMatch => Refused::new(
            -5022,
            "Due to the order could not be executed as maker, the Post Only order will be rejected.",
        ),
        Refusal::InsufficientBalance => Refused::new(-2019, "Margin is insufficient."),
        Refusal::ReduceOnly => Refused::new(-2022, "ReduceOnly Order is rejected."),
        other => other.into(),
    }
}

fn filtered(filter: Filter) -> Refused {
    let (code, told) = match filter {
        Filter::Price => (-4014, "Price not increased by tick size."),
        Filter::PercentPrice => (-4016, "Price is higher than mark price multiplier cap."),
        Filter::LotSize => (-1111, "Precision is over the maximum defined for this asset."),
        Filter::MarketLotSize => (-4005, "Quantity greater than max quantity."),
        Filter::Notional => (-4164, "Order's notional must be no smaller than 50 (unless you choose reduce only)."),
        Filter::MaxNumOrders | Filter::MaxNumAlgoOrders => (-2025, "Reach max open order limit."),
    };
    Refused::new(code, told)
}

pub(in super::super) fn duplicate() -> Refused {
    Refused::new(-4116, "ClientOrderId is duplicated.")
}

/// Nobody knows what became of it.
pub(in super::super) fn unavailable() -> Refused {
    let told = "Unknown error, please check your request or try again later.";
    Refused { status: 503, ..Refused::new(-1000, told) }
}
