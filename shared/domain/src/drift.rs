//! Drift: coins of ours that the venue does not have, and orders under our prefix that none of our groups knows.
//!
//! 1. A difference is believed when two looks agree on it, as far as both of them see it. What came in between, a trade
//!    of our own included, makes the second look a first one.
//! 2. What is missing is a number on the groups that go without; trades of ours do not change it.
//! 3. The groups that were opened first have what is there; the newest go without.
//! 4. More than we think is its owner's own.

use crate::clock::{Millis, Timestamp};
use crate::group::Position;
use crate::ids::ClientOrderId;
use crate::limits;
use crate::market::{Asset, MarketKey};
use crate::money::{Amount, MoneyError, Quantity};
use crate::order::{Direction, Status};
use std::collections::BTreeMap;

/// Where a venue and the groups of one account differ.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Drift {
    /// When this was written; a change is made to what was seen.
    pub at: Timestamp,
    pub shortages: BTreeMap<Asset, Shortage>,
    pub strays: Vec<Stray>,
}

/// Of one asset there is less than the account's groups count on, or was in the last look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shortage {
    /// What the groups are marked with, together. While it is above nothing, nothing is bought of the asset.
    pub missing: Quantity,
    /// When it was seen first.
    pub since: Timestamp,
    /// What the groups would sell if everything were there, as of the last change.
    pub expected: Quantity,
    /// What the venue had of it, free and locked, as of the last change.
    pub there: Quantity,
    pub surprise: Option<Surprise>,
}

/// What was seen once, and must be seen again to be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Surprise {
    /// Missing more than is marked; negative where some of it is back.
    pub more: Amount,
    /// Another number at the second look tells of trades in between.
    pub expected: Quantity,
    pub at: Timestamp,
}

/// An order at the venue whose id is of this deployment, and that none of its groups counts on: it rests there, or has traded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stray {
    pub client_id: ClientOrderId,
    pub venue_id: String,
    pub market: MarketKey,
    pub direction: Direction,
    pub quantity: Quantity,
    /// Of it. No group has bought or sold that.
    pub filled: Quantity,
    pub status: Status,
    pub accepted_at: Timestamp,
    pub first_seen_at: Timestamp,
    /// Seen in two looks, and so no order that was only just being sent or ended.
    pub confirmed: bool,
}

/// One look at an asset: what is expected and what is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sight {
    pub expected: Quantity,
    pub there: Quantity,
    /// What the groups are marked with.
    pub marked: Quantity,
    /// When the first of its reads began, and when the last had ended.
    pub from: Timestamp,
    pub to: Timestamp,
}

/// What a look comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Believed {
    /// All is as it is marked.
    AsMarked,
    /// Seen for the first time.
    Once(Surprise),
    /// The look before is too near to be another one.
    TooNear,
    /// So much is missing in all.
    Missing(Quantity),
}

impl Drift {
    /// What is missing of the asset, where something is.
    pub fn of(&self, asset: &Asset) -> Option<&Shortage> {
        self.shortages.get(asset).filter(|shortage| !shortage.missing.is_zero())
    }

    pub fn is_empty(&self) -> bool {
        self.shortages.is_empty() && self.strays.is_empty()
    }

    /// Whether another look is to say whether an order of nobody is there.
    pub fn is_awaited(&self, now: Timestamp) -> bool {
        self.strays.iter().any(|stray| stray.is_awaited(now))
    }

    /// What a person should look at: assets of which something is missing, and stray orders.
    pub fn count(&self) -> u32 {
        let missing = self.shortages.values().filter(|shortage| !shortage.missing.is_zero()).count();
        let strays = self.strays.iter().filter(|stray| stray.confirmed).count();
        u32::try_from(missing.saturating_add(strays)).unwrap_or(u32::MAX)
    }
}

impl Stray {
    /// Whether it rests at the venue, as far as is known, and may trade.
    pub fn rests(&self) -> bool {
        !self.status.is_final()
    }

    /// Whether all is known of it that there will ever be.
    pub fn is_told(&self) -> bool {
        self.confirmed && !self.rests()
    }

    /// Whether it is told of no more: it is long over.
    pub fn is_past(&self, now: Timestamp) -> bool {
        !self.rests() && self.first_seen_at.plus(limits::STRAY_TOLD_FOR) <= now
    }

    /// Whether another look is to say whether it is there.
    pub fn is_awaited(&self, now: Timestamp) -> bool {
        !self.confirmed && now < self.first_seen_at.plus(limits::STRAY_CONFIRMED_WITHIN)
    }
}

impl Shortage {
    /// For people, with the numbers.
    pub fn told(&self, asset: &Asset) -> String {
        let Self { missing, expected, there, .. } = self;
        format!("{missing} {asset} missing at the venue: {expected} held by position groups, {there} there")
    }
}

