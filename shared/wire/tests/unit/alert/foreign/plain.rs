//! One line.

use super::{no_alert, parse, refused, wished};
use domain::alert::Side;
use domain::preset::Preset;
use domain::signal::Wish;
use wire::alert::open;

#[test]
fn a_word_and_a_market_are_an_alert() {
    #[rustfmt::skip]
    let table = [
        ("buy BINANCE:BTCUSDT",             Wish::Hold(Side::Long)),
        ("Long binance:btc/usdt",           Wish::Hold(Side::Long)),
        ("SHORT BINANCE_DLY:BTC-USDT",      Wish::Hold(Side::Short)),
        ("sell BINANCE:BTCUSDT",            Wish::Exit),
        (" exit\tBINANCE:BTC_USDT \r\n",    Wish::Exit),
        ("close\nBINANCE:BTCUSDT",          Wish::Exit),
        ("flat BINANCE:BTCUSDT",            Wish::Exit),
    ];
    for (text, wish) in table {
        let (asked, alert) = wished(text);
        assert_eq!(asked, wish, "{text}");
        assert_eq!((alert.exchange.as_str(), alert.symbol.to_string().as_str()), ("BINANCE", "BTC/USDT"), "{text}");
        assert_eq!((alert.sent_at, alert.timeframe), (None, None));
        assert_eq!(alert.plan, Preset::built_in().unwrap().plan);
    }
}

#[test]
fn a_perpetual_is_not_sold_without_saying_what_for() {
    for market in ["BINANCE:BTCUSDT.P", "BINANCE:BTC/USDT:USDT"] {
        refused(&format!("sell {market}"), "action");
        for word in ["exit", "close", "flat"] {
            let (wish, alert) = wished(&format!("{word} {market}"));
            assert_eq!((wish, alert.closes_only()), (Wish::Exit, None));
        }
        assert_eq!(wished(&format!("short {market}")).1.symbol.to_string(), "BTC/USDT:USDT");
    }
}

#[test]
fn what_is_sold_is_a_long() {
    assert_eq!(wished("sell BINANCE:BTCUSDT").1.closes_only(), Some(Side::Long));
}

#[test]
fn without_an_exchange_the_line_to_write_is_shown() {
    for market in ["BTCUSDT", "BTC/USDT", "BTC/USDT:USDT"] {
        let line = format!("buy {market}");
        refused(&line, "exchange");
        assert!(parse(&line).unwrap_err().detail.ends_with(&format!("as in buy BINANCE:{market}")));
    }
    refused("buy :BTCUSDT", "exchange");
    refused("buy BIN$:BTCUSDT", "exchange");
    refused("buy NaN:BTCUSDT", "exchange");
    refused("buy -1:BTCUSDT", "exchange");
}

#[test]
fn anything_else_is_no_alert() {
    for text in [
        "buy",
        "buy BTC",
        "buy bitcoin",
        "buy BINANCE:",
        "buy BINANCE:BTC",
        "hold BINANCE:BTCUSDT",
        "buy BINANCE:BTCUSDT now",
        "buy BINANCE:BTCUSDT\nsell BINANCE:ETHUSDT",
        "buy: BINANCE:BTCUSDT",
        "BINANCE:BTCUSDT buy",
        "buy{{strategy.order.action}} BINANCE:BTCUSDT",
        "buy {{exchange}}:{{ticker}}",
        "\"buy BINANCE:BTCUSDT",
    ] {
        no_alert(text);
    }
}

#[test]
fn spaces_do_not_make_another_alert() {
    for text in ["buy BINANCE:BTCUSDT", "  buy \t BINANCE:BTCUSDT\r\n", "\u{feff}buy BINANCE:BTCUSDT"] {
        assert_eq!(open(text.as_bytes()).body, "buy BINANCE:BTCUSDT");
    }
}
