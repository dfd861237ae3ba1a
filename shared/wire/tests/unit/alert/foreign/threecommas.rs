//! 3Commas' signal bot.

use super::{refused, wished};
use domain::alert::Side;
use domain::clock::{Millis, Timestamp};
use domain::ladder::Size;
use domain::preset::{AskedSize, OrderKind, Preset};
use domain::signal::Wish;
use wire::alert::{Secret, open};

/// A custom signal with these members beside those it always has.
fn signal(action: &str, more: &str) -> String {
    let comma = if more.is_empty() { "" } else { "," };
    format!(r#"{{"tv_exchange": "BINANCE", "tv_instrument": "BTCUSDT", "action": "{action}"{comma} {more}}}"#)
}

fn ordered(action: &str, order: &str) -> String {
    signal(action, &format!(r#""order": {{{order}}}"#))
}

/// A strategy's order with its position afterwards.
fn followed(action: &str, position: &str) -> String {
    signal(action, &format!(r#""strategy_info": {{"market_position": "{position}"}}"#))
}

#[test]
fn an_action_enters_or_leaves() {
    #[rustfmt::skip]
    let table = [
        (signal("enter_long", ""),     Wish::Hold(Side::Long)),
        (signal("ENTER_LONG", ""),     Wish::Hold(Side::Long)),
        (signal("enter_short", ""),    Wish::Hold(Side::Short)),
        (signal("exit_long", ""),      Wish::Exit),
        (signal("exit_short", ""),     Wish::Exit),
        (followed("buy", "long"),      Wish::Hold(Side::Long)),
        (followed("sell", "short"),    Wish::Hold(Side::Short)),
        (followed("sell", "long"),     Wish::Hold(Side::Long)),
        (followed("sell", "flat"),     Wish::Exit),
        (followed("buy", "flat"),      Wish::Exit),
    ];
    for (text, wish) in table {
        let (asked, alert) = wished(&text);
        assert_eq!(asked, wish, "{text}");
        assert_eq!((alert.exchange.as_str(), alert.symbol.to_string().as_str()), ("BINANCE", "BTC/USDT"));
        assert_eq!((alert.sent_at, alert.price, alert.max_lag), (None, None, Millis::seconds(300)));
        assert_eq!(alert.plan, Preset::built_in().unwrap().plan);
    }
}

#[test]
fn its_clock_lag_and_price_are_read() {
    let more = r#""timestamp": "2026-01-31T12:00:01Z", "max_lag": "60", "trigger_price": 64250.370, "bot_uuid": "any""#;
    let (_, alert) = wished(&signal("enter_long", more));
    assert_eq!(alert.sent_at, Some(Timestamp::from_millis(1_769_860_801_000)));
    assert_eq!((alert.max_lag, alert.price), (Millis::seconds(60), Some("64250.37".parse().unwrap())));
    let left = r#""timestamp": "{{timenow}}", "trigger_price": "{{close}}", "strategy_info": {"prev_market_position": "{{strategy.prev_market_position}}"}"#;
    let (_, alert) = wished(&signal("enter_long", left));
    assert_eq!((alert.sent_at, alert.price, alert.fields.any()), (None, None, false));
}

#[test]
fn its_order_takes_the_place_of_the_presets() {
    let plan = |text: &str| wished(text).1.plan;
    let base = AskedSize::Of(Size::Base("0.25".parse().unwrap()));
    let quote = AskedSize::Of(Size::Quote("250".parse().unwrap()));
    assert_eq!(plan(&ordered("enter_long", r#""amount": "0.25", "currency_type": "base""#)).size, base);
    assert_eq!(plan(&ordered("enter_long", r#""amount": 250, "currency_type": "quote""#)).size, quote);
    let limited = r#""amount": 250, "currency_type": "quote", "order_type": "limit", "price": "64000""#;
    assert_eq!(plan(&ordered("enter_long", limited)).kind, OrderKind::Limit("64000".parse().unwrap()));
    let noisy = followed("buy", "long").replace(
        r#""strategy_info""#,
        r#""order": {"amount": 0.25000000000000004, "currency_type": "base"}, "strategy_info""#,
    );
    assert_eq!(plan(&noisy).size, base);
}

#[test]
fn an_exit_closes_all_of_the_side_that_it_names() {
    let side = |text: &str| {
        let (wish, alert) = wished(text);
        assert_eq!(wish, Wish::Exit, "{text}");
        alert.closes_only()
    };
    assert_eq!(side(&signal("exit_long", "")), Some(Side::Long));
    assert_eq!(side(&signal("EXIT_SHORT", "")), Some(Side::Short));
    assert_eq!(side(&followed("buy", "flat")), Some(Side::Short), "what is bought back was a short");
    assert_eq!(side(&followed("sell", "flat")), None);
    let flat = followed("sell", "flat")
        .replace(r#""strategy_info""#, r#""order": {"amount": 0.25, "currency_type": "base"}, "strategy_info""#);
    assert_eq!(wished(&flat).0, Wish::Exit, "flat is all of it");
}

#[test]
fn nothing_that_it_does_not_need_holds_up_an_exit() {
    for more in [
        r#""comment": "TP1", "trigger_price": "3,700""#,
        r#""stop_loss": {"enabled": false}"#,
        r#""timestamp": "12:30", "max_lag": "five""#,
        r#""order": 5"#,
        r#""strategy_info": {"market_position": "long", "anything": 1}"#,
        r#""bot_uuid": 1, "bot_uuid": 2"#,
    ] {
        assert_eq!(wished(&signal("exit_long", more)).0, Wish::Exit, "{more}");
    }
    for order in [
        r#""amount": 50, "currency_type": "position_percent""#,
        r#""amount": 100, "currency_type": "margin_percent""#,
        r#""amount": "NaN""#,
        r#""order_type": "limit", "price": 5, "leverage": 3"#,
    ] {
        assert_eq!(wished(&ordered("exit_long", order)).0, Wish::Exit, "{order}");
    }
    let clocked = wished(&signal("exit_long", r#""timestamp": 1769860801, "max_lag": 60, "trigger_price": 5"#)).1;
    assert_eq!(clocked.sent_at, Some(Timestamp::from_millis(1_769_860_801_000)));
    assert_eq!((clocked.max_lag, clocked.price), (Millis::seconds(60), Some("5".parse().unwrap())));
    refused(&signal("exit_long", "").replace("BTCUSDT", "{{ticker}}"), "tv_instrument");
}

#[test]
fn an_error_names_its_field() {
    #[rustfmt::skip]
    let table = [
        (signal("disable", ""),                                                     "action"),
        (signal("{{strategy.order.action}}", ""),                                   "action"),
        (signal("buy", ""),                                                         "strategy_info.market_position"),
        (followed("buy", "sideways"),                                               "strategy_info.market_position"),
        (followed("enter_long", "long"),                                            "strategy_info"),
        (signal("buy", r#""strategy_info": {"position": "long"}"#),                 "strategy_info.position"),
        (signal("enter_long", r#""strategy_info": 1"#),                             "strategy_info"),
        (signal("enter_long", r#""max_lag": 0"#),                                   "max_lag"),
        (signal("enter_long", r#""max_lag": "3601""#),                              "max_lag"),
        (signal("enter_long", r#""stop_loss": "2""#),                               "stop_loss"),
        (signal("enter_long", r#""take_profit": "2""#),                             "take_profit"),
        (signal("enter_long", r#""ordr": {}"#),                                     "ordr"),
        (signal("enter_long", r#""action": "exit_long""#),                          "action"),
        (signal("enter_long", r#""timestamp": "yesterday""#),                       "timestamp"),
        (signal("enter_long", r#""trigger_price": "cheap""#),                       "trigger_price"),
        (signal("enter_long", r#""max_lag": "{{x}}""#),                             "max_lag"),
        (ordered("enter_long", r#""amount": "NaN", "currency_type": "quote""#),     "order.amount"),
        (followed("buy", "{{strategy.market_position}}"),                           "strategy_info.market_position"),
        (signal("enter_long", r#""order": 5"#),                                     "order"),
        (ordered("enter_long", r#""amount": 5"#),                                   "order.currency_type"),
        (ordered("enter_long", r#""amount": 5, "currency_type": "margin_percent""#), "order.currency_type"),
        (ordered("enter_long", r#""amount": 5, "currency_type": "position_percent""#), "order.currency_type"),
        (ordered("enter_long", r#""currency_type": "base""#),                       "order.amount"),
        (ordered("enter_long", r#""amount": 0, "currency_type": "base""#),          "order.amount"),
        (ordered("enter_long", r#""amount": -5, "currency_type": "quote""#),        "order.amount"),
        (ordered("enter_long", r#""amount": "10%", "currency_type": "quote""#),     "order.amount"),
        (ordered("enter_long", r#""order_type": "stop""#),                          "order.order_type"),
        (ordered("enter_long", r#""order_type": "limit""#),                         "order.price"),
        (ordered("enter_long", r#""price": 5"#),                                    "order.price"),
        (ordered("enter_long", r#""leverage": 5"#),                                 "order.leverage"),
        (signal("enter_long", "").replace("BTCUSDT", "BTC"),                        "tv_instrument"),
        (signal("enter_long", "").replace("BINANCE", "{{exchange}}"),               "tv_exchange"),
        (r#"{"bot_uuid": "any"}"#.to_owned(),                                       "tv_exchange"),
        (r#"{"tv_exchange": "BINANCE", "tv_instrument": "BTCUSDT"}"#.to_owned(),    "action"),
    ];
    for (text, field) in table {
        refused(&text, field);
    }
}

#[test]
fn what_is_ours_stays_ours() {
    refused(r#"{"tv": {}, "bot_uuid": "any"}"#, "tv.exchange");
    refused(r#"{"action": "enter_long"}"#, "tv.exchange");
}

#[test]
fn the_secret_is_cut_out() {
    let opened = open(signal("enter_long", r#""secret": "s3cr3t", "order": {"secret": "s3cr3t"}"#).as_bytes());
    assert_eq!(opened.secret, Some(Secret::new("s3cr3t")));
    assert!(!opened.body.contains("secret") && opened.alert().is_ok(), "{}", opened.body);
}
