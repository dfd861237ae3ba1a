//! Orders that were placed: sent, cancelled, found and listed.
//!
//! 1. An answer is an acceptance only where it names the order that was sent, by its id, market, side and quantity, and its
//!    state is understood.
//! 2. An order in doubt is absent only where Binance does not know its id, lists no order with it since it may have been
//!    sent, and every trade since then is of another order.
//! 3. One that it has numbered is absent only where it does not know its id, has none open with it, and knows no trade of
//!    that number. How much is asked for that does not grow with its age.

use super::super::words::{self, refusal};
use super::super::{Login, Sent};
use super::ask::{self, Ask, about, numbered};
use super::line::{Failed, Line};
use super::outcome::verdict;
use super::read::{Fills, Order, Pair, Trade};
use app::ports::{Address, Cancelled, Listed, OcoFacts, OcoRequest, Outcome, Request, VenueOrder};
use domain::clock::{Millis, Timestamp};
use domain::ids::ClientOrderId;
use domain::market::Symbol;
use domain::order::{Fact, Status};
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, BTreeSet};
use tokio::time::Instant;

const ROWS_MAX: usize = 1_000;
/// Requests for one list.
const PAGES_MAX: usize = 40;
/// Orders that are looked at because a trade is of none that is listed.
const STRAYS_MAX: usize = 20;
/// What a list begins earlier than an order may have been sent: clocks differ.
const MARGIN: Millis = Millis::seconds(2);
/// "Order does not exist."
const NO_SUCH_ORDER: i64 = -2013;
const CANCEL_REJECTED: i64 = -2011;

/// Sends what an order is asked as, and believes what is answered.
pub(super) async fn submit(line: &Line, login: &Login, request: &Request, ask: &Ask) -> Outcome {
    let sent = line.send(login, ask, request.sent_at).await;
    let symbol = &request.market.key.symbol;
    let outcome = answered(line, login, sent, |order: Order| {
        let is_ours = order.is(&request.client_id) && order.is_for(symbol, request.direction, request.quantity);
        order.fact(order.fills(symbol)).filter(|_| is_ours)
    });
    match outcome {
        Outcome::Accepted(Fact { status: Some(Status::Rejected), .. }) => {
            Outcome::Rejected(refusal(words::REFUSED_BY_VENUE, "accepted and then rejected by the matching engine"))
        }
        outcome => outcome,
    }
}

pub(super) async fn submit_oco(line: &Line, login: &Login, request: &OcoRequest) -> Outcome<OcoFacts> {
    let sent = line.send(login, &ask::pair(request), request.sent_at).await;
    answered(line, login, sent, |pair: Pair| {
        let symbol = &request.market.key.symbol;
        let of = |id| {
            let is_for = |order: &&Order| order.is_for(symbol, request.direction, request.quantity);
            let order = pair.order_reports.iter().find(|order| order.is(id)).filter(is_for)?;
            order.fact(order.fills(symbol))
        };
        Some(OcoFacts { limit: of(&request.limit_id)?, stop: of(&request.stop_id)? })
    })
}

fn answered<A: DeserializeOwned, T>(
    line: &Line,
    login: &Login,
    sent: Sent,
    read: impl FnOnce(A) -> Option<T>,
) -> Outcome<T> {
    let answer = match sent {
        Sent::Not(why) => return Outcome::NotSent(why),
        Sent::Lost(why) => return Outcome::Unknown(why),
        Sent::Answered(answer) => answer,
    };
    if answer.is_success() {
        let Some(accepted) = answer.json().and_then(read) else {
            line.unread(&login.site);
            return Outcome::Unknown("accepted, in words that cannot be read or tell of another order".to_owned());
        };
        return Outcome::Accepted(accepted);
    }
    let verdict = verdict(line.wire, &answer);
    verdict.refusal.map_or_else(|| Outcome::Unknown(verdict.why), Outcome::Rejected)
}

/// Ends the order, and the other one of its pair with it, of which the answer tells too.
pub(super) async fn cancel(line: &Line, login: &Login, address: &Address) -> Cancelled {
    let answer = match line.send(login, &ask::cancel(line.wire, address), login.now).await {
        Sent::Answered(answer) => answer,
        Sent::Not(why) | Sent::Lost(why) => return Cancelled::Unknown(why),
    };
    if answer.is_success() {
        let pair = || answer.json::<Pair>()?.order_reports.into_iter().find(|order| order.is(&address.client_id));
        let one = || answer.json::<Order>().filter(|order| order.is(&address.client_id));
        let Some(ended) = pair().or_else(one).and_then(|order| order.fact(Fills::new())) else {
            line.unread(&login.site);
            return Cancelled::Unknown("an answer that cannot be read".to_owned());
        };
        return Cancelled::Done(ended);
    }
    let verdict = verdict(line.wire, &answer);
    let is_gone = match verdict.code {
        Some(CANCEL_REJECTED) => verdict.why.contains("Unknown order sent"),
        code => code == Some(NO_SUCH_ORDER),
    };
    if is_gone { Cancelled::Gone } else { Cancelled::Unknown(verdict.why) }
}

