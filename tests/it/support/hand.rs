//! What an owner does at the venue without telling anybody here.

use super::stack::Stack;
use super::trader::Trader;
use super::unique::now;
use app::ports::{Balance, Book, PaperBook, PaperOrder};
use domain::ids::ClientOrderId;
use domain::money::{Amount, Decimal};
use domain::order::{Direction, Status};
use domain::preset::OrderKind;
use std::collections::BTreeMap;

impl Trader {
    /// Sells or brings coins until the venue has this much of the base asset; sells that rest are cancelled there.
    pub(crate) async fn leave_by_hand(&self, base: &str) {
        let whole = Balance { free: base.parse().unwrap(), locked: Amount::ZERO };
        self.by_hand(|book| {
            let (sells, open) = book.open.drain(..).partition(|order| order.direction == Direction::Sell);
            book.open = open;
            book.balances.insert(self.market.key.symbol.base.clone(), whole);
            let cancelled = |order: PaperOrder| PaperOrder { status: Status::Cancelled, ..order };
            Vec::into_iter(sells).map(cancelled).collect()
        })
        .await;
    }

    /// An order under this deployment's prefix that none of its functions has sent: a sell of coins of the owner's own.
    pub(crate) async fn order_by_hand(&self) -> String {
        let prefix = ClientOrderId::deployment_prefix(Stack::get().deployment());
        let id = format!("{prefix}bynobody000000");
        let (client_id, quantity) = (ClientOrderId::from_stored(&*id), Decimal::ONE);
        self.by_hand(|book| {
            let order = PaperOrder {
                client_id: client_id.clone(),
                venue_id: "900000000000".to_owned(),
                market: self.market.clone(),
                direction: Direction::Sell,
                kind: OrderKind::Limit("100000".parse().unwrap()),
                trigger: None,
                set_off: None,
                pair: None,
                contract: None,
                quantity: "1".parse().unwrap(),
                status: Status::Open,
                trades: BTreeMap::new(),
                accepted_at: now(),
                active_at: now(),
            };
            let base = book.balances.get_mut(&self.market.key.symbol.base).unwrap();
            base.locked = Amount::new(base.locked.get() + quantity).unwrap();
            book.open.push(order.clone());
            vec![order]
        })
        .await;
        id
    }

    /// Again, where a function has changed the book in between.
    async fn by_hand(&self, act: impl Fn(&mut Book) -> Vec<PaperOrder>) {
        loop {
            let mut book = self.book().await;
            let changed = act(&mut book);
            if self.aws.save_book(&book, &changed).await.unwrap() {
                return;
            }
        }
    }
}
