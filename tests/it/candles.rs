//! Candles on the deployed stack: fetched by the planner and its workers as somebody wants them, kept once, and read back.

use crate::housekeeping::keep_house;
use crate::support::exchange::{BINANCE, KLINES};
use crate::support::http::{ask, client};
use crate::support::item::Item;
use crate::support::unique::now;
use crate::support::{Caller, Setting, Stack, Trader, together, until};
use domain::clock::{Millis, Timestamp};
use domain::market::{Bar, Candle, Interval, MarketKey};
use domain::series::{KeptCandle, Month, Series};
use flate2::read::GzDecoder;
use reqwest::Method;
use reqwest::header::{ACCEPT_ENCODING, CONTENT_ENCODING};
use serde_json::{Value, json};
use std::future::{Future as _, poll_fn};
use std::io::Read;
use std::pin::pin;
use std::process::abort;
use std::sync::atomic::{AtomicI64, Ordering};
use std::task::Poll;
use store::market::Market;
use venues::Paper;
use wire::ingest::{Ingest, Todo};

/// A person's series at the paper venue, whose price stays.
struct Kept {
    trader: Trader,
    series: Series,
}

impl Kept {
    async fn new(interval: Interval) -> Self {
        Self::of(Trader::new().await, interval).await
    }

    async fn of(trader: Trader, interval: Interval) -> Self {
        let price = [100_u32; 4].map(|price| price.to_string().parse().unwrap());
        let (started_at, bar) = (now().minus(Millis::seconds(30 * 86_400)), Millis::seconds(3_600));
        let replay = aws::Replay { started_at, bar, bars: vec![price; 24] };
        trader.aws.write_replay(&trader.market.key, &replay).await.unwrap();
        let series = Series { market: trader.market.key.clone(), interval };
        Self { trader, series }
    }

    fn query(&self) -> String {
        let Series { market, interval } = &self.series;
        format!("symbol={}&exchange={}&timeframe={interval}", market.symbol, market.exchange)
    }

    /// As they are kept now: no process has read the part that ends just then.
    async fn candles(&self, more: &str) -> Vec<Value> {
        static ASKED: AtomicI64 = AtomicI64::new(86_400);
        let end = wire::view::time(now().plus(Millis::seconds(ASKED.fetch_add(1, Ordering::Relaxed))));
        let told = self.trader.get(&format!("/market-data?{}&limit=1000&end_time={end}{more}", self.query())).await;
        assert_eq!(told.status, 200, "{told:?}");
        told.json()["items"].as_array().unwrap().clone()
    }

    /// How whole a part of it is; nobody has it fetched because of that.
    async fn stats(&self, more: &str) -> Value {
        let told = self.trader.get(&format!("/market-data/stats?{}&limit=1000{more}", self.query())).await;
        assert_eq!(told.status, 200, "{told:?}");
        told.json()
    }

    /// What its exchange said last, where it tells nothing of it.
    async fn failing(&self) -> Option<String> {
        let mark = Market(&self.trader.aws).series_mark(&self.series).await.unwrap();
        mark.failing.map(|failing| failing.detail)
    }

    async fn wanted(&self) {
        let path = format!("/api/v1/market-data/symbols?{}", self.query());
        let put = ask(Method::PUT, &path, Some(&self.trader.bearer), "").await;
        assert_eq!(put.status, 200, "{put:?}");
    }

    /// The row in which a candle stands, and under which name.
    fn place(&self, opens_at: &str) -> (Item, String) {
        let opens_at = wire::view::moment(opens_at).unwrap().millis();
        let (length, row) = (self.series.interval.length().get(), self.series.interval.times(16).get());
        let begins = opens_at - opens_at.rem_euclid(row);
        let (pk, sk) = (format!("CDL#{}", self.series), format!("{:08}", begins / 60_000));
        let table = format!("{}-market", Stack::get().deployment());
        (Item::of(&table, &pk, &sk), format!("{:x}", (opens_at - begins) / length))
    }
}

