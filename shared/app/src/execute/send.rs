//! An order as it goes over the wire: alone, or a limit and a stop of which one cancels the other.

use crate::ports::{OcoFacts, OcoRequest, Outcome, Request, Trigger, TriggerKind, Venue};
use domain::clock::Timestamp;
use domain::group::Group;
use domain::order::{Fact, Order, Purpose};

/// Sends it, in one request.
pub(super) async fn send<V: Venue>(venue: &V, group: &Group, order: &Order, sent_at: Timestamp) -> Outcome {
    match pair(group, order, sent_at) {
        Some(pair) => whole(venue.submit_oco(&pair).await),
        None => venue.submit(&request(group, order, sent_at)).await,
    }
}

fn whole(outcome: Outcome<OcoFacts>) -> Outcome {
    match outcome {
        Outcome::Accepted(OcoFacts { limit, stop }) => {
            Outcome::Accepted(Fact::of_pair(Some(limit), Some(stop)).unwrap_or_default())
        }
        Outcome::Rejected(refusal) => Outcome::Rejected(refusal),
        Outcome::Unknown(why) => Outcome::Unknown(why),
        Outcome::NotSent(why) => Outcome::NotSent(why),
    }
}

fn pair(group: &Group, order: &Order, sent_at: Timestamp) -> Option<OcoRequest> {
    let ((limit, stop), stop_id) = order.bracket().zip(order.stop_id())?;
    Some(OcoRequest {
        account: group.account.clone(),
        market: group.market.clone(),
        direction: order.direction,
        quantity: order.quantity,
        limit_id: order.client_id.clone(),
        limit,
        stop_id,
        stop,
        stop_limit: None,
        reduce_only: reduces(group, order),
        sent_at,
    })
}

fn request(group: &Group, order: &Order, sent_at: Timestamp) -> Request {
    Request {
        account: group.account.clone(),
        market: group.market.clone(),
        client_id: order.client_id.clone(),
        direction: order.direction,
        kind: order.kind,
        trigger: order.stop.map(|price| Trigger { kind: TriggerKind::StopLoss, price }),
        quantity: order.quantity,
        reduce_only: reduces(group, order),
        sent_at,
    }
}

/// Whatever is no entry leaves a position smaller, and nothing else: on spot coins alone see to that.
fn reduces(group: &Group, order: &Order) -> bool {
    group.market.kind.is_linear() && order.purpose != Purpose::Entry
}
