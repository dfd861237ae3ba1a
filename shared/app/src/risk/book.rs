//! The book of one user, read as far as their rules count it.

use crate::ports::StoreError;
use crate::trading;
use domain::account::Account;
use domain::clock::Timestamp;
use domain::group::Group;
use domain::ids::{AccountId, BotId, UserId};
use domain::limits;
use domain::market::Asset;
use domain::risk::{AccountEquity, Bound, BoundKind, Counted, Event, OpenPosition, Place, Rule, RuleScope};
use domain::vault::Mode;
use std::collections::{BTreeMap, BTreeSet};
use store::Engine;
use store::trading::Trading;

/// What was read.
#[derive(Debug, Default)]
pub(crate) struct Read {
    pub(crate) open: Vec<OpenPosition>,
    /// Oldest first.
    pub(crate) events: Vec<Event>,
    pub(crate) equities: Vec<AccountEquity>,
    /// Of each bot, where a rule is about one.
    pub(crate) strategies: BTreeMap<BotId, String>,
}

impl Read {
    pub(crate) fn counted(&self) -> Counted<'_> {
        Counted { open: &self.open, events: &self.events, equities: &self.equities }
    }
}

/// For the assessment of an entry of this account and mode. A position of an older release says no mode: it counts as one of it.
pub(crate) async fn read<D: Engine>(
    deps: &D,
    user: &UserId,
    rules: &[Rule],
    own: (&AccountId, Option<Mode>),
    now: Timestamp,
) -> Result<Read, StoreError> {
    let (_, mode) = own;
    let strategies = strategies(deps, user, rules).await?;
    let counts = |rule: &Rule| {
        matches!(rule.bound.kind(), BoundKind::OpenPositions | BoundKind::Exposure | BoundKind::ExposurePercent)
    };
    let (counts, values) = (rules.iter().any(counts), rules.iter().any(|rule| rule.bound.kind().is_of_equity()));
    let accounts = if counts || values { trading::all_accounts(deps, user).await? } else { Vec::new() };
    let open = if counts { open(deps, &accounts, &strategies, mode).await? } else { Vec::new() };
    let equities = equities(&accounts, rules, Some(&modes(deps, &accounts, rules, own).await?), now)?;
    let events = events(deps, (user, mode), rules, &strategies, now).await?;
    Ok(Read { open, events, equities, strategies })
}

/// With all that is open, whether the rule counts it or not.
pub(crate) async fn read_whole<D: Engine>(
    deps: &D,
    user: &UserId,
    rule: &Rule,
    now: Timestamp,
) -> Result<Read, StoreError> {
    let rules = std::slice::from_ref(rule);
    let strategies = strategies(deps, user, rules).await?;
    let accounts = trading::all_accounts(deps, user).await?;
    let open = open(deps, &accounts, &strategies, None).await?;
    let equities = equities(&accounts, rules, None, now)?;
    let events = events(deps, (user, None), rules, &strategies, now).await?;
    Ok(Read { open, events, equities, strategies })
}

/// Of accounts whose mode nothing else tells: that of an entry, and those that were never valued though something is open there.
type Modes<'a> = BTreeMap<&'a AccountId, Option<Mode>>;

async fn modes<'a, D: Engine>(
    deps: &D,
    accounts: &'a [Account],
    rules: &[Rule],
    (own, mode): (&'a AccountId, Option<Mode>),
) -> Result<Modes<'a>, StoreError> {
    let mut modes = Modes::from([(own, mode)]);
    let currencies = currencies(rules);
    let is_unvalued = |account: &Account, one: &Asset| {
        account.trades_in(one) && account.worth.equity.get(one).is_none_or(|equity| equity.mode.is_none())
    };
    for account in accounts.iter().filter(|account| account.id != *own) {
        if currencies.iter().any(|one| is_unvalued(account, one)) {
            modes.insert(&account.id, trading::mode_of(deps, account).await?);
        }
    }
    Ok(modes)
}

