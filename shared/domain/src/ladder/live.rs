//! What a live position takes of a ladder: its safety orders from what its base order has really cost, its sizes before
//! anything is bought, and whether all of it can be carried out.

use super::flight::{self, Exits, FlightFailure};
use super::number::{Number, Positive, Ratio, Rounding};
use super::request::{LadderPlan, Size, Spacing};
use super::sizes::{Wanted, scaled};
use super::terms::Terms;
use super::{BadField, Drawn, Ladder, Leg, Rung, leg, rungs};
use crate::alert::Side;
use crate::limits;
use crate::market::{Leverage, Market};
use crate::money::{Amount, Decimal, Fraction, MoneyError, Price, Quantity, Rate};
use crate::preset::{LegSizes, OrderSize};

/// What an amount that was split is cut off to, in quote: as many decimals as an amount is kept with.
const AMOUNT_STEP: Decimal = Decimal::from_parts(1, 0, 0, false, 12);

/// Reservations are rounded up to eight decimals.
const RESERVE_STEP: Decimal = Decimal::from_parts(1, 0, 0, false, 8);

/// What a live ladder stands on.
#[derive(Debug, Clone, Copy)]
pub struct Ground<'a> {
    pub market: &'a Market,
    pub side: Side,
    /// Of contracts; coins are paid for whole.
    pub leverage: Leverage,
}

impl<'a> From<&'a Market> for Ground<'a> {
    /// A long without anything borrowed.
    fn from(market: &'a Market) -> Self {
        Self { market, side: Side::Long, leverage: Leverage::ONE }
    }
}

impl Ground<'_> {
    /// What an entry takes of the account for each quote that it is worth: its margin, of coins all of it, and its fee.
    pub fn outlay(&self) -> Fraction {
        let worth = Fraction::whole(1).over(&self.leverage.fraction());
        worth.unwrap_or_else(|| Fraction::whole(1)) + self.market.fee.fraction()
    }

    fn terms(&self) -> Result<Terms, BadField> {
        Terms::new(&self.market.filters, self.market.fee, self.side)
    }
}

/// The safety orders behind a base order that has cost, or brought, `base` for one base unit, its fee included.
///
/// # Errors
/// A scale that grows beyond all bounds.
pub fn behind<'a>(
    spacing: &Spacing,
    sizes: &LegSizes,
    base: &Fraction,
    ground: impl Into<Ground<'a>>,
    at_market: bool,
) -> Result<Vec<Leg>, BadField> {
    let terms = ground.into().terms()?;
    let rungs = rungs::behind(spacing, &terms, &base.into())?;
    let orders = rungs.into_iter().zip(wanted(sizes, spacing.count())).zip(1_usize..);
    Ok(orders.map(|((rung, wanted), level)| leg(&terms, level, rung, wanted, &Positive::ONE, at_market)).collect())
}

/// What one order of a live position that is bought at the market at this price asks for.
///
/// # Errors
/// A market that nothing can be reckoned with.
pub(crate) fn at(price: Price, level: usize, size: Ask, ground: Ground<'_>) -> Result<Leg, BadField> {
    let terms = ground.terms()?;
    Ok(leg(&terms, level, Rung::base(price), size.0, &Positive::ONE, true))
}

/// What a live leg asks for, exactly.
#[derive(Debug, Clone)]
pub(crate) struct Ask(Wanted);

impl Ask {
    /// In quote, without the fee; none where it is a quantity.
    pub(crate) fn quote(&self) -> Option<&Number> {
        match &self.0 {
            Wanted::Quote(quote) => Some(quote),
            Wanted::Base(_) => None,
        }
    }
}

/// Quote that is held for a leg with its fee, rounded up to eight decimals: never too little. One that waits for its price
/// may cost as much more as the price may move before it is refused. Where it is a quantity, its price must be known.
///
/// # Errors
/// `Inexact` where it cannot be kept.
pub(crate) fn held(ask: &Ask, leg: Option<&Leg>, ground: Ground<'_>, at_market: bool) -> Result<Amount, MoneyError> {
    let of_leg = || leg.map_or(Number::ZERO, |leg| leg.price.times(&leg.quantity));
    let cost = ask.quote().cloned().unwrap_or_else(of_leg);
    reserved(&cost, ground.market.fee, ground.leverage, at_market)
}

/// The same of an order that is bought at the market.
///
/// # Errors
/// As [`held`].
pub(crate) fn cost_at_market(leg: &Leg, ground: Ground<'_>) -> Result<Amount, MoneyError> {
    reserved(&leg.price.times(&leg.quantity), ground.market.fee, ground.leverage, true)
}

