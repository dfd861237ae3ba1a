//! An order that is looked for.
//!
//! 1. By the exchange's own id where that is known, else by ours; then among those that are open, and those that are over; then
//!    behind every trade of the market since it may have been sent. What one of them knows is not absent.
//! 2. A trade says whose it is by our id, or else by its order, which is asked for where no list has it.

use super::Spoken;
use super::asked::Wish;
use super::failed::Failed;
use super::line::symbol;
use super::lists::{OPEN, lists_of_ended, rows};
use super::orders::{about, not_understood};
use super::outcome;
use super::pages::List;
use super::read::{Order, Trade};
use super::trades::{TRADES, told, trades_of};
use crate::native::Login;
use app::ports::Address;
use ccxt_base::Value;
use domain::clock::{Millis, Timestamp};
use domain::money::Quantity;
use domain::order::{Fact, Status};
use std::collections::BTreeSet;

/// What a list begins earlier than an order may have been sent: clocks differ, by half a minute before any of these exchanges
/// refuses a request for its time and so tells of it (OKX, Bitget).
pub(super) const MARGIN: Millis = Millis::seconds(65);
/// Orders that are asked for because a trade is of none that is listed.
const STRAYS_MAX: usize = 20;

#[derive(Debug, Clone, Copy)]
struct Search<'a> {
    spoken: &'a Spoken,
    login: &'a Login,
    address: &'a Address,
    /// It was not sent before this, by the exchange's clock.
    since: Timestamp,
}

/// The order with its trades; none where nothing there knows it.
///
/// # Errors
/// Where it is not known whether anything does.
pub(super) async fn find(spoken: &Spoken, login: &Login, address: &Address) -> Result<Option<Fact>, Failed> {
    let search = Search { spoken, login, address, since: login.signed_at(address.since).minus(MARGIN) };
    if let Some(order) = search.one().await? {
        return search.with_trades(&order).await.map(Some);
    }
    match search.in_lists().await? {
        Ok(order) => search.with_trades(&order).await.map(Some),
        Err(others) => search.behind_trades(&others).await,
    }
}

impl Search<'_> {
    /// The order itself; none where the exchange does not tell of one, or does not know it.
    async fn one(&self) -> Result<Option<Order>, Failed> {
        if !self.spoken.ways.tells_one {
            return Ok(None);
        }
        let order = match &self.address.venue_id {
            Some(id) => self.by_its_id(id).await?,
            None => {
                let id = self.address.client_id.as_str();
                self.asked(Value::Null, id, about(self.spoken, self.spoken.ways.client_id, id)).await?
            }
        };
        match order {
            Some(order) if !self.is_meant(&order) => Err(Failed::Lost("the answer is about another order".to_owned())),
            order => Ok(order),
        }
    }

    /// Any order of this market.
    async fn by_its_id(&self, id: &str) -> Result<Option<Order>, Failed> {
        self.asked(Value::from(id), id, self.spoken.ways.with_orders.clone()).await
    }

    /// Where nobody has looked, an exchange may tell of no order by its id: absence is proven there by nothing.
    async fn asked(&self, id: Value, name: &str, params: serde_json::Value) -> Result<Option<Order>, Failed> {
        let (spoken, login, market) = (self.spoken, self.login, &self.address.market.key);
        let args = vec![id, symbol(market), Value::from(params)];
        let wish = Wish { names: Some(name.to_owned()), ..Wish::read("fetch_order", args) };
        match spoken.asked::<Order>(&login.site, Some(login), &[market], &wish, login.now).await {
            Err(Failed::Refused(status, error)) if outcome::is_gone(status, &error) => Ok(None),
            Err(Failed::Not(error)) if error.is("NotSupported") && spoken.ways.is_unseen() => Ok(None),
            answered => answered.map(Some),
        }
    }

    /// Whether it is the order that was asked for: what is of its exchange's own id need not say ours.
    fn is_meant(&self, order: &Order) -> bool {
        match &self.address.venue_id {
            Some(id) => order.id.as_ref() == Some(id) && order.may_be(&self.address.client_id),
            None => order.is(&self.address.client_id),
        }
    }

    /// Among those that are open, then among those that are over: what ends in between is found by the second. Else the ids of
    /// all that are listed.
    async fn in_lists(&self) -> Result<Result<Order, BTreeSet<String>>, Failed> {
        let named = (!self.spoken.ways.tells_one).then_some(self.address);
        let mut others = BTreeSet::new();
        for method in std::iter::once(OPEN).chain(lists_of_ended(self.spoken)?) {
            let from = (method != OPEN && named.is_none()).then_some(self.since);
            for order in rows(self.spoken, self.login, &self.address.market.key, method, from, named).await? {
                if order.is(&self.address.client_id) || self.is_meant(&order) {
                    return Ok(Ok(order));
                }
                others.extend(order.id);
            }
        }
        Ok(Err(others))
    }

    /// Behind every trade since it may have been sent that is of none of the others.
    async fn behind_trades(&self, others: &BTreeSet<String>) -> Result<Option<Fact>, Failed> {
        let (spoken, login, market) = (self.spoken, self.login, &self.address.market.key);
        let list = List { spoken, login, market, method: TRADES, paging: spoken.ways.trades };
        let trades: Vec<Trade> = list.whole(Some(self.since), &spoken.ways.with_orders).await?;
        if let Some(at) = spoken.ways.our_id_at {
            let own: Vec<&Trade> = trades.iter().filter(|trade| self.is_ours(trade, at)).collect();
            return if own.is_empty() { Ok(None) } else { self.traded(&own).map(Some) };
        }
        let of = trades.iter().map(|trade| trade.order.as_deref().ok_or_else(not_understood));
        let strays =
            of.filter(|id| !matches!(id, Ok(id) if others.contains(*id))).collect::<Result<BTreeSet<_>, _>>()?;
        if strays.len() > STRAYS_MAX {
            return Err(Failed::Lost("there are more trades of other orders than can be looked at".to_owned()));
        }
        for stray in strays {
            let order = self.by_its_id(stray).await?;
            let order = order.ok_or_else(|| Failed::Lost("a trade of an order that is not told".to_owned()))?;
            if order.is(&self.address.client_id) || self.is_meant(&order) {
                return self.with_trades(&order).await.map(Some);
            }
        }
        Ok(None)
    }

    fn is_ours(&self, trade: &Trade, our_id_at: &str) -> bool {
        let says_ours = trade.info.pointer(our_id_at).and_then(serde_json::Value::as_str);
        says_ours == Some(self.address.client_id.as_str())
            || trade.order.is_some() && trade.order == self.address.venue_id
    }

    /// Of an order that is known by its trades alone: it is there, and whether it goes on is not said.
    fn traded(&self, own: &[&Trade]) -> Result<Fact, Failed> {
        let fills = told(self.spoken, &self.address.market.key, own.iter().copied())?;
        let sum = fills.values().try_fold(Quantity::ZERO, |sum, fill| sum.plus(fill.quantity));
        Ok(Fact {
            status: Some(Status::PartiallyFilled),
            venue_id: own.iter().find_map(|trade| trade.order.clone()),
            cumulative: sum.map_err(|_| not_understood())?,
            fills,
            ..Fact::default()
        })
    }

    async fn with_trades(&self, order: &Order) -> Result<Fact, Failed> {
        let (spoken, market) = (self.spoken, &self.address.market.key);
        let fills = trades_of(spoken, self.login, market, order, &self.address.known, self.since).await?;
        order.fact(fills, spoken.lot(market)?).ok_or_else(not_understood)
    }
}
