//! `moniqo orders list`, and the tables of orders and fills that others show too.

mod create;
mod leg;
mod lineage;

use super::Api;
use crate::args::{Look, OrderAct, Orders, Resolve};
use crate::failure::Failure;
use crate::listing::Listing;
use crate::table::{facts, maybe, plain, short, table, time, word};
use comfy_table::Cell;
use serde_json::json;
use wire::view::{Fill, Order, OrderDetail};

const HEADER: [&str; 10] = ["id", "purpose", "leg", "side", "type", "price", "quantity", "filled", "average", "state"];
const FILL_HEADER: [&str; 6] = ["time (UTC)", "trade", "side", "price", "quantity", "fee"];

pub(super) fn run(api: &Api, wanted: &Orders) -> Result<(), Failure> {
    match &wanted.act {
        Some(OrderAct::Create(wanted)) => create::run(api, wanted),
        Some(OrderAct::Resolve(wanted)) => resolve(api, wanted),
        Some(OrderAct::Lineage(wanted)) => lineage::run(api, wanted),
        _ => wanted.look().map_or(Ok(()), |wanted| look(api, &wanted)),
    }
}

fn resolve(api: &Api, wanted: &Resolve) -> Result<(), Failure> {
    let Resolve { id, filled, cancelled, price, fee, fee_asset, reason, .. } = wanted.clone();
    let outcome = match (&filled, cancelled) {
        (Some(_), _) => "filled",
        (None, true) => "cancelled",
        (None, false) => "not_placed",
    };
    let request = json!({
        "outcome": outcome, "quantity": filled, "price": price, "fee": fee, "fee_asset": fee_asset, "reason": reason,
    });
    api.act(&format!("orders/{id}/resolve"), Some(request.to_string()), |order: &Order| {
        let group = &order.position_group_id;
        format!("{}\n\nIts position continues. Watch it: moniqo positions show {group} --watch", orders([order], ""))
    })
}

fn look(api: &Api, look: &Look) -> Result<(), Failure> {
    let none = ["There are no orders yet.", "There is no such order."];
    api.look("orders", look, none, detail, |page: &[Order], none| orders(page, none))
}

pub(super) fn orders<'a>(orders: impl IntoIterator<Item = &'a Order>, none: &str) -> Listing {
    with_legs(orders, false, none)
}

/// The same; where each leg is sold by itself, a take-profit says of which.
pub(super) fn with_legs<'a>(orders: impl IntoIterator<Item = &'a Order>, by_leg: bool, none: &str) -> Listing {
    table(&HEADER, orders.into_iter().map(|order| row(order, by_leg)).collect(), none)
}

pub(super) fn fills(fills: &[Fill]) -> String {
    let row = |fill: &Fill| {
        let numbers =
            [plain(fill.side.as_str()), plain(&*fill.price), plain(&*fill.quantity), maybe(fee(fill).as_ref())];
        [plain(time(fill.at)), plain(&*fill.trade_id)].into_iter().chain(numbers).collect()
    };
    table(&FILL_HEADER, fills.iter().map(row).collect(), "no fills").to_string()
}

/// What the venue took, or is taken to have; of a third asset also what that was worth.
fn fee(fill: &Fill) -> Option<String> {
    let worth = match &fill.fee_value {
        _ if fill.fee_unvalued => " (not valued)".to_owned(),
        _ if fill.fee_reckoned => " (estimated)".to_owned(),
        Some(worth) => format!(" (worth {worth} in quote)"),
        None => String::new(),
    };
    fill.fee.as_ref().zip(fill.fee_asset.as_ref()).map(|(fee, asset)| format!("{fee} {asset}{worth}"))
}

fn row(order: &Order, by_leg: bool) -> Vec<Cell> {
    let average = order.average_fill_price.as_deref().map(short);
    vec![
        plain(&*order.id),
        plain(order.purpose.to_string()),
        plain(leg::of(order, by_leg)),
        plain(order.side.as_str()),
        plain(order.kind.as_str()),
        maybe(price(order).as_ref()),
        plain(&*order.quantity),
        plain(&*order.filled),
        maybe(average.as_ref()),
        state(order),
    ]
}

/// Its limit, its stop, or both: `101.71, stop 95.09`.
fn price(order: &Order) -> Option<String> {
    let stop = order.stop_price.as_ref().map(|price| format!("stop {price}"));
    let told: Vec<String> = order.price.clone().into_iter().chain(stop).collect();
    (!told.is_empty()).then(|| told.join(", "))
}

fn state(order: &Order) -> Cell {
    let ended = order.status != "pending";
    if order.cancel_requested_at.is_some() && !ended {
        plain(format!("{}, cancelling", order.state))
    } else {
        word(order.state.as_str())
    }
}

fn detail(detail: &OrderDetail) -> String {
    let order = &detail.order;
    let facts = facts([
        ("position", Some(order.position_group_id.clone())),
        ("status", Some(order.status.to_string())),
        ("reason", order.reason.as_ref().map(|reason| format!("{}: {}", reason.code, reason.detail))),
        ("client order", Some(order.client_order_id.clone())),
        ("stop order", order.stop_client_order_id.clone()),
        ("sold by", order.stop_triggered.then(|| "its stop order".to_owned())),
        ("exchange order", order.exchange_order_id.clone()),
        ("filled as", order.declared.then(|| "declared by the user; the exchange reported no trade".to_owned())),
        ("created", Some(time(order.created_at))),
        ("submitted", order.submitted_at.map(time)),
    ]);
    format!("{}\n\n{facts}\n\n{}", orders([order], ""), fills(&detail.fills))
}