fn currencies(rules: &[Rule]) -> BTreeSet<&Asset> {
    let of_equity = rules.iter().filter(|rule| rule.bound.kind().is_of_equity());
    of_equity.filter_map(|rule| rule.bound.currency()).collect()
}

/// What the accounts are worth in the currencies of rules about equity. One that was not valued under rules yet is not counted, but for
/// that of an entry, and where something is open: then what it is worth is not known.
fn equities(
    accounts: &[Account],
    rules: &[Rule],
    entry: Option<&Modes<'_>>,
    now: Timestamp,
) -> Result<Vec<AccountEquity>, StoreError> {
    let currencies = currencies(rules);
    let mut equities = Vec::new();
    for (account, currency) in accounts.iter().flat_map(|account| currencies.iter().map(move |one| (account, *one))) {
        let known = account.worth.equity.get(currency).map(|equity| equity.mode);
        let told = entry.and_then(|modes| modes.get(&account.id).copied());
        let Some(mode) = told.or(known) else { continue };
        let equity = account.equity(currency, mode, now).map_err(StoreError::unreadable)?;
        let (account, exchange, currency) = (account.id.clone(), account.exchange.clone(), currency.clone());
        equities.push(AccountEquity { account, exchange, mode, currency, equity });
    }
    Ok(equities)
}

async fn strategies<D: Engine>(deps: &D, user: &UserId, rules: &[Rule]) -> Result<BTreeMap<BotId, String>, StoreError> {
    if !rules.iter().any(|rule| matches!(rule.scope, RuleScope::Strategy(_))) {
        return Ok(BTreeMap::new());
    }
    let bots = Trading(deps).all_bots(user).await?;
    Ok(bots.into_iter().map(|bot| (bot.id, bot.terms.strategy.name)).collect())
}

/// Open positions of all accounts of the user.
async fn open<D: Engine>(
    deps: &D,
    accounts: &[Account],
    strategies: &BTreeMap<BotId, String>,
    mode: Option<Mode>,
) -> Result<Vec<OpenPosition>, StoreError> {
    let live =
        accounts.iter().flat_map(|account| account.live.values().map(|group| (account.id.clone(), group.clone())));
    let live: Vec<_> = live.collect();
    let groups = Trading(deps).load_groups(&live).await?;
    let groups = groups.iter().filter(|group| !group.is_settled());
    let known = |group: &Group| Place { mode: group.mode.or(mode), ..Place::of(group, strategy(group, strategies)) };
    groups
        .map(|group| {
            let exposure = group.exposure_of_parts().map_err(StoreError::unreadable)?;
            let (group, place, leverage) = (group.id.clone(), known(group), group.plan.leverage);
            Ok(OpenPosition { group, place, exposure, leverage })
        })
        .collect()
}

fn strategy(group: &Group, strategies: &BTreeMap<BotId, String>) -> Option<String> {
    group.bot.as_ref().and_then(|by| strategies.get(&by.bot)).cloned()
}

/// As far back as a rule looks. What a position of an older release has left says no mode, as it does.
async fn events<D: Engine>(
    deps: &D,
    (user, mode): (&UserId, Option<Mode>),
    rules: &[Rule],
    strategies: &BTreeMap<BotId, String>,
    now: Timestamp,
) -> Result<Vec<Event>, StoreError> {
    let since = rules.iter().filter_map(|rule| match rule.bound {
        Bound::LosingCloses(_) => Some(now.minus(limits::RULE_STREAK_WITHIN)),
        Bound::DayLoss(_) => Some(now.begin_of_day()),
        Bound::EntriesPerHour(_) => Some(now.minus(limits::RULE_ENTRIES_WITHIN)),
        _ => None,
    });
    let Some(since) = since.min() else { return Ok(Vec::new()) };
    let mut events = Trading(deps).list_risk_events(user, since).await?;
    for event in &mut events {
        event.place.mode = event.place.mode.or(mode);
        event.place.strategy = event.place.bot.as_ref().and_then(|bot| strategies.get(bot)).cloned();
    }
    Ok(events)
}
