//! What an account says of its money, its seats and its exits.

use crate::cooldown::account;
use crate::given::{NOW, amount};
use domain::account::{Account, DayLoss, Halt, KeptOut, Need};
use domain::clock::{Millis, Timestamp};
use domain::ids::GroupId;
use domain::limits::EXIT_REMEMBERED;
use domain::market::{Asset, Leverage, Symbol, Timeframe};
use domain::money::Amount;
use domain::seat::Seat;
use std::collections::BTreeMap;

fn seat(symbol: &str, timeframe: Option<&str>) -> Seat {
    Seat { symbol: symbol.parse().unwrap(), timeframe: timeframe.map(|timeframe| timeframe.parse().unwrap()) }
}

fn later(seconds: i64) -> Timestamp {
    NOW.plus(Millis::seconds(seconds))
}

/// By a clock that is a day ahead it was counted on tomorrow, and counts today.
#[test]
fn a_loss_counts_on_its_day_and_on_the_one_before() {
    let known = DayLoss { day: NOW.day(), amount: amount("7") };
    let sum = |days: i64| {
        let of = known.and(amount("2"), NOW.plus(Millis::new(Millis::DAY.get() * days))).unwrap();
        (of.day - NOW.day(), of.amount)
    };
    assert_eq!([-2, -1, 0, 1].map(sum), [(-2, amount("2")), (0, amount("9")), (0, amount("9")), (1, amount("2"))]);
}

#[test]
fn an_account_is_kept_out_by_a_halt_that_says_so() {
    let halted = |kept_out| {
        let halt = Halt { at: NOW, reason: "left".to_owned(), kept_out, by_person: true };
        Account { halted: Some(halt), ..account(0, &[]) }
    };
    let by = KeptOut::of(None);
    assert_eq!((account(0, &[]).kept_out(), halted(None).kept_out()), (None, None));
    assert!(!halted(None).is_kept_out() && halted(Some(by.clone())).is_kept_out());
    assert_eq!(halted(Some(by.clone())).kept_out(), Some(&by));
}

#[test]
fn funds_are_what_is_there_less_what_entries_hold() {
    let coin = |name: &str| name.parse::<Asset>().unwrap();
    let known = Account {
        balances: BTreeMap::from([(coin("USDT"), amount("100"))]),
        reserved: BTreeMap::from([(coin("USDT"), amount("30")), (coin("EUR"), amount("5"))]),
        ..account(0, &[])
    };
    let of = |name: &str| {
        let funds = known.funds(&coin(name));
        (funds.balance, funds.reserved, known.reserved(&coin(name)))
    };
    assert_eq!(of("USDT"), (amount("100"), amount("30"), amount("30")));
    assert_eq!(of("EUR"), (Amount::ZERO, amount("5"), amount("5")));
    assert_eq!(of("BTC"), (Amount::ZERO, Amount::ZERO, Amount::ZERO));
}

/// `60`, `1h` and `60m` are one chart.
#[test]
fn a_timeframe_is_called_as_the_group_that_is_open_there_calls_it() {
    let group = |name: &str| GroupId::of(&[name]);
    let live = [seat("BTC/USDT", Some("1h")), seat("ETH/USDT", Some("60m")), seat("ETH/USDT", Some("60"))];
    let live = live.into_iter().map(|seat| (seat, group("any"))).collect();
    let known = Account { live, ..account(0, &[]) };
    let called = |symbol: &str, timeframe: &str| {
        let (symbol, timeframe): (Symbol, Timeframe) = (symbol.parse().unwrap(), timeframe.parse().unwrap());
        known.timeframe_of(&symbol, &timeframe).to_string()
    };
    assert_eq!(called("BTC/USDT", "60"), "1h");
    assert_eq!(called("BTC/USDT", "240"), "240", "no group is open there");
    assert_eq!(called("ETH/USDT", "1h"), "60", "TradingView's own word first");
    assert_eq!(called("SOL/USDT", "1h"), "60");
}

#[test]
fn an_exit_concerns_its_seat_or_the_whole_market_and_is_forgotten_in_time() {
    let (own, whole) = (seat("BTC/USDT", Some("60")), seat("BTC/USDT", None));
    let with = |exits: &[(&Seat, i64)]| {
        let exits = exits.iter().map(|(seat, seconds)| ((*seat).clone(), later(*seconds))).collect();
        Account { exits, ..account(0, &[]) }
    };
    assert_eq!(with(&[]).exited_at(&own), None);
    assert_eq!(with(&[(&own, 5)]).exited_at(&whole), None, "another seat of the market");
    for (exits, newest) in [([(&own, 5), (&whole, 3)], 5), ([(&own, 5), (&whole, 9)], 9)] {
        assert_eq!(with(&exits).exited_at(&own), Some(later(newest)));
    }
    let known = with(&[(&own, 5), (&whole, 3)]);
    let end = later(3).plus(EXIT_REMEMBERED);
    assert_eq!((with(&[]).outdated_exit(end), known.outdated_exit(end)), (None, None), "to its last moment");
    assert_eq!(known.outdated_exit(end.plus(Millis::new(1))), Some((&whole, later(3))), "the oldest goes");
}

