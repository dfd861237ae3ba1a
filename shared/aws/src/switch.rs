//! Strategies that are off, or were: one partition of the trading table.

use crate::client::Aws;
use crate::keys;
use app::ports::{Audit, CommitError, KeepSwitch, LoadSwitch, StoreError};
use domain::bot::Switch;
use store::audit;
use store::condition::SWITCHED_ON;
use store::item::from_item;
use store::{Table, Write};
use wire::stored;

/// In a commit: nobody has switched the strategy off.
pub(crate) fn is_on(strategy: &str) -> Write {
    Write::check(keys::switch(strategy)).when(SWITCHED_ON)
}

impl LoadSwitch for Aws {
    async fn load_switch(&self, strategy: &str) -> Result<Option<Switch>, StoreError> {
        Ok(self.rows().load::<stored::StrategySwitch>(&keys::switch(strategy)).await?.map(Switch::from))
    }

    async fn list_switches(&self) -> Result<Vec<Switch>, StoreError> {
        let items = self.rows().query(Table::Trading, keys::SWITCHES, "").await?;
        items.into_iter().map(|item| Ok(Switch::from(from_item::<stored::StrategySwitch>(item)?))).collect()
    }
}

impl KeepSwitch for Aws {
    async fn keep_switch(&self, switch: &Switch, audit: &Audit) -> Result<(), StoreError> {
        let row = Write::upsert(keys::switch(&switch.strategy), &stored::StrategySwitch::from(switch))?.at(audit.at);
        match self.rows().transact(vec![row, audit::row(audit)?], &audit.attempt).await {
            Ok(()) => Ok(()),
            Err(CommitError::LostRace) => Err(StoreError::Unavailable("the strategy's row is contended".to_owned())),
            Err(CommitError::Store(error)) => Err(error),
        }
    }
}
