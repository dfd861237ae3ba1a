//! Which accounts buy, and how much each: the cheapest after fees, within a bound on the slippage.
//!
//! 1. The whole is bought or nothing, but for what the markets' steps cut off; never more than was asked.
//! 2. No unit is dearer than the bound: the slippage from the best price on offer, or the order's own limit.
//! 3. Several accounts buy only where that costs less after fees than any of them alone that could buy the whole.
//! 4. What stands in a book is bought once, however many of the accounts are at that exchange.
//! 5. Of what costs the same, the account that the route names first buys.

use super::bid::{Bid, Bought, Figures, Passed, Wanted, before, told, walk};
use super::fee::ReckonedFee;
use crate::ids::AccountId;
use crate::market::{Exchange, Filters, Level};
use crate::money::{Fraction, Percent, Price};
use crate::preset::{OrderKind, OrderSize};

/// What is to be bought, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    pub size: OrderSize,
    pub kind: OrderKind,
    /// From the best price on offer.
    pub slippage_max: Percent,
    pub split: bool,
}

/// An account that could buy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    pub account: AccountId,
    /// Whose book it is: what one account takes there is gone for the next.
    pub exchange: Exchange,
    pub asks: Vec<Level>,
    pub filters: Filters,
    /// The taker's.
    pub fee: ReckonedFee,
    /// Base units that its balance and limits allow.
    pub room: Fraction,
}

/// What was chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Routed {
    /// The best price on offer; a limit order needs none.
    pub touch: Option<Price>,
    /// In the order of the candidates.
    pub parts: Vec<Taken>,
    pub others: Vec<(AccountId, Passed)>,
}

/// What one account buys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    pub account: AccountId,
    pub figures: Figures,
    /// Of what all of them buy together.
    pub share: Fraction,
}

/// Nothing is bought, for a reason of each candidate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotRouted {
    pub touch: Option<Price>,
    pub others: Vec<(AccountId, Passed)>,
}

/// Chooses among the candidates, which stand in the order of preference.
///
/// # Errors
/// Where the whole cannot be bought within the bound.
pub fn route(asked: &Asked, candidates: &[Candidate]) -> Result<Routed, NotRouted> {
    let touch = candidates.iter().flat_map(|candidate| &candidate.asks).map(|level| level.price).min();
    let bound = touch.map_or_else(|| Fraction::whole(0), |touch| touch.fraction() * asked.slippage_max.gain());
    let wanted = wanted(asked);
    let bids: Vec<Bid<'_>> = candidates
        .iter()
        .enumerate()
        .map(|(place, candidate)| Bid::of(asked, &wanted, &bound, place, candidate))
        .collect();
    let alone: Vec<Result<Bought, Passed>> = bids.iter().map(|bid| buys_alone(bid, &wanted, &bound)).collect();
    let best = alone.iter().filter_map(|one| one.as_ref().ok()).min_by(|one, other| by_cost(one, other)).cloned();
    let several = if asked.split { share_out(&bids, &wanted) } else { None };
    let chosen = match (several, best) {
        (Some(several), Some(best)) if costs_less(&several, &best) => several,
        (_, Some(best)) => vec![best],
        (Some(several), None) => several,
        (None, None) => Vec::new(),
    };
    let others = passed(&bids, &alone, &chosen);
    if chosen.is_empty() {
        Err(NotRouted { touch, others })
    } else {
        Ok(Routed { touch, parts: taken(candidates, chosen), others })
    }
}

/// A limit order is sized at its limit, as it is anywhere: what is found at a better price makes it no larger.
fn wanted(asked: &Asked) -> Wanted {
    match (asked.size, asked.kind) {
        (OrderSize::Base(quantity), _) => Wanted::Base(quantity.fraction()),
        (OrderSize::Quote(quote), OrderKind::Limit(limit)) => {
            Wanted::Base(Wanted::Quote(quote.fraction()).units(&limit.fraction()))
        }
        (OrderSize::Quote(quote), OrderKind::Market) => Wanted::Quote(quote.fraction()),
    }
}

