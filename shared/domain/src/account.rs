//! Accounts: what limits all positions of one account together.

use crate::audit::Actor;
use crate::clock::{Millis, Timestamp};
use crate::drift::Drift;
use crate::equity::Worth;
use crate::fees::Fees;
use crate::identity::{Permission, Scope};
use crate::ids::{AccountId, GroupId, RuleId, UserId};
use crate::limits;
use crate::lineage::LimitKept;
use crate::looks::Looks;
use crate::market::{Asset, Exchange, Leverage, Symbol, Timeframe};
use crate::money::{Amount, Decimal, MoneyError};
use crate::reason::Reason;
use crate::rules;
use crate::seat::Seat;
use crate::slot;
use crate::words::words;
use std::collections::{BTreeMap, BTreeSet};

/// What an account has of one asset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Balance {
    pub free: Amount,
    /// In open orders, ours and others'.
    pub locked: Amount,
}

/// What an account may hold at the most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccountLimits {
    pub open_groups_max: u32,
    /// Planned quote of all groups that are not closed.
    pub exposure_max: Amount,
    /// Quote planned by one entry.
    pub order_quote_max: Amount,
    /// Realised loss of one UTC day after which no entry starts.
    pub day_loss_max: Amount,
    /// How many times its margin a position of contracts may be worth.
    pub leverage_max: Leverage,
}

impl AccountLimits {
    /// Whether more may be held or lost by these than by those, in whatever way.
    pub fn exceed(&self, before: &Self) -> bool {
        self.open_groups_max > before.open_groups_max
            || self.exposure_max > before.exposure_max
            || self.order_quote_max > before.order_quote_max
            || self.day_loss_max > before.day_loss_max
            || self.leverage_max > before.leverage_max
    }

    /// How many groups may be open, where a plan allows so many: the lower of both.
    pub fn groups_max(&self, of_plan: Option<u32>) -> u32 {
        of_plan.map_or(self.open_groups_max, |max| max.min(self.open_groups_max))
    }

    /// Whether an entry that asks for this fits beside what is taken.
    ///
    /// # Errors
    /// The first limit that does not hold, with its numbers.
    pub fn admit(&self, taken: &Taken, asks: &Asks) -> Result<(), LimitReached> {
        let limit = |reason, detail| Err(LimitReached { reason, detail });
        let groups_max = self.groups_max(asks.open_groups_max);
        if taken.open_groups.saturating_add(asks.groups) > groups_max {
            return limit(Reason::OpenGroupsMax, format!("{} of {groups_max} groups are open", taken.open_groups));
        }
        if asks.exposure > self.order_quote_max {
            return limit(Reason::OrderQuoteMax, format!("{} is above {}", asks.exposure, self.order_quote_max));
        }
        if asks.leverage > self.leverage_max {
            let detail = format!("a leverage of {} is above {}", asks.leverage, self.leverage_max);
            return limit(Reason::LeverageMax, detail);
        }
        let loss = taken.lost_today;
        if loss >= self.day_loss_max {
            return limit(Reason::DayLossMax, format!("{loss} lost today, {} allowed", self.day_loss_max));
        }
        if !fits(taken.exposure, asks.exposure, self.exposure_max) {
            let detail = format!("{} and {} more is above {}", taken.exposure, asks.exposure, self.exposure_max);
            return limit(Reason::ExposureMax, detail);
        }
        Ok(())
    }
}

/// What an account has taken of its limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Taken {
    pub open_groups: u32,
    pub exposure: Amount,
    /// Realised, on the day of the entry.
    pub lost_today: Amount,
}

/// What an entry asks of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asks {
    pub exposure: Amount,
    pub leverage: Leverage,
    /// How many groups it opens.
    pub groups: u32,
    /// What its plan allows of groups that are open at once.
    pub open_groups_max: Option<u32>,
}

/// Realised losses of one UTC day; gains are not counted against them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayLoss {
    /// Days since 1970-01-01.
    pub day: i64,
    pub amount: Amount,
}

