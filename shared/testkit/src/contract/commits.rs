//! A commit is applied whole or not at all, on the version that was read, once.

use super::scope::*;
use super::{Given, Harness, Store};
use app::commit::Change;
use app::ports::{CommitError, History, LastExit, LivePointer};
use domain::clock::Millis;
use domain::group::{Mark, Position};
use domain::money::Quantity;
use domain::order::{Command, Fact, Fee, Fill, Status, Submission, TradeId};
use std::collections::BTreeMap;

pub async fn an_opened_position_is_read_back_as_it_was_written<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let (mut opened, _) = given.opened(&given.delivery("buy", 0), Some("15"));
    store.commit(&given.save(None, &opened)).await.unwrap();
    opened.group.version = 1;
    assert_eq!(given.stored(store, &opened).await, opened);
    let sent = submitting(&given, &opened);
    store.commit(&given.save(Some(&opened), &sent)).await.unwrap();
    let stored = given.stored(store, &opened).await;
    let filled = filled(&stored, "half", None);
    store.commit(&given.save(Some(&stored), &filled)).await.unwrap();
    let expected = Position { group: domain::group::Group { version: 3, ..filled.group.clone() }, ..filled };
    assert_eq!(given.stored(store, &opened).await, expected);
}

pub async fn a_commit_on_an_old_version_changes_nothing<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let opened = given.open(store, "buy", None).await;
    let sent = submitting(&given, &opened);
    store.commit(&given.save(Some(&opened), &sent)).await.unwrap();
    let stored = given.stored(store, &opened).await;
    let late = filled(&sent, "late", None);
    assert_eq!(store.commit(&given.save(Some(&opened), &late)).await, Err(CommitError::LostRace));
    assert_eq!(given.stored(store, &opened).await, stored);
    assert_eq!(store.commit(&given.save(None, &opened)).await, Err(CommitError::LostRace), "it is there already");
}

pub async fn a_commit_repeated_under_its_own_stamp_succeeds_and_counts_once<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let (opened, need) = given.opened(&given.delivery("buy", 0), None);
    let transaction = given.save(None, &opened);
    for _ in 0..3 {
        store.commit(&transaction).await.unwrap();
    }
    let account = store.load_account(&given.account).await.unwrap().unwrap();
    assert_eq!((account.open_groups, account.reserved(&need.asset)), (1, need.reserve));
}

pub async fn one_market_and_timeframe_is_claimed_once<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    given.open(store, "first", Some("15")).await;
    let (second, _) = given.opened(&given.delivery("second", 1), Some("15"));
    assert_eq!(store.commit(&given.save(None, &second)).await, Err(CommitError::LostRace));
    given.open(store, "other timeframe", Some("60")).await;
    given.open(store, "no timeframe", None).await;
    assert_eq!(store.list_live(&given.account).await.unwrap().len(), 3);
}

pub async fn a_released_market_can_be_claimed_again<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let opened = given.open(store, "first", None).await;
    let settled = opened.settle(given.now).unwrap();
    store.commit(&given.save(Some(&opened), &settled)).await.unwrap();
    assert_eq!(store.list_live(&given.account).await.unwrap(), []);
    let second = given.open(store, "second", None).await;
    let live = store.list_live(&given.account).await.unwrap();
    assert_eq!(live.iter().map(|pointer| &pointer.group).collect::<Vec<_>>(), [&second.group.id]);
}

pub async fn a_pointer_is_released_by_its_own_group_only<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    given.open(store, "first", None).await;
    let mine = store.list_live(&given.account).await.unwrap().remove(0);
    let (other, _) = given.opened(&given.delivery("other", 1), None);
    let theirs = LivePointer { group: other.group.id, ..mine.clone() };
    let lost = store.commit(&given.transaction(vec![Change::Release(theirs)])).await;
    assert_eq!(lost, Err(CommitError::LostRace));
    assert_eq!(store.list_live(&given.account).await.unwrap(), [mine]);
}

pub async fn a_fill_that_gains_its_fee_is_written_over<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let opened = given.open(store, "buy", None).await;
    let without = filled(&submitting(&given, &opened), "trade", None);
    store.commit(&given.save(Some(&opened), &without)).await.unwrap();
    let stored = given.stored(store, &opened).await;
    let fee = Fee { asset: given.market.key.symbol.quote.clone(), amount: "0.05".parse().unwrap() };
    let with = filled(&stored, "trade", Some(fee.clone()));
    store.commit(&given.save(Some(&stored), &with)).await.unwrap();
    let fills = &given.stored(store, &opened).await.orders[0].fills;
    assert_eq!(fills.values().map(|fill| fill.fee.clone()).collect::<Vec<_>>(), [Some(fee)]);
}

