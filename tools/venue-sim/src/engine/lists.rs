//! Two orders of which one cancels the other.

use super::place::Refusal;
use super::{Draft, Exchange, Millis, Order, Side, Status};
use domain::money::Amount;

#[derive(Debug, Clone)]
pub struct Pair {
    pub id: u64,
    pub account: String,
    pub market: String,
    pub client_id: String,
    pub orders: [u64; 2],
    pub created_at: Millis,
}

impl Exchange {
    /// Takes the upper and the lower order together; both hold the same money, once.
    ///
    /// # Errors
    /// A [`Refusal`]; then nothing has changed.
    pub fn place_pair(
        &mut self,
        account: &str,
        drafts: [Draft; 2],
        client_id: &str,
        now: Millis,
    ) -> Result<u64, Refusal> {
        self.check_sides(&drafts)?;
        let [above, below] = drafts;
        let quantity = self.check(account, &above)?;
        self.check(account, &below)?;
        if above.client_id == below.client_id {
            return Err(Refusal::DuplicateId);
        }
        let need = self.need_at_once(account, &above, quantity)?.max(self.need_at_once(account, &below, quantity)?);
        self.afford(account, &above, need)?;
        let market = above.market.clone();
        let (above, below) = (self.made(account, above, quantity, now), self.made(account, below, quantity, now));
        let (id, orders) = (self.next_id(), [above.id, below.id]);
        let pair =
            Pair { id, account: account.to_owned(), market, client_id: client_id.to_owned(), orders, created_at: now };
        self.pairs.insert(id, pair);
        self.enter(Order { pair: Some(id), ..above }, need)?;
        self.enter(Order { pair: Some(id), ..below }, Amount::ZERO)?;
        Ok(id)
    }

    pub fn is_pair_open(&self, pair: &Pair) -> bool {
        pair.orders.iter().any(|id| self.orders.get(id).is_some_and(Order::is_open))
    }

    /// The price must lie between the two.
    fn check_sides(&self, [above, below]: &[Draft; 2]) -> Result<(), Refusal> {
        let last = self.market(&above.market)?.last;
        let at = |draft: &Draft| match (draft.trigger, draft.price) {
            (Some(trigger), _) => Some(trigger.price),
            (None, price) => price,
        };
        let is_between = at(above).zip(at(below)).is_some_and(|(above, below)| above > last && last > below);
        let is_same = above.side == below.side && matches!(above.side, Side::Buy | Side::Sell);
        if is_between && is_same { Ok(()) } else { Err(Refusal::WrongSides) }
    }

    pub(super) fn sibling(&self, id: u64) -> Option<&Order> {
        let pair = self.pairs.get(&self.orders.get(&id)?.pair?)?;
        pair.orders.iter().filter(|other| **other != id).find_map(|other| self.orders.get(other))
    }

    /// One of the two goes on alone: the other ends, and hands over what it holds.
    pub(super) fn leave_pair(&mut self, id: u64, now: Millis) {
        let Some((other, held)) = self.sibling(id).filter(|other| other.is_open()).map(|o| (o.id, o.locked)) else {
            return;
        };
        if let Some(other) = self.orders.get_mut(&other) {
            (other.status, other.locked, other.updated_at) = (Status::Expired, Amount::ZERO, now);
        }
        if let Some(order) = self.orders.get_mut(&id) {
            order.locked = order.locked.plus(held).unwrap_or(order.locked);
        }
    }
}
