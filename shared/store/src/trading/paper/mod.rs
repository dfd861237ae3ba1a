//! The paper venue's book: one row with its open orders, and a row for every order there ever was. Its rules stand in the venues
//! crate; this is the shape of what it keeps.

mod rows;

use super::{Trading, keys};
use crate::engine::Engine;
use crate::error::StoreError;
use crate::key::Table;
use crate::rows::Rows;
use domain::account::Balance;
use domain::clock::{Millis, Timestamp};
use domain::contracts::Contracts;
use domain::ids::{AccountId, ClientOrderId};
use domain::market::{Asset, Leverage, Market, MarketKey};
use domain::money::{Decimal, Fraction, Percent, Price, Quantity, Rate};
use domain::order::{Direction, Fill, Status, TradeId, Trigger};
use domain::preset::OrderKind;
use std::collections::BTreeMap;
use wire::stored;

pub use rows::{book_of, book_row, book_writes, paper_order_of};

/// One account's book at the paper venue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Book {
    pub account: AccountId,
    pub balances: BTreeMap<Asset, Balance>,
    /// Prices up to here have been matched.
    pub looked_at: Timestamp,
    pub fee_in: FeeIn,
    /// The largest quantity that one price point fills of one order; none fills it whole.
    pub fill_max: Option<Quantity>,
    pub fault: Option<Fault>,
    pub settings: PaperSettings,
    /// Orders that are open, in the order of their acceptance.
    pub open: Vec<PaperOrder>,
    /// Of markets of contracts: what is held, and with what leverage the next is opened.
    pub contracts: BTreeMap<MarketKey, OpenContracts>,
    /// Numbers orders and trades.
    pub sequence: u64,
    pub version: u64,
}

/// One market's position of contracts, held or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenContracts {
    pub held: Contracts,
    pub leverage: Leverage,
}

/// What an order of contracts has beside the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contract {
    pub reduce_only: bool,
    pub leverage: Leverage,
}

/// In which asset the venue takes its fee.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeeIn {
    Quote,
    /// Buys pay in base, sells in quote, as most venues have it.
    Received,
}

/// What trading costs at this book beside its fee. By default nothing more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperSettings {
    /// How much worse than the price an order fares that takes it.
    pub slippage: Percent,
    /// How long after its acceptance an order meets prices.
    pub latency: Millis,
    /// Where fees are taken instead, as long as there is enough of it.
    pub fee_asset: Option<FeeAsset>,
}

/// An asset in which a venue takes fees, at a rate of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeeAsset {
    pub asset: Asset,
    /// Of the value of a trade.
    pub rate: Rate,
}

/// Which setting of a paper book is out of bounds, and what is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadPaperSettings {
    #[error("slippage_percent must be 0 to {}", SLIPPAGE_PERCENT_MAX)]
    Slippage,
    #[error("latency_ms must be 0 to {}", LATENCY_MAX.get())]
    Latency,
    #[error("fee_asset.rate must be 0 to 0.1")]
    FeeRate,
}

const SLIPPAGE_PERCENT_MAX: i64 = 10;
const LATENCY_MAX: Millis = Millis::seconds(60);
const FEE_RATE_MAX: Decimal = Decimal::from_parts(1, 0, 0, false, 1);

impl Default for PaperSettings {
    fn default() -> Self {
        Self { slippage: Percent::ZERO, latency: Millis::ZERO, fee_asset: None }
    }
}

impl PaperSettings {
    /// # Errors
    /// The first setting that is out of bounds.
    pub fn checked(self) -> Result<Self, BadPaperSettings> {
        if self.slippage.fraction() > Fraction::whole(SLIPPAGE_PERCENT_MAX) {
            return Err(BadPaperSettings::Slippage);
        }
        if self.latency < Millis::ZERO || self.latency > LATENCY_MAX {
            return Err(BadPaperSettings::Latency);
        }
        match &self.fee_asset {
            Some(fee) if fee.rate.get() > FEE_RATE_MAX => Err(BadPaperSettings::FeeRate),
            _ => Ok(self),
        }
    }
}

