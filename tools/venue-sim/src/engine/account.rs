//! What an account has.

use domain::money::{Amount, MoneyError};
use std::collections::BTreeMap;

#[derive(Debug, Default, Clone)]
pub struct Account {
    pub balances: BTreeMap<String, Balance>,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Balance {
    pub free: Amount,
    pub locked: Amount,
}

impl Account {
    pub fn balance(&self, asset: &str) -> Balance {
        self.balances.get(asset).copied().unwrap_or_default()
    }

    pub fn set_free(&mut self, asset: &str, free: Amount) {
        self.balances.entry(asset.to_owned()).or_default().free = free;
    }

    /// Adds to what is free; a negative amount takes away.
    pub(super) fn add(&mut self, asset: &str, amount: Amount) -> Result<(), MoneyError> {
        let balance = self.balances.entry(asset.to_owned()).or_default();
        balance.free = balance.free.plus(amount)?;
        Ok(())
    }

    pub(super) fn lock(&mut self, asset: &str, amount: Amount) -> Result<(), MoneyError> {
        let balance = self.balances.entry(asset.to_owned()).or_default();
        balance.free = balance.free.minus(amount)?;
        balance.locked = balance.locked.plus(amount)?;
        Ok(())
    }

    pub(super) fn unlock(&mut self, asset: &str, amount: Amount) -> Result<(), MoneyError> {
        self.lock(asset, amount.negated())
    }
}
