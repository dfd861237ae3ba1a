//! What somebody changes of themselves, and all that is kept of them.

use super::words::{SeriesReason, Time};
use super::{
    ApiKey, AuditLog, Backfill, Backtest, Bot, BotLogEntry, BotRun, FactorState, Notification, Preset, RiskRule,
    Session, SystemLog, User, UserWallet, WalletBalances, WebhookToken,
};
use crate::member::{Free, GivenPassword, Written, said};
use domain::identity::{BadPreferences, Email, GivenCode, PersonName, Preferences, Username};
use domain::limits::PREFERENCES_DEPTH_MAX;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// Body of `PUT` and `PATCH /api/v1/users/me`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_debug_implementations, reason = "it may hold a password")]
#[schema(as = UpdateMe)]
pub struct ChangeOneself {
    /// Needs the password.
    #[schema(value_type = Option<String>, format = "email", max_length = 254)]
    pub email: Option<Written<Email>>,
    /// Your current password; required if `email` is set.
    #[schema(value_type = Option<String>, min_length = 1)]
    pub password: Option<GivenPassword>,
    /// A code of the second factor, or a recovery code; required if a second factor is on and the e-mail changes.
    #[schema(value_type = Option<String>)]
    pub totp: Option<Written<GivenCode>>,
    /// Your new user name; null or missing keeps the current one.
    #[schema(value_type = Option<String>, min_length = 3, max_length = 100, pattern = "^[A-Za-z0-9_.-]+$")]
    pub username: Option<Written<Username>>,
    /// Null takes it away.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 100)]
    pub name: Option<Option<Written<PersonName>>>,
    /// An object of at most 4,096 bytes; null empties it.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Object)]
    pub preferences: Option<Option<Free>>,
}

/// Body of `POST /api/v1/users/{id}/erase`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_debug_implementations, reason = "it holds a password")]
pub struct Erasure {
    /// Your password; required to erase yourself.
    #[schema(value_type = Option<String>, min_length = 1)]
    pub password: Option<GivenPassword>,
    /// A code of the second factor, or a recovery code; required if a second factor is on.
    #[schema(value_type = Option<String>)]
    pub totp: Option<Written<GivenCode>>,
}

/// Your stored personal data, without passwords and other secrets. Your trades are in lists of their own.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PersonalData {
    /// When this export was made.
    pub exported_at: Time,
    /// Your profile with your settings and preferences.
    pub profile: User,
    /// Your sessions that have not ended.
    pub sessions: Vec<Session>,
    /// Whether your second factor is on.
    pub second_factor: FactorState,
    /// Your accounts at exchanges, with masked keys.
    pub accounts: Vec<UserWallet>,
    /// What each of your accounts had when its exchange last reported balances.
    pub balances: Vec<WalletBalances>,
    /// Your webhook tokens, without their secrets.
    pub webhook_tokens: Vec<WebhookToken>,
    /// Of programs.
    pub api_keys: Vec<ApiKey>,
    /// As they are now; `/presets/{name}/versions` has what they were.
    pub presets: Vec<Preset>,
    /// Without `in_words`, as their runs are.
    pub bots: Vec<Bot>,
    /// Your risk rules, oldest first.
    pub risk_rules: Vec<RiskRule>,
    /// Runs of your bots, newest first, with those of deleted bots.
    pub bot_runs: Vec<KeptBotRun>,
    /// Whether older ones did not fit; `/bots/{id}/runs` has them page by page.
    pub more_bot_runs: bool,
    /// Series that are fetched for them.
    pub series: Vec<WantedSeries>,
    /// Backfills that the user requested.
    pub backfills: Vec<Backfill>,
    /// Of the last 30 days, the oldest first.
    pub backtests: Vec<Backtest>,
    /// Their inbox of the last 90 days, newest first.
    pub notifications: Vec<Notification>,
    /// Whether older ones did not fit; `/notifications` has them page by page.
    pub more_notifications: bool,
    /// What they have changed in the last 90 days, newest first.
    pub changes: Vec<AuditLog>,
    /// Whether older changes did not fit; `/api/logs/audit` has them page by page.
    pub more_changes: bool,
    /// Entries about them in the system log of the last 30 days, newest first.
    pub log: Vec<SystemLog>,
}

/// A run of a bot with what it has done.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = BotRunWithLog)]
pub struct KeptBotRun {
    #[serde(flatten)]
    pub run: BotRun,
    /// Newest first.
    pub log: Vec<BotLogEntry>,
    /// Whether older lines did not fit; `/bots/{id}/runs/{run}/log` has them page by page.
    pub more_log: bool,
}

/// A series that is fetched for you.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Subscription)]
pub struct WantedSeries {
    /// The exchange, such as `BINANCE`.
    pub exchange: String,
    /// The market, `BASE/QUOTE`.
    pub symbol: String,
    /// The length of a candle, such as `1h`.
    pub timeframe: String,
    /// Why it is fetched.
    pub why: SeriesReason,
    /// Since when the series has been fetched for you.
    pub since: Time,
    /// Until when it is fetched for you; null: until it is cancelled.
    pub until: Option<Time>,
}

/// Preferences as they are sent.
///
/// # Errors
/// Where they are no object, too long, or nested too deeply.
pub fn preferences(given: &Value) -> Result<Preferences, BadPreferences> {
    if depth(given) > PREFERENCES_DEPTH_MAX { Err(BadPreferences) } else { given.to_string().parse() }
}

fn depth(value: &Value) -> usize {
    let within = match value {
        Value::Object(members) => members.values().map(depth).max(),
        Value::Array(items) => items.iter().map(depth).max(),
        _ => return 0,
    };
    within.unwrap_or_default().saturating_add(1)
}
