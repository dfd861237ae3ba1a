//! Bots, their runs, and what those have done.

use super::NumberOrWord;
use super::bot_rules::BotRules;
use super::preset_members::PresetMembers;
use super::time;
use super::words::{BotAction, BotLogKind, BotRunStatus, Time};
use crate::member::{ShortText, or_default};
use crate::text::Text;
use domain::alert::Side;
use domain::bot::{self, Deed, Terms, Word};
use domain::clock::Timestamp;
use domain::market::MarketKey;
use domain::series::Series;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// What a bot trades, by what, and how much.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct BotTerms {
    /// The account that is traded, `acc_…`.
    pub account_id: String,
    /// The account's.
    pub exchange: String,
    /// The market of the bot, such as `BTC/USDT`, or `BTC/USDT:USDT` for a perpetual.
    pub symbol: String,
    /// The length of the candles that the bot runs on.
    pub timeframe: String,
    /// As `/strategies/list` names it; `RULES` for rules that are written.
    pub strategy: String,
    /// Every one that the strategy has, as text; of rules, what stands in place of the numbers and words at these paths.
    pub parameters: BTreeMap<String, String>,
    /// The bot's rules, if it trades by rules and not by a built-in strategy.
    #[schema(value_type = Option<BotRules>)]
    #[serde(deserialize_with = "read_rules")]
    pub rules: Option<Box<RawValue>>,
    /// When it enters and when it leaves, in plain sentences with the values of its parameters; nothing where its strategy is no more.
    pub in_words: Vec<String>,
    /// The preset that the bot's own settings extend; null for the `entry_preset` of its user's settings when it starts, and in a run for `default`.
    pub preset: Option<String>,
    /// What its entries say themselves: members of a preset, numbers as they were written. Sizes, take-profit, stop, cooldown and how many
    /// positions may be open are among them. Where its strategy brings a ladder, `parameters` say sizes, safety orders, take-profit and stop.
    #[schema(value_type = PresetMembers)]
    #[serde(deserialize_with = "read_plan")]
    pub plan: Box<RawValue>,
    /// From 0 to 1: entries that are less sure are not raised.
    pub confidence_min: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Bot {
    /// The bot, `bot_…`.
    pub id: String,
    /// The version of the bot: its ETag, accepted as `If-Match`.
    pub version: u64,
    /// The name that its user gave the bot.
    pub name: String,
    #[serde(flatten)]
    pub terms: BotTerms,
    /// Whether its newest run goes on.
    pub running: bool,
    /// Its newest run.
    pub run_id: Option<String>,
    /// When the bot was made.
    pub created_at: Time,
    /// When the bot was last changed, started or stopped.
    pub updated_at: Time,
    /// The user who last changed, started or stopped the bot, `usr_…`.
    pub updated_by: String,
}

/// A bot from its start to its stop. It keeps the terms that it began with.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct BotRun {
    /// The run, `run_…`.
    pub id: String,
    /// The bot, `bot_…`.
    pub bot_id: String,
    /// The version of the run, from 1; each stored change raises it.
    pub version: u64,
    /// Whether it goes on.
    pub status: BotRunStatus,
    #[serde(flatten)]
    pub terms: BotTerms,
    /// When the run was started.
    pub started_at: Time,
    /// When, and by whom and why below, it was stopped or became close only, whichever was last.
    pub stopped_at: Option<Time>,
    /// The user who stopped the run or set it to close only, `usr_…`; null while neither applies.
    pub stopped_by: Option<String>,
    /// Why the run was stopped or set to close only; null while neither applies.
    pub stop_reason: Option<String>,
    /// Each candle that closed by then is decided on.
    pub decided_to: Time,
    /// Candles that it has decided on.
    pub candles: u64,
    /// Signals that it has raised.
    pub signals: u64,
    /// What it said to the newest candle that it has decided on.
    pub last: Option<BotWord>,
    /// Whether a candle has closed more than ten minutes ago that it has not decided on.
    pub behind: bool,
    /// Why the bot cannot decide until its terms are changed and it is started again; null if it can decide.
    pub failing: Option<String>,
}

/// What a strategy said to a candle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = BotSignal)]
pub struct BotWord {
    /// When the candle opens.
    pub opens_at: Time,
    /// What it answered.
    pub action: BotAction,
    /// How sure the strategy is, as a decimal from 0 to 1.
    pub confidence: String,
    /// In words, with the numbers used.
    pub reason: String,
}

/// One line of a run's log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BotLogEntry {
    /// When the entry was written.
    pub at: Time,
    /// What the entry is about.
    pub kind: BotLogKind,
    /// The candle and the strategy's answer to it, if there was one.
    pub said: Option<BotWord>,
    /// The entry in words, such as why a run stopped; null if the signal says it all.
    pub detail: Option<String>,
    /// The alert that the signal became, `dlv_…`, if one was raised; it has the verdict.
    pub delivery_id: Option<String>,
}

