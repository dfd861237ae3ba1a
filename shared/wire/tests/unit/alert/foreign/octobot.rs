//! `KEY=VALUE`.

use super::{no_alert, refused, wished};
use domain::alert::Side;
use domain::clock::Timestamp;
use domain::ladder::Size;
use domain::preset::{AskedSize, OrderKind, Preset};
use domain::signal::Wish;
use wire::alert::{Secret, open};

const BUY: &str = "EXCHANGE=BINANCE\nSYMBOL=BTCUSDT\nSIGNAL=BUY";
const SELL: &str = "EXCHANGE=BINANCE\nSYMBOL=BTCUSDT\nSIGNAL=SELL";

fn with(text: &str, more: &str) -> String {
    format!("{text}\n{more}")
}

#[test]
fn a_buy_enters_and_a_sell_leaves() {
    for (text, wish) in [(BUY, Wish::Hold(Side::Long)), (SELL, Wish::Exit)] {
        let (asked, alert) = wished(text);
        assert_eq!((asked, alert.exchange.as_str(), alert.symbol.to_string().as_str()), (wish, "BINANCE", "BTC/USDT"));
        assert_eq!((alert.price, alert.sent_at), (None, None));
        assert_eq!(alert.plan, Preset::built_in().unwrap().plan);
    }
    for text in [SELL.replace("SELL", "sell"), with(SELL, "ORDER_TYPE=market"), with(SELL, "REDUCE_ONLY=true")] {
        let (wish, alert) = wished(&text);
        assert_eq!((wish, alert.closes_only()), (Wish::Exit, Some(Side::Long)), "no short is bought back: {text}");
    }
}

#[test]
fn its_order_takes_the_place_of_the_presets() {
    let (_, limited) = wished(&with(BUY, "ORDER_TYPE=limit\nPRICE=64000\nVOLUME=0.25\nTAG=any\nREDUCE_ONLY=False"));
    assert_eq!(limited.plan.kind, OrderKind::Limit("64000".parse().unwrap()));
    assert_eq!(limited.plan.size, AskedSize::Of(Size::Base("0.25".parse().unwrap())));
    assert_eq!(limited.price, None);
    let (_, at_market) = wished(&with(BUY, "ORDER_TYPE=MARKET\nPRICE=64000.10\nTIMESTAMP=2026-01-31T12:00:01Z"));
    assert_eq!((at_market.plan.kind, at_market.price), (OrderKind::Market, Some("64000.1".parse().unwrap())));
    assert_eq!(at_market.sent_at, Some(Timestamp::from_millis(1_769_860_801_000)));
}

#[test]
fn lines_may_stand_in_one() {
    for between in [";", "\\n", "\r\n", " ;\n\n ", "\n"] {
        let body = format!("{}{between}", BUY.replace('\n', between).replace('=', " = "));
        assert_eq!(open(body.as_bytes()).body, BUY, "{between:?}");
    }
}

#[test]
fn a_perpetual_is_sold_only_to_reduce() {
    let sell = SELL.replace("BTCUSDT", "BTCUSDT.P");
    refused(&sell, "REDUCE_ONLY");
    assert_eq!(wished(&with(&sell, "REDUCE_ONLY=true")).0, Wish::Exit);
    assert_eq!(wished(&BUY.replace("BTCUSDT", "BTCUSDT.P")).0, Wish::Hold(Side::Long));
}

#[test]
fn nothing_that_it_does_not_need_holds_up_what_is_sold() {
    for more in [
        "VOLUME=0.1",
        "VOLUME=NaN",
        "ORDER_TYPE=LIMIT\nPRICE=70000",
        "ORDER_TYPE=STOP",
        "PRICE=cheap",
        "REDUCE_ONLY=perhaps",
        "STOP_PRICE=60000",
        "TIMESTAMP=yesterday",
        "LEVERAGE=20",
        "TAG=a\nTAG=b",
        "ANYTHING=",
    ] {
        let (wish, alert) = wished(&with(SELL, more));
        assert_eq!((wish, alert.sent_at), (Wish::Exit, None), "{more}");
    }
    let reduced = with(&SELL.replace("BTCUSDT", "BTCUSDT.P"), "REDUCE_ONLY=true\nVOLUME=1");
    assert_eq!(wished(&reduced).0, Wish::Exit);
}

