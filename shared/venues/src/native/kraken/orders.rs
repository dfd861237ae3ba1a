//! Orders at the exchange: placed, ended, found and listed.
//!
//! 1. Absent is only what is not known by the exchange's own id, where we know that, and what its open orders, its closed
//!    orders and the orders of its trades do not know, asked in this order: what closes in between is found by the third.
//! 2. An id that we have sent names one order; what the exchange lists beside it does not count.
//! 3. Trades are told as the exchange counts them unasked, wherever they are told: what one taker got at once is one.

use super::Kraken;
use super::ask::{self, Form};
use super::outcome;
use super::read::{Order, Orders, Trade, Trades};
use super::turns::Turn;
use super::wire::{UNSIGNED, Unsigned, Why};
use crate::native::{Login, Sent, words};
use app::ports::{Address, Cancelled, Listed, Outcome, Request, VenueError, VenueOrder};
use domain::clock::{Millis, Timestamp};
use domain::ids::ClientOrderId;
use domain::limits::SEND_DELAY_MAX;
use domain::market::{Market, MarketKey};
use domain::order::Fact;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::time::{Instant, timeout};

/// Of fifty orders or trades each. Whoever has more since then is not read in part.
const PAGES_MAX: usize = 10;

/// Of one order in one look.
const TRADE_QUESTIONS_MAX: usize = 8;

/// By the exchange's own ids.
type Known = BTreeMap<String, Order>;

/// How far a list is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pages {
    All,
    /// As long as orders and their cancels are left most of what may be asked.
    WhileCalm,
}

#[derive(Deserialize)]
struct Ended {
    count: u32,
}

impl Kraken {
    /// Sends an order, as long as it is soon enough after it was signed: its turn may come too late.
    pub(super) async fn add(&self, login: &Login, request: &Request) -> Outcome {
        let Some(form) = ask::add_order(request, login.signed_at(request.sent_at)) else {
            return Outcome::NotSent("the order has no time that can be written".to_owned());
        };
        let Some(turn) = self.turn_within(login, left(request.sent_at, login.now)).await else {
            return Outcome::NotSent("its turn among the requests with this key has come too late".to_owned());
        };
        match self.send(login, turn, ask::ADD_ORDER, form).await {
            Err(Unsigned) => Outcome::Rejected(words::refusal(words::KEY_REFUSED, UNSIGNED)),
            Ok(Sent::Not(why)) => Outcome::NotSent(why),
            Ok(Sent::Lost(why)) => Outcome::Unknown(why),
            Ok(Sent::Answered(answer)) => outcome::submitted(&answer, |told| ask::is_described(told, request)),
        }
    }

    async fn turn_within(&self, login: &Login, left: Duration) -> Option<Turn> {
        let turn = self.turns.take(&login.key.api_key);
        if left.is_zero() { None } else { timeout(left, turn).await.ok() }
    }

    /// Ends an order, and reads what became of it.
    pub(super) async fn end(&self, login: &Login, address: &Address) -> Cancelled {
        let form = vec![("cl_ord_id", address.client_id.to_string())];
        match self.asked::<Ended>(login, ask::CANCEL_ORDER, form).await {
            Ok(Ended { count: 0 }) => Cancelled::Gone,
            Ok(_) => self.ended(login, address).await,
            Err(why) if is_unknown(&why) => Cancelled::Gone,
            Err(why) => Cancelled::Unknown(why.to_string()),
        }
    }

    /// The end of an order is known once it is among the closed ones.
    async fn ended(&self, login: &Login, address: &Address) -> Cancelled {
        let found = match self.named(login, ask::CLOSED_ORDERS, address).await {
            Ok(Some((id, order))) => self.told(login, address, &id, &order).await.map(Some),
            Ok(None) => Ok(None),
            Err(error) => Err(error),
        };
        match found {
            Ok(Some(fact)) if fact.status.is_some_and(domain::order::Status::is_final) => Cancelled::Done(fact),
            Ok(_) => Cancelled::Unknown("the exchange has taken the cancel and does not show its end yet".to_owned()),
            Err(error) => Cancelled::Unknown(error.to_string()),
        }
    }

    pub(super) async fn find(&self, login: &Login, address: &Address) -> Result<Option<Fact>, VenueError> {
        let mut found = self.by_its_id(login, address).await?;
        if found.is_none() {
            found = self.named(login, ask::OPEN_ORDERS, address).await?;
        }
        if found.is_none() {
            found = self.named(login, ask::CLOSED_ORDERS, address).await?;
        }
        if found.is_none() {
            found = self.behind_trades(login, address).await?;
        }
        let Some((id, order)) = found else { return Ok(None) };
        self.told(login, address, &id, &order).await.map(Some)
    }

