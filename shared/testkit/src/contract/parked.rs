//! What is left to a person is kept once, found by whoever owns it, and ends once.

use super::{Given, Harness, eventually};
use app::commit::{Change, Replaces};
use app::park;
use app::ports::{Bell, CommitError, Outbox, PageRequest};
use domain::clock::{Millis, Timestamp};
use domain::delivery::VerdictKind;
use domain::ids::{GroupId, ParkedId};
use domain::limits::DUE_SHARDS;
use domain::parked::{Ended, Letter, Parked, Queue, Subject};
use domain::reason::Reason;
use store::Engine;
use store::trading::Trading;

fn message(given: &Given, seconds: i64) -> Parked {
    let at = given.now.plus(Millis::seconds(seconds));
    Parked {
        id: ParkedId::at(at, &[&given.unique]),
        user: given.user.clone(),
        subject: Subject::Message,
        letter: Some(Letter::new(Queue::Signals, Some("lane".to_owned()), "{".to_owned())),
        why: "not a message".to_owned(),
        times: 20,
        trace: "trace".to_owned(),
        at,
        end: None,
    }
}

fn signal(given: &Given) -> Parked {
    park::delivery(&given.delivery("buy", 0), Reason::Undecided, "nobody".to_owned(), given.now).1
}

fn outbox(given: &Given, again: Option<&str>) -> Outbox {
    let group = GroupId::of(&[&given.unique]);
    let (again, trace) = (again.map(str::to_owned), "trace".to_owned());
    let bell = Bell { account: given.account.clone(), group, version: 3, again, trace };
    Outbox { bell, due_at: given.now, sends: 8 }
}

pub async fn a_row_is_kept_once_and_found_by_its_owner<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let stranger = Given::nobody(harness);
    for row in [message(&given, 1), signal(&given), park::bell(&outbox(&given, None), given.user.clone(), given.now)] {
        Trading(store).keep_parked(&row).await.unwrap();
        Trading(store).keep_parked(&Parked { times: 99, ..row.clone() }).await.unwrap();
        assert_eq!(Trading(store).find_parked(&given.user, &row.id).await, Ok(Some(row.clone())));
        assert_eq!(Trading(store).find_parked(&stranger.user, &row.id).await, Ok(None));
    }
    let unknown = ParkedId::at(given.now, &["unknown"]);
    assert_eq!(Trading(store).find_parked(&given.user, &unknown).await, Ok(None));
    eventually(harness, "rows that wait", async || Trading(store).count_parked().await.unwrap() >= 3).await;
}

pub async fn rows_are_listed_newest_first_and_page_by_page<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let rows = [3, 2, 1].map(|seconds| message(&given, seconds));
    for row in &rows {
        Trading(store).keep_parked(row).await.unwrap();
    }
    let first = Trading(store).list_parked(&given.user, &PageRequest { limit: 2, cursor: None }).await.unwrap();
    assert_eq!(first.items, rows[..2]);
    let rest = PageRequest { limit: 2, cursor: Some(first.next.unwrap()) };
    let rest = Trading(store).list_parked(&given.user, &rest).await.unwrap();
    assert_eq!((rest.items, rest.next), (rows[2..].to_vec(), None));
}

pub async fn a_row_ends_once<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let row = message(&given, 1);
    Trading(store).keep_parked(&row).await.unwrap();
    let end = async |how, reason| {
        let ended = row.ended(how, reason, given.now);
        Trading(store).commit(&given.transaction(vec![Change::EndParked(Box::new(ended))])).await
    };
    end(Ended::Dropped, Some("nonsense")).await.unwrap();
    assert_eq!(end(Ended::Retried, None).await, Err(CommitError::LostRace));
    let stored = Trading(store).find_parked(&given.user, &row.id).await.unwrap().unwrap();
    assert_eq!(stored, row.ended(Ended::Dropped, Some("nonsense"), given.now));
    Trading(store).keep_parked(&row).await.unwrap();
    assert_eq!(Trading(store).find_parked(&given.user, &row.id).await, Ok(Some(stored)), "found again it is not new");
}

