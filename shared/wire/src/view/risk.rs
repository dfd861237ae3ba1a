//! Risk rules.

use super::time;
use super::words::{Mode, RiskAction, RiskRuleSource, RiskScopeKind, RuleKind, Time};
use crate::member::{Reason, Several, Whole, Written, or_default};
use crate::text::Text;
use domain::clock::Timestamp;
use domain::limits::{RULE_ASSETS_MAX, RULE_PAUSE_MINUTES_MAX};
use domain::market::Asset;
use domain::risk::{Action, BoundKind, Measure, Overridden, Paused, Rule, ScopeKind};
use domain::vault;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A bound on what is held or lost, and what happens to an entry that breaks it. Exits are never refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RiskRule {
    /// The rule, `rsk_…`; for a limit of an account its `acc_…` with the kind.
    pub id: String,
    /// Where it stands.
    pub source: RiskRuleSource,
    /// What its user calls it; may be empty.
    pub label: String,
    /// The positions and entries that it counts, and holds for.
    pub scope: RiskScope,
    /// What it bounds.
    pub kind: RuleKind,
    /// The bound: an amount of `currency`; a percentage, of equity in `currency` or of a price; else a count.
    pub max: String,
    /// The currency of an amount: only positions that are paid in it are counted. Null for other kinds, and for limits of an account, which
    /// add up the quote of all currencies as it is.
    pub currency: Option<String>,
    /// What happens to an entry that breaks the bound.
    pub action: RiskAction,
    /// How long a rule that pauses does, in minutes; null if until you resume entries, or if it does not pause.
    pub pause_minutes: Option<u32>,
    /// The pause that holds longest on a scope narrower than an account; null if none does. Pauses of whole accounts are in `GET /api/v1/halt`.
    pub paused: Option<RiskPause>,
    /// In which modes it does not pause again for a while, because you resumed entries.
    pub overridden: Vec<RiskOverride>,
    /// Whether it holds.
    pub enabled: bool,
    /// From 1; null for a limit of an account.
    pub version: Option<u64>,
    /// When the rule was created; null for a limit of an account.
    pub created_at: Option<Time>,
    /// When the rule was last changed; null for a limit of an account.
    pub updated_at: Option<Time>,
    /// The user who last changed the rule, `usr_…`; null for a limit of an account.
    pub updated_by: Option<String>,
}

/// Nothing of a rule's scope is opened, added or armed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RiskPause {
    /// The mode whose entries are paused.
    pub mode: Option<Mode>,
    /// Since when.
    pub at: Time,
    /// Until when; null until you resume entries.
    pub until: Option<Time>,
}

/// You resumed entries that a rule had paused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RiskOverride {
    /// The mode that it does not pause.
    pub mode: Option<Mode>,
    /// Until when.
    pub until: Time,
}

/// The positions and entries of a rule. Paper, testnet and live are never added up: a rule holds for each by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RiskScope {
    /// What `of` names.
    pub kind: RiskScopeKind,
    /// An account `acc_…`, an exchange, a symbol, a strategy, a bot `bot_…`, or base assets; empty for `user`.
    pub of: Vec<String>,
}

/// What a rule is to be.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SaveRiskRule)]
pub struct NewRiskRule {
    /// What you call it, up to 64 characters; default empty.
    #[serde(default, deserialize_with = "or_default")]
    #[schema(value_type = Option<String>, max_length = 64)]
    pub label: String,
    /// The positions and entries that it counts, and holds for.
    #[schema(value_type = NewRiskScope)]
    pub scope: NewRiskScope,
    /// What it bounds.
    #[schema(value_type = RuleKind)]
    pub kind: Written<BoundKind>,
    /// The bound: an amount of `currency`, a percentage of equity, of a `price_collar` or of a `spread`, else a whole number.
    #[schema(value_type = String)]
    pub max: String,
    /// The currency that is counted: required for amounts and for shares of equity, and for nothing else.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub currency: Option<Written<Asset>>,
    /// What happens to an entry that breaks the bound; default `refuse`. Only `exposure`, `exposure_percent` and `order_size` can `reduce`.
    #[serde(default)]
    #[schema(value_type = Option<RiskAction>)]
    pub action: Option<Written<Action>>,
    /// How long a rule with the action `pause` pauses, in minutes; left out, until you resume entries.
    #[serde(default)]
    #[schema(value_type = Option<u32>, minimum = 1, maximum = 44640)]
    pub pause_minutes: Option<Whole<1, RULE_PAUSE_MINUTES_MAX>>,
    /// Whether it holds; default true.
    #[serde(default)]
    #[schema(value_type = Option<bool>)]
    pub enabled: Option<bool>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewRiskScope)]
