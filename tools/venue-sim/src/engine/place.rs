//! Placing and cancelling.

use super::{Account, Draft, Exchange, Filter, Market, Millis, Order, Side, Size, Status, filters};
use domain::money::{Amount, Fraction, MoneyError, Price, Quantity};

/// Why the exchange does not do what it is asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("no such market")]
    NoSuchMarket,
    #[error("the market is closed")]
    Closed,
    #[error("{0}")]
    Filter(Filter),
    #[error("the client order id is in use")]
    DuplicateId,
    #[error("the order would trigger immediately")]
    WouldTrigger,
    #[error("the order would match immediately")]
    WouldMatch,
    #[error("the prices of the pair are on the wrong sides")]
    WrongSides,
    #[error("there is nothing to be reduced")]
    ReduceOnly,
    #[error("insufficient balance")]
    InsufficientBalance,
    #[error("no such order")]
    NoSuchOrder,
    #[error("the order has ended")]
    Ended,
    #[error("{0}")]
    Inexact(#[from] MoneyError),
}

impl Exchange {
    /// Takes an order, and fills at once what the market gives.
    ///
    /// # Errors
    /// A [`Refusal`]; then nothing has changed.
    pub fn place(&mut self, account: &str, draft: Draft, cap: Option<Fraction>, now: Millis) -> Result<u64, Refusal> {
        let quantity = self.check(account, &draft)?;
        let need = self.need_at_once(account, &draft, quantity)?;
        self.afford(account, &draft, need)?;
        let mut order = self.made(account, draft, quantity, now);
        order.cap = cap.and_then(|share| self.share_of(&order, &share));
        let locks = order.draft.price.is_some() || order.draft.trigger.is_some();
        let locked = if locks { need } else { Amount::ZERO };
        self.enter(order, locked)
    }

    /// Whether this order would be taken, but for the balance: what it comes to in base.
    ///
    /// # Errors
    /// A [`Refusal`].
    pub fn check(&self, account: &str, draft: &Draft) -> Result<Quantity, Refusal> {
        let market = self.market(&draft.market)?;
        if !market.is_trading {
            return Err(Refusal::Closed);
        }
        let quantity = self.quantity(market, draft)?;
        filters::check(self, account, draft, quantity)?;
        if self.open_of(account).any(|order| order.draft.client_id == draft.client_id) {
            return Err(Refusal::DuplicateId);
        }
        if draft.reduce_only && self.reducible(account, &draft.market, draft.side).is_zero() {
            return Err(Refusal::ReduceOnly);
        }
        self.check_prices(market, draft).map(|()| quantity)
    }

    fn check_prices(&self, market: &Market, draft: &Draft) -> Result<(), Refusal> {
        let triggers = draft.trigger.is_some_and(|trigger| trigger.is_met_at(market.last));
        if triggers && self.policy.refuses_passed_triggers {
            return Err(Refusal::WouldTrigger);
        }
        let matches = draft.price.is_some_and(|limit| crosses(draft.side, limit, market.best_against(draft.side)));
        if draft.post_only && matches && draft.trigger.is_none() { Err(Refusal::WouldMatch) } else { Ok(()) }
    }

    /// Ends an order by its owner's wish, and the other one of its pair with it.
    ///
    /// # Errors
    /// [`Refusal::NoSuchOrder`] or [`Refusal::Ended`].
    pub fn cancel(&mut self, account: &str, id: u64, now: Millis) -> Result<(), Refusal> {
        let order = self.orders.get(&id).filter(|order| order.account == account).ok_or(Refusal::NoSuchOrder)?;
        if !order.is_open() {
            return Err(Refusal::Ended);
        }
        let both = order.pair.and_then(|pair| self.pairs.get(&pair)).map_or(vec![id], |pair| pair.orders.to_vec());
        for id in both {
            self.end(id, Status::Cancelled, now)?;
        }
        Ok(())
    }

    /// Gives back what an open order holds, and lets it be.
    pub(super) fn end(&mut self, id: u64, status: Status, now: Millis) -> Result<(), MoneyError> {
        let Some(order) = self.orders.get_mut(&id).filter(|order| order.is_open()) else { return Ok(()) };
        let (locked, side) = (order.locked, order.draft.side);
        (order.status, order.locked, order.updated_at) = (status, Amount::ZERO, now);
        let (account, market) = (order.account.clone(), order.draft.market.clone());
        let Some(asset) = self.paid_in(&market, side) else { return Ok(()) };
        self.account_mut(&account).unlock(&asset, locked)
    }

