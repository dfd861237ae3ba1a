//! The signal worker: one delivery, one decision, one commit.
//!
//! 1. A delivery that is settled is not decided again, however often it is rung.
//! 2. The verdict is committed with what it caused, or not at all.
//! 3. An entry that was raised before the newest exit of its market is not opened, however late it is decided.
//! 4. A row that cannot be read may be a newer writer's: it is read again for two minutes before its delivery is parked.
//! 5. Only what opens a position asks for its preset: no exit waits for one, or fails with one.
//! 6. What the alert's token does not permit is refused: its market, its deed, its preset and what it would spend.
//! 7. What the user's plan allows of open positions is asked for where an account says that it is limited, and there alone.
//! 8. What names a route is shared out first: its parts are decided as any delivery is, each in its account's lane.
//! 9. What a bot's run has raised opens nothing once that run was stopped or is close only, while its strategy is off, nor where it began
//!    before a restored table was recovered; its exits go on.
//! 10. What opens or adds is assessed against the limits of its account and the risk rules of its user; an exit reads neither.
//! 11. An order by hand is decided as an alert is, and does what it says to the position that it names and no other.
//! 12. A lost race means reading everything anew; nothing of the first decision is kept.
#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects, clippy::float_arithmetic, clippy::as_conversions))]

mod add;
mod bot;
mod by_hand;
mod case;
mod close;
mod enter;
mod grant;
mod judge;
mod preset;
mod price;
mod quota;
mod reduce;
mod route;
mod ruled;

pub use by_hand::{Preview, preview};

use crate::commit::Change;
use crate::conflict::retry_on_conflict;
use crate::persist::PersistError;
use crate::ports::{CommitError, Queues, ReadBooks, ReadPrice, Signal, StoreError};
use crate::run::Run;
use crate::{notices, park};
use case::{Case, Loaded};
use domain::alert::Alert;
use domain::clock::Timestamp;
use domain::delivery::Verdict;
use domain::limits;
use domain::money::MoneyError;
use domain::preset::Flags;
use domain::reason::Reason;
use domain::signal::{self, Meaning, Wish};
use store::Engine;
use store::trading::Trading;

/// What became of the bell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decided {
    Verdict(Verdict),
    /// A verdict stands already, or the row is gone.
    Nothing,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecideError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("other changes were first, again and again")]
    Contended,
    #[error("a number of a live group cannot be kept exactly")]
    Money(#[from] MoneyError),
}

/// Decides about a delivery. Books are read where it names a route, and where nobody else tells a price that is needed.
///
/// # Errors
/// Where the store cannot be reached, or every try lost its race: ring again later.
pub async fn decide<D: Engine + ReadPrice + Queues, B: ReadBooks>(
    deps: &D,
    books: &B,
    signal: &Signal,
    run: &Run,
    now: Timestamp,
) -> Result<Decided, DecideError> {
    let decided = decided(deps, books, signal, run, now).await;
    match &decided {
        Ok(Decided::Verdict(verdict)) => run.remarks.decided(signal, verdict, now),
        Ok(Decided::Nothing) => {}
        Err(error) => run.remarks.failed(("delivery", signal.delivery.id.as_str()), error.code(), now),
    }
    decided
}

async fn decided<D: Engine + ReadPrice + Queues, B: ReadBooks>(
    deps: &D,
    books: &B,
    signal: &Signal,
    run: &Run,
    now: Timestamp,
) -> Result<Decided, DecideError> {
    retry_on_conflict(DecideError::Contended, || async {
        let failed = match once(deps, books, signal, run, now).await {
            Err(PersistError::Commit(CommitError::LostRace)) => return Ok(None),
            Ok(decided) => return Ok(Some(decided)),
            Err(PersistError::Commit(CommitError::Store(error))) => DecideError::Store(error),
            Err(PersistError::Money(error)) => DecideError::Money(error),
        };
        // Trying again would hold up the account's other alerts and change nothing.
        let lasting = failed.is_lasting() && now.since(signal.delivery.first_at) > limits::NEWER_WRITER_MAX;
        if lasting { park(deps, signal, &failed, run, now).await.map(Some) } else { Err(failed) }
    })
    .await
}

async fn park<D: Engine>(
    deps: &D,
    signal: &Signal,
    failed: &DecideError,
    run: &Run,
    now: Timestamp,
) -> Result<Decided, DecideError> {
    let Some(delivery) = Trading(deps).load_delivery(&signal.delivery).await? else { return Ok(Decided::Nothing) };
    let (verdict, parked) = park::delivery(&delivery, Reason::Unreadable, failed.to_string(), now);
    let notice = notices::of_parked(&parked).map(Box::new).map(Change::Notice);
    let mut changes = vec![judge::beside(&delivery, &verdict, now), Change::Park(Box::new(parked))];
    changes.extend(notice);
    match judge::with(deps, &delivery, verdict, changes, run, now).await {
        Ok(verdict) => Ok(Decided::Verdict(verdict)),
        Err(PersistError::Commit(CommitError::LostRace)) => Err(DecideError::Contended),
        Err(PersistError::Commit(CommitError::Store(error))) => Err(error.into()),
        Err(PersistError::Money(error)) => Err(error.into()),
    }
}

