//! Whether a ladder can be carried out, asked before its first order.

use super::filled::after_fills;
use super::live::reserved;
use super::number::Number;
use super::request::LadderPlan;
use super::terms::Terms;
use super::{AfterFill, Leg};
use crate::alert::Side;
use crate::limits;
use crate::market::{FilterFailure, Leverage};
use crate::money::Percent;
use crate::profit::TakeProfit;
use crate::reason::Reason;
use std::fmt;

/// Which order sells what is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sale {
    /// A step of the take-profit, counted from 1.
    Step(usize),
    /// The take-profit of this leg, where each is sold by itself.
    Leg(usize),
    /// All of it at the stop's price.
    Stop,
    /// All of it at the price of the entry.
    Exit,
}

/// An order that the market would not take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderFailure {
    pub level: usize,
    /// None for the level's entry.
    pub sale: Option<Sale>,
    pub check: FilterFailure,
    pub price: Number,
    pub quantity: Number,
    /// The market's number that the check is about: the least that an order must be, or the most that it may be.
    pub bound: Number,
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

impl fmt::Display for FlightFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Order(OrderFailure { level, sale, check, price, quantity, bound }) => {
                let sold = match sale {
                    Some(Sale::Leg(of)) => format!(", take-profit of level {of}"),
                    Some(Sale::Step(step)) => format!(", take-profit step {step}"),
                    Some(Sale::Stop) => ", stop".to_owned(),
                    Some(Sale::Exit) => ", exit".to_owned(),
                    None => String::new(),
                };
                let notional = price.times(quantity);
                let word = if check.is_too_much() { "most" } else { "least" };
                write!(f, "level {level}{sold}: {check}: {quantity} at {price} is {notional}; the {word} is {bound}")
            }
            Self::Balance { level, needed, available } => {
                write!(f, "level {level}: balance_too_small: {needed} needed, {available} there")
            }
            Self::Orders { resting, most } => {
                write!(f, "too_many_orders: {resting} would rest at once, {most} may")
            }
        }
    }
}

impl FlightFailure {
    /// A stable word.
    pub fn reason(&self) -> Reason {
        match self {
            Self::Order(failure) => failure.check.reason(),
            Self::Balance { .. } => Reason::BalanceTooSmall,
            Self::Orders { .. } => Reason::TooManyOrders,
        }
    }
}

/// How a live position sells what its entries buy, as far as a plan of steps does not say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Exits {
    /// Each leg by itself, from its own price; else by the plan's steps.
    pub each_leg: Option<Percent>,
    /// Everything at once, so much above the average.
    pub all: Option<Percent>,
}

/// Entries first, then what sells them after each fill, then the balance, then the venue's limit of orders.
pub(super) fn pre_flight(
    plan: &LadderPlan,
    terms: &Terms,
    legs: &[Leg],
    rows: &[AfterFill],
) -> Result<(), Box<FlightFailure>> {
    if let Some(failure) = first_failure(plan, terms, legs) {
        return Err(Box::new(FlightFailure::Order(failure)));
    }
    rows.iter().try_for_each(|row| take_profits(terms, row))?;
    all_at_once(terms, legs, rows)?;
    balance(plan, legs)?;
    resting(plan, rows.iter().map(|row| row.orders(plan.stops)))
}

/// The same of a position to be opened, which may sell leg by leg.
pub(super) fn of_live(
    plan: &LadderPlan,
    terms: &Terms,
    legs: &[Leg],
    stop: Option<&Number>,
    exits: Exits,
) -> Result<(), Box<FlightFailure>> {
    if let Some(failure) = first_failure(plan, terms, legs) {
        return Err(Box::new(FlightFailure::Order(failure)));
    }
    let whole = |profit| LadderPlan { take_profit: TakeProfit::at(profit), ..plan.clone() };
    let sells = |plan: &LadderPlan, legs: &[Leg]| -> Result<Vec<usize>, Box<FlightFailure>> {
        let rows = after_fills(plan, terms, legs, None);
        rows.iter().try_for_each(|row| take_profits(terms, row))?;
        Ok(rows.iter().map(|row| row.orders(plan.stops)).collect())
    };
    let orders = if let Some(profit) = exits.each_leg {
        let alone = whole(profit);
        let own = legs.iter().map(|leg| sells(&alone, std::slice::from_ref(leg)));
        let own = own.collect::<Result<Vec<_>, _>>()?.concat();
        // Each leg that was filled has its own.
        let with_one_more = |sum: &mut usize, one| {
            *sum = sum.saturating_add(one);
            Some(*sum)
        };
        own.into_iter().scan(0, with_one_more).collect()
    } else {
        sells(plan, legs)?
    };
    if let Some(all) = exits.all {
        // What is held only grows: where the base order alone may be sold at once, all of it may.
        sells(&whole(all), legs.get(..1).unwrap_or_default())?;
    }
    all_at_once(terms, legs, &after_fills(plan, terms, legs, stop))?;
    balance(plan, legs)?;
    resting(plan, orders)
}

