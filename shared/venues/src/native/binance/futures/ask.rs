//! An order as futures take it.

use super::super::ask::{Ask, name, side};
use super::super::dialect::Dialect;
use app::ports::Request;
use domain::preset::OrderKind;

/// Symbol, side, type, timeInForce, quantity, price, reduceOnly, newClientOrderId, newOrderRespType. None for what waits for a
/// price.
pub(in super::super) fn order(wire: &Dialect, request: &Request) -> Option<Ask> {
    let (kind, limit) = match (request.trigger, request.kind) {
        (None, OrderKind::Market) => ("MARKET", None),
        (None, OrderKind::Limit(limit)) => ("LIMIT", Some(limit)),
        (Some(_), _) => return None,
    };
    let ask = Ask::post(wire.order)
        .with("symbol", &name(&request.market.key.symbol))
        .with("side", side(request.direction))
        .with("type", kind)
        .with_some("timeInForce", limit.map(|_| "GTC"))
        .with("quantity", &request.quantity)
        .with_some("price", limit)
        .with_some("reduceOnly", request.reduce_only.then_some("true"))
        .with("newClientOrderId", &request.client_id)
        .with("newOrderRespType", "RESULT");
    Some(ask)
}
