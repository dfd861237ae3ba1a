use super::*;
use crate::desk::MarketDesk;
use app::candles::{Untold, WantedCandles};
use app::ports::AskKeyCheck;
use domain::market::MarketKey;
use serde_json::json;
use wire::key_check::{KeyCheck, KeyChecked, Refused};
use wire::view::{Candle, Candles};

const PATH: &str = "/api/v1/markets";
const READS: &str = "trading:read";

fn candle(opens_at: &str, closed: bool) -> Candle {
    let text = str::to_owned;
    let (open, high, low, close) = (text("64250.1"), text("64300"), text("64200.25"), text("64250.2"));
    Candle { opens_at: opens_at.parse().unwrap(), open, high, low, close, volume: text("12.5"), closed }
}

/// Two hours of Binance's, of which the second goes on; of Kraken's none, and at Coinbase nobody answers. What was asked for stands
/// in the symbol.
impl MarketDesk for Stub {
    async fn candles(&self, wanted: &WantedCandles, _: &str, _: Timestamp) -> Result<Candles, Untold> {
        let WantedCandles { market, interval, since, limit } = wanted;
        match market.exchange.as_str() {
            "KRAKEN" => return Err(Untold::NotTold("KRAKEN tells the last 720".to_owned())),
            "COINBASE" => return Err(Untold::VenueAway("no answer".to_owned())),
            "NOBODY" => return Err(Untold::UnknownMarket(market.clone())),
            _ => {}
        }
        Ok(Candles {
            exchange: market.exchange.to_string(),
            symbol: format!("{} {:?} {limit}", market.symbol, since.map(Timestamp::millis)),
            timeframe: interval.to_string(),
            items: vec![candle("2026-01-31T11:00:00Z", true), candle("2026-01-31T12:00:00Z", false)],
        })
    }
}

async fn get(rest: &str) -> (StatusCode, HeaderMap, Value) {
    ask(&Stub::default(), "GET", &format!("{PATH}/{rest}"), READS, "").await
}

#[tokio::test]
async fn candles_are_decimals_as_texts_and_the_open_one_is_marked() {
    let (status, headers, told) = get("BINANCE:BTCUSDT/candles").await;
    assert_eq!((status, &headers["cache-control"]), (StatusCode::OK, &"private, max-age=5".parse().unwrap()));
    assert_eq!(
        told["items"][0],
        json!({
            "opens_at": "2026-01-31T11:00:00Z", "open": "64250.1", "high": "64300", "low": "64200.25",
            "close": "64250.2", "volume": "12.5", "closed": true,
        })
    );
    assert_eq!(told["items"][1]["closed"], json!(false));
}

#[tokio::test]
async fn what_is_misnamed_is_not_answered_with_something_else() {
    let (status, _, problem) = get("BINANCE:BTCUSDT/candles?interval=7m").await;
    assert_eq!(
        (status.as_u16(), &problem["code"], &problem["field"]),
        (422, &json!("invalid_field"), &json!("interval"))
    );
    let detail = "interval is not a query parameter of this route, which takes timeframe, since, limit";
    assert_eq!(problem["detail"], detail);
}

#[tokio::test]
async fn what_is_asked_for_is_read_from_the_path_and_the_query() {
    let check = async |rest: &str, expected: [&str; 3]| {
        let (status, _, told) = get(rest).await;
        assert_eq!(status, StatusCode::OK, "{rest} {told}");
        assert_eq!(["exchange", "symbol", "timeframe"].map(|name| told[name].as_str().unwrap()), expected, "{rest}");
    };
    check("binance:BTC-USDT/candles", ["BINANCE", "BTC/USDT None 100", "1h"]).await;
    check("BINANCE:BTCUSDT.P/candles", ["BINANCEUSDM", "BTC/USDT:USDT None 100", "1h"]).await;
    check("BINANCE:BTC_USDT/candles?timeframe=1m&limit=1000", ["BINANCE", "BTC/USDT None 1000", "1m"]).await;
    check("BINANCE:BTC-USDT.P/candles", ["BINANCEUSDM", "BTC/USDT:USDT None 100", "1h"]).await;
    check("BINANCEUSDM:BTC-USDT/candles", ["BINANCEUSDM", "BTC/USDT:USDT None 100", "1h"]).await;
    check(
        "PAPER:BTCUSDT/candles?timeframe=4h&limit=1&since=2023-11-14T22:13:20Z",
        ["PAPER", "BTC/USDT Some(1700000000000) 1", "4h"],
    )
    .await;
}