/// Body of `POST /api/v1/bots`.
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewBot {
    /// Your name for the bot, 1 to 40 characters.
    #[schema(min_length = 1, max_length = 40)]
    pub name: String,
    /// The id of one of one's own accounts, which says the exchange.
    pub account: String,
    /// The market, such as `BTC/USDT`.
    pub symbol: String,
    /// The length of a candle, such as `1h`.
    pub timeframe: String,
    /// Or `rules`.
    pub strategy: Option<String>,
    /// Parameters of the strategy by name, or replacements for values in `rules` by path; left out, defaults apply.
    #[schema(value_type = Option<BTreeMap<String, NumberOrWord>>)]
    pub parameters: Option<Map<String, Value>>,
    /// Entry and exit conditions of your own, in place of `strategy`.
    #[schema(value_type = Option<BotRules>)]
    pub rules: Option<Value>,
    /// Name of the preset that entries use; left out, the `entry_preset` of your settings when the bot starts, else `default`.
    pub preset: Option<String>,
    /// Members of a preset that take the place of those of `preset` in the bot's entries; left out, the preset alone counts.
    #[schema(value_type = Option<PresetMembers>)]
    pub plan: Option<Value>,
    /// Entries whose confidence is below this decimal, from 0 to 1, are not raised; 0 if left out.
    pub confidence_min: Option<String>,
}

/// Body of `PATCH /api/v1/bots/{id}`: what is left out or null stays; another strategy begins with its defaults.
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeBot {
    /// The bot's new name; null or missing keeps the current one.
    #[schema(min_length = 1, max_length = 40)]
    pub name: Option<String>,
    /// The account to be traded, `acc_…`; null or missing keeps the current one.
    pub account: Option<String>,
    /// The market to be traded, such as `BTC/USDT`; null or missing keeps the current one.
    pub symbol: Option<String>,
    /// The candle length, such as `1h`; null or missing keeps the current one.
    pub timeframe: Option<String>,
    /// The strategy's name, from `/strategies/list`; null or missing keeps the current one. Another strategy starts with its defaults.
    pub strategy: Option<String>,
    /// All parameters of the strategy, by name; those left out get their defaults. Null or missing keeps the current ones.
    #[schema(value_type = Option<BTreeMap<String, NumberOrWord>>)]
    pub parameters: Option<Map<String, Value>>,
    /// Rules to trade by, in place of a strategy; null or missing keeps the current ones.
    #[schema(value_type = Option<BotRules>)]
    pub rules: Option<Value>,
    /// Once a bot names one it keeps to its own: `default`, or another one.
    pub preset: Option<String>,
    /// The bot's own preset members, replacing the former ones as a whole; null or missing keeps them.
    #[schema(value_type = Option<PresetMembers>)]
    pub plan: Option<Value>,
    /// Minimum confidence of an entry, from 0 to 1, as text; null or missing keeps the current one.
    pub confidence_min: Option<String>,
}

/// Body of `POST /bot/start`: `bot_id` of a stored bot, or the terms of a new one.
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StartBot {
    /// Your own value, if you have set one.
    pub user_id: Option<String>,
    /// The stored bot to start, `bot_…`; only `user_id` may stand beside it. Left out, a new bot is created and started.
    pub bot_id: Option<String>,
    /// Your name for a new bot, 1 to 40 characters; required without `bot_id`.
    #[schema(min_length = 1, max_length = 40)]
    pub name: Option<String>,
    /// The account of a new bot, `acc_…`, one of your own; required without `bot_id`.
    pub account: Option<String>,
    /// The market of a new bot, such as `BTC/USDT`; required without `bot_id`.
    pub symbol: Option<String>,
    /// The length of a candle for a new bot, such as `1h`; required without `bot_id`.
    pub timeframe: Option<String>,
    /// Name of a new bot's strategy, as `/api/v1/strategies/list` has it; required without `bot_id` and `rules`.
    pub strategy: Option<String>,
    /// For a new bot: parameters of the strategy by name, or replacements for values in `rules` by path; left out, defaults apply.
    #[schema(value_type = Option<BTreeMap<String, NumberOrWord>>)]
    pub parameters: Option<Map<String, Value>>,
    /// Entry and exit conditions of your own for a new bot, in place of `strategy`.
    #[schema(value_type = Option<BotRules>)]
    pub rules: Option<Value>,
    /// Name of the preset that a new bot's entries use; left out, the `entry_preset` of your settings, else `default`.
    pub preset: Option<String>,
    /// For a new bot: members of a preset that take the place of those of `preset` in its entries; left out, the preset alone counts.
    #[schema(value_type = Option<PresetMembers>)]
    pub plan: Option<Value>,
    /// Entries of a new bot whose confidence is below this decimal, from 0 to 1, are not raised; 0 if left out.
    pub confidence_min: Option<String>,
}

