//! Whether a ladder can be carried out, asked before its first order.

use super::number::Number;
use super::request::LadderPlan;
use super::terms::Terms;
use super::{AfterFill, Leg};
use crate::alert::Side;
use crate::limits;
use crate::market::FilterFailure;

/// An order that the market would not take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderFailure {
    pub level: usize,
    /// Of the take-profit, counted from 1; none for the level's entry.
    pub step: Option<usize>,
    /// The leg that the take-profit sells, where each is sold by itself.
    pub leg: Option<usize>,
    pub check: FilterFailure,
    pub price: Number,
    pub quantity: Number,
    /// The market's number that the check is about.
    pub least: Number,
}

impl OrderFailure {
    /// Price times quantity, without the fee.
    pub fn notional(&self) -> Number {
        self.price.times(&self.quantity)
    }
}

/// The first thing that stands against a ladder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FlightFailure {
    Order(OrderFailure),
    /// What the entries up to `level` spend is more than there is.
    Balance {
        level: usize,
        needed: Number,
        available: Number,
    },
    /// More orders would rest at once than the venue lets.
    Orders {
        resting: usize,
        most: usize,
    },
}

/// Entries first, then take-profits at their prices, then the balance, then the venue's limit of orders.
pub(super) fn pre_flight(
    plan: &LadderPlan,
    terms: &Terms,
    legs: &[Leg],
    rows: &[AfterFill],
) -> Result<(), Box<FlightFailure>> {
    if let Some(failure) = first_failure(terms, legs) {
        return Err(Box::new(FlightFailure::Order(failure)));
    }
    rows.iter().try_for_each(|row| take_profits(terms, row))?;
    balance(plan, legs)?;
    orders(plan, rows)
}

/// The first entry that the market would not take.
pub(super) fn first_failure(terms: &Terms, legs: &[Leg]) -> Option<OrderFailure> {
    legs.iter().find_map(|leg| {
        let check = leg.check.err()?;
        let (price, quantity) = (leg.price.clone(), leg.quantity.clone());
        Some(OrderFailure {
            level: leg.level,
            step: None,
            leg: None,
            check,
            price,
            quantity,
            least: terms.least(check),
        })
    })
}

fn take_profits(terms: &Terms, row: &AfterFill) -> Result<(), Box<FlightFailure>> {
    for placed in row.placed() {
        terms.check(&placed.price, &placed.quantity).map_err(|check| {
            Box::new(FlightFailure::Order(OrderFailure {
                level: row.level,
                step: Some(placed.step),
                leg: placed.leg,
                check,
                price: placed.price,
                quantity: placed.quantity,
                least: terms.least(check),
            }))
        })?;
    }
    Ok(())
}

fn balance(plan: &LadderPlan, legs: &[Leg]) -> Result<(), Box<FlightFailure>> {
    let Some(balance) = plan.balance else { return Ok(()) };
    let (available, mut needed) = (Number::from(balance.get()), Number::ZERO);
    for leg in legs {
        needed = needed.plus(match plan.side {
            Side::Long => &leg.cost,
            Side::Short => &leg.quantity,
        });
        if needed > available {
            return Err(Box::new(FlightFailure::Balance { level: leg.level, needed, available }));
        }
    }
    Ok(())
}

fn orders(plan: &LadderPlan, rows: &[AfterFill]) -> Result<(), Box<FlightFailure>> {
    let Some(most) = plan.orders_max.and_then(|most| usize::try_from(most).ok()) else { return Ok(()) };
    let active = plan.active.unwrap_or(limits::LEGS_ACTIVE_DEFAULT);
    let entries = usize::try_from(active).unwrap_or(usize::MAX).min(plan.safety_orders());
    let exits = rows.iter().map(AfterFill::resting).max().unwrap_or(0);
    let resting = entries.saturating_add(exits);
    if resting <= most { Ok(()) } else { Err(Box::new(FlightFailure::Orders { resting, most })) }
}
