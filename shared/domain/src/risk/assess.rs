//! The one assessment of everything that trades.

use super::approved::{Found, RiskApproved};
use super::book::{Book, Place};
use super::percent::{FINEST, Lost, share_of};
use super::rule::{Action, Bound, Breach, By, Cap, Refused, Rule, Share};
use crate::account::{Account, Need};
use crate::alert::Side;
use crate::clock::Timestamp;
use crate::equity::{Equity, Window};
use crate::limits;
use crate::lineage::LimitKept;
use crate::money::{Amount, Decimal, Fraction, MoneyError, Percent, Price};
use crate::reason::Reason;
use crate::vault::Standing;

/// What wants to trade.
#[derive(Debug, Clone, Copy)]
pub enum Intent<'a> {
    /// Opens a position.
    Entry(Entry<'a>),
    /// Adds to one.
    Addition(Entry<'a>),
    /// What was assessed with its entry and is sent now: a leg of a ladder, or the entry itself.
    Leg(&'a Place),
    Reduction,
    Exit,
    Stop,
}

/// What an entry or an addition asks for.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    pub place: &'a Place,
    pub side: Side,
    /// At which it was planned. An entry without one is a question whether any could pass: no collar is measured, and none is
    /// committed by its approval.
    pub price: Option<Price>,
    pub need: &'a Need,
}

/// What is known of the entry's market, each with its time.
#[derive(Debug, Clone, Copy, Default)]
pub struct Prices {
    pub last: Option<(Price, Timestamp)>,
    /// Best bid and best ask.
    pub touch: Option<(Price, Price, Timestamp)>,
}

/// What an assessment comes to. Nothing is approved of what is no entry: it passes without.
pub type Assessed = Result<Option<RiskApproved>, Box<Refused>>;

/// Assesses an intent against the account's limits and the user's rules. Rules that are off or hold for other positions say
/// nothing.
///
/// # Errors
/// The first limit or rule that refuses, with its numbers and the largest size that passes.
pub fn assess(book: &Book<'_>, intent: Intent<'_>, rules: &[Rule], prices: &Prices, now: Timestamp) -> Assessed {
    match intent {
        Intent::Reduction | Intent::Exit | Intent::Stop => Ok(None),
        Intent::Leg(place) => {
            may_start(book, now)?;
            may_start_here(place, rules, now).map(|()| None)
        }
        Intent::Entry(entry) | Intent::Addition(entry) => assess_entry(book, entry, rules, prices, now).map(Some),
    }
}

/// The same of what opens or adds.
///
/// # Errors
/// As [`assess`].
pub fn assess_entry(
    book: &Book<'_>,
    entry: Entry<'_>,
    rules: &[Rule],
    prices: &Prices,
    now: Timestamp,
) -> Result<RiskApproved, Box<Refused>> {
    may_start(book, now)?;
    may_start_here(entry.place, rules, now)?;
    let in_scope = rules.iter().filter(|rule| rule.enabled && rule.scope.holds(entry.place));
    Assessment { book, entry, prices, now }.of(in_scope)
}

/// Whether no rule has paused what stands here: asked of each leg as well.
fn may_start_here(place: &Place, rules: &[Rule], now: Timestamp) -> Result<(), Box<Refused>> {
    let here = rules.iter().filter(|rule| rule.scope.holds(place));
    let mut pauses = here.flat_map(|rule| rule.pauses(now).map(move |paused| (rule, paused)));
    let paused = pauses.find(|(_, paused)| paused.mode == place.mode);
    let Some((rule, paused)) = paused else { return Ok(()) };
    Err(Box::new(Refused::plain(
        Reason::EntriesReducing,
        reducing(&format!("the risk rule {}", rule.id), paused.until),
    )))
}

/// What is said of entries that do not start.
fn reducing(why: &str, until: Option<Timestamp>) -> String {
    let seconds = |until: Timestamp| until.millis().div_euclid(1_000);
    match until {
        Some(until) => format!("entries are reducing until {} (Unix time): {why}", seconds(until)),
        None => format!("entries are reducing until you resume them: {why}"),
    }
}

/// Whether the account starts anything.
fn may_start(book: &Book<'_>, now: Timestamp) -> Result<(), Box<Refused>> {
    if let Some(halt) = &book.account.halted {
        return Err(Box::new(Refused::plain(Reason::Halted, format!("entries are halted: {}", halt.reason))));
    }
    if let Some(stop) = book.account.reduces(now) {
        return Err(Box::new(Refused::plain(Reason::EntriesReducing, reducing(&stop.reason, stop.until))));
    }
    Standing::may_enter(book.standing).map_err(|(reason, detail)| Box::new(Refused::plain(reason, detail.to_owned())))
}

/// One entry before its verdict.
struct Assessment<'a> {
    book: &'a Book<'a>,
    entry: Entry<'a>,
    prices: &'a Prices,
    now: Timestamp,
}

