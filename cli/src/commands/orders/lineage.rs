//! `moniqo orders lineage`: the whole story of an order, from its alert to its fills.

use super::super::positions::history;
use super::super::{Api, of};
use super::{fills, orders};
use crate::args::Lineage;
use crate::failure::Failure;
use crate::table::{facts, maybe, plain, printable, table, time};
use wire::view::{LimitPassed, OrderLineage, PriceSeen, Reason, ReasonCode, SignalRead, VenueExchange};

pub(super) fn run(api: &Api, wanted: &Lineage) -> Result<(), Failure> {
    api.show(&of(format!("orders/{}/lineage", wanted.id), &wanted.whose), false, story)
}

fn story(told: &OrderLineage) -> String {
    let chapters = [
        ("alert", alert(told)),
        ("decision", decision(told)),
        ("history", history(&told.history)),
        ("requests to the exchange", exchanges(&told.exchanges)),
        ("outcome", format!("{}\n\n{}", orders([&told.order], ""), fills(&told.fills))),
    ];
    chapters.map(|(title, text)| format!("{title}\n{text}")).join("\n\n")
}

fn alert(told: &OrderLineage) -> String {
    let row = told.delivery.as_ref();
    let verdict = row.and_then(|row| row.delivery.verdict.as_ref());
    let because = |reason: Option<&ReasonCode>| reason.map_or_else(String::new, |reason| format!(": {reason}"));
    let gone = row.is_none().then(|| "its record was deleted".to_owned());
    facts([
        ("alert", Some(told.delivery_id.clone())),
        ("received", row.map(|row| time(row.delivery.received_at)).or(gone)),
        ("body's SHA-256", row.map(|row| row.body_sha256.clone())),
        ("body", row.map(|row| row.delivery.body.clone())),
        ("read as", told.signal.as_ref().map(read)),
        ("verdict", verdict.map(|verdict| format!("{}{}", verdict.kind, because(verdict.reason.as_ref())))),
        ("", verdict.and_then(|verdict| verdict.detail.clone())),
    ])
}

/// `entry long, BTC/USDT at PAPER, 15`.
fn read(signal: &SignalRead) -> String {
    let side = signal.side.as_ref().map_or_else(String::new, |side| format!(" {side}"));
    let market = format!("{}{side}, {} at {}", signal.wish, signal.symbol, signal.exchange);
    [Some(market), signal.timeframe.clone()].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn decision(told: &OrderLineage) -> String {
    let preset = told.preset.as_ref().map(|preset| format!("{}, version {}", preset.name, preset.version));
    let refused = told.risk.refused.as_ref().map(|Reason { code, detail }| format!("{code}: {detail}"));
    let known = facts([
        ("preset", Some(preset.unwrap_or_else(|| "built in".to_owned()))),
        ("strategy", told.strategy_version.clone()),
        ("prompt", told.prompt_version.clone()),
        ("not sent", refused),
    ]);
    format!("{known}\n\n{}\n\n{}", prices(&told.prices), limits(&told.risk.passed))
}

fn prices(prices: &[PriceSeen]) -> String {
    let row = |seen: &PriceSeen| {
        let meant = match seen.source.as_str() {
            "ticker" => "checked before sending",
            _ => "planned at",
        };
        vec![plain(meant), plain(&*seen.price), plain(seen.source.as_str()), maybe(seen.at.map(time).as_ref())]
    };
    table(&["price", "", "source", "time (UTC)"], prices.iter().map(row).collect(), "no prices recorded").to_string()
}

fn limits(limits: &[LimitPassed]) -> String {
    let row = |kept: &LimitPassed| vec![plain(kept.limit.to_string()), plain(&*kept.comes_to), plain(&*kept.allowed)];
    table(&["limit", "value", "allowed"], limits.iter().map(row).collect(), "no limits recorded").to_string()
}

fn exchanges(exchanges: &[VenueExchange]) -> String {
    let told = |said: &VenueExchange| format!("{}\n  > {}\n  < {}", time(said.at), said.asked, said.answered);
    let all: Vec<String> = exchanges.iter().map(told).collect();
    if all.is_empty() {
        "no requests recorded; paper trading sends none".to_owned()
    } else {
        printable(&all.join("\n")).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_story_goes_from_the_alert_to_its_fills() {
        let order = json!({"id": "ord_1", "position_group_id": "grp_1", "purpose": "entry", "pyramid": 0, "leg": 0, "epoch": 0,
            "side": "buy", "type": "market", "price": null, "stop_price": null, "quantity": "1", "filled": "0",
            "average_fill_price": null, "fees": {}, "status": "failed", "state": "not_placed",
            "reason": {"code": "price_moved", "detail": "planned at 100, now 103, 1 % allowed"}, "declared": false,
            "client_order_id": "mix", "stop_client_order_id": null, "exchange_order_id": null,
            "created_at": "2025-11-20T08:51:00Z", "submitted_at": null, "cancel_requested_at": null, "last_fill_at": null,
            "valid_until": null});
        let told: OrderLineage = serde_json::from_value(json!({"order": order, "fills": [], "delivery_id": "dlv_1",
            "delivery": null, "preset": {"name": "grid", "version": 3},
            "signal": {"wish": "entry", "side": "long", "exchange": "PAPER", "symbol": "BTC/USDT", "timeframe": "15",
                "account": null, "market_position": null, "price": null, "raised_at": null, "max_lag_seconds": 300},
            "prices": [{"source": "ticker", "price": "103", "at": "2025-11-20T08:51:00Z"}],
            "risk": {"passed": [{"limit": "exposure_max", "comes_to": "300", "allowed": "5000"}],
                "refused": {"code": "price_moved", "detail": "planned at 100, now 103, 1 % allowed"}},
            "history": [{"version": 1, "why": "opened by an alert", "before": null, "after": "waiting",
                "at": "2025-11-20T08:51:00Z"}],
            "exchanges": [{"at": "2025-11-20T08:51:00Z", "asked": "POST /order", "answered": "200 {}"}]}))
        .unwrap();
        let story = story(&told);
        for expected in [
            "its record was deleted",
            "entry long, BTC/USDT at PAPER, 15",
            "grid, version 3",
            "price_moved: planned at 100, now 103, 1 % allowed",
            "checked before sending  103",
            "exposure_max  300    5000",
            "opened by an alert",
            "  > POST /order\n  < 200 {}",
            "no fills",
        ] {
            assert!(story.contains(expected), "{expected}:\n{story}");
        }
    }
}
