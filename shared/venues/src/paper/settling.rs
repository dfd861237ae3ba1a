//! What orders cost: fees, locks, and how a change of an order moves the balances.
//!
//! 1. The fee of an order is rounded up once, over all of its trades; a trade's fee is what it adds to that. Were each
//!    trade rounded by itself, an order could cost more in parts than was locked for the whole.
//! 2. An order's lock is a function of the order, so the locked balance is always the sum over the open orders.
//! 3. A fee in a third asset locks nothing. Where there is not enough of it, or it has no price, the trade pays as if it
//!    were not set.

use super::contracts::moved;
use super::price::Point;
use app::ports::{Balance, Book, Contract, FeeIn, PaperOrder, PaperSettings};
use domain::market::{Asset, MarketKey, Symbol};
use domain::money::{Amount, Decimal, MoneyError, Price, Quantity, Rate};
use domain::order::{Direction, Fee, FeeValue, Fill};
use domain::preset::OrderKind;
use std::collections::BTreeMap;

/// The smallest unit in which balances are kept: fees are rounded up to it.
const ASSET_UNIT: Decimal = Decimal::from_parts(1, 0, 0, false, 8);

/// An amount of an asset; negative where it is taken.
pub(super) type Flow = (Asset, Amount);

/// What an order's trades add up to.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Traded {
    pub(super) quantity: Quantity,
    /// Of the trades whose fee was not taken in a third asset.
    charged: Charged,
}

#[derive(Debug, Clone, Copy, Default)]
struct Charged {
    quantity: Quantity,
    value: Amount,
    fees: Amount,
}

impl Traded {
    pub(super) fn of(order: &PaperOrder) -> Result<Self, MoneyError> {
        order.trades.values().try_fold(Self::default(), |sum, fill| sum.and(fill))
    }

    fn and(self, fill: &Fill) -> Result<Self, MoneyError> {
        let quantity = self.quantity.plus(fill.quantity)?;
        let charged = match &fill.fee {
            Some(fee) if fee.value == FeeValue::Own => self.charged.and(fill, fee)?,
            _ => self.charged,
        };
        Ok(Self { quantity, charged })
    }
}

impl Charged {
    fn and(self, fill: &Fill, fee: &Fee) -> Result<Self, MoneyError> {
        let (quantity, value) = (fill.quantity, fill.price.times(fill.quantity)?);
        Ok(Self { fees: self.fees.plus(fee.amount)?, ..self.plus(quantity, value)? })
    }

    fn plus(self, quantity: Quantity, value: Amount) -> Result<Self, MoneyError> {
        Ok(Self { quantity: self.quantity.plus(quantity)?, value: self.value.plus(value)?, ..self })
    }

    /// What its fee in all is more than what was taken.
    fn due(self, order: &PaperOrder, fee_in: FeeIn) -> Result<Amount, MoneyError> {
        let charged = match (order.direction, fee_in) {
            (Direction::Buy, FeeIn::Received) => self.quantity.fraction(),
            _ => self.value.fraction(),
        };
        Amount::new((charged * order.market.fee.fraction()).ceil_to(ASSET_UNIT)?)?.minus(self.fees)
    }
}

/// What of an order is not filled yet.
pub(super) fn remaining(order: &PaperOrder) -> Result<Quantity, MoneyError> {
    order.quantity.minus(Traded::of(order)?.quantity)
}

/// The fee that one more trade brings. What is taken out of the proceeds never exceeds them.
pub(super) fn fee(order: &PaperOrder, fee_in: FeeIn, price: Price, quantity: Quantity) -> Result<Fee, MoneyError> {
    let (traded, value) = (Traded::of(order)?, price.times(quantity)?);
    let fee_in = taken_in(order, fee_in);
    let due = traded.charged.plus(quantity, value)?.due(order, fee_in)?;
    let symbol = &order.market.key.symbol;
    let (asset, amount) = match (order.direction, fee_in) {
        (Direction::Buy, FeeIn::Quote) => (&symbol.quote, due),
        (Direction::Buy, FeeIn::Received) => (&symbol.base, due.min(amount(quantity)?)),
        (Direction::Sell, _) => (&symbol.quote, due.min(value)),
    };
    Ok(Fee::of(symbol, asset.clone(), amount))
}

/// Contracts are settled in quote, and so are their fees.
fn taken_in(order: &PaperOrder, fee_in: FeeIn) -> FeeIn {
    if order.contract.is_some() { FeeIn::Quote } else { fee_in }
}

/// The market on which the asset that is set for fees is paid for, and the rate; none where it is traded itself.
pub(super) fn third_market(settings: &PaperSettings, market: &MarketKey) -> Option<(MarketKey, Rate)> {
    let fee = settings.fee_asset.as_ref()?;
    let Symbol { base, quote, .. } = &market.symbol;
    let symbol = Symbol { base: fee.asset.clone(), quote: quote.clone(), settle: None };
    let is_third = fee.asset != *base && fee.asset != *quote;
    is_third.then(|| (MarketKey { exchange: market.exchange.clone(), symbol }, fee.rate))
}

