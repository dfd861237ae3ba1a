//! Rules of a user, and what a rule says when it does not let an entry pass.

use super::book::Place;
use crate::clock::{Millis, Timestamp};
use crate::ids::{AccountId, BotId, RuleId, UserId};
use crate::limits;
use crate::market::{Asset, Exchange, Leverage, Symbol};
use crate::money::{Amount, MoneyError, Percent};
use crate::reason::Reason;
use crate::series::Month;
use crate::vault::Mode;
use crate::words::words;
use std::collections::BTreeSet;
use std::fmt::Display;
use std::str::FromStr;

/// A rule as its user keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    pub id: RuleId,
    pub user: UserId,
    /// From 1.
    pub version: u64,
    /// What its user calls it; may be empty.
    pub label: String,
    pub scope: RuleScope,
    pub bound: Bound,
    pub action: Action,
    /// How long a rule that pauses does; none: until a user resumes entries.
    pub pause_for: Option<Millis>,
    pub enabled: bool,
    /// Of a rule that pauses a scope that is no whole account: its pauses, of each mode one at the most.
    pub paused: Vec<Paused>,
    /// What a user has resumed of what it had paused, of each mode one at the most.
    pub overridden: Vec<Overridden>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub updated_by: UserId,
}

/// Nothing of a rule's scope is opened, added or armed for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paused {
    /// Whose entries are paused: those of other modes go on.
    pub mode: Option<Mode>,
    pub at: Timestamp,
    /// None: until a user resumes entries.
    pub until: Option<Timestamp>,
}

/// A user has resumed what a rule had paused: it pauses nothing of this mode again for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overridden {
    pub mode: Option<Mode>,
    pub until: Timestamp,
}

/// The positions and entries that a rule counts and holds for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RuleScope {
    Account(AccountId),
    /// All accounts of the user.
    User,
    Exchange(Exchange),
    Symbol(Symbol),
    /// All bots of this strategy.
    Strategy(String),
    Bot(BotId),
    /// Markets whose base asset is one of these.
    Assets(BTreeSet<Asset>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ScopeKind {
    Account,
    User,
    Exchange,
    Symbol,
    Strategy,
    Bot,
    Assets,
}

/// An amount in one currency. Positions that are paid in another currency are not counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cap {
    pub max: Amount,
    pub currency: Asset,
}

/// A share of equity in one currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    pub max: Percent,
    pub currency: Asset,
}

/// What a rule bounds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bound {
    OpenPositions(u32),
    /// Planned quote of the open positions, unfilled legs included.
    Exposure(Cap),
    /// The same as a share of what the accounts are worth.
    ExposurePercent(Share),
    /// Planned quote of one entry, its legs included.
    OrderSize(Cap),
    /// Realised loss of one UTC day.
    DayLoss(Cap),
    /// How much less the accounts are worth, realised and open, than when the UTC day began.
    DayLossPercent(Share),
    /// How much less than at the month's peak; of several accounts than the sum of their peaks.
    Drawdown(Share),
    /// Losing closes of the scope in a row, of one account and bot, after which its entries pause for [`limits::RULE_STREAK_PAUSE`].
    LosingCloses(u32),
    /// Openings and additions of the last hour.
    EntriesPerHour(u32),
    Leverage(Leverage),
    /// How much worse than the market's price an entry may be priced.
    PriceCollar(Percent),
    /// The difference between ask and bid, as a share of their mean.
    Spread(Percent),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum BoundKind {
    OpenPositions,
    Exposure,
    ExposurePercent,
    OrderSize,
    DayLoss,
    DayLossPercent,
    Drawdown,
    LosingCloses,
    EntriesPerHour,
    Leverage,
    PriceCollar,
    Spread,
}

/// What happens to an entry that a rule does not let pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    Refuse,
    /// The entry shrinks to the largest size that passes; it is refused if that is below the market's minima.
    Reduce,
    /// The entry is refused, and nothing of the rule's scope is opened, added or armed until its time or until a user resumes entries.
    Pause,
    /// The entry passes, and its user is notified.
    Notify,
}

/// A rule that cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{allowed}")]
pub struct BadRule {
    pub field: &'static str,
    pub allowed: String,
}

/// What has refused an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum By {
    /// The account itself: its limits, its balance, its halt.
    Account,
    Rule(RuleId),
}

