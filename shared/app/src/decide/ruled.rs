//! What risk rules need of an entry's user, read for one decision. An account without rules reads nothing.

use super::case::Case;
use crate::commit::{BookChange, Change};
use crate::notices;
use crate::pause;
use crate::ports::{ReadBooks, ReadPrice, StoreError, Urgency};
use crate::risk;
use crate::risk::book::{self, Read};
use crate::run::Run;
use domain::account::Account;
use domain::clock::Timestamp;
use domain::delivery::{Verdict, VerdictKind};
use domain::group::Position;
use domain::ids::{BotId, RuleId};
use domain::market::Market;
use domain::order::Direction;
use domain::risk::{Action, Bound, Event, EventKind, Place, Prices, RiskApproved, Rule};
use store::Engine;
use store::trading::Trading;

/// The rules, and the book that they count.
#[derive(Debug, Default)]
pub(super) struct Ruled {
    /// The count before anything else was read: a commit holds while it stands.
    seen: u64,
    pub(super) rules: Vec<Rule>,
    pub(super) read: Read,
    pub(super) prices: Prices,
    /// Those of the entry's scope that need a price which a preview does not ask for.
    unanswered: Vec<RuleId>,
}

impl Case {
    /// Reads what rules need, where the account has any. An exit is decided without.
    pub(super) async fn ruled<D: Engine + ReadPrice, B: ReadBooks>(
        self,
        deps: &D,
        books: &B,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        self.read(deps, books, true, now).await
    }

    /// The same for what only shows: nothing is kept of it, and rules whose prices are not known are left out.
    pub(super) async fn ruled_unkept<D: Engine + ReadPrice, B: ReadBooks>(
        self,
        deps: &D,
        books: &B,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        let mut case = self.read(deps, books, false, now).await?;
        let place = case.place();
        if let Some(ruled) = &mut case.ruled {
            let Prices { last, touch } = &ruled.prices;
            let is_answered = |rule: &Rule| match rule.bound {
                Bound::Spread(_) => touch.is_some(),
                Bound::PriceCollar(_) => last.is_some(),
                _ => true,
            };
            let unanswered = ruled.rules.iter().filter(|rule| rule.scope.holds(&place) && !is_answered(rule));
            ruled.unanswered = unanswered.map(|rule| rule.id.clone()).collect();
            ruled.rules.retain(is_answered);
        }
        Ok(case)
    }

    pub(super) fn unanswered(&self) -> Vec<RuleId> {
        self.ruled.as_ref().map(|ruled| ruled.unanswered.clone()).unwrap_or_default()
    }

    async fn read<D: Engine + ReadPrice, B: ReadBooks>(
        self,
        deps: &D,
        books: &B,
        keeps: bool,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        if !self.account.ruled {
            return Ok(self);
        }
        let user = self.account.user.clone();
        let seen = Trading(deps).load_risk_count(&user).await?.unwrap_or_default();
        let mut rules = Trading(deps).list_rules(&user).await?;
        rules.retain(|rule| rule.enabled);
        if keeps {
            self.begin_day(deps, &rules, now).await?;
        }
        let read = book::read(deps, &user, &rules, (&self.account.id, self.mode()), now).await?;
        let prices = prices(deps, books, (&self.account, &self.market), &rules, now).await?;
        let ruled = Some(Box::new(Ruled { seen, rules, read, prices, unanswered: Vec::new() }));
        Ok(Self { ruled, ..self })
    }

    /// What the account is worth before the first entry of a day is kept, if a rule counts what is lost since. Passes do that while
    /// something is open.
    async fn begin_day<D: Engine>(&self, deps: &D, rules: &[Rule], now: Timestamp) -> Result<(), StoreError> {
        let (account, currency) = (&self.account, &self.market.key.symbol.quote);
        let counts = |rule: &Rule| rule.bound.kind().is_of_equity() && rule.bound.currency() == Some(currency);
        if !rules.iter().any(counts) || account.trades_in(currency) {
            return Ok(());
        }
        let Some(found) = account.equity(currency, self.mode(), now).map_err(StoreError::unreadable)? else {
            return Ok(());
        };
        let begun = account.worth.equity.get(currency).is_some_and(|known| known.goes_on_as(&found));
        if !begun {
            // Where another was first, it has begun the day.
            Trading(deps).keep_equity(account, currency, &found).await?;
        }
        Ok(())
    }