pub(super) async fn find(line: &Line, login: &Login, address: &Address) -> Result<Option<Fact>, Failed> {
    let symbol = &address.market.key.symbol;
    match line.read::<Order>(login, &ask::find(line.wire, address)).await {
        Ok(order) if order.is(&address.client_id) => with_trades(line, login, symbol, &order).await.map(Some),
        Ok(_) => Err(Failed::away("the answer is about another order")),
        Err(failed) if line.wire.archived.is_some_and(|code| failed.says(&[code])) => {
            Ok(Some(Fact::of(Status::Cancelled)))
        }
        Err(failed) if failed.says(&[NO_SUCH_ORDER]) => match number(address) {
            Some(number) => find_accepted(line, login, address, number).await,
            None => find_in_lists(line, login, address).await,
        },
        Err(failed) => Err(failed),
    }
}

/// By Binance's own counting, where it has told that.
fn number(address: &Address) -> Option<i64> {
    address.venue_id.as_ref()?.parse().ok()
}

/// One that Binance has numbered and does not tell of by its id. Contracts' orders that ended without a trade are forgotten
/// three days after they were placed, and all others after ninety: by its trades alone nobody knows whether it is over.
async fn find_accepted(line: &Line, login: &Login, address: &Address, number: i64) -> Result<Option<Fact>, Failed> {
    let symbol = &address.market.key.symbol;
    if let Some(order) = listed(line, login, address).await? {
        return with_trades(line, login, symbol, &order).await.map(Some);
    }
    let fills = trades_of(line, login, symbol, number).await?;
    let traded = Fact { venue_id: address.venue_id.clone(), fills, ..Fact::default() };
    Ok((!traded.fills.is_empty()).then_some(traded))
}

/// Among all orders since it was sent where one question tells them, else among those that are open.
async fn listed(line: &Line, login: &Login, address: &Address) -> Result<Option<Order>, Failed> {
    let (symbol, from) = (&address.market.key.symbol, login.signed_at(address.since).minus(MARGIN));
    let orders: Vec<Order> = if until(login).since(from) <= line.wire.span {
        since(line, login, line.wire.all_orders, symbol, from).await?.into_values().collect()
    } else {
        line.read(login, &about(line.wire.open_orders, symbol)).await?
    };
    Ok(orders.into_iter().find(|order| order.is(&address.client_id)))
}

/// Those that are open, market by market, where the list of one weighs less than its orders do one by one. One with trades that
/// are not known is left out.
pub(super) async fn find_many(
    line: &Line,
    login: &Login,
    addresses: &[Address],
) -> Result<BTreeMap<ClientOrderId, Fact>, Failed> {
    let mut by_symbol: BTreeMap<&Symbol, Vec<&Address>> = BTreeMap::new();
    for address in addresses {
        by_symbol.entry(&address.market.key.symbol).or_default().push(address);
    }
    let mut told = BTreeMap::new();
    for (symbol, asked) in by_symbol.into_iter().filter(|(_, asked)| asked.len() > 1) {
        let open: Vec<Order> = line.read(login, &about(line.wire.open_orders, symbol)).await?;
        for address in asked {
            let order = open.iter().find(|order| order.is(&address.client_id));
            let fact =
                order.filter(|order| order.is_known_by(&address.known)).and_then(|order| order.fact(Fills::new()));
            told.extend(fact.map(|fact| (address.client_id.clone(), fact)));
        }
    }
    Ok(told)
}

/// In all orders since it may have been sent, and behind all trades since then.
async fn find_in_lists(line: &Line, login: &Login, address: &Address) -> Result<Option<Fact>, Failed> {
    let symbol = &address.market.key.symbol;
    let from = login.signed_at(address.since).minus(MARGIN);
    let orders: BTreeMap<i64, Order> = since(line, login, line.wire.all_orders, symbol, from).await?;
    if let Some(order) = orders.values().find(|order| order.is(&address.client_id)) {
        return with_trades(line, login, symbol, order).await.map(Some);
    }
    let trades: BTreeMap<i64, Trade> = since(line, login, line.wire.trades, symbol, from).await?;
    let strays: BTreeSet<i64> =
        trades.values().map(|trade| trade.order_id).filter(|id| !orders.contains_key(id)).collect();
    if strays.len() > STRAYS_MAX {
        return Err(Failed::away("there are more trades of other orders than can be looked at"));
    }
    for stray in strays {
        let order: Order = line.read(login, &numbered(line.wire, symbol, stray)).await?;
        if order.is(&address.client_id) {
            return with_trades(line, login, symbol, &order).await.map(Some);
        }
    }
    Ok(None)
}

async fn with_trades(line: &Line, login: &Login, symbol: &Symbol, order: &Order) -> Result<Fact, Failed> {
    let fills = trades_of_order(line, login, symbol, order).await?;
    order.fact(fills).ok_or_else(not_understood)
}

async fn trades_of_order(line: &Line, login: &Login, symbol: &Symbol, order: &Order) -> Result<Fills, Failed> {
    if order.has_traded() { trades_of(line, login, symbol, order.order_id).await } else { Ok(Fills::new()) }
}

