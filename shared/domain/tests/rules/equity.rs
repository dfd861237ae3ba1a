//! What an account is worth, window by window.

use crate::cooldown::account;
use crate::given::{self, NOW, amount, price};
use domain::account::Account;
use domain::clock::{Millis, Timestamp};
use domain::equity::{Equity, Valuation, Worth};
use domain::ids::GroupId;
use domain::market::Asset;
use domain::vault::Mode;
use std::collections::BTreeMap;

const LIVE: Option<Mode> = Some(Mode::Live);

fn usdt() -> Asset {
    "USDT".parse().unwrap()
}

fn found(worth: &str, profit: &str, at: Timestamp) -> Valuation {
    Valuation { mode: LIVE, at, worth: amount(worth), profit: amount(profit) }
}

fn later(hours: i64) -> Timestamp {
    NOW.plus(Millis::seconds(hours * 3_600))
}

/// This much in the balance, with so much realised, and nothing open.
fn holding(balance: &str, realised: &str, equity: Option<Equity>) -> Account {
    let worth = Worth {
        spent: BTreeMap::new(),
        realised: BTreeMap::from([(usdt(), amount(realised))]),
        equity: equity.into_iter().map(|equity| (usdt(), equity)).collect(),
    };
    let known = account(0, &[]);
    Account { balances: BTreeMap::from([(usdt(), amount(balance))]), live: BTreeMap::new(), worth, ..known }
}

fn trading(equity: Equity) -> Account {
    let live = BTreeMap::from([("BTC/USDT#60".parse().unwrap(), GroupId::of(&["open"]))]);
    Account { live, ..holding("0", "0", Some(equity)) }
}

#[test]
fn day_is_measured_from_what_it_began_with_and_month_from_its_peak() {
    // 2023-11-14 22:13 UTC.
    let begun = Equity::valued(None, &found("1000", "50", NOW), NOW).unwrap();
    assert_eq!((begun.worth, begun.day.from, begun.month.from), (amount("1000"), amount("1000"), amount("1000")));
    let gained = Equity::valued(Some(&begun), &found("1100", "150", later(1)), later(1)).unwrap();
    assert_eq!((gained.worth, gained.day.from, gained.month.from), (amount("1100"), amount("1000"), amount("1100")));
    let lost = Equity::valued(Some(&gained), &found("990", "40", later(1)), later(1)).unwrap();
    assert_eq!(lost.day.lost(lost.profit).unwrap(), amount("10"));
    assert_eq!(lost.month.lost(lost.profit).unwrap(), amount("110"));
    let tomorrow = Equity::valued(Some(&lost), &found("990", "40", later(2)), later(2)).unwrap();
    assert_eq!(tomorrow.day.lost(tomorrow.profit).unwrap(), amount("0"), "the next day begins anew");
    assert_eq!(tomorrow.month.lost(tomorrow.profit).unwrap(), amount("110"), "and the month goes on");
    let december = later(24 * 17);
    let next = Equity::valued(Some(&tomorrow), &found("990", "40", december), december).unwrap();
    assert_eq!(next.month.lost(next.profit).unwrap(), amount("0"));
}

#[test]
fn deposits_and_withdrawals_are_no_gain_and_no_loss() {
    let begun = Equity::valued(None, &found("1000", "0", NOW), NOW).unwrap();
    for balance in ["5000", "10"] {
        let known = holding(balance, "-3", Some(begun)).equity(&usdt(), LIVE, NOW).unwrap().unwrap();
        assert_eq!((known.day.lost(known.profit).unwrap(), known.worth), (amount("3"), amount(balance)));
    }
}

#[test]
fn window_of_another_mode_or_of_no_clock_is_not_gone_on_with() {
    let begun = Equity::valued(None, &found("1000", "0", NOW), NOW).unwrap();
    let paper = Valuation { mode: Some(Mode::Paper), ..found("10", "-5", NOW) };
    let anew = Equity::valued(Some(&begun), &paper, NOW).unwrap();
    assert_eq!((anew.day.from, anew.day.lost(anew.profit).unwrap()), (amount("10"), amount("0")));
    let ahead = later(48);
    let of_no_clock = Equity::valued(None, &found("1000", "0", ahead), ahead).unwrap();
    let right = Equity::valued(Some(&of_no_clock), &found("900", "-100", NOW), NOW).unwrap();
    assert_eq!(right.day.from, amount("900"));
}