impl DayLoss {
    /// That of the day of `now`. One of tomorrow, by a clock that is ahead, counts today as well; a later day is of no clock.
    pub fn today(&self, now: Timestamp) -> Amount {
        if self.counts_on(now) { self.amount } else { Amount::ZERO }
    }

    /// With a loss more. Only on a later day it begins anew: whoever's clock is late adds to what is there. A correction of an
    /// older day's loss begins it at nothing.
    ///
    /// # Errors
    /// `Inexact` where the sum cannot be kept.
    pub fn and(&self, loss: Amount, now: Timestamp) -> Result<Self, MoneyError> {
        Ok(match self.counts_on(now) {
            true => Self { day: self.day, amount: self.amount.plus(loss)? },
            false => Self { day: now.day(), amount: loss.max(Amount::ZERO) },
        })
    }

    fn counts_on(&self, now: Timestamp) -> bool {
        let today = now.day();
        self.day == today || self.day == today.saturating_add(1)
    }
}

/// Who stopped entries, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Halt {
    pub at: Timestamp,
    pub reason: String,
    /// The account's user may not come in: they do not lift it.
    pub kept_out: Option<KeptOut>,
    /// Whoever was logged in has set it: no program lifts it.
    pub by_person: bool,
}

/// Nothing is opened, added or armed for a while; entries that rest at the exchange stay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reducing {
    pub at: Timestamp,
    /// None: until a user resumes entries.
    pub until: Option<Timestamp>,
    pub reason: String,
    /// A logged-in user, an API key, a risk rule.
    pub by: Actor,
    /// Of one that a risk rule has set.
    pub rule: Option<RuleId>,
}

impl Reducing {
    /// What stands from now on if this is set beside what stood: the stricter of both, which fewer may end and which lasts longer. None if nothing
    /// changes. A logged-in user replaces what a logged-in user or an API key has set, and an API key what an API key has.
    #[must_use]
    pub fn beside(self, stood: Option<&Self>, now: Timestamp) -> Option<Self> {
        let Some(stood) = stood.filter(|stood| stood.holds(now)) else { return Some(self) };
        let is_strong = |by: Actor| matches!(by, Actor::Person | Actor::Rule);
        match (self.by, stood.by) {
            (by, other) if !is_strong(by) && is_strong(other) => None,
            (Actor::Person, other) if other != Actor::Rule => Some(self),
            (by, other) if !is_strong(by) && !is_strong(other) => Some(self),
            (_, other) => {
                let later = self.until.zip(stood.until).map(|(one, other)| one.max(other));
                let stays = is_strong(other) && later == stood.until;
                (!stays).then_some(Self { until: later, ..self })
            }
        }
    }

    pub fn holds(&self, now: Timestamp) -> bool {
        self.until.is_none_or(|until| now < until)
    }
}

/// What entries of an account may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Entries {
    Active,
    /// None starts; those that rest at the exchange stay.
    Reducing,
    /// None starts, and those that rest are cancelled.
    Halted,
}

/// What they might do whom it keeps out: nobody who may less closes what they hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptOut {
    pub rank: BTreeSet<Scope>,
}

impl KeptOut {
    /// Of whom nothing is known may be whoever may everything.
    pub fn of(rank: Option<BTreeSet<Scope>>) -> Self {
        Self { rank: rank.unwrap_or_else(|| Permission::ALL.into_iter().map(Scope::from).collect()) }
    }
}

