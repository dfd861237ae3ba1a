//! Strategies that are off, or were: one partition of the trading table.

use super::Trading;
use super::keys;
use crate::audit;
use crate::condition::SWITCHED_ON;
use crate::engine::Engine;
use crate::error::{CommitError, StoreError};
use crate::item::from_item;
use crate::key::Table;
use crate::rows::Rows;
use crate::write::Write;
use domain::audit::Audit;
use domain::bot::Switch;
use wire::stored;

/// In a commit: the strategy is not switched off.
pub(super) fn is_on(strategy: &str) -> Write {
    Write::check(keys::switch(strategy)).when(SWITCHED_ON)
}

impl<E: Engine> Trading<'_, E> {
    /// What was last said of a strategy, by the name that bots know it by; as it is now.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn load_switch(&self, strategy: &str) -> Result<Option<Switch>, StoreError> {
        Ok(Rows(self.0).load::<stored::StrategySwitch>(&keys::switch(strategy)).await?.map(Switch::from))
    }

    /// Of all strategies that were ever switched, by their names.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn list_switches(&self) -> Result<Vec<Switch>, StoreError> {
        let items = Rows(self.0).query(Table::Trading, keys::SWITCHES, "").await?;
        items.into_iter().map(|item| Ok(Switch::from(from_item::<stored::StrategySwitch>(item)?))).collect()
    }

    /// On record, in the place of what was said of the strategy.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn keep_switch(&self, switch: &Switch, audit: &Audit) -> Result<(), StoreError> {
        let row = Write::upsert(keys::switch(&switch.strategy), &stored::StrategySwitch::from(switch))?.at(audit.at);
        match Rows(self.0).transact(vec![row, audit::row(audit)?], &audit.attempt).await {
            Ok(()) => Ok(()),
            Err(CommitError::LostRace) => Err(StoreError::Unavailable("the strategy's row is contended".to_owned())),
            Err(CommitError::Store(error)) => Err(error),
        }
    }
}
