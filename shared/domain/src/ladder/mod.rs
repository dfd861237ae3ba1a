//! Ladders: a base order, safety orders behind it, and where all of it is left with profit or with loss.
//!
//! [`plan`] reckons one and asks whether it can be carried out. It is a plan: what is sold is decided from fills.
//!
//! 1. Every number is exact until it is put on the market's grid; a formula divides once, there.
//! 2. A price, a quantity or a failing check never depends on how a quotient would have been rounded.
//! 3. No plan makes it panic: what it cannot follow names its field.
//! 4. A short is a long in a mirror: it sells first, prices go up, and fees are taken off what it receives.

mod field;
mod filled;
mod flight;
mod live;
mod number;
mod request;
mod rungs;
mod sizes;
mod slices;
mod terms;
#[cfg(test)]
mod tests;
mod whole;

pub use field::{BadField, entries as check_entries};
pub use filled::{AfterFill, Joins, Slice};
pub use flight::{Exits, FlightFailure, OrderFailure, Sale};
pub(crate) use live::{Ask, asks, at, cost_at_market, held, share};
pub use live::{Flight, Ground, behind, exposure, fly, quote_behind, shares};
pub use number::{Number, Ratio};
pub use request::{Dialect, LadderPlan, Size, Sizes, Spacing, Total};
pub use slices::Placed;

use crate::market::FilterFailure;
use number::Positive;
use rungs::Rung;
use sizes::{Asked, Wanted};
use terms::Terms;

/// One entry: the base order at level 0, then the safety orders.
#[derive(Debug, Clone)]
pub struct Leg {
    pub level: usize,
    /// From the base price, in percent.
    pub deviation: Number,
    pub price: Number,
    pub quantity: Number,
    /// What was asked for in quote, without the fee; for a size in base units, what they cost.
    pub quote: Ratio,
    /// What the quantity costs with its fee; for a short, what it brings after it.
    pub cost: Number,
    pub check: Result<(), FilterFailure>,
}

/// A planned ladder.
#[derive(Debug, Clone)]
pub struct Ladder {
    /// The base order's price with its fee: what deviations and the stop are counted from.
    pub base_price: Number,
    pub legs: Vec<Leg>,
    pub after_fill: Vec<AfterFill>,
    /// All that the entries ask for, without fees.
    pub quote_needed: Ratio,
    pub deviation_max: Number,
    pub first_failure: Option<OrderFailure>,
    /// The first thing that stands against carrying it out, take-profits, balance and the venue's limits included.
    pub pre_flight: Result<(), Box<FlightFailure>>,
    /// The first safety order that the stop stands before: from there on nothing is bought.
    pub stop_before: Option<usize>,
}

/// # Errors
/// The first field that breaks its rule.
pub fn plan(plan: &LadderPlan) -> Result<Ladder, BadField> {
    field::check(plan)?;
    let Drawn { terms, base_price, stop, legs, under } = Drawn::of(plan)?;
    let after_fill = filled::after_fills(plan, &terms, &legs, stop.as_ref());
    let pre_flight = flight::pre_flight(plan, &terms, &legs, &after_fill);
    let first_failure = flight::first_failure(plan, &terms, &legs);
    let quote_needed = legs.iter().fold(Number::ZERO, |sum, leg| sum.plus(leg.quote.numerator())).over(under);
    let deviation_max = legs.last().map_or(Number::ZERO, |leg| leg.deviation.clone());
    let stop_before = filled::stop_before(&terms, &legs, &after_fill);
    Ok(Ladder { base_price, legs, after_fill, quote_needed, deviation_max, first_failure, pre_flight, stop_before })
}

/// The entries of a ladder, before anything is sold.
struct Drawn {
    terms: Terms,
    base_price: Number,
    stop: Option<Number>,
    legs: Vec<Leg>,
    /// What every amount of quote is divided by.
    under: Positive,
}

impl Drawn {
    fn of(plan: &LadderPlan) -> Result<Self, BadField> {
        let terms = Terms::of(plan)?;
        let base_price = Number::from(plan.entry_price.get()).times(&terms.entry_fee);
        let stop = plan.stop_loss.map(|stop| terms.stop_price(&base_price, stop.loss));
        let mut rungs = vec![Rung::base(plan.entry_price)];
        rungs.extend(rungs::behind(&plan.spacing, &terms, &base_price.clone().into())?);
        let Asked { each, under } = sizes::asked(plan, &terms, &rungs, stop.as_ref())?;
        let orders = rungs.into_iter().zip(each).enumerate();
        let legs =
            orders.map(|(level, (rung, wanted))| leg(&terms, level, rung, wanted, &under, plan.is_at_market(level)));
        let legs = legs.collect();
        Ok(Self { terms, base_price, stop, legs, under })
    }
}

fn leg(terms: &Terms, level: usize, rung: Rung, wanted: Wanted, under: &Positive, at_market: bool) -> Leg {
    let Rung { deviation, price } = rung;
    let (quantity, quote) = wanted.at(&price, under, terms);
    let cost = price.times(&quantity).times(&terms.entry_fee);
    let check = terms.check_entry(&price, &quantity, at_market);
    Leg { level, deviation, price, quantity, quote: quote.over(under.clone()), cost, check }
}