#[test]
fn an_error_names_its_key() {
    #[rustfmt::skip]
    let of_a_buy = [
        ("ORDER_TYPE=STOP\nPRICE=5",           "ORDER_TYPE"),
        ("PRICE=64000",                        "ORDER_TYPE"),
        ("ORDER_TYPE=LIMIT",                   "PRICE"),
        ("ORDER_TYPE=LIMIT\nPRICE=",           "PRICE"),
        ("ORDER_TYPE=LIMIT\nPRICE=-2%",        "PRICE"),
        ("VOLUME=10%",                         "VOLUME"),
        ("VOLUME=12a%",                        "VOLUME"),
        ("VOLUME=0",                           "VOLUME"),
        ("VOLUME=-1",                          "VOLUME"),
        ("VOLUME=1e40",                        "VOLUME"),
        ("VOLUME=1\nVOLUME=2",                 "VOLUME"),
        ("REDUCE_ONLY=true",                   "REDUCE_ONLY"),
        ("REDUCE_ONLY=perhaps",                "REDUCE_ONLY"),
        ("ORDER_TYPE=MARKET\nPRICE=cheap",     "PRICE"),
        ("TIMESTAMP=yesterday",                "TIMESTAMP"),
        ("VOLUME=",                            "VOLUME"),
        ("VOLUME=null",                        "VOLUME"),
        ("ORDER_TYPE=",                        "ORDER_TYPE"),
        ("REDUCE_ONLY=NaN",                    "REDUCE_ONLY"),
        ("STOP_PRICE=60000",                   "STOP_PRICE"),
        ("STOP_PRICE=",                        "STOP_PRICE"),
        ("TAKE_PROFIT_PRICE=70000",            "TAKE_PROFIT_PRICE"),
        ("TAKE_PROFIT_PRICE_1=70000",          "TAKE_PROFIT_PRICE_1"),
        ("LEVERAGE=20",                        "LEVERAGE"),
        ("PARAM_POST_ONLY=true",               "PARAM_POST_ONLY"),
        ("ALLOW_HOLDINGS_ADAPTATION=true",     "ALLOW_HOLDINGS_ADAPTATION"),
        ("VOLUM=1",                            "VOLUM"),
    ];
    for (more, field) in of_a_buy {
        refused(&with(BUY, more), field);
    }
    refused(&SELL.replace("SELL", "CANCEL"), "SIGNAL");
    refused(&SELL.replace("SELL", "{{strategy.order.action}}"), "SIGNAL");
    for key in ["EXCHANGE", "SYMBOL", "SIGNAL"] {
        let without: Vec<_> = BUY.lines().filter(|line| !line.starts_with(key)).collect();
        refused(&without.join("\n"), key);
    }
    refused(&BUY.replace("BTCUSDT", "BTC"), "SYMBOL");
    refused(&BUY.replace("BINANCE", "BIN$"), "EXCHANGE");
    refused(&BUY.replace("BINANCE", "null"), "EXCHANGE");
}

#[test]
fn anything_else_is_no_alert() {
    let long = (0..33).map(|line| format!("\nK{line}=1")).collect::<String>();
    for text in [
        "A=1",
        "TOKEN=s3cr3t",
        "exchange=BINANCE",
        "EXCHANGE: BINANCE",
        "please EXCHANGE=BINANCE",
        "1SYMBOL=BTCUSDT",
        "SYMBOL=BTCUSDT\nthen buy",
        "SYMBOL=A=B",
        "=BTCUSDT\nSYMBOL=BTCUSDT",
        &format!("{BUY}{long}"),
    ] {
        no_alert(text);
    }
}

#[test]
fn the_secret_is_cut_out_wherever_it_stands() {
    for text in [
        format!("TOKEN=s3cr3t\n{BUY}"),
        format!("{BUY};TOKEN = s3cr3t"),
        format!("TOKEN=\nTOKEN=s3cr3t\n{BUY}\nTOKEN=s3cr3t2\nSECRET=s3cr3t3"),
        format!("SECRET=s3cr3t;{BUY}"),
        format!("{BUY}\\nWEBHOOK_TOKEN=s3cr3t"),
    ] {
        let opened = open(text.as_bytes());
        assert_eq!(opened.secret, Some(Secret::new("s3cr3t")), "{text}");
        assert_eq!(opened.body, BUY);
        assert_eq!(format!("{opened:?}").find("s3cr3t"), None);
    }
    assert_eq!(open(with(BUY, "TOKEN=").as_bytes()).secret, None);
    let shown = open(with(BUY, "TAG=s3cr3t").as_bytes()).without(&Secret::new("s3cr3t"));
    assert_eq!(shown.body, with(BUY, "TAG=[cut]"));
}

#[test]
fn lines_that_are_no_alert_are_kept_only_without_a_secret() {
    for text in ["TOKEN=s3cr3t", "buy now\nToken = s3cr3t", "TAG=TOKEN=s3cr3t", "{\"a\": 1, TOKEN=s3cr3t}"] {
        assert!(!open(text.as_bytes()).body.contains("s3cr3t"), "{text}");
    }
    assert_eq!(open(b"a line, and x=1").body, "a line, and x=1");
}
