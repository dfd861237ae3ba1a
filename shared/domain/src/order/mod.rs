//! Orders: what we may do to one ([`Order::command`]), and what the venue tells of it ([`Order::merge`]).
//!
//! 1. A command may be refused; a fact of the venue may not.
//! 2. Facts merge in any order, any number of times, to the same order.
//! 3. A client order id is submitted at most once: only `Planned` can become `Submitting`.

mod absent;
mod bracket;
mod command;
mod fill;
mod merge;
mod resolve;
mod trigger;

use crate::reason::{Reason, StoredReason};
pub use absent::Reading;
pub use bracket::Half;
pub use command::{Command, Refused};
pub use fill::{Fee, FeeValue, Fill, TradeId};
pub use merge::Fact;
pub use resolve::Resolution;
pub use trigger::{Trigger, TriggerKind};

use crate::clock::Timestamp;
use crate::ids::{AttemptId, ClientOrderId, GroupId, OrderId};
use crate::market::MarketKey;
use crate::money::{Amount, MoneyError, Price, Quantity};
use crate::preset::OrderKind;
use crate::vault::Mode;
use crate::words::words;
use std::collections::BTreeMap;

/// The direction of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    Buy,
    Sell,
}

/// What an order is for; part of its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    Entry,
    /// The numbered take-profit step, from 1.
    TakeProfit(u32),
    Exit,
    /// The numbered partial exit, from 1.
    Reduce(u32),
}

/// The specification's words for how far an order is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpecStatus {
    Pending,
    Filled,
    Cancelled,
    Failed,
}

/// How far an order has come, in the order of what outranks what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    Planned,
    Submitting,
    Unknown,
    NotPlaced,
    Rejected,
    Open,
    PartiallyFilled,
    Expired,
    Cancelled,
    Filled,
}

/// The one time that the order was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission {
    pub sent_at: Timestamp,
    pub by: AttemptId,
}

/// Why an order was not placed: ours or the venue's reason.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Refusal {
    pub code: StoredReason,
    pub detail: String,
}

/// One order of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    pub id: OrderId,
    pub client_id: ClientOrderId,
    pub group: GroupId,
    /// Of its position.
    pub mode: Option<Mode>,
    /// Of its position; none in orders of earlier releases.
    pub market: Option<MarketKey>,
    pub purpose: Purpose,
    pub pyramid: u32,
    pub leg: u32,
    /// Each new decision about the same thing is the next epoch, and so another id.
    pub epoch: u32,
    pub direction: Direction,
    pub kind: OrderKind,
    /// Of a sell that is kept at its venue: where everything is sold at the market. Beside a limit one cancels the other,
    /// alone the order waits for it.
    pub stop: Option<Price>,
    pub quantity: Quantity,
    /// Quote held on the account until the order is final.
    pub reserved: Amount,
    pub planned_at: Timestamp,
    /// When an entry is too old to be sent.
    pub valid_until: Option<Timestamp>,
    pub status: Status,
    pub submission: Option<Submission>,
    /// Our wish to cancel; a mark beside the status.
    pub cancel_wanted: Option<Timestamp>,
    pub venue_id: Option<String>,
    /// The largest executed quantity that the venue has named.
    pub cumulative: Quantity,
    /// Its stop has sold.
    pub triggered: bool,
    pub fills: BTreeMap<TradeId, Fill>,
    /// What its user said was filled, when nobody else could tell; the venue's own trades take its place.
    pub declared: Option<Fill>,
    pub refusal: Option<Refusal>,
    /// When the venue was first found not to have it, after the fence of time, and has told nothing of it since; of one that
    /// was accepted and whose end is its user's word, when that was said.
    pub absent_at: Option<Timestamp>,
}

/// What a new order is to be; the rest follows.
#[derive(Debug, Clone, Copy)]
pub struct Intent {
    pub purpose: Purpose,
    /// The entry that it belongs to; 0 is the opening's, and what concerns all of them.
    pub pyramid: u32,
    /// Of the ladder; 0 is the base order's, and what concerns all of them.
    pub leg: u32,
    pub epoch: u32,
    pub direction: Direction,
    pub kind: OrderKind,
    pub stop: Option<Price>,
    pub quantity: Quantity,
    pub reserved: Amount,
    pub valid_until: Option<Timestamp>,
}

