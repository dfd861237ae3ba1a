//! Webhook tokens, without the secret but where it is made.

use super::time;
use super::words::{AlertKind, AlertSender, Time};
use crate::member::{Label, Limiting, Moment, Positive, Whole, Written, said};
use crate::text::Text;
use domain::clock::Timestamp;
use domain::limits::{WEBHOOK_TOKEN_NAMES_MAX, WEBHOOK_TOKEN_OVERLAP_SECONDS_MAX};
use domain::market::{Cuts, Exchange};
use domain::preset::PresetName;
use domain::token::{self, Grant, Only, Sender};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WebhookToken {
    /// The id of the token, `tok_…`, which is not its secret.
    pub id: String,
    /// None where a seed has made it.
    pub label: Option<String>,
    /// How its secret begins.
    pub hint: Option<String>,
    /// The label of the one account that it trades on; any where none is named.
    pub account: Option<String>,
    /// The one exchange that it trades at, which its alerts need not name; any where none is named.
    pub exchange: Option<String>,
    /// All where none is named.
    pub markets: Option<Vec<String>>,
    /// All where none is named, and plans of an alert's own.
    pub presets: Option<Vec<String>>,
    /// What one entry may plan to spend.
    pub order_quote_max: Option<String>,
    /// The one kind of alert that it takes; null is both.
    pub only: Option<AlertKind>,
    /// The one sender that it takes alerts from; null is any.
    pub from: Option<AlertSender>,
    /// When the token ends; null is never.
    pub expires_at: Option<Time>,
    /// When the token was made; null for one that was made by a seed.
    pub created_at: Option<Time>,
    /// When the newest of the user's last 200 alerts came by it.
    pub last_used_at: Option<Time>,
    /// Until when the secret before the last rotation is accepted.
    pub former_until: Option<Time>,
    /// The version of the token, raised by each change; its `ETag`, accepted as `If-Match`.
    pub version: u64,
}

/// Once, where it is made or rotated.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[allow(missing_debug_implementations, reason = "it holds a token")]
#[schema(as = CreatedWebhookToken)]
pub struct MadeWebhookToken {
    #[serde(flatten)]
    pub token: WebhookToken,
    /// Shown this once.
    pub secret: String,
    /// Path to which alerts are sent, without the host; it contains the secret.
    pub webhook_path: String,
    /// Built from the host name of this request; null if that is no public name, as on a local stack.
    pub webhook_url: Option<String>,
}

/// What stands beside a token.
#[derive(Debug, Clone, Copy, Default)]
pub struct TokenFacts<'a> {
    pub label: Option<&'a str>,
    pub hint: Option<&'a str>,
    pub created_at: Option<Timestamp>,
    pub last_used_at: Option<Timestamp>,
    pub former_until: Option<Timestamp>,
    pub version: u64,
}

impl WebhookToken {
    pub fn of(token: &token::WebhookToken, facts: &TokenFacts<'_>) -> Self {
        let Grant { markets, presets, order_quote_max, only, from } = &token.grant;
        Self {
            id: token.id.to_string(),
            label: facts.label.map(str::to_owned),
            hint: facts.hint.map(str::to_owned),
            account: token.account.clone(),
            exchange: token.exchange.as_ref().map(ToString::to_string),
            markets: named(markets),
            presets: named(presets),
            order_quote_max: order_quote_max.map(|max| max.to_string()),
            only: only.map(Text),
            from: from.map(Text),
            expires_at: token.expires_at.map(time),
            created_at: facts.created_at.map(time),
            last_used_at: facts.last_used_at.map(time),
            former_until: facts.former_until.map(time),
            version: facts.version,
        }
    }
}

/// None limit nothing.
fn named<T: ToString>(names: &[T]) -> Option<Vec<String>> {
    (!names.is_empty()).then(|| names.iter().map(ToString::to_string).collect())
}

/// Body of `POST /api/v1/webhook-tokens`.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CreateWebhookToken)]
pub struct WantedWebhookToken {
    /// Your name for the token, 1 to 40 characters; unique among your tokens.
    #[schema(value_type = String, min_length = 1, max_length = 40, pattern = "^[A-Za-z0-9._-]+( [A-Za-z0-9._-]+)*$")]
    pub label: Label,
    /// Label of the one account that alerts of this token may use; left out, any.
    #[schema(value_type = Option<String>)]
    pub account: Option<Label>,
    /// The one exchange that alerts of this token may use, such as `BINANCE`; left out, any.
    #[schema(value_type = Option<String>)]
    pub exchange: Option<Written<Exchange>>,
    /// Markets that alerts of this token may trade, such as `BTC/USDT`; left out, all.
    #[schema(value_type = Option<Vec<String>>, min_items = 1, max_items = 20)]
    pub markets: Option<Limiting<Cuts, WEBHOOK_TOKEN_NAMES_MAX>>,
    /// Presets that alerts of this token may use, and then no settings of their own; left out, all.
    #[schema(value_type = Option<Vec<String>>, min_items = 1, max_items = 20)]
    pub presets: Option<Limiting<PresetName, WEBHOOK_TOKEN_NAMES_MAX>>,
    /// Most that one entry may plan to spend, in the quote currency; left out, only the account's limits apply.
    #[schema(value_type = Option<String>)]
    pub order_quote_max: Option<Positive>,
    /// The one kind of alert that this token takes: entries or exits; left out, both.
    #[schema(value_type = Option<AlertKind>)]
    pub only: Option<Written<Only>>,
    /// The one sender, known by its IP addresses, from which alerts are taken; left out, any.
    #[schema(value_type = Option<AlertSender>)]
    pub from: Option<Written<Sender>>,
    /// When the token ends, a time to come; left out, never.
    #[schema(value_type = Option<Time>)]
    pub expires_at: Option<Moment>,
}

