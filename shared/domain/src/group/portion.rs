//! How much of what is to be sold one order at the market sells.
//!
//! 1. No more than the market takes at once. A group keeps the market that it was opened on, whose maxima may have come down
//!    since, or were not known: what its venue has refused as too much is halved at once.
//! 2. What it has refused as too little is asked for again, whole: that word may be wrong for a while, or mean too much
//!    (Binance's `NOTIONAL` is either). Only what is refused so again and again is halved, as slowly as a refusal is waited
//!    out, and no further than what is worth selling.
//! 3. What it has refused for its step (Binance's `LOT_SIZE`: its step, its least or its most) is floored to ten times the step
//!    at once, and again, and then halved: where its rules are stricter than is known yet, most is sold all the same.
//! 4. It is dust where the last price says so too, and of what has cost much only after a while.

use super::Position;
use crate::clock::Millis;
use crate::limits::TOO_LITTLE_FOR;
use crate::market::{Filters, Maxima};
use crate::money::{Decimal, Fraction, MoneyError, Quantity};
use crate::order::{Order, Purpose};
use crate::preset::OrderKind;

impl Position {
    /// As much as the market takes at once, and no more than half of what the venue has refused as too much. What is off the
    /// market's rules as they are known by now was refused for that.
    pub(super) fn portion(&self, quantity: Quantity) -> Result<Quantity, MoneyError> {
        let filters = self.group.market.filters;
        let refused = self.orders.iter().filter(|order| self.was_too_much(order)).map(|order| order.quantity).min();
        let Some(refused) = refused else { return filters.portion(quantity, OrderKind::Market) };
        let market = filters.most.market.into_iter().chain([self.half(refused)?]).min();
        Filters { most: Maxima { market, ..filters.most }, ..filters }.portion(quantity, OrderKind::Market)
    }

    /// What the next exit sells of what is left.
    pub(super) fn exit_portion(&self, sellable: Quantity) -> Result<Quantity, MoneyError> {
        /// After ten, thirty and seventy seconds.
        const WHOLE_TRIES: usize = 4;
        let whole = self.portion(sellable)?;
        let is_doubtful = |order: &&Order| order.is_refused_as_too_little() || self.is_off_step(order);
        let Some(last) = self.latest_of(0, Purpose::Exit).filter(is_doubtful) else { return Ok(whole) };
        if self.is_off_step(last) {
            let coarser = self.coarser(last.quantity.min(whole))?;
            return coarser.map_or_else(|| self.half_of(last.quantity, whole), Ok);
        }
        let tries = self.too_little_in_a_row(last).take_while(|order| order.quantity == last.quantity).count();
        if last.quantity >= whole && tries < WHOLE_TRIES {
            return Ok(whole);
        }
        self.half_of(last.quantity, whole)
    }

    /// Whether less is asked for than was refused, since something is known by now: coins that are missing, what one order
    /// may be, what another order has sold. That is another order, and need not wait.
    pub(super) fn asks_for_less(&self, order: &Order, sellable: Quantity) -> Result<bool, MoneyError> {
        let least = self.refused_in_a_row(order).map(|order| order.quantity).min();
        Ok(!order.is_refused_as_too_little() && Some(self.exit_portion(sellable)?) < least)
    }

    /// The venue has refused to sell all of it as too little, and at the last price that a pass has seen it is. The venue
    /// reckons by a price of its own, which is about that. What has cost much was refused so for a while.
    pub(super) fn is_refused_dust(&self, order: &Order, sellable: Quantity) -> Result<bool, MoneyError> {
        if !order.is_refused_as_too_little() || order.quantity < self.portion(sellable)? {
            return Ok(false);
        }
        let known = self.group.mark.is_some() && !self.is_worth_about(sellable);
        Ok(known && (!self.has_cost_much()? || self.too_little_for(order) >= TOO_LITTLE_FOR))
    }

