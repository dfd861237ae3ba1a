//! A trade and what it does to the account.

use super::{Draft, Exchange, FeeIn, Millis, Order, Side, Status, Trade};
use domain::money::{Amount, Decimal, Fraction, MoneyError, Price, Quantity, Rate};

/// Fees are cut off after eight digits.
const FEE_STEP: Decimal = Decimal::from_parts(1, 0, 0, false, 8);

/// A fee and in what it is paid.
struct Fee {
    amount: Amount,
    asset: String,
}

impl Exchange {
    /// Trades this much of an order at this price.
    pub(super) fn settle(
        &mut self,
        id: u64,
        quantity: Quantity,
        price: Price,
        is_maker: bool,
        now: Millis,
    ) -> Result<(), MoneyError> {
        let Some(order) = self.orders.get(&id).cloned() else { return Ok(()) };
        let value = price.times(quantity)?;
        let fee = self.fee(&order, quantity, value, is_maker)?;
        let after = self.after(order, quantity, value, &fee, now)?;
        if self.policy.trades_contracts {
            self.pay_contracts(&after, quantity, price, &fee)?;
        } else {
            self.pay(&after, quantity, value, &fee)?;
        }
        let trade = self.trade(&after, quantity, price, fee, is_maker);
        self.trades.push(Trade { value, at: now, ..trade });
        self.orders.insert(id, after);
        Ok(())
    }

    /// What an order needs for this quantity at this price, the fee included.
    pub(super) fn need(
        &self,
        account: &str,
        draft: &Draft,
        price: Price,
        quantity: Quantity,
    ) -> Result<Amount, MoneyError> {
        if self.policy.trades_contracts {
            return self.margin_need(account, draft, price, quantity);
        }
        let in_base = draft.side == Side::Sell;
        let paid = if in_base { Amount::new(quantity.get())? } else { price.times(quantity)? };
        if self.is_fee_in_base(draft) != in_base {
            return Ok(paid);
        }
        let fee = Fraction::from(paid.get()) * self.policy.taker.fraction();
        paid.plus(Amount::new(fee.ceil_to(FEE_STEP)?)?)
    }

    fn is_fee_in_base(&self, draft: &Draft) -> bool {
        match self.policy.fee_in {
            FeeIn::Received => draft.side == Side::Buy,
            FeeIn::Quote => false,
            FeeIn::Asked => draft.fee_in_base,
        }
    }

    /// In what an order of this side is paid.
    pub(super) fn paid_in(&self, market: &str, side: Side) -> Option<String> {
        let market = self.markets.get(market)?;
        let in_base = side == Side::Sell && !self.policy.trades_contracts;
        Some(if in_base { market.base.clone() } else { market.quote.clone() })
    }

    fn fee(&self, order: &Order, quantity: Quantity, value: Amount, is_maker: bool) -> Result<Fee, MoneyError> {
        let rate: Rate = if is_maker { self.policy.maker } else { self.policy.taker };
        let in_base = self.is_fee_in_base(&order.draft);
        let on = if in_base { quantity.fraction() } else { Fraction::from(value.get()) };
        let amount = Amount::new((on * rate.fraction()).floor_to(FEE_STEP)?)?;
        let side = if in_base { Side::Sell } else { Side::Buy };
        Ok(Fee { amount, asset: self.paid_in(&order.draft.market, side).unwrap_or_default() })
    }

    /// The order as it is after the trade; what it holds no more is still to be given back.
    fn after(
        &self,
        order: Order,
        quantity: Quantity,
        value: Amount,
        fee: &Fee,
        now: Millis,
    ) -> Result<Order, MoneyError> {
        let filled = order.filled.plus(quantity)?;
        let status = if filled == order.quantity { Status::Filled } else { Status::PartiallyFilled };
        let (value, fee_sum) = (order.value.plus(value)?, order.fee.plus(fee.amount)?);
        let fills = order.fills.saturating_add(1);
        let fee_asset = fee.asset.clone();
        Ok(Order { filled, status, value, fee: fee_sum, fee_asset, fills, updated_at: now, ..order })
    }

    fn pay(&mut self, order: &Order, quantity: Quantity, value: Amount, fee: &Fee) -> Result<(), MoneyError> {
        let (market, side) = (&order.draft.market, order.draft.side);
        let paid_in = self.paid_in(market, side).unwrap_or_default();
        let got_in = self.paid_in(market, if side == Side::Buy { Side::Sell } else { Side::Buy }).unwrap_or_default();
        let base = Amount::new(quantity.get())?;
        let (paid, got) = if side == Side::Buy { (value, base) } else { (base, value) };
        let account = self.account_mut(&order.account);
        account.unlock(&paid_in, order.locked)?;
        account.add(&paid_in, paid.negated())?;
        account.add(&got_in, got)?;
        account.add(&fee.asset, fee.amount.negated())
    }

    /// Everything in quote: what the position frees or takes, and the fee.
    fn pay_contracts(&mut self, order: &Order, quantity: Quantity, price: Price, fee: &Fee) -> Result<(), MoneyError> {
        let freed = self.trade_contracts(order, price, quantity, order.updated_at)?;
        let quote = self.paid_in(&order.draft.market, Side::Buy).unwrap_or_default();
        let account = self.account_mut(&order.account);
        account.unlock(&quote, order.locked)?;
        account.add(&quote, freed)?;
        account.add(&quote, fee.amount.negated())
    }

    /// Locks anew what the rest of an order needs, after a trade has given everything back.
    pub(super) fn lock_rest(&mut self, id: u64) -> Result<(), MoneyError> {
        let Some(order) = self.orders.get(&id) else { return Ok(()) };
        let at = order.draft.price.or(order.draft.trigger.map(|trigger| trigger.price));
        let rest = at.filter(|_| order.is_open());
        let need =
            rest.map_or(Ok(Amount::ZERO), |price| self.need(&order.account, &order.draft, price, order.remaining()))?;
        let asset = self.paid_in(&order.draft.market, order.draft.side).unwrap_or_default();
        let account = order.account.clone();
        if let Some(order) = self.orders.get_mut(&id) {
            order.locked = need;
        }
        self.account_mut(&account).lock(&asset, need)
    }

    fn trade(&mut self, order: &Order, quantity: Quantity, price: Price, fee: Fee, is_maker: bool) -> Trade {
        Trade {
            id: self.next_id(),
            order: order.id,
            account: order.account.clone(),
            market: order.draft.market.clone(),
            side: order.draft.side,
            price,
            quantity,
            value: Amount::ZERO,
            fee: fee.amount,
            fee_asset: fee.asset,
            at: order.updated_at,
            is_maker,
            visible_at: order.visible_at,
        }
    }
}
