//! An inbox tells each thing once, to its owner, when its time has come.

use super::{Given, Harness};
use app::commit::{Change, Replaces};
use app::ports::{CommitError, PageRequest, Unread};
use domain::clock::{Millis, Timestamp};
use domain::delivery::VerdictKind;
use domain::ids::{NoticeId, Sha};
use domain::notice::{Notice, Topic};
use store::Engine;
use store::trading::Trading;

fn notice(given: &Given, at: Timestamp, cause: &str) -> Notice {
    Notice::new(&given.user, Topic::NewLogin, at, &[cause], format!("about {cause}")).about(&"ses_1")
}

async fn listed<D: Engine>(store: &D, given: &Given, unread_alone: bool, now: Timestamp) -> Vec<(String, bool)> {
    let (mut told, mut cursor) = (Vec::new(), None);
    loop {
        let page = PageRequest { limit: 2, cursor };
        let page = Trading(store).list_notices(&given.user, unread_alone, &page, now).await.unwrap();
        assert!(page.items.len() <= 2);
        told.extend(page.items.into_iter().map(|kept| (kept.notice.text, kept.is_read)));
        cursor = page.next;
        if cursor.is_none() {
            return told;
        }
    }
}

async fn unread<D: Engine>(store: &D, given: &Given, now: Timestamp) -> u32 {
    let Unread { count, more } = Trading(store).count_unread(&given.user, now).await.unwrap();
    assert!(!more);
    count
}

pub async fn a_notice_is_told_once_and_not_before_its_time<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let later = given.now.plus(Millis::seconds(60));
    let (first, second) = (notice(&given, given.now, "first"), notice(&given, later, "second"));
    for notice in [&first, &second, &first] {
        Trading(store).notify(notice).await.unwrap();
    }
    assert_eq!(listed(store, &given, false, given.now).await, [("about first".to_owned(), false)]);
    assert_eq!(unread(store, &given, given.now).await, 1);
    assert_eq!(unread(store, &given, later).await, 2);
    let newest = [("about second".to_owned(), false), ("about first".to_owned(), false)];
    assert_eq!(listed(store, &given, false, later).await, newest);
    Trading(store).take_back(&given.user, &second.id).await.unwrap();
    Trading(store).take_back(&given.user, &second.id).await.unwrap();
    assert_eq!(listed(store, &given, false, later).await, newest[1..]);
    Trading(store).notify(&second).await.unwrap();
    assert_eq!(listed(store, &given, false, later).await, newest, "it may be told again");
    let stranger = Given::nobody(harness);
    assert_eq!(listed(store, &stranger, false, later).await, []);
}

pub async fn a_notice_that_was_read_stays_read_when_it_is_told_again<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let at = |seconds| given.now.plus(Millis::seconds(seconds));
    let notices =
        ["a", "b", "c", "d", "e"].map(|cause| notice(&given, at(i64::from(cause.as_bytes()[0] - b'a')), cause));
    for notice in &notices {
        Trading(store).notify(notice).await.unwrap();
    }
    let stranger = Given::nobody(harness);
    assert_eq!(Trading(store).read_notice(&stranger.user, &notices[3].id).await, Ok(false), "another's is not there");
    assert_eq!(Trading(store).read_notice(&given.user, &NoticeId::parse("ntf_1").unwrap()).await, Ok(false));
    for _ in 0..2 {
        assert_eq!(Trading(store).read_notice(&given.user, &notices[3].id).await, Ok(true));
    }
    assert_eq!(Trading(store).find_notice(&given.user, &notices[3].id).await, Ok(Some(notices[3].clone())));
    assert_eq!(Trading(store).find_notice(&stranger.user, &notices[3].id).await, Ok(None));
    Trading(store).notify(&notices[3]).await.unwrap();
    assert_eq!(unread(store, &given, at(9)).await, 4);
    Trading(store).read_all_notices(&given.user, at(1)).await.unwrap();
    assert_eq!(unread(store, &given, at(9)).await, 2, "c and e");
    let left: Vec<_> = listed(store, &given, true, at(9)).await.into_iter().map(|(text, _)| text).collect();
    assert_eq!(left, ["about e", "about c"]);
    assert_eq!(listed(store, &given, false, at(9)).await.len(), 5);
    assert_eq!(Trading(store).drop_notice(&stranger.user, &notices[4].id).await, Ok(false));
    assert_eq!(Trading(store).drop_notice(&given.user, &notices[4].id).await, Ok(true));
    assert_eq!(Trading(store).drop_notice(&given.user, &notices[4].id).await, Ok(false));
    assert_eq!(Trading(store).read_notice(&given.user, &notices[4].id).await, Ok(false));
    assert_eq!(Trading(store).find_notice(&given.user, &notices[4].id).await, Ok(None));
    Trading(store).notify(&notices[4]).await.unwrap();
    assert_eq!(listed(store, &given, false, at(9)).await.len(), 4, "it does not come back");
    assert_eq!(unread(store, &given, at(9)).await, 1);
}

