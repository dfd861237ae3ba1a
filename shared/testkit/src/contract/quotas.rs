//! How many positions somebody may have open, and the openings that keep to it.

use super::{Given, Harness};
use app::commit::{AccountChange, Bounds, Change};
use app::ports::CommitError;
use domain::identity::Quota;
use domain::risk::AccountBounds;
use store::trading::Trading;

fn quota(given: &Given, positions: Option<u32>, reckoned_at: (u64, u64)) -> Quota {
    Quota { user: given.user.clone(), positions, reckoned_at, count: 0 }
}

pub async fn of_two_quotas_the_one_that_was_reckoned_later_stands<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    assert_eq!(Trading(store).load_quota(&given.user).await, Ok(None));
    for (positions, reckoned_at, stands) in [
        (Some(3), (2, 1), (Some(3), (2, 1))),
        (Some(9), (1, 7), (Some(3), (2, 1))),
        (Some(4), (2, 2), (Some(4), (2, 2))),
        (Some(9), (2, 1), (Some(4), (2, 2))),
        (None, (3, 0), (None, (3, 0))),
        (Some(1), (4, 1), (Some(1), (4, 1))),
    ] {
        Trading(store).keep_quota(&quota(&given, positions, reckoned_at)).await.unwrap();
        let kept = Trading(store).load_quota(&given.user).await.unwrap().unwrap();
        assert_eq!((kept.positions, kept.reckoned_at), stands);
    }
}

pub async fn an_account_asks_for_a_quota_while_that_limits_its_user<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let mark = async |limited| Trading(store).mark_limited(&given.user, &given.account, limited).await.unwrap();
    let limited = async || Trading(store).load_account(&given.account).await.unwrap().unwrap().limited;
    assert!(!mark(true).await, "nobody is limited");
    Trading(store).keep_quota(&quota(&given, Some(3), (2, 1))).await.unwrap();
    assert!(mark(true).await && limited().await);
    assert!(!mark(false).await && limited().await, "it limits them still");
    Trading(store).keep_quota(&quota(&given, None, (3, 0))).await.unwrap();
    assert!(mark(false).await && !limited().await);
}

pub async fn an_opening_that_did_not_ask_is_refused_once_its_account_is_to_ask<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let open = async |limited| {
        let bounds = Some(Bounds::of(&AccountBounds { limited, ..given.bounds().account }));
        let change = AccountChange { bounds, ..given.account_change() };
        Trading(store).commit(&given.transaction(vec![Change::Account(Box::new(change))])).await
    };
    assert_eq!(open(false).await, Ok(()));
    Trading(store).keep_quota(&quota(&given, Some(3), (2, 1))).await.unwrap();
    assert!(Trading(store).mark_limited(&given.user, &given.account, true).await.unwrap());
    assert_eq!(open(false).await, Err(CommitError::LostRace));
    assert_eq!(open(true).await, Ok(()));
}

pub async fn of_two_openings_that_saw_one_quota_one_is_made<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    Trading(store).keep_quota(&quota(&given, Some(3), (2, 1))).await.unwrap();
    let seen = Trading(store).load_quota(&given.user).await.unwrap().unwrap().count;
    let open = async |body: &str, timeframe: &str, seen| {
        let (position, _) = given.opened(&given.delivery(body, 0), Some(timeframe));
        let mut opening = given.save(None, &position);
        opening.changes.push(Change::Quota { user: given.user.clone(), seen });
        Trading(store).commit(&opening).await
    };
    assert_eq!(open("one", "15", seen).await, Ok(()));
    assert_eq!(open("two", "60", seen).await, Err(CommitError::LostRace));
    assert_eq!(Trading(store).load_account(&given.account).await.unwrap().unwrap().open_groups, 1);
    let now = Trading(store).load_quota(&given.user).await.unwrap().unwrap().count;
    assert_eq!(open("two", "60", now).await, Ok(()));
    let now = Trading(store).load_quota(&given.user).await.unwrap().unwrap().count;
    Trading(store).keep_quota(&quota(&given, Some(2), (2, 2))).await.unwrap();
    assert_eq!(open("three", "240", now).await, Err(CommitError::LostRace), "the limit was changed");
}
