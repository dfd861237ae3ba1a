//! The system log of a function of the API: which answers leave an entry, as a table.
//!
//! What a run of the money path has remarked is written as well, once its work is done.
//!
//! An entry is written after the answer is known, at most [`PER_MINUTE_MAX`] in a minute from one process about people who are
//! known and as many about strangers, so that these crowd nothing out; and one that cannot be written changes no answer. It holds the route as declared and the status: never a body, a path or a token.

use crate::Invocation;
use crate::boot::SystemClock;
use crate::idempotency::is_replayed;
use app::ports::{Clock, StoreError};
use axum::extract::{MatchedPath, Request};
use axum::http::Method;
use axum::response::Response;
use domain::clock::{Millis, Timestamp};
use domain::ids::LogId;
use domain::limits;
use domain::logs::{Category, Level, Note};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use store::Engine;
use store::identity::Identity;

/// Of each kind.
const PER_MINUTE_MAX: u32 = 60;
const MINUTE: Millis = Millis::seconds(60);

/// What keeps entries.
pub trait Notes: Clone + Send + Sync + 'static {
    fn note(&self, note: &Note) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// How the specification spells routes, and how rules name them.
const ALIASES: [(&str, &str); 2] = [("/user-wallets", "/accounts"), ("/wallets", "/exchanges")];

/// Method, route (below `/api` or `/api/v1` where it stands there), status (200 for whatever went well), and what it means.
pub type Rule = (&'static str, &'static str, u16, Level, Category, &'static str);

/// The status of an answer; none of one that was given before, and has its entry.
pub fn status(answer: &Response) -> Option<u16> {
    (!is_replayed(answer)).then(|| answer.status().as_u16())
}

/// A request, as far as rules look at it.
#[derive(Debug)]
pub struct Noted {
    method: Method,
    route: String,
}

/// How many entries of one kind this process has written in this minute.
#[derive(Debug, Default)]
struct Budget {
    minute: i64,
    spent: u32,
}

/// What is known of whom an entry is about.
#[derive(Debug, Default)]
struct Budgets {
    people: Budget,
    strangers: Budget,
}

static BUDGETS: Mutex<Budgets> =
    Mutex::new(Budgets { people: Budget { minute: 0, spent: 0 }, strangers: Budget { minute: 0, spent: 0 } });

impl Noted {
    pub fn of(request: &Request) -> Self {
        let route = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str).to_owned();
        Self { method: request.method().clone(), route }
    }

    /// Writes the entry of this answer, where it has one.
    pub async fn answered<D: Notes>(self, notes: &D, rules: &[Rule], status: Option<u16>, invocation: &Invocation) {
        let Some(status) = status else { return };
        let Some((level, category, message)) = self.meaning(rules, status) else { return };
        let user = invocation.user().cloned();
        if !may_write(user.is_some(), invocation) {
            return;
        }
        let details = [("route", format!("{} {}", self.method, self.route)), ("status", status.to_string())];
        let details = details.map(|(name, text)| (name.to_owned(), text)).into_iter();
        let note = Note {
            id: LogId::of(&[invocation.attempt().as_str(), message]),
            at: invocation.now(),
            level,
            category,
            user,
            message: message.to_owned(),
            details: details.chain([("trace".to_owned(), invocation.trace())]).collect::<BTreeMap<_, _>>(),
            address: invocation.address().map(str::to_owned),
        };
        if let Err(error) = notes.note(&note).await {
            tracing::warn!(%error, "an entry of the system log was not written");
        }
    }

    fn meaning(&self, rules: &[Rule], status: u16) -> Option<(Level, Category, &'static str)> {
        if status >= 500 {
            return Some((Level::Error, Category::Api, "a request could not be answered"));
        }
        let below = self.route.strip_prefix("/api/v1").or_else(|| self.route.strip_prefix("/api"));
        let route = canonical(below.unwrap_or(&self.route));
        let status = if (200..300).contains(&status) { 200 } else { status };
        let is_it = |rule: &&Rule| (rule.0, rule.1, rule.2) == (self.method.as_str(), &*route, status);
        rules.iter().find(is_it).map(|(.., level, category, message)| (*level, *category, *message))
    }
}

fn canonical(route: &str) -> Cow<'_, str> {
    let named = ALIASES.iter().find_map(|(alias, name)| {
        let rest = route.strip_prefix(alias)?;
        (rest.is_empty() || rest.starts_with('/')).then(|| format!("{name}{rest}").into())
    });
    named.unwrap_or(Cow::Borrowed(route))
}

/// Writes what a run has remarked, within [`limits::REMARKS_TIMEOUT`] and what is left of the invocation: its work is done,
/// and other work waits. What cannot be written is a line of the function's log.
pub async fn remarks<D: Engine>(log: &D, remarks: Vec<Note>, invocation: &Invocation) {
    let patience = limits::REMARKS_TIMEOUT.min(invocation.remaining(SystemClock.now()));
    let patience = Duration::from_millis(patience.get().unsigned_abs());
    write_within(patience, async |note: &Note| Identity(log).note(note).await, remarks, invocation).await;
}

