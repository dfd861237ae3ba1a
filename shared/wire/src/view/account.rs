//! Accounts as a person sees their limits, and the answers of `halt` and `resume`.

use super::order::Order;
use super::words::{ActorKind, EntriesState, Time};
use super::{DriftState, PositionGroup, time};
use crate::member::{Moment, Reason, ShortText, Written, or_default};
use crate::text::Text;
use domain::account::{Account, Entries, Halt, Reducing};
use domain::clock::Timestamp;
use domain::ids::UserId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Body of `POST /api/v1/halt`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HaltRequest {
    /// Why entries are halted, in 1 to 200 characters; stored with the halt and in the audit log.
    #[schema(value_type = String, min_length = 1, max_length = 200)]
    pub reason: Reason,
    /// Id or label of one account; all of the user's where it is left out.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 200)]
    pub account: Option<ShortText>,
    /// `halted`, the default, cancels resting entries as well; with `reducing` they stay.
    #[schema(value_type = Option<EntriesState>)]
    pub entries: Option<Written<Entries>>,
    /// Until when, of `reducing`; left out, until you resume entries.
    #[schema(value_type = Option<Time>)]
    pub until: Option<Moment>,
}

/// Body of `POST /api/v1/flatten`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FlattenRequest {
    /// Why everything is sold, in 1 to 200 characters; stored with the halt and in the audit log.
    #[schema(value_type = String, min_length = 1, max_length = 200)]
    pub reason: Reason,
    /// Id or label of one account; all of the user's if it is left out.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 200)]
    pub account: Option<ShortText>,
    /// Another user, `usr_…`: for an admin whose session began with a second factor, less than 15 minutes ago.
    #[schema(value_type = Option<String>)]
    pub user_id: Option<Written<UserId>>,
    /// Whether all users of the deployment are meant, for such an admin: then the whole deployment is halted.
    #[serde(default)]
    pub deployment: bool,
    /// The code of the first answer; left out, what would be sold is shown, and nothing is done.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 200)]
    pub code: Option<ShortText>,
}

/// What would be sold, or is closing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FlattenAnswer {
    /// By which all of it is sold, if it is sent back in this session; null once that is done.
    pub code: Option<String>,
    /// Until when the code may be sent back; null once that is done.
    pub code_expires_at: Option<Time>,
    /// The accounts that are meant: halted once the code was sent back. Of the deployment, those that trade: it is halted itself.
    pub accounts: Vec<AccountState>,
    /// The positions that would be sold, or are closing; at most 1000.
    pub positions: Vec<PositionGroup>,
    /// Positions that there was no time for: send the same again until it is 0.
    #[serde(default)]
    pub left: u32,
    /// Entries that rest at the exchange and are being cancelled.
    pub cancelling: Vec<Order>,
    /// Entries that were under way: a planned one does not start, and what another one still buys is sold.
    pub in_flight: Vec<Order>,
}

/// Body of `POST /api/v1/resume`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResumeRequest {
    /// Why entries are resumed, for the audit log.
    #[schema(value_type = String, min_length = 1, max_length = 200)]
    pub reason: Reason,
    /// Id or label of one account; left out, all of your accounts.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 200)]
    pub account: Option<ShortText>,
    /// Only says what would start.
    #[serde(default, deserialize_with = "or_default")]
    pub dry_run: bool,
}

