//! What is answered.

use crate::view::{LadderCheck, SaleJoins, WholeSale};
use domain::ladder::{self, FlightFailure, Joins, OrderFailure, Sale};
use domain::market::FilterFailure;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A planned ladder. `pre_flight` is there only if something prevents it from being carried out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Ladder {
    /// The base order's price with its fee, in quote currency; deviations and the stop are measured from it.
    pub base_price: String,
    /// The entries: the base order, then the safety orders.
    pub legs: Vec<Leg>,
    /// Holdings and exits after each level's fill, up to the first entry that fails its check.
    pub after_fill: Vec<AfterFill>,
    /// Quote amount of all entries together, without fees.
    pub quote_needed: String,
    /// Distance of the last safety order from the base price, in percent.
    pub deviation_percent_max: String,
    /// The first of the legs that the market would not take.
    pub first_failure: Option<Failure>,
    /// The first thing against it: legs, take-profits, balance, the venue's limit of orders.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub pre_flight: Option<Refusal>,
    /// A warning: the stop stands before this level, and from there on nothing is bought.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub stop_before_level: Option<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = LadderLeg)]
pub struct Leg {
    /// 0 for the base order, from 1 for safety orders.
    pub level: usize,
    /// Distance from the base price, in percent.
    pub deviation_percent: String,
    /// The entry's price, in quote currency.
    pub price: String,
    /// The entry's size, in base units.
    pub quantity: String,
    /// Requested quote amount without the fee; for a size given in base units, what they cost.
    pub quote: String,
    /// What the quantity costs with its fee, in quote currency; for a short, what it brings after the fee.
    pub cost: String,
    /// `ok`, or the first market rule that the entry breaks, such as `below_notional_min`.
    #[schema(value_type = LadderCheck)]
    pub check: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AfterFill {
    /// The level up to which entries are filled; 0 is the base order alone.
    pub filled_level: usize,
    /// Size of the position after these fills, in base units, less fees taken in base.
    pub quantity: String,
    /// Quote paid for these fills with all fees; for a short, quote received after fees.
    pub volume: String,
    /// Quote per base unit, fees included: `volume` divided by `quantity`.
    pub average_price: String,
    /// The take-profit orders after these fills.
    pub take_profit: Vec<Slice>,
    /// Where a hybrid sells everything at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub all_profit_price: Option<String>,
    /// The stop price after these fills, in quote currency; null without a stop.
    pub stop_loss_price: Option<String>,
    /// Whether the stop trails; then the price above is where it begins.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub stop_loss_trails: bool,
    /// Where the stop moves to once the step that it waits for has been sold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub break_even_price: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Slice {
    /// The ladder's level that it sells, if each level is sold on its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub level: Option<usize>,
    /// Price at which it is sold, in the quote currency; with `trailing_percent` where trailing begins.
    pub price: String,
    /// How much is sold, in base units.
    pub quantity: String,
    /// With which neighbour it is sold, if it is too little to be an order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub joins: Option<SaleJoins>,
    /// How far behind the peak it is sold; its price is where that begins, and nothing rests there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub trailing_percent: Option<String>,
}

/// An order that the market would not take, with its numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Failure {
    /// The ladder level concerned; 0 is the base order.
    pub level: usize,
    /// Of the take-profit, counted from 1; left out for the level's entry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub take_profit_step: Option<usize>,
    /// The ladder's level that the take-profit sells, if each level is sold on its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub take_profit_level: Option<usize>,
    /// The sale of the whole position at this level that would be too small at that price; left out for others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub sale: Option<WholeSale>,
    /// The market's rule that the order breaks, such as `below_notional_min`.
    #[schema(value_type = LadderCheck)]
    pub check: String,
    /// The order's price, in quote currency.
    pub price: String,
    /// The order's size, in base units.
    pub quantity: String,
    /// `price` times `quantity`, in quote currency without the fee.
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
        /// The ladder level whose order makes the sum exceed the balance; 0 is the base order.
        level: usize,
        /// Which check failed.
        #[schema(value_type = LadderCheck)]
        check: String,
        /// What the entries up to `level` cost, in the asset that they spend: quote currency, or base for spot shorts.
        needed: String,
        /// The balance of the asset that the entries spend.
        available: String,
    },
    /// `check` is `too_many_orders`.
    Orders {
        /// Which check failed.
        #[schema(value_type = LadderCheck)]
        check: String,
        /// How many orders of the ladder would rest at once.
        resting: usize,
        /// How many orders the exchange lets rest at once in this market.
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
        Joins::Next => SaleJoins::Next,
        Joins::Previous => SaleJoins::Previous,
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
        Some(Sale::Stop) => (None, None, Some(WholeSale::Stop)),
        Some(Sale::Exit) => (None, None, Some(WholeSale::Exit)),
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