impl Sight {
    /// Judges this look after the one before. `apart` is how far from each other two looks must be.
    ///
    /// # Errors
    /// `Inexact` where a difference cannot be kept.
    pub fn judge(&self, before: Option<&Surprise>, apart: Millis) -> Result<Believed, MoneyError> {
        let missing = amount(self.expected.minus(self.there)?)?;
        let more = missing.minus(amount(self.marked)?)?;
        let now = Surprise { more, expected: self.expected, at: self.to };
        let Some(before) = before.filter(|before| before.expected == self.expected) else {
            return Ok(if more == Amount::ZERO { Believed::AsMarked } else { Believed::Once(now) });
        };
        if self.from.since(before.at) < apart {
            return Ok(Believed::TooNear);
        }
        let agreed = agreed(before.more, more);
        if agreed != Amount::ZERO {
            let in_all = Quantity::new(amount(self.marked)?.plus(agreed)?.get())?;
            return Ok(Believed::Missing(in_all));
        }
        Ok(if more == Amount::ZERO { Believed::AsMarked } else { Believed::Once(now) })
    }
}

/// The part of two differences that both of them show.
fn agreed(one: Amount, other: Amount) -> Amount {
    if one.is_negative() != other.is_negative() {
        return Amount::ZERO;
    }
    if one.is_negative() { one.max(other) } else { one.min(other) }
}

/// What each position goes without where so much is missing in all: the newest first, each at most its claim.
///
/// # Errors
/// `Inexact` where a difference cannot be kept.
pub fn shares<'a>(positions: &[&'a Position], missing: Quantity) -> Result<Vec<(&'a Position, Quantity)>, MoneyError> {
    let mut newest_first = positions.to_vec();
    newest_first.sort_by(|one, other| age(other).cmp(&age(one)));
    let mut left = missing;
    let mut shares = Vec::new();
    for position in newest_first {
        let share = position.claim()?.min(left);
        left = left.minus(share)?;
        shares.push((position, share));
    }
    Ok(shares)
}

fn age(position: &Position) -> (Timestamp, &str) {
    (position.group.opened_at, position.group.id.as_str())
}

fn amount(quantity: Quantity) -> Result<Amount, MoneyError> {
    Amount::new(quantity.get())
}

#[cfg(test)]
mod tests {
    use super::*;

    const APART: Millis = Millis::seconds(6);

    fn quantity(text: &str) -> Quantity {
        text.parse().unwrap()
    }

    fn amount(text: &str) -> Amount {
        text.parse().unwrap()
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1_000)
    }

    fn sight(expected: &str, there: &str, marked: &str, seconds: i64) -> Sight {
        let (expected, there, marked) = (quantity(expected), quantity(there), quantity(marked));
        Sight { expected, there, marked, from: at(seconds), to: at(seconds) }
    }

    fn once(more: &str, expected: &str, seconds: i64) -> Surprise {
        Surprise { more: amount(more), expected: quantity(expected), at: at(seconds) }
    }

    fn check(before: Option<Surprise>, sight: Sight, believed: Believed) {
        assert_eq!(sight.judge(before.as_ref(), APART).unwrap(), believed, "{before:?} {sight:?}");
    }

    #[test]
    fn one_look_is_not_believed() {
        check(None, sight("1", "0.4", "0", 0), Believed::Once(once("0.6", "1", 0)));
        check(Some(once("0.6", "1", 0)), sight("1", "1", "0", 10), Believed::AsMarked);
    }

    #[test]
    fn two_looks_are_believed_as_far_as_they_agree() {
        let missing = |text| Believed::Missing(quantity(text));
        check(Some(once("0.6", "1", 0)), sight("1", "0.4", "0", 10), missing("0.6"));
        check(Some(once("0.6", "1", 0)), sight("1", "0.7", "0", 10), missing("0.3"));
        check(Some(once("0.3", "1", 0)), sight("1", "0", "0", 10), missing("0.3"));
        check(Some(once("0.4", "1", 0)), sight("1", "0", "0.6", 10), missing("1"));
    }

    #[test]
    fn what_is_back_is_believed_in_two_looks_too() {
        check(None, sight("1", "1", "0.6", 0), Believed::Once(once("-0.6", "1", 0)));
        check(Some(once("-0.6", "1", 0)), sight("1", "1", "0.6", 10), Believed::Missing(Quantity::ZERO));
        check(Some(once("-0.6", "1", 0)), sight("1", "0.5", "0.6", 10), Believed::Missing(quantity("0.5")));
        check(Some(once("-0.6", "1", 0)), sight("1", "0.4", "0.6", 10), Believed::AsMarked);
    }

    #[test]
    fn looks_that_differ_both_ways_agree_on_nothing() {
        check(Some(once("0.2", "1", 0)), sight("1", "1", "0.3", 10), Believed::Once(once("-0.3", "1", 10)));
    }

    #[test]
    fn a_look_too_near_is_not_another_one() {
        check(Some(once("0.6", "1", 5)), sight("1", "0.4", "0", 10), Believed::TooNear);
        check(Some(once("0.6", "1", 4)), sight("1", "0.4", "0", 10), Believed::Missing(quantity("0.6")));
    }

    #[test]
    fn a_trade_in_between_makes_the_second_look_a_first_one() {
        check(Some(once("0.6", "1.6", 0)), sight("1", "0.4", "0", 10), Believed::Once(once("0.6", "1", 10)));
    }

    #[test]
    fn more_than_expected_is_its_owners_own() {
        check(None, sight("1", "50", "0", 0), Believed::AsMarked);
    }
}
