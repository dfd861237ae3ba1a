//! Which tables and queues a function may use, and how long it waits for them.

use std::collections::BTreeMap;
use std::time::Duration;
use store::Table;

/// A table or queue. Each function is given only those that its rights name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// Table of groups, orders, accounts, deliveries.
    Trading,
    /// Table of credentials and of who may trade.
    Vault,
    /// Table of what users keep of their own settings: presets.
    Catalog,
    /// Table of markets and prices.
    Market,
    /// Table of users and sessions.
    Identity,
    /// FIFO queue, one lane per account.
    Signals,
    /// FIFO queue, one lane per position group.
    Orders,
    /// Standard queue with delays.
    Ticks,
    /// What was received from [`Place::Signals`] too often.
    DeadSignals,
    /// What was received from [`Place::Orders`] too often.
    DeadOrders,
    /// What was received from [`Place::Ticks`] too often.
    DeadTicks,
}

impl From<Table> for Place {
    fn from(table: Table) -> Self {
        match table {
            Table::Trading => Self::Trading,
            Table::Vault => Self::Vault,
            Table::Catalog => Self::Catalog,
            Table::Market => Self::Market,
            Table::Identity => Self::Identity,
        }
    }
}

/// A table or queue that is needed here and has no name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{} is not set", .0.variable())]
pub struct MissingPlace(pub Place);

/// How long calls may take. A write that met another transaction is repeated for `conflicts` at the most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// Of one call, the first included.
    pub attempts: u32,
    /// Until a connection stands.
    pub connect: Duration,
    /// Of one attempt.
    pub attempt: Duration,
    /// Of all attempts of one call together.
    pub operation: Duration,
    /// Of all calls of one write together.
    pub conflicts: Duration,
}

/// Names of tables, URLs of queues.
#[derive(Debug, Clone)]
pub struct Config {
    names: BTreeMap<Place, String>,
    patience: Patience,
    brings_up: bool,
}

impl Place {
    /// Every place.
    pub const ALL: [Self; 11] = [
        Self::Trading,
        Self::Vault,
        Self::Catalog,
        Self::Market,
        Self::Identity,
        Self::Signals,
        Self::Orders,
        Self::Ticks,
        Self::DeadSignals,
        Self::DeadOrders,
        Self::DeadTicks,
    ];

    /// The environment variable that names it.
    pub fn variable(self) -> &'static str {
        match self {
            Self::Trading => "MONIQO_TABLE_TRADING",
            Self::Vault => "MONIQO_TABLE_VAULT",
            Self::Catalog => "MONIQO_TABLE_CATALOG",
            Self::Market => "MONIQO_TABLE_MARKET",
            Self::Identity => "MONIQO_TABLE_IDENTITY",
            Self::Signals => "MONIQO_QUEUE_SIGNALS",
            Self::Orders => "MONIQO_QUEUE_ORDERS",
            Self::Ticks => "MONIQO_QUEUE_TICKS",
            Self::DeadSignals => "MONIQO_DLQ_SIGNALS",
            Self::DeadOrders => "MONIQO_DLQ_ORDERS",
            Self::DeadTicks => "MONIQO_DLQ_TICKS",
        }
    }
}

impl Patience {
    /// For functions that work in the background.
    pub const WORKER: Self = Self {
        attempts: 3,
        connect: Duration::from_millis(500),
        attempt: Duration::from_millis(700),
        operation: Duration::from_millis(2_500),
        conflicts: Duration::from_millis(3_000),
    };

    /// For the webhook, whose caller gives up after three seconds.
    pub const WEBHOOK: Self = Self {
        attempts: 2,
        connect: Duration::from_millis(500),
        attempt: Duration::from_millis(700),
        operation: Duration::from_millis(800),
        conflicts: Duration::from_millis(800),
    };

    /// For a person's tools: from a desk, the way to a table is longer than from a function.
    pub const DESK: Self = Self {
        attempts: 3,
        connect: Duration::from_secs(3),
        attempt: Duration::from_secs(10),
        operation: Duration::from_secs(30),
        conflicts: Duration::from_secs(30),
    };
}

impl Config {
    /// Nothing named yet.
    pub fn new(patience: Patience) -> Self {
        Self { names: BTreeMap::new(), patience, brings_up: false }
    }

    /// What the environment names. What it does not name is an error where it is used, or in [`Config::needing`].
    pub fn from_env(patience: Patience) -> Self {
        Self::read(|variable| std::env::var(variable).ok(), patience)
    }

    /// What `lookup` finds under the variables' names; an empty text is none.
    pub fn read(lookup: impl Fn(&str) -> Option<String>, patience: Patience) -> Self {
        let named = |place: Place| Some((place, lookup(place.variable()).filter(|name| !name.is_empty())?));
        Self { names: Place::ALL.into_iter().filter_map(named).collect(), patience, brings_up: false }
    }

    /// With this place named.
    #[must_use]
    pub fn with(mut self, place: Place, name: impl Into<String>) -> Self {
        self.names.insert(place, name.into());
        self
    }

    /// Whoever decides brings accounts of the first release up to this one; all others only read them.
    #[must_use]
    pub fn bringing_up(self) -> Self {
        Self { brings_up: true, ..self }
    }

    pub(crate) fn brings_up(&self) -> bool {
        self.brings_up
    }

    /// The same, once it names all of these.
    ///
    /// # Errors
    /// The first place that has no name.
    pub fn needing(self, places: &[Place]) -> Result<Self, MissingPlace> {
        places.iter().try_for_each(|place| self.name(*place).map(drop))?;
        Ok(self)
    }

    pub(crate) fn name(&self, place: Place) -> Result<&str, MissingPlace> {
        self.names.get(&place).map(String::as_str).ok_or(MissingPlace(place))
    }

    pub(crate) fn patience(&self) -> Patience {
        self.patience
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_that_is_needed_and_not_named_is_named_in_the_error() {
        let lookup = |variable: &str| match variable {
            "MONIQO_TABLE_TRADING" => Some("moniqo-trading".to_owned()),
            "MONIQO_TABLE_VAULT" => Some(String::new()),
            _ => None,
        };
        let config = Config::read(lookup, Patience::WORKER);
        assert!(config.clone().needing(&[Place::Trading]).is_ok());
        let missing = config.needing(&[Place::Trading, Place::Vault]).unwrap_err();
        assert_eq!(missing.to_string(), "MONIQO_TABLE_VAULT is not set");
    }
}
