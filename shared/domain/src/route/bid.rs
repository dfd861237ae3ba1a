//! What one account could buy of an order, and at which price.

use super::choose::{Asked, Candidate};
use super::fee::ReckonedFee;
use crate::market::{Exchange, FilterFailure, Filters};
use crate::money::{Decimal, Fraction, MoneyError, Price, Quantity};
use crate::preset::OrderKind;
use crate::reason::Reason;
use std::collections::BTreeMap;

/// What an account buys, as its book shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figures {
    pub quantity: Quantity,
    /// What a unit costs on average, up to a tick: the price that the entry is planned at.
    pub average: Price,
    /// The same with the taker's fee on top, exact to eight digits.
    pub net: Price,
    /// Of the dearest unit.
    pub worst: Price,
    /// The fee on top; none where an earlier release has reckoned, by what is published.
    pub fee: Option<ReckonedFee>,
}

/// Why an account has no part.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Passed {
    #[error("its book offers nothing")]
    NothingOffered,
    #[error("{within} of {wanted} on offer up to {bound}")]
    Slippage { within: Decimal, wanted: Decimal, bound: Decimal },
    #[error("its balance and limits allow {room} of {wanted}")]
    Room { room: Decimal, wanted: Decimal },
    #[error("{quantity} at {price} is not what the market takes: {failure}")]
    Filter { quantity: Quantity, price: Price, failure: FilterFailure },
    #[error("{net} a unit with the fee, {chosen} elsewhere")]
    Dearer { net: Price, chosen: Decimal },
    #[error("what it would cost cannot be kept exactly: {0}")]
    Money(#[from] MoneyError),
}

impl Passed {
    /// A stable word.
    pub fn reason(&self) -> Reason {
        match self {
            Self::NothingOffered => Reason::NothingOffered,
            Self::Slippage { .. } => Reason::Slippage,
            Self::Room { .. } => Reason::AccountLimits,
            Self::Filter { failure, .. } => match failure {
                FilterFailure::BelowQuantityMin
                | FilterFailure::BelowNotionalMin
                | FilterFailure::AboveQuantityMax
                | FilterFailure::AboveNotionalMax => failure.reason(),
                _ => Reason::QuantityZero,
            },
            Self::Dearer { .. } => Reason::Dearer,
            Self::Money(_) => Reason::Inexact,
        }
    }
}

/// One level of one account, with its fee.
#[derive(Debug, Clone)]
pub(super) struct Offered {
    /// Of the candidate.
    pub(super) place: usize,
    pub(super) price: Fraction,
    pub(super) net: Fraction,
    pub(super) quantity: Fraction,
    /// It is no offer of the book's, but where an order with this limit would wait for one.
    rests: bool,
}

impl Offered {
    /// Books of two accounts are read one after the other, and may differ a little.
    fn left_after(&self, gone: &Fraction) -> Fraction {
        if *gone < self.quantity { self.quantity.clone() - gone.clone() } else { Fraction::whole(0) }
    }
}

/// What a candidate offers within the bound, cheapest first.
#[derive(Debug)]
pub(super) struct Bid<'a> {
    pub(super) place: usize,
    pub(super) candidate: &'a Candidate,
    pub(super) levels: Vec<Offered>,
    at_market: bool,
}

/// What a candidate would buy, with its exact cost.
#[derive(Debug, Clone)]
pub(super) struct Bought {
    pub(super) place: usize,
    pub(super) figures: Figures,
    /// With the fee.
    pub(super) cost: Fraction,
}

/// What is still to be bought.
#[derive(Debug, Clone)]
pub(super) enum Wanted {
    Base(Fraction),
    /// To be spent, without the fee.
    Quote(Fraction),
}

impl Wanted {
    pub(super) fn is_over(&self) -> bool {
        let (Self::Base(left) | Self::Quote(left)) = self;
        *left <= Fraction::whole(0)
    }

    /// How many units of it cost so much each.
    pub(super) fn units(&self, price: &Fraction) -> Fraction {
        match self {
            Self::Base(left) => left.clone(),
            Self::Quote(left) => left.clone().over(price).unwrap_or_else(|| Fraction::whole(0)),
        }
    }

    fn less(&mut self, quantity: &Fraction, price: &Fraction) {
        match self {
            Self::Base(left) => *left = left.clone() - quantity.clone(),
            Self::Quote(left) => *left = left.clone() - quantity.clone() * price.clone(),
        }
    }
}

impl<'a> Bid<'a> {
    /// A limit order takes what is as good as its limit, and rests there for as long as it must: the limit bounds it. Any
    /// other takes what is within the slippage of the best price on offer.
    pub(super) fn of(asked: &Asked, wanted: &Wanted, bound: &Fraction, place: usize, candidate: &'a Candidate) -> Self {
        let limit = match asked.kind {
            OrderKind::Limit(limit) => candidate.filters.price_down(&limit.fraction()).ok(),
            OrderKind::Market => None,
        };
        let bound = limit.map_or_else(|| bound.clone(), Price::fraction);
        let offered = |price: Fraction, quantity: Fraction, rests: bool| {
            let net = price.clone() * candidate.fee.taker.on_top();
            Offered { place, price, net, quantity, rests }
        };
        let asks = candidate.asks.iter().filter(|level| !level.quantity.is_zero());
        let asks = asks.map(|level| offered(level.price.fraction(), level.quantity.fraction(), false));
        let mut levels: Vec<_> = asks.filter(|level| level.price <= bound).collect();
        levels.extend(limit.map(|limit| offered(limit.fraction(), wanted.units(&limit.fraction()), true)));
        levels.sort_by(|one, other| one.price.cmp(&other.price));
        Self { place, candidate, levels, at_market: limit.is_none() }
    }

