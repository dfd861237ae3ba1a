//! What the paper venue offers: the price that a market order pays there, for as much as anybody asks.

use super::{Failure, Paper};
use crate::paper::taking::slipped;
use app::ports::{Clock, PaperBook, PricePath, ReadBooks, Urgency, VenueError};
use domain::ids::AccountId;
use domain::market::{Book, Level, Market};
use domain::money::{Decimal, Quantity};
use domain::order::Direction;

/// It fills any order whole, at one price.
const AS_MUCH: Decimal = Decimal::from_parts(1_000_000_000, 0, 0, false, 0);

impl<D: PaperBook + PricePath + Clock, A: Fn() -> R, R> ReadBooks for Paper<D, A> {
    async fn read_books(&self, asked: &[(AccountId, Market)], _: Urgency) -> Vec<Result<Book, VenueError>> {
        let mut books = Vec::with_capacity(asked.len());
        for (account, market) in asked {
            books.push(self.offered(account, market).await.map_err(VenueError::from));
        }
        books
    }
}

impl<D: PaperBook + PricePath + Clock, A: Fn() -> R, R> Paper<D, A> {
    /// With the slippage that the account's owner has chosen; nothing where the market has no price now.
    async fn offered(&self, account: &AccountId, market: &Market) -> Result<Book, Failure> {
        let book = self.deps.load_book(account).await.map_err(Failure::Load)?;
        let slippage = book.ok_or_else(|| Failure::NoBook(account.clone()))?.settings.slippage;
        let point = self.price(&market.key, self.deps.now()).await.map_err(Failure::Load)?;
        let Some(point) = point else { return Ok(Book::default()) };
        let quantity = Quantity::new(AS_MUCH)?;
        let level = |direction| -> Result<Level, Failure> {
            Ok(Level { price: slipped(direction, point.price, slippage, &market.filters)?, quantity })
        };
        Ok(Book { bids: vec![level(Direction::Sell)?], asks: vec![level(Direction::Buy)?] })
    }
}