/// A bound that an entry would break.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breach {
    pub by: By,
    pub reason: Reason,
    /// The number with this entry.
    pub comes_to: Amount,
    pub allowed: Amount,
    /// Both numbers in a sentence.
    pub detail: String,
}

/// Why an entry is not approved.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct Refused {
    pub reason: Reason,
    pub detail: String,
    /// The bound that was broken; none where the entry is refused for another reason than a number.
    pub breach: Option<Breach>,
    /// Planned quote of the largest entry that passes; none where no size does.
    pub would_pass: Option<Amount>,
}

impl RuleScope {
    pub fn kind(&self) -> ScopeKind {
        match self {
            Self::Account(_) => ScopeKind::Account,
            Self::User => ScopeKind::User,
            Self::Exchange(_) => ScopeKind::Exchange,
            Self::Symbol(_) => ScopeKind::Symbol,
            Self::Strategy(_) => ScopeKind::Strategy,
            Self::Bot(_) => ScopeKind::Bot,
            Self::Assets(_) => ScopeKind::Assets,
        }
    }

    pub fn holds(&self, place: &Place) -> bool {
        match self {
            Self::Account(account) => *account == place.account,
            Self::User => true,
            Self::Exchange(exchange) => *exchange == place.exchange,
            Self::Symbol(symbol) => *symbol == place.symbol,
            Self::Strategy(strategy) => place.strategy.as_ref() == Some(strategy),
            Self::Bot(bot) => place.bot.as_ref() == Some(bot),
            Self::Assets(assets) => assets.contains(&place.symbol.base),
        }
    }

    /// From its kind and the ids or names that it is about.
    ///
    /// # Errors
    /// `scope` is not a scope, with what is allowed.
    pub fn of(kind: ScopeKind, of: &[String]) -> Result<Self, BadRule> {
        fn read<T: FromStr<Err: Display>>(text: &str) -> Result<T, BadRule> {
            text.parse().map_err(|wrong: T::Err| BadRule { field: "scope.of", allowed: wrong.to_string() })
        }
        let bad = |allowed: String| BadRule { field: "scope.of", allowed };
        let one = || match of {
            [one] => Ok(one),
            _ => Err(bad(format!("must name one {}", kind.as_str()))),
        };
        Ok(match kind {
            ScopeKind::User if of.is_empty() => Self::User,
            ScopeKind::User => return Err(bad("must be empty: the scope is all of your accounts".to_owned())),
            ScopeKind::Account => Self::Account(read(one()?)?),
            ScopeKind::Exchange => Self::Exchange(read(one()?)?),
            ScopeKind::Symbol => Self::Symbol(read(one()?)?),
            ScopeKind::Strategy => Self::Strategy(one()?.clone()),
            ScopeKind::Bot => Self::Bot(read(one()?)?),
            ScopeKind::Assets if of.is_empty() => return Err(bad("must name at least one asset".to_owned())),
            ScopeKind::Assets => Self::Assets(of.iter().map(|asset| read(asset)).collect::<Result<_, _>>()?),
        })
    }

    /// The ids or names that it is about.
    pub fn names(&self) -> Vec<String> {
        match self {
            Self::User => Vec::new(),
            Self::Account(account) => vec![account.to_string()],
            Self::Exchange(exchange) => vec![exchange.to_string()],
            Self::Symbol(symbol) => vec![symbol.to_string()],
            Self::Strategy(strategy) => vec![strategy.clone()],
            Self::Bot(bot) => vec![bot.to_string()],
            Self::Assets(assets) => assets.iter().map(ToString::to_string).collect(),
        }
    }
}

impl Bound {
    pub fn kind(&self) -> BoundKind {
        match self {
            Self::OpenPositions(_) => BoundKind::OpenPositions,
            Self::Exposure(_) => BoundKind::Exposure,
            Self::ExposurePercent(_) => BoundKind::ExposurePercent,
            Self::OrderSize(_) => BoundKind::OrderSize,
            Self::DayLoss(_) => BoundKind::DayLoss,
            Self::DayLossPercent(_) => BoundKind::DayLossPercent,
            Self::Drawdown(_) => BoundKind::Drawdown,
            Self::LosingCloses(_) => BoundKind::LosingCloses,
            Self::EntriesPerHour(_) => BoundKind::EntriesPerHour,
            Self::Leverage(_) => BoundKind::Leverage,
            Self::PriceCollar(_) => BoundKind::PriceCollar,
            Self::Spread(_) => BoundKind::Spread,
        }
    }