/// What one bound says of an entry.
struct Measured {
    comes_to: Amount,
    allowed: Amount,
    /// Whether the entry is within it.
    holds: bool,
    /// Both numbers in a sentence.
    detail: String,
    /// The largest entry that would be within it; none where a smaller one is not.
    would_pass: Option<Amount>,
}

impl Assessment<'_> {
    fn of<'r>(&self, rules: impl Iterator<Item = &'r Rule>) -> Result<RiskApproved, Box<Refused>> {
        let (account, need) = (self.book.account, self.entry.need);
        let checked = account.limits_kept(need, self.now).map_err(|error| inexact(&error))?;
        let (mut most, mut pauses) = (largest(account, need), false);
        let mut refused = self.limited(&checked, most);
        let mut found = Found { checked, ..Found::default() };
        for rule in rules {
            if rule.action == Action::Pause && rule.is_overridden(self.entry.place.mode, self.now) {
                // What it counts is of no matter, known or not; what holds is on record all the same.
                found
                    .checked
                    .extend(self.measure(rule).ok().filter(|measured| measured.holds).map(|kept| kept.kept(rule)));
                continue;
            }
            let measured = match self.measure(rule) {
                Err(_) if rule.action == Action::Notify => continue,
                measured => measured?,
            };
            if measured.holds {
                found.checked.push(measured.kept(rule));
                continue;
            }
            let breach = measured.breach(rule);
            if rule.action == Action::Notify {
                found.warnings.push(breach);
                continue;
            }
            most = most.min(measured.would_pass.unwrap_or(Amount::ZERO));
            match rule.action {
                Action::Reduce if most > Amount::ZERO => drop(found.reduced_by.get_or_insert(breach)),
                // A pause comes before every other refusal: no size passes it.
                Action::Pause if !pauses => (pauses, refused) = (true, Some(Refused::by(breach, None))),
                _ => drop(refused.get_or_insert_with(|| Refused::by(breach, measured.would_pass))),
            }
        }
        if let Some(refused) = refused {
            let would_pass = refused.would_pass.map(|_| most).filter(|most| *most > Amount::ZERO);
            return Err(Box::new(Refused { would_pass, ..refused }));
        }
        let smaller = found.reduced_by.is_some().then(|| scaled(need, most));
        let need = smaller.unwrap_or_else(|| Ok(need.clone())).map_err(|error| inexact(&error))?;
        RiskApproved::new(account, need, found).map_err(|error| inexact(&error))
    }

    /// What the account's own limits refuse, and the size that passes them, if `most` does.
    fn limited(&self, checked: &[LimitKept], most: Amount) -> Option<Refused> {
        let (account, need) = (self.book.account, self.entry.need);
        let limit = account.admit(need, self.now).err()?;
        let fits = scaled(need, most).is_ok_and(|smaller| account.admit(&smaller, self.now).is_ok());
        let numbers = checked.iter().find(|kept| kept.limit == limit.reason.as_str());
        let breach = numbers.map(|kept| Breach {
            by: By::Account,
            reason: limit.reason,
            comes_to: kept.comes_to,
            allowed: kept.allowed,
            detail: limit.detail.clone(),
        });
        Some(Refused { reason: limit.reason, detail: limit.detail, breach, would_pass: fits.then_some(most) })
    }

    fn measure(&self, rule: &Rule) -> Result<Measured, Box<Refused>> {
        let (Entry { place, need, side, price }, now, book) = (self.entry, self.now, self.book.counted);
        let (scope, mode) = (&rule.scope, place.mode);
        match &rule.bound {
            Bound::OpenPositions(max) => {
                let open = book.positions(scope, mode);
                let with = open.saturating_add(usize::try_from(need.groups).unwrap_or(usize::MAX));
                let detail = format!("{open} of {max} positions of this scope are open");
                Measured::count(with, *max, detail)
            }
            Bound::EntriesPerHour(max) => {
                let made = book.entries(scope, mode, now);
                let detail = format!("{made} of {max} entries of the last hour are made");
                Measured::count(made.saturating_add(1), *max, detail)
            }
            Bound::LosingCloses(max) => {
                let lost = book.losing_closes(scope, place, now);
                let detail = format!("the last {lost} closes have lost, and entries pause after {max} for 24 hours");
                // As many as the bound are one too many.
                Measured::count(lost.saturating_add(1), *max, detail)
            }
            Bound::Exposure(cap) => {
                let taken = book.exposure(scope, &cap.currency, mode).map_err(|error| inexact(&error))?;
                Measured::size(cap, taken, need).map_err(|error| inexact(&error))
            }
            Bound::ExposurePercent(share) => {
                let taken = book.exposure(scope, &share.currency, mode).map_err(|error| inexact(&error))?;
                let worth = book.worth(scope, share, mode).map_err(|error| inexact(&error))?.ok_or_else(unvalued)?;
                Measured::part(share, taken, worth, need).map_err(|error| inexact(&error))
            }
            Bound::OrderSize(cap) => Measured::size(cap, Amount::ZERO, need).map_err(|error| inexact(&error)),
            Bound::DayLoss(cap) => {
                let lost = book.lost_today(scope, &cap.currency, mode, now).map_err(|error| inexact(&error))?;
                let detail = format!("{lost} {} lost today, {} allowed", cap.currency, cap.max);
                Ok(Measured { comes_to: lost, allowed: cap.max, holds: lost < cap.max, detail, would_pass: None })
            }
            Bound::DayLossPercent(share) => self.lost(rule, share, "when the day began", |equity| equity.day),
            Bound::Drawdown(share) => self.lost(rule, share, "at the month's peak", |equity| equity.month),
            Bound::Leverage(max) => {
                let (asked, most) = (need.leverage, *max);
                let detail = format!("a leverage of {asked} is above {most}");
                let (comes_to, allowed) = (amount(asked.get())?, amount(most.get())?);
                Ok(Measured { comes_to, allowed, holds: asked <= most, detail, would_pass: None })
            }
            Bound::PriceCollar(max) => match price {
                Some(price) => Measured::collar(side, price, self.last()?, *max).map_err(|error| inexact(&error)),
                None => Measured::count(0, 0, String::new()),
            },
            Bound::Spread(max) => Measured::spread(self.touch()?, *max).map_err(|error| inexact(&error)),
        }
    }

    fn lost(
        &self,
        rule: &Rule,
        share: &Share,
        since: &str,
        window: fn(&Equity) -> Window,
    ) -> Result<Measured, Box<Refused>> {
        let lost = self.book.counted.lost(&rule.scope, share, self.entry.place.mode, window);
        let lost = lost.map_err(|error| inexact(&error))?.ok_or_else(unvalued)?;
        Measured::lost(share, lost, since).map_err(|error| inexact(&error))
    }

    /// The market's price, where it is young enough.
    fn last(&self) -> Result<Price, Box<Refused>> {
        let fresh = self.prices.last.filter(|(_, at)| self.now.since(*at) <= limits::PRICE_AGE_MAX);
        fresh.map(|(price, _)| price).ok_or_else(|| no_price("no price of this market younger than 60 s is known"))
    }

    fn touch(&self) -> Result<(Price, Price), Box<Refused>> {
        let fresh = self.prices.touch.filter(|(.., at)| self.now.since(*at) <= limits::PRICE_AGE_MAX);
        let known = fresh.map(|(bid, ask, _)| (bid, ask));
        known.ok_or_else(|| no_price("the order book of this market is not known, and a rule bounds its spread"))
    }
}

