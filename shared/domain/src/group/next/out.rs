//! The one way out.

use super::{Asked, Step, decide};
use crate::group::Position;
use crate::money::MoneyError;
use crate::order::{Order, Purpose, Status};

impl Asked<'_> {
    /// Cancel everything; wait until each order is final or in doubt; sell what is sellable, in as many orders one after
    /// another as the market's maximum makes of it; settle.
    pub(super) fn on_the_way_out(&self) -> Result<Step, MoneyError> {
        let pyramid = self.position.pyramid();
        // A part's own way out and a partial exit give way to the way out of all.
        let is_its_own = |order: &Order| order.purpose == Purpose::Exit && order.pyramid == pyramid;
        let working = |order: &&Order| !is_its_own(order) && !order.status.is_final();
        if let Some(step) = self.position.orders.iter().filter(working).find_map(|order| self.end(order)) {
            return Ok(step);
        }
        // An order in doubt is not waited for, nor is one that its venue does not show: its coins are counted as sold, or as
        // not bought.
        if self.position.orders.iter().filter(working).any(is_waited_for) {
            return Ok(Step::Wait);
        }
        self.sell_what_is_left()
    }

    fn sell_what_is_left(&self) -> Result<Step, MoneyError> {
        let position = self.position;
        let exit = position.latest_of(0, Purpose::Exit);
        match exit {
            Some(order) if order.status == Status::Planned => return self.sell(order),
            Some(order) if is_waited_for(order) => return Ok(Step::Wait),
            _ => {}
        }
        let market = &position.group.market;
        // How much is left does not depend on what a fee in a third asset was worth: no exit waits for that.
        if !all(position, Order::is_counted)? {
            return Ok(Step::Wait);
        }
        let sellable = position.sellable()?;
        if let Some(refused) = exit.filter(|order| position.backs_off(order, self.now))
            && !position.asks_for_less(refused, sellable)?
        {
            return Ok(Step::Wait);
        }
        let dust = exit.map_or(Ok(false), |order| position.is_refused_dust(order, sellable))?;
        if sellable >= market.filters.quantity_min && !sellable.is_zero() && !dust {
            let portion = position.exit_portion(sellable)?;
            let planned = position.plan(self.deployment, &position.exit_intent(portion), self.now);
            return Ok(decide(planned, "sell what is left"));
        }
        if position.orders.iter().any(|order| !order.status.is_final()) || !all(position, Order::is_accounted)? {
            return Ok(Step::Wait);
        }
        let settled = position.settle(self.now)?;
        if settled.group == position.group { Ok(Step::Settled) } else { Ok(decide(settled, "settled")) }
    }

    /// Sends a planned sell, unless a fact or a mark that came after its plan leaves less to be sold.
    pub(super) fn sell(&self, order: &Order) -> Result<Step, MoneyError> {
        let ledger = self.position.ledger()?;
        let oversold = ledger.committed > self.position.held()?;
        let given_up = || self.end(order).unwrap_or(Step::Wait);
        Ok(if oversold { given_up() } else { Step::Submit(order.id.clone()) })
    }
}

fn is_waited_for(order: &Order) -> bool {
    !order.status.is_final() && order.status != Status::Unknown && order.unshown_since().is_none()
}

fn all(position: &Position, known: fn(&Order) -> Result<bool, MoneyError>) -> Result<bool, MoneyError> {
    position.orders.iter().map(known).try_fold(true, |all, one| Ok(all && one?))
}
