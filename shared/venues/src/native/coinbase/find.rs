//! Looking for orders: by the exchange's own id where that is known. Nothing is asked by client order id: orders are listed,
//! newest first, and compared.
//!
//! 1. What is listed is listed to its end, or it is no answer: a part of a list proves nothing absent. Trades of a known order
//!    may be told in part: it is told with what it has filled, and is asked about again.
//! 2. An order is absent where the exchange knows no order of its own id, where that is known, and it is neither among the
//!    orders of its market that are as old, nor among all orders of the account since it was sent, nor behind any of the
//!    trades since. (That a market goes by one name in every list is written nowhere: some products are aliases of others.)

use super::Coinbase;
use super::ask::{unknown_order, unreadable, written_time};
use super::order::product;
use super::read::{Order, Trade};
use crate::native::Login;
use app::ports::{Address, Listed, VenueError, VenueOrder};
use domain::clock::Millis;
use domain::market::{Market, Symbol};
use domain::order::Fact;
use serde::Deserialize;
use std::collections::BTreeSet;
use tokio::time::Instant;

const PAGE: &str = "100";
const PAGES_MAX: usize = 40;
/// Orders whose trades are asked for at once.
const ORDERS_A_QUESTION: usize = 20;
/// Orders behind trades that are looked at, one by one, before absence is believed.
const STRANGERS_MAX: usize = 40;
/// An order is looked for from before it was sent: two clocks are never the same, and ours may be ahead by whatever leeway a token
/// is allowed, which is written nowhere.
const SLACK: Millis = Millis::seconds(65);
/// And first where it must be if it was accepted soon: one that has rested for weeks is found as fast as a new one.
const SOON: Millis = Millis::seconds(180);

#[derive(Deserialize)]
struct Orders {
    orders: Vec<Order>,
    #[serde(default)]
    has_next: bool,
    #[serde(default)]
    cursor: String,
}

#[derive(Deserialize)]
struct Trades {
    fills: Vec<Trade>,
    #[serde(default)]
    cursor: String,
}

/// Trades, and whether they are all that there are.
struct Told {
    told: Vec<Trade>,
    whole: bool,
}

#[derive(Deserialize)]
struct One {
    order: Order,
}

type Pairs<'a> = Vec<(&'static str, &'a str)>;

impl Coinbase {
    /// What is known of the order, with its trades.
    pub(super) async fn found(&self, login: &Login, address: &Address) -> Result<Option<Fact>, VenueError> {
        match self.order_at(login, address).await? {
            Some(order) => self.fact(login, &order, &address.market.key.symbol).await.map(Some),
            None => Ok(None),
        }
    }

    /// The order itself.
    pub(super) async fn order_at(&self, login: &Login, address: &Address) -> Result<Option<Order>, VenueError> {
        match self.by_its_id(login, address).await? {
            Some(order) => Ok(Some(order)),
            None => self.in_lists(login, address).await,
        }
    }

    /// By the exchange's own id; none where that is not known here, or not there.
    async fn by_its_id(&self, login: &Login, address: &Address) -> Result<Option<Order>, VenueError> {
        let Some(id) = &address.venue_id else { return Ok(None) };
        let answer = self.answer(login, &one(id), &[]).await?;
        if unknown_order(&answer) {
            return Ok(None);
        }
        let One { order } = self.understood(&login.site, &answer)?;
        let is_it = order.client_order_id.is_empty() || order.client_order_id == address.client_id.as_str();
        if order.order_id == *id && is_it { Ok(Some(order)) } else { Err(unreadable()) }
    }

    async fn in_lists(&self, login: &Login, address: &Address) -> Result<Option<Order>, VenueError> {
        let since = login.signed_at(address.since).minus(SLACK);
        let (since, soon) = (written_time(since), written_time(since.plus(SOON)));
        let product = product(&address.market.key.symbol);
        let is_it = |order: &Order| order.client_order_id == address.client_id.as_str();
        let own = vec![("product_ids", product.as_str()), ("start_date", since.as_str()), ("end_date", soon.as_str())];
        let all = vec![("start_date", since.as_str())];
        let mut seen = BTreeSet::new();
        for query in [own, all] {
            let orders = self.orders(login, &query, is_it).await?;
            if let Some(order) = orders.iter().find(|order| is_it(order)) {
                return Ok(Some(order.clone()));
            }
            seen.extend(orders.into_iter().map(|order| order.order_id));
        }
        self.behind_trades(login, &since, &seen, is_it).await
    }

    /// The order behind a trade that no list of orders shows.
    async fn behind_trades(
        &self,
        login: &Login,
        since: &str,
        seen: &BTreeSet<String>,
        is_it: impl Fn(&Order) -> bool,
    ) -> Result<Option<Order>, VenueError> {
        let trades = self.trades(login, &[("start_sequence_timestamp", since)]).await?;
        if !trades.whole {
            return Err(too_long());
        }
        let ids: BTreeSet<String> = trades.told.into_iter().map(|trade| trade.order_id).collect();
        let strangers: Vec<&String> = ids.difference(seen).collect();
        if strangers.len() > STRANGERS_MAX {
            return Err(VenueError::Unavailable("too many trades are of orders that no list shows".to_owned()));
        }
        for id in strangers {
            let order = self.order_by_id(login, id).await?;
            if is_it(&order) {
                return Ok(Some(order));
            }
        }
        Ok(None)
    }

