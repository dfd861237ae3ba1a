//! A commit is applied whole or not at all, on the version that was read, once.

use super::{Given, Harness};
use app::commit::{self, AccountChange, Bounds, Change, Seated};
use app::ports::{CommitError, History};
use domain::account::Account;
use domain::clock::Millis;
use domain::group::{Armed, Mark, Position, Tracked};
use domain::ids::{GroupId, OrderId};
use domain::limits::EXIT_REMEMBERED;
use domain::lineage::{Cause, Evidence, LimitKept, PriceSource, Said, Seen};
use domain::money::Quantity;
use domain::order::{Command, Fact, Fee, FeeValue, Fill, Status, Submission, TradeId};
use domain::seat::Seat;
use std::collections::BTreeMap;
use store::Engine;
use store::trading::Trading;

pub async fn an_opened_position_is_read_back_as_it_was_written<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let (mut opened, _) = given.opened(&given.delivery("buy", 0), Some("15"));
    Trading(store).commit(&given.save(None, &opened)).await.unwrap();
    opened.group.version = 1;
    assert_eq!(given.stored(store, &opened).await, opened);
    let sent = submitting(&given, &opened);
    Trading(store).commit(&given.save(Some(&opened), &sent)).await.unwrap();
    let stored = given.stored(store, &opened).await;
    let filled = filled(&stored, "half", None);
    Trading(store).commit(&given.save(Some(&stored), &filled)).await.unwrap();
    let expected = Position { group: domain::group::Group { version: 3, ..filled.group.clone() }, ..filled };
    assert_eq!(given.stored(store, &opened).await, expected);
}

pub async fn a_commit_on_an_old_version_changes_nothing<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let opened = given.open(store, "buy", None).await;
    let sent = submitting(&given, &opened);
    Trading(store).commit(&given.save(Some(&opened), &sent)).await.unwrap();
    let stored = given.stored(store, &opened).await;
    let late = filled(&sent, "late", None);
    assert_eq!(Trading(store).commit(&given.save(Some(&opened), &late)).await, Err(CommitError::LostRace));
    assert_eq!(given.stored(store, &opened).await, stored);
    assert_eq!(
        Trading(store).commit(&given.save(None, &opened)).await,
        Err(CommitError::LostRace),
        "it is there already"
    );
}

/// By itself, without what else an opening writes: the seat and the verdict refuse a second one as well.
pub async fn a_position_is_opened_once<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let (opened, _) = given.opened(&given.delivery("buy", 0), None);
    let open = async || {
        let group = Change::Group { group: Box::new(opened.group.clone()), expected: None };
        Trading(store).commit(&given.transaction(vec![group])).await
    };
    assert_eq!((open().await, open().await), (Ok(()), Err(CommitError::LostRace)));
}

pub async fn a_commit_repeated_under_its_own_stamp_succeeds_and_counts_once<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let (opened, need) = given.opened(&given.delivery("buy", 0), None);
    let transaction = given.save(None, &opened);
    for _ in 0..3 {
        Trading(store).commit(&transaction).await.unwrap();
    }
    let account = Trading(store).load_account(&given.account).await.unwrap().unwrap();
    assert_eq!((account.open_groups, account.reserved(&need.asset)), (1, need.reserve));
}

pub async fn one_market_and_timeframe_is_claimed_once<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    given.open(store, "first", Some("15")).await;
    let (second, _) = given.opened(&given.delivery("second", 1), Some("15"));
    assert_eq!(Trading(store).commit(&given.save(None, &second)).await, Err(CommitError::LostRace));
    given.open(store, "other timeframe", Some("60")).await;
    given.open(store, "no timeframe", None).await;
    assert_eq!(live(&given, store).await.len(), 3);
}

pub async fn a_released_market_can_be_claimed_again<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let opened = given.open(store, "first", None).await;
    let settled = opened.settle(given.now).unwrap();
    Trading(store).commit(&given.save(Some(&opened), &settled)).await.unwrap();
    assert_eq!(live(&given, store).await, BTreeMap::new());
    let second = given.open(store, "second", None).await;
    assert_eq!(live(&given, store).await, BTreeMap::from([(second.group.seat(), second.group.id)]));
}

