//! What an order meets at a price: whether it trades there, and how much worse than that.

use app::ports::{PaperOrder, Trigger, TriggerKind};
use domain::market::Filters;
use domain::money::{MoneyError, Percent, Price};
use domain::order::Direction;
use domain::preset::OrderKind;

/// Whether a price is as good as the limit, or better.
pub(super) fn reaches(direction: Direction, limit: Price, price: Price) -> bool {
    match direction {
        Direction::Buy => price <= limit,
        Direction::Sell => price >= limit,
    }
}

/// Whether the last price sets off what waits for it.
pub(super) fn triggers(direction: Direction, trigger: Trigger, price: Price) -> bool {
    match (trigger.kind, direction) {
        (TriggerKind::StopLoss, Direction::Sell) | (TriggerKind::TakeProfit, Direction::Buy) => price <= trigger.price,
        (TriggerKind::StopLoss, Direction::Buy) | (TriggerKind::TakeProfit, Direction::Sell) => price >= trigger.price,
    }
}

/// What an order pays or gets that takes the market's price, if its limit allows that; otherwise it rests.
pub(super) fn taken(order: &PaperOrder, price: Price, slippage: Percent) -> Result<Option<Price>, MoneyError> {
    let slipped = slipped(order.direction, price, slippage, &order.market.filters)?;
    Ok(match order.kind {
        OrderKind::Market => Some(slipped),
        OrderKind::Limit(limit) => reaches(order.direction, limit, slipped).then_some(slipped),
    })
}

/// What an order that rests pays or gets at this price: its limit. The rest of a market order goes on taking.
pub(super) fn rested(order: &PaperOrder, price: Price, slippage: Percent) -> Result<Option<Price>, MoneyError> {
    match order.kind {
        OrderKind::Market => taken(order, price, slippage),
        OrderKind::Limit(limit) => Ok(reaches(order.direction, limit, price).then_some(limit)),
    }
}

/// Rounded against the taker. Nothing is sold below one tick.
pub(super) fn slipped(
    direction: Direction,
    price: Price,
    slippage: Percent,
    filters: &Filters,
) -> Result<Price, MoneyError> {
    match direction {
        _ if slippage == Percent::ZERO => Ok(price),
        Direction::Buy => filters.price_up(&(price.fraction() * slippage.gain())),
        Direction::Sell => Ok(filters.price_down(&(price.fraction() * slippage.loss())).unwrap_or(filters.price_tick)),
    }
}
