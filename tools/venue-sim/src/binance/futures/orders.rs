//! Orders of contracts.

use super::super::draft::{self, ALONE};
use super::super::error::Refused;
use super::super::orders::{self as common, count, found, page, refuse_nothing};
use super::super::{Answered, Ask};
use super::error::refused;
use super::render;
use crate::engine::{Draft, Order};
use serde_json::{Value, json};

const CONDITIONAL: [&str; 5] = ["STOP", "STOP_MARKET", "TAKE_PROFIT", "TAKE_PROFIT_MARKET", "TRAILING_STOP_MARKET"];
const WEEK: i64 = 7 * 86_400_000;

pub(super) fn create(ask: &mut Ask) -> Answered {
    let draft = Draft { reduce_only: reduces(ask)?, ..draft_of(ask)? };
    refuse_nothing(draft.size)?;
    count(ask)?;
    let cap = ask.site.cap.take();
    let id = ask.site.exchange.place(&ask.account, draft, cap, ask.now).map_err(refused)?;
    one(ask, id)
}

fn draft_of(ask: &Ask) -> Result<Draft, Refused> {
    let kind = ask.params.get("type").ok_or_else(|| Refused::missing("type"))?;
    if CONDITIONAL.contains(&kind) {
        let told = "Order type not supported for this endpoint. Please use the Algo Order API endpoints instead.";
        return Err(Refused::new(-4120, told));
    }
    if !["LIMIT", "MARKET"].contains(&kind) {
        return Err(Refused::new(-1116, "Invalid orderType."));
    }
    let is_one_way = ask.params.get("positionSide").is_none_or(|side| side == "BOTH");
    if !is_one_way || ask.site.exchange.is_hedged(&ask.account) {
        return Err(Refused::new(-4061, "Order's position side does not match user's setting."));
    }
    draft::draft(ask, &ALONE)
}

fn reduces(ask: &Ask) -> Result<bool, Refused> {
    match ask.params.get("reduceOnly") {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(_) => Err(Refused::new(-4062, "Invalid or improper reduceOnly value.")),
    }
}

fn one(ask: &Ask, id: u64) -> Answered {
    ask.site.exchange.orders.get(&id).map(render::order).ok_or_else(Refused::no_such_order)
}

pub(super) fn query(ask: &mut Ask) -> Answered {
    let id = found(ask, true)?.ok_or_else(Refused::no_such_order)?;
    one(ask, id)
}

pub(super) fn cancel(ask: &mut Ask) -> Answered {
    let id = found(ask, false)?.ok_or_else(Refused::not_cancelled)?;
    ask.site.exchange.cancel(&ask.account, id, ask.now)?;
    one(ask, id)
}

pub(super) fn cancel_all(ask: &mut Ask) -> Answered {
    let market = draft::symbol(ask)?.to_owned();
    let is_here = |order: &&Order| order.draft.market == market;
    let open: Vec<u64> = ask.site.exchange.open_of(&ask.account).filter(is_here).map(|order| order.id).collect();
    for id in open {
        ask.site.exchange.cancel(&ask.account, id, ask.now)?;
    }
    Ok(json!({ "code": 200, "msg": "The operation of cancel all open order is done." }))
}

pub(super) fn open(ask: &mut Ask) -> Answered {
    Ok(common::open_orders(ask)?.map(render::order).collect())
}

pub(super) fn all(ask: &mut Ask) -> Answered {
    let (orders, from_the_oldest) = common::all_orders(ask, WEEK)?;
    let orders: Vec<Value> = orders.into_iter().map(render::order).collect();
    Ok(Value::Array(page(ask, orders, from_the_oldest)))
}

pub(super) fn trades(ask: &mut Ask) -> Answered {
    let (trades, from_the_oldest) = common::all_trades(ask, WEEK)?;
    let trades: Vec<Value> = trades.into_iter().map(render::trade).collect();
    Ok(Value::Array(page(ask, trades, from_the_oldest)))
}