/// A fault to be had, as data, so that what follows from it can be proven.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    pub kind: FaultKind,
    /// How often it still happens, after an order was accepted.
    pub times: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// The process that sent the order ends at once.
    Abort,
    /// The answer never comes.
    Hang,
    /// The connection is reset.
    Reset,
}

/// An order as the paper venue knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperOrder {
    pub client_id: ClientOrderId,
    /// The venue's own id; the book's sequence.
    pub venue_id: String,
    pub market: Market,
    pub direction: Direction,
    pub kind: OrderKind,
    /// Where it is placed as its kind. None once it was, and for what never waited.
    pub trigger: Option<Trigger>,
    /// What has set it off.
    pub set_off: Option<Trigger>,
    /// The order that ends with it, as long as both wait.
    pub pair: Option<Pair>,
    /// None where coins are traded.
    pub contract: Option<Contract>,
    pub quantity: Quantity,
    pub status: Status,
    pub trades: BTreeMap<TradeId, Fill>,
    pub accepted_at: Timestamp,
    /// From then on it meets prices.
    pub active_at: Timestamp,
}

/// One order's half of a pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    pub other: ClientOrderId,
    /// What is locked for both is locked once, by the one that has this: for its whole quantity at this price.
    pub locks_at: Option<Price>,
}

impl<E: Engine> Trading<'_, E> {
    /// The book with its open orders.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn load_book(&self, account: &AccountId) -> Result<Option<Book>, StoreError> {
        let row: Option<stored::PaperBook> = Rows(self.0).load(&keys::book(account)).await?;
        Ok(row.map(rows::book))
    }

    /// Every order that ever had this client id, oldest first.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn find_paper_orders(
        &self,
        account: &AccountId,
        id: &ClientOrderId,
    ) -> Result<Vec<PaperOrder>, StoreError> {
        self.paper_orders(account, &keys::paper_orders(id)).await
    }

    /// Every order whose client id begins with the prefix and that was accepted at this time or later, oldest first.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn list_paper_orders(
        &self,
        account: &AccountId,
        prefix: &str,
        since: Timestamp,
    ) -> Result<Vec<PaperOrder>, StoreError> {
        let mut orders = self.paper_orders(account, &format!("{}{prefix}", keys::ORDERS)).await?;
        orders.retain(|order| since <= order.accepted_at);
        orders.sort_by(|one, other| one.venue_id.cmp(&other.venue_id));
        Ok(orders)
    }

    /// Writes the book and every changed order in one transaction; false where the book was changed in between.
    /// `book.version` is the version that was loaded.
    ///
    /// # Errors
    /// `Unavailable`: whether it was applied is not known.
    pub async fn save_book(&self, book: &Book, changed: &[PaperOrder]) -> Result<bool, StoreError> {
        let rows = Rows(self.0);
        rows.all_or_none(book_writes(book, changed)?, &rows.stamp()?).await
    }

    async fn paper_orders(&self, account: &AccountId, prefix: &str) -> Result<Vec<PaperOrder>, StoreError> {
        let items = Rows(self.0).query(Table::Trading, &keys::of_book(account), prefix).await?;
        items.iter().map(paper_order_of).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_that_is_out_of_bounds_is_named() {
        let checked = |slippage: &str, latency, rate: &str| {
            let fee_asset = Some(FeeAsset { asset: "BNB".parse().unwrap(), rate: rate.parse().unwrap() });
            let settings =
                PaperSettings { slippage: slippage.parse().unwrap(), latency: Millis::new(latency), fee_asset };
            settings.checked().map(drop).map_err(|bad| bad.to_string())
        };
        assert_eq!(checked("10", 60_000, "0.1"), Ok(()));
        assert_eq!(checked("10.01", 0, "0"), Err("slippage_percent must be 0 to 10".to_owned()));
        assert_eq!(checked("0", 60_001, "0"), Err("latency_ms must be 0 to 60000".to_owned()));
        assert_eq!(checked("0", -1, "0"), Err("latency_ms must be 0 to 60000".to_owned()));
        assert_eq!(checked("0", 0, "0.1001"), Err("fee_asset.rate must be 0 to 0.1".to_owned()));
        assert_eq!(PaperSettings::default().checked(), Ok(PaperSettings::default()));
    }
}