/// Every trade of one order, with what it has cost; a part of them where the rest does not come: the order tells what it has filled.
async fn trades_of(line: &Line, login: &Login, symbol: &Symbol, number: i64) -> Result<Fills, Failed> {
    let (mut fills, mut next, begun) = (Fills::new(), None, Instant::now());
    for _ in 0..PAGES_MAX {
        let mut ask = about(line.wire.trades, symbol).with("orderId", &number);
        if let Some(id) = next {
            ask = ask.with("fromId", &id);
        }
        let page: Vec<Trade> = match line.read(login, &ask.with("limit", &ROWS_MAX)).await {
            Err(failed) if fills.is_empty() => return Err(failed),
            Err(_) => break,
            Ok(page) => page,
        };
        fills.extend(page.iter().filter(|trade| trade.order_id == number).map(|trade| trade.fill(symbol)));
        if page.len() < ROWS_MAX || begun.elapsed() >= login.trades_for {
            break;
        }
        next = page.iter().map(|trade| trade.id.saturating_add(1)).max();
    }
    Ok(fills)
}

pub(super) async fn list(
    line: &Line,
    login: &Login,
    symbol: &Symbol,
    prefix: &str,
    which: Listed,
) -> Result<Vec<VenueOrder>, Failed> {
    match which {
        Listed::Open => {
            let open: Vec<Order> = line.read(login, &about(line.wire.open_orders, symbol)).await?;
            let mut listed = Vec::new();
            for order in open.into_iter().filter(|order| order.known_as().starts_with(prefix)) {
                let fills = trades_of_order(line, login, symbol, &order).await?;
                listed.push(order.listed(fills).ok_or_else(not_understood)?);
            }
            listed.sort_by_key(|order| order.accepted_at);
            Ok(listed)
        }
        Listed::Since(at) => list_since(line, login, symbol, prefix, login.signed_at(at)).await,
    }
}

async fn list_since(
    line: &Line,
    login: &Login,
    symbol: &Symbol,
    prefix: &str,
    from: Timestamp,
) -> Result<Vec<VenueOrder>, Failed> {
    let all: BTreeMap<i64, Order> = since(line, login, line.wire.all_orders, symbol, from).await?;
    let is_meant = |order: &&Order| {
        order.known_as().starts_with(prefix) && order.accepted_at().is_some_and(|at| at >= from.millis())
    };
    let ours: Vec<&Order> = all.values().filter(is_meant).collect();
    let mut fills: BTreeMap<i64, Fills> = BTreeMap::new();
    if ours.iter().any(|order| order.has_traded()) {
        let trades: BTreeMap<i64, Trade> = since(line, login, line.wire.trades, symbol, from).await?;
        for trade in trades.values() {
            fills.entry(trade.order_id).or_default().extend([trade.fill(symbol)]);
        }
    }
    let mut fills_of = |order: &Order| fills.remove(&order.order_id).unwrap_or_default();
    ours.iter().map(|order| order.listed(fills_of(order)).ok_or_else(not_understood)).collect()
}

/// A row of a list that is asked for by time.
trait Row: DeserializeOwned {
    fn id(&self) -> i64;
    fn at(&self) -> Option<i64>;
}

impl Row for Order {
    fn id(&self) -> i64 {
        self.order_id
    }

    fn at(&self) -> Option<i64> {
        self.accepted_at()
    }
}

impl Row for Trade {
    fn id(&self) -> i64 {
        self.id
    }

    fn at(&self) -> Option<i64> {
        Some(self.time)
    }
}

/// All rows of a list from a moment of Binance's clock up to now, by their numbers, which grow.
async fn since<T: Row>(
    line: &Line,
    login: &Login,
    path: &'static str,
    symbol: &Symbol,
    mut from: Timestamp,
) -> Result<BTreeMap<i64, T>, Failed> {
    let (mut rows, end) = (BTreeMap::new(), until(login));
    for _ in 0..PAGES_MAX {
        let to = from.plus(line.wire.span).min(end);
        let ask = about(path, symbol).with("startTime", &from.millis()).with("endTime", &to.millis());
        let page: Vec<T> = line.read(login, &ask.with("limit", &ROWS_MAX)).await?;
        let last = page.iter().filter_map(Row::at).max().filter(|_| page.len() >= ROWS_MAX);
        rows.extend(page.into_iter().map(|row| (row.id(), row)));
        match last {
            None if to >= end => return Ok(rows),
            None => from = to.plus(Millis::new(1)),
            // More may have happened in the same millisecond; but where it is the first, this does not get on.
            Some(last) if last > from.millis() => from = Timestamp::from_millis(last),
            Some(_) => return Err(too_many()),
        }
    }
    Err(too_many())
}

/// A little ahead of now, by Binance's clock.
fn until(login: &Login) -> Timestamp {
    login.signed_at(login.now).plus(MARGIN)
}

fn too_many() -> Failed {
    Failed::away("there is more than can be read at once")
}

fn not_understood() -> Failed {
    Failed::away("an order in words that are not known")
}