impl Measured {
    fn count(with: usize, max: u32, detail: String) -> Result<Self, Box<Refused>> {
        let with = u32::try_from(with).unwrap_or(u32::MAX);
        let (comes_to, allowed) = (amount(with)?, amount(max)?);
        Ok(Self { comes_to, allowed, holds: with <= max, detail, would_pass: None })
    }

    /// Of what is paid in this currency; an entry that is paid in another one is not counted.
    fn size(cap: &Cap, taken: Amount, need: &Need) -> Result<Self, MoneyError> {
        let Cap { max, currency } = cap;
        let counts = need.asset == *currency;
        let asked = if counts { need.exposure } else { Amount::ZERO };
        let comes_to = taken.plus(asked)?;
        let detail = format!("{taken} and {asked} more is above {max} {currency}");
        let left = max.minus(taken)?.max(Amount::ZERO);
        Ok(Self { comes_to, allowed: *max, holds: !counts || comes_to <= *max, detail, would_pass: Some(left) })
    }

    /// Of what is paid in this currency, as a share of what the accounts are worth.
    fn part(share: &Share, taken: Amount, worth: Amount, need: &Need) -> Result<Self, MoneyError> {
        let worth = worth.max(Amount::ZERO);
        let most = Amount::new((worth.fraction() * share.max.share()).floor_to(FINEST)?)?;
        let counts = need.asset == share.currency;
        let asked = if counts { need.exposure } else { Amount::ZERO };
        let all = taken.plus(asked)?;
        let (currency, max) = (&share.currency, share.max);
        let detail = format!("{taken} and {asked} more is above {max} % of an equity of {worth} {currency}");
        let comes_to = match worth == Amount::ZERO {
            true => all.max(Amount::ZERO),
            false => share_of(all.fraction(), &worth.fraction())?,
        };
        let (holds, left) = (!counts || all <= most, most.minus(taken)?.max(Amount::ZERO));
        Ok(Self { comes_to, allowed: Amount::new(max.get())?, holds, detail, would_pass: Some(left) })
    }