#[tokio::test]
async fn what_is_wrong_is_named() {
    let at = "BINANCE:BTCUSDT/candles";
    for (rest, field) in [
        ("BTCUSDT/candles".to_owned(), "market"),
        ("BINANCE:BTC/candles".to_owned(), "market"),
        ("B%20B:BTCUSDT/candles".to_owned(), "market"),
        (format!("{at}?timeframe=7m"), "timeframe"),
        (format!("{at}?timeframe=1h&timeframe=1h&timeframe="), "timeframe"),
        (format!("{at}?limit=0"), "limit"),
        (format!("{at}?limit=1001"), "limit"),
        (format!("{at}?limit=-1"), "limit"),
        (format!("{at}?limit=99999999999"), "limit"),
        (format!("{at}?since=yesterday"), "since"),
        (format!("{at}?since=1969-12-31T23:59:59Z"), "since"),
    ] {
        let (status, _, problem) = get(&rest).await;
        assert_eq!((status.as_u16(), &problem["field"]), (422, &json!(field)), "{rest} {problem}");
    }
}

#[tokio::test]
async fn why_nothing_is_told_has_a_word_of_its_own() {
    for (exchange, status, code) in
        [("KRAKEN", 422, "candles_not_told"), ("COINBASE", 503, "venue_unavailable"), ("NOBODY", 404, "unknown_market")]
    {
        let (told, headers, problem) = get(&format!("{exchange}:BTCUSD/candles")).await;
        assert_eq!((told.as_u16(), &problem["code"]), (status, &json!(code)), "{problem}");
        assert_eq!(headers["cache-control"], "no-store", "a refusal is not kept");
    }
    let path = format!("{PATH}/BINANCE:BTCUSDT/candles");
    assert_eq!(ask(&Stub::default(), "GET", &path, "accounts:write", "").await.0, StatusCode::FORBIDDEN);
    assert_eq!(ask(&Stub::default(), "GET", &path, "", "").await.0, StatusCode::UNAUTHORIZED);
}

/// What `key-check` says to whatever it is asked, and what it was asked.
struct Checks(KeyChecked, Mutex<Vec<Value>>);

impl AskKeyCheck for Checks {
    async fn ask_key_check(&self, question: &KeyCheck, _: Timestamp) -> Result<KeyChecked, StoreError> {
        self.1.lock().unwrap().push(serde_json::to_value(question).unwrap());
        Ok(self.0.clone())
    }

    async fn ask_key_check_later(&self, _: &KeyCheck, _: Timestamp) -> Result<(), StoreError> {
        unreachable!("candles are waited for")
    }
}

#[tokio::test]
async fn key_check_is_asked_and_its_words_are_kept() {
    let market = MarketKey { exchange: "KRAKEN".parse().unwrap(), symbol: "BTC/USD".parse().unwrap() };
    let wanted = WantedCandles { market: market.clone(), interval: "4h".parse().unwrap(), since: Some(AT), limit: 7 };
    let asked = async |said: KeyChecked| {
        let checks = Checks(said, Mutex::default());
        let told = app::candles::ask(&checks, &wanted, "t1", AT).await;
        (told, checks.1.into_inner().unwrap().remove(0))
    };
    let items = vec![candle("2026-01-31T12:00:00Z", false)];
    let shown = Candles { exchange: "KRAKEN".into(), symbol: "BTC/USD".into(), timeframe: "4h".into(), items };
    let (told, question) = asked(KeyChecked::Candles(shown.clone())).await;
    assert_eq!(told, Ok(shown));
    let expected = json!({
        "v": 1, "trace": "t1", "type": "candles", "exchange": "KRAKEN", "symbol": "BTC/USD", "timeframe": "4h",
        "since": AT.millis(), "limit": 7,
    });
    assert_eq!(question, expected);
    for untold in [
        Untold::UnknownMarket(market.clone()),
        Untold::NotTold("the last 720".to_owned()),
        Untold::VenueAway("no answer".to_owned()),
    ] {
        let refused = Refused { code: untold.code().to_owned(), detail: untold.to_string() };
        assert_eq!(asked(KeyChecked::Refused(refused)).await.0, Err(untold));
    }
    let other = Refused { code: "of_tomorrow".to_owned(), detail: "no".to_owned() };
    assert!(matches!(asked(KeyChecked::Refused(other)).await.0, Err(Untold::Store(_))));
}