async fn write_within(
    patience: Duration,
    write: impl AsyncFn(&Note) -> Result<(), StoreError>,
    remarks: Vec<Note>,
    invocation: &Invocation,
) {
    let written = tokio::time::timeout(patience, async {
        for mut note in remarks.into_iter().filter(|note| may_write(note.user.is_some(), invocation)) {
            note.details.entry("trace".to_owned()).or_insert_with(|| invocation.trace());
            if let Err(error) = write(&note).await {
                tracing::warn!(%error, "an entry of the system log was not written");
            }
        }
    });
    if written.await.is_err() {
        tracing::warn!("entries of the system log were not written in time");
    }
}

fn may_write(is_known: bool, invocation: &Invocation) -> bool {
    BUDGETS.lock().unwrap_or_else(PoisonError::into_inner).of(is_known).spends(invocation.now())
}

impl Budgets {
    fn of(&mut self, is_known: bool) -> &mut Budget {
        if is_known { &mut self.people } else { &mut self.strangers }
    }
}

impl Budget {
    fn spends(&mut self, now: Timestamp) -> bool {
        let minute = now.millis().div_euclid(MINUTE.get());
        if minute != self.minute {
            *self = Self { minute, spent: 0 };
        }
        self.spent = self.spent.saturating_add(1);
        self.spent <= PER_MINUTE_MAX
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[test]
    fn a_rule_holds_under_both_paths_and_for_its_status_alone() {
        let rules: [Rule; 2] = [
            ("POST", "/auth/login", 401, Level::Warning, Category::Security, "refused"),
            ("POST", "/halt", 200, Level::Critical, Category::Risk, "halted"),
        ];
        let of = |method: Method, route: &str, status| {
            Noted { method, route: route.to_owned() }.meaning(&rules, status).map(|(level, ..)| level)
        };
        assert_eq!(of(Method::POST, "/api/auth/login", 401), Some(Level::Warning));
        assert_eq!(of(Method::POST, "/api/v1/auth/login", 401), Some(Level::Warning));
        assert_eq!(of(Method::POST, "/api/auth/login", 200), None);
        assert_eq!(of(Method::GET, "/api/auth/login", 401), None);
        assert_eq!(of(Method::POST, "/api/auth/logout", 401), None);
        assert_eq!(of(Method::GET, "/api/v1/orders", 503), Some(Level::Error));
        assert_eq!(of(Method::POST, "/halt", 200), Some(Level::Critical), "not all stands below /api");
        assert_eq!(
            [200, 202, 409].map(|status| of(Method::POST, "/api/v1/halt", status).is_some()),
            [true, true, false]
        );
    }

    #[test]
    fn strangers_leave_room_for_what_is_about_people() {
        let (mut budgets, now) = (Budgets::default(), Timestamp::from_millis(60_000));
        let written = |budgets: &mut Budgets, known| (0..100).filter(|_| budgets.of(known).spends(now)).count();
        assert_eq!([written(&mut budgets, false), written(&mut budgets, true)], [60, 60]);
    }

    fn remark(number: u32) -> Note {
        Note {
            id: LogId::of(&[&number.to_string()]),
            at: Timestamp::default(),
            level: Level::Error,
            category: Category::Trading,
            user: None,
            message: "refused".to_owned(),
            details: BTreeMap::new(),
            address: None,
        }
    }

    #[tokio::test]
    async fn what_a_run_has_remarked_is_written_as_long_as_it_may_take_and_fails_nothing() {
        let now = SystemClock.now();
        let invocation = Invocation::begin("r", now, now.plus(Millis::seconds(20))).unwrap();
        let away = || Some(Err(StoreError::Unavailable("throttled".to_owned())));
        for (ends, written) in [((|| Some(Ok(()))) as fn() -> _, 3), (away, 3), (|| None, 1)] {
            let count = Cell::new(0);
            let write = async |note: &Note| {
                assert!(!note.details["trace"].is_empty());
                count.set(count.get() + 1);
                match ends() {
                    Some(ended) => ended,
                    None => std::future::pending().await,
                }
            };
            write_within(Duration::from_millis(10), write, (0..3).map(remark).collect(), &invocation).await;
            assert_eq!(count.get(), written);
        }
    }

    #[test]
    fn a_minute_has_so_many_entries_and_the_next_has_as_many() {
        let mut budget = Budget::default();
        let written = |budget: &mut Budget, ms| (0..100).filter(|_| budget.spends(Timestamp::from_millis(ms))).count();
        assert_eq!(
            [written(&mut budget, 60_000), written(&mut budget, 119_999), written(&mut budget, 120_000)],
            [60, 0, 60]
        );
    }
}
