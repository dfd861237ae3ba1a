//! Bearer tokens of the API, programs' and people's: counted and let in by one conditional update, and by a second one in
//! the first request of each window.

use crate::client::Aws;
use crate::condition::{MINUTE_AS_SEEN, NEVER_COUNTED, REQUESTS_LEFT, SAME_MINUTE, UNEXPIRED};
use crate::identity::logins;
use crate::item::{Item, from_item, number, number_of, time};
use crate::keys::{self, Key};
use crate::send::Written;
use crate::stamp;
use crate::write::Write;
use app::ports::{GuardLogin, GuardSession, Guarded, Session, StoreError, Visit};
use domain::clock::Timestamp;
use domain::identity::{Limits, RouteClass};
use domain::ids::{SessionId, Sha, UserId};
use wire::stored;

/// Other first requests of the same window may be in the way.
const TRIES_MAX: u32 = 4;

/// What a request is told of its row.
enum Counted {
    In(Item),
    Refused(Guarded),
}

impl GuardSession for Aws {
    async fn guard_session(&self, token_hash: &Sha, visit: Visit) -> Result<Guarded, StoreError> {
        let row: stored::Session = match self.count(&keys::session(token_hash), visit).await? {
            Counted::In(item) => from_item(item)?,
            Counted::Refused(guarded) => return Ok(guarded),
        };
        let networks = row.networks.unwrap_or_default().into_iter().map(|network| network.0).collect();
        let session = Session::new(row.user.0, row.scopes, None);
        let (key, limits) = (row.key.map(|key| key.0), row.limits.map(Limits::from).unwrap_or_default());
        Ok(Guarded::Admitted(Session { key, networks, limits, ..session }))
    }
}

impl GuardLogin for Aws {
    async fn guard_login(&self, user: &UserId, login: &SessionId, visit: Visit) -> Result<Guarded, StoreError> {
        let row: stored::Login = match self.count(&keys::login(user, login), visit).await? {
            Counted::In(item) => from_item(item)?,
            Counted::Refused(guarded) => return Ok(guarded),
        };
        let scopes = logins::scopes(&row).iter().map(ToString::to_string).collect();
        let session = Session::new(row.user.0, scopes, Some(row.id.0));
        Ok(Guarded::Admitted(Session { limits: row.limits.map(Limits::from).unwrap_or_default(), ..session }))
    }
}

impl Aws {
    async fn count(&self, key: &Key, visit: Visit) -> Result<Counted, StoreError> {
        let Visit { class, now } = visit;
        for _ in 0..TRIES_MAX {
            let row = match self.write(counted(key, visit), &stamp::fresh()?).await? {
                Written::Done(item) => return Ok(Counted::In(item)),
                Written::Refused(None) => return Ok(Counted::Refused(Guarded::Unknown)),
                Written::Refused(Some(item)) => item,
            };
            if number_of(&row, "expires_at")? <= now.millis() {
                return Ok(Counted::Refused(Guarded::Unknown));
            }
            let (window, _) = attributes(class);
            let seen = row.get(&window).map(|_| number_of(&row, &window)).transpose()?;
            if seen.is_some_and(|seen| seen >= class.number_at(now)) {
                return Ok(Counted::Refused(Guarded::TooMany { retry_after: class.left_at(now) }));
            }
            if let Written::Done(item) = self.write(begun(key, seen, visit), &stamp::fresh()?).await? {
                return Ok(Counted::In(item));
            }
        }
        Err(StoreError::Unavailable("too many first requests of one window".to_owned()))
    }
}

/// Where the window and its requests stand; what is of no class has had the plain names from the beginning.
fn attributes(class: RouteClass) -> (String, String) {
    match class {
        RouteClass::Api => ("minute".to_owned(), "requests".to_owned()),
        _ => (format!("{class}_window"), format!("{class}_requests")),
    }
}

/// When the newest window began in which a request was counted, of whatever kind; none where none was.
pub(crate) fn last_window(row: &Item) -> Result<Option<Timestamp>, StoreError> {
    let begun = |class: RouteClass| {
        let (window, _) = attributes(class);
        let number = row.get(&window).map(|_| number_of(row, &window)).transpose()?;
        let since = |number: i64| Timestamp::from_millis(number.saturating_mul(class.window().get()));
        Ok(number.filter(|number| *number > 0).map(since))
    };
    let windows: Vec<_> = RouteClass::ALL.into_iter().map(begun).collect::<Result<_, StoreError>>()?;
    Ok(windows.into_iter().flatten().max())
}

/// One more request of the running window.
fn counted(key: &Key, visit: Visit) -> Write {
    let (window, requests) = attributes(visit.class);
    live(key, visit)
        .add(&requests, number(1))
        .naming("minute", window)
        .naming("requests", requests)
        .naming("class", visit.class.to_string())
        .when(SAME_MINUTE)
        .given("minute", number(visit.class.number_at(visit.now)))
        .when(REQUESTS_LEFT)
        .given("requests_max", number(visit.class.requests_max()))
}

/// The first request of a window.
fn begun(key: &Key, seen: Option<i64>, visit: Visit) -> Write {
    let (window, requests) = attributes(visit.class);
    let write = live(key, visit)
        .set(&window, number(visit.class.number_at(visit.now)))
        .set(&requests, number(1))
        .naming("minute", window);
    match seen {
        Some(seen) => write.when(MINUTE_AS_SEEN).given("seen_minute", number(seen)),
        None => write.when(NEVER_COUNTED),
    }
}

fn live(key: &Key, visit: Visit) -> Write {
    Write::update(key.clone()).when(UNEXPIRED).given("now", time(visit.now))
}
