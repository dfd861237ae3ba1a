//! A trader's book at the paper venue.

use super::trader::Trader;
use app::ports::{Book, Fault, FaultKind, PaperBook};
use domain::money::Decimal;

impl Trader {
    /// What happens to the sender of this order and the next ones, once the venue has accepted them.
    pub(crate) async fn fault(&self, kind: FaultKind, times: u32) {
        let faulty = |book| Book { fault: Some(Fault { kind, times }), ..book };
        while !self.aws.save_book(&faulty(self.book().await), &[]).await.unwrap() {}
    }

    /// The whole quote balance, free or locked.
    pub(crate) async fn quote_at_venue(&self) -> Decimal {
        let symbol = &self.market.key.symbol;
        self.balance(symbol.quote.as_str()).await
    }

    /// The whole base balance, free or locked.
    pub(crate) async fn base_at_venue(&self) -> Decimal {
        let symbol = &self.market.key.symbol;
        self.balance(symbol.base.as_str()).await
    }

    pub(crate) async fn book(&self) -> Book {
        self.aws.load_book(&self.account).await.unwrap().unwrap()
    }

    async fn balance(&self, asset: &str) -> Decimal {
        let book = self.book().await;
        let balance = book.balances.get(&asset.parse().unwrap());
        balance.map_or(Decimal::ZERO, |balance| balance.free.get() + balance.locked.get())
    }
}
