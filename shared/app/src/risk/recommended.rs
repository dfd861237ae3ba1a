//! One set of rules that fits most accounts. Its numbers are the defaults that trading engines agree on: orders of 250, a price collar
//! of 1 %, a spread of 0.5 %, a leverage of 5, a pause of a day after 3 losing closes in a row, a day that loses 5 % and a month that is
//! 10 % below its peak (NautilusTrader's `RiskEngine`, freqtrade's `StoplossGuard`, `MaxDrawdown` and `CooldownPeriod`, LEAN's risk
//! models; read 2026-11).

use super::{NewRule, RuleError, create_as};
use crate::actor::Act;
use domain::ids::RuleId;
use domain::market::Asset;
use domain::risk::{Action, Bound, BoundKind, Rule, RuleScope};
use store::Engine;
use store::trading::Trading;

const SET: [(BoundKind, &str); 8] = [
    (BoundKind::OrderSize, "250"),
    (BoundKind::Leverage, "5"),
    (BoundKind::DayLossPercent, "5"),
    (BoundKind::Drawdown, "10"),
    (BoundKind::LosingCloses, "3"),
    (BoundKind::EntriesPerHour, "60"),
    (BoundKind::PriceCollar, "1"),
    (BoundKind::Spread, "0.5"),
];

/// Creates the rules of the set that are not there, for all accounts of the user, and gives all of them. One that is there is on, and as
/// strict or stricter, whatever it is called; one that was deleted, switched off or loosened is created anew.
///
/// # Errors
/// As those of a rule by itself.
pub async fn recommend<D: Engine>(deps: &D, currency: &Asset, act: Act<'_>) -> Result<Vec<Rule>, RuleError> {
    let mut rules = Vec::with_capacity(SET.len());
    let kept = Trading(deps).list_rules(act.user).await?;
    for (kind, max) in SET {
        let currency = kind.has_currency().then_some(currency);
        let bound = Bound::of(kind, max, currency).map_err(RuleError::Bad)?;
        let label = "recommended".to_owned();
        let is_it = |rule: &&Rule| {
            let holds = rule.enabled && rule.scope == RuleScope::User && rule.action != Action::Notify;
            holds && rule.bound.kind() == kind && !rule.bound.exceeds(&bound)
        };
        if let Some(rule) = kept.iter().find(is_it) {
            rules.push(rule.clone());
            continue;
        }
        let id = RuleId::at(act.now, &[act.attempt.as_str(), kind.as_str()]);
        let (scope, action, pause_for) = (RuleScope::User, Action::Refuse, None);
        let new = NewRule { label, scope, bound, action, pause_for, enabled: true };
        rules.push(create_as(deps, id, new, act).await?);
    }
    Ok(rules)
}
