//! The owner's own hand at the venue, behind the deployment's back.

use super::{Exchange, World};
use app::ports::{Address, Balance, Book, OpenContracts, PaperBook, PaperOrder, Request, Venue};
use domain::ids::AccountId;
use domain::market::{Asset, MarketKey};
use domain::money::{Amount, Decimal};
use domain::order::{Direction, Status};
use std::collections::BTreeMap;
use venues::Paper;

impl World {
    /// Takes or brings coins until the venue has this much of the asset; sells that hold more are cancelled there. Gives
    /// how much was brought, below zero where it was taken.
    pub async fn leave_by_hand(&self, account: &AccountId, asset: &Asset, whole: Decimal) -> Decimal {
        loop {
            let book = self.book_by_hand(account).await;
            let Balance { free, locked } = book.balances[asset];
            if locked.get() > whole {
                self.cancel_by_hand(&book).await;
                continue;
            }
            let change = whole - locked.get() - free.get();
            if self.move_by_hand(book, asset, change).await {
                return change;
            }
        }
    }

    /// Brings coins.
    pub async fn bring_by_hand(&self, account: &AccountId, asset: &Asset, coins: Decimal) {
        while !self.move_by_hand(self.book_by_hand(account).await, asset, coins).await {}
    }

    /// Cancels every sell that is open.
    pub async fn cancel_sells_by_hand(&self, account: &AccountId) {
        let book = self.book_by_hand(account).await;
        self.cancel_by_hand(&book).await;
    }

    /// The newest sell that was cancelled without a trade rests on: what the venue has answered to the cancel was not so.
    pub async fn revive_sell_by_hand(&self, account: &AccountId) {
        let is_meant = |order: &&PaperOrder| {
            order.direction == Direction::Sell && order.status == Status::Cancelled && order.trades.is_empty()
        };
        loop {
            let mut book = self.book_by_hand(account).await;
            let newest =
                self.table().paper_orders(account).filter(is_meant).max_by_key(|order| order.accepted_at).cloned();
            let Some(newest) = newest else { return };
            let order = PaperOrder { status: Status::Open, ..newest };
            let balance = book.balances.get_mut(&order.market.key.symbol.base).expect("the asset is known");
            balance.free = Amount::new(balance.free.get() - order.quantity.get()).expect("any amount");
            balance.locked = Amount::new(balance.locked.get() + order.quantity.get()).expect("any amount");
            book.open.push(order.clone());
            let id = order.client_id.clone();
            if Exchange(self.clone()).save_book(&book, &[order]).await.expect("the venue writes its book") {
                self.0.traffic.borrow_mut().revive(&id);
                return;
            }
        }
    }

    /// An order that no function has sent.
    pub async fn order_by_hand(&self, request: &Request) {
        let outcome = self.paper().submit(request).await;
        self.sim().note(|| format!("by hand: {outcome:?}"));
    }

    /// Holds contracts that no function has bought.
    pub async fn hold_by_hand(&self, account: &AccountId, market: &MarketKey, contracts: OpenContracts) {
        loop {
            let mut book = self.book_by_hand(account).await;
            book.contracts.insert(market.clone(), contracts);
            if Exchange(self.clone()).save_book(&book, &[]).await.expect("the venue writes its book") {
                return;
            }
        }
    }

    fn paper(&self) -> Paper<Exchange> {
        Paper::new(Exchange(self.clone()), || ())
    }

    async fn book_by_hand(&self, account: &AccountId) -> Book {
        self.paper()
            .balances(account, &"PAPER".parse().expect("an exchange"))
            .await
            .expect("the venue answers its own customer");
        Exchange(self.clone()).load_book(account).await.expect("the venue reads its book").expect("there is a book")
    }

    async fn move_by_hand(&self, book: Book, asset: &Asset, change: Decimal) -> bool {
        let mut moved = book;
        let balance = moved.balances.get_mut(asset).expect("the asset is known");
        balance.free = Amount::new(balance.free.get() + change).expect("any amount");
        Exchange(self.clone()).save_book(&moved, &[]).await.expect("the venue writes its book")
    }

    async fn cancel_by_hand(&self, book: &Book) {
        let sells = book.open.iter().filter(|order| order.direction == Direction::Sell);
        for order in sells {
            let (account, market) = (book.account.clone(), order.market.clone());
            let address = Address {
                account,
                market,
                client_id: order.client_id.clone(),
                venue_id: None,
                known: BTreeMap::new(),
                since: order.accepted_at,
            };
            self.paper().cancel(&address).await;
            self.0.traffic.borrow_mut().cancel(&order.client_id, self.sim().now());
        }
    }
}