    /// Those whose ids the exchange has told, fifty with one question, and their new trades with another. Whichever has more of
    /// those than fit in, and what the exchange does not tell, is left out.
    pub(super) async fn find_by_their_ids(
        &self,
        login: &Login,
        addresses: &[Address],
    ) -> Result<BTreeMap<ClientOrderId, Fact>, VenueError> {
        let named: Vec<(&String, &Address)> =
            addresses.iter().filter_map(|address| Some((address.venue_id.as_ref()?, address))).collect();
        let mut told = BTreeMap::new();
        for some in named.chunks(ask::ORDERS_AT_ONCE_MAX) {
            let ids: Vec<&str> = some.iter().map(|(id, _)| id.as_str()).collect();
            let form = vec![("trades", "true".to_owned()), ("txid", ids.join(","))];
            let known: Known = self.read(login, ask::QUERY_ORDERS, form).await?;
            told.extend(self.told_together(login, some, &known).await?);
        }
        Ok(told)
    }

    async fn told_together(
        &self,
        login: &Login,
        asked: &[(&String, &Address)],
        known: &Known,
    ) -> Result<Vec<(ClientOrderId, Fact)>, VenueError> {
        let (mut fitting, mut new) = (Vec::new(), Vec::new());
        for (id, address) in asked {
            let Some(order) = known.get(*id).filter(|order| order.may_be(&address.client_id)) else { continue };
            let trades = order.new_trades(&address.known);
            if new.len().saturating_add(trades.len()) <= ask::TRADES_AT_ONCE_MAX {
                new.extend(trades);
                fitting.push((id, address, order));
            }
        }
        let trades = if new.is_empty() { BTreeMap::new() } else { self.trades(login, &new).await? };
        let fact = |(id, address, order): (&&String, &&Address, &Order)| {
            Some((address.client_id.clone(), order.fact(id, &address.market.key.symbol, &trades)?))
        };
        Ok(fitting.into_iter().filter_map(fact).collect())
    }

    /// The order of the exchange's own id; none where that is not known here, or not there.
    async fn by_its_id(&self, login: &Login, address: &Address) -> Result<Option<(String, Order)>, VenueError> {
        let Some(id) = &address.venue_id else { return Ok(None) };
        let form = vec![("trades", "true".to_owned()), ("txid", id.clone())];
        let mut known: Known = match self.asked(login, ask::QUERY_ORDERS, form).await {
            Err(why) if is_unknown(&why) => return Ok(None),
            answered => answered?,
        };
        match known.remove(id) {
            Some(order) if order.may_be(&address.client_id) => Ok(Some((id.clone(), order))),
            Some(_) => Err(unreadable()),
            None => Ok(None),
        }
    }

    /// The order with this client id among the open or the closed ones.
    async fn named(
        &self,
        login: &Login,
        method: &str,
        address: &Address,
    ) -> Result<Option<(String, Order)>, VenueError> {
        let mut form = vec![("trades", "true".to_owned()), ("cl_ord_id", address.client_id.to_string())];
        if method == ask::CLOSED_ORDERS {
            form.push(("start", ask::from_before(login.signed_at(address.since))));
        }
        let told: Orders = self.read(login, method, form).await?;
        Ok(told.orders.into_iter().find(|(_, order)| order.is_known_as(&address.client_id)))
    }