/// Body of `PUT` of a webhook token: all members; null where there is no limit.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ReplaceWebhookToken)]
pub struct WholeWebhookToken {
    /// Your name for the token, 1 to 40 characters; unique among your tokens.
    #[schema(value_type = String, min_length = 1, max_length = 40, pattern = "^[A-Za-z0-9._-]+( [A-Za-z0-9._-]+)*$")]
    pub label: Label,
    /// Label of the one account that alerts of this token may use; null is any.
    #[serde(default, deserialize_with = "said")]
    #[schema(required, value_type = Option<String>)]
    pub account: Option<Option<Label>>,
    /// The one exchange that alerts of this token may use, such as `BINANCE`; null is any.
    #[serde(default, deserialize_with = "said")]
    #[schema(required, value_type = Option<String>)]
    pub exchange: Option<Option<Written<Exchange>>>,
    /// Markets that alerts of this token may trade, such as `BTC/USDT`; null is all.
    #[serde(default, deserialize_with = "said")]
    #[schema(required, value_type = Option<Vec<String>>, min_items = 1, max_items = 20)]
    pub markets: Option<Option<Limiting<Cuts, WEBHOOK_TOKEN_NAMES_MAX>>>,
    /// Presets that alerts of this token may use, and then no settings of their own; null is all.
    #[serde(default, deserialize_with = "said")]
    #[schema(required, value_type = Option<Vec<String>>, min_items = 1, max_items = 20)]
    pub presets: Option<Option<Limiting<PresetName, WEBHOOK_TOKEN_NAMES_MAX>>>,
    /// Most that one entry may plan to spend, in the quote currency; null is no limit but the account's.
    #[serde(default, deserialize_with = "said")]
    #[schema(required, value_type = Option<String>)]
    pub order_quote_max: Option<Option<Positive>>,
    /// The one kind of alert that this token takes: entries or exits; null is both.
    #[serde(default, deserialize_with = "said")]
    #[schema(required, value_type = Option<AlertKind>)]
    pub only: Option<Option<Written<Only>>>,
    /// The one sender, known by its IP addresses, from which alerts are taken; null is any.
    #[serde(default, deserialize_with = "said")]
    #[schema(required, value_type = Option<AlertSender>)]
    pub from: Option<Option<Written<Sender>>>,
    /// When the token ends, a time to come; null is never.
    #[serde(default, deserialize_with = "said")]
    #[schema(required, value_type = Option<Time>)]
    pub expires_at: Option<Option<Moment>>,
}

/// Body of `PATCH` of one.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = UpdateWebhookToken)]
pub struct ChangedWebhookToken {
    /// The webhook token's new label; missing keeps the current one.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 40, pattern = "^[A-Za-z0-9._-]+( [A-Za-z0-9._-]+)*$")]
    pub label: Option<Option<Label>>,
    /// Label of the only account that the token may trade; null allows all, missing keeps the current one.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    pub account: Option<Option<Label>>,
    /// The only exchange that the token may trade at, such as `BINANCE`; null allows all, missing keeps the current one.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    pub exchange: Option<Option<Written<Exchange>>>,
    /// The only markets that the token may trade, such as `BTC/USDT`; null allows all, missing keeps the current ones.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<Vec<String>>, min_items = 1, max_items = 20)]
    pub markets: Option<Option<Limiting<Cuts, WEBHOOK_TOKEN_NAMES_MAX>>>,
    /// The only presets that its alerts may use; null allows all and an alert's own plan, missing keeps the current ones.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<Vec<String>>, min_items = 1, max_items = 20)]
    pub presets: Option<Option<Limiting<PresetName, WEBHOOK_TOKEN_NAMES_MAX>>>,
    /// Maximum quote amount that one entry of the token may plan; null means no limit, missing keeps the current one.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    pub order_quote_max: Option<Option<Positive>>,
    /// The only kind of signal that the token may send; null allows both, missing keeps the current one.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<AlertKind>)]
    pub only: Option<Option<Written<Only>>>,
    /// The only sender from whose IP addresses alerts are accepted; null allows any address, missing keeps the current one.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<AlertSender>)]
    pub from: Option<Option<Written<Sender>>>,
    /// When the webhook token expires; null means never, missing keeps the current time.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<Time>)]
    pub expires_at: Option<Option<Moment>>,
}

/// Body of `POST /api/v1/webhook-tokens/{id}/rotate`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RotateWebhookToken {
    /// How many seconds the old secret still works; 86400 (a day) if left out.
    #[schema(value_type = Option<i64>, minimum = 0, maximum = 604_800)]
    pub overlap_seconds: Option<Whole<0, WEBHOOK_TOKEN_OVERLAP_SECONDS_MAX>>,
}
