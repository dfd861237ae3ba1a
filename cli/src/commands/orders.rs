//! `moniqo orders`, and the tables of orders and fills that others show too.

use super::act::json;
use super::{Api, path_of, with_next};
use crate::args::{Look, OrderAct, Orders, Resolve};
use crate::failure::Failure;
use crate::table::{facts, maybe, plain, short, table, time, word};
use comfy_table::Cell;
use wire::view::{Fill, List, Order, OrderDetail, ResolveRequest};

const HEADER: [&str; 9] = ["id", "purpose", "side", "type", "price", "quantity", "filled", "average", "state"];
const FILL_HEADER: [&str; 6] = ["time (UTC)", "trade", "side", "price", "quantity", "fee"];

pub(super) fn run(api: &Api, wanted: &Orders) -> Result<(), Failure> {
    match &wanted.act {
        Some(OrderAct::Resolve(wanted)) => resolve(api, wanted),
        None => look(api, &wanted.look),
    }
}

fn resolve(api: &Api, wanted: &Resolve) -> Result<(), Failure> {
    let Resolve { id, filled, price, fee, fee_asset, reason, .. } = wanted.clone();
    let outcome = if filled.is_some() { "filled" } else { "not_placed" }.to_owned();
    let request = ResolveRequest { outcome, quantity: filled, price, fee, fee_asset, reason };
    api.act(&format!("orders/{id}/resolve"), Some(json(&request)?), |order: &Order| {
        let group = &order.position_group_id;
        format!("{}\n\nIts position goes on. Watch it: moniqo positions {group} --watch", orders([order], ""))
    })
}

fn look(api: &Api, look: &Look) -> Result<(), Failure> {
    let (path, watch) = (path_of("orders", look), look.list.watch);
    if look.id.is_some() {
        return api.show(&path, watch, detail);
    }
    api.show(&path, watch, |page: &List<Order>| {
        with_next(orders(&page.items, "No order has been made yet."), page.next_cursor.as_ref())
    })
}

pub(super) fn orders<'a>(orders: impl IntoIterator<Item = &'a Order>, none: &str) -> String {
    table(&HEADER, orders.into_iter().map(row).collect(), none)
}

pub(super) fn fills(fills: &[Fill]) -> String {
    let row = |fill: &Fill| {
        let fee = fill.fee.as_ref().zip(fill.fee_asset.as_ref()).map(|(fee, asset)| format!("{fee} {asset}"));
        let numbers = [plain(&*fill.side), plain(&*fill.price), plain(&*fill.quantity), maybe(fee.as_ref())];
        [plain(time(fill.at)), plain(&*fill.trade_id)].into_iter().chain(numbers).collect()
    };
    table(&FILL_HEADER, fills.iter().map(row).collect(), "no fills")
}

fn row(order: &Order) -> Vec<Cell> {
    let average = order.average_fill_price.as_deref().map(short);
    vec![
        plain(&*order.id),
        plain(&*order.purpose),
        plain(&*order.side),
        plain(&*order.kind),
        maybe(order.price.as_ref()),
        plain(&*order.quantity),
        plain(&*order.filled),
        maybe(average.as_ref()),
        state(order),
    ]
}

fn state(order: &Order) -> Cell {
    let ended = order.status != "pending";
    if order.cancel_requested_at.is_some() && !ended {
        plain(format!("{}, cancelling", order.state))
    } else {
        word(&order.state)
    }
}

fn detail(detail: &OrderDetail) -> String {
    let order = &detail.order;
    let facts = facts([
        ("position group", Some(order.position_group_id.clone())),
        ("status", Some(order.status.clone())),
        ("reason", order.reason.as_ref().map(|reason| format!("{}: {}", reason.code, reason.detail))),
        ("client order", Some(order.client_order_id.clone())),
        ("exchange order", order.exchange_order_id.clone()),
        ("filled as", order.declared.then(|| "its user says; the venue has told of no trade".to_owned())),
        ("created", Some(time(order.created_at))),
        ("submitted", order.submitted_at.map(time)),
    ]);
    format!("{}\n\n{facts}\n\n{}", orders([order], ""), fills(&detail.fills))
}