pub async fn a_bell_is_taken_off_the_list_with_its_row<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let outbox = outbox(&given, None);
    Trading(store).commit(&given.transaction(vec![given.rung(&outbox)])).await.unwrap();
    let row = park::bell(&outbox, given.user.clone(), given.now);
    for _ in 0..2 {
        Trading(store).park_outbox(&outbox, &row).await.unwrap();
    }
    assert_eq!(Trading(store).find_parked(&given.user, &row.id).await, Ok(Some(row)));
    eventually(harness, "no bell", async || !is_due(&given, store, &outbox).await).await;
    let moved = Outbox { due_at: given.now.plus(Millis::seconds(1)), ..outbox };
    let late = park::bell(&moved, given.user.clone(), given.now.plus(Millis::seconds(2)));
    Trading(store).park_outbox(&moved, &late).await.unwrap();
    assert_eq!(Trading(store).find_parked(&given.user, &late.id).await, Ok(None), "what has gone leaves no row");
}

pub async fn a_bell_rung_again_on_purpose_has_a_row_of_its_own<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let (first, again) = (outbox(&given, None), outbox(&given, Some("prk1")));
    Trading(store).commit(&given.transaction(vec![given.rung(&first), given.rung(&again)])).await.unwrap();
    eventually(harness, "both", async || is_due(&given, store, &first).await && is_due(&given, store, &again).await)
        .await;
    Trading(store).clear_outbox(&again.bell).await.unwrap();
    eventually(harness, "one", async || is_due(&given, store, &first).await && !is_due(&given, store, &again).await)
        .await;
}

async fn is_due<D: Engine>(given: &Given, store: &D, outbox: &Outbox) -> bool {
    let later: Timestamp = given.now.plus(Millis::seconds(99));
    for shard in 0..DUE_SHARDS {
        if Trading(store).due_outbox(shard, later).await.unwrap().contains(outbox) {
            return true;
        }
    }
    false
}

pub async fn a_parked_delivery_is_settled_until_it_is_asked_for_anew<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let delivery = given.delivery("buy", 0);
    Trading(store).put_delivery(&delivery, &given.stamp()).await.unwrap();
    let (verdict, row) = park::delivery(&delivery, Reason::Undecided, "nobody".to_owned(), given.now);
    let (judged, replaces) = (Box::new(delivery.clone()), Replaces::Undecided);
    let judged = Change::Verdict { delivery: judged, verdict, due_at: None, replaces };
    Trading(store).commit(&given.transaction(vec![judged, Change::Park(Box::new(row.clone()))])).await.unwrap();
    let parked = Trading(store).load_delivery(&delivery.at).await.unwrap().unwrap();
    assert_eq!((parked.is_settled(), parked.due_at), (true, None));
    assert_eq!(Trading(store).find_parked(&given.user, &row.id).await, Ok(Some(row)));
    let worker = given.judge(&parked, VerdictKind::Accepted, Replaces::Undecided);
    assert_eq!(Trading(store).commit(&given.transaction(vec![worker])).await, Err(CommitError::LostRace));

    let anew = given.judge(&parked, VerdictKind::Queued, Replaces::Parked);
    Trading(store).commit(&given.transaction(vec![anew])).await.unwrap();
    let waiting = Trading(store).load_delivery(&delivery.at).await.unwrap().unwrap();
    assert!(!waiting.is_settled() && waiting.due_at.is_some());
    let worker = given.judge(&waiting, VerdictKind::Accepted, Replaces::Undecided);
    Trading(store).commit(&given.transaction(vec![worker])).await.unwrap();
    let late = given.judge(&waiting, VerdictKind::Queued, Replaces::Parked);
    assert_eq!(
        Trading(store).commit(&given.transaction(vec![late])).await,
        Err(CommitError::LostRace),
        "it is decided"
    );
}
