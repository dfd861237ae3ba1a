//! What an account may hold at the most.

use super::words::Mode;
use crate::member::{NotNegative, Whole};
use crate::text::Text;
use domain::account::Account;
use domain::clock::Timestamp;
use domain::limits::OPEN_GROUPS_MAX;
use domain::market::Leverage;
use domain::vault::AccountState;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = AccountLimits)]
pub struct WalletLimits {
    /// The account, `acc_…`.
    pub account: String,
    /// Where it trades; null if it was made before there were modes.
    #[serde(default)]
    pub mode: Option<Mode>,
    /// How many positions are open on the account.
    pub open_groups: u32,
    /// How many positions may be open at once.
    pub open_groups_max: u32,
    /// Quote planned of all groups that are not closed.
    pub exposure: String,
    /// Most that all positions which are not closed may plan to spend together, in the quote currency.
    pub exposure_max: String,
    /// Quote planned by one entry.
    pub order_quote_max: String,
    /// Realised losses of this UTC day; at `day_loss_max` no entry starts.
    pub day_loss: String,
    /// Realised loss of one UTC day after which no entry starts, in the quote currency.
    pub day_loss_max: String,
    /// How many times its margin a position of contracts may be worth.
    #[serde(default = "one")]
    #[schema(required)]
    pub leverage_max: u32,
    /// Of the account.
    pub version: u64,
}

/// Body of `PUT` and `PATCH /api/v1/accounts/{id}/limits`.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = UpdateAccountLimits)]
pub struct ChangeWalletLimits {
    /// Maximum number of positions that are not closed; null or missing keeps the current limit.
    #[schema(value_type = Option<u32>, minimum = 0, maximum = 1_000)]
    pub open_groups_max: Option<Whole<0, OPEN_GROUPS_MAX>>,
    /// Maximum planned quote amount of all positions that are not closed; null or missing keeps the current limit.
    #[schema(value_type = Option<String>)]
    pub exposure_max: Option<NotNegative>,
    /// Maximum quote amount that one entry may plan; null or missing keeps the current limit.
    #[schema(value_type = Option<String>)]
    pub order_quote_max: Option<NotNegative>,
    /// Realised loss of one UTC day, in quote currency, at which no further entry starts; null or missing keeps the current limit.
    #[schema(value_type = Option<String>)]
    pub day_loss_max: Option<NotNegative>,
    /// Maximum leverage of contracts; null or missing keeps the current limit.
    #[schema(value_type = Option<u32>, minimum = 1, maximum = 125)]
    pub leverage_max: Option<Whole<1, { Leverage::MAX }>>,
}

fn one() -> u32 {
    1
}

impl WalletLimits {
    pub fn of(account: &Account, state: &AccountState, now: Timestamp) -> Self {
        let limits = &account.limits;
        Self {
            account: account.id.to_string(),
            mode: state.mode.map(Text),
            open_groups: account.open_groups,
            open_groups_max: limits.open_groups_max,
            exposure: account.exposure.to_string(),
            exposure_max: limits.exposure_max.to_string(),
            order_quote_max: limits.order_quote_max.to_string(),
            day_loss: account.loss_today(now).to_string(),
            day_loss_max: limits.day_loss_max.to_string(),
            leverage_max: limits.leverage_max.get(),
            version: state.version,
        }
    }
}