    /// What is left of it once others at the same exchange have taken so much of its book.
    pub(super) fn after(&self, gone: &Fraction) -> Self {
        let mut gone = gone.clone();
        let left = self.levels.iter().map(|level| {
            let taken = if level.rests { Fraction::whole(0) } else { level.quantity.clone().min(gone.clone()) };
            gone = gone.clone() - taken.clone();
            Offered { quantity: level.quantity.clone() - taken, ..level.clone() }
        });
        Self { levels: left.collect(), ..*self }
    }

    /// What it costs to buy so much here, cut to the market's step.
    pub(super) fn buys(&self, quantity: &Fraction) -> Result<Bought, Passed> {
        let Candidate { filters, fee, .. } = self.candidate;
        let quantity = filters.quantity_down(quantity)?;
        let (mut left, mut spent, mut worst) = (quantity.fraction(), Fraction::whole(0), None);
        for level in &self.levels {
            if left <= Fraction::whole(0) {
                break;
            }
            let taken = level.quantity.clone().min(left.clone());
            spent = spent + taken.clone() * level.price.clone();
            left = left - taken;
            worst = Some(&level.price);
        }
        let worst = worst.or(self.levels.first().map(|level| &level.price)).ok_or(Passed::NothingOffered)?;
        let worst = price_of(filters, worst)?;
        let average =
            spent.clone().over(&quantity.fraction()).map_or(Ok(worst), |average| price_of(filters, &average))?;
        let fits = filters.check(quantity, average);
        let fits = fits.and_then(|()| filters.check_most(quantity, average, self.at_market));
        fits.map_err(|failure| Passed::Filter { quantity, price: average, failure })?;
        let cost = spent * fee.taker.on_top();
        let net = Price::new(told(&cost.clone().over(&quantity.fraction()).ok_or(MoneyError::NotANumber)?))?;
        Ok(Bought { place: self.place, figures: Figures { quantity, average, net, worst, fee: Some(*fee) }, cost })
    }

    pub(super) fn on_offer(&self) -> Fraction {
        self.levels.iter().fold(Fraction::whole(0), |sum, level| sum + level.quantity.clone())
    }
}

fn price_of(filters: &Filters, price: &Fraction) -> Result<Price, MoneyError> {
    filters.price_up(price)
}

/// What those at the same exchange take of their book before it does: they pay less for the same level.
pub(super) fn before(bid: &Bid<'_>, among: &[&Bid<'_>], units: &[(usize, Fraction)]) -> Fraction {
    let turn = |bid: &Bid<'_>| (bid.candidate.fee.taker, bid.place);
    let earlier = |other: &&&Bid<'_>| other.candidate.exchange == bid.candidate.exchange && turn(other) < turn(bid);
    let taken = among.iter().filter(earlier).filter_map(|other| units.iter().find(|(place, _)| *place == other.place));
    taken.fold(Fraction::whole(0), |sum, (_, units)| sum + units.clone())
}

/// Units for each level that is taken, cheapest first; none where they do not come to the whole. A level of one book is
/// there once.
pub(super) fn walk(bids: &[&Bid<'_>], wanted: &Wanted) -> Option<Vec<(usize, Fraction)>> {
    let mut levels: Vec<&Offered> = bids.iter().flat_map(|bid| &bid.levels).collect();
    levels.sort_by(|one, other| (&one.net, one.place, &one.price).cmp(&(&other.net, other.place, &other.price)));
    let mut rooms: Vec<(usize, Fraction)> = bids.iter().map(|bid| (bid.place, bid.candidate.room.clone())).collect();
    let mut taken: Vec<(usize, Fraction)> = bids.iter().map(|bid| (bid.place, Fraction::whole(0))).collect();
    let mut wanted = wanted.clone();
    let mut gone: BTreeMap<(&Exchange, &Fraction), Fraction> = BTreeMap::new();
    for level in levels {
        let exchange = bids.iter().find(|bid| bid.place == level.place).map(|bid| &bid.candidate.exchange)?;
        let gone = gone.entry((exchange, &level.price)).or_insert_with(|| Fraction::whole(0));
        let there = if level.rests { level.quantity.clone() } else { level.left_after(gone) };
        let room = rooms.iter_mut().find(|(place, _)| *place == level.place).map(|(_, room)| room)?;
        let units = there.min(wanted.units(&level.price)).min(room.clone());
        *room = room.clone() - units.clone();
        if !level.rests {
            *gone = gone.clone() + units.clone();
        }
        wanted.less(&units, &level.price);
        let sum = taken.iter_mut().find(|(place, _)| *place == level.place).map(|(_, sum)| sum)?;
        *sum = sum.clone() + units;
    }
    let none = Fraction::whole(0);
    wanted.is_over().then(|| taken.into_iter().filter(|(_, units)| *units > none).collect())
}

/// For people.
pub(super) fn told(value: &Fraction) -> Decimal {
    const DIGITS: u32 = 8;
    value.approximate().round_dp(DIGITS).normalize()
}
