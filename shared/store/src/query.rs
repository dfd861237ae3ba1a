//! Which rows are asked for: those of one partition, of a table or of an index.

use crate::key::Table;
use crate::value::{Item, Value};

/// An index of the trading table, with its key attributes. All of them hold keys alone: an entry that has more is
/// written, and paid for, at every change of its row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Index {
    ByUser,
    Due,
    Active,
}

/// Rows of one partition, oldest first, from its beginning, all of them, as they are now: but for what else is said.
#[derive(Debug, Clone)]
pub struct Query {
    pub table: Table,
    /// Asked in the place of the table. It may lag behind it.
    pub index: Option<Index>,
    pub pk: String,
    pub within: Within,
    /// Only rows with this attribute. Those without count towards the limit.
    pub only: Option<(&'static str, Value)>,
    pub limit: Option<i32>,
    pub newest_first: bool,
    /// Where the page before has ended.
    pub start: Option<Item>,
    /// As they may lag, which costs half as much.
    pub lagging: bool,
    /// Of each row its key alone.
    pub keys_only: bool,
}

/// What the sort key has to satisfy.
#[derive(Debug, Clone)]
pub enum Within {
    All,
    /// The service takes no empty text.
    Prefix(String),
    /// Both belong to it.
    Between(String, String),
    After(String),
    Before(String),
    UpTo(Value),
}

/// What a page brought, and where the next one starts.
#[derive(Debug, Default)]
pub struct Found {
    pub items: Vec<Item>,
    pub next: Option<Item>,
}

impl Index {
    pub const ALL: [Self; 3] = [Self::ByUser, Self::Due, Self::Active];

    pub fn name(self) -> &'static str {
        match self {
            Self::ByUser => "by_user",
            Self::Due => "due",
            Self::Active => "active",
        }
    }

    /// Its partition and its order.
    pub fn keys(self) -> (&'static str, &'static str) {
        match self {
            Self::ByUser => ("gu_pk", "gu_sk"),
            Self::Due => ("due_pk", "due_at"),
            Self::Active => ("active_pk", "active_sk"),
        }
    }
}

impl Within {
    /// All, where the prefix is empty.
    pub fn prefix(prefix: impl Into<String>) -> Self {
        let prefix = prefix.into();
        if prefix.is_empty() { Self::All } else { Self::Prefix(prefix) }
    }
}

impl Query {
    pub fn of(table: Table, pk: impl Into<String>) -> Self {
        Self {
            table,
            index: None,
            pk: pk.into(),
            within: Within::All,
            only: None,
            limit: None,
            newest_first: false,
            start: None,
            lagging: false,
            keys_only: false,
        }
    }

    pub fn index(index: Index, pk: impl Into<String>) -> Self {
        Self { index: Some(index), lagging: true, ..Self::of(Table::Trading, pk) }
    }

    #[must_use]
    pub fn within(self, within: Within) -> Self {
        Self { within, ..self }
    }

    #[must_use]
    pub fn only(self, attribute: &'static str, value: Value) -> Self {
        Self { only: Some((attribute, value)), ..self }
    }

    /// As many as the service takes, where there are more.
    #[must_use]
    pub fn limit<N: TryInto<i32>>(self, limit: N) -> Self {
        Self { limit: Some(limit.try_into().unwrap_or(i32::MAX)), ..self }
    }

    #[must_use]
    pub fn newest_first(self) -> Self {
        Self { newest_first: true, ..self }
    }

    #[must_use]
    pub fn start(self, start: Option<Item>) -> Self {
        Self { start, ..self }
    }

    #[must_use]
    pub fn lagging(self) -> Self {
        Self { lagging: true, ..self }
    }

    #[must_use]
    pub fn keys_only(self) -> Self {
        Self { keys_only: true, ..self }
    }

    /// Whether no row can be within it: its bounds are the wrong way round, which the service refuses to look at.
    pub fn is_empty(&self) -> bool {
        matches!(&self.within, Within::Between(first, last) if first > last)
    }

    /// The attribute that orders the rows.
    pub fn sorted_by(&self) -> &'static str {
        self.index.map_or("sk", |index| index.keys().1)
    }
}
