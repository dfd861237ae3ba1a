//! Backtests that somebody asked for.

use super::{Given, Harness};
use domain::backtests::{Backtest, BacktestPlan, BacktestState, Going, GoingOfAll};
use domain::ids::{BacktestId, Sha};
use domain::market::{Interval, MarketKey};
use domain::series::Series;
use std::collections::BTreeSet;
use store::Engine;
use store::market::Market;

fn queued(given: &Given, name: &str) -> Backtest {
    let market = MarketKey { exchange: "BINANCE".parse().unwrap(), symbol: "BTC/USDT".parse().unwrap() };
    Backtest {
        id: BacktestId::at(given.now, &[given.user.as_str(), name]),
        by: given.user.clone(),
        version: 1,
        series: Series { market, interval: Interval::OneHour },
        since: given.now.minus(domain::clock::Millis::DAY),
        until: given.now,
        asked: Sha::of_bytes(b"{}"),
        state: BacktestState::Queued,
        plan: None,
        played: BTreeSet::new(),
        figures: None,
        why: None,
        created_at: given.now,
        updated_at: given.now,
    }
}

/// Among all there may be others, and others at once: as it is now.
async fn open<S: Engine>(store: &S, backtest: &Backtest, asked: &str, going: &Going) -> bool {
    loop {
        let seen = Market(store).backtests_of_all().await.unwrap();
        let one = (backtest.id.clone(), backtest.by.clone());
        let of_all = seen.clone().with(one, &BTreeSet::new(), usize::MAX).unwrap();
        let opened = Market(store).open_backtest(backtest, asked, (going, &of_all)).await.unwrap();
        if opened || Market(store).backtests_of_all().await.unwrap() == seen {
            return opened;
        }
    }
}

pub async fn a_backtest_is_kept_on_its_version_with_what_was_asked_for<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let (user, first) = (&given.user, queued(&given, "one"));
    assert_eq!(Market(store).load_backtest(user, &first.id).await, Ok(None));
    assert_eq!(Market(store).keep_backtest(&first, 1).await, Ok(false), "there is none yet");
    let going = Going::none(user.clone()).with(first.id.clone(), &BTreeSet::new(), given.now).unwrap();
    assert!(open(store, &first, r#"{"a":1}"#, &going).await);
    assert_eq!(Market(store).backtest_asked(user, &first.id).await, Ok(Some(r#"{"a":1}"#.to_owned())));
    let digest = Sha::of_bytes(b"x");
    let plan = BacktestPlan { candles: 24, digest, items: 9, items_per_part: 4, is_spread: true };
    let next = first.clone().planned(plan, given.now).having_played(2, given.now);
    assert_eq!(Market(store).keep_backtest(&next, 1).await, Ok(true));
    assert_eq!(
        Market(store).keep_backtest(&first.clone().cancelled(given.now), 1).await,
        Ok(false),
        "another was first"
    );
    assert_eq!(Market(store).load_backtest(user, &first.id).await, Ok(Some(next.clone())));
    let done = next.done(r#"{"stats":null}"#.to_owned(), given.now);
    assert_eq!(Market(store).keep_backtest(&done, 3).await, Ok(true));
    assert_eq!(Market(store).list_backtests(user).await, Ok(vec![done]));
}

pub async fn of_two_that_begin_at_once_one_is_first<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let (user, none) = (&given.user, BTreeSet::new());
    let (one, other) = (queued(&given, "one"), queued(&given, "other"));
    let seen = Market(store).backtests_going(user).await.unwrap();
    assert_eq!(seen, Going::none(user.clone()));
    let with = |seen: &Going, backtest: &Backtest| seen.clone().with(backtest.id.clone(), &none, given.now).unwrap();
    assert!(open(store, &one, "{}", &with(&seen, &one)).await);
    assert!(!open(store, &other, "{}", &with(&seen, &other)).await, "it was not counted");
    assert_eq!(Market(store).load_backtest(user, &other.id).await, Ok(None), "and is not there");
    let seen = Market(store).backtests_going(user).await.unwrap();
    assert_eq!((seen.version, &seen.ids), (1, &BTreeSet::from([one.id.clone()])));
    assert!(open(store, &other, "{}", &with(&seen, &other)).await);
    let both = Market(store).backtests_going(user).await.unwrap();
    assert_eq!((both.ids.len(), both.today), (2, 2));
}

pub async fn backtests_are_forgotten_whole_and_nobody_elses<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let other = Given::nobody(harness);
    for given in [&given, &other] {
        let first = queued(given, "one");
        let going = Going::none(given.user.clone()).with(first.id.clone(), &BTreeSet::new(), given.now).unwrap();
        assert!(open(store, &first, "{}", &going).await);
    }
    for _ in 0..2 {
        assert_eq!(Market(store).forget_backtests(&given.user).await, Ok(()));
    }
    assert_eq!(Market(store).list_backtests(&given.user).await, Ok(Vec::new()));
    assert_eq!(Market(store).backtest_asked(&given.user, &queued(&given, "one").id).await, Ok(None));
    assert_eq!(Market(store).backtests_going(&given.user).await, Ok(Going::none(given.user.clone())));
    assert_eq!(Market(store).list_backtests(&other.user).await.unwrap().len(), 1);
}

pub async fn one_that_is_not_counted_among_all_is_not_begun<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let (one, none) = (queued(&given, "one"), BTreeSet::new());
    let going = Going::none(given.user.clone()).with(one.id.clone(), &none, given.now).unwrap();
    assert!(open(store, &one, "{}", &going).await);
    let of_all = Market(store).backtests_of_all().await.unwrap();
    assert_eq!(of_all.ids.get(&one.id), Some(&given.user));
    let other = queued(&given, "other");
    let stale = GoingOfAll { version: of_all.version, ..of_all };
    let next =
        Market(store).backtests_going(&given.user).await.unwrap().with(other.id.clone(), &none, given.now).unwrap();
    assert_eq!(Market(store).open_backtest(&other, "{}", (&next, &stale)).await, Ok(false), "others were first");
    assert_eq!(Market(store).load_backtest(&given.user, &other.id).await, Ok(None));
}
