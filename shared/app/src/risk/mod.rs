//! Risk rules of a user.
//!
//! 1. Every change is a new version, on the one that was seen, and on record as it was and as it is.
//! 2. Before the first rule is kept, every account of the user says that it is ruled: no entry that did not ask is committed from then on.
//! 3. If there is money to lose, only a logged-in user loosens, switches off or deletes a rule. An API key may do the opposite.
//! 4. A rule that pauses stops what starts in its scope: of whole accounts on their rows, of anything narrower on its own row.
//! 5. Limits of an account are shown as rules of the same list, and are changed where they stand.

pub mod assessed;
pub(crate) mod book;
mod limits;
mod pauses;
mod recommended;

pub use limits::{AccountLimit, limits_of};
pub use pauses::resume;
pub(crate) use pauses::{overridden, pause};
pub use recommended::recommend;

use crate::actor::{Act, audit};
use crate::conflict::retry_on_conflict;
use crate::ports::StoreError;
use crate::trading;
use domain::clock::{Millis, Timestamp};
use domain::ids::{AccountId, RuleId};
use domain::limits::{RULE_LABEL_LENGTH_MAX, RULES_PER_USER_MAX};
use domain::money::MoneyError;
use domain::risk::{self, Action, BadRule, Bound, Measure, Rule, RuleScope};
use domain::vault::Mode;
use store::Engine;
use store::trading::Trading;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    #[error("there is no such risk rule")]
    Unknown,
    #[error("{0}")]
    Bad(BadRule),
    #[error("it is at version {0} now: look at it, and change that one")]
    VersionConflict(u64),
    #[error("you have {RULES_PER_USER_MAX} risk rules, and no more are allowed: delete one first")]
    TooMany,
    #[error("an API key does not loosen, switch off or delete a risk rule: log in, or create another rule")]
    NotInPerson,
    #[error("other changes were first, again and again")]
    Contended,
    #[error("a number of the book cannot be kept exactly")]
    Money(#[from] MoneyError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a rule is to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRule {
    pub label: String,
    pub scope: RuleScope,
    pub bound: Bound,
    pub action: Action,
    pub pause_for: Option<Millis>,
    pub enabled: bool,
}

/// Oldest first.
///
/// # Errors
/// If the store cannot be reached.
pub async fn list<D: Engine>(deps: &D, act: Act<'_>) -> Result<Vec<Rule>, RuleError> {
    Ok(Trading(deps).list_rules(act.user).await?)
}

/// # Errors
/// `Unknown`, or if the store cannot be reached.
pub async fn find<D: Engine>(deps: &D, id: &RuleId, act: Act<'_>) -> Result<Rule, RuleError> {
    Trading(deps).load_rule(act.user, id).await?.ok_or(RuleError::Unknown)
}

/// # Errors
/// `Bad`, `TooMany`, or if the store cannot be reached.
pub async fn create<D: Engine>(deps: &D, new: NewRule, act: Act<'_>) -> Result<Rule, RuleError> {
    let id = RuleId::at(act.now, &[act.attempt.as_str()]);
    create_as(deps, id, new, act).await
}

async fn create_as<D: Engine>(deps: &D, id: RuleId, new: NewRule, act: Act<'_>) -> Result<Rule, RuleError> {
    check(deps, &new, act).await?;
    if Trading(deps).list_rules(act.user).await?.len() >= RULES_PER_USER_MAX {
        return Err(RuleError::TooMany);
    }
    Trading(deps).begin_rules(act.user).await?;
    let rule = next(id, None, new, act);
    if !write(deps, &rule, None, "create risk rule", act).await? {
        return Err(RuleError::Contended);
    }
    Ok(rule)
}

/// The rule as it is to be from now on. `seen` is the version that is meant.
///
/// # Errors
/// `Unknown`, `Bad`, `VersionConflict`, `NotInPerson`, `Contended`, or if the store cannot be reached.
pub async fn replace<D: Engine>(
    deps: &D,
    id: &RuleId,
    new: NewRule,
    seen: Option<u64>,
    act: Act<'_>,
) -> Result<Rule, RuleError> {
    check(deps, &new, act).await?;
    retry_on_conflict(RuleError::Contended, || async {
        let before = find(deps, id, act).await?;
        is_seen(&before, seen)?;
        let rule = next(id.clone(), Some(&before), new.clone(), act);
        if rule.is_looser_than(&before) {
            in_person(deps, act).await?;
        }
        Ok(write(deps, &rule, Some(&before), "change risk rule", act).await?.then_some(rule))
    })
    .await
}

/// # Errors
/// `Unknown`, `VersionConflict`, `NotInPerson`, `Contended`, or if the store cannot be reached.
pub async fn delete<D: Engine>(deps: &D, id: &RuleId, seen: Option<u64>, act: Act<'_>) -> Result<(), RuleError> {
    retry_on_conflict(RuleError::Contended, || async {
        let before = find(deps, id, act).await?;
        is_seen(&before, seen)?;
        if before.enabled {
            in_person(deps, act).await?;
        }
        let gone = Rule { version: before.version.saturating_add(1), updated_at: act.now, ..before.clone() };
        let mut record = audit("delete risk rule", id.as_str(), "requested by its user", act);
        (record.before, record.after) = (Some(told(&before)), Some("deleted".to_owned()));
        Ok(Trading(deps).drop_rule(&gone, before.version, &record).await?.then_some(()))
    })
    .await
}