    fn lost(share: &Share, lost: Lost, since: &str) -> Result<Self, MoneyError> {
        let (Lost { from, lost, percent }, allowed) = (lost, Amount::new(share.max.get())?);
        let holds = percent < allowed || lost == Amount::ZERO;
        let currency = &share.currency;
        let detail = format!("{lost} {currency} less than the {from} {since}: {percent} % lost, {allowed} % allowed");
        Ok(Self { comes_to: percent, allowed, holds, detail, would_pass: None })
    }

    /// Worse is dearer for who buys, and cheaper for who sells short.
    fn collar(side: Side, price: Price, last: Price, max: Percent) -> Result<Self, MoneyError> {
        let (is, market) = (price.fraction(), last.fraction());
        let worse = if side == Side::Long { is - market.clone() } else { market.clone() - is };
        let detail = format!("an entry at {price} is more than {max} % worse than the market at {last}");
        Self::share(worse, &market, max, detail)
    }

    fn spread((bid, ask): (Price, Price), max: Percent) -> Result<Self, MoneyError> {
        let mean = (bid.fraction() + ask.fraction()) * half()?;
        let detail = format!("the spread between {bid} and {ask} is above {max} %");
        Self::share(ask.fraction() - bid.fraction(), &mean, max, detail)
    }

    fn share(part: Fraction, whole: &Fraction, max: Percent, detail: String) -> Result<Self, MoneyError> {
        let (comes_to, allowed) = (share_of(part, whole)?, Amount::new(max.get())?);
        Ok(Self { comes_to, allowed, holds: comes_to <= allowed, detail, would_pass: None })
    }

    fn kept(&self, rule: &Rule) -> LimitKept {
        let (limit, rule) = (rule.bound.kind().reason().as_str().to_owned(), Some(rule.id.clone()));
        LimitKept { limit, rule, comes_to: self.comes_to, allowed: self.allowed }
    }

    fn breach(&self, rule: &Rule) -> Breach {
        Breach {
            by: By::Rule(rule.id.clone()),
            reason: rule.bound.kind().reason(),
            comes_to: self.comes_to,
            allowed: self.allowed,
            detail: self.detail.clone(),
        }
    }
}

impl Refused {
    fn plain(reason: Reason, detail: String) -> Self {
        Self { reason, detail, breach: None, would_pass: None }
    }

    fn by(breach: Breach, would_pass: Option<Amount>) -> Self {
        Self { reason: breach.reason, detail: breach.detail.clone(), breach: Some(breach), would_pass }
    }
}

/// The largest entry of this kind that the account's limits and balance take.
fn largest(account: &Account, need: &Need) -> Amount {
    let left = |limit: Amount, taken: Amount| limit.minus(taken).unwrap_or(Amount::ZERO).max(Amount::ZERO);
    let limits = &account.limits;
    let of_limits = left(limits.exposure_max, account.exposure).min(limits.order_quote_max);
    let free = account.funds(&need.asset).free();
    let of_balance = affordable(free, need).unwrap_or(Amount::ZERO);
    of_limits.min(of_balance)
}

/// How much exposure this balance reserves, at the entry's own ratio.
fn affordable(free: Amount, need: &Need) -> Option<Amount> {
    if need.reserve <= Amount::ZERO {
        return Some(Amount::MAX);
    }
    let free = Fraction::from(free.fraction().floor_to(FINEST).ok()?);
    let share = free.over(&need.reserve.fraction())?;
    Amount::new((share * need.exposure.fraction()).floor_to(FINEST).ok()?).ok()
}

/// The same entry at another size: what it reserves is rounded up.
fn scaled(need: &Need, exposure: Amount) -> Result<Need, MoneyError> {
    let share = exposure.fraction().over(&need.exposure.fraction()).ok_or(MoneyError::NotANumber)?;
    let reserve = Amount::new((need.reserve.fraction() * share).ceil_to(FINEST)?)?;
    Ok(Need { exposure, reserve, ..need.clone() })
}

fn half() -> Result<Fraction, MoneyError> {
    Fraction::whole(1).over(&Fraction::whole(2)).ok_or(MoneyError::NotANumber)
}

fn amount(number: u32) -> Result<Amount, Box<Refused>> {
    Amount::new(Decimal::from(number)).map_err(|error| inexact(&error))
}

fn unvalued() -> Box<Refused> {
    no_price("a rule counts what open positions have gained, and a price of the last 60 s or the balance is not known")
}

fn no_price(detail: &str) -> Box<Refused> {
    Box::new(Refused::plain(Reason::NoPrice, detail.to_owned()))
}

fn inexact(error: &MoneyError) -> Box<Refused> {
    Box::new(Refused::plain(Reason::Inexact, error.to_string()))
}
