//! How the deployment does.

use super::words::{ExchangeClass, ExchangeState, HealthStatus, PartKind, PartState, Time, WorkState};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Health {
    /// `ok`.
    pub status: HealthStatus,
}

/// Whether every part answers, and whether work goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DeepHealth {
    /// `down` if a part is or the scheduler is silent; `degraded` if neither is known to be, and a log could not be read in time.
    pub status: HealthStatus,
    /// When the check was made.
    pub checked_at: Time,
    /// State of each table, queue and encryption key.
    pub parts: Vec<PartHealth>,
    /// State of the background work: scheduler, monitor and queues.
    pub work: WorkHealth,
    /// Results of the newest round of exchange-key checks.
    pub keys: KeysHealth,
    /// Functions whose log could not be read: what they would have said is null.
    pub unread: Vec<String>,
    /// When candles were last stored, if in the last fifteen minutes; else null, for example because no series is requested.
    pub last_ingestion: Option<Time>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PartHealth {
    /// What it is.
    pub kind: PartKind,
    /// Name of the table, queue or key.
    pub name: String,
    /// Whether it answers.
    pub state: PartState,
    /// How long it took to answer, in milliseconds.
    pub ms: i64,
    /// Of a queue: messages that can be received.
    pub waiting: Option<u64>,
    /// For a queue: messages that are being processed.
    pub in_hand: Option<u64>,
    /// Of a queue: messages that are to be received later.
    pub delayed: Option<u64>,
    /// For a queue: age of the oldest work that it is there for, in seconds. For `signals` the oldest alert that is due and has no
    /// verdict, for `orders` the oldest order that was not sent, for `ticks` the delay of the last monitor run. Null for dead-letter
    /// queues, and if nothing was reported within five minutes.
    pub oldest_s: Option<i64>,
    /// What is wrong.
    pub detail: Option<String>,
}

/// How accounts stand with their keys, as far as the newest round of checks came; null where none was made in fifteen
/// minutes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct KeysHealth {
    /// Accounts whose key was found good by their last check; null if nothing was reported within fifteen minutes.
    pub validated: Option<i64>,
    /// Accounts that enter nothing: disabled by their owner, because their key failed, or while their user is suspended.
    pub disabled: Option<i64>,
    /// Accounts that may enter and whose exchange has not answered for two hours.
    pub unchecked: Option<i64>,
    /// Accounts that the round had no time for.
    pub left: Option<i64>,
}

/// What the scheduler and the monitor reported last, if in the last five minutes; else null.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WorkHealth {
    /// Whether work goes on.
    pub state: WorkState,
    /// How late the scheduler was, in seconds.
    pub minute_lag_s: Option<i64>,
    /// How long the oldest work waits that is due and was not rung, in seconds.
    pub oldest_due_s: Option<i64>,
    /// Alerts that wait for their verdict.
    pub deliveries_without_verdict: Option<i64>,
    /// Dead letters that wait to be retried or dropped.
    pub parked: Option<i64>,
    /// Orders whose outcome is in doubt.
    pub unknown_orders: Option<i64>,
    /// How long the oldest of them is, in seconds.
    pub unknown_age_max_s: Option<i64>,
    /// Positions of which the exchange has less than we have recorded.
    pub drift: Option<i64>,
    /// What is wrong.
    pub detail: Option<String>,
}

/// Recent durations of requests, queues and exchange calls, in milliseconds. Each percentile is a duration that was really measured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PerformanceHealth {
    /// How many minutes, up to now, the figures cover.
    pub minutes: u32,
    /// How long requests took, by route.
    pub routes: Vec<RouteHealth>,
    /// From an alert to its first order.
    pub alert_to_order: TimesHealth,
    /// How long messages waited in each queue.
    pub queues: Vec<QueueTimes>,
    /// How long calls to exchanges took, and how many failed.
    pub venue: VenueHealth,
    /// Whether there was more to read than one request reads. If so, only the newest part is included.
    pub more: bool,
    /// Functions whose log could not be read: nothing that they did is in any of it.
    pub unread: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RouteHealth {
    /// Method and route as declared.
    pub route: String,
    /// Answers of 500 and above.
    pub errors: u64,
    #[serde(flatten)]
    pub times: TimesHealth,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct QueueTimes {
    /// Whose queue it is.
    pub function: String,
    /// How long messages have lain there.
    #[serde(flatten)]
    pub times: TimesHealth,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct VenueHealth {
    /// How many calls were made to exchanges.
    pub calls: u64,
    /// Without an answer, or with one that says nothing.
    pub errors: u64,
    /// Of one call, on average of each piece of work.
    #[serde(flatten)]
    pub times: TimesHealth,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TimesHealth {
    /// How many durations were measured.
    pub count: u64,
    /// Half of the durations were at most so long, in milliseconds; null if none was measured.
    pub p50_ms: Option<i64>,
    /// 95 % of the durations were at most so long, in milliseconds; null if none was measured.
    pub p95_ms: Option<i64>,
    /// 99 % of the durations were at most so long, in milliseconds; null if none was measured.
    pub p99_ms: Option<i64>,
    /// The longest duration, in milliseconds; null if none was measured.
    pub max_ms: Option<i64>,
}

/// The state of each exchange, as the accounts there show it. No user is named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct VenuesHealth {
    /// `degraded` if not every account was read.
    pub status: HealthStatus,
    /// When these figures were read.
    pub checked_at: Time,
    /// Every exchange at which a user has an account, by its name.
    pub venues: Vec<ExchangeHealth>,
    /// Accounts that were not read: too many for one request, or not readable in time.
    pub left: u64,
    /// Why no account could be read.
    pub detail: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ExchangeHealth {
    /// The exchange, such as `BINANCE`.
    pub exchange: String,
    /// How well it is known.
    pub class: ExchangeClass,
    /// Whether it answers.
    pub state: ExchangeState,
    /// Number of accounts at this exchange that were read.
    pub accounts: u32,
    /// That may enter: enabled, with a good key, and not halted.
    pub may_enter: u32,
    /// Whose key the last check found bad.
    pub bad: u32,
    /// That are enabled, and for which it has not answered for two hours.
    pub unchecked: u32,
    /// When it last answered for one of them: rounds ask every five minutes.
    pub answered_at: Option<Time>,
    /// When it last answered for none of them in a round.
    pub failed_at: Option<Time>,
    /// Number of accounts for which the exchange has asked for a pause; if that is all of them, `state` is `paused`.
    pub paused: u32,
    /// Until when nothing is sent there for at least one account.
    pub paused_until: Option<Time>,
}
