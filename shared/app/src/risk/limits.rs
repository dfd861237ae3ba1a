//! Limits of an account as rules: the same list, changed where they stand.

use domain::account::Account;
use domain::ids::AccountId;
use domain::risk::BoundKind;

/// One limit of an account. Its amount counts the quote of every currency as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountLimit {
    pub account: AccountId,
    pub kind: BoundKind,
    pub max: String,
}

impl AccountLimit {
    /// Stable, and no id of a rule.
    pub fn id(&self) -> String {
        format!("{}.{}", self.account, self.kind.as_str())
    }
}

/// The limits of this account.
pub fn limits_of(account: &Account) -> [AccountLimit; 5] {
    let limits = &account.limits;
    [
        (BoundKind::OpenPositions, limits.open_groups_max.to_string()),
        (BoundKind::Exposure, limits.exposure_max.to_string()),
        (BoundKind::OrderSize, limits.order_quote_max.to_string()),
        (BoundKind::DayLoss, limits.day_loss_max.to_string()),
        (BoundKind::Leverage, limits.leverage_max.to_string()),
    ]
    .map(|(kind, max)| AccountLimit { account: account.id.clone(), kind, max })
}
