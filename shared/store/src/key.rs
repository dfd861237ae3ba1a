//! Where a row stands.

use crate::value::{Item, Value};
use domain::ids::UserId;

/// A table. Each function may use only those that its rights name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Table {
    /// Groups, orders, accounts, deliveries.
    Trading,
    /// Credentials, and who may trade.
    Vault,
    /// What users keep of their own settings: presets.
    Catalog,
    /// Markets and prices.
    Market,
    /// Users and sessions.
    Identity,
}

/// One row's place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    pub table: Table,
    /// The partition.
    pub pk: String,
    /// Its place in the partition.
    pub sk: String,
}

impl Key {
    pub fn new(table: Table, pk: impl Into<String>, sk: impl Into<String>) -> Self {
        Self { table, pk: pk.into(), sk: sk.into() }
    }

    /// As attributes.
    pub fn item(&self) -> Item {
        Item::from([("pk".into(), Value::S(self.pk.clone())), ("sk".into(), Value::S(self.sk.clone()))])
    }
}

/// The partition of what belongs to a person, in any table.
pub fn of_user(user: &UserId) -> String {
    format!("USR#{user}")
}