async fn ingest(run: &Value) {
    let said = Caller::root().invoke(&Stack::get().name("IngestFunction"), run).await;
    assert_eq!((said.status, &said.body), (200, &Value::Null), "{said:?}");
}

/// Whether a run has come to its end.
async fn fetched(series: &[Series]) -> bool {
    let todo = Todo::Fetch { series: series.iter().map(wire::ingest::Series::from).collect(), holes: true };
    let run = serde_json::to_value(Ingest::new(todo, String::new())).unwrap();
    Caller::root().invoke(&Stack::get().name("IngestFunction"), &run).await.body == Value::Null
}

async fn fetch(series: Series, holes: bool) {
    let todo = Todo::Fetch { series: vec![wire::ingest::Series::from(&series)], holes };
    ingest(&serde_json::to_value(Ingest::new(todo, String::new())).unwrap()).await;
}

fn opens(candles: &[Value]) -> Vec<i64> {
    let opens = |candle: &Value| wire::view::moment(candle["timestamp"].as_str().unwrap()).unwrap().millis();
    candles.iter().map(opens).collect()
}

/// Each once, one after another.
fn assert_whole(candles: &[Value], interval: Interval) {
    let opens = opens(candles);
    let torn: Vec<_> = opens.windows(2).filter(|pair| pair[1] - pair[0] != interval.length().get()).collect();
    assert!(torn.is_empty(), "{torn:?}");
}

#[tokio::test]
async fn what_stands_on_a_list_is_planned_fetched_and_read_back_with_its_indicators() {
    let kept = Kept::new(Interval::OneHour).await;
    let path = format!("/market-data/latest?{}", kept.query());
    assert_eq!(kept.trader.get(&path).await.json()["code"], "not_fetched");
    kept.wanted().await;
    ingest(&json!({"v": 1, "type": "plan"})).await;
    let candles = until("the worker to have fetched its newest candle", async || {
        let candles = kept.candles("").await;
        let newest = Interval::OneHour.told_to(now()).minus(Interval::OneHour.length()).millis();
        (opens(&candles).last() == Some(&newest)).then_some(candles)
    })
    .await;
    assert_whole(&candles, Interval::OneHour);
    assert!(candles.iter().all(|candle| candle["close"] == "100" && candle["closed"] == true));
    let latest = kept.trader.get(&path).await.json();
    assert_eq!(latest["timestamp"], candles.last().unwrap()["timestamp"]);
    let listed = kept.trader.get("/market-data/symbols").await.json();
    assert_eq!(listed["items"][0]["symbol"], json!(kept.series.market.symbol.to_string()));
    let last = &candles.last().unwrap()["indicators"];
    for (name, value) in certain() {
        assert_eq!(last[name], value, "{name} of {last}");
    }
    let names = certain().map(|(name, _)| name).join(",");
    let path = format!("/market-data/indicators?{}&indicators={names}", kept.query());
    let newest = kept.trader.get(&path).await.json();
    assert_eq!((&newest["timestamp"], &newest["indicators"]), (&latest["timestamp"], last));
    assert_told_alike(&kept, candles[candles.len() - 40]["timestamp"].as_str().unwrap()).await;
}

