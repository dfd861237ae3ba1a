//! Bots, their runs, what runs say, and who hears which series.

use super::Schema;
use crate::text::Text;
use domain::bot::{self, BotName, Confidence, Deed, EntryKind};
use domain::clock::Timestamp;
use domain::ids::{AccountId, BotId, DeliveryId, RunId, UserId};
use domain::market::{Exchange, Interval, MarketKey, Symbol};
use domain::preset::PresetName;
use domain::series::Series;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A bot as its user keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bot {
    pub v: Schema<1>,
    pub bot: Text<BotId>,
    pub user: Text<UserId>,
    pub version: u64,
    pub name: Text<BotName>,
    pub terms: BotTerms,
    pub created_at: i64,
    pub updated_at: i64,
    pub updated_by: Text<UserId>,
    /// The newest run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<Text<RunId>>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub running: bool,
    /// Its user has taken it away.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BotTerms {
    pub account: Text<AccountId>,
    pub exchange: Text<Exchange>,
    pub symbol: Text<Symbol>,
    pub timeframe: Text<Interval>,
    pub strategy: String,
    #[serde(default)]
    pub parameters: BTreeMap<String, String>,
    /// In their one written form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rules: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preset: Option<Text<PresetName>>,
    pub plan: String,
    pub confidence_min: Text<Confidence>,
}

/// What was last said of a strategy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StrategySwitch {
    pub v: Schema<1>,
    pub strategy: String,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub off: bool,
    pub reason: String,
    pub at: i64,
    pub by: Text<UserId>,
}

/// One run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BotRun {
    pub v: Schema<1>,
    pub run: Text<RunId>,
    pub bot: Text<BotId>,
    pub user: Text<UserId>,
    pub version: u64,
    pub terms: BotTerms,
    pub label: String,
    pub lane: String,
    pub started_at: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub close_only: Option<RunEnd>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resumed_at: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<RunEnd>,
    pub decided_to: i64,
    pub candles: u64,
    pub signals: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<BotWord>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raised: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failing: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunEnd {
    pub at: i64,
    pub by: Text<UserId>,
    pub reason: String,
}

/// What was said to a candle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BotWord {
    pub opens_at: i64,
    /// None is to hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deed: Option<Text<Deed>>,
    pub confidence: Text<Confidence>,
    pub reason: String,
}

/// One line of a run's log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BotEntry {
    pub v: Schema<1>,
    pub run: Text<RunId>,
    pub version: u64,
    pub at: i64,
    pub kind: Text<EntryKind>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub word: Option<BotWord>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery: Option<Text<DeliveryId>>,
}

/// That a run hears a series for an account: one at the most.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BotSeat {
    pub v: Schema<1>,
    pub account: Text<AccountId>,
    pub user: Text<UserId>,
    pub run: Text<RunId>,
}

/// How many of somebody's bots run, and how often one was started, or an account of theirs switched or removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct BotsRunning {
    /// Where none was ever started an account may have been switched, by whoever writes no more than that.
    #[serde(default)]
    pub v: Schema<1>,
    #[serde(default)]
    pub running: i64,
    /// Rows that were written before this was counted do not say.
    #[serde(default)]
    pub changes: u64,
}

/// Whose signal a delivery is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentBy {
    pub bot: Text<BotId>,
    pub run: Text<RunId>,
    pub account: Text<AccountId>,
}

/// The bot and the run that something comes of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ByBot {
    pub bot: Text<BotId>,
    pub run: Text<RunId>,
}

impl crate::text::AsText for Deed {
    fn to_text(&self) -> String {
        self.as_str().to_owned()
    }

    fn of_text(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|deed| deed.as_str() == text);
        found.ok_or_else(|| format!("{text:?} must be one of {:?}", Self::ALL.map(Self::as_str)))
    }
}

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

impl From<&bot::Terms> for BotTerms {
    fn from(terms: &bot::Terms) -> Self {
        let Series { market: MarketKey { exchange, symbol }, interval } = terms.series.clone();
        Self {
            account: Text(terms.account.clone()),
            exchange: Text(exchange),
            symbol: Text(symbol),
            timeframe: Text(interval),
            strategy: terms.strategy.name.clone(),
            parameters: terms.strategy.parameters.clone(),
            rules: terms.strategy.rules.clone(),
            preset: terms.preset.clone().map(Text),
            plan: terms.plan.clone(),
            confidence_min: Text(terms.confidence_min),
        }
    }
}

impl From<BotTerms> for bot::Terms {
    fn from(stored: BotTerms) -> Self {
        let market = MarketKey { exchange: stored.exchange.0, symbol: stored.symbol.0 };
        Self {
            account: stored.account.0,
            series: Series { market, interval: stored.timeframe.0 },
            strategy: bot::Strategy { name: stored.strategy, parameters: stored.parameters, rules: stored.rules },
            preset: stored.preset.map(|preset| preset.0),
            plan: stored.plan,
            confidence_min: stored.confidence_min.0,
        }
    }
}

impl From<&bot::Bot> for Bot {
    fn from(bot: &bot::Bot) -> Self {
        Self {
            v: Schema,
            bot: Text(bot.id.clone()),
            user: Text(bot.user.clone()),
            version: bot.version,
            name: Text(bot.name.clone()),
            terms: BotTerms::from(&bot.terms),
            created_at: bot.created_at.millis(),
            updated_at: bot.updated_at.millis(),
            updated_by: Text(bot.updated_by.clone()),
            run: bot.run.clone().map(Text),
            running: bot.running,
            deleted: bot.deleted,
        }
    }
}

