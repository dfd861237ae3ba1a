//! Times that another process has written, and whose clock may have been wrong.

use crate::cooldown::account;
use crate::given::NOW;
use domain::account::Account;
use domain::clock::Millis;

#[test]
fn pause_longer_than_any_is_none() {
    let paused = |exchange: &str, seconds: i64| {
        let venue_paused_until = Some(NOW.plus(Millis::seconds(seconds)));
        let known = Account { exchange: exchange.parse().unwrap(), venue_paused_until, ..account(0, &[]) };
        known.venue_pauses_until(NOW).map(|until| until.since(NOW).get() / 1_000)
    };
    assert_eq!(
        [0, 1, 300, 330, 331, 7_260].map(|seconds| paused("KRAKEN", seconds)),
        [None, Some(1), Some(300), Some(330), None, None]
    );
    let ban = 3 * 86_400;
    assert_eq!([ban, ban + 31].map(|seconds| paused("BINANCE", seconds)), [Some(ban), None]);
}

#[test]
fn balance_of_the_future_has_no_age() {
    let age = |seconds: i64| {
        let known = Account { balance_at: NOW.plus(Millis::seconds(seconds)), ..account(0, &[]) };
        known.balance_age(NOW).map(|age| age.get() / 1_000)
    };
    assert_eq!([-61, 0, 30, 31].map(age), [Some(61), Some(0), Some(-30), None]);
}

#[test]
fn look_is_as_old_as_the_older_of_its_slot_and_its_balances() {
    let slot = domain::slot::at(NOW);
    let seen = |pass_slot: i64, seconds: i64| {
        let known = Account { pass_slot, balance_at: NOW.minus(Millis::seconds(seconds)), ..account(0, &[]) };
        NOW.since(known.seen_at())
    };
    assert_eq!(seen(i64::MAX, 600), Millis::seconds(600), "a slot that has begun is no look");
    assert_eq!(seen(slot - 60, 0), NOW.since(domain::slot::begins(slot - 60)), "an entry has read the balances");
}