async fn live<D: Engine>(given: &Given, store: &D) -> BTreeMap<Seat, GroupId> {
    Trading(store).load_account(&given.account).await.unwrap().unwrap().live
}

pub async fn a_seat_is_left_by_its_own_group_only<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let mine = given.open(store, "first", None).await.group;
    let (other, _) = given.opened(&given.delivery("other", 1), None);
    let theirs = Some(Seated::Leaves { seat: mine.seat(), group: other.group.id, cools_until: None });
    let change = AccountChange { seated: theirs, ..given.account_change() };
    let lost = Trading(store).commit(&given.transaction(vec![Change::Account(Box::new(change))])).await;
    assert_eq!(lost, Err(CommitError::LostRace));
    assert_eq!(live(&given, store).await, BTreeMap::from([(mine.seat(), mine.id)]));
}

pub async fn a_fill_that_gains_its_fee_is_written_over<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let opened = given.open(store, "buy", None).await;
    let without = filled(&submitting(&given, &opened), "trade", None);
    Trading(store).commit(&given.save(Some(&opened), &without)).await.unwrap();
    // In a third asset, and then with what that was worth.
    let told = Fee::of(&given.market.key.symbol, "BNB".parse().unwrap(), "0.0001".parse().unwrap());
    assert_eq!(told.value, FeeValue::Wanted);
    for fee in [told.clone(), told.at_price("612.5".parse().unwrap()).unwrap()] {
        let stored = given.stored(store, &opened).await;
        let with = filled(&stored, "trade", Some(fee.clone()));
        Trading(store).commit(&given.save(Some(&stored), &with)).await.unwrap();
        let fills = &given.stored(store, &opened).await.orders[0].fills;
        assert_eq!(fills.values().map(|fill| fill.fee.clone()).collect::<Vec<_>>(), [Some(fee)]);
    }
}

pub async fn forty_changes_fit_and_two_of_one_item_do_not<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let group = given.opened(&given.delivery("buy", 0), None).0.group.id;
    let history = |version| {
        let (why, after) = ("contract".to_owned(), "waiting".to_owned());
        let (orders, evidence) = (None, Evidence::default());
        let entry =
            History { group: group.clone(), version, why, before: None, after, at: given.now, orders, evidence };
        Change::History { entry, bell: None }
    };
    Trading(store).commit(&given.transaction((1..=40).map(history).collect())).await.unwrap();
    let twice = Trading(store).commit(&given.transaction(vec![history(50), history(50)])).await;
    assert!(matches!(twice, Err(CommitError::Store(_))), "{twice:?}");
}

pub async fn what_stands_behind_a_change_is_kept_with_its_history<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let (group, order) = (GroupId::of(&[&given.unique]), OrderId::of(&[&given.unique]));
    let seen = Seen { price: "100.1".parse().unwrap(), source: PriceSource::Market, at: Some(given.now) };
    let (limit, comes_to) = ("exposure_max".to_owned(), "310.25".parse().unwrap());
    let cause = Seen { source: PriceSource::Watch, ..seen };
    let mut evidence = Evidence {
        cause: Some(Cause::Price(cause)),
        prices: vec![(order.clone(), seen), (order.clone(), Seen { source: PriceSource::Limit, at: None, ..seen })],
        limits: vec![LimitKept { limit, rule: None, comes_to, allowed: "5000".parse().unwrap() }],
        said: Vec::new(),
    };
    let (asked, answered) = ("€".repeat(1_000), "\"{}\n".repeat(1_000));
    evidence.hear(&order, vec![Said { at: given.now, asked, answered }; 4]);
    let (why, after) = ("contract".to_owned(), "waiting".to_owned());
    let (at, orders) = (given.now, Some(vec![order]));
    let entry = History { group: group.clone(), version: 1, why, before: None, after, at, orders, evidence };
    let change = Change::History { entry: entry.clone(), bell: None };
    Trading(store).commit(&given.transaction(vec![change])).await.unwrap();
    assert_eq!(Trading(store).list_history(&group).await.unwrap(), [entry]);
}

