//! Bearer tokens of the API, programs' and people's: counted by one conditional update, and by a second one in the first
//! request of each window; and let in by what the row says that the update has returned.
//!
//! The update names the counters and nothing else of the row, not even in its conditions: what counts has no right to
//! any other attribute.

use super::Identity;
use super::keys;
use super::logins;
use super::session::Guarded;
use super::session::Session;
use super::session::Visit;
use crate::condition::{ABSENT, MINUTE_AS_SEEN, NEVER_COUNTED, PRESENT, SAME_MINUTE};
use crate::engine::Engine;
use crate::engine::Written;
use crate::error::StoreError;
use crate::item::{from_item, number, number_of, to_item, ttl};
use crate::key::Key;
use crate::rows::Rows;
use crate::value::Item;
use crate::write::Write;
use domain::clock::Timestamp;
use domain::identity::{Counts, Limits, OrderBounds, RouteClass};
use domain::ids::{SessionId, Sha, UserId};
use wire::stored::{self, Schema};
use wire::text::Text;

/// Other first requests of the same window may be in the way.
const TRIES_MAX: u32 = 4;

/// What a request is told of its row.
enum Counted {
    In(Item, u32),
    Refused(Guarded),
}

impl<E: Engine> Identity<'_, E> {
    /// Counts the request and lets it in. The hash is what is kept of the token.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn guard_session(&self, token_hash: &Sha, visit: Visit) -> Result<Guarded, StoreError> {
        let (item, requests_max) = match self.count(&keys::session(token_hash), visit).await? {
            Counted::In(item, most) => (item, most),
            Counted::Refused(guarded) => return Ok(guarded),
        };
        let (counted, row) = (counts(&item)?, from_item::<stored::Session>(item)?);
        let networks = row.networks.unwrap_or_default().into_iter().map(|network| network.0).collect();
        let session = Session::new(row.user.0, row.scopes, None);
        let orders = row.orders.map(|bounds| Box::new(OrderBounds::from(bounds)));
        let (key, limits) = (row.key.map(|key| key.0), row.limits.map(Limits::from).unwrap_or_default());
        Ok(Guarded::Admitted(Session { key, networks, orders, limits, counted, requests_max, ..session }))
    }

    /// Counts the request and lets it in, as [`Self::guard_session`] does with opaque tokens.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn guard_login(&self, user: &UserId, login: &SessionId, visit: Visit) -> Result<Guarded, StoreError> {
        let (item, requests_max) = match self.count(&keys::login(user, login), visit).await? {
            Counted::In(item, most) => (item, most),
            Counted::Refused(guarded) => return Ok(guarded),
        };
        let (counted, row) = (counts(&item)?, from_item::<stored::Login>(item)?);
        let scopes = logins::scopes(&row).iter().map(ToString::to_string).collect();
        let session = Session::new(row.user.0, scopes, Some(row.id.0));
        let limits = row.limits.map(Limits::from).unwrap_or_default();
        let factor_at = row.by_factor.then(|| Timestamp::from_millis(row.created_at));
        Ok(Guarded::Admitted(Session { factor_at, limits, counted, requests_max, ..session }))
    }

    /// Lets API requests in until it expires. One that is there already stays as it is.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn put_session(&self, hash: &Sha, session: &Session, expires_at: Timestamp) -> Result<(), StoreError> {
        Rows(self.0).send(session_row(hash, session, expires_at)?.when(ABSENT)).await.map(drop)
    }

    async fn count(&self, key: &Key, visit: Visit) -> Result<Counted, StoreError> {
        let Visit { class, now } = visit;
        for _ in 0..TRIES_MAX {
            let row = match Rows(self.0).send(counted(key, visit)).await? {
                Written::Done(row) => return judged(row, visit),
                Written::Refused(None) => return Ok(Counted::Refused(Guarded::Unknown)),
                Written::Refused(Some(row)) => row,
            };
            if !is_live(&row, now)? {
                return Ok(Counted::Refused(Guarded::Unknown));
            }
            let (window, _) = attributes(class);
            let seen = row.get(window.as_str()).map(|_| number_of(&row, &window)).transpose()?;
            if seen.is_some_and(|seen| seen >= class.number_at(now)) {
                let requests_max = whole(requests_max(&row, class)?);
                return Ok(Counted::Refused(Guarded::TooMany { retry_after: class.left_at(now), requests_max }));
            }
            if let Written::Done(row) = Rows(self.0).send(begun(key, seen, visit)).await? {
                return judged(row, visit);
            }
        }
        Err(StoreError::Unavailable("too many first requests of one window".to_owned()))
    }
}