impl From<Bot> for bot::Bot {
    fn from(stored: Bot) -> Self {
        Self {
            id: stored.bot.0,
            user: stored.user.0,
            version: stored.version,
            name: stored.name.0,
            terms: stored.terms.into(),
            created_at: at(stored.created_at),
            updated_at: at(stored.updated_at),
            updated_by: stored.updated_by.0,
            run: stored.run.map(|run| run.0),
            running: stored.running,
            deleted: stored.deleted,
        }
    }
}

impl From<&bot::Run> for BotRun {
    fn from(run: &bot::Run) -> Self {
        let end = |ended: &bot::Ended| RunEnd {
            at: ended.at.millis(),
            by: Text(ended.by.clone()),
            reason: ended.reason.clone(),
        };
        Self {
            v: Schema,
            run: Text(run.id.clone()),
            bot: Text(run.bot.clone()),
            user: Text(run.user.clone()),
            version: run.version,
            terms: BotTerms::from(&run.terms),
            label: run.label.clone(),
            lane: run.lane.clone(),
            started_at: run.started_at.millis(),
            close_only: run.close_only.as_deref().map(end),
            resumed_at: run.resumed_at.map(Timestamp::millis),
            ended: run.ended.as_ref().map(end),
            decided_to: run.decided_to.millis(),
            candles: run.candles,
            signals: run.signals,
            last: run.last.as_ref().map(BotWord::from),
            raised: run.raised.map(Timestamp::millis),
            failing: run.failing.clone(),
        }
    }
}

impl From<BotRun> for bot::Run {
    fn from(stored: BotRun) -> Self {
        let end = |end: RunEnd| bot::Ended { at: at(end.at), by: end.by.0, reason: end.reason };
        Self {
            id: stored.run.0,
            bot: stored.bot.0,
            user: stored.user.0,
            version: stored.version,
            terms: stored.terms.into(),
            label: stored.label,
            lane: stored.lane,
            started_at: at(stored.started_at),
            close_only: stored.close_only.map(end).map(Box::new),
            resumed_at: stored.resumed_at.map(at),
            ended: stored.ended.map(end),
            decided_to: at(stored.decided_to),
            candles: stored.candles,
            signals: stored.signals,
            last: stored.last.map(bot::Word::from),
            raised: stored.raised.map(at),
            failing: stored.failing,
        }
    }
}

impl From<&bot::Word> for BotWord {
    fn from(word: &bot::Word) -> Self {
        Self {
            opens_at: word.opens_at.millis(),
            deed: word.said.deed.map(Text),
            confidence: Text(word.said.confidence),
            reason: word.said.reason.clone(),
        }
    }
}

impl From<BotWord> for bot::Word {
    fn from(stored: BotWord) -> Self {
        let said =
            bot::Said { deed: stored.deed.map(|deed| deed.0), confidence: stored.confidence.0, reason: stored.reason };
        Self { opens_at: at(stored.opens_at), said }
    }
}

impl From<&bot::LogEntry> for BotEntry {
    fn from(entry: &bot::LogEntry) -> Self {
        Self {
            v: Schema,
            run: Text(entry.run.clone()),
            version: entry.version,
            at: entry.at.millis(),
            kind: Text(entry.kind),
            word: entry.word.as_ref().map(BotWord::from),
            detail: entry.detail.clone(),
            delivery: entry.delivery.clone().map(Text),
        }
    }
}

impl From<BotEntry> for bot::LogEntry {
    fn from(stored: BotEntry) -> Self {
        Self {
            run: stored.run.0,
            version: stored.version,
            at: at(stored.at),
            kind: stored.kind.0,
            word: stored.word.map(bot::Word::from),
            detail: stored.detail,
            delivery: stored.delivery.map(|delivery| delivery.0),
        }
    }
}

impl From<&bot::SentBy> for SentBy {
    fn from(by: &bot::SentBy) -> Self {
        Self { bot: Text(by.bot.clone()), run: Text(by.run.clone()), account: Text(by.account.clone()) }
    }
}

impl From<SentBy> for bot::SentBy {
    fn from(stored: SentBy) -> Self {
        Self { bot: stored.bot.0, run: stored.run.0, account: stored.account.0 }
    }
}

impl From<&bot::ByBot> for ByBot {
    fn from(by: &bot::ByBot) -> Self {
        Self { bot: Text(by.bot.clone()), run: Text(by.run.clone()) }
    }
}

impl From<ByBot> for bot::ByBot {
    fn from(stored: ByBot) -> Self {
        Self { bot: stored.bot.0, run: stored.run.0 }
    }
}

impl From<StrategySwitch> for bot::Switch {
    fn from(row: StrategySwitch) -> Self {
        let StrategySwitch { v: _, strategy, off, reason, at, by } = row;
        Self { strategy, enabled: !off, reason, at: Timestamp::from_millis(at), by: by.0 }
    }
}

impl From<&bot::Switch> for StrategySwitch {
    fn from(switch: &bot::Switch) -> Self {
        let bot::Switch { strategy, enabled, reason, at, by } = switch.clone();
        Self { v: Schema, strategy, off: !enabled, reason, at: at.millis(), by: Text(by) }
    }
}
