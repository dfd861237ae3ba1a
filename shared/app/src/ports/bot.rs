//! Bots and their runs, as they are kept.

use super::{Audit, Page, PageRequest, StoreError, Wish};
use domain::bot::{Bot, LogEntry, Run, Switch};
use domain::clock::Timestamp;
use domain::ids::{AccountId, BotId, RunId, SessionId, UserId};
use domain::series::Series;

/// That a run hears a series for an account: one run at the most, so that what one opens no other closes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BotSeat {
    pub account: AccountId,
    pub user: UserId,
    pub run: RunId,
}

/// One row's part of a commit. Each is refused where another change was first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BotChange {
    /// The bot with its new version, in the place of the one that was seen; put on absence where none was.
    Bot { bot: Bot, seen: Option<u64> },
    /// The same of a run.
    Run { run: Run, seen: Option<u64> },
    /// Refused where the run has ended, or enters nothing more.
    GoesOn { user: UserId, run: RunId },
    /// Refused where this strategy is off.
    IsOn { strategy: String },
    /// Put on absence.
    Takes { series: Series, seat: BotSeat },
    /// Refused where another run sits there.
    Leaves { series: Series, seat: BotSeat },
    /// Put on absence; a run has one entry a version.
    Log { entry: LogEntry, user: UserId },
    /// Has its series fetched.
    Wants(Wish),
    /// Has it fetched no more; what is not there is success.
    WantsNoMore(Wish),
    /// One run more, where that leaves no more than `most`. Refused where since [`CountRunning::bot_changes`] was `seen` another was begun, or
    /// an account of theirs was switched or removed.
    Begins { user: UserId, seen: u64, most: Option<u32> },
    /// One run less.
    Ends { user: UserId },
    /// Refused where this log-in is over by then, or does not permit trading any more.
    StillTrades { user: UserId, login: SessionId, at: Timestamp },
}

pub trait LoadBot {
    /// A deleted one too.
    async fn load_bot(&self, user: &UserId, bot: &BotId) -> Result<Option<Bot>, StoreError>;

    /// The oldest first, deleted ones too as long as they are kept; as they are now.
    async fn all_bots(&self, user: &UserId) -> Result<Vec<Bot>, StoreError>;

    /// Those that are not deleted.
    async fn list_bots(&self, user: &UserId) -> Result<Vec<Bot>, StoreError> {
        Ok(self.all_bots(user).await?.into_iter().filter(|bot| !bot.deleted).collect())
    }
}

pub trait LoadRun {
    async fn load_run(&self, user: &UserId, run: &RunId) -> Result<Option<Run>, StoreError>;

    /// Newest first; as they are now.
    async fn list_runs(&self, user: &UserId, page: &PageRequest) -> Result<Page<Run>, StoreError>;

    /// What one has done, newest first; as it is now.
    async fn list_run_log(&self, user: &UserId, run: &RunId, page: &PageRequest) -> Result<Page<LogEntry>, StoreError>;
}

pub trait CountRunning {
    /// How many of somebody's bots run.
    async fn bots_running(&self, user: &UserId) -> Result<u32, StoreError>;

    /// How often one was started, or an account was switched or removed; as it is now. What is decided by whether one runs, or by which
    /// account it is to trade with, holds only as long as this stays.
    async fn bot_changes(&self, user: &UserId) -> Result<u64, StoreError>;
}

pub trait ForgetBots {
    /// Nothing is left of somebody's bots, of their runs, or of what those have done, but how often one was begun: whoever is about to
    /// begin another looks anew. None of them runs.
    async fn forget_bots(&self, user: &UserId) -> Result<(), StoreError>;
}

pub trait LoadSwitch {
    /// What was last said of a strategy, by the name that bots know it by; as it is now.
    async fn load_switch(&self, strategy: &str) -> Result<Option<Switch>, StoreError>;

    /// Of all strategies that were ever switched, by their names.
    async fn list_switches(&self) -> Result<Vec<Switch>, StoreError>;
}

pub trait KeepSwitch {
    /// On record, in the place of whatever was said of the strategy.
    async fn keep_switch(&self, switch: &Switch, audit: &Audit) -> Result<(), StoreError>;
}

pub trait ListHearers {
    /// Runs that hear a series, by their accounts; as they are now. A place that cannot be read keeps no other from hearing.
    async fn list_hearers(&self, series: &Series) -> Result<Vec<BotSeat>, StoreError>;
}