    /// The order with this client id among those that were executed since it can have been sent.
    async fn behind_trades(&self, login: &Login, address: &Address) -> Result<Option<(String, Order)>, VenueError> {
        let mut ids: Vec<String> = self.traded(login, address.since).await?;
        ids.sort_unstable();
        ids.dedup();
        for some in ids.chunks(ask::ORDERS_AT_ONCE_MAX) {
            let form = vec![("trades", "true".to_owned()), ("txid", some.join(","))];
            let known: Known = self.read(login, ask::QUERY_ORDERS, form).await?;
            if let Some(found) = known.into_iter().find(|(_, order)| order.is_known_as(&address.client_id)) {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// The orders that trades were made for since then.
    async fn traded(&self, login: &Login, since: Timestamp) -> Result<Vec<String>, VenueError> {
        let start = ask::from_before(login.signed_at(since));
        let mut ids = Vec::new();
        for _ in 0..PAGES_MAX {
            let form = vec![("start", start.clone()), ("ofs", ids.len().to_string())];
            let page: Trades = self.read(login, ask::TRADES_HISTORY, form).await?;
            let is_last = page.trades.is_empty();
            ids.extend(page.trades.into_values().map(|trade| trade.ordertxid));
            if is_last || page.count.is_some_and(|count| ids.len() >= count) {
                return Ok(ids);
            }
        }
        Err(too_many())
    }

    pub(super) async fn list(
        &self,
        login: &Login,
        market: &Market,
        prefix: &str,
        which: Listed,
    ) -> Result<Vec<VenueOrder>, VenueError> {
        let mut known = self.listed(login, which, Pages::All).await?;
        let symbol = &market.key.symbol;
        known.retain(|_, order| {
            order.is_of(symbol) && order.cl_ord_id.as_ref().is_some_and(|id| id.starts_with(prefix))
        });
        let ids = known.values().flat_map(|order| &order.trades).map(String::as_str).collect::<Vec<_>>();
        let mut trades = BTreeMap::new();
        for some in ids.chunks(ask::TRADES_AT_ONCE_MAX) {
            trades.extend(self.trades(login, some).await?);
        }
        let listed: Option<Vec<VenueOrder>> =
            known.iter().map(|(id, order)| order.listed(id, symbol, &trades)).collect();
        let mut listed = listed.ok_or_else(unreadable)?;
        if let Listed::Since(since) = which {
            listed.retain(|order| order.accepted_at >= login.signed_at(since));
        }
        listed.sort_by_key(|order| order.accepted_at);
        Ok(listed)
    }

    /// Those of many markets, each list read once for all of them. Their trades are not asked for.
    pub(super) async fn list_together(
        &self,
        login: &Login,
        markets: &[Market],
        prefix: &str,
        which: Listed,
    ) -> Result<BTreeMap<MarketKey, Vec<VenueOrder>>, VenueError> {
        let mut known = self.listed(login, which, Pages::WhileCalm).await?;
        known.retain(|_, order| order.cl_ord_id.as_ref().is_some_and(|id| id.starts_with(prefix)));
        let from = match which {
            Listed::Open => Timestamp::default(),
            Listed::Since(since) => login.signed_at(since),
        };
        let of = |market: &Market| {
            let (key, none) = (market.key.clone(), BTreeMap::new());
            let here = known.iter().filter(|(_, order)| order.is_of(&key.symbol));
            let listed = here.map(|(id, order)| order.listed(id, &key.symbol, &none)).collect::<Option<Vec<_>>>();
            let mut listed = listed.ok_or_else(unreadable)?;
            listed.retain(|order| order.accepted_at >= from);
            listed.sort_by_key(|order| order.accepted_at);
            Ok((key, listed))
        };
        markets.iter().map(of).collect()
    }

    /// What is open, and what has closed as well where it is asked for since a time.
    async fn listed(&self, login: &Login, which: Listed, pages: Pages) -> Result<Known, VenueError> {
        let open: Orders = self.read(login, ask::OPEN_ORDERS, vec![("trades", "true".to_owned())]).await?;
        let mut known = open.orders;
        if let Listed::Since(since) = which {
            // One that has closed in between is told as closed.
            known.extend(self.closed(login, since, pages).await?);
        }
        Ok(known)
    }

    /// All closed orders that were accepted since then.
    async fn closed(&self, login: &Login, since: Timestamp, pages: Pages) -> Result<Known, VenueError> {
        let start = ask::from_before(login.signed_at(since));
        let mut known = Known::new();
        for _ in 0..PAGES_MAX {
            let is_further = !known.is_empty() && pages == Pages::WhileCalm;
            if is_further && self.traffic.calm_one(&login.site, &login.key, login.now).is_some() {
                return Err(VenueError::Unavailable("most of what may be asked with this key is used".to_owned()));
            }
            let form = page_of_closed(&start, known.len());
            let page: Orders = self.read(login, ask::CLOSED_ORDERS, form).await?;
            let is_last = page.orders.is_empty();
            known.extend(page.orders);
            if is_last || page.count.is_some_and(|count| known.len() >= count) {
                return Ok(known);
            }
        }
        Err(too_many())
    }

    /// The fact of one order, with those of its trades that are not known yet. Of very many some are left to the next look: the
    /// exchange counts questions, and a call has an end.
    async fn told(&self, login: &Login, address: &Address, id: &str, order: &Order) -> Result<Fact, VenueError> {
        let ids = order.new_trades(&address.known);
        let (mut trades, begun) = (BTreeMap::new(), Instant::now());
        for some in ids.chunks(ask::TRADES_AT_ONCE_MAX).take(TRADE_QUESTIONS_MAX) {
            match self.trades(login, some).await {
                Ok(told) => trades.extend(told),
                Err(error) if trades.is_empty() => return Err(error),
                Err(_) => break,
            }
            if begun.elapsed() >= login.trades_for {
                break;
            }
        }
        order.fact(id, &address.market.key.symbol, &trades).ok_or_else(unreadable)
    }

    async fn trades(&self, login: &Login, ids: &[&str]) -> Result<BTreeMap<String, Trade>, VenueError> {
        self.read(login, ask::QUERY_TRADES, vec![("txid", ids.join(","))]).await
    }
}

/// Whether it knows no such order.
fn is_unknown(why: &Why) -> bool {
    why.says("EOrder:Unknown order") || why.says("EOrder:Invalid order")
}

/// How long a request may wait for its turn: until it is as late as it may be sent.
fn left(sent_at: Timestamp, now: Timestamp) -> Duration {
    let left = sent_at.plus(SEND_DELAY_MAX).since(now).max(Millis::ZERO);
    Duration::from_millis(left.get().unsigned_abs())
}

fn page_of_closed(start: &str, offset: usize) -> Form {
    vec![
        ("trades", "true".to_owned()),
        ("start", start.to_owned()),
        ("ofs", offset.to_string()),
        ("closetime", "open".to_owned()),
    ]
}

fn unreadable() -> VenueError {
    VenueError::Unavailable("the exchange lists an order that cannot be read".to_owned())
}

fn too_many() -> VenueError {
    VenueError::Unavailable("more orders or trades since then than are read".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::native::{Site, Transport};
    use app::ports::{Secret, VenueKey};
    use domain::ids::AccountId;
    use domain::market::{Filters, MarketKey, MarketKind, Maxima, Stops};
    use domain::money::Quantity;
    use domain::order::Direction;
    use domain::preset::OrderKind;
    use domain::vault::Mode;
    use std::sync::Arc;

    const NOW: Timestamp = Timestamp::from_millis(1_795_262_400_000);

    fn login() -> Login {
        let secret = |text: &str| Secret::new(text.to_owned());
        let key = VenueKey { api_key: secret("key"), api_secret: secret("c2VjcmV0"), passphrase: None };
        // Nobody is asked there: on a local stack only this machine is.
        let site = Site { mode: Mode::Live, url: "https://api.kraken.com".to_owned() };
        Login::new(site, key, NOW)
    }

    fn request(sent_at: Timestamp) -> Request {
        let filters = Filters {
            price_tick: "1".parse().unwrap(),
            quantity_step: "1".parse().unwrap(),
            quantity_min: Quantity::ZERO,
            notional_min: Quantity::ZERO,
            most: Maxima::default(),
        };
        let key = MarketKey { exchange: "KRAKEN".parse().unwrap(), symbol: "BTC/USD".parse().unwrap() };
        let fee = "0.004".parse().unwrap();
        Request {
            account: AccountId::of(&["a"]),
            market: Market {
                key,
                filters,
                fee,
                kind: MarketKind::Spot,
                can_short: false,
                stops: Stops::Polled,
                orders_max: None,
                at_venue: None,
            },
            client_id: ClientOrderId::from_stored("m1"),
            direction: Direction::Buy,
            kind: OrderKind::Market,
            trigger: None,
            quantity: "1".parse().unwrap(),
            reduce_only: false,
            sent_at,
        }
    }

    /// How long an order waits for its turn while another request is under way, when it is this old.
    async fn check(age: i64, waits: Duration) {
        let kraken = Kraken::new(Arc::new(Transport::new(true)), Arc::default());
        let (login, begun) = (login(), Instant::now());
        let under_way = kraken.turns.take(&login.key.api_key).await;
        let outcome = kraken.add(&login, &request(NOW.minus(Millis::new(age)))).await;
        assert!(matches!(&outcome, Outcome::NotSent(why) if why.contains("turn")), "{outcome:?}");
        assert_eq!(begun.elapsed().as_millis(), waits.as_millis(), "{age}");
        drop(under_way);
    }

    #[tokio::test(start_paused = true)]
    async fn an_order_waits_for_its_turn_until_it_is_as_late_as_it_may_be_sent() {
        check(0, Duration::from_millis(2_000)).await;
        check(500, Duration::from_millis(1_500)).await;
        check(2_000, Duration::ZERO).await;
        check(9_000, Duration::ZERO).await;
    }
}
