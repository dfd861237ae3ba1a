//! What is done each night: closed days of what is on record are signed, old rows copied, and months of old candles packed.
//!
//! A run does a bounded part and wakes itself for the rest. Each part may be done twice and left half way: what was
//! signed or copied once is never signed or copied anew.

use app::logs::{archive, sign};
use app::ports::{Objects, SealDay, StoreError};
use app::series::pack_months;
use domain::audit::Shelf;
use domain::clock::Timestamp;
use domain::ids::{LogId, UserId};
use domain::logs::{Category, Level, Note};
use lambda::{Error, Invocation};
use std::collections::BTreeMap;
use std::future::Future;
use store::Engine;
use store::identity::Identity;
use wire::housekeeping::Night;
use wire::view::date;

/// Another run, which nobody waits for.
pub trait Again {
    fn again(&self, night: &Night, now: Timestamp) -> impl Future<Output = Result<(), StoreError>>;
}

impl Again for aws::Later {
    async fn again(&self, night: &Night, now: Timestamp) -> Result<(), StoreError> {
        let event = serde_json::to_string(night).map_err(|error| StoreError::Unreadable(error.to_string()))?;
        self.begin(&event, now).await
    }
}

/// Where all is.
#[derive(Debug)]
pub struct House<'a, D, K, C, A> {
    pub deps: &'a D,
    pub key: &'a K,
    pub copies: &'a C,
    pub again: &'a A,
}

impl<D, K, C, A> House<'_, D, K, C, A>
where
    D: Engine,
    K: SealDay,
    C: Objects,
    A: Again,
{
    /// One run.
    ///
    /// # Errors
    /// Where something cannot be reached; another run goes on from there.
    pub async fn keep(&self, night: Night, invocation: &Invocation) -> Result<(), Error> {
        let night = night.known()?;
        if !night.trace.is_empty() {
            invocation.follow(&night.trace);
        }
        let now = invocation.now();
        let signed = sign(self.deps, self.key, self.copies, now).await?;
        invocation.outcome(format!("{} days signed", signed.signed));
        let copied = archive(self.deps, self.copies, now).await;
        invocation.outcome(format!("{} days signed, {} rows copied", signed.signed, copied.rows));
        for (shelf, day) in copied.broken {
            Identity(self.deps).note(&broken(shelf, day, now, invocation.trace())).await?;
        }
        for (shelf, day, user) in copied.skipped {
            Identity(self.deps).note(&left_out(shelf, day, user, now, invocation.trace())).await?;
        }
        let packed = pack_months(self.deps, self.copies, now).await?;
        let (days, rows, months) = (signed.signed, copied.rows, packed.months);
        invocation.outcome(format!("{days} days signed, {rows} rows copied, {months} months packed"));
        let more = signed.more || copied.more || packed.more;
        if let Some(next) = night.next(invocation.trace()).filter(|_| more) {
            self.again.again(&next, now).await?;
        }
        // All others went on: Lambda tries this one again, and so does the next night.
        let copied = copied.failed.into_iter().map(|(log, error)| format!("{log}: {error}"));
        let mut failed = copied.chain(packed.failed.into_iter().map(|(series, error)| format!("{series}: {error}")));
        failed.next().map_or(Ok(()), |why| Err(why.into()))
    }
}

/// What an operator has to look into; one entry for each day.
fn broken(shelf: Shelf, day: i64, now: Timestamp, trace: String) -> Note {
    told(("what is on record is not whole", "broken"), (shelf, day), None, now, trace)
}

/// One entry in each night in which it was tried.
fn left_out(shelf: Shelf, day: i64, user: UserId, now: Timestamp, trace: String) -> Note {
    told(("changes on record cannot be copied", "left out"), (shelf, day), Some(user), now, trace)
}

fn told(
    (message, kind): (&str, &str),
    (shelf, day): (Shelf, i64),
    user: Option<UserId>,
    now: Timestamp,
    trace: String,
) -> Note {
    let details = [("table", shelf.to_string()), ("date", date(day)), ("trace", trace)];
    let night = user.as_ref().map(|user| format!("{user} {}", now.day())).unwrap_or_default();
    Note {
        id: LogId::of(&[kind, shelf.as_str(), &day.to_string(), &night]),
        at: now,
        level: Level::Critical,
        category: Category::Security,
        user,
        message: message.to_owned(),
        details: details.map(|(name, text)| (name.to_owned(), text)).into_iter().collect::<BTreeMap<_, _>>(),
        address: None,
    }
}