pub async fn a_mark_changes_no_version<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let opened = given.open(store, "buy", None).await;
    let mark = Mark { price: "101.5".parse().unwrap(), at: given.now };
    Trading(store).keep_mark(&given.account, &opened.group.id, &mark).await.unwrap();
    let marked = given.stored(store, &opened).await;
    assert_eq!((marked.group.mark, marked.group.version), (Some(mark), opened.group.version));
    let (never, _) = given.opened(&given.delivery("never", 1), None);
    Trading(store).keep_mark(&given.account, &never.group.id, &mark).await.unwrap();
    assert_eq!(
        Trading(store).load_position(&given.account, &never.group.id).await.unwrap(),
        None,
        "a mark makes no group"
    );
}

fn seat(given: &Given, timeframe: Option<&str>) -> Seat {
    let timeframe = timeframe.map(|timeframe| timeframe.parse().unwrap());
    Seat { symbol: given.market.key.symbol.clone(), timeframe }
}

async fn exit<D: Engine>(given: &Given, store: &D, timeframe: Option<&str>, seconds: i64) {
    let known = Trading(store).load_account(&given.account).await.unwrap().unwrap();
    let event_at = given.now.plus(Millis::seconds(seconds));
    Trading(store).remember_exit(&known, &seat(given, timeframe), event_at).await.unwrap();
}

pub async fn the_newest_exit_is_kept_by_market_and_timeframe<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    for seconds in [1, 3, 2] {
        exit(&given, store, Some("15"), seconds).await;
    }
    let exits = Trading(store).load_account(&given.account).await.unwrap().unwrap().exits;
    let newest = given.now.plus(Millis::seconds(3));
    assert_eq!(exits, BTreeMap::from([(seat(&given, Some("15")), newest)]), "and none of other timeframes or of all");
}

pub async fn an_exit_that_no_entry_can_be_older_than_makes_way<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    exit(&given, store, Some("15"), -2 * EXIT_REMEMBERED.get() / 1_000).await;
    exit(&given, store, Some("60"), -60).await;
    exit(&given, store, Some("240"), 0).await;
    let exits = Trading(store).load_account(&given.account).await.unwrap().unwrap().exits;
    let kept: Vec<_> = exits.into_keys().collect();
    assert_eq!(kept, [seat(&given, Some("240")), seat(&given, Some("60"))]);
}

pub async fn an_entry_raised_before_an_exit_is_refused<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let enter = async |timeframe, seconds| {
        let event_at = given.now.plus(Millis::seconds(seconds));
        let bounds: Bounds = given.bounds().unless_exited(&seat(&given, timeframe), event_at);
        let change = AccountChange { bounds: Some(bounds), ..given.account_change() };
        Trading(store).commit(&given.transaction(vec![Change::Account(Box::new(change))])).await
    };
    assert_eq!(enter(Some("15"), 0).await, Ok(()), "no exit is known");
    exit(&given, store, None, 10).await;
    exit(&given, store, Some("15"), 20).await;
    for (timeframe, seconds, opens) in
        [(None, 9, false), (None, 10, true), (Some("60"), 9, false), (Some("60"), 10, true), (Some("15"), 19, false)]
    {
        assert_eq!(enter(timeframe, seconds).await.is_ok(), opens, "{timeframe:?} raised at {seconds} s");
    }
}