/// The account as decisions see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub id: AccountId,
    pub user: UserId,
    pub exchange: Exchange,
    pub label: String,
    pub limits: AccountLimits,
    /// Last known: the venue's free balance and what our own entries lock there.
    pub balances: BTreeMap<Asset, Amount>,
    /// When the venue was asked for them: what was bought before is in them, seen by us or not.
    pub balance_at: Timestamp,
    /// When its answer had come: what was sold before may be in them, and does not count twice.
    pub balance_told_at: Timestamp,
    /// When a fill was committed last, or the balances before were of another wallet: what was read earlier says too little.
    pub filled_at: Timestamp,
    /// How often that came about: two of one moment are two.
    pub fills: u64,
    pub reserved: BTreeMap<Asset, Amount>,
    pub open_groups: u32,
    pub exposure: Amount,
    pub day_loss: DayLoss,
    /// Where the venue and this account's groups differ.
    pub drift: Drift,
    /// Where its venue is looked at more closely.
    pub looks: Looks,
    /// What it pays its venue, as far as routes reckon with that.
    pub fees: Fees,
    pub halted: Option<Halt>,
    /// Beside the halt: the stricter of both holds.
    pub reducing: Option<Reducing>,
    /// The last slot whose pass was begun.
    pub pass_slot: i64,
    /// The groups that are not closed.
    pub live: BTreeMap<Seat, GroupId>,
    /// When the newest exit of a seat was raised; a seat without a timeframe stands for its whole market.
    pub exits: BTreeMap<Seat, Timestamp>,
    /// Until when nothing is opened in a seat. One that is over makes way for the next opening of the account.
    pub cooldowns: BTreeMap<Seat, Timestamp>,
    /// Its venue has asked to be left alone until then.
    pub venue_paused_until: Option<Timestamp>,
    /// Whether its user's plan limits positions: only then an opening asks how many may be open.
    pub limited: bool,
    /// Whether its user has kept risk rules: only then an entry reads them.
    pub ruled: bool,
    pub worth: Worth,
}

/// What the account has of one asset, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Funds {
    pub balance: Amount,
    /// Of the balance, for entries that are planned.
    pub reserved: Amount,
}

impl Funds {
    /// What no entry has been promised; nothing where more is reserved than there is.
    pub fn free(self) -> Amount {
        self.balance.minus(self.reserved).unwrap_or(Amount::ZERO).max(Amount::ZERO)
    }
}

/// What an entry would take of the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    pub asset: Asset,
    /// To be reserved: cost, fee and room for the price to move.
    pub reserve: Amount,
    pub exposure: Amount,
    pub leverage: Leverage,
    /// How many groups it opens: one, or none where it is added to one.
    pub groups: u32,
    /// What its plan allows of groups that are open at once, beside what the account does.
    pub open_groups_max: Option<u32>,
}

impl Need {
    /// What of it the account's limits are about.
    pub fn asks(&self) -> Asks {
        let Self { exposure, leverage, groups, open_groups_max, .. } = *self;
        Asks { exposure, leverage, groups, open_groups_max }
    }
}

/// A limit that stands in the way, with its numbers.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct LimitReached {
    pub reason: Reason,
    pub detail: String,
}

impl Account {
    /// The stricter of its halt and what else stops entries.
    pub fn entries(&self, now: Timestamp) -> Entries {
        match (&self.halted, self.reduces(now)) {
            (Some(_), _) => Entries::Halted,
            (None, Some(_)) => Entries::Reducing,
            (None, None) => Entries::Active,
        }
    }

    /// What stops entries beside a halt, where that is not over.
    pub fn reduces(&self, now: Timestamp) -> Option<&Reducing> {
        self.reducing.as_ref().filter(|reducing| reducing.holds(now))
    }

    pub fn is_kept_out(&self) -> bool {
        self.kept_out().is_some()
    }

    pub fn kept_out(&self) -> Option<&KeptOut> {
        self.halted.as_ref().and_then(|halt| halt.kept_out.as_ref())
    }

    /// When a pass has last looked at all of it: that ends with its balances, and a slot that has begun alone is no look.
    pub fn seen_at(&self) -> Timestamp {
        self.balance_at.min(slot::begins(self.pass_slot))
    }

    pub fn balance(&self, asset: &Asset) -> Amount {
        self.balances.get(asset).copied().unwrap_or(Amount::ZERO)
    }

    pub fn funds(&self, asset: &Asset) -> Funds {
        Funds { balance: self.balance(asset), reserved: self.reserved(asset) }
    }

    pub fn reserved(&self, asset: &Asset) -> Amount {
        self.reserved.get(asset).copied().unwrap_or(Amount::ZERO)
    }