impl Order {
    /// A planned order of a group. Its ids are functions of what it is for.
    pub fn plan(deployment: &str, group: &GroupId, intent: &Intent, now: Timestamp) -> Self {
        let (pyramid, leg) = (intent.pyramid, intent.leg);
        let purpose = intent.purpose.to_string();
        let place = [pyramid, leg, intent.epoch].map(|number| number.to_string());
        let cause: Vec<&str> = [group.as_str(), &purpose].into_iter().chain(place.iter().map(String::as_str)).collect();
        let id = OrderId::of(&cause);
        Self {
            client_id: ClientOrderId::of(deployment, &id),
            id,
            group: group.clone(),
            mode: None,
            market: None,
            purpose: intent.purpose,
            pyramid,
            leg,
            epoch: intent.epoch,
            direction: intent.direction,
            kind: intent.kind,
            stop: intent.stop,
            quantity: intent.quantity,
            reserved: intent.reserved,
            planned_at: now,
            valid_until: intent.valid_until,
            status: Status::Planned,
            submission: None,
            cancel_wanted: None,
            venue_id: None,
            cumulative: Quantity::ZERO,
            triggered: false,
            fills: BTreeMap::new(),
            declared: None,
            refusal: None,
            absent_at: None,
        }
    }

    /// `max(cumulative, Σ fills)`, with what its user declared where there are none.
    ///
    /// # Errors
    /// `Inexact` where the fills cannot be added exactly.
    pub fn filled(&self) -> Result<Quantity, MoneyError> {
        Ok(self.fills_sum()?.max(self.cumulative))
    }

    /// Whether every executed unit is known as a fill with its fee: what was bought and sold can be told. A venue that ends an
    /// order as filled for less than was asked for has executed what it counts.
    ///
    /// # Errors
    /// `Inexact` where the fills cannot be added exactly.
    pub fn is_counted(&self) -> Result<bool, MoneyError> {
        let is_whole = self.status == Status::Filled && self.cumulative.is_zero();
        let executed = if is_whole { self.quantity } else { self.cumulative };
        Ok(self.fills_sum()? >= executed && self.counted().all(|fill| fill.fee.is_some()))
    }

    /// The same, and what a fee in a third asset was worth: what it has cost and brought can be told.
    ///
    /// # Errors
    /// `Inexact` where the fills cannot be added exactly.
    pub fn is_accounted(&self) -> Result<bool, MoneyError> {
        Ok(self.is_counted()? && self.counted().all(Fill::is_accounted))
    }

    /// Whether any of it was filled, as far as the venue has told.
    pub(crate) fn has_bought(&self) -> bool {
        self.counted().next().is_some() || !self.cumulative.is_zero()
    }

    /// What may still be filled: nothing once the order is final.
    ///
    /// # Errors
    /// `Inexact` where the fills cannot be added exactly.
    pub fn remaining(&self) -> Result<Quantity, MoneyError> {
        if self.status.is_final() { Ok(Quantity::ZERO) } else { self.quantity.minus(self.filled()?) }
    }

    /// Still wanted, and not placed through no fault of the order: absent by proof, never sent, or refused for the clock or for
    /// how much was asked.
    pub fn is_worth_another(&self) -> bool {
        if self.cancel_wanted.is_some() {
            return false;
        }
        match (&self.refusal, self.status) {
            (None, Status::NotPlaced) => true,
            (Some(refusal), Status::Rejected) => refusal.code.is_one_of(&OF_THE_MOMENT),
            _ => false,
        }
    }

    /// Over, with nothing wrong with it: its venue was not there, asked to be left alone, or traded nothing at that moment; or
    /// its account's key was not taken or its coins were held, which its owner puts right at any time.
    pub(crate) fn is_refused_for_the_moment(&self) -> bool {
        match (&self.refusal, self.status) {
            (None, Status::NotPlaced | Status::Expired | Status::Cancelled) => true,
            (Some(refusal), Status::Rejected) => {
                let passing = [&OF_THE_MOMENT[..], &OF_THE_MARKET, &OF_THE_ACCOUNT];
                passing.into_iter().any(|reasons| refusal.code.is_one_of(reasons))
            }
            _ => false,
        }
    }

    /// The venue has refused it for its size.
    pub(crate) fn is_refused_as_too_little(&self) -> bool {
        let too_little = |refusal: &Refusal| refusal.code.as_str().starts_with("below_");
        self.status == Status::Rejected && self.refusal.as_ref().is_some_and(too_little)
    }

    /// The venue has refused it as larger than one order may be.
    pub(crate) fn is_refused_as_too_much(&self) -> bool {
        let too_much = |refusal: &Refusal| refusal.code.as_str().starts_with("above_");
        self.status == Status::Rejected && self.refusal.as_ref().is_some_and(too_much)
    }

    /// The venue has refused it since it stands on no step.
    pub(crate) fn is_refused_for_its_step(&self) -> bool {
        let off_step = |refusal: &Refusal| refusal.code == Reason::OffQuantityStep;
        self.status == Status::Rejected && self.refusal.as_ref().is_some_and(off_step)
    }

