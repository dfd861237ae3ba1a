//! The paper venue's book: one writer at a time.

use super::given::amount;
use super::{Given, Harness};
use app::ports::{
    Balance, Book, FeeAsset, FeeIn, Pair, PaperBook as _, PaperOrder, PaperSettings, Trigger, TriggerKind,
};
use domain::clock::{Millis, Timestamp};
use domain::ids::ClientOrderId;
use domain::money::Amount;
use domain::order::{Direction, Fee, FeeValue, Fill, Status, TradeId};
use domain::preset::OrderKind;
use std::collections::BTreeMap;

fn book(given: &Given) -> Book {
    let balance = Balance { free: amount("10000"), locked: Amount::ZERO };
    Book {
        account: given.account.clone(),
        balances: BTreeMap::from([(given.market.key.symbol.quote.clone(), balance)]),
        looked_at: given.now,
        fee_in: FeeIn::Received,
        fill_max: Some("0.25".parse().unwrap()),
        fault: None,
        settings: PaperSettings {
            slippage: "0.05".parse().unwrap(),
            latency: Millis::new(250),
            fee_asset: Some(FeeAsset { asset: "BNB".parse().unwrap(), rate: "0.00075".parse().unwrap() }),
        },
        open: Vec::new(),
        contracts: BTreeMap::new(),
        sequence: 0,
        version: 1,
    }
}

fn order(given: &Given, venue_id: &str, status: Status) -> PaperOrder {
    PaperOrder {
        client_id: ClientOrderId::from_stored("mabc00000000000001"),
        venue_id: venue_id.to_owned(),
        market: given.market.clone(),
        direction: Direction::Buy,
        kind: OrderKind::Limit("99.5".parse().unwrap()),
        trigger: Some(Trigger { kind: TriggerKind::TakeProfit, price: "99".parse().unwrap() }),
        set_off: Some(Trigger { kind: TriggerKind::StopLoss, price: "98".parse().unwrap() }),
        pair: Some(Pair { other: ClientOrderId::from_stored("mabc00000000000009"), locks_at: None }),
        contract: None,
        quantity: "1".parse().unwrap(),
        status,
        trades: BTreeMap::from([(TradeId(format!("t{venue_id}")), fill(given))]),
        accepted_at: given.now,
        active_at: given.now.plus(Millis::new(250)),
    }
}

fn fill(given: &Given) -> Fill {
    let fee = Fee { asset: given.market.key.symbol.base.clone(), amount: amount("0.00025"), value: FeeValue::Own };
    let at = Timestamp::from_millis(given.now.millis());
    Fill { fee: Some(fee), price: "99.5".parse().unwrap(), quantity: "0.25".parse().unwrap(), at }
}

pub async fn a_book_is_saved_on_the_version_that_was_read<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    harness.put_book(&book(&given)).await;
    let read = store.load_book(&given.account).await.unwrap().unwrap();
    assert_eq!(Book { version: 1, ..read.clone() }, book(&given));
    let open = order(&given, "000000000001", Status::PartiallyFilled);
    let next = Book { open: vec![open.clone()], sequence: 1, ..read.clone() };
    assert!(store.save_book(&next, std::slice::from_ref(&open)).await.unwrap());
    let late = Book { sequence: 7, ..read.clone() };
    assert!(!store.save_book(&late, &[order(&given, "000000000007", Status::Open)]).await.unwrap());
    let stored = store.load_book(&given.account).await.unwrap().unwrap();
    assert_ne!(stored.version, read.version);
    assert_eq!(Book { version: read.version, ..stored }, next);
    let found = store.find_paper_orders(&given.account, &open.client_id).await.unwrap();
    assert_eq!(found, [open], "an order of a save that was refused is not there");
}

pub async fn a_paper_order_is_found_by_its_client_id_oldest_first<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    harness.put_book(&book(&given)).await;
    let mut read = store.load_book(&given.account).await.unwrap().unwrap();
    let (first, second) = (order(&given, "000000000009", Status::Filled), order(&given, "000000000010", Status::Open));
    for order in [&first, &second] {
        assert!(store.save_book(&read, std::slice::from_ref(order)).await.unwrap());
        read = store.load_book(&given.account).await.unwrap().unwrap();
    }
    assert_eq!(store.find_paper_orders(&given.account, &first.client_id).await.unwrap(), [first, second]);
    let never = ClientOrderId::from_stored("mabc00000000000002");
    assert_eq!(store.find_paper_orders(&given.account, &never).await.unwrap(), []);
}

pub async fn what_an_order_waited_for_is_gone_once_that_has_set_it_off<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    harness.put_book(&book(&given)).await;
    let read = store.load_book(&given.account).await.unwrap().unwrap();
    let waiting = PaperOrder { set_off: None, ..order(&given, "000000000001", Status::Open) };
    assert!(store.save_book(&read, std::slice::from_ref(&waiting)).await.unwrap());
    let read = store.load_book(&given.account).await.unwrap().unwrap();
    let (trigger, pair, active_at) = (None, None, waiting.accepted_at);
    let off = PaperOrder { set_off: waiting.trigger, trigger, pair, active_at, ..waiting };
    let plain = Book { fill_max: None, settings: PaperSettings::default(), ..read };
    assert!(store.save_book(&plain, std::slice::from_ref(&off)).await.unwrap());
    let saved = store.load_book(&given.account).await.unwrap().unwrap();
    assert_eq!(Book { version: plain.version, ..saved }, plain, "what cost more costs it no more");
    assert_eq!(store.find_paper_orders(&given.account, &off.client_id).await.unwrap(), [off]);
}

pub async fn paper_orders_are_listed_by_prefix_and_time_oldest_first<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    harness.put_book(&book(&given)).await;
    let accepted = |client_id: &str, venue_id: &str, seconds| PaperOrder {
        client_id: ClientOrderId::from_stored(client_id),
        accepted_at: given.now.plus(Millis::seconds(seconds)),
        ..order(&given, venue_id, Status::Filled)
    };
    let (early, first, second, foreign) = (
        accepted("mabc3", "000000000001", 0),
        accepted("mabc2", "000000000002", 1),
        accepted("mabc1", "000000000003", 2),
        accepted("mxyz1", "000000000004", 3),
    );
    let read = store.load_book(&given.account).await.unwrap().unwrap();
    assert!(store.save_book(&read, &[early, first.clone(), second.clone(), foreign]).await.unwrap());
    let listed = store.list_paper_orders(&given.account, "mabc", first.accepted_at).await.unwrap();
    assert_eq!(listed, [first, second]);
}

pub async fn there_is_no_book_without_a_seed<H: Harness>(harness: &H) {
    let given = Given::nobody(harness);
    assert_eq!(harness.store().load_book(&given.account).await.unwrap(), None);
}