/// Body of `POST /api/v1/bots/{id}/stop`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StopBot {
    /// Why the bot is stopped, for the run and the audit log; left out, a standard text is stored.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 200)]
    pub reason: Option<ShortText>,
    /// Its entries alone.
    #[serde(default, deserialize_with = "or_default")]
    #[schema(value_type = Option<bool>)]
    pub close_only: bool,
}

/// Body of `POST /bot/stop`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StopRun {
    /// The run to stop, `run_…`.
    #[schema(value_type = String, min_length = 1, max_length = 200)]
    pub bot_run_id: ShortText,
    /// Why the run is stopped, for the run and the audit log; left out, a standard text is stored.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 200)]
    pub reason: Option<ShortText>,
    /// Its entries alone.
    #[serde(default, deserialize_with = "or_default")]
    #[schema(value_type = Option<bool>)]
    pub close_only: bool,
}

impl BotTerms {
    fn of(terms: &Terms, in_words: Vec<String>) -> Result<Self, String> {
        let Series { market: MarketKey { exchange, symbol }, interval } = &terms.series;
        Ok(Self {
            account_id: terms.account.to_string(),
            exchange: exchange.to_string(),
            symbol: symbol.to_string(),
            timeframe: interval.to_string(),
            strategy: terms.strategy.name.clone(),
            parameters: terms.strategy.parameters.clone(),
            rules: terms.strategy.rules.clone().map(raw).transpose()?,
            in_words,
            preset: terms.preset.as_ref().map(ToString::to_string),
            plan: raw(terms.plan.clone())?,
            confidence_min: terms.confidence_min.to_string(),
        })
    }
}

/// What stands among the members of something else can be read as a value alone.
fn read_rules<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Box<RawValue>>, D::Error> {
    Option::<Value>::deserialize(from)?.map(|value| to_raw_value(&value).map_err(D::Error::custom)).transpose()
}

fn read_plan<'de, D: Deserializer<'de>>(from: D) -> Result<Box<RawValue>, D::Error> {
    to_raw_value(&Value::deserialize(from)?).map_err(D::Error::custom)
}

fn raw(text: String) -> Result<Box<RawValue>, String> {
    RawValue::from_string(text).map_err(|error| error.to_string())
}

impl Bot {
    /// # Errors
    /// Where what is kept of its plan or its rules is no JSON.
    pub fn of(bot: &bot::Bot, in_words: Vec<String>) -> Result<Self, String> {
        Ok(Self {
            id: bot.id.to_string(),
            version: bot.version,
            name: bot.name.to_string(),
            terms: BotTerms::of(&bot.terms, in_words)?,
            running: bot.running,
            run_id: bot.run.as_ref().map(ToString::to_string),
            created_at: time(bot.created_at),
            updated_at: time(bot.updated_at),
            updated_by: bot.updated_by.to_string(),
        })
    }
}

impl BotRun {
    /// # Errors
    /// Where what is kept of its plan or its rules is no JSON.
    pub fn of(run: &bot::Run, in_words: Vec<String>, now: Timestamp) -> Result<Self, String> {
        let status = match run.ended {
            Some(_) => BotRunStatus::Stopped,
            None if run.close_only.is_some() => BotRunStatus::CloseOnly,
            None => BotRunStatus::Running,
        };
        let ended = run.ended.as_ref().or(run.close_only.as_deref());
        Ok(Self {
            id: run.id.to_string(),
            bot_id: run.bot.to_string(),
            version: run.version,
            status,
            terms: BotTerms::of(&run.terms, in_words)?,
            started_at: time(run.started_at),
            stopped_at: ended.map(|ended| time(ended.at)),
            stopped_by: ended.map(|ended| ended.by.to_string()),
            stop_reason: ended.map(|ended| ended.reason.clone()),
            decided_to: time(run.decided_to),
            candles: run.candles,
            signals: run.signals,
            last: run.last.as_ref().map(BotWord::from),
            behind: run.is_behind(now),
            failing: run.failing.clone(),
        })
    }
}

impl From<Deed> for BotAction {
    fn from(deed: Deed) -> Self {
        match deed {
            Deed::Enter(Side::Long) => Self::EnterLong,
            Deed::Enter(Side::Short) => Self::EnterShort,
            Deed::Exit => Self::Exit,
        }
    }
}

impl From<&Word> for BotWord {
    fn from(word: &Word) -> Self {
        Self {
            opens_at: time(word.opens_at),
            action: word.said.deed.map_or(BotAction::Hold, BotAction::from),
            confidence: word.said.confidence.to_string(),
            reason: word.said.reason.clone(),
        }
    }
}

impl From<&bot::LogEntry> for BotLogEntry {
    fn from(entry: &bot::LogEntry) -> Self {
        Self {
            at: time(entry.at),
            kind: Text(entry.kind),
            said: entry.word.as_ref().map(BotWord::from),
            detail: entry.detail.clone(),
            delivery_id: entry.delivery.as_ref().map(ToString::to_string),
        }
    }
}
