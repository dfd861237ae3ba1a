//! Bots: kept by their users, started and stopped by them, and told each candle that closes.
//!
//! 1. What a bot trades by was found good, or it is not kept.
//! 2. A start is one commit: the run, its place, that its series is fetched, and its record; and so is a stop.
//! 3. One run hears a series for an account: what one opens no other closes.
//! 4. A candle is decided on with the signal that comes of it, in one commit, or not at all. The signal is then told as an alert is;
//!    where that fails the minute tells it.
//! 5. By a strategy that is off for the deployment nothing starts, and nothing is entered; exits go on.
//! 6. A run that is stopped by who is not its owner in person goes on saying when to leave.
//! 7. Who starts a bot anew, or has it enter again, loses no exit in between.
//! 8. Nothing here trades: a signal is a delivery, and is decided as any alert is.

mod deaf;
mod find;
mod hear;
mod keep;
mod start;
mod stop;
mod switch;

pub use deaf::{Minded, mind};
pub use find::{find, find_run, list, log, running_with, runs};
pub use hear::{HearError, Heard, hear};
pub use keep::{change, create, delete};
pub(crate) use start::want_again;
pub use start::{Permit, launch, start};
pub use stop::{Reach, stop, stop_all};
pub use switch::switch;

use crate::actor::Act;
use crate::commit::{Change, Transaction};
use crate::ports::{Audit, BotChange, CommitError, StoreError};
use domain::bot::{BadTerm, LogEntry, Run};
use domain::clock::Timestamp;
use domain::ids::AttemptId;
use domain::limits::{BOT_SERIES_MAX, BOTS_KEPT_MAX, BOTS_PER_USER_MAX};
use domain::market::MarketKey;
use domain::preset::PresetName;
use store::Engine;
use store::trading::Trading;
use wire::alert::BadAlert;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BotError {
    #[error("there is no such bot")]
    NoBot,
    #[error("there is no such run")]
    NoRun,
    #[error("must be the id of one of your accounts")]
    NoAccount,
    #[error("its account is there no more: give it another one")]
    AccountGone,
    #[error("{0} is not known: markets are listed where somebody has an account, or as the deployment says")]
    UnknownMarket(MarketKey),
    #[error("there is no preset {0}: a bot trades by its own, or by entry_preset of your settings if it names none")]
    NoPreset(PresetName),
    #[error(transparent)]
    BadTerm(#[from] BadTerm),
    /// Of its plan.
    #[error(transparent)]
    BadPlan(#[from] BadAlert),
    #[error(
        "at most {BOTS_PER_USER_MAX} bots are kept: take one away first; {BOTS_KEPT_MAX} with those that were taken away in the last 90 days: change one that is there"
    )]
    TooMany,
    #[error("your plan allows {0} bots to run at once: stop one first")]
    PlanLimit(u32),
    #[error("it runs already: stop it first to start it anew, or to take it away")]
    Running,
    #[error(
        "its run is close only, and would trade by other terms now, such as another preset: stop it whole, then start it"
    )]
    OtherTerms,
    #[error("another bot of yours runs on this series with this account: stop it first")]
    SeriesTaken,
    #[error(
        "{BOT_SERIES_MAX} series are heard by bots, and no more are fetched for them: use one of those, or stop a bot"
    )]
    SeriesFull,
    #[error("it is at version {0} now: look at it, and change that one")]
    VersionConflict(u64),
    /// Whoever has stolen a program's key would buy with its owner's money.
    #[error(
        "a program's key neither starts nor changes a bot where there is money to lose: a person does, who has logged in"
    )]
    NotInPerson,
    #[error("its strategy is off for this deployment ({0}): it would enter nothing")]
    StrategyOff(String),
    #[error("other changes were first, again and again")]
    Contended,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Whether its orders cost something.
fn has_money(run: &Run) -> bool {
    !run.terms.series.market.exchange.is_paper()
}

fn row(change: BotChange) -> Change {
    Change::Bot(Box::new(change))
}

/// A run as it is then, in the place of the version `seen`, with a line of its log: what a run of the function commits of a bot's.
fn step(attempt: &AttemptId, run: Run, seen: u64, entry: Option<LogEntry>, at: Timestamp) -> Transaction {
    let stamp = AttemptId::new(format!("{}#{}#{}", attempt.as_str(), run.id, run.version));
    let user = run.user.clone();
    let log = entry.map(|entry| row(BotChange::Log { entry, user }));
    let run = row(BotChange::Run { run, seen: Some(seen) });
    Transaction { stamp, at, changes: [run].into_iter().chain(log).collect() }
}

/// Commits a person's change with its record; false where another was first.
async fn commit<D: Engine>(deps: &D, changes: Vec<BotChange>, record: Audit, act: Act<'_>) -> Result<bool, StoreError> {
    let stamp = record.attempt.clone();
    let changes = changes.into_iter().map(row).chain([Change::Audit(record)]).collect();
    match Trading(deps).commit(&Transaction { stamp, at: act.now, changes }).await {
        Ok(()) => Ok(true),
        Err(CommitError::LostRace) => Ok(false),
        Err(CommitError::Store(error)) => Err(error),
    }
}
