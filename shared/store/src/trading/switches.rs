//! Strategies that are off, or were: one partition of the trading table.

use super::Trading;
use super::keys;
use crate::audit;
use crate::condition::{SWITCH_AS_SEEN, SWITCHED_ON};
use crate::engine::Engine;
use crate::error::StoreError;
use crate::item::{from_item, time};
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

    /// Puts the strategy off, whatever was said of it before, with an audit row.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn switch_off(&self, off: &Switch, audit: &Audit) -> Result<(), StoreError> {
        if self.keep_switch(kept(off)?, audit).await? {
            return Ok(());
        }
        Err(StoreError::Unavailable("the strategy's row is contended".to_owned()))
    }

    /// Puts the strategy on in the place of what was seen, with an audit row; false where it was put off since.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn switch_on(&self, on: &Switch, seen: Option<&Switch>, audit: &Audit) -> Result<bool, StoreError> {
        let row = kept(on)?;
        let row = match seen {
            Some(seen) if !seen.enabled => row.when(SWITCH_AS_SEEN).given("seen_at", time(seen.at)),
            _ => row.when(SWITCHED_ON),
        };
        self.keep_switch(row, audit).await
    }

    async fn keep_switch(&self, row: Write, audit: &Audit) -> Result<bool, StoreError> {
        Rows(self.0).all_or_none(vec![row.at(audit.at), audit::row(audit)?], &audit.attempt).await
    }
}

fn kept(switch: &Switch) -> Result<Write, StoreError> {
    Write::upsert(keys::switch(&switch.strategy), &stored::StrategySwitch::from(switch))
}
