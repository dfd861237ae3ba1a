//! Drift: what is seen of it, the marks of groups, and what users declare of orders.

use super::given::amount;
use super::{Given, Harness};
use app::ports::Audit;
use domain::clock::Millis;
use domain::drift::{Drift, Shortage, Stray, Surprise};
use domain::group;
use domain::ids::ClientOrderId;
use domain::money::Quantity;
use domain::order::{Command, Direction, Fee, FeeValue, Fill, Resolution, Status, Submission};
use std::collections::BTreeMap;
use store::Engine;
use store::trading::Trading;

fn drift(given: &Given, seconds: i64) -> Drift {
    let quantity = |text: &str| text.parse::<Quantity>().unwrap();
    let surprise = Surprise { more: amount("-0.1"), expected: quantity("1"), at: given.now };
    let (missing, expected, there) = (quantity("0.6"), quantity("1"), quantity("0.4"));
    let shortage = Shortage { missing, since: given.now, expected, there, surprise: Some(surprise) };
    let stray = Stray {
        client_id: ClientOrderId::from_stored("mabc00000000000001"),
        venue_id: "000000000007".to_owned(),
        market: given.market.key.clone(),
        direction: Direction::Sell,
        quantity: quantity("0.5"),
        filled: quantity("0.2"),
        status: Status::Cancelled,
        accepted_at: given.now.minus(Millis::seconds(40)),
        first_seen_at: given.now,
        confirmed: true,
    };
    Drift {
        at: given.now.plus(Millis::seconds(seconds)),
        shortages: BTreeMap::from([(given.market.key.symbol.base.clone(), shortage)]),
        strays: vec![stray],
    }
}

async fn known<D: Engine>(given: &Given, store: &D) -> Drift {
    Trading(store).load_account(&given.account).await.unwrap().unwrap().drift
}

pub async fn drift_is_written_over_what_was_seen_and_nothing_else<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let (none, first, second) = (Drift::default(), drift(&given, 1), drift(&given, 2));
    let keep =
        async |drift: &Drift, seen: &Drift| Trading(store).keep_drift(&given.account, drift, seen).await.unwrap();
    assert!(!keep(&second, &first).await, "nothing was written yet");
    assert!(keep(&first, &none).await);
    assert!(!keep(&second, &none).await, "something is there now");
    assert_eq!(known(&given, store).await, first);
    assert!(keep(&second, &first).await);
    assert!(!keep(&none, &first).await, "another has written since");
    assert!(keep(&none, &second).await);
    assert_eq!(known(&given, store).await, none);
}

pub async fn a_pause_of_a_venue_is_kept_until_a_longer_one<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let keep = async |seconds: i64| {
        let until = given.now.plus(Millis::seconds(seconds));
        let latest = given.now.plus(Millis::seconds(300));
        let kept = Trading(store).keep_venue_pause(&given.account, until, latest).await.unwrap();
        (
            kept,
            Trading(store)
                .load_account(&given.account)
                .await
                .unwrap()
                .unwrap()
                .venue_paused_until
                .unwrap()
                .since(given.now),
        )
    };
    assert_eq!(keep(60).await, (true, Millis::seconds(60)));
    assert_eq!(keep(60).await, (false, Millis::seconds(60)), "it is known");
    assert_eq!(keep(30).await, (false, Millis::seconds(60)));
    assert_eq!(keep(90).await, (true, Millis::seconds(90)));
    assert_eq!(keep(301).await, (true, Millis::seconds(301)), "by a clock that is ahead");
    assert_eq!(keep(60).await, (true, Millis::seconds(60)), "no pause lasts that long");
}

pub async fn a_mark_of_missing_coins_is_kept_until_it_is_lifted<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let opened = given.open(store, "buy", None).await;
    let mark = group::Drift { missing: "0.6".parse().unwrap(), in_all: "0.7".parse().unwrap(), since: given.now };
    Trading(store).commit(&given.save(Some(&opened), &opened.marked(Some(mark), given.now))).await.unwrap();
    let marked = given.stored(store, &opened).await;
    assert_eq!(marked.group.drift, Some(mark));
    Trading(store).commit(&given.save(Some(&marked), &marked.marked(None, given.now))).await.unwrap();
    assert_eq!(given.stored(store, &opened).await.group.drift, None);
}

pub async fn what_its_user_declared_of_an_order_is_kept_with_its_record<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let opened = given.open(store, "buy", None).await;
    let id = &opened.orders[0].id;
    let fee = Fee { asset: given.market.key.symbol.quote.clone(), amount: amount("0.1"), value: FeeValue::Own };
    let (price, quantity) = ("100".parse().unwrap(), "0.5".parse().unwrap());
    let fill = Fill { fee: Some(fee), price, quantity, at: given.now };
    let submit = Command::Submit(Submission { sent_at: given.now, by: given.stamp() });
    let filled = Command::Resolve(Resolution::Filled(fill.clone()));
    let commands = [submit, Command::LoseTrack, filled];
    let resolved = commands.iter().fold(opened.clone(), |position, command| position.command(id, command).unwrap());
    let (before, after) = (Some("unknown".to_owned()), Some("filled".to_owned()));
    let audit = Audit { before, after, ..given.audit("resolve", id) };
    let mut transaction = given.save(Some(&opened), &resolved);
    transaction.changes.push(app::commit::Change::Audit(audit));
    Trading(store).commit(&transaction).await.unwrap();
    let stored = given.stored(store, &opened).await;
    assert_eq!(stored.orders[0].declared, Some(fill));
    assert_eq!(stored.orders, resolved.orders);
}
