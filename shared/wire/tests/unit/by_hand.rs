//! Orders by hand, as they are asked for.

use domain::alert::Side;
use domain::market::MarketKey;
use domain::order::Direction;
use domain::preset::{OrderKind, OrderSize, PresetName, PresetRef};
use wire::alert::Base;
use wire::by_hand::AskedOrder;
use wire::preset::Document;

fn parse(text: &str) -> Result<AskedOrder, String> {
    AskedOrder::parse(text).map_err(|wrong| format!("{}: {}", wrong.fields.join(","), wrong.detail))
}

fn refused(text: &str) -> String {
    parse(text).unwrap_err()
}

#[test]
fn an_order_names_one_size_and_what_it_is_sent_as() {
    let order = parse(r#"{"symbol": "BTCUSDT", "side": "buy", "quote": "100"}"#).unwrap();
    assert_eq!((order.side, order.kind), (Direction::Buy, OrderKind::Market));
    assert_eq!(order.size, OrderSize::Quote("100".parse().unwrap()));
    let limit = parse(r#"{"symbol": "BTC/USDT", "side": "BUY", "quantity": 0.1, "type": "limit", "limit_price": 5}"#);
    assert_eq!(limit.unwrap().kind, OrderKind::Limit("5".parse().unwrap()));
    for (text, field) in [
        (r#"{"symbol": "BTCUSDT", "quote": "1"}"#, "side"),
        (r#"{"side": "buy", "quote": "1"}"#, "symbol"),
        (r#"{"symbol": "BTCUSDT", "side": "buy"}"#, "quantity"),
        (r#"{"symbol": "BTCUSDT", "side": "buy", "quantity": "0"}"#, "quantity"),
        (r#"{"symbol": "BTCUSDT", "side": "buy", "quantity": "1", "quote": "1"}"#, "quote"),
        (r#"{"symbol": "BTCUSDT", "side": "buy", "quote": "1", "type": "limit"}"#, "limit_price"),
        (r#"{"symbol": "BTCUSDT", "side": "buy", "quote": "1", "limit_price": "1"}"#, "limit_price"),
        (r#"{"symbol": "BTCUSDT", "side": "buy", "quote": "1", "type": "stop", "stop_price": "1"}"#, "type"),
        (r#"{"symbol": "BTCUSDT", "side": "buy", "quote": "1", "stop_price": "1"}"#, "stop_price"),
        (r#"{"symbol": "BTCUSDT", "side": "buy", "quote": "1", "position_id": "x"}"#, "position_id"),
        (r#"{"symbol": "BTCUSDT", "side": "buy", "quote": "1", "price": "1"}"#, "price"),
        (r#"{"symbol": "BTCUSDT", "side": "buy", "quote": "1", "exits": {"stop": "1"}}"#, "exits.stop"),
        (r#"{"symbol": "BTCUSDT", "side": "buy", "quote": "1", "exits": {"take_profit": null}}"#, "exits.take_profit"),
    ] {
        let told = refused(text);
        assert!(told.starts_with(&format!("{field}: {field} ")), "{text}: {told}");
    }
}

#[test]
fn no_stop_is_said_and_never_meant_by_leaving_it_out() {
    let without = |exits: &str| {
        let body = format!(r#"{{"symbol": "BTCUSDT", "side": "buy", "quote": "1"{exits}}}"#);
        parse(&body).unwrap().without_stop
    };
    assert!(!without("") && !without(r#", "exits": {}"#) && !without(r#", "exits": {"stop_loss_percent": "5"}"#));
    assert!(without(r#", "exits": null"#) && without(r#", "exits": {"stop_loss_percent": null}"#));
}

#[test]
fn what_is_wrong_is_told_by_the_orders_own_names() {
    let market = MarketKey { exchange: "PAPER".parse().unwrap(), symbol: "BTC/USDT".parse().unwrap() };
    let check = |exits: &str| {
        let body = format!(r#"{{"symbol": "BTCUSDT", "side": "buy", "quote": "1", "exits": {exits}}}"#);
        let text = parse(&body).unwrap().entry(&market, None, Side::Long);
        AskedOrder::check(&text, None).map_err(|wrong| wrong.detail)
    };
    assert_eq!(check(r#"{"stop_loss_percent": "4"}"#), Ok(()));
    let told = check(r#"{"break_even_after_step": "1"}"#).unwrap_err();
    assert_eq!(told, "exits.stop_loss_percent is required");
}

#[test]
fn what_a_preset_says_of_a_stop_goes_with_its_stop() {
    let market = MarketKey { exchange: "PAPER".parse().unwrap(), symbol: "BTC/USDT".parse().unwrap() };
    let preset = r#"{"stop_loss_percent": "4", "stop_loss_basis": "average", "stop_loss_at_venue": true, "break_even_after_step": "1",
        "take_profit": {"steps": [{"profit_percent": "1", "amount_percent": "50"}, {"profit_percent": "2", "amount_percent": "50"}]},
        "safety_orders": {"count": 2, "quote": "50", "deviation_percent": "1"}, "cooldown_minutes": 60}"#;
    let base = || Base {
        at: PresetRef { name: PresetName::standard(), version: 1 },
        document: Document::parse(preset).unwrap(),
    };
    let check = |exits: &str| {
        let body = format!(r#"{{"symbol": "BTCUSDT", "side": "buy", "quote": "1"{exits}}}"#);
        let text = AskedOrder::parse(&body).unwrap().entry(&market, None, Side::Long);
        AskedOrder::check(&text, Some(base()))
    };
    let one_step = r#", "exits": {"take_profit": {"steps": [{"profit_percent": "6", "amount_percent": "100"}]}}"#;
    for exits in ["", r#", "exits": null"#, r#", "exits": {"stop_loss_percent": null}"#, one_step] {
        assert_eq!(check(exits), Ok(()), "{exits}");
    }
}