    /// The venue has refused it for its size or price, or in words that nobody knows.
    pub(crate) fn is_refused_by_rules(&self) -> bool {
        const REASONS: [Reason; 3] = [Reason::Precision, Reason::OutOfBounds, Reason::RefusedByVenue];
        let is_one = |code: &StoredReason| {
            let is_rule = ["below_", "above_", "off_"].iter().any(|rule| code.as_str().starts_with(rule));
            is_rule || code.is_one_of(&REASONS)
        };
        self.status == Status::Rejected && self.refusal.as_ref().is_some_and(|refusal| is_one(&refusal.code))
    }

    /// The venue has not what it sells or pays with.
    pub(crate) fn is_refused_for_balance(&self) -> bool {
        let short = |refusal: &Refusal| refusal.code == Reason::InsufficientBalance;
        self.status == Status::Rejected && self.refusal.as_ref().is_some_and(short)
    }

    /// The venue has refused its stop, and would again at that price and of that size: alone it is kept by polling.
    pub fn is_refused_for_its_stop(&self) -> bool {
        let at_fault = |refusal: &Refusal| refusal.code.is_one_of(&STOPS_FAULTS);
        self.stop.is_some() && self.status == Status::Rejected && self.refusal.as_ref().is_some_and(at_fault)
    }

    fn fills_sum(&self) -> Result<Quantity, MoneyError> {
        self.counted().try_fold(Quantity::ZERO, |sum, fill| sum.plus(fill.quantity))
    }
}

/// What a venue says of a stop that its own price or size is the reason for, or that it is one. Anything else passes:
/// coins that are not seen yet, too many orders, no price.
const STOPS_FAULTS: [Reason; 13] = [
    Reason::StopNotTaken,
    Reason::WouldTriggerImmediately,
    Reason::OcoPrices,
    Reason::OcoClientOrderIds,
    Reason::Precision,
    Reason::PriceNotPositive,
    Reason::QuantityZero,
    Reason::BelowQuantityMin,
    Reason::BelowNotionalMin,
    Reason::AboveQuantityMax,
    Reason::AboveNotionalMax,
    Reason::OffPriceTick,
    Reason::OffQuantityStep,
];

/// Refusals that are about the moment and not about the order.
const OF_THE_MOMENT: [Reason; 2] = [Reason::Clock, Reason::RateLimited];
/// Refusals that are about what the market does now: it is halted or in maintenance, full, or without a price.
const OF_THE_MARKET: [Reason; 3] = [Reason::MarketClosed, Reason::TooManyOrders, Reason::NoPrice];
/// Refusals that are about what its owner has to put right at the account.
const OF_THE_ACCOUNT: [Reason; 2] = [Reason::KeyRefused, Reason::InsufficientBalance];

impl Refusal {
    /// Of a plan that somebody gave up before it was sent.
    pub fn given_up() -> Self {
        Self { code: Reason::Cancelled.into(), detail: "given up before it was sent".to_owned() }
    }
}

impl Status {
    /// Final by the venue's answer or by proof: nothing more will be filled, as far as anyone can know.
    pub fn is_final(self) -> bool {
        matches!(self, Self::NotPlaced | Self::Rejected | Self::Expired | Self::Cancelled | Self::Filled)
    }

    /// Resting at the venue.
    pub fn is_resting(self) -> bool {
        matches!(self, Self::Open | Self::PartiallyFilled)
    }

    /// Sent, with no answer that can be believed yet.
    pub fn is_in_doubt(self) -> bool {
        matches!(self, Self::Submitting | Self::Unknown)
    }

    /// The specification's four words.
    pub fn spec_word(self) -> SpecStatus {
        match self {
            Self::Filled => SpecStatus::Filled,
            Self::Expired | Self::Cancelled => SpecStatus::Cancelled,
            Self::NotPlaced | Self::Rejected => SpecStatus::Failed,
            _ => SpecStatus::Pending,
        }
    }
}

impl std::fmt::Display for Purpose {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Entry => f.write_str("entry"),
            Self::TakeProfit(step) => write!(f, "tp#{step}"),
            Self::Exit => f.write_str("exit"),
            Self::Reduce(number) => write!(f, "reduce#{number}"),
        }
    }
}

impl std::str::FromStr for Purpose {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        let numbered = |prefix: &str| text.strip_prefix(prefix).and_then(|number| number.parse().ok());
        match text {
            "entry" => Ok(Self::Entry),
            "exit" => Ok(Self::Exit),
            _ => numbered("tp#").map(Self::TakeProfit).or(numbered("reduce#").map(Self::Reduce)).ok_or(()),
        }
    }
}

words! {
    SpecStatus { Pending = "pending", Filled = "filled", Cancelled = "cancelled", Failed = "failed" }
    Status {
        Planned = "planned",
        Submitting = "submitting",
        Unknown = "unknown",
        NotPlaced = "not_placed",
        Rejected = "rejected",
        Open = "open",
        PartiallyFilled = "partially_filled",
        Expired = "expired",
        Cancelled = "cancelled",
        Filled = "filled",
    }
    Direction { Buy = "buy", Sell = "sell" }
}
