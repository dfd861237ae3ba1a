//! An exit needs its market and its account, no more.

use super::{check, parse};
use domain::alert::{Alert, Side};
use domain::clock::Timestamp;
use domain::market::Symbol;
use domain::signal::{Wish, wish};

/// An exit with these members beside `tv` and `execution_intent`, in `tv` and in `execution_intent`.
fn exit(beside: &str, tv: &str, intent: &str) -> String {
    let more = |text: &str| if text.is_empty() { String::new() } else { format!(", {text}") };
    format!(
        r#"{{"tv": {{"exchange": "PAPER", "symbol": "BTCUSDT"{}}}, "execution_intent": {{"type": "exit"{}}}{}}}"#,
        more(tv),
        more(intent),
        more(beside)
    )
}

fn followed(text: &str) -> Alert {
    let alert = parse(text).unwrap_or_else(|wrong| unreachable!("{text}: {wrong}"));
    assert_eq!(wish(&alert), Ok(Wish::Exit), "{text}");
    assert_eq!((alert.exchange.as_str(), alert.symbol.to_string().as_str()), ("PAPER", "BTC/USDT"), "{text}");
    alert
}

#[test]
fn nothing_that_it_does_not_need_keeps_an_exit_from_being_followed() {
    for more in [
        r#""sent_at": "12:30""#,
        r#""timestamp": "2026-11-26 03:00:00""#,
        r#""max_lag_seconds": 0"#,
        r#""max_lag_seconds": "99999""#,
        r#""max_lag_seconds": "five""#,
        r#""stop_loss_percent": "5%""#,
        r#""stop_loss_percnt": 5"#,
        r#""base_order": "x""#,
        r#""base_order": {"quote": 1, "quote": 2}"#,
        r#""take_profit": "5""#,
        r#""leverage": "abc""#,
        r#""pyramids": 5"#,
        r#""partial_exit": "maybe""#,
        r#""reverse": "maybe""#,
        r#""preset": "Bad Name!""#,
        r#""preset": "{{plot_0}}""#,
        r#""id": {"a": 1}"#,
        r#""id": "a", "id": "b""#,
        r#""note": 1, "note": 2"#,
    ] {
        let text = exit(more, "", "");
        followed(&text);
        assert!(super::open(text.as_bytes()).over(None).is_ok(), "and asks for no preset: {text}");
    }
    for more in [
        r#""close": "1,234.5""#,
        r#""close": "na""#,
        r#""close": "∅""#,
        r#""close": NaN"#,
        r#""price": {}"#,
        r#""prev_market_position_size": "1,000.5""#,
        r#""action": "close""#,
        r#""market_position": "none""#,
        r#""market_position": 5"#,
        r#""close": 1, "close": 2"#,
    ] {
        followed(&exit("", more, ""));
    }
    for more in
        [r#""side": "buy""#, r#""side": 5"#, r#""strategy": "martingale""#, r#""strategy": [], "comment": "TP1""#]
    {
        assert_eq!(followed(&exit("", "", more)).closes_only(), None, "{more}");
    }
}

#[test]
fn what_an_exit_needs_is_named() {
    #[rustfmt::skip]
    let table = [
        (exit("", "", "").replace("PAPER", "{{exchange}}"),         "tv.exchange"),
        (exit("", "", "").replace("BTCUSDT", "{{ticker}}"),         "tv.symbol"),
        (exit("", r#""symbol": "ETHUSDT""#, ""),                    "tv.symbol"),
        (exit(r#""account": "{{account}}""#, "", ""),               "account"),
        (exit(r#""account": "a", "account": "b""#, "", ""),         "account"),
        (exit(r#""account": true"#, "", ""),                        "account"),
        (exit(r#""route": "Bad Name!""#, "", ""),                   "route"),
        (exit(r#""route": "all", "account": "a""#, "", ""),         "route"),
        (r#"{"tv": [], "execution_intent": {"type": "exit"}}"#.to_owned(), "tv.exchange"),
    ];
    for (text, field) in table {
        check(&text, "invalid_alert", field);
    }
    followed(&exit("", r#""symbol": "BTCUSDT""#, ""));
}

#[test]
fn a_text_says_exit_by_its_type_its_position_or_its_side() {
    let says = |tv: &str, intent: &str| {
        format!(
            r#"{{"tv": {{"exchange": "PAPER", "symbol": "BTCUSDT", "close": "na"{tv}}}, "execution_intent": {{"strategy": "grid"{intent}}}}}"#
        )
    };
    followed(&says("", r#", "type": " EXIT ""#));
    followed(&says(r#", "market_position": "Flat""#, r#", "side": "long""#));
    followed(&says(r#", "market_position": "flat""#, r#", "type": "entry""#));
    followed(&says("", r#", "side": "flat""#));
    followed(&says(r#", "market_position": "none""#, r#", "side": "flat""#));
    followed(&says("", r#", "type": "exit", "type": "exit""#));
    check(&says("", r#", "type": "exit", "type": "entry""#), "invalid_alert", "execution_intent.type");
    check(&says("", r#", "type": "{{x}}", "side": "long""#), "invalid_alert", "execution_intent.type");
}

#[test]
fn the_first_clock_that_can_be_read_is_an_exits() {
    let at = |text: &str| followed(text).sent_at;
    let moment = Some(Timestamp::from_millis(1_769_860_801_000));
    assert_eq!(at(&exit(r#""sent_at": "12:30", "timestamp": 1769860801"#, "", "")), moment);
    assert_eq!(at(&exit(r#""sent_at": "12:30""#, r#""sent_at": "2026-01-31T12:00:01Z""#, "")), moment);
    assert_eq!(at(&exit(r#""sent_at": 1769860801, "sent_at": 1769860802"#, "", "")), None, "two clocks are none");
}

#[test]
fn a_timeframe_that_was_meant_and_cannot_be_read_is_not_all_of_them() {
    let of = |timeframe: &str| {
        let alert = followed(&exit("", timeframe, ""));
        (alert.timeframe.map(|timeframe| timeframe.to_string()), alert.timeframe_unread)
    };
    assert_eq!(of(""), (None, false));
    assert_eq!(of(r#""timeframe": null"#), (None, false));
    assert_eq!(of(r#""timeframe": 60"#), (Some("60".to_owned()), false));
    for value in [
        r#""{{interval}}""#,
        r#""NaN""#,
        "NaN",
        r#""""#,
        "{}",
        "true",
        "[60]",
        r#""every hour""#,
        "0",
        r#""60", "timeframe": "240""#,
    ] {
        assert_eq!(of(&format!(r#""timeframe": {value}"#)), (None, true), "{value}");
    }
}

#[test]
fn an_exit_that_names_a_side_means_that_side() {
    let side = |text: &str| followed(text).closes_only();
    assert_eq!(side(&exit("", "", r#""side": "long""#)), Some(Side::Long));
    assert_eq!(side(&exit("", "", r#""side": "Short""#)), Some(Side::Short));
    assert_eq!(side(&exit("", r#""market_position": "flat""#, r#""side": "flat""#)), None);
    let flat = exit("", r#""market_position": "flat""#, r#""side": "long""#)
        .replace(r#""type": "exit""#, r#""type": "entry""#);
    assert_eq!(side(&flat), None, "the side of an entry");
}

#[test]
fn what_a_symbol_may_mean_besides_is_told() {
    let of = |symbol: &str| {
        let alert = parse(&exit("", "", "").replace("BTCUSDT", symbol)).unwrap();
        alert.symbols().map(Symbol::to_string).collect::<Vec<_>>()
    };
    assert_eq!(of("DOTUSD"), ["DO/TUSD", "DOT/USD"]);
    assert_eq!(of("XBTUSD"), ["XB/TUSD", "BTC/USD"]);
    assert_eq!(of("DOT/USD"), ["DOT/USD"]);
    assert_eq!(of("DOTUSD.P"), ["DO/TUSD:TUSD", "DOT/USD:USD"]);
    let contracts = exit("", "", "").replace("PAPER", "PAPERUSDM").replace("BTCUSDT", "DOTUSD");
    let told: Vec<_> = parse(&contracts).unwrap().symbols().map(Symbol::to_string).collect();
    assert_eq!(told, ["DO/TUSD:TUSD", "DOT/USD:USD"]);
    for text in ["exit PAPER:DOTUSD", "EXCHANGE=PAPER\nSYMBOL=DOTUSD\nSIGNAL=SELL"] {
        let told: Vec<_> = parse(text).unwrap().symbols().map(Symbol::to_string).collect();
        assert_eq!(told, ["DO/TUSD", "DOT/USD"], "{text}");
    }
}