pub async fn forty_changes_fit_and_two_of_one_item_do_not<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let group = given.opened(&given.delivery("buy", 0), None).0.group.id;
    let history = |version| {
        let (why, after) = ("contract".to_owned(), "waiting".to_owned());
        Change::History(History { group: group.clone(), version, why, before: None, after, at: given.now })
    };
    store.commit(&given.transaction((1..=40).map(history).collect())).await.unwrap();
    let twice = store.commit(&given.transaction(vec![history(50), history(50)])).await;
    assert!(matches!(twice, Err(CommitError::Store(_))), "{twice:?}");
}

pub async fn a_mark_changes_no_version<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let opened = given.open(store, "buy", None).await;
    let mark = Mark { price: "101.5".parse().unwrap(), at: given.now };
    store.keep_mark(&given.account, &opened.group.id, &mark).await.unwrap();
    let marked = given.stored(store, &opened).await;
    assert_eq!((marked.group.mark, marked.group.version), (Some(mark), opened.group.version));
    let (never, _) = given.opened(&given.delivery("never", 1), None);
    store.keep_mark(&given.account, &never.group.id, &mark).await.unwrap();
    assert_eq!(store.load_position(&given.account, &never.group.id).await.unwrap(), None, "a mark makes no group");
}

fn exit(given: &Given, timeframe: Option<&str>, seconds: i64) -> LastExit {
    LastExit {
        account: given.account.clone(),
        market: given.market.key.clone(),
        timeframe: timeframe.map(|timeframe| timeframe.parse().unwrap()),
        event_at: given.now.plus(Millis::seconds(seconds)),
    }
}

pub async fn the_newest_exit_is_kept_by_market_and_timeframe<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let (known, other) = (exit(&given, Some("15"), 1), exit(&given, Some("60"), 0));
    let find = async |asked: &LastExit| {
        store.find_exit(&asked.account, &asked.market, asked.timeframe.as_ref()).await.unwrap()
    };
    assert_eq!(find(&known).await, None);
    for seconds in [1, 2] {
        store.commit(&given.transaction(vec![Change::Exit(exit(&given, Some("15"), seconds))])).await.unwrap();
    }
    assert_eq!(find(&known).await, Some(given.now.plus(Millis::seconds(2))));
    assert_eq!(find(&other).await, None);
    assert_eq!(find(&exit(&given, None, 0)).await, None, "the whole market has exits of its own");
}

pub async fn an_entry_raised_before_an_exit_is_refused<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let enter = async |seconds| {
        let condition = Change::RequireNoExitAfter(exit(&given, None, seconds));
        store.commit(&given.transaction(vec![condition])).await
    };
    assert_eq!(enter(0).await, Ok(()), "no exit is known");
    store.commit(&given.transaction(vec![Change::Exit(exit(&given, None, 10))])).await.unwrap();
    for (seconds, opens) in [(9, false), (10, true), (11, true)] {
        assert_eq!(enter(seconds).await.is_ok(), opens, "raised at {seconds} s");
    }
}

pub(super) fn submitting(given: &Given, position: &Position) -> Position {
    let submission = Submission { sent_at: given.now, by: given.stamp() };
    position.command(&position.orders[0].id, &Command::Submit(submission)).unwrap()
}

/// The entry half filled by one trade.
pub(super) fn filled(position: &Position, trade: &str, fee: Option<Fee>) -> Position {
    let order = &position.orders[0];
    let quantity: Quantity = "0.5".parse().unwrap();
    let fill = Fill { fee, price: "100".parse().unwrap(), quantity, at: position.group.opened_at };
    let fact = Fact {
        status: Some(Status::PartiallyFilled),
        venue_id: Some("v1".to_owned()),
        cumulative: quantity,
        fills: BTreeMap::from([(TradeId(trade.to_owned()), fill)]),
        refusal: None,
    };
    position.observe(&order.id, &fact)
}

/// A position whose entry was half filled, written.
pub(super) async fn entry_filled<D: Store>(given: &Given, store: &D) -> Position {
    let opened = given.open(store, "buy", None).await;
    let bought = filled(&submitting(given, &opened), "trade", None);
    store.commit(&given.save(Some(&opened), &bought)).await.unwrap();
    given.stored(store, &opened).await
}
