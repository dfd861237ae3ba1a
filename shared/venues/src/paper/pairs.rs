//! Pairs of which one order cancels the other: accepted together or not at all, with one lock for both.

use super::acceptance::Refused;
use super::matching::Look;
use super::taking::{reaches, triggers};
use app::ports::{OcoRequest, Pair, PaperOrder, Request, Trigger, TriggerKind};
use domain::ids::ClientOrderId;
use domain::money::Price;
use domain::preset::OrderKind;

impl Look {
    /// The limit order and the stop. After a refusal the look is not to be saved.
    pub(super) fn accept_pair(&mut self, request: &OcoRequest) -> Result<[PaperOrder; 2], Refused> {
        if request.limit_id == request.stop_id {
            return Err(Refused::PairIds(request.stop_id.clone()));
        }
        self.check_sides(request)?;
        // A stop may be placed above the limit, and then costs more.
        let locks_at = request.limit.max(request.stop_limit.unwrap_or(request.stop));
        let half = |other: &ClientOrderId, locks_at| Some(Pair { other: other.clone(), locks_at });
        let limit = self.place(&limit(request), half(&request.stop_id, Some(locks_at)))?;
        let stop = self.place(&stop(request), half(&request.limit_id, None))?;
        Ok([self.begin(limit)?, self.begin(stop)?])
    }

    /// Neither of them may be met by the price of now.
    fn check_sides(&self, request: &OcoRequest) -> Result<(), Refused> {
        let (direction, price) = (request.direction, self.current(&request.market.key)?);
        if reaches(direction, request.limit, price) || triggers(direction, waits(request.stop), price) {
            return Err(Refused::PairPrices { limit: request.limit, stop: request.stop, price });
        }
        Ok(())
    }
}

fn limit(request: &OcoRequest) -> Request {
    one(request, &request.limit_id, OrderKind::Limit(request.limit), None)
}

fn stop(request: &OcoRequest) -> Request {
    let kind = request.stop_limit.map_or(OrderKind::Market, OrderKind::Limit);
    one(request, &request.stop_id, kind, Some(waits(request.stop)))
}

const fn waits(price: Price) -> Trigger {
    Trigger { kind: TriggerKind::StopLoss, price }
}

fn one(pair: &OcoRequest, client_id: &ClientOrderId, kind: OrderKind, trigger: Option<Trigger>) -> Request {
    Request {
        account: pair.account.clone(),
        market: pair.market.clone(),
        client_id: client_id.clone(),
        direction: pair.direction,
        kind,
        trigger,
        quantity: pair.quantity,
        reduce_only: pair.reduce_only,
        sent_at: pair.sent_at,
    }
}