pub struct NewRiskScope {
    /// What `of` names.
    #[schema(value_type = RiskScopeKind)]
    pub kind: Written<ScopeKind>,
    /// An account `acc_…`, an exchange, a symbol, a strategy, a bot `bot_…`, or up to 50 base assets; left out or empty for `user`.
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>, max_items = 50)]
    pub of: Option<Several<String, RULE_ASSETS_MAX>>,
}

/// Body of `POST /api/v1/risk-rules/{id}/resume`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResumeRiskRule {
    /// Why entries are resumed, for the audit log.
    #[schema(value_type = String, min_length = 1, max_length = 200)]
    pub reason: Reason,
}

/// In which currency the amounts of recommended rules are.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RecommendedRiskRules)]
pub struct RecommendedRules {
    /// The quote currency that you trade in, such as USDT.
    #[schema(value_type = String)]
    pub currency: Written<Asset>,
}

/// The recommended rules, as they are now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RiskRules {
    /// Those that were there before and those that were created.
    pub rules: Vec<RiskRule>,
}

/// What a rule says of your open positions as they are now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RiskRuleTest {
    /// The rule that was tested.
    pub rule: RiskRule,
    /// For each mode, since those are never added up.
    pub modes: Vec<RiskRuleMeasure>,
}

/// A rule's number now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RiskRuleMeasure {
    /// Where its positions are.
    pub mode: Mode,
    /// The number now: of an `order_size` or `leverage` rule the largest of an open position. Null if it needs the prices of a market, or if equity is not known now.
    pub comes_to: Option<String>,
    /// The bound; null with `comes_to`.
    pub allowed: Option<String>,
    /// Whether no entry of the scope passes now, whatever its size.
    pub reached: bool,
    /// Open positions that this rule would have refused or made smaller, each `grp_…`.
    pub broken_by: Vec<String>,
}

impl RiskRule {
    pub fn of(rule: &Rule, now: Timestamp) -> Self {
        Self {
            id: rule.id.to_string(),
            source: RiskRuleSource::Rule,
            label: rule.label.clone(),
            scope: RiskScope { kind: Text(rule.scope.kind()), of: rule.scope.names() },
            kind: Text(rule.bound.kind()),
            max: rule.bound.max(),
            currency: rule.bound.currency().map(ToString::to_string),
            action: Text(rule.action),
            pause_minutes: rule.pause_for.and_then(|span| u32::try_from(span.get().div_euclid(60_000)).ok()),
            paused: rule.pauses(now).max_by_key(|paused| paused.until.map_or(i64::MAX, Timestamp::millis)).map(pause),
            overridden: rule.overridden.iter().filter(|one| now < one.until).map(overridden).collect(),
            enabled: rule.enabled,
            version: Some(rule.version),
            created_at: Some(time(rule.created_at)),
            updated_at: Some(time(rule.updated_at)),
            updated_by: Some(rule.updated_by.to_string()),
        }
    }

    /// A limit of an account, as a rule.
    pub fn of_limit(id: String, account: String, kind: BoundKind, max: String) -> Self {
        Self {
            id,
            source: RiskRuleSource::AccountLimits,
            label: String::new(),
            scope: RiskScope { kind: Text(ScopeKind::Account), of: vec![account] },
            kind: Text(kind),
            max,
            currency: None,
            action: Text(Action::Refuse),
            pause_minutes: None,
            paused: None,
            overridden: Vec::new(),
            enabled: true,
            version: None,
            created_at: None,
            updated_at: None,
            updated_by: None,
        }
    }
}

impl RiskRuleMeasure {
    pub fn of(mode: vault::Mode, measure: Option<&Measure>) -> Self {
        Self {
            mode: Text(mode),
            comes_to: measure.map(|measure| measure.comes_to.to_string()),
            allowed: measure.map(|measure| measure.allowed.to_string()),
            reached: measure.is_some_and(|measure| measure.reached),
            broken_by: measure.iter().flat_map(|measure| &measure.broken_by).map(ToString::to_string).collect(),
        }
    }
}

fn overridden(one: &Overridden) -> RiskOverride {
    RiskOverride { mode: one.mode.map(Text), until: time(one.until) }
}

fn pause(paused: &Paused) -> RiskPause {
    RiskPause { mode: paused.mode.map(Text), at: time(paused.at), until: paused.until.map(time) }
}
