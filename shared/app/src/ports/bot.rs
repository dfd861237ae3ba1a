//! Bots and their runs, as they are kept.

use super::{Audit, Page, PageRequest, StoreError};
use domain::bot::{Bot, LogEntry, Run, Switch};
use domain::ids::{BotId, RunId, UserId};
use domain::series::Series;
use store::Engine;
use store::trading::Trading;

pub use store::trading::{BotChange, BotSeat};

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

impl<E: Engine> LoadBot for E {
    async fn load_bot(&self, user: &UserId, bot: &BotId) -> Result<Option<Bot>, StoreError> {
        Trading(self).load_bot(user, bot).await
    }

    async fn all_bots(&self, user: &UserId) -> Result<Vec<Bot>, StoreError> {
        Trading(self).all_bots(user).await
    }
}

impl<E: Engine> LoadRun for E {
    async fn load_run(&self, user: &UserId, run: &RunId) -> Result<Option<Run>, StoreError> {
        Trading(self).load_run(user, run).await
    }

    async fn list_runs(&self, user: &UserId, page: &PageRequest) -> Result<Page<Run>, StoreError> {
        Trading(self).list_runs(user, page).await
    }

    async fn list_run_log(&self, user: &UserId, run: &RunId, page: &PageRequest) -> Result<Page<LogEntry>, StoreError> {
        Trading(self).list_run_log(user, run, page).await
    }
}

impl<E: Engine> CountRunning for E {
    async fn bots_running(&self, user: &UserId) -> Result<u32, StoreError> {
        Trading(self).bots_running(user).await
    }

    async fn bot_changes(&self, user: &UserId) -> Result<u64, StoreError> {
        Trading(self).bot_changes(user).await
    }
}

impl<E: Engine> ForgetBots for E {
    async fn forget_bots(&self, user: &UserId) -> Result<(), StoreError> {
        Trading(self).forget_bots(user).await
    }
}

impl<E: Engine> LoadSwitch for E {
    async fn load_switch(&self, strategy: &str) -> Result<Option<Switch>, StoreError> {
        Trading(self).load_switch(strategy).await
    }

    async fn list_switches(&self) -> Result<Vec<Switch>, StoreError> {
        Trading(self).list_switches().await
    }
}

impl<E: Engine> KeepSwitch for E {
    async fn keep_switch(&self, switch: &Switch, audit: &Audit) -> Result<(), StoreError> {
        Trading(self).keep_switch(switch, audit).await
    }
}

impl<E: Engine> ListHearers for E {
    async fn list_hearers(&self, series: &Series) -> Result<Vec<BotSeat>, StoreError> {
        Trading(self).list_hearers(series).await
    }
}