    pub(super) fn rules(&self) -> &[Rule] {
        self.ruled.as_ref().map(|ruled| &ruled.rules[..]).unwrap_or_default()
    }

    pub(super) fn strategy_of(&self, bot: Option<&BotId>) -> Option<String> {
        self.ruled.as_ref()?.read.strategies.get(bot?).cloned()
    }

    /// What the commit of an entry says of the book that it was assessed by, and to its user.
    pub(super) fn book_changes(
        &self,
        approved: &RiskApproved,
        after: &Position,
        version: u64,
        now: Timestamp,
    ) -> Vec<Change> {
        let Some(ruled) = &self.ruled else { return Vec::new() };
        let (user, group) = (&self.account.user, &after.group);
        let place = Place { strategy: None, ..self.place() };
        let event = Event { at: now, group: group.id.clone(), place, kind: EventKind::Entry };
        let event = BookChange::Event { user: user.clone(), event: Box::new(event), version };
        let entered = BookChange::Entered { user: user.clone(), seen: ruled.seen };
        let warned = approved.warnings().iter().map(|breach| notices::risk_rule(user, group, breach, now));
        let warned = warned.map(|notice| Change::Notice(Box::new(notice)));
        [entered, event].map(Change::Book).into_iter().chain(warned).collect()
    }
}

/// Pauses the scope of the rule that has refused an entry, where that is what the rule does: before the verdict is committed.
pub(super) async fn pause_by<D: Engine>(
    deps: &D,
    rules: &[Rule],
    verdict: &Verdict,
    run: &Run,
    now: Timestamp,
) -> Result<(), StoreError> {
    let refused_by = verdict.limit.as_ref().and_then(|limit| limit.rule.as_ref());
    let mut pausing = rules.iter().filter(|rule| rule.action == Action::Pause && Some(&rule.id) == refused_by);
    let Some(rule) = pausing.next().filter(|_| verdict.kind == VerdictKind::Refused) else { return Ok(()) };
    let why = verdict.detail.as_deref().unwrap_or_default();
    risk::pause(deps, rule, (why, verdict.mode), &run.attempt, now).await?;
    Trading(deps).notify(&notices::paused(rule, why, now)).await
}

/// Of the market, if a rule is about them. If no recent price is kept, the best ask is taken as the price.
async fn prices<D: Engine + ReadPrice, B: ReadBooks>(
    deps: &D,
    books: &B,
    (account, market): (&Account, &Market),
    rules: &[Rule],
    now: Timestamp,
) -> Result<Prices, StoreError> {
    let collar = rules.iter().any(|rule| matches!(rule.bound, Bound::PriceCollar(_)));
    let spread = rules.iter().any(|rule| matches!(rule.bound, Bound::Spread(_)));
    let last = if collar { deps.read_price(&market.key, now).await? } else { None };
    let asks = spread || (collar && last.is_none());
    if !asks || account.venue_pauses_until(now).is_some() {
        return Ok(Prices { last, touch: None });
    }
    let mut answers = books.read_books(&[(account.id.clone(), market.clone())], Urgency::Entry).await;
    pause::keep(deps, &account.id, books.newly_paused(&account.id)).await;
    let book = answers.pop().and_then(Result::ok);
    let best = |direction| book.as_ref().and_then(|book| book.best(direction));
    let touch = best(Direction::Sell).zip(best(Direction::Buy)).map(|(bid, ask)| (bid, ask, now));
    Ok(Prices { last: last.or(touch.map(|(_, ask, _)| (ask, now))), touch })
}
