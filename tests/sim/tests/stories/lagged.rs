//! A venue whose reads lag by more than it promises: of orders, of trades and of balances, each kind by itself.

use domain::clock::Millis;
use domain::notice::Topic;
use domain::order::Status;
use sim::{Scenario, Seen, alert, calm, s, scenario};
use testkit::sim::Strike;
use testkit::world::Lags;

/// Up to a minute each: six to twelve times as long as any exchange says.
const SECONDS: [i64; 4] = [0, 20, 45, 60];

/// Every mixture of lags.
fn every_lag() -> impl Iterator<Item = Lags> {
    let of = |seconds: i64| Millis::seconds(seconds);
    let pairs = SECONDS.into_iter().flat_map(|orders| SECONDS.into_iter().map(move |trades| (orders, trades)));
    pairs.flat_map(move |(orders, trades)| {
        SECONDS.map(|balances| Lags { orders: of(orders), trades: of(trades), balances: of(balances) })
    })
}

fn lagging(name: &'static str, lags: Lags) -> Scenario {
    scenario(name).lags(s(0), s(200), lags)
}

#[test]
fn take_profit_that_was_accepted_and_is_not_shown_is_not_placed_again() {
    for lags in every_lag() {
        let seen = calm(&lagging("not placed again", lags).post(s(1), &alert()));
        assert_eq!(seen.orders(), ["entry filled", "tp#1 open"], "{lags:?}");
        assert_eq!(seen.account.drift.strays, [], "{lags:?}");
    }
}

#[test]
fn exit_that_lags_hide_sells_once() {
    for lags in every_lag() {
        let story = lagging("sells once", lags).post(s(1), &alert()).post(s(70), &alert().exit());
        let seen = calm(&story.ends("flat", Seen::is_flat));
        assert_eq!(seen.orders(), ["entry filled", "tp#1 cancelled", "exit filled"], "{lags:?}");
        assert_eq!(seen.sold(), "1".parse().unwrap(), "{lags:?}");
    }
}

#[test]
fn take_profit_that_fills_while_reads_lag_sells_once() {
    for lags in every_lag() {
        let story = lagging("fills behind a lag", lags).post(s(1), &alert()).price(s(80), "103");
        let seen = calm(&story.ends("flat", Seen::is_flat));
        assert_eq!(seen.orders(), ["entry filled", "tp#1 filled"], "{lags:?}");
        assert_eq!(seen.sold(), "1".parse().unwrap(), "{lags:?}");
    }
}

/// Nobody has heard of its acceptance: it is booked where it is seen in time, and else it is told as one of nobody.
#[test]
fn entry_whose_answer_is_lost_is_bought_once_at_any_lag() {
    for lags in every_lag() {
        let seen = calm(&lagging("bought once", lags).post(s(1), &alert()).struck("submit", 1, Strike::LoseReply));
        let in_time = lags.orders.min(lags.trades) <= Millis::seconds(20);
        if in_time {
            assert_eq!(seen.orders(), ["entry filled", "tp#1 open"], "{lags:?}");
            continue;
        }
        assert_eq!(
            (seen.orders(), seen.verdicts()),
            (vec!["entry not_placed".to_owned()], vec!["expired not_placed".to_owned()]),
            "{lags:?}"
        );
        assert_eq!(seen.told(), [Topic::EntryNotPlaced], "{lags:?}");
        let strays: Vec<_> =
            seen.account.drift.strays.iter().map(|stray| (stray.status, stray.filled.to_string())).collect();
        assert_eq!(strays, [(Status::Filled, "1".to_owned())], "{lags:?}");
    }
}

/// It told its user when it had not been shown for a minute, and the mark is gone with the lag.
#[test]
fn order_that_is_not_shown_for_a_minute_is_told_once() {
    let lags = Lags { orders: s(100), ..Lags::default() };
    let seen = calm(&lagging("told once", lags).post(s(1), &alert()));
    assert_eq!(seen.orders(), ["entry filled", "tp#1 open"]);
    assert_eq!(seen.told(), [Topic::OrderNotShown]);
    assert_eq!(seen.positions[0].group.attention, None, "it is shown again");
}

/// Balances show what it has bought long before a list shows that it is filled.
#[test]
fn entry_that_fills_unseen_is_not_ended_by_a_balance() {
    let lags = Lags { orders: s(500), trades: s(500), balances: Millis::ZERO };
    let story = scenario("fills unseen").lags(s(0), s(600), lags).post(s(1), &alert().limit("95")).price(s(70), "94");
    let seen = calm(&story);
    assert!(!seen.trail().iter().any(|why| why.contains("the venue knows")), "{:?}", seen.trail());
    assert_eq!(seen.orders(), ["entry filled", "tp#1 open"]);
    assert_eq!(seen.account.drift.strays, []);
}