/// Answer of `GET /api/v1/halt`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HaltStates {
    /// The whole deployment's stop; no user can lift it.
    pub system_halted: bool,
    /// The user's accounts.
    pub accounts: Vec<AccountState>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HaltAnswer {
    /// The accounts concerned, as they are after the halt.
    pub accounts: Vec<AccountState>,
    /// Entries that rest at the exchange and are being cancelled.
    pub cancelling: Vec<Order>,
    /// Entries that were under way already: a planned one will not start, the others may still be filled.
    pub in_flight: Vec<Order>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ResumeAnswer {
    /// Whether nothing was resumed and this is only a preview.
    pub dry_run: bool,
    /// The accounts that were meant, as they are after this request.
    pub accounts: Vec<AccountState>,
    /// Planned entries that are still valid.
    pub would_start: Vec<Order>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AccountState {
    /// The account, `acc_…`.
    pub id: String,
    /// The exchange of the account, such as `BINANCE`.
    pub exchange: String,
    /// The account's label.
    pub label: String,
    /// What entries may do: the stricter of `halted` and `reducing`.
    pub entries: EntriesState,
    /// Null if entries are not halted.
    pub halted: Option<HaltMark>,
    /// Null if nothing else stops entries.
    pub reducing: Option<ReducingMark>,
    /// The account's balances, by asset.
    pub balances: BTreeMap<String, BalanceState>,
    /// When the balances were requested from the exchange; 1970 if not since the account's mode or key changed.
    pub balance_at: Time,
    /// Number of the account's positions that are not closed.
    pub open_groups: u32,
    /// Maximum number of positions of the account that are not closed.
    pub open_groups_max: u32,
    /// Quote planned of all groups that are not closed.
    pub exposure: String,
    /// Maximum planned quote amount of all positions of the account that are not closed.
    pub exposure_max: String,
    /// Maximum quote amount that one entry of the account may plan.
    pub order_quote_max: String,
    /// Realised losses of this UTC day.
    pub day_loss: String,
    /// Realised loss of one UTC day, in quote currency, at which no further entry starts.
    pub day_loss_max: String,
    /// Until when nothing is opened, by market and timeframe: `BTC/USDT#60`, without a timeframe `BTC/USDT#-`.
    #[serde(default)]
    #[schema(required)]
    pub cooldowns: BTreeMap<String, Time>,
    /// Confirmed differences between the account's positions and its exchange.
    pub drift: DriftState,
}

/// Whose positions are closed, and why.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CloseUserPositions)]
pub struct CloseKeptOut {
    /// The suspended user, `usr_…`.
    #[schema(value_type = String)]
    pub user: Written<UserId>,
    /// Why the positions are closed, in 1 to 200 characters; stored in the audit log.
    #[schema(value_type = String, min_length = 1, max_length = 200)]
    pub reason: Reason,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ClosingAnswer {
    /// Positions that are being closed. Send the same request again to see how far they are; once all are closed, the list is empty.
    pub closing: Vec<PositionGroup>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Halt)]
pub struct HaltMark {
    /// Why the account was halted.
    pub reason: String,
    /// When the account was halted.
    pub at: Time,
    /// The user may not come in: `POST /resume` does not lift it.
    #[serde(default)]
    #[schema(required)]
    pub kept_out: bool,
    /// Whether a logged-in user has set the halt; if so, no API key can lift it.
    #[serde(default)]
    #[schema(required)]
    pub by_person: bool,
}

/// Nothing is opened, added or armed; entries that rest at the exchange stay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Reducing)]
pub struct ReducingMark {
    /// Why.
    pub reason: String,
    /// Since when.
    pub at: Time,
    /// Until when; null until you resume entries.
    pub until: Option<Time>,
    /// Who has set it. Only a logged-in user ends what a logged-in user or a risk rule has set.
    pub by: ActorKind,
    /// The risk rule that has set it, `rsk_…`; null if no rule has.
    pub rule_id: Option<String>,
}

impl From<&Reducing> for ReducingMark {
    fn from(reducing: &Reducing) -> Self {
        Self {
            reason: reducing.reason.clone(),
            at: time(reducing.at),
            until: reducing.until.map(time),
            by: Text(reducing.by),
            rule_id: reducing.rule.as_ref().map(ToString::to_string),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BalanceState {
    /// Balance as last known, including what Moniqo's own entries lock at the exchange.
    pub balance: String,
    /// Held for orders that are not final.
    pub reserved: String,
}

impl AccountState {
    pub fn of(account: &Account, now: Timestamp) -> Self {
        let limits = &account.limits;
        Self {
            id: account.id.to_string(),
            exchange: account.exchange.to_string(),
            label: account.label.clone(),
            entries: Text(account.entries(now)),
            halted: account.halted.as_ref().map(HaltMark::from),
            reducing: account.reduces(now).map(ReducingMark::from),
            balances: balances(account),
            balance_at: time(account.balance_at),
            open_groups: account.open_groups,
            open_groups_max: limits.open_groups_max,
            exposure: account.exposure.to_string(),
            exposure_max: limits.exposure_max.to_string(),
            order_quote_max: limits.order_quote_max.to_string(),
            day_loss: account.loss_today(now).to_string(),
            day_loss_max: limits.day_loss_max.to_string(),
            cooldowns: cooldowns(account, now),
            drift: DriftState::from(&account.drift),
        }
    }
}

impl From<&Halt> for HaltMark {
    fn from(halt: &Halt) -> Self {
        Self {
            reason: halt.reason.clone(),
            at: time(halt.at),
            kept_out: halt.kept_out.is_some(),
            by_person: halt.by_person,
        }
    }
}

fn cooldowns(account: &Account, now: Timestamp) -> BTreeMap<String, Time> {
    let last = account.cooldowns.iter().filter(|(_, until)| now < **until);
    last.map(|(seat, until)| (seat.to_string(), time(*until))).collect()
}

fn balances(account: &Account) -> BTreeMap<String, BalanceState> {
    let assets = account.balances.keys().chain(account.reserved.keys());
    let state = |asset| BalanceState {
        balance: account.balance(asset).to_string(),
        reserved: account.reserved(asset).to_string(),
    };
    assets.map(|asset| (asset.to_string(), state(asset))).collect()
}