pub async fn a_seat_that_cools_is_not_taken_before_its_time<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let account = async || Trading(store).load_account(&given.account).await.unwrap().unwrap();
    let minute = given.now.plus(Millis::seconds(60));
    for timeframe in ["15", "60"] {
        let mut opened = given.open(store, timeframe, Some(timeframe)).await;
        opened.group.plan.rules.cooldown = Some(Millis::seconds(60));
        Trading(store).commit(&given.save(Some(&opened), &opened.settle(given.now).unwrap())).await.unwrap();
    }
    let (first, second) = (seat(&given, Some("15")), seat(&given, Some("60")));
    assert_eq!(account().await.cooldowns, BTreeMap::from([(first.clone(), minute), (second.clone(), minute)]));
    let enter = async |seen: &Account, at| {
        let bounds = given.bounds().once_cooled(seen, &first, at);
        let change = AccountChange { bounds: Some(bounds), ..given.account_change() };
        Trading(store).commit(&given.transaction(vec![Change::Account(Box::new(change))])).await
    };
    let seen = account().await;
    assert_eq!(enter(&seen, minute.minus(Millis::new(1))).await, Err(CommitError::LostRace));
    assert_eq!(account().await.cooldowns.len(), 2);
    assert_eq!(enter(&seen, minute).await, Ok(()));
    assert_eq!(account().await.cooldowns, BTreeMap::new(), "what is over makes way, of another seat too");
    assert_eq!(enter(&seen, minute).await, Err(CommitError::LostRace), "the other's is not as it was read");
    assert_eq!(enter(&account().await, given.now).await, Ok(()), "nothing cools any more");
}

pub async fn what_looks_have_left_is_kept_without_a_history<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let opened = given.open(store, "buy", None).await;
    let price = |text: &str| text.parse().unwrap();
    let looked = |before: &Position, tracked: Tracked| {
        let mut looked = before.clone();
        looked.group.tracked = tracked;
        given.transaction(commit::tracked(before, &looked))
    };
    let armed = Some(Armed { at: given.now, peak: price("101.5") });
    let tracked = Tracked { armed, stop: Some(price("95.5")), below_since: Some(given.now), price_at: Some(given.now) };
    Trading(store).commit(&looked(&opened, tracked)).await.unwrap();
    let stored = given.stored(store, &opened).await;
    assert_eq!((stored.group.tracked, stored.group.version), (tracked, opened.group.version + 1));
    assert_eq!(Trading(store).commit(&looked(&opened, Tracked::default())).await, Err(CommitError::LostRace));
    let above = Tracked { below_since: None, ..tracked };
    Trading(store).commit(&looked(&stored, above)).await.unwrap();
    assert_eq!(given.stored(store, &opened).await.group.tracked, above, "what is over is gone");
    assert_eq!(Trading(store).list_history(&opened.group.id).await.unwrap().len(), 1);
}

pub async fn what_a_group_has_no_more_is_gone<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let opened = given.open(store, "buy", None).await;
    let mut followed = opened.clone();
    let (at, price) = (given.now, |text: &str| text.parse().unwrap());
    followed.group.plan.rules.minimum_profit = Some("1".parse().unwrap());
    followed.group.exits_at = Some(at);
    let armed = Some(Armed { at, peak: price("101.5") });
    followed.group.tracked = Tracked { armed, stop: Some(price("95.5")), below_since: Some(at), price_at: Some(at) };
    Trading(store).commit(&given.save(Some(&opened), &followed)).await.unwrap();
    let stored = given.stored(store, &opened).await;
    let mut bare = stored.clone();
    bare.group.plan.rules.minimum_profit = None;
    (bare.group.exits_at, bare.group.tracked) = (None, Tracked::default());
    Trading(store).commit(&given.save(Some(&stored), &bare)).await.unwrap();
    let read = given.stored(store, &opened).await.group;
    assert_eq!((read.plan, read.exits_at, read.tracked), (opened.group.plan, None, Tracked::default()));
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
        ..Fact::default()
    };
    position.observe(&order.id, &fact)
}

/// A position whose entry was half filled, written.
pub(super) async fn entry_filled<D: Engine>(given: &Given, store: &D) -> Position {
    let opened = given.open(store, "buy", None).await;
    let bought = filled(&submitting(given, &opened), "trade", None);
    Trading(store).commit(&given.save(Some(&opened), &bought)).await.unwrap();
    given.stored(store, &opened).await
}