/// What indicators are where every price is 100, and nothing is traded.
fn certain() -> [(&'static str, Value); 8] {
    [
        ("RSI_14", json!(0.0)),
        ("SMA_20", json!(100.0)),
        ("EMA_50", json!(100.0)),
        ("EMA_200", json!(100.0)),
        ("bollinger_bands", json!({"upper": 100.0, "middle": 100.0, "lower": 100.0})),
        ("MACD", json!({"macd_line": 0.0, "signal_line": 0.0, "histogram": 0.0})),
        ("atr_14", json!(0.0)),
        ("volume_sma_20", json!(0.0)),
    ]
}

/// A page of forty candles says the same as rows and as a sheet.
async fn assert_told_alike(kept: &Kept, since: &str) {
    let page = async |format: &str| {
        let path = format!("/market-data?{}&start_time={since}&limit=40&format={format}", kept.query());
        let told = kept.trader.get(&path).await;
        assert_eq!(told.status, 200, "{told:?}");
        told
    };
    let told = page("json").await.json();
    let items = told["items"].as_array().unwrap();
    let expected: Vec<_> = items
        .iter()
        .map(|item| (item["timestamp"].clone(), item["close"].clone(), item["indicators"]["SMA_20"].clone()))
        .collect();
    assert!(expected.len() == 40 && expected.iter().all(|(.., sma)| sma.is_f64()), "{expected:?}");
    assert_eq!(of_rows(&page("rows").await.json()), expected);
    let sheet = page("csv").await;
    assert!(sheet.kind.starts_with("text/csv"), "{sheet:?}");
    let in_sheet = |(_, close, sma): &(Value, Value, Value), opens_at: &i64| {
        (*opens_at, close.as_str().unwrap().to_owned(), sma.as_f64().unwrap())
    };
    let expected: Vec<_> = expected.iter().zip(&opens(items)).map(|(one, at)| in_sheet(one, at)).collect();
    assert_eq!(of_sheet(&sheet.text), expected);
}

/// Time, close and average of each row.
fn of_rows(told: &Value) -> Vec<(Value, Value, Value)> {
    let columns = told["columns"].as_array().unwrap();
    let column = |name: &str| columns.iter().position(|column| column == name).unwrap();
    let [time, close, sma] = ["timestamp", "close", "SMA_20"].map(column);
    let rows = told["rows"].as_array().unwrap().iter();
    rows.map(|row| (row[time].clone(), row[close].clone(), row[sma].clone())).collect()
}

fn of_sheet(text: &str) -> Vec<(i64, String, f64)> {
    let mut lines = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let head = lines.next().unwrap();
    let column = |name: &str| head.iter().position(|column| *column == name).unwrap();
    let [time, close, sma] = ["time_ms", "close", "sma_20"].map(column);
    lines.map(|line| (line[time].parse().unwrap(), line[close].to_owned(), line[sma].parse().unwrap())).collect()
}

/// Stands in whatever asks for candles of fifteen minutes.
const QUARTERS: &str = "interval=15m";

/// Has questions that hold this text answered wrong, and fetches until as many were as was planned: a run that spares its exchange for
/// a moment asks nothing.
async fn fetch_wrong(kept: &Kept, holes: bool, kind: &str, query: &str, more: &Value) {
    BINANCE.fault_of_candles(kind, query, more).await;
    until(&format!("{kind} to have been answered"), async || {
        fetch(kept.series.clone(), holes).await;
        (!BINANCE.faults_candles(query).await).then_some(())
    })
    .await;
}

/// Away, cut off, in part, out of order and twice, and with nothing of what is asked for again: a run makes what it can of it, and the
/// next ones the rest.
#[tokio::test]
async fn whatever_an_exchange_answers_no_gap_stays_and_no_candle_is_kept_twice() {
    let _turn = BINANCE.turn();
    let market = MarketKey { exchange: BINANCE.exchange.parse().unwrap(), symbol: BINANCE.market.parse().unwrap() };
    let series = Series { market, interval: Interval::FifteenMinutes };
    let kept = Kept { trader: BINANCE.trader().await, series };
    assert_eq!(kept.stats("").await["oldest"], Value::Null, "nobody else on this stack has it fetched");
    for kind in ["unavailable_before", "reset_after", "truncated"] {
        fetch_wrong(&kept, false, kind, QUARTERS, &json!({})).await;
        assert!(kept.failing().await.is_some(), "{kind}");
        assert_eq!(kept.stats("").await["oldest"], Value::Null, "{kind}");
    }
    fetch_wrong(&kept, false, "sparse", QUARTERS, &json!({"count": 2})).await;
    assert_eq!(kept.failing().await, None);
    fetch(kept.series.clone(), false).await;
    for (kind, said) in [("jumbled", "told twice, or behind a later one"), ("reset_before", "")] {
        fetch_wrong(&kept, true, kind, QUARTERS, &json!({})).await;
        assert!(kept.failing().await.unwrap().contains(said), "{kind}");
        let stats = kept.stats("").await;
        assert!(stats["missing"].as_u64().unwrap() > 300 && stats["candles"].as_u64().unwrap() > 600, "{stats}");
    }
    let since = format!("&start_time={}", kept.stats("").await["oldest"].as_str().unwrap());
    left_out_twice(&kept, &since).await;
    let old = until("every hole to be mended", async || {
        fetch(kept.series.clone(), true).await;
        let all = opens(&kept.candles("").await);
        let length = kept.series.interval.length().get();
        let is_whole = all.len() > 900 && all.windows(2).all(|pair| pair[1] - pair[0] == length);
        let old = kept.stats(&since).await;
        (is_whole && old["missing"] == 0 && kept.failing().await.is_none()).then_some(old)
    })
    .await;
    for stats in [old, kept.stats("").await] {
        assert_eq!(stats["silent"], 0, "what was left out once or twice is not taken for silence: {stats}");
    }
}

/// The first hole of a part is asked for again, and is answered with no candle, two times.
async fn left_out_twice(kept: &Kept, since: &str) {
    let first = async || {
        let told = kept.trader.get(&format!("/market-data/gaps?{}{since}", kept.query())).await.json();
        told["items"][0].clone()
    };
    let hole = first().await;
    assert_eq!(hole["kind"], "open", "{hole}");
    let begins = wire::view::moment(hole["start_time"].as_str().unwrap()).unwrap().millis();
    for _ in 0..2 {
        let nothing = json!({"status": 200, "body": "[]"});
        fetch_wrong(kept, true, "says_after", &format!("startTime={begins}"), &nothing).await;
        assert_eq!(first().await, hole);
    }
}

/// Its process is killed while an exchange is asked for the first, the second or the third series of a run.
#[tokio::test]
async fn a_process_that_is_killed_while_it_fetches_leaves_no_gap_and_nothing_twice() {
    let _turn = BINANCE.turn();
    let market = MarketKey { exchange: BINANCE.exchange.parse().unwrap(), symbol: BINANCE.market.parse().unwrap() };
    let trader = BINANCE.trader().await;
    let lengths = [["30m", "1h", "2h"], ["4h", "6h", "8h"], ["12h", "5m", "3m"]];
    let of = |length: &str| Series { market: market.clone(), interval: length.parse().unwrap() };
    let runs = lengths.map(|lengths| lengths.map(of));
    let mut killed = 0;
    for (after, run) in (0..).zip(&runs) {
        BINANCE.fault("killed", json!({"on": "market", "path": KLINES, "after": after})).await;
        killed += u32::from(!fetched(run).await);
    }
    // Whoever else asked there meanwhile was killed in its place.
    assert!(killed > 1, "{killed}");
    let mut kept = Kept { trader, series: of("1h") };
    for series in runs.into_iter().flatten() {
        kept.series = series;
        until("the series to be whole", async || {
            fetched(std::slice::from_ref(&kept.series)).await;
            let (all, length) = (opens(&kept.candles("").await), kept.series.interval.length().get());
            (all.len() > 50 && all.windows(2).all(|pair| pair[1] - pair[0] == length)).then_some(())
        })
        .await;
    }
}

/// Ended at each of its steps, begun again, and ended at the next one.
#[tokio::test]
async fn a_run_that_is_killed_anywhere_leaves_what_the_next_one_makes_whole() {
    let kept = Kept::new(Interval::OneMinute).await;
    let (aws, series) = (&kept.trader.aws, std::slice::from_ref(&kept.series));
    let venue = Paper::new(aws.clone(), abort);
    let mut killed = 0;
    for steps in 1..60 {
        let mut run = pin!(app::ingest::fetch(aws, &venue, series, false, |_| true, async |_| {}));
        let mut left = steps;
        let ended = poll_fn(|context| {
            left -= 1;
            if left == 0 { Poll::Ready(None) } else { run.as_mut().poll(context).map(Some) }
        });
        killed += u32::from(ended.await.is_none());
    }
    assert!(killed > 3, "{killed}");
    fetch(kept.series.clone(), true).await;
    let candles = kept.candles("").await;
    assert!(candles.len() > 900, "{}", candles.len());
    assert_whole(&candles, Interval::OneMinute);
}

#[tokio::test]
async fn older_candles_are_asked_for_come_before_what_is_kept_and_are_called_off() {
    let scopes = &["trading:read", "trading:write", "research:write"];
    let trader = Trader::with(Setting { scopes, ..Setting::default() }).await;
    let kept = Kept::of(trader, Interval::FiveMinutes).await;
    fetch(kept.series.clone(), false).await;
    let ask_back = async |days: i64| {
        let since = wire::view::time(now().minus(Millis::seconds(days * 86_400)));
        let path = format!("/api/v1/market-data/backfill?{}&start_date={since}", kept.query());
        let told = ask(Method::POST, &path, Some(&kept.trader.bearer), "").await;
        assert_eq!(told.status, 202, "{told:?}");
        told.json()
    };
    let begun = ask_back(9).await;
    let path = format!("/market-data/backfill/{}", begun["id"].as_str().unwrap());
    ingest(&json!({"v": 1, "type": "backfill", "id": begun["id"]})).await;
    let done = until("all older candles to have come", async || {
        let told = kept.trader.get(&path).await.json();
        (told["state"] == "done").then_some(told)
    })
    .await;
    assert_eq!((&done["percent"], done["candles"].as_u64().unwrap() > 500), (&json!(100), true), "{done}");
    let stats = kept.trader.get(&format!("/market-data/stats?{}", kept.query())).await.json();
    assert_eq!(stats["oldest"], done["reached"]);
    let next = ask_back(20).await;
    let path = format!("/api/v1/market-data/backfill/{}", next["id"].as_str().unwrap());
    let off = ask(Method::DELETE, &path, Some(&kept.trader.bearer), "").await;
    assert_eq!((off.status, &off.json()["state"]), (200, &json!("cancelled")));
}

#[tokio::test]
async fn workers_at_once_keep_each_candle_once_and_one_that_is_gone_comes_back() {
    let kept = Kept::new(Interval::FiveMinutes).await;
    together((0..4).map(|_| fetch(kept.series.clone(), false))).await;
    let candles = kept.candles("").await;
    assert!(candles.len() > 3, "{candles:?}");
    assert_whole(&candles, Interval::FiveMinutes);
    let (row, place) = kept.place(candles[1]["timestamp"].as_str().unwrap());
    assert!(row.read().await[&*place].is_object());
    row.take(&place).await;
    // Another one may close meanwhile: this one is looked for.
    let is_there = async || kept.candles("").await.iter().any(|candle| candle["timestamp"] == candles[1]["timestamp"]);
    assert!(!is_there().await);
    fetch(kept.series.clone(), false).await;
    assert!(!is_there().await, "holes are not looked for yet");
    let gaps = async || {
        let told = kept.trader.get(&format!("/market-data/gaps?{}&limit=1000", kept.query())).await.json();
        told["items"].as_array().unwrap().iter().map(|gap| gap["start_time"].clone()).collect::<Vec<_>>()
    };
    assert!(gaps().await.contains(&candles[1]["timestamp"]));
    fetch(kept.series.clone(), true).await;
    assert!(!gaps().await.contains(&candles[1]["timestamp"]));
    let mended = kept.candles("").await;
    assert_whole(&mended, Interval::FiveMinutes);
    assert!(mended.len() >= candles.len());
}

const HOUR: Interval = Interval::OneHour;

/// A candle that stands still, kept when it closed.
fn still(opens_at: Timestamp) -> KeptCandle {
    let price = || "100".parse().unwrap();
    let closes_at = opens_at.plus(HOUR.length());
    let bar = Bar { opens_at, closes_at, open: price(), high: price(), low: price(), close: price() };
    KeptCandle { candle: Candle { bar, volume: "7".parse().unwrap(), is_closed: true }, kept_at: closes_at }
}

/// Of the newest month that is old enough: packed in a night, and there when its rows are gone, to be looked at and to be played.
#[tokio::test]
async fn candles_whose_rows_are_gone_are_read_from_their_month() {
    let scopes = &["trading:read", "trading:write", "research:write"];
    let kept = Kept::of(Trader::with(Setting { scopes, ..Setting::default() }).await, HOUR).await;
    let (aws, series) = (&kept.trader.aws, &kept.series);
    let month = Month::of(HOUR.packable_to(now()).unwrap().begins().minus(Millis::new(1)));
    let candles: Vec<_> = (0..40).map(|number| still(month.begins().plus(HOUR.times(number)))).collect();
    Market(aws).keep_candles(series, &candles).await.unwrap();
    Market(aws).note_series(series).await.unwrap();
    keep_house().await;
    let packed = Market(aws).packed_months(series).await.unwrap().unwrap().packed;
    assert_eq!(packed, Some((month, month.next())));
    for candle in &candles {
        let (row, place) = kept.place(&wire::view::time(candle.opens_at()).to_string());
        row.take(&place).await;
    }
    let [since, until_] = [month.begins(), month.begins().plus(HOUR.times(40))].map(wire::view::time);
    let told = kept.trader.get(&format!("/market-data?{}&start_time={since}&limit=40", kept.query())).await;
    assert_eq!(told.status, 200, "{told:?}");
    let told = told.json()["items"].as_array().unwrap().clone();
    assert_eq!(opens(&told), candles.iter().map(|candle| candle.opens_at().millis()).collect::<Vec<_>>());
    let Series { market, .. } = series;
    let wanted = json!({
        "exchange": market.exchange.as_str(), "symbol": market.symbol.to_string(), "timeframe": "1h",
        "since": since, "until": until_, "strategy": "ema_cross", "parameters": {"fast": 3, "slow": 8}, "cash": "10000",
    });
    let begun = kept.trader.post("/backtests", &wanted).await;
    assert_eq!(begun.status, 202, "{begun:?}");
    let path = format!("/backtests/{}", begun.json()["id"].as_str().unwrap());
    let ended = until("the backtest to end", async || {
        let told = kept.trader.get(&path).await.json();
        (told["state"] != "queued" && told["state"] != "running").then_some(told)
    })
    .await;
    assert_eq!(ended["state"], "done", "{ended}");
}

/// By the gateway as well, where what is packed goes as text.
#[tokio::test]
async fn a_long_answer_comes_packed_to_whoever_takes_that() {
    let kept = Kept::new(Interval::OneMinute).await;
    // Before the next one closes, whenever that is.
    let end = wire::view::time(Interval::OneMinute.told_to(now()));
    fetch(kept.series.clone(), false).await;
    let path = format!("{}/api/v1/market-data?{}&limit=500&end_time={end}", Stack::get().api, kept.query());
    let ask = async |takes: &'static str| {
        let request = client().get(&path).bearer_auth(&kept.trader.bearer).header(ACCEPT_ENCODING, takes);
        let answer = request.send().await.unwrap();
        let encoding = answer.headers().get(CONTENT_ENCODING).map(|value| value.to_str().unwrap().to_owned());
        (encoding, answer.bytes().await.unwrap())
    };
    let ((none, plain), (encoding, packed)) = (ask("identity").await, ask("gzip").await);
    assert_eq!((none, encoding.as_deref()), (None, Some("gzip")));
    let mut unpacked = Vec::new();
    GzDecoder::new(&packed[..]).read_to_end(&mut unpacked).unwrap();
    let items = |text: &[u8]| serde_json::from_slice::<Value>(text).unwrap()["items"].as_array().unwrap().len();
    assert_eq!((items(&plain), items(&unpacked)), (500, 500));
    assert!(packed.len() < 150_000, "{}", packed.len());
}
