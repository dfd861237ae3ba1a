//! What is answered.

use domain::ladder::{self, FlightFailure, Joins, OrderFailure, Sale};
use domain::market::FilterFailure;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A planned ladder. `pre_flight` stands there only where something is against carrying it out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Ladder {
    pub base_price: String,
    pub legs: Vec<Leg>,
    pub after_fill: Vec<AfterFill>,
    pub quote_needed: String,
    pub deviation_percent_max: String,
    /// The first of the legs that the market would not take.
    pub first_failure: Option<Failure>,
    /// The first thing against it: legs, take-profits, balance, the venue's limit of orders.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pre_flight: Option<Refusal>,
    /// A warning: the stop stands before this level, and from there on nothing is bought.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stop_before_level: Option<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = LadderLeg)]
pub struct Leg {
    pub level: usize,
    pub deviation_percent: String,
    pub price: String,
    pub quantity: String,
    pub quote: String,
    pub cost: String,
    pub check: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AfterFill {
    pub filled_level: usize,
    pub quantity: String,
    pub volume: String,
    pub average_price: String,
    pub take_profit: Vec<Slice>,
    /// Where a hybrid sells everything at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub all_profit_price: Option<String>,
    pub stop_loss_price: Option<String>,
    /// The price above is where it begins.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub stop_loss_trails: bool,
    /// Where the stop moves to once the step that it waits for has been sold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub break_even_price: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Slice {
    /// The level that it sells, where each is sold by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<usize>,
    pub price: String,
    pub quantity: String,
    /// `next` or `previous`: where it is too little to be an order, and is sold with that one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub joins: Option<String>,
    /// How far behind the peak it is sold; its price is where that begins, and nothing rests there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trailing_percent: Option<String>,
}

/// An order that the market would not take, with its numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Failure {
    pub level: usize,
    /// Of the take-profit, counted from 1; left out for the level's entry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub take_profit_step: Option<usize>,
    /// The level that the take-profit sells, where each is sold by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub take_profit_level: Option<usize>,
    /// `stop` or `exit`: the whole position at this level is too small to be sold at that price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sale: Option<String>,
    pub check: String,
    pub price: String,
    pub quantity: String,
    pub notional: String,
    /// The market's number that it falls short of; of an `above_…` the most that it may be.
    pub least: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum Refusal {
    Order(Failure),
    /// `check` is `balance_too_small`.
    Balance {
        level: usize,
        check: String,
        needed: String,
        available: String,
    },
    /// `check` is `too_many_orders`.
    Orders {
        check: String,
        resting: usize,
        most: usize,
    },
}

pub(super) fn of(ladder: &ladder::Ladder, stop_trails: bool) -> Ladder {
    Ladder {
        base_price: ladder.base_price.to_string(),
        legs: ladder.legs.iter().map(leg).collect(),
        after_fill: ladder.after_fill.iter().map(|row| after_fill(row, stop_trails)).collect(),
        quote_needed: ladder.quote_needed.to_string(),
        deviation_percent_max: ladder.deviation_max.to_string(),
        first_failure: ladder.first_failure.as_ref().map(failure),
        pre_flight: ladder.pre_flight.as_ref().err().map(|failure| refusal(failure)),
        stop_before_level: ladder.stop_before,
    }
}

fn leg(leg: &ladder::Leg) -> Leg {
    Leg {
        level: leg.level,
        deviation_percent: leg.deviation.to_string(),
        price: leg.price.to_string(),
        quantity: leg.quantity.to_string(),
        quote: leg.quote.to_string(),
        cost: leg.cost.to_string(),
        check: leg.check.as_ref().map_or_else(FilterFailure::to_string, |()| "ok".to_owned()),
    }
}

fn after_fill(row: &ladder::AfterFill, stop_loss_trails: bool) -> AfterFill {
    AfterFill {
        filled_level: row.level,
        quantity: row.quantity.to_string(),
        volume: row.volume.to_string(),
        average_price: row.average.to_string(),
        take_profit: row.take_profit.iter().map(slice).collect(),
        all_profit_price: row.price_of_all.as_ref().map(ToString::to_string),
        stop_loss_price: row.stop_price.as_ref().map(ToString::to_string),
        stop_loss_trails,
        break_even_price: row.break_even.as_ref().map(ToString::to_string),
    }
}

fn slice(slice: &ladder::Slice) -> Slice {
    let joins = slice.joins.map(|joins| match joins {
        Joins::Next => "next".to_owned(),
        Joins::Previous => "previous".to_owned(),
    });
    Slice {
        level: slice.leg,
        price: slice.price.to_string(),
        quantity: slice.quantity.to_string(),
        joins,
        trailing_percent: slice.trailing.map(|percent| percent.to_string()),
    }
}

fn failure(failure: &OrderFailure) -> Failure {
    let (step, leg, sale) = match failure.sale {
        None => (None, None, None),
        Some(Sale::Step(step)) => (Some(step), None, None),
        Some(Sale::Leg(leg)) => (Some(1), Some(leg), None),
        Some(Sale::Stop) => (None, None, Some("stop".to_owned())),
        Some(Sale::Exit) => (None, None, Some("exit".to_owned())),
    };
    Failure {
        level: failure.level,
        take_profit_step: step,
        take_profit_level: leg,
        sale,
        check: failure.check.to_string(),
        price: failure.price.to_string(),
        quantity: failure.quantity.to_string(),
        notional: failure.notional().to_string(),
        least: failure.bound.to_string(),
    }
}

fn refusal(refusal: &FlightFailure) -> Refusal {
    match refusal {
        FlightFailure::Order(order) => Refusal::Order(failure(order)),
        FlightFailure::Balance { level, needed, available } => Refusal::Balance {
            level: *level,
            check: "balance_too_small".to_owned(),
            needed: needed.to_string(),
            available: available.to_string(),
        },
        FlightFailure::Orders { resting, most } => {
            Refusal::Orders { check: "too_many_orders".to_owned(), resting: *resting, most: *most }
        }
    }
}
