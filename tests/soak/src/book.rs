//! Our own book: each order as we know it, kept before anything follows from it. In memory, in the place of a table.

use crate::stand::Trader;
use domain::ids::ClientOrderId;
use domain::market::Market;
use domain::order::{Order, Status};
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What a submit was answered with, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Answered {
    Accepted,
    Rejected,
    Unknown,
    NotSent,
}

/// An order with where it was sent.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub trader: Trader,
    pub market: Market,
    pub order: Order,
    pub answered: Option<Answered>,
}

#[derive(Debug, Default)]
pub(crate) struct Book(Mutex<BTreeMap<ClientOrderId, Entry>>);

impl Book {
    /// Keeps an order as it is now; what a submit was answered with stays.
    pub(crate) fn commit(&self, trader: &Trader, market: &Market, order: &Order, answered: Option<Answered>) {
        let mut all = self.all();
        let answered = answered.or_else(|| all.get(&order.client_id).and_then(|known| known.answered));
        let entry = Entry { trader: trader.clone(), market: market.clone(), order: order.clone(), answered };
        all.insert(order.client_id.clone(), entry);
    }

    pub(crate) fn entries(&self) -> Vec<Entry> {
        self.all().values().cloned().collect()
    }

    /// How many are in doubt now.
    pub(crate) fn in_doubt(&self) -> usize {
        self.all().values().filter(|entry| entry.order.status.is_in_doubt()).count()
    }

    fn all(&self) -> MutexGuard<'_, BTreeMap<ClientOrderId, Entry>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entry {
    /// Whether we believe that the exchange has had it.
    pub(crate) fn is_believed(&self) -> bool {
        self.order.status >= Status::Open
    }
}