impl DecideError {
    fn code(&self) -> &'static str {
        match self {
            Self::Store(error) => error.code(),
            Self::Contended => "contended",
            Self::Money(_) => "inexact",
        }
    }

    /// The next try would fail as this one did.
    fn is_lasting(&self) -> bool {
        matches!(self, Self::Store(StoreError::Unreadable(_)) | Self::Money(_))
    }
}

async fn once<D: Engine + ReadPrice + Queues, B: ReadBooks>(
    deps: &D,
    books: &B,
    signal: &Signal,
    run: &Run,
    now: Timestamp,
) -> Result<Decided, PersistError> {
    let Some(delivery) = Trading(deps).load_delivery(&signal.delivery).await? else { return Ok(Decided::Nothing) };
    if delivery.is_settled() {
        return Ok(Decided::Nothing);
    }
    let case = match case::load(deps, delivery, now).await? {
        Ok(Loaded::Case(case)) => case,
        Ok(Loaded::Routed(delivery, alert, route)) => {
            let named = (&*delivery, &*alert, &route);
            return Box::pin(route::decide(deps, books, named, run, now)).await.map(Decided::Verdict);
        }
        Err((delivery, verdict)) => {
            return judge::alone(deps, *delivery, verdict, run, now).await.map(Decided::Verdict);
        }
    };
    // On the heap: what it may have to hold on its way is large.
    Box::pin(act(deps, books, *case, run, now)).await.map(Decided::Verdict)
}

async fn act<D: Engine + ReadPrice + Queues, B: ReadBooks>(
    deps: &D,
    books: &B,
    case: Case,
    run: &Run,
    now: Timestamp,
) -> Result<Verdict, PersistError> {
    let meant = match meant(deps, &case, now).await? {
        Ok(meant) => meant,
        Err(verdict) => return judge::alone(deps, case.delivery, verdict, run, now).await,
    };
    let meant = route::part_means(&case.delivery, meant);
    if let Err(refused) = grant::deed(&case, &meant, now) {
        return judge::alone(deps, case.delivery, refused, run, now).await;
    }
    let enters = matches!(meant, Meaning::Enter(_) | Meaning::Add);
    let case = &if enters { case.ruled(deps, books, now).await? } else { case };
    match meant {
        Meaning::Enter(side) => enter::enter(deps, books, case, side, run, now).await,
        Meaning::Close => close::all(deps, books, case, run, now).await,
        Meaning::CloseAndRefuse(reason) => close::and_refuse(deps, books, case, reason, run, now).await,
        Meaning::CloseAndQueue => close::and_queue(deps, books, case, run, now).await,
        Meaning::Reduce(share) => reduce::by(deps, books, case, &share, run, now).await,
        Meaning::Add => match case.own() {
            Some(live) => add::to(deps, books, case, live, run, now).await,
            None => judge::alone(deps, case.delivery.clone(), case.ignored(Reason::NothingOpen, now), run, now).await,
        },
        Meaning::Queue => close::wait_for(deps, case, run, now).await,
        Meaning::Ignore(reason) => judge::alone(deps, case.delivery.clone(), case.ignored(reason, now), run, now).await,
        Meaning::Refuse(reason) => judge::alone(deps, case.delivery.clone(), case.refused(reason, now), run, now).await,
    }
}

/// What is to be done, or the verdict that nothing is.
async fn meant<D: Engine>(deps: &D, case: &Case, now: Timestamp) -> Result<Result<Meaning, Verdict>, PersistError> {
    let wish = match signal::wish(&case.alert) {
        Ok(wish) => wish,
        Err(wrong) => {
            let verdict = judge::rejected(Reason::InvalidAlert, wrong.to_string(), wrong.fields, now);
            return Ok(Err(verdict.in_mode(case.mode())));
        }
    };
    if let Err(refused) = grant::market(case, now) {
        return Ok(Err(refused));
    }
    match (case.delivery.by_hand.as_deref(), wish) {
        (Some(order), _) => Ok(by_hand::means(case, order, now)?),
        (None, Wish::Exit) => Ok(Ok(Meaning::Close)),
        (None, Wish::Hold(_)) => meaning(deps, case, wish, now).await,
    }
}

/// What the alert means, by the flags of its preset where they make a difference. A strategy that is on the other side
/// now closes what is live, whatever has become of its preset.
async fn meaning<D: Engine>(
    deps: &D,
    case: &Case,
    wish: Wish,
    now: Timestamp,
) -> Result<Result<Meaning, Verdict>, PersistError> {
    let by = |alert: &Alert| signal::meaning(wish, alert, case.live(), case.market.can_short);
    let said = by(&case.alert);
    if said == by(&Alert { flags: Flags::ALL, ..case.alert.clone() }) {
        return Ok(Ok(said));
    }
    match preset::alert(deps, case, now).await {
        Ok(Ok(alert)) => Ok(Ok(by(&alert))),
        Ok(Err(_)) | Err(_) if matches!(said, Meaning::CloseAndRefuse(_)) => Ok(Ok(said)),
        failed => failed.map(|rejected| rejected.map(|alert| by(&alert))),
    }
}
