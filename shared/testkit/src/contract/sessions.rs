//! A request is let in, counted, and told whose it is, in one call.

use super::scope::*;
use super::{Given, Harness};
use app::ports::{Guarded, Session, Visit};
use domain::clock::{Millis, Timestamp};
use domain::identity::RouteClass;
use domain::ids::Sha;

/// A session that ends in an hour.
async fn session<H: Harness>(harness: &H, given: &Given) -> (Sha, Session, Timestamp) {
    let hash = Sha::of_bytes(given.unique.as_bytes());
    let session = Session::new(given.user.clone(), vec!["trade".to_owned(), "read".to_owned()], None);
    let end = given.now.plus(Millis::seconds(3_600));
    harness.put_session(&hash, &session, end).await;
    (hash, session, end)
}

pub async fn a_session_is_let_in_and_says_whose_it_is<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let (hash, session, _) = session(harness, &given).await;
    for _ in 0..3 {
        assert_eq!(store.guard_session(&hash, Visit::at(given.now)).await.unwrap(), Guarded::Admitted(session.clone()));
    }
}

pub async fn an_unknown_and_an_outlived_session_look_alike<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let (hash, _, end) = session(harness, &given).await;
    assert_eq!(store.guard_session(&hash, Visit::at(end)).await.unwrap(), Guarded::Unknown);
    assert_eq!(store.guard_session(&Sha::of_bytes(b"another"), Visit::at(given.now)).await.unwrap(), Guarded::Unknown);
}

pub async fn a_session_that_asks_too_often_waits_for_the_next_minute<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let (hash, session, _) = session(harness, &given).await;
    let minute = Timestamp::from_millis(given.now.millis() / 60_000 * 60_000);
    for _ in 0..RouteClass::Api.requests_max() {
        assert_eq!(store.guard_session(&hash, Visit::at(minute)).await.unwrap(), Guarded::Admitted(session.clone()));
    }
    let over = store.guard_session(&hash, Visit::at(minute.plus(Millis::seconds(20)))).await.unwrap();
    assert_eq!(over, Guarded::TooMany { retry_after: Millis::seconds(40) });
    let next = minute.plus(Millis::seconds(60));
    assert_eq!(store.guard_session(&hash, Visit::at(next)).await.unwrap(), Guarded::Admitted(session));
}
