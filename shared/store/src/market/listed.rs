//! Markets with their filters, as exchanges list them.

use super::Market;
use crate::condition::ABSENT;
use crate::engine::Engine;
use crate::error::StoreError;
use crate::item::{from_item, to_item};
use crate::key::{Key, Table};
use crate::rows::Rows;
use crate::value::Item;
use crate::write::Write;
use domain::clock::Timestamp;
use domain::market::{self, Exchange, MarketKey};
use wire::stored::{self, Listing, Schema};

/// What the partitions of exchanges begin with.
const OF_EXCHANGE: &str = "MKT#";
/// Beside the markets of all exchanges, and no exchange's: a name of one has no such sign.
const FORMER: &str = "MKT##FORMER";
const LISTED: &str = "MKT##LISTED";

impl<E: Engine> Market<'_, E> {
    /// A market that is listed.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn load_market(&self, market: &MarketKey) -> Result<Option<market::Market>, StoreError> {
        let row: Option<stored::Market> = Rows(self.0).load_settled(&market_key(market)).await?;
        Ok(row.map(Into::into))
    }

    /// What a market was that its exchange lists no more.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn load_former_market(&self, market: &MarketKey) -> Result<Option<market::Market>, StoreError> {
        let row: Option<stored::Market> = Rows(self.0).load_settled(&former(market)).await?;
        Ok(row.map(Into::into))
    }

    /// All that an exchange lists.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn list_markets(&self, exchange: &Exchange) -> Result<Vec<market::Market>, StoreError> {
        let items = Rows(self.0).query(Table::Market, &of_exchange(exchange), "").await?;
        items.into_iter().map(|item| Ok(from_item::<stored::Market>(item)?.into())).collect()
    }

    /// Puts a market where none is.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn put_market(&self, market: &market::Market) -> Result<(), StoreError> {
        Rows(self.0).send(market_row(market)?.when(ABSENT)).await.map(drop)
    }

    /// In the place of what was known of them. Where it fails some may be kept.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn keep_markets(&self, markets: &[market::Market]) -> Result<(), StoreError> {
        Rows(self.0).put_all(markets.iter().map(market_row).collect::<Result<_, _>>()?).await
    }

    /// Known no more as one that is listed; what it was stays known, and is written first.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn drop_market(&self, market: &market::Market) -> Result<(), StoreError> {
        let row = to_item(&stored::Market::from(market))?;
        Rows(self.0).send(Write::replace(former(&market.key), row)).await?;
        Rows(self.0).send(Write::delete(market_key(&market.key))).await.map(drop)
    }

    /// When all markets that an exchange listed were last kept; none where they never were.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn listed_whole(&self, exchange: &Exchange) -> Result<Option<Timestamp>, StoreError> {
        let row: Option<Listing> = Rows(self.0).load_settled(&listing(exchange)).await?;
        Ok(row.map(|row| Timestamp::from_millis(row.at)))
    }

    /// All markets that an exchange listed are kept as of then.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn mark_listed_whole(&self, exchange: &Exchange, at: Timestamp) -> Result<(), StoreError> {
        let row = to_item(&Listing { v: Schema, at: at.millis() })?;
        Rows(self.0).send(Write::replace(listing(exchange), row)).await.map(drop)
    }
}

/// The row of a market.
///
/// # Errors
/// See [`to_item`].
pub fn market_row(market: &market::Market) -> Result<Write, StoreError> {
    Ok(Write::replace(market_key(&market.key), to_item(&stored::Market::from(market))?))
}

/// As a look at the rows finds it; none where the row is no market that is listed.
///
/// # Errors
/// `Unreadable`.
pub fn market_of(key: &Key, row: &Item) -> Result<Option<market::Market>, StoreError> {
    let exchange = key.pk.strip_prefix(OF_EXCHANGE).filter(|_| key.table == Table::Market);
    match exchange.filter(|exchange| !exchange.starts_with('#')) {
        Some(_) => Ok(Some(from_item::<stored::Market>(row)?.into())),
        None => Ok(None),
    }
}

fn of_exchange(exchange: &Exchange) -> String {
    format!("{OF_EXCHANGE}{exchange}")
}

/// Where a market stands that is listed.
pub fn market_key(market: &MarketKey) -> Key {
    Key::new(Table::Market, of_exchange(&market.exchange), market.symbol.to_string())
}

fn former(market: &MarketKey) -> Key {
    Key::new(Table::Market, FORMER, market.to_string())
}

fn listing(exchange: &Exchange) -> Key {
    Key::new(Table::Market, LISTED, exchange.to_string())
}
