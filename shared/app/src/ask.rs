//! Asking a venue about one order of ours, which may be two orders there.

use crate::ports::{Address, Venue, VenueError};
use domain::group::Group;
use domain::ids::ClientOrderId;
use domain::order::{Fact, Order};
use std::collections::BTreeMap;

/// What the venue knows of it; `None` only where none of its ids is known there, all of them at one moment.
pub(crate) async fn find<V: Venue>(
    venue: &V,
    group: &Group,
    order: &Order,
    may_ask: impl Fn() -> bool,
) -> Result<Option<Fact>, VenueError> {
    look(order, async |id: &ClientOrderId| venue.find_order(&address(group, order, id)).await, may_ask).await
}

/// Two questions are of two moments: a pair of which neither half is known is asked about once more by its first id. What was
/// not there before and after the second question was not there when that was asked.
async fn look(
    order: &Order,
    ask: impl AsyncFn(&ClientOrderId) -> Result<Option<Fact>, VenueError>,
    may_ask: impl Fn() -> bool,
) -> Result<Option<Fact>, VenueError> {
    let in_time = || {
        let late = || VenueError::Unavailable("no time to ask about both orders of the pair".to_owned());
        may_ask().then_some(()).ok_or_else(late)
    };
    let own = ask(&order.client_id).await?;
    let stop = order.stop_id().filter(|_| !own.as_ref().is_some_and(Fact::tells_of_both));
    let Some(stop) = stop else { return Ok(own) };
    in_time()?;
    let beside = ask(&stop).await?;
    if own.is_some() || beside.is_some() {
        return Ok(Fact::of_pair(own, beside));
    }
    in_time()?;
    Ok(Fact::of_pair(ask(&order.client_id).await?, None))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trading::sample::position_of_an_entry;
    use domain::order::Status;
    use domain::preset::OrderKind;
    use futures_util::FutureExt;
    use std::cell::RefCell;

    /// What a pair is known as where its halves are told so, one question after another, and how many of them are asked.
    fn look_at(told: &[Option<Status>]) -> (Result<Option<Status>, VenueError>, usize) {
        let mut order = position_of_an_entry().orders[0].clone();
        let price = |text: &str| text.parse().unwrap();
        (order.kind, order.stop) = (OrderKind::Limit(price("110")), Some(price("90")));
        let (asked, stop) = (RefCell::new(Vec::new()), order.stop_id());
        let ask = async |id: &ClientOrderId| {
            asked.borrow_mut().push(Some(id) == stop.as_ref());
            Ok(told.get(asked.borrow().len() - 1).copied().flatten().map(Fact::of))
        };
        let found = look(&order, ask, || asked.borrow().len() < 3).now_or_never().unwrap();
        let asked = asked.into_inner();
        assert_eq!(asked, [false, true, false][..asked.len()], "its own id, the stop's, and its own again");
        (found.map(|fact| fact.and_then(|fact| fact.status)), asked.len())
    }

    #[test]
    fn pair_is_absent_only_where_both_halves_are_at_one_moment() {
        assert_eq!(look_at(&[None, None, None]), (Ok(None), 3));
        assert_eq!(look_at(&[None, None, Some(Status::Open)]), (Ok(Some(Status::Open)), 3), "it has come meanwhile");
        assert_eq!(look_at(&[Some(Status::Open)]), (Ok(Some(Status::Open)), 1));
        assert_eq!(look_at(&[None, Some(Status::Open)]), (Ok(Some(Status::Open)), 2));
        assert_eq!(look_at(&[Some(Status::Cancelled), Some(Status::Filled)]), (Ok(Some(Status::Filled)), 2));
    }
}