    /// As whoever sits in this market on the same chart calls its timeframe, by whatever name it goes; else as TradingView does.
    pub fn timeframe_of(&self, symbol: &Symbol, timeframe: &Timeframe) -> Timeframe {
        let charted = timeframe.charted();
        let there = self.live.keys().filter(|seat| seat.symbol == *symbol).filter_map(|seat| seat.timeframe.as_ref());
        there
            .clone()
            .find(|one| **one == charted)
            .or_else(|| there.clone().find(|one| one.charted() == charted))
            .cloned()
            .unwrap_or(charted)
    }

    /// When the newest exit was raised that concerns this seat: its own, or one of its whole market.
    pub fn exited_at(&self, seat: &Seat) -> Option<Timestamp> {
        seat.and_whole_market().filter_map(|seat| self.exits.get(&seat)).max().copied()
    }

    /// An exit that no entry can be older than and still be opened.
    pub fn outdated_exit(&self, now: Timestamp) -> Option<(&Seat, Timestamp)> {
        let oldest = self.exits.iter().min_by_key(|(_, raised_at)| **raised_at)?;
        (*oldest.1 < now.minus(limits::EXIT_REMEMBERED)).then_some((oldest.0, *oldest.1))
    }

    /// How many groups may be open with this one: the lower of the account's limit and the plan's.
    pub fn groups_max(&self, need: &Need) -> u32 {
        self.limits.groups_max(need.open_groups_max)
    }

    /// Until when nothing is opened in this seat, where that is not over.
    pub fn cools_until(&self, seat: &Seat, now: Timestamp) -> Option<Timestamp> {
        self.cooldowns.get(seat).copied().filter(|until| rules::cools(*until, now))
    }

    /// Until when its venue is left alone, where that is not over. A pause that is longer than any was written by a clock that was
    /// wrong: it is none.
    pub fn venue_pauses_until(&self, now: Timestamp) -> Option<Timestamp> {
        self.venue_paused_until.filter(|until| now < *until && *until <= self.venue_pause_latest(now))
    }

    /// The end of the longest pause that may have been written by now.
    pub fn venue_pause_latest(&self, now: Timestamp) -> Timestamp {
        let is_banning = BANNING.contains(&self.exchange.as_str());
        let most = if is_banning { limits::VENUE_BAN_MAX } else { limits::VENUE_PAUSE_MAX };
        now.plus(most).plus(limits::CLOCKS_APART_MAX)
    }

    /// How old the balance is that is known last; none of one of the future, which is of no clock.
    pub fn balance_age(&self, now: Timestamp) -> Option<Millis> {
        (!self.balance_at.is_of_the_future(now)).then(|| now.since(self.balance_at))
    }

    /// A balance that a share of it may be calculated from: read, and not too long ago.
    ///
    /// # Errors
    /// How old it is, and how old it may be.
    pub fn balance_for_shares(&self, now: Timestamp) -> Result<(), LimitReached> {
        let (age, most) = (self.balance_age(now), limits::SHARE_BALANCE_AGE_MAX);
        if age.is_some_and(|age| age <= most) {
            return Ok(());
        }
        let read = match age.filter(|_| self.balance_at != Timestamp::default()) {
            Some(age) => format!("the account's balance was read {} s ago", age.get() / 1_000),
            None => "the account's balance has not been read yet".to_owned(),
        };
        let detail = format!("{read}, and a share of it needs one of at most {} s", most.get() / 1_000);
        let detail = format!("{detail}: have it read anew (`moniqo accounts balances`), or say an amount");
        Err(LimitReached { reason: Reason::BalanceOld, detail })
    }

    /// On another side of its exchange, or with another key: nothing is known of what is there, and what was asked for before
    /// this is not written any more.
    #[must_use]
    pub fn with_another_wallet(self, at: Timestamp) -> Self {
        let (balance_at, balance_told_at) = (Timestamp::default(), Timestamp::default());
        Self {
            balances: BTreeMap::new(),
            balance_at,
            balance_told_at,
            filled_at: at,
            fills: self.fills.saturating_add(1),
            worth: Worth { equity: BTreeMap::new(), ..self.worth },
            ..self
        }
    }

