//! The rules of a market, checked in the order in which Binance documents them.

use super::{Draft, Exchange, Market, Refusal, Size};
use domain::money::{Decimal, Fraction, Price, Quantity};
use std::fmt;

/// Which rule an order breaks, by Binance's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filter {
    Price,
    PercentPrice,
    LotSize,
    MarketLotSize,
    Notional,
    MaxNumOrders,
    MaxNumAlgoOrders,
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Price => "PRICE_FILTER",
            Self::PercentPrice => "PERCENT_PRICE_BY_SIDE",
            Self::LotSize => "LOT_SIZE",
            Self::MarketLotSize => "MARKET_LOT_SIZE",
            Self::Notional => "NOTIONAL",
            Self::MaxNumOrders => "MAX_NUM_ORDERS",
            Self::MaxNumAlgoOrders => "MAX_NUM_ALGO_ORDERS",
        })
    }
}

/// `quantity` is what the draft's size comes to.
pub(super) fn check(exchange: &Exchange, account: &str, draft: &Draft, quantity: Quantity) -> Result<(), Refusal> {
    let market = exchange.market(&draft.market)?;
    let broken = prices(market, draft)
        .or_else(|| sizes(market, draft, quantity))
        .or_else(|| notional(market, draft, quantity))
        .or_else(|| counts(exchange, market, account, draft));
    broken.map_or(Ok(()), |filter| Err(Refusal::Filter(filter)))
}

fn prices(market: &Market, draft: &Draft) -> Option<Filter> {
    let named = [draft.price, draft.trigger.map(|trigger| trigger.price)];
    if named.into_iter().flatten().any(|price| !is_on(&price.fraction(), market.rules.tick)) {
        return Some(Filter::Price);
    }
    draft.price.filter(|price| is_far(market, *price)).map(|_| Filter::PercentPrice)
}

fn is_far(market: &Market, price: Price) -> bool {
    let times = |factor: Decimal| market.last.fraction() * Fraction::from(factor);
    price.fraction() > times(market.rules.price_factor_max) || price.fraction() < times(market.rules.price_factor_min)
}

fn sizes(market: &Market, draft: &Draft, quantity: Quantity) -> Option<Filter> {
    let (rules, asked) = (&market.rules, quantity.get());
    let is_in_range = asked >= rules.quantity_min && asked <= rules.quantity_max;
    if !is_in_range || !is_on(&quantity.fraction(), rules.step) {
        return Some(Filter::LotSize);
    }
    (draft.price.is_none() && asked > rules.market_quantity_max).then_some(Filter::MarketLotSize)
}

fn notional(market: &Market, draft: &Draft, quantity: Quantity) -> Option<Filter> {
    if draft.reduce_only {
        return None;
    }
    let price = draft.price.or(draft.trigger.map(|trigger| trigger.price)).unwrap_or(market.last);
    let value = match draft.size {
        Size::Quote(value) | Size::QuoteWithFees(value) => Fraction::from(value.get()),
        Size::Base(_) => price.fraction() * quantity.fraction(),
    };
    let is_too_little = value < Fraction::from(market.rules.notional_min);
    // What is said to hold for limit orders alone is not asked of one at the market.
    let is_too_much = draft.price.is_some() && value > Fraction::from(market.rules.notional_max);
    (is_too_little || is_too_much).then_some(Filter::Notional)
}

fn counts(exchange: &Exchange, market: &Market, account: &str, draft: &Draft) -> Option<Filter> {
    let open = exchange.open_of(account).filter(|order| order.draft.market == draft.market);
    let (all, algo) = open.fold((0_usize, 0_usize), |(all, algo), order| {
        (all.saturating_add(1), algo.saturating_add(usize::from(order.draft.trigger.is_some())))
    });
    if all >= market.rules.orders_max {
        return Some(Filter::MaxNumOrders);
    }
    (draft.trigger.is_some() && algo >= market.rules.algo_orders_max).then_some(Filter::MaxNumAlgoOrders)
}

fn is_on(value: &Fraction, step: Decimal) -> bool {
    value.floor_to(step).is_ok_and(|floored| Fraction::from(floored) == *value)
}