/// The row of a token that was not asked by yet.
///
/// # Errors
/// See [`to_item`].
pub fn session_row(hash: &Sha, session: &Session, expires_at: Timestamp) -> Result<Write, StoreError> {
    let row = stored::Session {
        v: Schema,
        user: Text(session.user.clone()),
        scopes: session.scopes.clone(),
        expires_at: expires_at.millis(),
        minute: 0,
        requests: 0,
        key: session.key.clone().map(Text),
        networks: (!session.networks.is_empty()).then(|| session.networks.iter().copied().map(Text).collect()),
        limits: stored::Limits::of(session.limits),
        rates: None,
        orders: session.orders.as_deref().map(stored::OrderBounds::from),
    };
    let mut item = to_item(&row)?;
    item.insert("ttl".into(), ttl(expires_at));
    Ok(Write::replace(keys::session(hash), item))
}

/// What a row comes to in which this request is counted.
fn judged(row: Item, Visit { class, now }: Visit) -> Result<Counted, StoreError> {
    if !is_live(&row, now)? {
        return Ok(Counted::Refused(Guarded::Unknown));
    }
    let (_, requests) = attributes(class);
    let most = requests_max(&row, class)?;
    if number_of(&row, &requests)? > most {
        let requests_max = whole(most);
        return Ok(Counted::Refused(Guarded::TooMany { retry_after: class.left_at(now), requests_max }));
    }
    Ok(Counted::In(row, whole(most)))
}

/// What names no person, or has no end, is no session.
fn is_live(row: &Item, now: Timestamp) -> Result<bool, StoreError> {
    if !row.contains_key("user") || !row.contains_key("expires_at") {
        return Ok(false);
    }
    Ok(now.millis() < number_of(row, "expires_at")?)
}

/// What the row says of this kind of route, or else what that has.
fn requests_max(row: &Item, class: RouteClass) -> Result<i64, StoreError> {
    let own = row.get("rates").and_then(|rates| rates.as_map()).filter(|rates| rates.contains_key(class.as_str()));
    own.map_or(Ok(i64::from(class.requests_max())), |rates| number_of(rates, class.as_str()))
}