/// All of it by one account.
fn buys_alone(bid: &Bid<'_>, wanted: &Wanted, bound: &Fraction) -> Result<Bought, Passed> {
    if let Some(units) = walk(&[bid], wanted) {
        let units = units.into_iter().next().map_or_else(|| Fraction::whole(0), |(_, units)| units);
        return bid.buys(&units);
    }
    let Some(cheapest) = bid.levels.first() else {
        let offers = bid.candidate.asks.iter().any(|level| !level.quantity.is_zero());
        let (within, wanted) = (told(&Fraction::whole(0)), told(&wanted.units(bound)));
        return Err(if offers {
            Passed::Slippage { within, wanted, bound: told(bound) }
        } else {
            Passed::NothingOffered
        });
    };
    let units = wanted.units(&cheapest.price);
    let (room, on_offer) = (&bid.candidate.room, bid.on_offer());
    Err(if *room < units && *room <= on_offer {
        Passed::Room { room: told(room), wanted: told(&units) }
    } else {
        Passed::Slippage { within: told(&on_offer), wanted: told(&units), bound: told(bound) }
    })
}

/// All of it by whoever is cheapest, level by level. Who would buy less than its market takes buys nothing.
fn share_out(bids: &[Bid<'_>], wanted: &Wanted) -> Option<Vec<Bought>> {
    let mut among: Vec<&Bid<'_>> = bids.iter().collect();
    loop {
        let units = walk(&among, wanted)?;
        let of = |place: usize| among.iter().find(|bid| bid.place == place);
        let tried = units.iter().filter_map(|(place, one)| {
            let bid = of(*place)?;
            Some((*place, bid.after(&before(bid, &among, &units)).buys(one)))
        });
        let (bought, failed): (Vec<_>, Vec<_>) = tried.partition(|(_, bought)| bought.is_ok());
        let small = |(place, _): &(usize, Result<Bought, Passed>)| {
            units.iter().find(|(of, _)| of == place).map(|(_, units)| (units.clone(), std::cmp::Reverse(*place)))
        };
        match failed.iter().min_by_key(|one| small(one)).map(|(place, _)| *place) {
            None => return Some(bought.into_iter().filter_map(|(_, bought)| bought.ok()).collect()),
            Some(place) => among.retain(|bid| bid.place != place),
        }
    }
}

fn a_unit(bought: &[Bought]) -> Option<Fraction> {
    let none = || Fraction::whole(0);
    let cost = bought.iter().fold(none(), |sum, one| sum + one.cost.clone());
    cost.over(&bought.iter().fold(none(), |sum, one| sum + one.figures.quantity.fraction()))
}

fn costs_less(several: &[Bought], one: &Bought) -> bool {
    match (a_unit(several), a_unit(std::slice::from_ref(one))) {
        (Some(several), Some(one)) => several < one,
        _ => false,
    }
}

fn by_cost(one: &Bought, other: &Bought) -> std::cmp::Ordering {
    let a_unit = |bought: &Bought| a_unit(std::slice::from_ref(bought));
    (a_unit(one), one.place).cmp(&(a_unit(other), other.place))
}

fn taken(candidates: &[Candidate], chosen: Vec<Bought>) -> Vec<Taken> {
    let all = chosen.iter().fold(Fraction::whole(0), |sum, one| sum + one.figures.quantity.fraction());
    let one = |bought: Bought| {
        let share = bought.figures.quantity.fraction().over(&all)?;
        Some(Taken { account: candidates.get(bought.place)?.account.clone(), figures: bought.figures, share })
    };
    chosen.into_iter().filter_map(one).collect()
}

/// Why each of the others buys nothing.
fn passed(bids: &[Bid<'_>], alone: &[Result<Bought, Passed>], chosen: &[Bought]) -> Vec<(AccountId, Passed)> {
    let price = a_unit(chosen).map(|price| told(&price)).unwrap_or_default();
    let others = bids.iter().zip(alone).filter(|(bid, _)| chosen.iter().all(|bought| bought.place != bid.place));
    let why = |(bid, alone): (&Bid<'_>, &Result<Bought, Passed>)| {
        let why = match alone {
            Err(passed) => passed.clone(),
            Ok(bought) => Passed::Dearer { net: bought.figures.net, chosen: price },
        };
        (bid.candidate.account.clone(), why)
    };
    others.map(why).collect()
}
