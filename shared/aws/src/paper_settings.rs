//! What trading costs at a paper book, and what its market allows, as their owner sets it.

use crate::client::Aws;
use app::ports::{Balance, Book, PaperBook, PaperSettings, PricePath, StoreError};
use domain::clock::{Millis, Timestamp};
use domain::ids::AccountId;
use domain::market::{Asset, MarketKey, Symbol};
use domain::money::{Amount, MoneyError};
use store::Write;
use store::Written;
use store::condition::PRESENT;
use store::item::to_value;
use store::market::market_key;

/// How often a book is tried again that others change in between.
const SAVES_MAX: u32 = 8;

/// Why the costs of a paper book were not set.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PaperError {
    /// There is no such book.
    #[error("the account {0} has no paper book")]
    NoBook(AccountId),
    /// There is no such market.
    #[error("there is no market {0}")]
    NoMarket(MarketKey),
    /// Fees cannot be reckoned in what has no price.
    #[error("fee_asset: {0} has no price now")]
    NoFeePrice(MarketKey),
    /// Something else has traded on it again and again.
    #[error("the book was changed {SAVES_MAX} times in between: send the same again")]
    Contended,
    /// A balance that cannot be kept.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// A table cannot be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Aws {
    /// Sets what trading on this market costs at the account's book from now on, and brings coins of the asset that fees
    /// are taken in. Orders that are open keep the time from which they meet prices.
    ///
    /// # Errors
    /// `NoFeePrice` where the asset of the fees has no price in the market's quote; nothing is changed then.
    pub async fn set_paper(
        &self,
        account: &AccountId,
        market: &MarketKey,
        settings: &PaperSettings,
        brings: Amount,
        now: Timestamp,
    ) -> Result<(), PaperError> {
        if let Some(fee) = &settings.fee_asset {
            let symbol = Symbol { base: fee.asset.clone(), quote: market.symbol.quote.clone(), settle: None };
            let paid_on = MarketKey { exchange: market.exchange.clone(), symbol };
            if self.bars(&paid_on, now.minus(Millis::new(1)), now).await?.is_empty() {
                return Err(PaperError::NoFeePrice(paid_on));
            }
        }
        for _ in 0..SAVES_MAX {
            let book = self.load_book(account).await?.ok_or_else(|| PaperError::NoBook(account.clone()))?;
            if self.save_book(&with(book, settings, brings)?, &[]).await? {
                return Ok(());
            }
        }
        Err(PaperError::Contended)
    }

    /// Sets what groups may ask of this market from now on; what is none stays as it is. Groups that are open keep the
    /// market that they were opened on.
    ///
    /// # Errors
    /// `NoMarket` where it was never put.
    pub async fn set_market(
        &self,
        market: &MarketKey,
        stops: Option<bool>,
        orders_max: Option<u32>,
    ) -> Result<(), PaperError> {
        let mut write = Write::update(market_key(market)).when(PRESENT);
        if let Some(stops) = stops {
            write = write.set("stops", to_value(&stops)?);
        }
        if let Some(most) = orders_max {
            write = write.set("orders_max", to_value(&most)?);
        }
        match self.rows().send(write).await? {
            Written::Done(_) => Ok(()),
            Written::Refused(_) => Err(PaperError::NoMarket(market.clone())),
        }
    }
}

fn with(book: Book, settings: &PaperSettings, brings: Amount) -> Result<Book, MoneyError> {
    let mut book = Book { settings: settings.clone(), ..book };
    if let Some(fee) = &settings.fee_asset {
        bring(&mut book, &fee.asset, brings)?;
    }
    Ok(book)
}

fn bring(book: &mut Book, asset: &Asset, coins: Amount) -> Result<(), MoneyError> {
    let nothing = Balance { free: Amount::ZERO, locked: Amount::ZERO };
    let balance = book.balances.entry(asset.clone()).or_insert(nothing);
    balance.free = balance.free.plus(coins)?;
    Ok(())
}