    pub(super) fn expire(&mut self, now: Millis) {
        let is_over =
            |order: &&Order| matches!(order.draft.time_in_force, super::TimeInForce::Until(end) if end <= now);
        let over: Vec<u64> =
            self.orders.values().filter(|order| order.is_open()).filter(is_over).map(|order| order.id).collect();
        for id in over {
            // What an order holds is part of what is locked: giving it back cannot fail.
            let _given_back = self.end(id, Status::Expired, now);
        }
    }

    /// # Errors
    /// [`Refusal::NoSuchMarket`].
    pub fn market(&self, name: &str) -> Result<&Market, Refusal> {
        self.markets.get(name).ok_or(Refusal::NoSuchMarket)
    }

    pub fn open_of<'a>(&'a self, account: &'a str) -> impl Iterator<Item = &'a Order> + 'a {
        self.orders.values().filter(move |order| order.account == account && order.is_open())
    }

    fn quantity(&self, market: &Market, draft: &Draft) -> Result<Quantity, Refusal> {
        let price = draft.price.unwrap_or_else(|| market.best_against(draft.side)).fraction();
        let (value, price) = match draft.size {
            Size::Base(quantity) => return Ok(quantity),
            Size::Quote(value) => (value, price),
            Size::QuoteWithFees(value) => (value, price * self.policy.taker.on_top()),
        };
        let exact = Fraction::from(value.get()).over(&price).ok_or(Refusal::Filter(Filter::Notional))?;
        Ok(Quantity::new(exact.floor_to(market.rules.step)?)?)
    }

    /// What the account must have free for this.
    pub(super) fn need_at_once(&self, account: &str, draft: &Draft, quantity: Quantity) -> Result<Amount, Refusal> {
        let market = self.market(&draft.market)?;
        let at = draft.price.or(draft.trigger.map(|trigger| trigger.price));
        Ok(self.need(account, draft, at.unwrap_or_else(|| market.best_against(draft.side)), quantity)?)
    }

    pub(super) fn afford(&self, account: &str, draft: &Draft, need: Amount) -> Result<(), Refusal> {
        let asset = self.paid_in(&draft.market, draft.side).ok_or(Refusal::NoSuchMarket)?;
        let free = self.accounts.get(account).map(|account| account.balance(&asset).free).unwrap_or_default();
        if free < need { Err(Refusal::InsufficientBalance) } else { Ok(()) }
    }

    pub(super) fn made(&mut self, account: &str, draft: Draft, quantity: Quantity, now: Millis) -> Order {
        Order {
            id: self.next_id(),
            account: account.to_owned(),
            quantity,
            status: Status::New,
            filled: Quantity::ZERO,
            value: Amount::ZERO,
            fee: Amount::ZERO,
            fee_asset: String::new(),
            fills: 0,
            locked: Amount::ZERO,
            created_at: now,
            updated_at: now,
            working_at: draft.trigger.is_none().then_some(now),
            cap: None,
            pair: None,
            visible_at: now.saturating_add(self.read_lag),
            draft,
        }
    }

    /// From here on the order is there.
    pub(super) fn enter(&mut self, mut order: Order, locked: Amount) -> Result<u64, Refusal> {
        let asset = self.paid_in(&order.draft.market, order.draft.side).ok_or(Refusal::NoSuchMarket)?;
        self.account_mut(&order.account).lock(&asset, locked)?;
        order.locked = locked;
        let (id, now) = (order.id, order.created_at);
        self.orders.insert(id, order);
        self.match_new(id, now);
        Ok(id)
    }

    fn share_of(&self, order: &Order, share: &Fraction) -> Option<Quantity> {
        let step = self.markets.get(&order.draft.market)?.rules.step;
        (order.quantity.fraction() * share.clone()).floor_to(step).ok().and_then(|part| Quantity::new(part).ok())
    }
}

/// Whether a limit reaches the best price against it.
pub(super) fn crosses(side: Side, limit: Price, best: Price) -> bool {
    match side {
        Side::Buy => limit >= best,
        Side::Sell => limit <= best,
    }
}

impl Default for Draft {
    fn default() -> Self {
        Self {
            market: String::new(),
            side: Side::Buy,
            size: Size::Base(Quantity::ZERO),
            price: None,
            trigger: None,
            time_in_force: super::TimeInForce::Gtc,
            post_only: false,
            reduce_only: false,
            fee_in_base: false,
            client_id: String::new(),
            words: serde_json::Value::Null,
        }
    }
}

impl Account {
    pub fn with(balances: &[(&str, Amount)]) -> Self {
        let mut account = Self::default();
        for (asset, free) in balances {
            account.set_free(asset, *free);
        }
        account
    }
}
