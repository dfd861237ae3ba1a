//! What an account pays its venue, and for how long that is known.

use crate::given::{NOW, market};
use domain::clock::{Millis, Timestamp};
use domain::fees::{Fees, KnownFee};
use domain::ids::HolderId;
use domain::limits::{FEE_GOOD_FOR, FEE_READ_EVERY, FEE_WANTED_FOR, FEES_WANTED_MAX};
use domain::market::Symbol;
use domain::money::Rate;
use domain::route::{FeeSource, ReckonedFee};
use std::collections::BTreeMap;

fn symbol(text: &str) -> Symbol {
    text.parse().unwrap()
}

fn rate(text: &str) -> Rate {
    text.parse().unwrap()
}

fn read(text: &str, read_at: Timestamp) -> KnownFee {
    KnownFee { taker: rate(text), read_at }
}

fn wanting(market: &str, at: Timestamp) -> Fees {
    Fees::default().wanting(&symbol(market), at).unwrap()
}

fn told(fees: &Fees, of: Option<&HolderId>, market: &str, at: Timestamp) -> Fees {
    fees.told(of, BTreeMap::from([(symbol(market), read("0.0004", at))]), at)
}

#[test]
fn a_rate_is_reckoned_with_while_it_is_new_and_of_the_account_that_it_was_told_of() {
    let (mine, other) = (HolderId::of(&["mine"]), HolderId::of(&["other"]));
    let fees = told(&wanting("BTC/USDT", NOW), Some(&mine), "BTC/USDT", NOW);
    let check = |market: &str, of: Option<&HolderId>, after: Millis, expected: Option<&str>| {
        let at = NOW.plus(after);
        assert_eq!(fees.taker(&symbol(market), of, at), expected.map(rate), "{market} {of:?} {after:?}");
    };
    check("BTC/USDT", Some(&mine), Millis::ZERO, Some("0.0004"));
    check("BTC/USDT", Some(&mine), FEE_GOOD_FOR, Some("0.0004"));
    check("BTC/USDT", Some(&mine), FEE_GOOD_FOR.plus(Millis::new(1)), None);
    check("ETH/USDT", Some(&mine), Millis::ZERO, None);
    check("BTC/USDT", Some(&other), Millis::ZERO, None);
    check("BTC/USDT", None, Millis::ZERO, None);
}

#[test]
fn a_choice_reckons_with_what_is_published_where_nothing_else_is_known() {
    let published = market().fee;
    let own = ReckonedFee::of(Some(rate("0.0004")), published);
    assert_eq!((own.taker, own.source), (rate("0.0004"), FeeSource::Account));
    let known = ReckonedFee::of(None, published);
    assert_eq!((known.taker, known.source), (published, FeeSource::Published));
    for source in FeeSource::ALL {
        assert_eq!(source.as_str().parse(), Ok(source));
    }
    assert!("venue".parse::<FeeSource>().is_err());
}

#[test]
fn what_a_route_reckons_with_is_wanted_once_a_day_and_read_once_a_day() {
    let market = symbol("BTC/USDT");
    let fees = wanting("BTC/USDT", NOW);
    let due = |fees: &Fees, after: Millis| fees.due(None, NOW.plus(after)).count();
    assert_eq!((due(&Fees::default(), Millis::ZERO), due(&fees, Millis::ZERO)), (0, 1));
    let soon = NOW.plus(FEE_READ_EVERY).minus(Millis::new(1));
    assert_eq!(fees.wanting(&market, soon), None, "it is known to be wanted");
    let again = fees.wanting(&market, NOW.plus(FEE_READ_EVERY)).unwrap();
    assert_eq!(again.wanted[&market], NOW.plus(FEE_READ_EVERY));
    let fees = told(&fees, None, "BTC/USDT", NOW);
    assert_eq!(due(&fees, Millis::new(FEE_READ_EVERY.get() - 1)), 0);
    assert_eq!(due(&fees, FEE_READ_EVERY), 1);
    assert_eq!(fees.due(Some(&HolderId::of(&["another"])), NOW).count(), 1, "it was told of another account");
    assert_eq!((due(&fees, FEE_WANTED_FOR), due(&fees, FEE_WANTED_FOR.plus(Millis::new(1)))), (1, 0));
}

#[test]
fn what_was_told_of_another_account_or_is_wanted_no_more_is_forgotten() {
    let fees = told(&wanting("BTC/USDT", NOW), None, "BTC/USDT", NOW).wanting(&symbol("ETH/USDT"), NOW).unwrap();
    assert_eq!(fees.told(None, BTreeMap::new(), NOW), fees, "nothing was told");
    let of = HolderId::of(&["another"]);
    assert_eq!(fees.told(Some(&of), BTreeMap::new(), NOW), fees, "nor of another one");
    let changed = told(&fees, Some(&of), "ETH/USDT", NOW);
    assert_eq!(changed.known.keys().collect::<Vec<_>>(), [&symbol("ETH/USDT")]);
    assert_eq!((changed.of, changed.wanted.len()), (Some(of), 2));
    let late = NOW.plus(FEE_WANTED_FOR).plus(Millis::new(1));
    let forgotten = fees.told(None, BTreeMap::new(), late);
    assert_eq!((forgotten.wanted.len(), forgotten.known.len()), (0, 0));
    assert!(told(&Fees::default(), None, "BTC/USDT", NOW).known.is_empty(), "nobody has wanted it");
}

#[test]
fn of_many_markets_the_newest_are_kept() {
    let name = |number: usize| symbol(&format!("C{number}/USDT"));
    let mut fees = told(&wanting("BTC/USDT", NOW), None, "BTC/USDT", NOW);
    for number in 1..=FEES_WANTED_MAX {
        let at = NOW.plus(Millis::seconds(i64::try_from(number).unwrap()));
        fees = fees.wanting(&name(number), at).unwrap();
    }
    assert_eq!(fees.wanted.len(), FEES_WANTED_MAX);
    assert!(!fees.wanted.contains_key(&symbol("BTC/USDT")) && fees.known.is_empty(), "it was the oldest");
    assert!(fees.wanted.contains_key(&name(1)));
}
