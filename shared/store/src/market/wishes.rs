//! Who wants which series, in one partition.

use super::Market;
use crate::engine::Engine;
use crate::error::StoreError;
use crate::item::{from_item, to_item, to_value};
use crate::key::{Key, Table};
use crate::query::Query;
use crate::rows::Rows;
use crate::value::Item;
use crate::write::Write;
use domain::clock::Timestamp;
use domain::ids::{RunId, SourceId, UserId};
use domain::market::MarketKey;
use domain::series::Series;
use std::borrow::Borrow;
use std::fmt;
use wire::stored::{self, Schema, WishedBy};
use wire::text::Text;

const WISHES: &str = "WISHES";

/// Who wants a series.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wanting {
    /// It stands on this person's list.
    List(UserId),
    /// This person has looked at it.
    Chart(UserId),
    /// A run of a bot of this person's hears it.
    Bot(UserId, RunId),
    /// What this source of whale alerts sees is priced by it. It belongs to the deployment.
    Source(UserId, SourceId),
}

/// That a series is to be fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    pub series: Series,
    pub by: Wanting,
    pub since: Timestamp,
    /// It holds no longer; none is until it is taken back.
    pub until: Option<Timestamp>,
}

impl Wish {
    pub fn holds(&self, now: Timestamp) -> bool {
        self.until.is_none_or(|until| now < until)
    }
}

impl Wanting {
    /// Whose wish it is.
    pub fn user(&self) -> &UserId {
        match self {
            Self::List(user) | Self::Chart(user) | Self::Bot(user, _) | Self::Source(user, _) => user,
        }
    }

    /// Whether it acts on candles as they close, and so is notified of them.
    pub fn is_told(&self) -> bool {
        matches!(self, Self::Bot(..))
    }
}

impl fmt::Display for Wanting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::List(user) => write!(f, "{user}"),
            Self::Chart(user) => write!(f, "chart:{user}"),
            Self::Bot(_, run) => write!(f, "{run}"),
            Self::Source(_, source) => write!(f, "{source}"),
        }
    }
}

impl<E: Engine> Market<'_, E> {
    /// All of them, those too that hold no longer, in the order of their series. One of a newer release keeps no other
    /// series from being fetched.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn list_wishes(&self) -> Result<Vec<Wish>, StoreError> {
        // How many there are already is counted in them: a reader that has just put one there finds it.
        let rows = Rows(self.0).pages(Query::of(Table::Market, WISHES)).await?;
        let told = |error: &StoreError| tracing::warn!(%error, "a wish for a series cannot be read");
        Ok(rows.into_iter().filter_map(|row| wish(row).inspect_err(told).ok().flatten()).collect())
    }

    /// In the place of the same one's wish for the same series.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn keep_wish(&self, wish: &Wish) -> Result<(), StoreError> {
        Rows(self.0).send(wish_write(wish)?).await.map(drop)
    }

    /// What is not there is success.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn drop_wish(&self, series: &Series, by: &Wanting) -> Result<(), StoreError> {
        Rows(self.0).send(wish_gone(series, by)).await.map(drop)
    }
}

/// # Errors
/// None of a wish.
pub fn wish_write(wish: &Wish) -> Result<Write, StoreError> {
    let Wish { series, by, since, until } = wish;
    let (kind, run, source) = match by {
        Wanting::List(_) => (WishedBy::List, None, None),
        Wanting::Chart(_) => (WishedBy::Chart, None, None),
        Wanting::Bot(_, run) => (WishedBy::Bot, Some(Text(run.clone())), None),
        Wanting::Source(_, source) => (WishedBy::Source, None, Some(Text(source.clone()))),
    };
    let row = stored::Wish {
        v: Schema,
        exchange: Text(series.market.exchange.clone()),
        symbol: Text(series.market.symbol.clone()),
        timeframe: Text(series.interval),
        by: kind,
        user: Text(by.user().clone()),
        run,
        source,
        since: since.millis(),
        until: until.map(Timestamp::millis),
    };
    let mut row = to_item(&row)?;
    if let Some(until) = until {
        row.insert("ttl".into(), to_value(&until.millis().div_euclid(1_000).saturating_add(1))?);
    }
    Ok(Write::replace(key(series, by), row))
}

/// It holds no longer.
pub fn wish_gone(series: &Series, by: &Wanting) -> Write {
    Write::delete(key(series, by))
}

/// None where it says that a run or a source needs it and not which.
///
/// # Errors
/// `Unreadable`: this code does not know such a row.
pub fn wish(row: impl Borrow<Item>) -> Result<Option<Wish>, StoreError> {
    let row: stored::Wish = from_item(row)?;
    let market = MarketKey { exchange: row.exchange.0, symbol: row.symbol.0 };
    let user = row.user.0;
    let by = match row.by {
        WishedBy::List => Some(Wanting::List(user)),
        WishedBy::Chart => Some(Wanting::Chart(user)),
        WishedBy::Bot => row.run.map(|run| Wanting::Bot(user, run.0)),
        WishedBy::Source => row.source.map(|source| Wanting::Source(user, source.0)),
    };
    Ok(by.map(|by| Wish {
        series: Series { market, interval: row.timeframe.0 },
        by,
        since: Timestamp::from_millis(row.since),
        until: row.until.map(Timestamp::from_millis),
    }))
}

fn key(series: &Series, by: &Wanting) -> Key {
    Key::new(Table::Market, WISHES, format!("{series}#{by}"))
}

/// Whether a wish stands there.
pub fn is_wish(key: &Key) -> bool {
    key.pk == WISHES
}