/// The fee of a trade of this value, at the price that its asset has then. Rounded up.
pub(super) fn fee_in_third(order: &PaperOrder, rate: Rate, value: Amount, paid_on: &Point) -> Result<Fee, MoneyError> {
    let due = (value.fraction() * rate.fraction()).over(&paid_on.price.fraction()).ok_or(MoneyError::NotANumber)?;
    let amount = Amount::new(due.ceil_to(ASSET_UNIT)?)?;
    Ok(Fee::of(&order.market.key.symbol, paid_on.market.symbol.base.clone(), amount))
}

/// What the order would lock if the rest of it were bought at `price`.
pub(super) fn lock_at(order: &PaperOrder, fee_in: FeeIn, price: Price) -> Result<Flow, MoneyError> {
    let (traded, rest, symbol) = (Traded::of(order)?, remaining(order)?, &order.market.key.symbol);
    if let Some(contract) = order.contract {
        return Ok((symbol.quote.clone(), margin_at(order, contract, traded, rest, price)?));
    }
    if order.direction == Direction::Sell {
        return Ok((symbol.base.clone(), amount(rest)?));
    }
    let value = price.times(rest)?;
    let fee = match fee_in {
        FeeIn::Quote => traded.charged.plus(rest, value)?.due(order, fee_in)?,
        FeeIn::Received => Amount::ZERO,
    };
    Ok((symbol.quote.clone(), value.plus(fee)?))
}

/// What an order of contracts locks: what only reduces locks nothing.
fn margin_at(
    order: &PaperOrder,
    contract: Contract,
    traded: Traded,
    rest: Quantity,
    price: Price,
) -> Result<Amount, MoneyError> {
    if contract.reduce_only {
        return Ok(Amount::ZERO);
    }
    let value = price.times(rest)?;
    let fee = traded.charged.plus(rest, value)?.due(order, FeeIn::Quote)?;
    let margin = value.fraction().over(&contract.leverage.fraction()).ok_or(MoneyError::NotANumber)?;
    Amount::new(margin.ceil_to(ASSET_UNIT)?)?.plus(fee)
}

/// Moves the order's lock from `before` to `after` and adds the cash of the fill between them.
///
/// False, with nothing changed, where a free balance would not suffice.
pub(super) fn settle(
    book: &mut Book,
    before: Option<&PaperOrder>,
    after: &PaperOrder,
    fill: Option<&Fill>,
) -> Result<bool, MoneyError> {
    let mut balances = book.balances.clone();
    if let Some((asset, locked)) = before.map_or(Ok(None), |order| lock(order, book.fee_in))? {
        shift(&mut balances, &asset, locked, locked.negated())?;
    }
    if let Some((asset, locked)) = lock(after, book.fee_in)? {
        shift(&mut balances, &asset, locked.negated(), locked)?;
    }
    let mut contracts = None;
    let moves = match fill {
        Some(fill) if after.contract.is_some() => {
            let (open, free) = moved(&book.contracts, after, fill)?;
            contracts = Some(open);
            [(after.market.key.symbol.quote.clone(), free)].into_iter().chain(fee_flow(fill)).collect()
        }
        Some(fill) => flows(after, fill)?,
        None => Vec::new(),
    };
    for (asset, cash) in moves {
        shift(&mut balances, &asset, cash, Amount::ZERO)?;
    }
    let suffices = balances.values().all(|balance| !balance.free.is_negative());
    if suffices {
        book.balances = balances;
        book.contracts = contracts.unwrap_or_else(|| std::mem::take(&mut book.contracts));
    }
    Ok(suffices)
}

/// What the order holds back of the balances: what the rest of it needs at its limit, at its last price, or where it
/// waits.
fn lock(order: &PaperOrder, fee_in: FeeIn) -> Result<Option<Flow>, MoneyError> {
    if order.status.is_final() {
        return Ok(None);
    }
    let last = order.trades.last_key_value().map(|(_, fill)| fill.price);
    let price = match (&order.pair, order.kind) {
        (Some(pair), _) => pair.locks_at,
        (None, OrderKind::Limit(limit)) => Some(limit),
        (None, OrderKind::Market) => last.or(order.trigger.map(|trigger| trigger.price)),
    };
    price.map(|price| lock_at(order, fee_in, price)).transpose()
}

/// What a fill moves: base, quote and its fee.
fn flows(order: &PaperOrder, fill: &Fill) -> Result<Vec<Flow>, MoneyError> {
    let (symbol, base, quote) = (&order.market.key.symbol, amount(fill.quantity)?, fill.price.times(fill.quantity)?);
    let (base, quote) = match order.direction {
        Direction::Buy => (base, quote.negated()),
        Direction::Sell => (base.negated(), quote),
    };
    Ok([(symbol.base.clone(), base), (symbol.quote.clone(), quote)].into_iter().chain(fee_flow(fill)).collect())
}

fn fee_flow(fill: &Fill) -> Option<Flow> {
    fill.fee.as_ref().map(|fee| (fee.asset.clone(), fee.amount.negated()))
}

fn shift(
    balances: &mut BTreeMap<Asset, Balance>,
    asset: &Asset,
    free: Amount,
    locked: Amount,
) -> Result<(), MoneyError> {
    let empty = Balance { free: Amount::ZERO, locked: Amount::ZERO };
    let balance = balances.entry(asset.clone()).or_insert(empty);
    balance.free = balance.free.plus(free)?;
    balance.locked = balance.locked.plus(locked)?;
    Ok(())
}

fn amount(quantity: Quantity) -> Result<Amount, MoneyError> {
    Amount::new(quantity.get())
}
