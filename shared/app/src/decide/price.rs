//! At which price an alert is decided: the market's where one younger than 60 s is known, else the alert's own, else what is on
//! offer at its exchange. Who brings a price waits for no exchange.

use super::case::Case;
use super::enter::refusal;
use crate::pause;
use crate::persist::PersistError;
use crate::ports::{ReadBooks, ReadPrice, Urgency};
use domain::alert::{Alert, Side};
use domain::clock::Timestamp;
use domain::delivery::Verdict;
use domain::group::{self, Position};
use domain::lineage::Seen;
use domain::money::Price;
use domain::order::Direction;
use domain::reason::Reason;
use store::Engine;

/// At which price the entry of an alert may be planned, or the verdict that stands in its way.
pub(super) async fn of_entry<D: Engine + ReadPrice, B: ReadBooks>(
    deps: &D,
    books: &B,
    (case, alert, side): (&Case, &Alert, Side),
    now: Timestamp,
) -> Result<Result<Seen, Verdict>, PersistError> {
    let known = deps.read_price(&case.market.key, now).await?;
    let planned = |market| group::planning_price(alert, market, now);
    if let Some(seen) = planned(known) {
        return Ok(Ok(seen));
    }
    let offered = offered(deps, books, case, (side.enters(), Urgency::Entry), now).await;
    let why = offered.as_ref().err().map(ToString::to_string).unwrap_or_default();
    Ok(offered.ok().and_then(|price| planned(Some((price, now)))).ok_or_else(|| {
        let detail = format!("no price younger than 60 s is known, the alert brings none, and {why}");
        refusal(case, Reason::NoPrice, detail, now)
    }))
}

/// What a signal that closes would sell at, or buy back at.
pub(super) enum Closing {
    At(Price),
    /// Nobody can say.
    Unknown,
    /// Whoever can say does not answer now.
    Away(String),
}

/// Of this position.
pub(super) async fn of_exit<D: Engine + ReadPrice, B: ReadBooks>(
    deps: &D,
    books: &B,
    (case, position): (&Case, &Position),
    now: Timestamp,
) -> Result<Closing, PersistError> {
    let known = deps.read_price(&case.market.key, now).await?;
    if let Some(price) = group::closing_price(&case.alert, known, case.event_at(), now) {
        return Ok(Closing::At(price));
    }
    Ok(match offered(deps, books, case, (position.group.side.leaves(), Urgency::Exit), now).await {
        Ok(price) => Closing::At(price),
        Err(Untold::Nothing) => Closing::Unknown,
        Err(Untold::Away(why)) => Closing::Away(why),
    })
}

/// Why there is no price.
#[derive(Debug, thiserror::Error)]
enum Untold {
    #[error("nothing is on offer")]
    Nothing,
    #[error("{0}")]
    Away(String),
}

/// The best of what is on offer at the account's venue; else why there is none. One that has asked to be left alone is.
async fn offered<D: Engine, B: ReadBooks>(
    deps: &D,
    books: &B,
    case: &Case,
    (direction, urgency): (Direction, Urgency),
    now: Timestamp,
) -> Result<Price, Untold> {
    if let Some(until) = case.account.venue_pauses_until(now) {
        return Err(Untold::Away(format!("its venue is left alone until {}", wire::view::time(until))));
    }
    let account = &case.account.id;
    let mut answers = books.read_books(&[(account.clone(), case.market.clone())], urgency).await;
    pause::keep(deps, account, books.newly_paused(account)).await;
    match answers.pop() {
        Some(Ok(book)) => book.best(direction).ok_or(Untold::Nothing),
        Some(Err(away)) => Err(Untold::Away(away.to_string())),
        None => Err(Untold::Nothing),
    }
}