    /// A cooldown of another seat that is over.
    pub fn outdated_cooldown(&self, but: &Seat, now: Timestamp) -> Option<(&Seat, Timestamp)> {
        let others = self.cooldowns.iter().filter(|(seat, until)| *seat != but && **until <= now);
        others.min_by_key(|(_, until)| **until).map(|(seat, until)| (seat, *until))
    }

    /// Realised loss of the day of `now`.
    pub fn loss_today(&self, now: Timestamp) -> Amount {
        self.day_loss.today(now)
    }

    /// Whether an entry that needs this fits into all limits.
    ///
    /// # Errors
    /// The first limit that does not hold, with its numbers.
    pub(crate) fn admit(&self, need: &Need, now: Timestamp) -> Result<(), LimitReached> {
        let limit = |reason, detail| Err(LimitReached { reason, detail });
        if let Some(halt) = &self.halted {
            return limit(Reason::Halted, format!("entries are halted: {}", halt.reason));
        }
        let (open_groups, exposure) = (self.open_groups, self.exposure);
        self.limits.admit(&Taken { open_groups, exposure, lost_today: self.loss_today(now) }, &need.asks())?;
        let (balance, reserved) = (self.balance(&need.asset), self.reserved(&need.asset));
        if !fits(reserved, need.reserve, balance) {
            let detail = format!("{} {} needed, {balance} there, {reserved} reserved", need.reserve, need.asset);
            return limit(Reason::InsufficientBalance, detail);
        }
        Ok(())
    }

    /// Whether an entry that is counted already, and was not sent yet, is within the limits as they are by now: since its decision
    /// they may have been lowered, and a loss been made.
    ///
    /// # Errors
    /// The first limit that does not hold any more, with its numbers.
    pub fn still_admits(&self, asks: &Asks, now: Timestamp) -> Result<(), LimitReached> {
        let others = self.exposure.minus(asks.exposure).unwrap_or(Amount::ZERO).max(Amount::ZERO);
        let open_groups = self.open_groups.saturating_sub(asks.groups);
        self.limits.admit(&Taken { open_groups, exposure: others, lost_today: self.loss_today(now) }, asks)
    }

    /// The limits that such an entry is within, with the numbers that they would have with it.
    ///
    /// # Errors
    /// `Inexact` where a sum cannot be kept.
    pub(crate) fn limits_kept(&self, need: &Need, now: Timestamp) -> Result<Vec<LimitKept>, MoneyError> {
        let kept =
            |limit: &str, comes_to, allowed| LimitKept { limit: limit.to_owned(), rule: None, comes_to, allowed };
        let (limits, count) = (&self.limits, |number: u32| Amount::new(Decimal::from(number)));
        let groups = self.open_groups.saturating_add(need.groups);
        let leverage = |leverage: Leverage| count(leverage.get());
        let lent = kept("leverage_max", leverage(need.leverage)?, leverage(limits.leverage_max)?);
        let lent = (need.leverage > Leverage::ONE).then_some(lent);
        let others = [
            kept("open_groups_max", count(groups)?, count(self.groups_max(need))?),
            kept("order_quote_max", need.exposure, limits.order_quote_max),
            kept("day_loss_max", self.loss_today(now), limits.day_loss_max),
            kept("exposure_max", self.exposure.plus(need.exposure)?, limits.exposure_max),
            kept("insufficient_balance", self.reserved(&need.asset).plus(need.reserve)?, self.balance(&need.asset)),
        ];
        Ok(others.into_iter().chain(lent).collect())
    }
}

/// Exchanges that say of a ban how long it lasts, for up to three days (`binance::outcome` in the venues).
const BANNING: [&str; 2] = ["BINANCE", "BINANCEUSDM"];

fn fits(taken: Amount, more: Amount, limit: Amount) -> bool {
    taken.plus(more).is_ok_and(|sum| sum <= limit)
}

words! {
    Entries { Active = "active", Reducing = "reducing", Halted = "halted" }
}
