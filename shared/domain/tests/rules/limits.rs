//! What an account's limits and balances say to an entry that is to be planned, and to one that was planned already.

use crate::cooldown::account;
use crate::given::{NOW, amount};
use domain::account::{Account, AccountLimits, Asks, DayLoss};
use domain::clock::{Millis, Timestamp};
use domain::limits::SHARE_BALANCE_AGE_MAX;
use domain::market::Leverage;
use domain::reason::Reason;

#[test]
fn share_of_balance_needs_one_that_is_young() {
    let known = account(0, &[]);
    let end = NOW.plus(SHARE_BALANCE_AGE_MAX);
    assert_eq!(known.balance_for_shares(end), Ok(()));
    let told =
        |known: &Account, now: Timestamp| known.balance_for_shares(now).map_err(|limit| (limit.reason, limit.detail));
    let (reason, detail) = told(&known, end.plus(Millis::seconds(1))).unwrap_err();
    assert_eq!(reason, Reason::BalanceOld);
    assert_eq!(
        detail,
        "the account's balance was read 901 s ago, and a share of it needs one of at most 900 s: have it read anew \
         (`moniqo accounts balances`), or say an amount"
    );
    let of_the_future = told(&known, NOW.minus(Millis::DAY)).unwrap_err().1;
    let moved = known.with_another_wallet(NOW);
    let unread = told(&moved, NOW).unwrap_err().1;
    for told in [of_the_future, unread] {
        assert!(told.starts_with("the account's balance has not been read yet"), "{told}");
    }
}

/// One that counts already: 200 of 300, beside another group.
fn planned() -> (Account, Asks) {
    let asks = Asks { exposure: amount("200"), leverage: Leverage::new(2).unwrap(), groups: 1, open_groups_max: None };
    let known = account(2, &[]);
    let limits = AccountLimits { leverage_max: Leverage::new(2).unwrap(), ..known.limits };
    (Account { exposure: amount("300"), limits, ..known }, asks)
}

#[test]
fn planned_entry_is_admitted_within_the_limits_that_it_was_planned_in() {
    let (known, asks) = planned();
    let exact = AccountLimits {
        open_groups_max: 2,
        exposure_max: amount("300"),
        order_quote_max: amount("200"),
        leverage_max: Leverage::new(2).unwrap(),
        ..known.limits
    };
    let known = Account { limits: exact, ..known };
    assert_eq!(known.still_admits(&asks, NOW), Ok(()));
    let addition = Asks { groups: 0, ..asks };
    let lowered = Account { limits: AccountLimits { open_groups_max: 2, ..exact }, ..known };
    assert_eq!(lowered.still_admits(&addition, NOW), Ok(()), "it opens none");
}

#[test]
fn planned_entry_is_refused_by_each_limit_that_was_lowered_since() {
    let (known, asks) = planned();
    let before = known.limits;
    for (limits, reason) in [
        (AccountLimits { open_groups_max: 1, ..before }, Reason::OpenGroupsMax),
        (AccountLimits { order_quote_max: amount("199"), ..before }, Reason::OrderQuoteMax),
        (AccountLimits { leverage_max: Leverage::ONE, ..before }, Reason::LeverageMax),
        (AccountLimits { day_loss_max: amount("40"), ..before }, Reason::DayLossMax),
        (AccountLimits { exposure_max: amount("299"), ..before }, Reason::ExposureMax),
    ] {
        let day_loss = DayLoss { day: NOW.day(), amount: amount("40") };
        let lowered = Account { limits, day_loss, ..known.clone() };
        assert_eq!(lowered.still_admits(&asks, NOW).map_err(|limit| limit.reason), Err(reason));
    }
}

/// Each by itself, whatever becomes of the others: what lets more be lost is a person's to say.
#[test]
fn limits_exceed_others_where_one_of_them_is_higher() {
    let limits = account(0, &[]).limits;
    let lower = AccountLimits {
        open_groups_max: limits.open_groups_max - 1,
        exposure_max: amount("1"),
        order_quote_max: amount("1"),
        day_loss_max: amount("1"),
        leverage_max: limits.leverage_max,
    };
    let borrows = AccountLimits { leverage_max: Leverage::new(2).unwrap(), ..limits };
    assert!(!limits.exceed(&limits) && !lower.exceed(&limits) && !limits.exceed(&borrows));
    for higher in [
        AccountLimits { open_groups_max: limits.open_groups_max, ..lower },
        AccountLimits { exposure_max: limits.exposure_max, ..lower },
        AccountLimits { order_quote_max: limits.order_quote_max, ..lower },
        AccountLimits { day_loss_max: limits.day_loss_max, ..lower },
        AccountLimits { leverage_max: borrows.leverage_max, ..lower },
    ] {
        assert!(higher.exceed(&lower), "{higher:?}");
    }
}
