//! The book of one user, read as far as their rules count it.

use crate::ports::StoreError;
use crate::trading;
use domain::clock::Timestamp;
use domain::group::Group;
use domain::ids::{BotId, UserId};
use domain::limits;
use domain::risk::{Bound, Event, OpenPosition, Place, Rule, RuleScope};
use domain::vault::Mode;
use std::collections::BTreeMap;
use store::Engine;
use store::trading::Trading;

/// What was read.
#[derive(Debug, Default)]
pub(crate) struct Read {
    pub(crate) open: Vec<OpenPosition>,
    /// Oldest first.
    pub(crate) events: Vec<Event>,
    /// Of each bot, where a rule is about one.
    pub(crate) strategies: BTreeMap<BotId, String>,
}

/// For the assessment of an entry. A position of an older release says no mode: it counts as one of `mode`.
pub(crate) async fn read<D: Engine>(
    deps: &D,
    user: &UserId,
    rules: &[Rule],
    mode: Option<Mode>,
    now: Timestamp,
) -> Result<Read, StoreError> {
    let strategies = strategies(deps, user, rules).await?;
    let counts = |rule: &Rule| matches!(rule.bound, Bound::OpenPositions(_) | Bound::Exposure(_));
    let open = match rules.iter().any(counts) {
        true => open(deps, user, &strategies, mode).await?,
        false => Vec::new(),
    };
    let events = events(deps, user, rules, &strategies, now).await?;
    Ok(Read { open, events, strategies })
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
    let open = open(deps, user, &strategies, None).await?;
    let events = events(deps, user, rules, &strategies, now).await?;
    Ok(Read { open, events, strategies })
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
    user: &UserId,
    strategies: &BTreeMap<BotId, String>,
    mode: Option<Mode>,
) -> Result<Vec<OpenPosition>, StoreError> {
    let own = trading::all_accounts(deps, user).await?;
    let live = own.iter().flat_map(|account| account.live.values().map(|group| (account.id.clone(), group.clone())));
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

/// As far back as a rule looks.
async fn events<D: Engine>(
    deps: &D,
    user: &UserId,
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
        event.place.strategy = event.place.bot.as_ref().and_then(|bot| strategies.get(bot)).cloned();
    }
    Ok(events)
}
