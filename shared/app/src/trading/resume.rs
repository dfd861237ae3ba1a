//! The halt lifted, and what starts then.

use super::ActError;
use super::entries::working;
use super::scope::{accounts, mode_of, states};
use crate::actor::{Act, audit};
use crate::ports::{Bell, Queues, StoreError};
use crate::risk;
use domain::account::{Account, Halt};
use domain::audit::Actor;
use domain::clock::Timestamp;
use domain::group::Position;
use domain::ids::{AccountId, RuleId};
use domain::order::{Order, Status};
use std::collections::{BTreeMap, BTreeSet};
use store::Engine;
use store::trading::Trading;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resumed {
    pub accounts: Vec<Account>,
    /// Planned entries that are still valid.
    pub would_start: Vec<Order>,
}

/// What would start if the halt were lifted now.
///
/// # Errors
/// `UnknownAccount`, `AmbiguousAccount`, or where the store cannot be reached.
pub async fn preview<D: Engine>(deps: &D, named: Option<&str>, act: Act<'_>) -> Result<Resumed, ActError> {
    let accounts = accounts(deps, act.user, named).await?;
    let waiting = waiting(deps, &accounts, act.now).await?;
    Ok(Resumed { would_start: orders(&waiting, act.now), accounts })
}

/// Lifts the halt of all accounts of the user, or of the one named, and rings for what was waiting.
///
/// # Errors
/// As [`preview`]; `KeptOut`; `HaltedInPerson` where a program would lift what a person has halted; `HaltedMeanwhile` where
/// the halt is a later one than this has seen. The halts that were lifted before that are lifted.
pub async fn resume<D: Engine + Queues>(
    deps: &D,
    named: Option<&str>,
    reason: &str,
    act: Act<'_>,
) -> Result<Resumed, ActError> {
    let accounts = accounts(deps, act.user, named).await?;
    let waiting = waiting(deps, &accounts, act.now).await?;
    for seen in &accounts {
        let record = audit("resume", seen.id.as_str(), reason, act);
        if !Trading(deps)
            .lift_halt(&seen.id, (seen.halted.as_ref(), seen.reducing.as_ref()), act.in_person(), &record)
            .await?
        {
            return Err(why_not(deps, &seen.id, act).await?);
        }
    }
    // A rule whose pause was ended by a user does not pause again at once. A pause that is over ends by itself.
    let mut rules: BTreeMap<RuleId, BTreeSet<_>> = BTreeMap::new();
    for seen in &accounts {
        if let Some(rule) = seen.reduces(act.now).and_then(|reducing| reducing.rule.clone()) {
            rules.entry(rule).or_default().insert(mode_of(deps, seen).await?);
        }
    }
    for (rule, modes) in &rules {
        if let Some(rule) = Trading(deps).load_rule(act.user, rule).await? {
            risk::overridden(deps, &rule, modes, reason, act).await?;
        }
    }
    for position in &waiting {
        // A bell that is lost here is rung by the next pass, as for every intent that nothing has begun.
        let _rung_later = deps.ring(&bell(position, act), act.now).await;
    }
    let ids: Vec<AccountId> = accounts.into_iter().map(|account| account.id).collect();
    let accounts = states(deps, act.user, &ids).await?;
    Ok(Resumed { accounts, would_start: orders(&waiting, act.now) })
}

async fn why_not<D: Engine>(deps: &D, account: &AccountId, act: Act<'_>) -> Result<ActError, StoreError> {
    let account = Trading(deps).load_account(account).await?;
    let strict = |account: &Account| account.reduces(act.now).is_some_and(|stop| stop.by != Actor::Key);
    if account.as_ref().is_some_and(strict) && !act.in_person() {
        return Ok(ActError::HaltedInPerson);
    }
    Ok(match account.and_then(|account| account.halted) {
        Some(Halt { kept_out: Some(_), .. }) => ActError::KeptOut,
        Some(Halt { by_person: true, .. }) if !act.in_person() => ActError::HaltedInPerson,
        _ => ActError::HaltedMeanwhile,
    })
}

async fn waiting<D: Engine>(deps: &D, accounts: &[Account], now: Timestamp) -> Result<Vec<Position>, ActError> {
    let mut waiting = Vec::new();
    for account in accounts {
        for group in account.live.values() {
            let position = Trading(deps).load_position(&account.id, group).await?;
            waiting.extend(position.filter(|position| startable(position, now).next().is_some()));
        }
    }
    Ok(waiting)
}

fn orders(waiting: &[Position], now: Timestamp) -> Vec<Order> {
    waiting.iter().flat_map(|position| startable(position, now)).cloned().collect()
}

fn startable(position: &Position, now: Timestamp) -> impl Iterator<Item = &Order> {
    let valid = move |order: &&Order| order.valid_until.is_none_or(|end| now < end);
    let planned = |order: &&Order| order.status == Status::Planned;
    working(position).filter(move |_| position.group.exit.is_none()).filter(planned).filter(valid)
}

fn bell(position: &Position, act: Act<'_>) -> Bell {
    let group = &position.group;
    Bell {
        account: group.account.clone(),
        group: group.id.clone(),
        version: group.version,
        again: Some(format!("resume{}", act.now.millis())),
        trace: group.trace.clone(),
    }
}