    /// Whether more may be held or lost by this than by `before`, of the same kind. Bounds of two kinds or currencies cannot be
    /// compared: such a change counts as one that lets more be lost.
    pub fn exceeds(&self, before: &Self) -> bool {
        let more = |is: &Cap, was: &Cap| is.max > was.max || is.currency != was.currency;
        match (self, before) {
            (Self::OpenPositions(is), Self::OpenPositions(was))
            | (Self::LosingCloses(is), Self::LosingCloses(was))
            | (Self::EntriesPerHour(is), Self::EntriesPerHour(was)) => is > was,
            (Self::Exposure(is), Self::Exposure(was))
            | (Self::OrderSize(is), Self::OrderSize(was))
            | (Self::DayLoss(is), Self::DayLoss(was)) => more(is, was),
            (Self::ExposurePercent(is), Self::ExposurePercent(was))
            | (Self::DayLossPercent(is), Self::DayLossPercent(was))
            | (Self::Drawdown(is), Self::Drawdown(was)) => is.max > was.max || is.currency != was.currency,
            (Self::Leverage(is), Self::Leverage(was)) => is > was,
            (Self::PriceCollar(is), Self::PriceCollar(was)) | (Self::Spread(is), Self::Spread(was)) => is > was,
            _ => true,
        }
    }

    /// How long a rule lets entries pass once a user has resumed what it had paused.
    pub fn overridden_until(&self, now: Timestamp) -> Timestamp {
        match self {
            Self::DayLoss(_) | Self::DayLossPercent(_) => now.begin_of_day().plus(Millis::DAY),
            Self::Drawdown(_) => Month::of(now).next().begins(),
            Self::LosingCloses(_) => now.plus(limits::RULE_STREAK_PAUSE),
            _ => now.plus(limits::RULE_ENTRIES_WITHIN),
        }
    }

    /// From its kind, its number and, of amounts and shares of equity, its currency.
    ///
    /// # Errors
    /// The field that is wrong, and what is allowed.
    pub fn of(kind: BoundKind, max: &str, currency: Option<&Asset>) -> Result<Self, BadRule> {
        fn read<T: FromStr>(text: &str, said: impl Fn(T::Err) -> String) -> Result<T, BadRule> {
            text.parse().map_err(|wrong| BadRule { field: "max", allowed: said(wrong) })
        }
        let whole = || read::<u32>(max, |_| "must be a whole number".to_owned());
        let percent = || read::<Percent>(max, |wrong| wrong.to_string());
        let currency_of_it = || {
            let allowed = "must be the currency that is counted, such as USDT".to_owned();
            currency.cloned().ok_or(BadRule { field: "currency", allowed })
        };
        let cap = || Ok(Cap { currency: currency_of_it()?, max: read(max, |wrong: MoneyError| wrong.to_string())? });
        let share = || Ok(Share { currency: currency_of_it()?, max: percent()? });
        if currency.is_some() && !kind.has_currency() {
            let allowed = format!("must be left out: {} is no amount", kind.as_str());
            return Err(BadRule { field: "currency", allowed });
        }
        Ok(match kind {
            BoundKind::OpenPositions => Self::OpenPositions(whole()?),
            BoundKind::Exposure => Self::Exposure(cap()?),
            BoundKind::ExposurePercent => Self::ExposurePercent(share()?),
            BoundKind::OrderSize => Self::OrderSize(cap()?),
            BoundKind::DayLoss => Self::DayLoss(cap()?),
            BoundKind::DayLossPercent => Self::DayLossPercent(share()?),
            BoundKind::Drawdown => Self::Drawdown(share()?),
            BoundKind::LosingCloses => Self::LosingCloses(whole()?),
            BoundKind::EntriesPerHour => Self::EntriesPerHour(whole()?),
            BoundKind::Leverage => Self::Leverage(
                Leverage::new(whole()?).map_err(|wrong| BadRule { field: "max", allowed: wrong.to_string() })?,
            ),
            BoundKind::PriceCollar => Self::PriceCollar(percent()?),
            BoundKind::Spread => Self::Spread(percent()?),
        })
    }

