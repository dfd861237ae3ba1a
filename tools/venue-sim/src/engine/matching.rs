//! What the price does to orders: it triggers them, and fills them.

use super::place::crosses;
use super::{Exchange, Millis, Order, Side, Status, TimeInForce};
use domain::money::{MoneyError, Price, Quantity};

impl Exchange {
    /// A new order meets the market for the first time.
    pub(super) fn match_new(&mut self, id: u64, now: Millis) {
        self.trigger(id, now);
        self.take(id, now);
        let Some(order) = self.orders.get(&id).filter(|order| order.is_working()) else { return };
        let rests = order.draft.price.is_some()
            && matches!(order.draft.time_in_force, TimeInForce::Gtc | TimeInForce::Until(_));
        if !rests {
            self.end_rest(id, now);
        }
    }

    /// The price of a market has moved.
    pub(super) fn match_market(&mut self, market: &str, now: Millis) {
        let is_here = |order: &&Order| order.is_open() && order.draft.market == market;
        let open: Vec<u64> = self.orders.values().filter(is_here).map(|order| order.id).collect();
        for id in open {
            if self.orders.get(&id).is_some_and(Order::is_working) {
                self.make(id, now);
            } else if self.trigger(id, now) {
                self.take(id, now);
                self.end_triggered(id, now);
            }
        }
    }

    /// Trades this much of a resting order at its own limit, whatever the price.
    ///
    /// # Errors
    /// Where the numbers have too many digits.
    pub fn fill(&mut self, id: u64, quantity: Quantity, now: Millis) -> Result<(), MoneyError> {
        let working = self.orders.get(&id).filter(|order| order.is_working());
        let Some((limit, rest)) = working.and_then(|order| Some((order.draft.price?, order.remaining()))) else {
            return Ok(());
        };
        self.fill_at(id, quantity.min(rest), limit, true, now)
    }

    /// Whether this order has just been triggered.
    fn trigger(&mut self, id: u64, now: Millis) -> bool {
        let Some(order) = self.orders.get(&id).filter(|order| order.is_open() && order.working_at.is_none()) else {
            return false;
        };
        let last = self.markets.get(&order.draft.market).map(|market| market.last);
        let is_met = order.draft.trigger.zip(last).is_some_and(|(trigger, last)| trigger.is_met_at(last));
        if is_met {
            self.leave_pair(id, now);
            if let Some(order) = self.orders.get_mut(&id) {
                (order.working_at, order.updated_at) = (Some(now), now);
            }
        }
        is_met
    }

    /// Takes what the market gives, at the market's price.
    fn take(&mut self, id: u64, now: Millis) {
        let Some(order) = self.orders.get(&id).filter(|order| order.is_working()) else { return };
        let Some(best) = self.markets.get(&order.draft.market).map(|market| market.best_against(order.draft.side))
        else {
            return;
        };
        if order.draft.price.is_none_or(|limit| crosses(order.draft.side, limit, best)) {
            self.fill_or_expire(id, best, false, now);
        }
    }

    /// A resting order whose limit the price has come to trades at its limit.
    fn make(&mut self, id: u64, now: Millis) {
        let Some(order) = self.orders.get(&id) else { return };
        let Some(market) = self.markets.get(&order.draft.market) else { return };
        let reached = |limit: &Price| match order.draft.side {
            Side::Buy => market.last <= *limit,
            Side::Sell => market.last >= *limit,
        };
        if let Some(limit) = order.draft.price.filter(reached) {
            self.fill_or_expire(id, limit, true, now);
        }
    }

    fn fill_or_expire(&mut self, id: u64, price: Price, is_maker: bool, now: Millis) {
        let Some(order) = self.orders.get_mut(&id) else { return };
        let rest = order.remaining();
        let quantity = order.cap.take().map_or(rest, |cap| cap.min(rest));
        let most = self.orders.get(&id).and_then(|order| self.fills_at_most(order));
        let quantity = most.map_or(quantity, |most| most.min(quantity));
        let is_paid = self.can_pay(id, quantity, price);
        if !is_paid || self.fill_at(id, quantity, price, is_maker, now).is_err() {
            let _given_back = self.end(id, Status::Expired, now);
        }
    }

    fn fill_at(
        &mut self,
        id: u64,
        quantity: Quantity,
        price: Price,
        maker: bool,
        now: Millis,
    ) -> Result<(), MoneyError> {
        if quantity.is_zero() {
            return Ok(());
        }
        self.leave_pair(id, now);
        self.settle(id, quantity, price, maker, now)?;
        self.lock_rest(id)?;
        if let Some(market) = self.orders.get(&id).map(|order| order.draft.market.clone()) {
            self.end_idle(&market, now);
        }
        Ok(())
    }

    /// A stop that becomes a market order after the price has jumped may need more than it holds.
    fn can_pay(&self, id: u64, quantity: Quantity, price: Price) -> bool {
        let Some(order) = self.orders.get(&id) else { return false };
        let Ok(need) = self.need(&order.account, &order.draft, price, quantity) else { return false };
        let Some(asset) = self.paid_in(&order.draft.market, order.draft.side) else { return false };
        let sibling = self.sibling(id).map(|other| other.locked).unwrap_or_default();
        let free = self.accounts.get(&order.account).map(|account| account.balance(&asset).free).unwrap_or_default();
        let all = free.plus(order.locked).and_then(|all| all.plus(sibling));
        all.is_ok_and(|all| all >= need)
    }

    fn end_triggered(&mut self, id: u64, now: Millis) {
        if self.orders.get(&id).is_some_and(|order| order.is_working() && order.draft.price.is_none()) {
            self.end_rest(id, now);
        }
    }

    fn end_rest(&mut self, id: u64, now: Millis) {
        let _given_back = self.end(id, Status::Expired, now);
    }
}
