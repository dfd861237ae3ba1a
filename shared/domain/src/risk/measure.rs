//! What a rule says of the book as it is, before anything is entered.

use super::book::{Counted, OpenPosition, Place};
use super::percent::share_of;
use super::rule::{Bound, Cap, Rule, Share};
use crate::clock::Timestamp;
use crate::ids::GroupId;
use crate::money::{Amount, Decimal, MoneyError};
use crate::vault::Mode;

/// A rule's number now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measure {
    pub comes_to: Amount,
    pub allowed: Amount,
    /// No entry of the scope passes now, whatever its size.
    pub reached: bool,
    /// Open positions that would not have been opened under this rule: of a rule about single entries.
    pub broken_by: Vec<GroupId>,
}

/// None of a rule about a market's prices, which no book tells, and where equity is not known now.
///
/// # Errors
/// `Inexact` where a sum cannot be kept.
pub fn measure(
    rule: &Rule,
    book: Counted<'_>,
    mode: Option<Mode>,
    now: Timestamp,
) -> Result<Option<Measure>, MoneyError> {
    let (Counted { open, events, .. }, scope) = (book, &rule.scope);
    let count = |number: usize, max: u32| {
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        let amount = |number: u32| Amount::new(Decimal::from(number));
        let (comes_to, allowed) = (amount(number)?, amount(max)?);
        Ok(Some(Measure { comes_to, allowed, reached: number >= max, broken_by: Vec::new() }))
    };
    let sum = |comes_to: Amount, cap: &Cap| {
        Ok(Some(Measure { comes_to, allowed: cap.max, reached: comes_to >= cap.max, broken_by: Vec::new() }))
    };
    let part = |comes_to: Amount, share: &Share| {
        let allowed = Amount::new(share.max.get())?;
        Ok(Some(Measure { comes_to, allowed, reached: comes_to >= allowed, broken_by: Vec::new() }))
    };
    match &rule.bound {
        Bound::OpenPositions(max) => count(book.positions(scope, mode), *max),
        Bound::EntriesPerHour(max) => count(book.entries(scope, mode, now), *max),
        Bound::LosingCloses(max) => {
            let places = events.iter().map(|event| &event.place).filter(|place| is_of(place, rule, mode));
            count(places.map(|place| book.losing_closes(scope, place, now)).max().unwrap_or(0), *max)
        }
        Bound::Exposure(cap) => sum(book.exposure(scope, &cap.currency, mode)?, cap),
        Bound::ExposurePercent(share) => {
            let taken = book.exposure(scope, &share.currency, mode)?;
            match book.worth(scope, share, mode)?.filter(|worth| *worth > Amount::ZERO) {
                Some(worth) => part(share_of(taken.fraction(), &worth.fraction())?, share),
                None => Ok(None),
            }
        }
        Bound::DayLossPercent(share) => match book.lost(scope, share, mode, |equity| equity.day)? {
            Some(lost) => part(lost.percent, share),
            None => Ok(None),
        },
        Bound::Drawdown(share) => match book.lost(scope, share, mode, |equity| equity.month)? {
            Some(lost) => part(lost.percent, share),
            None => Ok(None),
        },
        Bound::DayLoss(cap) => sum(book.lost_today(scope, &cap.currency, mode, now)?, cap),
        Bound::OrderSize(cap) => {
            let counted = |one: &&OpenPosition| is_of(&one.place, rule, mode) && one.place.symbol.quote == cap.currency;
            let sizes: Vec<_> = open.iter().filter(counted).collect();
            let comes_to = sizes.iter().map(|one| one.exposure).max().unwrap_or(Amount::ZERO);
            let broken_by = sizes.iter().filter(|one| one.exposure > cap.max).map(|one| one.group.clone()).collect();
            Ok(Some(Measure { comes_to, allowed: cap.max, reached: cap.max == Amount::ZERO, broken_by }))
        }
        Bound::Leverage(max) => {
            let held: Vec<_> = open.iter().filter(|one| is_of(&one.place, rule, mode)).collect();
            let highest = held.iter().map(|one| one.leverage).max().map_or(0, |leverage| leverage.get());
            let broken_by = held.iter().filter(|one| one.leverage > *max).map(|one| one.group.clone()).collect();
            let measure = count(usize::try_from(highest).unwrap_or(usize::MAX), max.get())?;
            Ok(measure.map(|measure| Measure { reached: false, broken_by, ..measure }))
        }
        Bound::PriceCollar(_) | Bound::Spread(_) => Ok(None),
    }
}

fn is_of(place: &Place, rule: &Rule, mode: Option<Mode>) -> bool {
    place.mode == mode && rule.scope.holds(place)
}
