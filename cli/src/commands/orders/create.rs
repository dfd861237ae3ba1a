//! `moniqo orders create`

use super::super::patience::until;
use super::super::{Api, alerts};
use crate::args::NewOrder;
use crate::client::new_key;
use crate::failure::Failure;
use crate::table::facts;
use serde_json::{Map, Value, json};
use wire::view::{Delivery, OrderPreview, PlacedOrder};

/// Places the order, and shows what became of it.
pub(super) fn run(api: &Api, wanted: &NewOrder) -> Result<(), Failure> {
    let (url, token) = api.target.api()?;
    if wanted.dry_run {
        let shown = api.client.post_without_key(
            &format!("{url}/api/v1/orders/preview"),
            token,
            Some(body(wanted).to_string()),
        )?;
        return api.print(&shown, previewed);
    }
    let key = wanted.idempotency_key.clone().map_or_else(new_key, Ok)?;
    let placed = api.client.post_as(&format!("{url}/api/v1/orders"), token, Some(body(wanted).to_string()), &key);
    let placed = placed.map_err(|failure| match failure.is_unsure() {
        true => failure
            .next(format!("the order may be placed: the same again with --idempotency-key {key} is the same order")),
        false => failure,
    })?;
    let PlacedOrder { delivery_id, .. } = placed.read()?;
    let path = format!("deliveries/{delivery_id}");
    let is_decided = |told: &Delivery| told.verdict.is_some();
    let decided = || api.get(&path).ok().filter(|answer| answer.read().is_ok_and(|told| is_decided(&told)));
    if let Some(answer) = until(decided) {
        return api.print(&answer, alerts::detail);
    }
    let failure = Failure::refused(format!("the order is stored and not decided on yet, as {delivery_id}"));
    Err(failure.next(format!("`moniqo alerts show {delivery_id}` shows it once it is")))
}

/// Nothing is placed.
fn previewed(shown: &OrderPreview) -> String {
    let verdict = &shown.verdict;
    let reason = verdict.reason.as_ref().map(|reason| reason.to_string()).unwrap_or_default();
    let sales = shown.take_profit.iter().map(|sale| format!("{} at {}", sale.quantity, sale.price));
    let sales: Vec<_> = sales.collect();
    let later = shown.not_assessed.join(", ");
    facts([
        ("would be", Some(format!("{} {reason}", verdict.kind))),
        ("detail", verdict.detail.clone()),
        ("position", shown.position_id.clone()),
        ("price", shown.price.as_ref().map(|seen| seen.price.clone())),
        ("quantity", shown.quantity.clone()),
        ("reserved", shown.reserved.clone()),
        ("take-profit", (!sales.is_empty()).then(|| sales.join(", "))),
        ("stop", shown.stop_price.clone()),
        ("closed after", shown.time_limit_minutes.map(|minutes| format!("{minutes} min"))),
        ("assessed later", (!later.is_empty()).then(|| format!("{later}: needs the exchange's order book"))),
    ])
}

/// What is left out is not said.
fn body(wanted: &NewOrder) -> Value {
    let kind = if wanted.limit_price.is_some() { "limit" } else { "market" };
    let said = [
        ("account", wanted.account.clone().map(Value::from)),
        ("symbol", wanted.symbol.clone().map(Value::from)),
        ("position_id", wanted.position.clone().map(Value::from)),
        ("side", Some(json!(wanted.side.word()))),
        ("type", Some(json!(kind))),
        ("quantity", wanted.quantity.clone().map(Value::from)),
        ("quote", wanted.quote.clone().map(Value::from)),
        ("limit_price", wanted.limit_price.clone().map(Value::from)),
        ("price", wanted.price.clone().map(Value::from)),
        ("reduce_only", wanted.reduce_only.then_some(json!(true))),
        ("exits", exits(wanted)),
        ("preset", wanted.preset.clone().map(Value::from)),
        ("leverage", wanted.leverage.map(Value::from)),
    ];
    Value::Object(said.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect::<Map<_, _>>())
}

fn exits(wanted: &NewOrder) -> Option<Value> {
    let profit = wanted
        .take_profit
        .as_ref()
        .map(|percent| json!({"steps": [{"profit_percent": percent, "amount_percent": "100"}]}));
    let stop = wanted.stop_loss.clone().map(Value::from).or_else(|| wanted.no_stop.then_some(Value::Null));
    let said = [("take_profit", profit), ("stop_loss_percent", stop)];
    let said: Map<_, _> = said.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect();
    (!said.is_empty()).then_some(Value::Object(said))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::served::serving;

    #[test]
    fn order_that_may_be_placed_can_be_sent_again_under_its_key() {
        let wanted = |key: Option<&str>| NewOrder {
            symbol: Some("BTC/USDT".to_owned()),
            quote: Some("100".to_owned()),
            idempotency_key: key.map(str::to_owned),
            ..NewOrder::default()
        };
        let (api, requests) = serving(&[(503, "{}"), (422, "{}")]);
        let unsure = run(&api, &wanted(Some("a-key-of-an-order"))).unwrap_err().text();
        assert!(unsure.contains("--idempotency-key a-key-of-an-order"), "{unsure}");
        let refused = run(&api, &wanted(None)).unwrap_err().text();
        assert!(!refused.contains("--idempotency-key"), "{refused}");
        assert!(requests.join().unwrap().iter().all(|request| request.starts_with("POST orders")));
    }

    #[test]
    fn order_says_what_was_typed_and_nothing_else() {
        let wanted =
            NewOrder { symbol: Some("BTC/USDT".to_owned()), quote: Some("100".to_owned()), ..NewOrder::default() };
        assert_eq!(body(&wanted), json!({"side": "buy", "symbol": "BTC/USDT", "type": "market", "quote": "100"}));
        let wanted =
            NewOrder { limit_price: Some("5".to_owned()), take_profit: Some("2".to_owned()), no_stop: true, ..wanted };
        let body = body(&wanted);
        assert_eq!((&body["type"], &body["limit_price"]), (&json!("limit"), &json!("5")));
        let steps = json!([{"profit_percent": "2", "amount_percent": "100"}]);
        assert_eq!(body["exits"], json!({"take_profit": {"steps": steps}, "stop_loss_percent": null}));
    }
}
