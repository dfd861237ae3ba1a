//! What many tests begin with.

use domain::account::{Account, AccountLimits, DayLoss};
use domain::clock::Timestamp;
use domain::ids::{AccountId, UserId};
use domain::market::Leverage;
use domain::money::Amount;

/// An account that has no balance and has done nothing; each of its limits is 1,000, and ten groups.
pub fn account(id: AccountId, user: UserId, (exchange, label): (&str, &str), now: Timestamp) -> Account {
    let most: Amount = "1000".parse().expect("an amount");
    Account {
        id,
        user,
        exchange: exchange.parse().expect("an exchange"),
        label: label.to_owned(),
        limits: AccountLimits {
            open_groups_max: 10,
            exposure_max: most,
            order_quote_max: most,
            day_loss_max: most,
            leverage_max: Leverage::ONE,
        },
        balances: Default::default(),
        balance_at: now,
        balance_told_at: now,
        filled_at: Timestamp::default(),
        fills: 0,
        reserved: Default::default(),
        open_groups: 0,
        exposure: Amount::ZERO,
        day_loss: DayLoss { day: now.day(), amount: Amount::ZERO },
        halted: None,
        pass_slot: 0,
        drift: Default::default(),
        looks: Default::default(),
        fees: Default::default(),
        live: Default::default(),
        exits: Default::default(),
        cooldowns: Default::default(),
        venue_paused_until: None,
        limited: false,
    }
}
