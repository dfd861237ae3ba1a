//! Asking a venue about one order of ours, which may be two orders there.

use crate::ports::{Address, Venue, VenueError};
use domain::group::Group;
use domain::ids::ClientOrderId;
use domain::order::{Fact, Order};
use std::collections::BTreeMap;

/// What the venue knows of it; `None` only where none of its ids is known there. No question begins that may not.
pub(crate) async fn find<V: Venue>(
    venue: &V,
    group: &Group,
    order: &Order,
    may_ask: impl Fn() -> bool,
) -> Result<Option<Fact>, VenueError> {
    let own = venue.find_order(&address(group, order, &order.client_id)).await?;
    let stop = order.stop_id().filter(|_| !own.as_ref().is_some_and(Fact::tells_of_both));
    let Some(stop) = stop else { return Ok(own) };
    if !may_ask() {
        return Err(VenueError::Unavailable("no time to ask about the stop".to_owned()));
    }
    Ok(Fact::of_pair(own, venue.find_order(&address(group, order, &stop)).await?))
}

/// What is known of it by what was told of many; none where that does not tell all: of a pair, whose other half may tell more.
pub(crate) fn among(told: &BTreeMap<ClientOrderId, Fact>, order: &Order) -> Option<Fact> {
    let own = told.get(&order.client_id)?;
    (order.stop_id().is_none() || own.tells_of_both()).then(|| own.clone())
}

/// Of one of the order's ids.
pub(crate) fn address(group: &Group, order: &Order, id: &ClientOrderId) -> Address {
    let since = order.submission.as_ref().map_or(order.planned_at, |submission| submission.sent_at);
    // Of a pair it is that of the limit order.
    let venue_id = order.venue_id.clone().filter(|_| *id == order.client_id);
    let whole = order.fills.iter().filter(|(_, fill)| fill.is_accounted());
    let known = whole.map(|(trade, fill)| (trade.clone(), fill.quantity)).collect();
    let (account, market, client_id) = (group.account.clone(), group.market.clone(), id.clone());
    Address { account, market, client_id, venue_id, known, since }
}