/// What did not come about is told to nobody.
pub async fn a_notice_is_told_with_the_commit_that_it_is_part_of<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let told = notice(&given, given.now, "a verdict");
    let delivery = given.delivery("buy", 0);
    Trading(store).put_delivery(&delivery, &given.stamp()).await.unwrap();
    let judged = |kind| given.judge(&delivery, kind, Replaces::Undecided);
    let telling = |notice: &Notice| Change::Notice(Box::new(notice.clone()));
    Trading(store).commit(&given.transaction(vec![judged(VerdictKind::Rejected), telling(&told)])).await.unwrap();
    let late = given.transaction(vec![judged(VerdictKind::Refused), telling(&notice(&given, given.now, "nothing"))]);
    assert_eq!(Trading(store).commit(&late).await, Err(CommitError::LostRace));
    Trading(store).notify(&told).await.unwrap();
    assert_eq!(listed(store, &given, false, given.now).await, [("about a verdict".to_owned(), false)]);
}

pub async fn from_where_somebody_came_is_recalled<H: Harness>(harness: &H) {
    let (given, other, store) = (Given::nobody(harness), Given::nobody(harness), harness.store());
    let until = given.now.plus(Millis::DAY);
    let (home, away) = (Sha::of_bytes(b"home"), Sha::of_bytes(b"away"));
    let recall =
        async |given: &Given, origin: &Sha| Trading(store).recall_origin(&given.user, origin, until).await.unwrap();
    assert_eq!([recall(&given, &home).await, recall(&given, &home).await], [false, true]);
    assert_eq!([recall(&given, &away).await, recall(&other, &home).await], [false, false]);
    assert!(recall(&given, &home).await);
}

pub async fn an_inbox_is_forgotten_whole_and_nobody_elses<H: Harness>(harness: &H) {
    let (given, other, store) = (Given::nobody(harness), Given::nobody(harness), harness.store());
    let (later, home) = (given.now.plus(Millis::DAY), Sha::of_bytes(b"home"));
    for given in [&given, &other] {
        let notices =
            [notice(given, given.now, "first"), notice(given, later, "second"), notice(given, later, "third")];
        for notice in &notices {
            Trading(store).notify(notice).await.unwrap();
        }
        assert_eq!(Trading(store).drop_notice(&given.user, &notices[2].id).await, Ok(true));
        Trading(store).read_all_notices(&given.user, given.now).await.unwrap();
        assert_eq!(Trading(store).recall_origin(&given.user, &home, later).await, Ok(false));
    }
    for _ in 0..2 {
        assert_eq!(Trading(store).forget_inbox(&given.user).await, Ok(()));
    }
    assert_eq!(listed(store, &given, false, later).await, []);
    assert_eq!(Trading(store).recall_origin(&given.user, &home, later).await, Ok(false), "as if never seen");
    Trading(store).notify(&notice(&given, given.now, "first")).await.unwrap();
    assert_eq!(unread(store, &given, later).await, 1, "neither told nor read before");
    assert_eq!(listed(store, &other, false, later).await.len(), 2);
    assert_eq!(Trading(store).recall_origin(&other.user, &home, later).await, Ok(true));
}
