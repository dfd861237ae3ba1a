//! Whose rows these are, reports, and what a recovery lists.

use super::{Given, Harness};
use app::ports::Audit;
use domain::clock::Millis;
use domain::group::ExitReason;
use domain::ids::AccountId;
use domain::market::{Exchange, Filters, Market, MarketKey, Maxima, Stops};
use domain::recovery::{Adoption, Reached, Report, TableId};
use std::collections::BTreeSet;
use store::trading::Trading;
use store::{BATCH_WRITES_MAX, Engine, market};

pub async fn a_table_is_one_and_the_same_however_often_it_is_asked<H: Harness>(harness: &H) {
    let store = harness.store();
    let table = store.table_id().await.unwrap();
    assert!(!table.as_str().is_empty());
    assert_eq!(store.table_id().await.unwrap(), table);
}

pub async fn an_adoption_stands_on_what_was_seen<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let before = Trading(store).load_system().await.unwrap();
    let adoption = Adoption { table: TableId::new(&*given.unique), at: given.now, left_out: BTreeSet::new() };
    assert!(Trading(store).adopt(&adoption, before.adopted.as_ref(), &audit(&given)).await.unwrap());
    let stands = Trading(store).load_system().await.unwrap();
    assert_eq!((stands.halted, stands.adopted.as_ref()), (before.halted, Some(&adoption)));

    let other = Adoption { table: TableId::new("another"), at: given.now, left_out: BTreeSet::new() };
    assert!(!Trading(store).adopt(&other, before.adopted.as_ref(), &audit(&given)).await.unwrap());
    Trading(store).halt_system(&audit(&given)).await.unwrap();
    let halted = Trading(store).load_system().await.unwrap();
    assert_eq!((halted.halted, halted.halted_at, &halted.adopted), (true, Some(given.now), &Some(adoption)));
    // A second stop, which was not seen when the first one is lifted.
    let again = Audit { at: given.now.plus(Millis::seconds(1)), ..audit(&given) };
    Trading(store).halt_system(&again).await.unwrap();
    let newer = Trading(store).load_system().await.unwrap();
    for seen in [&halted, &before] {
        assert_eq!(Trading(store).lift_system_halt(seen, &audit(&given)).await, Ok(false));
    }
    assert!(Trading(store).load_system().await.unwrap().halted);
    let lift = audit(&given);
    for _ in 0..2 {
        assert_eq!(Trading(store).lift_system_halt(&newer, &lift).await, Ok(true), "its own stamp");
    }
    let lifted = Trading(store).load_system().await.unwrap();
    assert_eq!((lifted.halted, lifted.halted_at), (false, None));
    assert_eq!(Trading(store).lift_system_halt(&newer, &audit(&given)).await, Ok(true), "none stands");
    accounts_that_are_left_out_are_part_of_what_was_seen(&given, store).await;
}

/// They come back one after the other, and two people at once do not undo each other's word.
async fn accounts_that_are_left_out_are_part_of_what_was_seen<D: Engine>(given: &Given, store: &D) {
    let whole = Trading(store).load_system().await.unwrap().adopted.unwrap();
    let without = |accounts: &[&str]| Adoption {
        left_out: accounts.iter().map(|account| AccountId::of(&[account])).collect(),
        ..whole.clone()
    };
    let (both, one) = (without(&["a", "b"]), without(&["b"]));
    for (seen, next) in [(&whole, &both), (&both, &one), (&one, &whole)] {
        assert!(Trading(store).adopt(next, Some(seen), &audit(given)).await.unwrap());
        assert_eq!(Trading(store).load_system().await.unwrap().adopted.as_ref(), Some(next));
        assert!(
            !Trading(store).adopt(&without(&["c"]), Some(seen), &audit(given)).await.unwrap(),
            "another word came first"
        );
    }
}

pub async fn every_account_is_listed_whoever_has_it<H: Harness>(harness: &H) {
    let (one, other) = (Given::new(harness).await, Given::new(harness).await);
    let listed = Trading(harness.store()).list_every_account().await.unwrap();
    assert!(listed.contains(&one.account) && listed.contains(&other.account), "{listed:?}");
    assert!(!listed.contains(&Given::nobody(harness).account));
}

pub async fn a_report_is_found_by_its_account_and_table<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let table = TableId::new("t1");
    let report = report(&given, &table);
    Trading(store).keep_report(&report).await.unwrap();
    assert_eq!(Trading(store).load_report(&given.account, &table).await.unwrap(), Some(report.clone()));
    assert_eq!(Trading(store).load_report(&given.account, &TableId::new("t2")).await.unwrap(), None);
    let group = domain::ids::GroupId::of(&[&given.unique]);
    let newer = Report { merged: true, reached: Some(Reached::Group(group)), ..report };
    Trading(store).keep_report(&newer).await.unwrap();
    assert_eq!(Trading(store).load_report(&given.account, &table).await.unwrap(), Some(newer));
}

