//! Creating, trying and cancelling orders. What the exchange does not take it tells with 200 and `success: false`.

use super::config;
use super::error::Refused;
use super::render::{self, number};
use super::{Answered, Ask};
use crate::engine::{Draft, Filter, Market, Order, Refusal, Size, When};
use domain::money::Decimal;
use serde_json::{Value, json};

pub(super) fn create(ask: &mut Ask, _: &str) -> Answered {
    let client_id = ask.body.get("client_order_id").and_then(Value::as_str).unwrap_or_default();
    if client_id.is_empty() {
        return Err(Refused::argument("client_order_id: value is required"));
    }
    if let Some(order) = known(ask, client_id) {
        return Ok(taken(order));
    }
    let configuration = ask.body.get("order_configuration").cloned().unwrap_or_default();
    let draft = match config::draft(ask) {
        Ok(draft) => draft,
        Err(reason) => return Ok(failed(reason, "", &configuration)),
    };
    let cap = ask.site.cap.take();
    match ask.site.exchange.place(&ask.account, draft.clone(), cap, ask.now) {
        Ok(id) => {
            let order = ask.site.exchange.orders.get(&id);
            order.map(taken).ok_or_else(|| Refused::not_found("the order that was just taken"))
        }
        Err(refusal) => Ok(refused(ask, &draft, &refusal, &configuration)),
    }
}

/// The order that has this client's id, ended or not.
fn known<'a>(ask: &'a Ask, client_id: &str) -> Option<&'a Order> {
    let mut own = ask.site.exchange.orders.values().filter(|order| order.account == ask.account);
    own.find(|order| order.draft.client_id == client_id)
}

fn taken(order: &Order) -> Value {
    let id = render::order_id(order.id);
    json!({
        "success": true,
        "failure_reason": "UNKNOWN_FAILURE_REASON",
        "order_id": id,
        "success_response": {
            "order_id": id,
            "product_id": render::product_id(&order.draft.market),
            "side": render::side(order.draft.side),
            "client_order_id": order.draft.client_id,
            "attached_order_id": "",
        },
        "order_configuration": order.draft.words,
    })
}

/// `preview` is what the check before the engine says, where it was that which refused.
pub(super) fn failed(reason: &str, preview: &str, configuration: &Value) -> Value {
    let told = if reason == "INSUFFICIENT_FUND" { "Insufficient balance in source account" } else { "" };
    json!({
        "success": false,
        "failure_reason": "UNKNOWN_FAILURE_REASON",
        "order_id": "",
        "error_response": {
            "error": reason,
            "message": told,
            "error_details": "",
            "preview_failure_reason": if preview.is_empty() { "UNKNOWN_PREVIEW_FAILURE_REASON" } else { preview },
            "new_order_failure_reason": reason,
        },
        "order_configuration": configuration,
    })
}

fn refused(ask: &Ask, draft: &Draft, refusal: &Refusal, configuration: &Value) -> Value {
    let preview = reason(ask, draft, refusal);
    match refusal {
        Refusal::InsufficientBalance => failed("INSUFFICIENT_FUND", preview, configuration),
        Refusal::WouldMatch => failed("INVALID_LIMIT_PRICE_POST_ONLY", preview, configuration),
        Refusal::Closed => failed("ORDER_ENTRY_DISABLED", "", configuration),
        _ => failed("UNKNOWN_FAILURE_REASON", preview, configuration),
    }
}

/// What the check before the engine calls it.
fn reason(ask: &Ask, draft: &Draft, refusal: &Refusal) -> &'static str {
    let market = ask.site.exchange.markets.get(&draft.market);
    match refusal {
        Refusal::InsufficientBalance => "PREVIEW_INSUFFICIENT_FUND",
        Refusal::WouldMatch => "PREVIEW_INVALID_LIMIT_PRICE_POST_ONLY",
        Refusal::WouldTrigger if draft.trigger.is_some_and(|trigger| trigger.when == When::AtOrAbove) => {
            "PREVIEW_STOP_PRICE_BELOW_LAST_TRADE_PRICE"
        }
        Refusal::WouldTrigger => "PREVIEW_STOP_PRICE_ABOVE_LAST_TRADE_PRICE",
        Refusal::Filter(Filter::Price) => "PREVIEW_INVALID_PRICE_PRECISION",
        Refusal::Filter(Filter::PercentPrice) => "PREVIEW_INVALID_LIMIT_PRICE",
        Refusal::Filter(Filter::LotSize | Filter::MarketLotSize) => market.map_or("", |market| size(market, draft)),
        Refusal::Filter(Filter::Notional) => "PREVIEW_INVALID_QUOTE_SIZE_TOO_SMALL",
        _ => "",
    }
}

fn size(market: &Market, draft: &Draft) -> &'static str {
    match draft.size {
        Size::Base(base) if base.get() < market.rules.quantity_min => "PREVIEW_INVALID_BASE_SIZE_TOO_SMALL",
        Size::Base(base) if base.get() > market.rules.quantity_max => "PREVIEW_INVALID_BASE_SIZE_TOO_LARGE",
        Size::Base(_) => "PREVIEW_INVALID_SIZE_PRECISION",
        Size::Quote(_) | Size::QuoteWithFees(_) => "PREVIEW_INVALID_QUOTE_SIZE_TOO_SMALL",
    }
}

pub(super) fn preview(ask: &mut Ask, _: &str) -> Answered {
    // A preview has no id of its own.
    if let Value::Object(body) = &mut ask.body {
        body.entry("client_order_id").or_insert_with(|| "preview".into());
    }
    let draft = config::draft(ask).map_err(Refused::argument)?;
    let errs = match ask.site.exchange.check(&ask.account, &draft) {
        Ok(_) => Vec::new(),
        Err(refusal) => vec![reason(ask, &draft, &refusal)],
    };
    let market = ask.site.exchange.market(&draft.market).map_err(|_| Refused::argument("product_id"))?;
    let base = if let Size::Base(quantity) = draft.size { quantity.get() } else { Decimal::ZERO };
    Ok(json!({
        "errs": errs,
        "warning": [],
        "base_size": number(base),
        "quote_size": "0",
        "best_bid": number(market.bid().get()),
        "best_ask": number(market.ask().get()),
        "is_max": false,
        "order_total": "0",
        "commission_total": "0",
        "preview_id": "",
    }))
}

pub(super) fn cancel(ask: &mut Ask, _: &str) -> Answered {
    let ids = ask.body.get("order_ids").and_then(Value::as_array).cloned().unwrap_or_default();
    let ids: Vec<String> = ids.iter().filter_map(|id| id.as_str().map(ToOwned::to_owned)).collect();
    if ids.is_empty() {
        return Err(Refused::argument("order_ids: value is required"));
    }
    let results: Vec<Value> = ids.iter().map(|id| cancelled(ask, id)).collect();
    Ok(json!({ "results": results }))
}

fn cancelled(ask: &mut Ask, id: &str) -> Value {
    let number = render::number_of(id).unwrap_or(0);
    let failure = match ask.site.exchange.cancel(&ask.account, number, ask.now) {
        Ok(()) => None,
        Err(Refusal::Ended) => Some("INVALID_CANCEL_REQUEST"),
        Err(_) => Some("UNKNOWN_CANCEL_ORDER"),
    };
    json!({
        "success": failure.is_none(),
        "failure_reason": failure.unwrap_or("UNKNOWN_CANCEL_FAILURE_REASON"),
        "order_id": id,
    })
}
