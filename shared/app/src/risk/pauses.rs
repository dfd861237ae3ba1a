//! What a rule pauses, and how a pause ends before its time.

use super::{RuleError, find, in_person};
use crate::actor::{Act, audit};
use crate::ports::StoreError;
use crate::trading::{self, ActError, reduce_one};
use domain::account::{Account, Reducing};
use domain::audit::{Actor, Audit};
use domain::clock::Timestamp;
use domain::ids::{AccountId, AttemptId, RuleId};
use domain::risk::{Paused, Rule, RuleScope};
use domain::vault::Mode;
use std::collections::BTreeSet;
use store::Engine;
use store::trading::Trading;

/// Pauses the scope of a rule that was broken. Done twice it is done once: what stands for as long stays.
///
/// # Errors
/// If the store cannot be reached: some of its accounts may be paused, and the same again does the rest.
pub(crate) async fn pause<D: Engine>(
    deps: &D,
    rule: &Rule,
    (why, mode): (&str, Option<Mode>),
    attempt: &AttemptId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let until = rule.pause_for.map(|span| now.plus(span));
    let Some(accounts) = whole_accounts(deps, rule, mode).await? else {
        let record = record(rule, rule.id.as_str(), why, attempt, now);
        Trading(deps).pause_rule(rule, Paused { mode, at: now, until }, &record).await?;
        return Ok(());
    };
    let reason = format!("the risk rule {}: {why}", rule.id);
    let reducing = Reducing { at: now, until, reason, by: Actor::Rule, rule: Some(rule.id.clone()) };
    for account in accounts {
        let record = record(rule, account.as_str(), why, attempt, now);
        match reduce_one(deps, &account, &reducing, &record, now).await {
            Ok(()) => {}
            Err(ActError::Store(error)) => return Err(error),
            Err(error) => return Err(StoreError::Unavailable(error.to_string())),
        }
    }
    Ok(())
}

/// The accounts of this mode in a scope that is of whole accounts.
async fn whole_accounts<D: Engine>(
    deps: &D,
    rule: &Rule,
    mode: Option<Mode>,
) -> Result<Option<Vec<AccountId>>, StoreError> {
    let is_meant = |account: &Account| match &rule.scope {
        RuleScope::Account(id) => account.id == *id,
        RuleScope::Exchange(exchange) => account.exchange == *exchange,
        _ => true,
    };
    if !matches!(rule.scope, RuleScope::Account(_) | RuleScope::Exchange(_) | RuleScope::User) {
        return Ok(None);
    }
    let mut accounts = Vec::new();
    for account in trading::all_accounts(deps, &rule.user).await?.into_iter().filter(is_meant) {
        accounts.extend((trading::mode_of(deps, &account).await? == mode).then_some(account.id));
    }
    Ok(Some(accounts))
}

fn record(rule: &Rule, resource: &str, why: &str, attempt: &AttemptId, now: Timestamp) -> Audit {
    Audit {
        user: rule.user.clone(),
        action: "pause entries".to_owned(),
        resource: resource.to_owned(),
        reason: why.to_owned(),
        before: None,
        after: None,
        at: now,
        attempt: AttemptId::new(format!("{}#{}#{resource}", attempt.as_str(), rule.id)),
        address: None,
        actor: Some(Actor::Rule),
    }
}

/// Entries that a rule has paused go on: it pauses nothing of their modes again within its window. Where it has paused nothing, nothing
/// changes.
///
/// # Errors
/// `Unknown`, `NotInPerson`, or if the store cannot be reached.
pub async fn resume<D: Engine>(deps: &D, id: &RuleId, reason: &str, act: Act<'_>) -> Result<Rule, RuleError> {
    let rule = find(deps, id, act).await?;
    in_person(deps, act).await?;
    let mut modes: BTreeSet<_> = rule.pauses(act.now).map(|paused| paused.mode).collect();
    let mut accounts = trading::all_accounts(deps, &rule.user).await?;
    accounts.retain(|account| account.reduces(act.now).is_some_and(|reducing| reducing.rule.as_ref() == Some(id)));
    for account in &accounts {
        modes.insert(trading::mode_of(deps, account).await?);
    }
    overridden(deps, &rule, &modes, reason, act).await?;
    for account in accounts.into_iter().filter(|account| account.halted.is_none()) {
        let record = audit("resume", account.id.as_str(), reason, act);
        // Who may end it was asked above.
        Trading(deps).lift_halt(&account.id, (None, account.reducing.as_ref()), true, &record).await?;
    }
    find(deps, id, act).await
}

/// The rule lets entries of these modes pass for a while. One that is gone meanwhile does so anyway.
pub(crate) async fn overridden<D: Engine>(
    deps: &D,
    rule: &Rule,
    modes: &BTreeSet<Option<Mode>>,
    reason: &str,
    act: Act<'_>,
) -> Result<(), StoreError> {
    if modes.is_empty() {
        return Ok(());
    }
    let (until, record) =
        (rule.bound.overridden_until(act.now), audit("override risk rule", rule.id.as_str(), reason, act));
    Trading(deps).override_rule(&rule.user, &rule.id, (modes, until), &record).await.map(drop)
}