    /// The number as a text.
    pub fn max(&self) -> String {
        match self {
            Self::OpenPositions(max) | Self::LosingCloses(max) | Self::EntriesPerHour(max) => max.to_string(),
            Self::Exposure(cap) | Self::OrderSize(cap) | Self::DayLoss(cap) => cap.max.to_string(),
            Self::ExposurePercent(share) | Self::DayLossPercent(share) | Self::Drawdown(share) => share.max.to_string(),
            Self::Leverage(max) => max.to_string(),
            Self::PriceCollar(max) | Self::Spread(max) => max.to_string(),
        }
    }

    pub fn currency(&self) -> Option<&Asset> {
        match self {
            Self::Exposure(cap) | Self::OrderSize(cap) | Self::DayLoss(cap) => Some(&cap.currency),
            Self::ExposurePercent(share) | Self::DayLossPercent(share) | Self::Drawdown(share) => Some(&share.currency),
            _ => None,
        }
    }
}

impl BoundKind {
    /// The word of a refusal.
    pub fn reason(self) -> Reason {
        match self {
            Self::OpenPositions => Reason::OpenGroupsMax,
            Self::Exposure | Self::ExposurePercent => Reason::ExposureMax,
            Self::OrderSize => Reason::OrderQuoteMax,
            Self::DayLoss | Self::DayLossPercent => Reason::DayLossMax,
            Self::Drawdown => Reason::DrawdownMax,
            Self::LosingCloses => Reason::LosingClosesMax,
            Self::EntriesPerHour => Reason::EntriesPerHourMax,
            Self::Leverage => Reason::LeverageMax,
            Self::PriceCollar => Reason::PriceCollar,
            Self::Spread => Reason::SpreadMax,
        }
    }

    /// Whether it counts what is paid in one currency.
    pub fn has_currency(self) -> bool {
        matches!(self, Self::Exposure | Self::OrderSize | Self::DayLoss) || self.is_of_equity()
    }

    /// Whether its number is a share of equity.
    pub fn is_of_equity(self) -> bool {
        matches!(self, Self::ExposurePercent | Self::DayLossPercent | Self::Drawdown)
    }

    /// Whether a smaller entry could pass.
    pub fn is_of_size(self) -> bool {
        matches!(self, Self::Exposure | Self::ExposurePercent | Self::OrderSize)
    }
}

impl Action {
    fn strictness(self) -> u8 {
        match self {
            Self::Pause => 3,
            Self::Refuse => 2,
            Self::Reduce => 1,
            Self::Notify => 0,
        }
    }
}

impl Rule {
    /// The pauses that it has begun and that are not over.
    pub fn pauses(&self, now: Timestamp) -> impl Iterator<Item = &Paused> {
        let holds = move |paused: &&Paused| paused.until.is_none_or(|until| now < until);
        self.paused.iter().filter(|_| self.enabled && self.action == Action::Pause).filter(holds)
    }

    /// Whether a user has resumed what it had paused of this mode, and it lets such entries pass for a while.
    pub fn is_overridden(&self, mode: Option<Mode>, now: Timestamp) -> bool {
        self.overridden.iter().any(|one| one.mode == mode && now < one.until)
    }

    /// Whether, if this rule took the place of `before`, more could be held or lost: by another scope, a wider bound, a milder
    /// action, or because it is off.
    pub fn is_looser_than(&self, before: &Self) -> bool {
        if !before.enabled {
            return false;
        }
        let milder = self.action.strictness() < before.action.strictness();
        let shorter = |is: Option<Millis>, was: Option<Millis>| match (is, was) {
            (Some(is), Some(was)) => is < was,
            (is, was) => is.is_some() && was.is_none(),
        };
        let shorter = before.action == Action::Pause && shorter(self.pause_for, before.pause_for);
        !self.enabled || self.scope != before.scope || milder || shorter || self.bound.exceeds(&before.bound)
    }
}

words! {
    ScopeKind {
        Account = "account",
        User = "user",
        Exchange = "exchange",
        Symbol = "symbol",
        Strategy = "strategy",
        Bot = "bot",
        Assets = "assets",
    }
    BoundKind {
        OpenPositions = "open_positions",
        Exposure = "exposure",
        ExposurePercent = "exposure_percent",
        OrderSize = "order_size",
        DayLoss = "day_loss",
        DayLossPercent = "day_loss_percent",
        Drawdown = "drawdown",
        LosingCloses = "losing_closes",
        EntriesPerHour = "entries_per_hour",
        Leverage = "leverage",
        PriceCollar = "price_collar",
        Spread = "spread",
    }
    Action { Refuse = "refuse", Reduce = "reduce", Pause = "pause", Notify = "notify" }
}
