//! Lists of orders, of those that are open and of those that are over.

use super::Spoken;
use super::failed::Failed;
use super::find::MARGIN;
use super::orders::{about, not_understood};
use super::pages::List;
use super::read::Order;
use super::trades::trades_of;
use crate::native::Login;
use app::ports::{Address, Listed, VenueOrder};
use domain::clock::Timestamp;
use domain::market::MarketKey;
use std::collections::BTreeMap;

/// What the library calls lists of orders that are over: one with all of them, or one for each end.
const ALL_ENDED: (&str, &str) = ("fetchCanceledAndClosedOrders", "fetch_canceled_and_closed_orders");
const EACH_ENDED: [(&str, &str); 2] =
    [("fetchClosedOrders", "fetch_closed_orders"), ("fetchCanceledOrders", "fetch_canceled_orders")];
/// What it calls the list of those that are open.
pub(super) const OPEN: &str = "fetch_open_orders";

/// # Errors
/// Where the library has no list of orders that are over: absence cannot be seen there.
pub(super) fn lists_of_ended(spoken: &Spoken) -> Result<Vec<&'static str>, Failed> {
    let (all, method) = ALL_ENDED;
    if spoken.has(all) {
        return Ok(vec![method]);
    }
    let each: Vec<_> = EACH_ENDED.iter().filter(|(name, _)| spoken.has(name)).map(|(_, method)| *method).collect();
    if each.is_empty() { Err(Failed::Lost("orders that are over are not listed there".to_owned())) } else { Ok(each) }
}

/// A list of one market, whole: from a moment on, or of the order that is named, by the exchange's own id where that is known.
pub(super) async fn rows(
    spoken: &Spoken,
    login: &Login,
    market: &MarketKey,
    method: &'static str,
    from: Option<Timestamp>,
    named: Option<&Address>,
) -> Result<Vec<Order>, Failed> {
    let params = match named {
        None => spoken.ways.with_orders.clone(),
        Some(Address { venue_id: Some(id), .. }) => about(spoken, spoken.ways.venue_id, id),
        Some(Address { client_id, .. }) => about(spoken, spoken.ways.client_id, client_id.as_str()),
    };
    let paging = if method == OPEN { spoken.ways.open } else { spoken.ways.ended };
    List { spoken, login, market, method, paging }.whole(from, &params).await
}

pub(super) async fn list(
    spoken: &Spoken,
    login: &Login,
    market: &MarketKey,
    prefix: &str,
    which: Listed,
) -> Result<Vec<VenueOrder>, Failed> {
    let mut known = BTreeMap::new();
    let (methods, from) = match which {
        Listed::Open => (vec![OPEN], None),
        Listed::Since(at) => {
            (std::iter::once(OPEN).chain(lists_of_ended(spoken)?).collect(), Some(login.signed_at(at)))
        }
    };
    for method in methods {
        let since = from.filter(|_| method != OPEN);
        for order in rows(spoken, login, market, method, since, None).await? {
            known.insert(order.id.clone(), order);
        }
    }
    let is_meant = |order: &Order| {
        order.client_order_id.as_deref().is_some_and(|id| id.starts_with(prefix))
            && from.is_none_or(|from| order.timestamp.is_some_and(|at| at >= from.millis()))
    };
    let (mut listed, lot) = (Vec::new(), spoken.lot(market)?);
    for order in known.into_values().filter(is_meant) {
        let since = Timestamp::from_millis(order.timestamp.unwrap_or_default()).minus(MARGIN);
        let fills = trades_of(spoken, login, market, &order, &BTreeMap::new(), since).await?;
        listed.push(order.listed(fills, lot).ok_or_else(not_understood)?);
    }
    listed.sort_by_key(|order| order.accepted_at);
    Ok(listed)
}
