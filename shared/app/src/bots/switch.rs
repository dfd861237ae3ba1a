//! Switching a strategy off for the whole deployment, and on again.

use crate::actor::{Act, audit};
use crate::trading::ActError;
use domain::bot::Switch;
use store::Engine;
use store::trading::Trading;

/// Once it has answered, no bot of any user opens an entry by a strategy that is off: signals that wait to be decided are refused.
/// Exits go on, and so do the orders of a position that is decided, its first one too. A person alone enables it again: the thief of a
/// program's key would start what was stopped because of the theft. A strategy that is disabled while it is enabled stays disabled.
///
/// # Errors
/// `NotInPerson`, `DisabledMeanwhile`, or where the store cannot be reached; the same again does it.
pub async fn switch<D: Engine>(
    deps: &D,
    strategy: &str,
    (enabled, reason): (bool, &str),
    act: Act<'_>,
) -> Result<Switch, ActError> {
    if enabled && !act.in_person() {
        return Err(ActError::NotInPerson("switches no strategy on"));
    }
    let (strategy, reason, by) = (strategy.to_owned(), reason.to_owned(), act.user.clone());
    let switch = Switch { strategy, enabled, reason, at: act.now, by };
    let action = if enabled { "enable strategy" } else { "disable strategy" };
    let record = audit(action, &format!("strategy#{}", switch.strategy), &switch.reason, act);
    if !enabled {
        Trading(deps).switch_off(&switch, &record).await?;
        return Ok(switch);
    }
    let seen = Trading(deps).load_switch(&switch.strategy).await?;
    let is_on = Trading(deps).switch_on(&switch, seen.as_ref(), &record).await?;
    if is_on { Ok(switch) } else { Err(ActError::DisabledMeanwhile) }
}