/// The first entry that the market would not take.
pub(super) fn first_failure(plan: &LadderPlan, terms: &Terms, legs: &[Leg]) -> Option<OrderFailure> {
    legs.iter().find_map(|leg| {
        let check = leg.check.err()?;
        let (price, quantity) = (leg.price.clone(), leg.quantity.clone());
        Some(OrderFailure {
            level: leg.level,
            sale: None,
            check,
            price,
            quantity,
            bound: terms.bound(check, plan.is_at_market(leg.level)),
        })
    })
}

fn take_profits(terms: &Terms, row: &AfterFill) -> Result<(), Box<FlightFailure>> {
    row.placed().into_iter().try_for_each(|placed| {
        let sale = placed.leg.map_or(Sale::Step(placed.step), Sale::Leg);
        sold(terms, row.level, sale, &placed.price, &placed.quantity)
    })
}

/// All that is held after each fill can be sold: at once, and at its stop.
fn all_at_once(terms: &Terms, legs: &[Leg], rows: &[AfterFill]) -> Result<(), Box<FlightFailure>> {
    rows.iter().zip(legs).try_for_each(|(row, leg)| {
        let quantity = terms.sellable(&row.quantity);
        sold(terms, row.level, Sale::Exit, &leg.price, &quantity)?;
        row.stop_price.iter().try_for_each(|stop| sold(terms, row.level, Sale::Stop, stop, &quantity))
    })
}

fn sold(terms: &Terms, level: usize, sale: Sale, price: &Number, quantity: &Number) -> Result<(), Box<FlightFailure>> {
    terms.check(price, quantity).map_err(|check| {
        let (price, quantity, bound) = (price.clone(), quantity.clone(), terms.bound(check, false));
        Box::new(FlightFailure::Order(OrderFailure { level, sale: Some(sale), check, price, quantity, bound }))
    })
}

fn balance(plan: &LadderPlan, legs: &[Leg]) -> Result<(), Box<FlightFailure>> {
    let Some(balance) = plan.balance else { return Ok(()) };
    let (available, mut needed) = (Number::from(balance.get()), Number::ZERO);
    for leg in legs {
        needed = needed.plus(&match (plan.margin, plan.side) {
            (Some(leverage), _) => margin(plan, leg, leverage),
            (None, Side::Long) => leg.cost.clone(),
            (None, Side::Short) => leg.quantity.clone(),
        });
        if needed > available {
            return Err(Box::new(FlightFailure::Balance { level: leg.level, needed, available }));
        }
    }
    Ok(())
}

/// What a leg of contracts takes; one that cannot be kept as an amount takes all that it is worth.
fn margin(plan: &LadderPlan, leg: &Leg, leverage: Leverage) -> Number {
    let worth = leg.price.times(&leg.quantity);
    reserved(&worth, plan.fee, leverage, false).map_or(worth, |margin| Number::from(margin.get()))
}

/// Safety orders that rest once so many were filled.
fn waiting(plan: &LadderPlan, filled: usize) -> usize {
    if plan.at_market {
        return 0;
    }
    let active = plan.active.unwrap_or(limits::LEGS_ACTIVE_DEFAULT);
    usize::try_from(active).unwrap_or(usize::MAX).min(plan.safety_orders().saturating_sub(filled))
}

/// `sells` are the orders that sell what is held, after each fill: each stands beside the safety orders that then rest.
fn resting(plan: &LadderPlan, sells: impl IntoIterator<Item = usize>) -> Result<(), Box<FlightFailure>> {
    let Some(most) = plan.orders_max.and_then(|most| usize::try_from(most).ok()) else { return Ok(()) };
    let beside = |(filled, sells): (usize, usize)| waiting(plan, filled).saturating_add(sells);
    let resting = sells.into_iter().enumerate().map(beside).max().unwrap_or(0);
    if resting <= most { Ok(()) } else { Err(Box::new(FlightFailure::Orders { resting, most })) }
}
