//! Risk rules, and what they look back at.

use super::Schema;
use crate::text::Text;
use crate::view;
use domain::clock::{Millis, Timestamp};
use domain::ids::{AccountId, BotId, GroupId, RuleId, UserId};
use domain::market::{Asset, Exchange, Symbol};
use domain::money::Amount;
use domain::risk::{self, Action, Bound, BoundKind, EventKind, Overridden, Place, RuleScope, ScopeKind};
use domain::vault::Mode;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A rule as its user keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RiskRule {
    pub v: Schema<1>,
    pub id: Text<RuleId>,
    pub user: Text<UserId>,
    pub version: u64,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub label: String,
    pub scope: Text<ScopeKind>,
    /// Ids or names that the scope is about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub of: Vec<String>,
    pub kind: Text<BoundKind>,
    pub max: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Text<Asset>>,
    pub action: Text<Action>,
    /// In milliseconds; absent if it pauses until a user resumes entries, or does not pause.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pause_for: Option<i64>,
    pub enabled: bool,
    /// Of positions without a mode; those of each mode stand beside it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paused: Option<Paused>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paused_live: Option<Paused>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paused_testnet: Option<Paused>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paused_paper: Option<Paused>,
    /// Until when a user has overridden it; of each mode beside it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overridden: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overridden_live: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overridden_testnet: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overridden_paper: Option<i64>,
    pub created_at: i64,
    pub updated_at: i64,
    pub updated_by: Text<UserId>,
    /// Its user has deleted it. The row stays for a while, so that nothing brings an older version back.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
}

/// A pause of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paused {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<Text<Mode>>,
    pub at: i64,
    /// Absent: until a user resumes entries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<i64>,
}

impl From<risk::Paused> for Paused {
    fn from(paused: risk::Paused) -> Self {
        Self { mode: paused.mode.map(Text), at: paused.at.millis(), until: paused.until.map(Timestamp::millis) }
    }
}

impl From<Paused> for risk::Paused {
    fn from(stored: Paused) -> Self {
        let (at, until) = (Timestamp::from_millis(stored.at), stored.until.map(Timestamp::from_millis));
        Self { mode: stored.mode.map(|mode| mode.0), at, until }
    }
}

/// How often a user's book has changed in a way that a rule may mind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RiskCount {
    pub v: Schema<1>,
    pub user: Text<UserId>,
    pub count: u64,
}

/// What an entry, a loss or a close has left for rules that look back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RiskEvent {
    pub v: Schema<1>,
    pub at: i64,
    pub group: Text<GroupId>,
    pub kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Text<Amount>>,
    pub account: Text<AccountId>,
    pub exchange: Text<Exchange>,
    pub symbol: Text<Symbol>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bot: Option<Text<BotId>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<Text<Mode>>,
}

impl RiskRule {
    pub fn of(rule: &risk::Rule, deleted: bool) -> Self {
        let paused = |mode| rule.paused.iter().find(|paused| paused.mode == mode).copied().map(Paused::from);
        let overridden = |mode| rule.overridden.iter().find(|one| one.mode == mode).map(|one| one.until.millis());
        Self {
            v: Schema,
            id: Text(rule.id.clone()),
            user: Text(rule.user.clone()),
            version: rule.version,
            label: rule.label.clone(),
            scope: Text(rule.scope.kind()),
            of: rule.scope.names(),
            kind: Text(rule.bound.kind()),
            max: rule.bound.max(),
            currency: rule.bound.currency().cloned().map(Text),
            action: Text(rule.action),
            pause_for: rule.pause_for.map(Millis::get),
            enabled: rule.enabled,
            paused: paused(None),
            paused_live: paused(Some(Mode::Live)),
            paused_testnet: paused(Some(Mode::Testnet)),
            paused_paper: paused(Some(Mode::Paper)),
            overridden: overridden(None),
            overridden_live: overridden(Some(Mode::Live)),
            overridden_testnet: overridden(Some(Mode::Testnet)),
            overridden_paper: overridden(Some(Mode::Paper)),
            created_at: rule.created_at.millis(),
            updated_at: rule.updated_at.millis(),
            updated_by: Text(rule.updated_by.clone()),
            deleted,
        }
    }
}

impl TryFrom<RiskRule> for risk::Rule {
    type Error = risk::BadRule;

    fn try_from(row: RiskRule) -> Result<Self, Self::Error> {
        let paused = [row.paused, row.paused_live, row.paused_testnet, row.paused_paper];
        let overridden = [
            (None, row.overridden),
            (Some(Mode::Live), row.overridden_live),
            (Some(Mode::Testnet), row.overridden_testnet),
            (Some(Mode::Paper), row.overridden_paper),
        ];
        let overridden = overridden
            .into_iter()
            .filter_map(|(mode, until)| Some(Overridden { mode, until: Timestamp::from_millis(until?) }));
        Ok(Self {
            id: row.id.0,
            user: row.user.0,
            version: row.version,
            label: row.label,
            scope: RuleScope::of(row.scope.0, &row.of)?,
            bound: Bound::of(row.kind.0, &row.max, row.currency.as_ref().map(|currency| &currency.0))?,
            action: row.action.0,
            pause_for: row.pause_for.map(Millis::new),
            enabled: row.enabled,
            paused: paused.into_iter().flatten().map(risk::Paused::from).collect(),
            overridden: overridden.collect(),
            created_at: Timestamp::from_millis(row.created_at),
            updated_at: Timestamp::from_millis(row.updated_at),
            updated_by: row.updated_by.0,
        })
    }
}

/// What a code to sell everything is of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlattenCode {
    pub v: Schema<1>,
    pub user: Text<UserId>,
    /// Of the code, which is not stored.
    pub hash: String,
    pub session: String,
    /// The accounts and positions that were shown.
    pub list: BTreeSet<String>,
    pub until: i64,
    pub tries: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub begun_at: Option<i64>,
}

/// How risky a user's book was, as it is served.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RiskAssessment {
    pub v: Schema<1>,
    pub user: Text<UserId>,
    pub assessment: view::RiskAssessment,
}

impl From<&risk::Event> for RiskEvent {
    fn from(event: &risk::Event) -> Self {
        let Place { account, exchange, symbol, bot, mode, strategy: _ } = event.place.clone();
        Self {
            v: Schema,
            at: event.at.millis(),
            group: Text(event.group.clone()),
            kind: event.kind.as_str().to_owned(),
            amount: event.kind.amount().map(Text),
            account: Text(account),
            exchange: Text(exchange),
            symbol: Text(symbol),
            bot: bot.map(Text),
            mode: mode.map(Text),
        }
    }
}

impl TryFrom<RiskEvent> for risk::Event {
    type Error = String;

    fn try_from(row: RiskEvent) -> Result<Self, String> {
        let amount = row.amount.map(|amount| amount.0);
        let kind = EventKind::of(&row.kind, amount).ok_or_else(|| format!("{:?} is no event of a book", row.kind))?;
        let (account, exchange, symbol) = (row.account.0, row.exchange.0, row.symbol.0);
        let (bot, mode, strategy) = (row.bot.map(|bot| bot.0), row.mode.map(|mode| mode.0), None);
        let place = Place { account, exchange, symbol, bot, strategy, mode };
        Ok(Self { at: Timestamp::from_millis(row.at), group: row.group.0, place, kind })
    }
}
