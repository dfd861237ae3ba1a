//! Answers with all that stands in them, in the form in which others have recorded them: `ccxt/ccxt`, at 0621cdc0,
//! `ts/src/test/static/response/kraken.json`. The values are ours. What is recorded there has passed the library, which writes
//! numbers as texts: both are read.

use super::{ID, address, asked, kraken, login, market, price, says, site};
use app::ports::{Address, Listed};
use domain::clock::Timestamp;
use domain::market::{CandleSpan, Interval};
use domain::order::{Direction, Status, TradeId};
use domain::preset::OrderKind;
use serde_json::{Value, json};
use venues::native::Native;

/// An order at the market that is over, with its moments as `of` writes them.
fn bought(of: fn(&str) -> Value) -> Value {
    json!({
        "refid": null, "userref": of("0"), "status": "closed", "opentm": of("1795262401.472"), "starttm": of("0"),
        "expiretm": of("0"), "closetm": of("1795262401.4734567"), "reason": null, "vol": "0.20000000",
        "vol_exec": "0.20000000", "cost": "7500.02", "fee": "19.500052", "price": "37500.1", "stopprice": "0.000000",
        "limitprice": "0.000000", "misc": "", "oflags": "fciq", "trades": ["T1"],
        "descr": {
            "pair": "XBTUSD", "type": "buy", "ordertype": "market", "price": "0", "price2": "0", "leverage": "none",
            "order": "buy 0.20000000 XBTUSD @ market", "close": ""
        }
    })
}

#[tokio::test]
async fn an_order_at_the_market_is_read_with_its_price_and_fee_however_numbers_are_written() {
    for of in [|told: &str| json!(told), |told: &str| told.parse().unwrap()] {
        let trade = json!({
            "ordertxid": "O1", "postxid": "P1", "pair": "XXBTZUSD", "time": of("1795262401.4727"), "type": "buy",
            "ordertype": "market", "price": "37500.10000", "cost": "7500.02000", "fee": "19.50005", "vol": "0.20000000",
            "margin": "0.00000", "leverage": "0", "misc": "", "trade_id": of("7"), "maker": false
        });
        let (orders, trades) = (json!({ "O1": bought(of) }).to_string(), json!({ "T1": trade }).to_string());
        let server = says(&[("QueryOrders", &orders), ("QueryTrades", &trades)]).await;
        let address = Address { venue_id: Some("O1".to_owned()), ..address() };
        let fact = kraken().find_order(&login(server.url()), &address).await.unwrap().unwrap();
        assert_eq!((fact.status, fact.cumulative), (Some(Status::Filled), "0.2".parse().unwrap()));
        let fill = &fact.fills[&TradeId("T1".to_owned())];
        let fee = fill.fee.as_ref().unwrap();
        assert_eq!(
            (fill.price, fill.quantity, fill.at.millis()),
            (price("37500.1"), fact.cumulative, 1_795_262_401_472)
        );
        assert_eq!((fee.asset.as_str(), fee.amount), ("USD", "19.50005".parse().unwrap()));
    }
}

/// A stop that follows the price has no price in its description, and is none of ours.
#[tokio::test]
async fn a_list_is_read_whatever_else_the_account_has_open() {
    let open = |pair: &str, kind: &str, price: &str, price2: &str| {
        json!({
            "refid": null, "userref": 0, "status": "open", "opentm": 1_795_262_404.973_456_7, "starttm": 0, "expiretm": 0,
            "vol": "0.10000000", "vol_exec": "0.00000000", "cost": "0.000000", "fee": "0.000000", "price": "0.000000",
            "stopprice": "0.81250000", "limitprice": "0.54166667", "misc": "", "oflags": "fciq", "trigger": "index",
            "descr": {
                "pair": pair, "type": "sell", "ordertype": kind, "price": price, "price2": price2, "leverage": "none",
                "order": "", "close": ""
            }
        })
    };
    let mut ours = open("XBTUSD", "stop-loss-limit", "36000.0", "35900.0");
    ours["cl_ord_id"] = json!(ID);
    let told = json!({ "open": {
        "O1": open("XBTUSD", "trailing-stop", "+50.0000%", "0"), "O2": ours, "O3": open("XRPUSD", "take-profit", "1.2", "0")
    } });
    let server = says(&[("OpenOrders", &told.to_string())]).await;
    let listed = kraken().list_orders(&login(server.url()), &market("BTC/USD"), "m", Listed::Open).await.unwrap();
    let [order] = listed.as_slice() else { unreachable!("{listed:?}") };
    assert_eq!((order.venue_id.as_str(), order.client_id.as_str()), ("O2", ID));
    assert_eq!((order.direction, order.fact.status), (Direction::Sell, Some(Status::Open)));
    assert_eq!((order.kind, order.stop), (OrderKind::Limit(price("35900")), Some(price("36000"))));
    assert_eq!((order.quantity, order.accepted_at.millis()), ("0.1".parse().unwrap(), 1_795_262_404_973));
    assert_eq!(asked(&server), ["OpenOrders"]);
}

/// The mark where a list ends is a text or a number.
#[tokio::test]
async fn prices_are_read_with_all_that_stands_beside_them() {
    let trade = r#"{"XXBTZUSD":[["37500.10000","0.01250000",1795262401.1234567,"b","m","",4711]],"last":"1795262401123456789"}"#;
    let hours = r#"{"XXBTZUSD":[[1795255200,"37410.2","37520.9","37380.4","37490.0","37450.6","21.00340506",126],
        [1795258800,"37491.3","37512.8","37466.1","37500.1","37488.7","4.01020304",127]],"last":"1795255200"}"#;
    let server = says(&[("Trades", trade), ("OHLC", hours)]).await;
    let (site, key) = (site(server.url()), market("BTC/USD").key);
    let told = kraken().ticker(&site, &key).await.unwrap();
    assert_eq!(told, Some((price("37500.1"), Timestamp::from_millis(1_795_262_401_123))));
    let now = Timestamp::from_millis(1_795_259_999_000);
    let span = CandleSpan::asked(Interval::OneHour, None, 2, now);
    let told = kraken().candles(&site, &key, &span, now).await.unwrap();
    let seen: Vec<_> = told.iter().map(|one| (one.bar.close, one.volume.to_string(), one.is_closed)).collect();
    let wanted = [(price("37490"), "21.00340506", true), (price("37500.1"), "4.01020304", false)];
    assert_eq!(seen, wanted.map(|(close, volume, is_closed)| (close, volume.to_owned(), is_closed)));
}
