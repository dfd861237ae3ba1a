//! A request is let in, counted, and told whose it is. In how many calls, each adapter's own tests say.

use super::{Given, Harness};
use app::ports::{Guarded, Session, Visit};
use domain::clock::{Millis, Timestamp};
use domain::identity::{Counts, RouteClass};
use domain::ids::Sha;
use store::identity::Identity;

/// Beside what it has counted.
pub(super) fn whose(guarded: Guarded) -> Guarded {
    match guarded {
        Guarded::Admitted(session) => Guarded::Admitted(Session {
            counted: Counts::default(),
            requests_max: RouteClass::Api.requests_max(),
            ..session
        }),
        refused => refused,
    }
}

/// How often it was asked for routes of this class, this time among them.
pub(super) fn counted(guarded: &Guarded, class: RouteClass, now: Timestamp) -> Option<u32> {
    match guarded {
        Guarded::Admitted(session) => Some(session.counted.at(class, now)),
        _ => None,
    }
}

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
    for times in 1..=3 {
        let guarded = Identity(store).guard_session(&hash, Visit::at(given.now)).await.unwrap();
        let both = [RouteClass::Api, RouteClass::Wallets].map(|class| counted(&guarded, class, given.now));
        assert_eq!(both, [Some(times), Some(0)]);
        assert_eq!(whose(guarded), Guarded::Admitted(session.clone()));
    }
}

pub async fn an_unknown_and_an_outlived_session_look_alike<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let (hash, _, end) = session(harness, &given).await;
    assert_eq!(Identity(store).guard_session(&hash, Visit::at(end)).await.unwrap(), Guarded::Unknown);
    assert_eq!(
        Identity(store).guard_session(&Sha::of_bytes(b"another"), Visit::at(given.now)).await.unwrap(),
        Guarded::Unknown
    );
}

pub async fn a_session_that_asks_too_often_waits_for_the_next_minute<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let (hash, session, _) = session(harness, &given).await;
    let minute = Timestamp::from_millis(given.now.millis() / 60_000 * 60_000);
    for _ in 0..RouteClass::Api.requests_max() {
        let guarded = Identity(store).guard_session(&hash, Visit::at(minute)).await.unwrap();
        assert_eq!(whose(guarded), Guarded::Admitted(session.clone()));
    }
    let over = Identity(store).guard_session(&hash, Visit::at(minute.plus(Millis::seconds(20)))).await.unwrap();
    assert_eq!(over, Guarded::TooMany { retry_after: Millis::seconds(40), requests_max: 600 });
    let next = minute.plus(Millis::seconds(60));
    let guarded = Identity(store).guard_session(&hash, Visit::at(next)).await.unwrap();
    assert_eq!(counted(&guarded, RouteClass::Api, next), Some(1), "of this minute alone");
    assert_eq!(whose(guarded), Guarded::Admitted(session));
}
