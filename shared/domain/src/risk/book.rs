//! The book: what a user has open and has done lately, as rules count it.

use super::rule::RuleScope;
use crate::account::Account;
use crate::clock::Timestamp;
use crate::equity::Equity;
use crate::group::Group;
use crate::ids::{AccountId, BotId, GroupId};
use crate::limits;
use crate::market::{Asset, Exchange, Leverage, Symbol};
use crate::money::{Amount, MoneyError};
use crate::vault::{Mode, Standing};

/// Where a position or an entry belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub account: AccountId,
    pub exchange: Exchange,
    pub symbol: Symbol,
    pub bot: Option<BotId>,
    /// Of the bot.
    pub strategy: Option<String>,
    pub mode: Option<Mode>,
}

/// A position that is not closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenPosition {
    pub group: GroupId,
    pub place: Place,
    /// Planned quote, unfilled legs included.
    pub exposure: Amount,
    pub leverage: Leverage,
}

/// What an entry or a close has left for the rules that look back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    pub at: Timestamp,
    pub group: GroupId,
    pub place: Place,
    pub kind: EventKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventKind {
    /// An opening or an addition.
    Entry,
    /// A realised loss, as a positive amount, when it was realised.
    Loss(Amount),
    /// A close, with what the position has realised.
    Close(Amount),
}

/// The book of one user as it was read for one decision.
#[derive(Debug, Clone, Copy)]
pub struct Book<'a> {
    /// The account of the entry.
    pub account: &'a Account,
    /// Whether its owner lets it trade.
    pub standing: Option<Standing>,
    pub counted: Counted<'a>,
}

/// What rules count of a book: of all accounts of the user.
#[derive(Debug, Clone, Copy, Default)]
pub struct Counted<'a> {
    pub open: &'a [OpenPosition],
    /// Oldest first.
    pub events: &'a [Event],
    pub equities: &'a [AccountEquity],
}

/// What one account is worth in one currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountEquity {
    pub account: AccountId,
    pub exchange: Exchange,
    pub mode: Option<Mode>,
    pub currency: Asset,
    /// None where something is open of which no recent price is known.
    pub equity: Option<Equity>,
}

impl<'a> Book<'a> {
    /// A book of the account alone: of a user without rules.
    pub fn of(account: &'a Account, standing: Option<Standing>) -> Self {
        Self { account, standing, counted: Counted::default() }
    }
}

impl<'a> Counted<'a> {
    fn open_in(self, scope: &'a RuleScope, mode: Option<Mode>) -> impl Iterator<Item = &'a OpenPosition> {
        self.open.iter().filter(move |one| one.place.mode == mode && scope.holds(&one.place))
    }

    fn events_in(self, scope: &'a RuleScope, mode: Option<Mode>) -> impl DoubleEndedIterator<Item = &'a Event> {
        self.events.iter().filter(move |one| one.place.mode == mode && scope.holds(&one.place))
    }

    pub(super) fn positions(self, scope: &'a RuleScope, mode: Option<Mode>) -> usize {
        self.open_in(scope, mode).count()
    }

    pub(super) fn exposure(
        self,
        scope: &'a RuleScope,
        currency: &Asset,
        mode: Option<Mode>,
    ) -> Result<Amount, MoneyError> {
        let counted = self.open_in(scope, mode).filter(|one| one.place.symbol.quote == *currency);
        counted.map(|one| one.exposure).try_fold(Amount::ZERO, Amount::plus)
    }

    /// Realised on the UTC day of `now`.
    pub(super) fn lost_today(
        self,
        scope: &'a RuleScope,
        currency: &Asset,
        mode: Option<Mode>,
        now: Timestamp,
    ) -> Result<Amount, MoneyError> {
        let losses = self.events_in(scope, mode).filter(|one| one.at.day() >= now.day());
        losses.filter(|one| one.place.symbol.quote == *currency).try_fold(Amount::ZERO, |sum, one| match one.kind {
            EventKind::Loss(loss) => sum.plus(loss),
            _ => Ok(sum),
        })
    }

    /// In the hour before `now`.
    pub(super) fn entries(self, scope: &'a RuleScope, mode: Option<Mode>, now: Timestamp) -> usize {
        let since = now.minus(limits::RULE_ENTRIES_WITHIN);
        self.events_in(scope, mode).filter(|one| one.kind == EventKind::Entry && one.at > since).count()
    }

    /// How many of the newest closes of the scope in a row have lost, of the same account and bot. None counts once the newest is
    /// [`limits::RULE_STREAK_PAUSE`] ago: the next entry is let in, and a next loss refuses the one after it.
    pub(super) fn losing_closes(self, scope: &'a RuleScope, place: &Place, now: Timestamp) -> usize {
        let same = |one: &&Event| (&one.place.account, &one.place.bot) == (&place.account, &place.bot);
        let own = self.events_in(scope, place.mode).filter(same);
        let closes = own.rev().filter_map(|one| match one.kind {
            EventKind::Close(realised) => Some((one.at, realised)),
            _ => None,
        });
        let mut losing = closes.take_while(|(_, realised)| realised.is_negative()).peekable();
        let over = losing.peek().is_none_or(|(newest, _)| newest.plus(limits::RULE_STREAK_PAUSE) <= now);
        if over { 0 } else { losing.count() }
    }
}

impl EventKind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Entry => "entry",
            Self::Loss(_) => "loss",
            Self::Close(_) => "close",
        }
    }

    /// Its amount, where it has one.
    pub fn amount(self) -> Option<Amount> {
        match self {
            Self::Entry => None,
            Self::Loss(amount) | Self::Close(amount) => Some(amount),
        }
    }

    /// From its word and its amount.
    pub fn of(word: &str, amount: Option<Amount>) -> Option<Self> {
        match (word, amount) {
            ("entry", None) => Some(Self::Entry),
            ("loss", Some(loss)) => Some(Self::Loss(loss)),
            ("close", Some(realised)) => Some(Self::Close(realised)),
            _ => None,
        }
    }
}

impl Place {
    /// Where a position stands.
    pub fn of(group: &Group, strategy: Option<String>) -> Self {
        Self {
            account: group.account.clone(),
            exchange: group.market.key.exchange.clone(),
            symbol: group.market.key.symbol.clone(),
            bot: group.bot.as_ref().map(|by| by.bot.clone()),
            strategy,
            mode: group.mode,
        }
    }
}
