//! What an account's balances say to an entry that is to be planned.

use crate::cooldown::account;
use crate::given::NOW;
use domain::account::Account;
use domain::clock::{Millis, Timestamp};
use domain::limits::SHARE_BALANCE_AGE_MAX;

#[test]
fn share_of_balance_needs_one_that_is_young() {
    let known = account(0, &[]);
    let end = NOW.plus(SHARE_BALANCE_AGE_MAX);
    assert_eq!(known.balance_for_shares(end), Ok(()));
    let told =
        |known: &Account, now: Timestamp| known.balance_for_shares(now).map_err(|limit| (limit.reason, limit.detail));
    let (reason, detail) = told(&known, end.plus(Millis::seconds(1))).unwrap_err();
    assert_eq!(reason, "balance_old");
    assert_eq!(
        detail,
        "the account's balance was read 901 s ago, and a share of it needs one of at most 900 s: have it read anew \
         (`moniqo keys balances`), or say an amount"
    );
    let of_the_future = told(&known, NOW.minus(Millis::DAY)).unwrap_err().1;
    let moved = known.with_another_wallet(NOW);
    let unread = told(&moved, NOW).unwrap_err().1;
    for told in [of_the_future, unread] {
        assert!(told.starts_with("the account's balance has not been read yet"), "{told}");
    }
}
