//! Whether a rule can be.

use super::rule::{Action, BadRule, Bound, RuleScope, Share};
use crate::limits;
use crate::money::Decimal;

/// Contracts may be worth many times what the account is.
const EXPOSURE_PERCENT_MAX: Decimal = Decimal::ONE_THOUSAND;

/// Whether such a rule can be.
///
/// # Errors
/// The field that is wrong, and what is allowed.
pub fn check(scope: &RuleScope, bound: &Bound, action: Action) -> Result<(), BadRule> {
    let bad = |field, allowed: String| Err(BadRule { field, allowed });
    if action == Action::Reduce && !bound.kind().is_of_size() {
        return bad(
            "action",
            "must be refuse, pause or notify: only a rule about a size can reduce an entry".to_owned(),
        );
    }
    if let RuleScope::Assets(assets) = scope {
        let most = limits::RULE_ASSETS_MAX;
        if assets.is_empty() || assets.len() > most {
            return bad("scope.of", format!("must name 1 to {most} assets"));
        }
    }
    let whole = matches!(scope, RuleScope::Account(_) | RuleScope::Exchange(_) | RuleScope::User);
    match bound {
        Bound::DayLossPercent(_) | Bound::Drawdown(_) if !whole => {
            bad("scope.kind", "must be account, exchange or user: equity is of whole accounts".to_owned())
        }
        Bound::ExposurePercent(share) if share.max.get() > EXPOSURE_PERCENT_MAX => {
            bad("max", format!("must be a percentage from 0 to {EXPOSURE_PERCENT_MAX}"))
        }
        Bound::DayLossPercent(Share { max, .. }) | Bound::Drawdown(Share { max, .. })
            if max.get() > Decimal::ONE_HUNDRED =>
        {
            bad("max", "must be a percentage from 0 to 100".to_owned())
        }
        Bound::OpenPositions(max) if *max > limits::RULE_POSITIONS_MAX => {
            bad("max", format!("must be 0 to {}", limits::RULE_POSITIONS_MAX))
        }
        Bound::LosingCloses(max) if !(1..=limits::RULE_STREAK_MAX).contains(max) => {
            bad("max", format!("must be 1 to {}", limits::RULE_STREAK_MAX))
        }
        Bound::EntriesPerHour(max) if *max > limits::RULE_ENTRIES_PER_HOUR_MAX => {
            bad("max", format!("must be 0 to {}", limits::RULE_ENTRIES_PER_HOUR_MAX))
        }
        Bound::Exposure(cap) | Bound::OrderSize(cap) | Bound::DayLoss(cap) if cap.max.is_negative() => {
            bad("max", "must be 0 or more".to_owned())
        }
        Bound::PriceCollar(max) | Bound::Spread(max) if max.get() > Decimal::ONE_HUNDRED => {
            bad("max", "must be a percentage from 0 to 100".to_owned())
        }
        _ => Ok(()),
    }
}