pub async fn groups_are_listed_until_they_were_settled_long_ago<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let open = given.open(store, "open", Some("15")).await;
    let closed = given.open(store, "closed", Some("60")).await;
    let settled = closed.leave(ExitReason::User, given.now).settle(given.now).unwrap();
    Trading(store).commit(&given.save(Some(&closed), &settled)).await.unwrap();

    let mut both = vec![open.group.id.clone(), closed.group.id];
    both.sort();
    let mut listed = Trading(store).list_groups_since(&given.account, given.now).await.unwrap();
    listed.sort();
    assert_eq!(listed, both);
    let later = given.now.plus(Millis::new(1));
    assert_eq!(Trading(store).list_groups_since(&given.account, later).await.unwrap(), [open.group.id]);
}

pub async fn markets_are_listed_by_their_exchange<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let listed = market::Market(store).list_markets(&given.market.key.exchange).await.unwrap();
    assert!(listed.contains(&given.market));
    assert_eq!(market::Market(store).list_markets(&"NOWHERE".parse().unwrap()).await.unwrap(), []);
}

pub async fn a_market_is_kept_as_it_is_listed_and_dropped_when_it_is_no_more<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let symbol = format!("{}/USDT", harness.unique().chars().take(12).collect::<String>()).parse().unwrap();
    let key = MarketKey { exchange: "ELSEWHERE".parse().unwrap(), symbol };
    let market = Market { key: key.clone(), orders_max: Some(5), ..given.market.clone() };
    market::Market(store).keep_markets(&[]).await.unwrap();
    market::Market(store).keep_markets(std::slice::from_ref(&market)).await.unwrap();
    assert_eq!(market::Market(store).load_market(&key).await.unwrap().as_ref(), Some(&market));
    let told = |text: &str| text.parse().ok();
    let filters = Filters { most: Maxima::told(told("9000"), told("100"), told("9000000")), ..market.filters };
    let changed = Market { orders_max: None, stops: Stops::Alone, filters, ..market };
    market::Market(store).keep_markets(std::slice::from_ref(&changed)).await.unwrap();
    assert_eq!(market::Market(store).load_market(&key).await.unwrap().as_ref(), Some(&changed));
    assert_eq!(market::Market(store).load_former_market(&key).await.unwrap(), None);
    market::Market(store).drop_market(&changed).await.unwrap();
    market::Market(store).drop_market(&changed).await.unwrap();
    assert_eq!(market::Market(store).load_market(&key).await.unwrap(), None);
    assert_eq!(market::Market(store).load_former_market(&key).await.unwrap(), Some(changed));
}

pub async fn as_many_markets_as_one_write_takes_are_kept_and_that_all_are_is_marked<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let name: String = harness.unique().chars().filter(char::is_ascii_alphanumeric).take(12).collect();
    let exchange: Exchange = format!("X{name}").to_uppercase().parse().unwrap();
    let market = |turn: usize| {
        let key = MarketKey { exchange: exchange.clone(), symbol: format!("C{turn}/USDT").parse().unwrap() };
        Market { key, ..given.market.clone() }
    };
    let markets: Vec<Market> = (0..BATCH_WRITES_MAX).map(market).collect();
    assert_eq!(market::Market(store).listed_whole(&exchange).await.unwrap(), None);
    market::Market(store).keep_markets(&markets).await.unwrap();
    market::Market(store).keep_markets(&markets).await.unwrap();
    assert_eq!(market::Market(store).listed_whole(&exchange).await.unwrap(), None);
    for seconds in [1, 2] {
        let at = given.now.plus(Millis::seconds(seconds));
        market::Market(store).mark_listed_whole(&exchange, at).await.unwrap();
        assert_eq!(market::Market(store).listed_whole(&exchange).await.unwrap(), Some(at));
    }
    let known = market::Market(store).list_markets(&exchange).await.unwrap();
    assert_eq!(known.len(), BATCH_WRITES_MAX, "the mark is no market");
    assert!(markets.iter().all(|market| known.contains(market)));
}

fn report(given: &Given, table: &TableId) -> Report {
    Report {
        account: given.account.clone(),
        table: table.clone(),
        begun_at: given.now,
        at: given.now,
        merged: false,
        reached: Some(Reached::Market(given.market.key.clone())),
        since: given.now,
        markets: 1,
        markets_left_out: 0,
        changes: Vec::new(),
        strays: Vec::new(),
        holdings: Vec::new(),
    }
}

fn audit(given: &Given) -> Audit {
    given.audit("recover", &"system")
}