#[test]
fn equity_of_what_is_open_is_known_for_a_minute() {
    let valued = Equity::valued(None, &found("1000", "0", NOW), NOW).unwrap();
    let known = |account: &Account, after| account.equity(&usdt(), LIVE, NOW.plus(Millis::seconds(after))).unwrap();
    let account = trading(valued);
    assert_eq!(known(&account, 60).map(|equity| equity.at), Some(NOW));
    assert_eq!(known(&account, 61), None, "its price is too old");
    assert_eq!(known(&trading(Equity { mode: Some(Mode::Paper), ..valued }), 0), None, "it is of another mode");
    assert_eq!(known(&trading(Equity { at: later(1), ..valued }), 0), None, "it is of no clock");
    let never = Account { worth: Worth::default(), ..account.clone() };
    assert_eq!(known(&never, 0), None);
    let eur: Asset = "EUR".parse().unwrap();
    assert!(account.equity(&eur, LIVE, later(9)).unwrap().is_some(), "nothing is open in it");
    let closed = Account { live: BTreeMap::new(), ..account };
    assert!(known(&closed, 3_600).is_some(), "without anything open no price is needed");
}

#[test]
fn another_wallet_is_worth_what_it_has() {
    let begun = Equity::valued(None, &found("1000", "0", NOW), NOW).unwrap();
    let moved = holding("10", "-990", Some(begun)).with_another_wallet(NOW);
    assert_eq!(moved.realised(&usdt()), amount("-990"), "what it has realised is counted on");
    assert_eq!(moved.equity(&usdt(), LIVE, NOW).unwrap(), None, "its balance was not read yet");
    let moved = Account { balances: BTreeMap::from([(usdt(), amount("10"))]), balance_at: NOW, ..moved };
    let known = moved.equity(&usdt(), LIVE, NOW).unwrap().unwrap();
    assert_eq!((known.worth, known.day.lost(known.profit).unwrap()), (amount("10"), amount("0")));
}

#[test]
fn position_is_valued_by_what_it_holds() {
    let position = given::bought(given::plan(), "100", "1", ("USDT", "0.1"));
    let valued = position.valued(price("110")).unwrap();
    let ledger = position.ledger().unwrap();
    let held = ledger.held().unwrap().fraction();
    let paid = ledger.average().unwrap() * held.clone();
    assert_eq!(valued.open.fraction(), held * price("110").fraction() - paid.clone());
    assert_eq!(valued.cost.fraction(), paid);
}

#[test]
fn window_that_began_with_nothing_to_lose_begins_with_the_first_that_there_is() {
    let empty = Equity::valued(None, &found("0", "0", NOW), NOW).unwrap();
    let funded = Equity::valued(Some(&empty), &found("10000", "0", NOW), NOW).unwrap();
    assert_eq!((funded.day.from, funded.month.from), (amount("10000"), amount("10000")));
    assert!(!empty.goes_on_as(&funded), "it is kept at once");
    let lost = Equity::valued(Some(&funded), &found("4000", "-6000", NOW), NOW).unwrap();
    assert_eq!(lost.day.lost(lost.profit).unwrap(), amount("6000"));
    let gone = Equity::valued(Some(&lost), &found("0", "-10000", NOW), NOW).unwrap();
    assert_eq!(gone.day.lost(gone.profit).unwrap(), amount("10000"), "what is lost does not begin it anew");
}

#[test]
fn position_of_an_earlier_release_is_of_its_accounts_mode() {
    let begun = Equity::valued(None, &found("1000", "0", NOW), NOW).unwrap();
    let unsaid = Valuation { mode: None, ..found("900", "-100", NOW) };
    let valued = Equity::valued(Some(&begun), &unsaid, NOW).unwrap();
    assert_eq!((valued.mode, valued.day.lost(valued.profit).unwrap()), (LIVE, amount("100")));
    let alone = Equity::valued(None, &unsaid, NOW).unwrap();
    assert!(trading(alone).equity(&usdt(), LIVE, NOW).unwrap().is_some(), "and holds up no entry");
}