    async fn order_by_id(&self, login: &Login, id: &str) -> Result<Order, VenueError> {
        let One { order } = self.read(login, &one(id), &[]).await?;
        if order.order_id == id { Ok(order) } else { Err(unreadable()) }
    }

    /// What the order of this id of the exchange's tells.
    pub(super) async fn told_by_id(&self, login: &Login, id: &str, symbol: &Symbol) -> Result<Fact, VenueError> {
        let order = self.order_by_id(login, id).await?;
        self.fact(login, &order, symbol).await
    }

    /// What an order tells, with its trades where it has any.
    pub(super) async fn fact(&self, login: &Login, order: &Order, symbol: &Symbol) -> Result<Fact, VenueError> {
        let trades = self.trades_of(login, std::slice::from_ref(order)).await?;
        order.fact(&trades, symbol).ok_or_else(unreadable)
    }

    /// Orders of ours in a market, oldest first. What waits to become open shows among the open ones once it is.
    pub(super) async fn listed(
        &self,
        login: &Login,
        market: &Market,
        prefix: &str,
        which: Listed,
    ) -> Result<Vec<VenueOrder>, VenueError> {
        let symbol = &market.key.symbol;
        let product = product(symbol);
        let since = if let Listed::Since(at) = which { written_time(login.signed_at(at)) } else { String::new() };
        let part = match which {
            Listed::Open => ("order_status", "OPEN"),
            Listed::Since(_) => ("start_date", since.as_str()),
        };
        let mut orders = self.orders(login, &vec![("product_ids", product.as_str()), part], |_| false).await?;
        orders.retain(|order| order.client_order_id.starts_with(prefix));
        let trades = self.trades_of(login, &orders).await?;
        let listed = orders.iter().map(|order| order.listed(&trades, symbol));
        let mut listed: Vec<VenueOrder> = listed.collect::<Option<_>>().ok_or_else(unreadable)?;
        listed.sort_by(|a, b| (a.accepted_at, &a.venue_id).cmp(&(b.accepted_at, &b.venue_id)));
        Ok(listed)
    }

    /// All pages of a list, or those up to the one that has what is looked for.
    async fn orders(
        &self,
        login: &Login,
        query: &Pairs<'_>,
        is_it: impl Fn(&Order) -> bool,
    ) -> Result<Vec<Order>, VenueError> {
        let (mut all, mut cursor) = (Vec::new(), String::new());
        for _ in 0..PAGES_MAX {
            let page: Orders = self.read(login, "/orders/historical/batch", &paged(query, &cursor)).await?;
            let is_found = page.orders.iter().any(&is_it);
            all.extend(page.orders);
            if is_found || !page.has_next {
                return Ok(all);
            }
            cursor = next(&cursor, page.cursor)?;
        }
        Err(too_long())
    }

    /// The trades of these orders; those that have executed nothing are not asked for.
    async fn trades_of(&self, login: &Login, orders: &[Order]) -> Result<Vec<Trade>, VenueError> {
        let has_traded = |order: &&Order| order.filled().is_none_or(|filled| !filled.is_zero());
        let ids: Vec<&str> = orders.iter().filter(has_traded).map(|order| order.order_id.as_str()).collect();
        let mut all = Vec::new();
        for some in ids.chunks(ORDERS_A_QUESTION) {
            let query: Pairs<'_> = some.iter().map(|id| ("order_ids", *id)).collect();
            all.extend(self.trades(login, &query).await?.told);
        }
        Ok(all)
    }

    /// Page by page: what comes after the first is left out where it does not come, or not soon.
    async fn trades(&self, login: &Login, query: &[(&'static str, &str)]) -> Result<Told, VenueError> {
        let (mut told, mut cursor, begun) = (Vec::new(), String::new(), Instant::now());
        for number in 0..PAGES_MAX {
            let page: Trades = match self.read(login, "/orders/historical/fills", &paged(query, &cursor)).await {
                Err(error) if number == 0 => return Err(error),
                Err(_) => break,
                Ok(page) => page,
            };
            let is_last = page.cursor.is_empty() || page.fills.is_empty();
            told.extend(page.fills);
            if is_last {
                return Ok(Told { told, whole: true });
            }
            match next(&cursor, page.cursor) {
                Ok(next) if begun.elapsed() < login.trades_for => cursor = next,
                _ => break,
            }
        }
        Ok(Told { told, whole: false })
    }
}

fn one(id: &str) -> String {
    format!("/orders/historical/{id}")
}

fn paged<'a>(query: &[(&'static str, &'a str)], cursor: &'a str) -> Pairs<'a> {
    let mut pairs: Pairs<'a> = query.to_vec();
    pairs.push(("limit", PAGE));
    if !cursor.is_empty() {
        pairs.push(("cursor", cursor));
    }
    pairs
}

/// A list that says that it goes on, and not where, or where it was already, has no end that can be reached.
fn next(before: &str, cursor: String) -> Result<String, VenueError> {
    if cursor.is_empty() || cursor == before { Err(unreadable()) } else { Ok(cursor) }
}

fn too_long() -> VenueError {
    VenueError::Unavailable("the list is too long to be read to its end".to_owned())
}