    fn was_too_much(&self, order: &Order) -> bool {
        let at_market = order.kind == OrderKind::Market && order.stop.is_none();
        let filters = &self.group.market.filters;
        let by_rules = filters.on_grid(order.quantity, None).is_ok() && order.quantity >= filters.quantity_min;
        at_market && by_rules && order.direction == self.group.side.leaves() && order.is_refused_as_too_much()
    }

    /// By the rules as they are known by now it stands on a step.
    fn is_off_step(&self, order: &Order) -> bool {
        order.is_refused_for_its_step() && self.group.market.filters.on_grid(order.quantity, None).is_ok()
    }

    /// The same on the next step that is ten times as coarse, or a hundred; none where that is not worth selling.
    fn coarser(&self, quantity: Quantity) -> Result<Option<Quantity>, MoneyError> {
        const TENS_MAX: usize = 12;
        let filters = &self.group.market.filters;
        let tenfold = |step: &Decimal| step.checked_mul(Decimal::TEN);
        for step in std::iter::successors(tenfold(&filters.quantity_step.get()), tenfold).take(TENS_MAX) {
            let floored = Quantity::new(quantity.fraction().floor_to(step)?)?;
            if floored < quantity {
                let sells = floored >= filters.quantity_min && self.is_worth(floored, 2);
                return Ok((sells && !floored.is_zero()).then_some(floored));
            }
        }
        Ok(None)
    }

    /// Half of what was refused; all of it again where that is not worth selling.
    fn half_of(&self, refused: Quantity, whole: Quantity) -> Result<Quantity, MoneyError> {
        let half = self.half(refused.min(whole))?;
        Ok(if self.is_worth(half, 2) { half } else { whole })
    }

    fn half(&self, quantity: Quantity) -> Result<Quantity, MoneyError> {
        let filters = &self.group.market.filters;
        let half = quantity.fraction().over(&Fraction::whole(2)).ok_or(MoneyError::NotANumber)?;
        Ok(filters.quantity_down(&half)?.max(filters.quantity_min))
    }

    /// Itself and those of the same that came right before it, newest first.
    fn too_little_in_a_row<'a>(&'a self, order: &'a Order) -> impl Iterator<Item = &'a Order> {
        let before = self.before(order).map_while(|before| before);
        [order].into_iter().chain(before).take_while(|order| order.is_refused_as_too_little())
    }

    /// From the first of them to the last.
    fn too_little_for(&self, order: &Order) -> Millis {
        let sent = |order: &Order| order.submission.as_ref().map(|submission| submission.sent_at);
        let first = self.too_little_in_a_row(order).filter_map(sent).min();
        sent(order).zip(first).map_or(Millis::ZERO, |(last, first)| last.since(first))
    }

    /// At the last price at least so many times the least that the market takes.
    fn is_worth(&self, quantity: Quantity, times: i64) -> bool {
        let least = self.group.market.filters.notional_min.fraction() * Fraction::whole(times);
        self.group.mark.is_some_and(|mark| mark.price.fraction() * quantity.fraction() >= least)
    }

    /// At a price that is a tenth less, at least the least that the market takes.
    fn is_worth_about(&self, quantity: Quantity) -> bool {
        let least = self.group.market.filters.notional_min.fraction() * Fraction::whole(11);
        let worth = self.group.mark.map(|mark| mark.price.fraction() * quantity.fraction() * Fraction::whole(10));
        worth.is_some_and(|worth| worth >= least)
    }

    /// What is left to be sold has cost so many times the least that the market takes that only a collapse makes it dust.
    fn has_cost_much(&self) -> Result<bool, MoneyError> {
        const TIMES: i64 = 100;
        let Some(average) = self.ledger()?.average() else { return Ok(false) };
        let least = self.group.market.filters.notional_min.fraction() * Fraction::whole(TIMES);
        Ok(self.sellable()?.fraction() * average > least)
    }
}