#[test]
fn as_many_groups_may_be_open_as_account_and_plan_both_allow() {
    let need = |open_groups_max| Need {
        asset: Asset::usdt(),
        reserve: amount("1"),
        exposure: amount("1"),
        leverage: Leverage::ONE,
        groups: 1,
        open_groups_max,
    };
    assert_eq!([None, Some(2), Some(9)].map(|most| account(0, &[]).groups_max(&need(most))), [3, 2, 3]);
}

/// What was asked for before is not written any more, and what fills have counted is no longer of this wallet.
#[test]
fn with_another_wallet_nothing_is_known_of_it() {
    let known = Account {
        balances: BTreeMap::from([(Asset::usdt(), amount("100"))]),
        balance_at: NOW,
        balance_told_at: NOW,
        fills: 4,
        ..account(0, &[])
    };
    let moved = known.with_another_wallet(later(9));
    let none = Timestamp::default();
    assert_eq!((moved.balances.len(), moved.balance_at, moved.balance_told_at), (0, none, none));
    assert_eq!((moved.filled_at, moved.fills), (later(9), 5));
}

/// Each with what it would come to, in the words of a refusal.
#[test]
fn limits_that_an_entry_keeps_are_told_with_their_numbers() {
    let known = Account {
        balances: BTreeMap::from([(Asset::usdt(), amount("900"))]),
        reserved: BTreeMap::from([(Asset::usdt(), amount("40"))]),
        exposure: amount("300"),
        day_loss: DayLoss { day: NOW.day(), amount: amount("7") },
        ..account(1, &[])
    };
    let need = Need {
        asset: Asset::usdt(),
        reserve: amount("101"),
        exposure: amount("100"),
        leverage: Leverage::ONE,
        groups: 1,
        open_groups_max: Some(2),
    };
    let approved = crate::assessed::alone(&known, &need).unwrap().unwrap();
    let told: Vec<_> = approved.checked().iter().map(|kept| (&*kept.limit, kept.comes_to, kept.allowed)).collect();
    let expected = [
        ("open_groups_max", amount("2"), amount("2")),
        ("order_quote_max", amount("100"), amount("500")),
        ("day_loss_max", amount("7"), amount("100")),
        ("exposure_max", amount("400"), amount("1000")),
        ("insufficient_balance", amount("141"), amount("900")),
    ];
    assert_eq!(told, expected);
}

/// A shorter stop of a logged-in user ends none of a rule, and a rule's none of a user.
#[test]
fn stricter_of_two_that_stop_entries_holds() {
    use domain::account::Reducing;
    use domain::audit::Actor::{self, Key, Person, Rule};
    let of = |by: Actor, until: Option<i64>| Reducing {
        at: NOW,
        until: until.map(later),
        reason: "x".to_owned(),
        by,
        rule: None,
    };
    for (set, stood, expected) in [
        ((Person, Some(5)), (Rule, Some(60)), None),
        ((Person, Some(60)), (Rule, Some(5)), Some((Person, Some(60)))),
        ((Person, None), (Rule, Some(5)), Some((Person, None))),
        ((Person, Some(5)), (Person, None), Some((Person, Some(5)))),
        ((Person, Some(5)), (Key, None), Some((Person, Some(5)))),
        ((Rule, Some(60)), (Person, Some(5)), Some((Rule, Some(60)))),
        ((Rule, Some(5)), (Person, Some(60)), None),
        ((Rule, Some(5)), (Person, None), None),
        ((Rule, Some(5)), (Rule, Some(60)), None),
        ((Rule, None), (Rule, Some(60)), Some((Rule, None))),
        ((Rule, Some(5)), (Key, Some(60)), Some((Rule, Some(60)))),
        ((Key, None), (Rule, Some(5)), None),
        ((Key, None), (Person, Some(5)), None),
        ((Key, Some(5)), (Key, None), Some((Key, Some(5)))),
    ] {
        let stands = of(set.0, set.1).beside(Some(&of(stood.0, stood.1)), NOW);
        let told = stands.map(|one| (one.by, one.until));
        assert_eq!(told, expected.map(|(by, until)| (by, until.map(later))), "{set:?} {stood:?}");
    }
    let over = of(Rule, Some(1)).beside(Some(&of(Person, Some(0))), NOW);
    assert_eq!(over.map(|one| one.by), Some(Rule), "what is over stands in the way of nothing");
}