/// What a rule says of the book as it is now: for each mode in which something is open or has happened, live first.
///
/// # Errors
/// `Unknown`, or if the store cannot be reached.
pub async fn test<D: Engine>(
    deps: &D,
    id: &RuleId,
    act: Act<'_>,
) -> Result<(Rule, Vec<(Mode, Option<Measure>)>), RuleError> {
    let rule = find(deps, id, act).await?;
    let measured = measured(deps, &rule, act.now).await?;
    Ok((rule, measured))
}

async fn measured<D: Engine>(deps: &D, rule: &Rule, now: Timestamp) -> Result<Vec<(Mode, Option<Measure>)>, RuleError> {
    let mut read = book::read_whole(deps, &rule.user, rule, now).await?;
    for position in &mut read.open {
        // What an older release has opened is live unless its exchange is the paper one.
        let usual = if position.place.exchange.is_paper() { Mode::Paper } else { Mode::Live };
        position.place.mode.get_or_insert(usual);
    }
    let measure = |mode| Ok((mode, risk::measure(rule, read.counted(), Some(mode), now)?));
    [Mode::Live, Mode::Testnet, Mode::Paper].into_iter().map(measure).collect()
}

/// What a rule is about belongs to its user, and such a rule can be.
async fn check<D: Engine>(deps: &D, new: &NewRule, act: Act<'_>) -> Result<(), RuleError> {
    risk::check(&new.scope, &new.bound, new.action).map_err(RuleError::Bad)?;
    let bad = |field, allowed: String| Err(RuleError::Bad(BadRule { field, allowed }));
    if new.pause_for.is_some() && new.action != Action::Pause {
        return bad("pause_minutes", "must be left out: only the action pause has it".to_owned());
    }
    if new.label.chars().count() > RULE_LABEL_LENGTH_MAX || new.label.chars().any(char::is_control) {
        return bad("label", format!("must be at most {RULE_LABEL_LENGTH_MAX} characters, without control characters"));
    }
    match &new.scope {
        RuleScope::Account(id) if !owns_account(deps, id, act).await? => {
            bad("scope.of", "must be an account of yours".to_owned())
        }
        RuleScope::Bot(id) => match Trading(deps).load_bot(act.user, id).await? {
            Some(_) => Ok(()),
            None => bad("scope.of", "must be a bot of yours".to_owned()),
        },
        _ => Ok(()),
    }
}

async fn owns_account<D: Engine>(deps: &D, id: &AccountId, act: Act<'_>) -> Result<bool, StoreError> {
    let account = Trading(deps).load_account(id).await?;
    Ok(account.is_some_and(|account| account.user == *act.user))
}

/// Where there is money to lose.
async fn in_person<D: Engine>(deps: &D, act: Act<'_>) -> Result<(), RuleError> {
    if act.in_person() {
        return Ok(());
    }
    let own = trading::all_accounts(deps, act.user).await?;
    if own.iter().all(|account| account.exchange.is_paper()) { Ok(()) } else { Err(RuleError::NotInPerson) }
}

fn is_seen(before: &Rule, seen: Option<u64>) -> Result<(), RuleError> {
    let version = before.version;
    if seen.is_none_or(|seen| seen == version) { Ok(()) } else { Err(RuleError::VersionConflict(version)) }
}

fn next(id: RuleId, before: Option<&Rule>, new: NewRule, act: Act<'_>) -> Rule {
    let NewRule { label, scope, bound, action, pause_for, enabled } = new;
    // What it has paused, and that a user has resumed that, is of what it was about.
    let same = before.filter(|before| before.scope == scope && before.bound.kind() == bound.kind());
    let paused = same.map(|before| before.paused.clone()).unwrap_or_default();
    let same = same.filter(|before| before.action == action);
    let overridden = same.map(|before| before.overridden.clone()).unwrap_or_default();
    Rule {
        id,
        user: act.user.clone(),
        version: before.map_or(0, |before| before.version).saturating_add(1),
        label,
        scope,
        bound,
        action,
        pause_for,
        enabled,
        paused,
        overridden,
        created_at: before.map_or(act.now, |before| before.created_at),
        updated_at: act.now,
        updated_by: act.user.clone(),
    }
}

async fn write<D: Engine>(
    deps: &D,
    rule: &Rule,
    before: Option<&Rule>,
    action: &str,
    act: Act<'_>,
) -> Result<bool, StoreError> {
    let mut record = audit(action, rule.id.as_str(), "requested by its user", act);
    (record.before, record.after) = (before.map(told), Some(told(rule)));
    Trading(deps).keep_rule(rule, before, &record).await
}

/// As the record says it.
fn told(rule: &Rule) -> String {
    let (scope, bound) = (&rule.scope, &rule.bound);
    let of = [scope.kind().as_str().to_owned()].into_iter().chain(scope.names()).collect::<Vec<_>>().join(" ");
    let currency = bound.currency().map(|currency| format!(" {currency}")).unwrap_or_default();
    let off = if rule.enabled { "" } else { ", off" };
    let (kind, max, action) = (bound.kind().as_str(), bound.max(), rule.action.as_str());
    let span = rule.pause_for.map(|span| format!(" for {} s", span.get().div_euclid(1_000))).unwrap_or_default();
    format!("version {}: {kind} at most {max}{currency} for {of}, {action}{span}{off}", rule.version)
}