pub(super) fn reserved(cost: &Number, fee: Rate, leverage: Leverage, at_market: bool) -> Result<Amount, MoneyError> {
    let step = Positive::of(Number::from(RESERVE_STEP)).ok_or(MoneyError::NotANumber)?;
    let times = Positive::of(Number::from(Decimal::from(leverage.get()))).ok_or(MoneyError::NotANumber)?;
    // Over the leverage: the margin is a share of the worth, the fee is taken of all of it.
    let with_fee = cost.times(&Number::ONE.plus(&Number::from(fee.get()).times(times.number())));
    let moved = Number::from(Decimal::from(limits::PRICE_MOVED_PERCENT_MAX));
    let most = if at_market { with_fee.times(&Number::HUNDRED.plus(&moved)).percent() } else { with_fee };
    Amount::new(most.over(times).rounded(&step, Rounding::Up).decimal()?)
}

/// Of each leg, from the first.
pub(crate) fn asks(sizes: &LegSizes, count: usize) -> Vec<Ask> {
    wanted(sizes, count).into_iter().map(Ask).collect()
}

fn wanted(sizes: &LegSizes, count: usize) -> Vec<Wanted> {
    let one = |size: OrderSize| Wanted::of(size.into(), Side::Long, None);
    match sizes {
        LegSizes::Scaled { first, scale } => scaled(one(*first), *scale, u32::try_from(count).unwrap_or(u32::MAX)),
        LegSizes::Each(each) => each.iter().copied().map(one).collect(),
    }
}

/// The entries of a position to be opened, and whether all of it can be carried out.
#[derive(Debug, Clone)]
pub struct Flight {
    pub legs: Vec<Leg>,
    pub verdict: Result<(), Box<FlightFailure>>,
}

/// All entries and the first thing that stands against them, sold like this.
///
/// # Errors
/// What cannot be reckoned with, by its field.
pub fn fly(plan: &LadderPlan, exits: Exits) -> Result<Flight, BadField> {
    let Drawn { terms, legs, stop, .. } = Drawn::of(plan)?;
    let verdict = flight::of_live(plan, &terms, &legs, stop.as_ref(), exits);
    Ok(Flight { legs, verdict })
}

/// Quote of all legs but the base order, without fees, rounded up as reservations are.
///
/// # Errors
/// `Inexact` where it cannot be kept.
pub fn quote_behind(legs: &[Leg]) -> Result<Amount, MoneyError> {
    quote_up(&Ratio::from(asked_behind(legs)))
}

/// What a planned ladder counts for against its account's limits, as a live entry does: what its base order is worth, and what the orders
/// behind it ask for.
///
/// # Errors
/// `Inexact` where it cannot be kept.
pub fn exposure(ladder: &Ladder) -> Result<Amount, MoneyError> {
    let base = ladder.legs.first().map_or(Number::ZERO, |leg| leg.price.times(&leg.quantity));
    let behind = asked_behind(&ladder.legs).over(ladder.quote_needed.divisor().clone());
    quote_up(&Ratio::from(base))?.plus(quote_up(&behind)?)
}

/// In parts of what all of them are divided by.
fn asked_behind(legs: &[Leg]) -> Number {
    legs.iter().skip(1).fold(Number::ZERO, |sum, leg| sum.plus(leg.quote.numerator()))
}

fn quote_up(quote: &Ratio) -> Result<Amount, MoneyError> {
    let step = Positive::of(Number::from(RESERVE_STEP)).ok_or(MoneyError::NotANumber)?;
    Amount::new(quote.rounded(&step, Rounding::Up).decimal()?)
}

/// What each order of a total spends, the base order's first: cut off to twelve decimals, so that never more is lost or
/// spent than was asked for.
///
/// # Errors
/// The field that breaks its rule; `total` where an amount is too large to be kept.
pub fn shares(plan: &LadderPlan) -> Result<Vec<Amount>, BadField> {
    let amount = |leg: &Leg| {
        let step = Positive::of(Number::from(AMOUNT_STEP)).ok_or(MoneyError::NotANumber)?;
        Amount::new(leg.quote.rounded(&step, Rounding::Down).decimal()?)
    };
    let Drawn { legs, .. } = Drawn::of(plan)?;
    legs.iter().map(|leg| amount(leg).map_err(|why| BadField::new("total", why.to_string()))).collect()
}

/// A share of a balance, cut off in the same way.
///
/// # Errors
/// `Inexact` where it cannot be kept.
pub(crate) fn share(size: Size, balance: Quantity) -> Result<OrderSize, MoneyError> {
    match size {
        Size::Quote(quote) => Ok(OrderSize::Quote(quote)),
        Size::Base(quantity) => Ok(OrderSize::Base(quantity)),
        Size::Percent(percent) => {
            let part = balance.fraction() * percent.share();
            Amount::new(part.floor_to(AMOUNT_STEP)?).map(OrderSize::Quote)
        }
    }
}
