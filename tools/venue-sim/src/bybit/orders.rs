//! Creating and cancelling orders.

use super::draft::draft;
use super::{Answered, Ask, Refused, render};
use crate::engine::{Draft, Filter, Refusal, Side, Size};
use serde_json::{Value, json};

pub(super) const DUPLICATE: (u32, &str) = (170_141, "Duplicate clientOrderId.");

pub(super) fn create(ask: &mut Ask) -> Answered {
    let mut draft = draft(ask)?;
    if draft.client_id.is_empty() {
        draft.client_id = render::unnamed(ask.site.exchange.orders.len(), ask.now);
    }
    let cap = ask.site.cap.take();
    let placed = ask.site.exchange.place(&ask.account, draft.clone(), cap, ask.now);
    let id = placed.map_err(|refusal| refused(ask, &draft, &refusal))?;
    Ok(named(id, &draft.client_id))
}

fn named(id: u64, client_id: &str) -> Value {
    json!({ "orderId": render::order_id(id), "orderLinkId": render::own_id(client_id) })
}

fn refused(ask: &Ask, draft: &Draft, refusal: &Refusal) -> Refused {
    let (code, words) = match refusal {
        Refusal::NoSuchMarket => (170_121, "Invalid symbol."),
        Refusal::Closed => (170_151, "This trading pair is not open yet."),
        Refusal::DuplicateId => DUPLICATE,
        Refusal::WouldMatch => (170_218, "The LIMIT-MAKER order is rejected due to invalid price."),
        Refusal::InsufficientBalance => (170_131, "Insufficient balance."),
        Refusal::Filter(Filter::Price) => (170_134, "Order price has too many decimals."),
        Refusal::Filter(Filter::PercentPrice) if draft.side == Side::Buy => (170_193, "Buy order price is too high."),
        Refusal::Filter(Filter::PercentPrice) => (170_194, "Sell order price is too low."),
        Refusal::Filter(Filter::LotSize) => lot(ask, draft),
        Refusal::Filter(Filter::MarketLotSize) => (170_135, "Order quantity exceeded upper limit."),
        Refusal::Filter(Filter::Notional) => notional(ask, draft),
        Refusal::Filter(Filter::MaxNumOrders | Filter::MaxNumAlgoOrders) => {
            (170_810, "Cannot exceed maximum of 500 conditional, TP/SL and active orders.")
        }
        Refusal::Inexact(_) => (170_137, "Order quantity has too many decimals."),
        // Triggers, pairs and contracts there are none.
        Refusal::WouldTrigger | Refusal::WrongSides | Refusal::ReduceOnly => (10016, "Server error."),
        Refusal::NoSuchOrder | Refusal::Ended => (170_213, "Order does not exist."),
    };
    Refused::new(code, words)
}

fn lot(ask: &Ask, draft: &Draft) -> (u32, &'static str) {
    let market = ask.site.exchange.markets.get(&draft.market);
    let is_large = match draft.size {
        Size::Base(base) => market.is_some_and(|market| base.get() > market.rules.quantity_max),
        Size::Quote(_) | Size::QuoteWithFees(_) => false,
    };
    if is_large {
        (170_135, "Order quantity exceeded upper limit.")
    } else {
        (170_136, "Order quantity exceeded lower limit.")
    }
}

/// What is worth too little is the more common.
fn notional(ask: &Ask, draft: &Draft) -> (u32, &'static str) {
    let most = ask.site.exchange.markets.get(&draft.market).map(|market| market.rules.notional_max);
    let worth = match (draft.size, draft.price) {
        (Size::Base(base), Some(price)) => Some(base.fraction() * price.fraction()),
        _ => None,
    };
    let is_large = worth.zip(most).is_some_and(|(worth, most)| worth > domain::money::Fraction::from(most));
    if is_large { (170_124, "Order amount too large.") } else { (170_140, "Order value exceeded lower limit.") }
}

/// An order that is open, by either id.
pub(super) fn cancel(ask: &mut Ask) -> Answered {
    ask.one()?;
    let gone = || Refused::new(170_213, "Order does not exist.");
    let id = match (ask.params.get("orderId"), ask.params.get("orderLinkId")) {
        (Some(id), _) => render::number_of(id),
        (None, Some(client_id)) => {
            let mut open = ask.site.exchange.open_of(&ask.account);
            open.find(|order| order.draft.client_id == client_id).map(|order| order.id)
        }
        (None, None) => return Err(Refused::parameter("orderId")),
    };
    let id = id.ok_or_else(gone)?;
    ask.site.exchange.cancel(&ask.account, id, ask.now).map_err(|_| gone())?;
    let order = ask.site.exchange.orders.get(&id);
    Ok(order.map_or(Value::Null, |order| named(id, &order.draft.client_id)))
}

pub(super) fn cancel_all(ask: &mut Ask) -> Answered {
    ask.of_coins()?;
    let market = ask.named()?.map(|(name, _)| name.to_owned());
    let open = ask.site.exchange.open_of(&ask.account);
    let meant = open.filter(|order| market.as_ref().is_none_or(|market| order.draft.market == *market));
    let meant: Vec<(u64, String)> = meant.map(|order| (order.id, order.draft.client_id.clone())).collect();
    for (id, _) in &meant {
        // What is open can be cancelled.
        let _cancelled = ask.site.exchange.cancel(&ask.account, *id, ask.now);
    }
    let list: Vec<Value> = meant.iter().map(|(id, client_id)| named(*id, client_id)).collect();
    Ok(json!({ "list": list, "success": "1" }))
}