fn whole(number: i64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Where the window and its requests stand; what is of no class has had the plain names from the beginning.
fn attributes(class: RouteClass) -> (String, String) {
    match class {
        RouteClass::Api => ("minute".to_owned(), "requests".to_owned()),
        _ => (format!("{class}_window"), format!("{class}_requests")),
    }
}

/// Of each class that was ever asked for.
fn counts(row: &Item) -> Result<Counts, StoreError> {
    let of = |class: RouteClass| {
        let (window, requests) = attributes(class);
        if !row.contains_key(window.as_str()) || !row.contains_key(requests.as_str()) {
            return Ok(None);
        }
        let requests = whole(number_of(row, &requests)?);
        Ok(Some((class, (number_of(row, &window)?, requests))))
    };
    let counted = RouteClass::ALL.into_iter().map(of).collect::<Result<Vec<_>, StoreError>>()?;
    Ok(counted.into_iter().flatten().collect())
}

/// When the newest window began in which a request was counted, of whatever kind; none where none was.
pub(super) fn last_window(row: &Item) -> Result<Option<Timestamp>, StoreError> {
    let begun = |class: RouteClass| {
        let (window, _) = attributes(class);
        let number = row.get(window.as_str()).map(|_| number_of(row, &window)).transpose()?;
        let since = |number: i64| Timestamp::from_millis(number.saturating_mul(class.window().get()));
        Ok(number.filter(|number| *number > 0).map(since))
    };
    let windows: Vec<_> = RouteClass::ALL.into_iter().map(begun).collect::<Result<_, StoreError>>()?;
    Ok(windows.into_iter().flatten().max())
}

/// One more request of the running window.
fn counted(key: &Key, visit: Visit) -> Write {
    let (window, requests) = attributes(visit.class);
    Write::update(key.clone())
        .add(requests, number(1))
        .naming("minute", window)
        .when(PRESENT)
        .when(SAME_MINUTE)
        .given("minute", number(visit.class.number_at(visit.now)))
}

/// The first request of a window.
fn begun(key: &Key, seen: Option<i64>, visit: Visit) -> Write {
    let (window, requests) = attributes(visit.class);
    let write = Write::update(key.clone())
        .set(window.clone(), number(visit.class.number_at(visit.now)))
        .set(requests, number(1))
        .naming("minute", window)
        .when(PRESENT);
    match seen {
        Some(seen) => write.when(MINUTE_AS_SEEN).given("seen_minute", number(seen)),
        None => write.when(NEVER_COUNTED),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item::{text, time};
    use crate::value::Value;
    use domain::ids::AttemptId;
    use std::collections::BTreeSet;

    const NOW: Timestamp = Timestamp::from_millis(7_000);

    fn row(left_out: &str) -> Item {
        let rates = Value::M(Item::from([("ai".into(), number(2))]));
        let all =
            [("user", text("usr_1")), ("expires_at", time(NOW.plus(domain::clock::Millis::new(1)))), ("rates", rates)];
        let counted = [("requests", number(1)), ("ai_requests", number(3))];
        let all = all.into_iter().chain(counted).filter(|(name, _)| *name != left_out);
        all.map(|(name, value)| (name.into(), value)).collect()
    }

    fn comes_to(row: Item, class: RouteClass) -> &'static str {
        match judged(row, Visit { class, now: NOW }).unwrap() {
            Counted::In(..) => "in",
            Counted::Refused(Guarded::TooMany { .. }) => "too many",
            Counted::Refused(_) => "unknown",
        }
    }

    #[test]
    fn a_row_lets_in_whom_it_names_until_its_end_and_as_often_as_it_says() {
        assert_eq!(comes_to(row(""), RouteClass::Api), "in");
        assert_eq!(comes_to(row(""), RouteClass::Ai), "too many");
        assert_eq!(comes_to(row("rates"), RouteClass::Ai), "in");
        for left_out in ["user", "expires_at"] {
            assert_eq!(comes_to(row(left_out), RouteClass::Api), "unknown", "without {left_out}");
        }
        let ended = Item::from([("expires_at".into(), time(NOW))]);
        assert_eq!(comes_to(row("").into_iter().chain(ended).collect(), RouteClass::Api), "unknown");
    }

    /// `infra/functions.toml` gives a right to these and no other: `session_counters`.
    #[test]
    fn counting_names_the_counters_and_nothing_else_of_a_row() {
        let key = keys::session(&Sha::of_bytes(b"token"));
        for class in RouteClass::ALL {
            let (window, requests) = attributes(class);
            let visit = Visit { class, now: NOW };
            for write in [counted(&key, visit), begun(&key, Some(1), visit), begun(&key, None, visit)] {
                let parts = write.at(NOW).stamped(&AttemptId::new("A".repeat(22))).parts();
                let named: BTreeSet<String> = parts.names.unwrap().into_values().collect();
                let own = ["pk", "updated_at", "written_by"].map(str::to_owned);
                let may: BTreeSet<String> = own.into_iter().chain([window.clone(), requests.clone()]).collect();
                assert!(named.is_subset(&may), "{class}: {named:?}");
            }
        }
    }
}
