//! Books of several accounts at once, without a key: what is on offer is shown to everybody.

use super::venue::{away, on};
use super::{Sites, Wires};
use crate::native::{Native, Site};
use app::ports::{Pause, ReadBooks, Urgency, VenueError};
use domain::ids::AccountId;
use domain::limits::{BOOK_DEPTH, BOOKS_TIMEOUT};
use domain::market::{Book, Market};
use futures_util::future::join_all;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use store::Engine;
use store::vault::Vault;
use tokio::time::timeout;

const TIMEOUT: Duration = Duration::from_millis(BOOKS_TIMEOUT.get().unsigned_abs());

/// Every venue's books.
///
/// `P` is the paper venue, `D` where accounts say on which side they trade.
#[derive(Debug)]
pub struct Books<P, D> {
    paper: P,
    deps: D,
    wires: Arc<Wires>,
    /// Where accounts were asked for, until somebody asks what was heard there.
    asked: Mutex<BTreeMap<AccountId, Site>>,
}

impl<P, D> Books<P, D> {
    pub fn new(paper: P, deps: D, sites: Sites) -> Self {
        Self { paper, deps, wires: Arc::new(Wires::new(sites)), asked: Mutex::default() }
    }
}

impl<P: ReadBooks, D: Engine> ReadBooks for Books<P, D> {
    async fn read_books(&self, asked: &[(AccountId, Market)], urgency: Urgency) -> Vec<Result<Book, VenueError>> {
        join_all(asked.iter().map(async |(account, market)| {
            let late = |_| Err(VenueError::Unavailable(format!("no book within {} ms", BOOKS_TIMEOUT.get())));
            timeout(TIMEOUT, Box::pin(self.book(account, market, urgency))).await.unwrap_or_else(late)
        }))
        .await
    }

    fn newly_paused(&self, account: &AccountId) -> Option<Pause> {
        let site = self.asked.lock().unwrap_or_else(PoisonError::into_inner).remove(account)?;
        self.wires.barred(&site, self.deps.now())
    }
}

impl<P: ReadBooks, D: Engine> Books<P, D> {
    async fn book(&self, account: &AccountId, market: &Market, urgency: Urgency) -> Result<Book, VenueError> {
        let exchange = &market.key.exchange;
        if exchange.is_paper() {
            let mut books = self.paper.read_books(&[(account.clone(), market.clone())], urgency).await;
            return books.pop().unwrap_or_else(|| Err(away(exchange)));
        }
        let state = Vault(&self.deps).load_account_state(account).await;
        let state = state.map_err(|error| VenueError::Unavailable(error.to_string()))?;
        let site = state.and_then(|state| state.mode).and_then(|mode| self.wires.sites.of(exchange, mode));
        let site = site.ok_or_else(|| away(exchange))?;
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).insert(account.clone(), site.clone());
        let now = self.deps.now();
        if let Some(pause) = self.wires.barred(&site, now).or_else(|| self.wires.spared(&site, urgency, now)) {
            return Err(VenueError::Unavailable(pause.why));
        }
        if let Some(spoken) = self.wires.breadth.of(exchange) {
            spoken.learn(market);
        }
        let _heard = self.wires.hearing(&self.deps);
        on!(self.wires, exchange, native => native.book(&site, &market.key, BOOK_DEPTH).await, _ => Err(away(exchange)))
    }
}
