//! Adding and cancelling orders.

use super::{Answered, Ask, draft, render};
use crate::engine::{Draft, Filter, Market, Refusal, Size};
use serde_json::json;

pub(super) const DUPLICATE: &str = "EOrder:Duplicate cl_ord_id";
/// A deadline may be this far away.
const DEADLINE_MAX: i64 = 60_000;

pub(super) fn add(ask: &mut Ask) -> Answered {
    check_deadline(ask)?;
    let mut draft = draft::draft(ask)?;
    let only_tried = ask.params.get("validate").is_some_and(|validate| validate.eq_ignore_ascii_case("true"));
    let has_no_id = draft.client_id.is_empty();
    if has_no_id {
        // The engine wants one; what begins like this is never shown.
        draft.client_id = render::unnamed(ask.site.exchange.orders.len(), ask.now);
    }
    let said = render::sentence(ask, &draft);
    if only_tried {
        ask.site.exchange.check(&ask.account, &draft).map_err(|refusal| refused(ask, &draft, &refusal))?;
        return Ok(json!({ "descr": { "order": said } }));
    }
    if !ask.site.limits.places(&ask.account, &draft.market, ask.now) {
        return Err("EOrder:Rate limit exceeded".to_owned());
    }
    let cap = ask.site.cap.take();
    let placed = ask.site.exchange.place(&ask.account, draft.clone(), cap, ask.now);
    let id = placed.map_err(|refusal| refused(ask, &draft, &refusal))?;
    Ok(json!({ "descr": { "order": said }, "txid": [render::order_id(id)] }))
}

fn check_deadline(ask: &Ask) -> Result<(), String> {
    let Some(text) = ask.params.get("deadline") else { return Ok(()) };
    let invalid = || "EGeneral:Invalid arguments:deadline".to_owned();
    let deadline: jiff::Timestamp = text.parse().map_err(|_| invalid())?;
    let left = deadline.as_millisecond().saturating_sub(ask.now);
    match left {
        ..0 => Err("EService:Deadline elapsed".to_owned()),
        left if left > DEADLINE_MAX => Err(invalid()),
        _ => Ok(()),
    }
}

fn refused(ask: &Ask, draft: &Draft, refusal: &Refusal) -> String {
    match refusal {
        Refusal::NoSuchMarket => "EQuery:Unknown asset pair",
        Refusal::Closed => "EService:Market in cancel_only mode",
        Refusal::DuplicateId => DUPLICATE,
        Refusal::WouldMatch => "EOrder:Post only order",
        Refusal::InsufficientBalance => "EOrder:Insufficient funds",
        Refusal::Filter(Filter::Price) => "EOrder:Tick size check failed",
        Refusal::Filter(Filter::PercentPrice) => "EOrder:Invalid price",
        Refusal::Filter(Filter::LotSize) => lot(ask.site.exchange.markets.get(&draft.market), draft),
        Refusal::Filter(Filter::Notional) => "EOrder:Cost minimum not met",
        Refusal::Filter(Filter::MaxNumOrders | Filter::MaxNumAlgoOrders) => "EOrder:Orders limit exceeded",
        Refusal::Filter(Filter::MarketLotSize) | Refusal::Inexact(_) => "EGeneral:Invalid arguments:volume",
        // Stops that are past trigger at once, and pairs and contracts there are none.
        Refusal::WouldTrigger | Refusal::WrongSides | Refusal::ReduceOnly => "EGeneral:Internal error",
        Refusal::NoSuchOrder | Refusal::Ended => "EOrder:Unknown order",
    }
    .to_owned()
}

fn lot(market: Option<&Market>, draft: &Draft) -> &'static str {
    let is_small = match draft.size {
        Size::Base(base) => market.is_some_and(|market| base.get() < market.rules.quantity_min),
        Size::Quote(_) | Size::QuoteWithFees(_) => true,
    };
    if is_small { "EOrder:Order minimum not met" } else { "EGeneral:Invalid arguments:volume" }
}

/// By number or by the client's id; of an id only open orders are meant.
pub(super) fn cancel(ask: &mut Ask) -> Answered {
    let unknown = || "EOrder:Unknown order".to_owned();
    let id = match (ask.params.get("txid"), ask.params.get("cl_ord_id")) {
        (Some(txid), _) => render::number_of(txid),
        (None, Some(client_id)) => {
            let mut open = ask.site.exchange.open_of(&ask.account);
            open.find(|order| order.draft.client_id == client_id).map(|order| order.id)
        }
        (None, None) => return Err("EGeneral:Invalid arguments".to_owned()),
    };
    end(ask, id.ok_or_else(unknown)?).ok_or_else(unknown)?;
    Ok(json!({ "count": 1 }))
}

/// Cancels an order, which counts the more the sooner it comes.
fn end(ask: &mut Ask, id: u64) -> Option<()> {
    ask.site.exchange.cancel(&ask.account, id, ask.now).ok()?;
    let order = ask.site.exchange.orders.get(&id)?;
    let rested = ask.now.saturating_sub(order.created_at);
    ask.site.limits.cancels(&ask.account, &order.draft.market, rested, ask.now);
    Some(())
}

pub(super) fn cancel_all(ask: &mut Ask) -> Answered {
    let open: Vec<u64> = ask.site.exchange.open_of(&ask.account).map(|order| order.id).collect();
    for id in &open {
        // What is open can be cancelled.
        let _cancelled = end(ask, *id);
    }
    Ok(json!({ "count": open.len() }))
}
