//! Markets that are known, candles that are kept of them, and what is refused.

use super::*;
use domain::market::{
    Bar, Candle, CandleSpan, Filters, Interval, Leverage, Market, MarketKey, MarketKind, Maxima, Stops,
};
use domain::series::{KeptCandle, Series};
use lambda::edge::Problem;
use store::market::Market as Kept;

/// One such as `BINANCE:BTC/USDT`.
pub(super) fn market(named: &str) -> MarketKey {
    let (exchange, symbol) = named.split_once(':').unwrap();
    MarketKey { exchange: exchange.parse().unwrap(), symbol: symbol.parse().unwrap() }
}

pub(super) fn series(named: &str, timeframe: &str) -> Series {
    Series { market: market(named), interval: timeframe.parse().unwrap() }
}

/// From here on these markets are known.
pub(super) fn list_markets(api: &Api, named: &[&str]) {
    for named in named {
        let key = market(named);
        let leverage_max = Leverage::new(20).unwrap();
        let kind = if named.contains("USDT:USDT") { MarketKind::Linear { leverage_max } } else { MarketKind::Spot };
        let filters = Filters {
            price_tick: "0.01".parse().unwrap(),
            quantity_step: "0.00001".parse().unwrap(),
            quantity_min: "0.00001".parse().unwrap(),
            notional_min: "5".parse().unwrap(),
            most: Maxima::default(),
        };
        api.store.put_market(&Market {
            key,
            kind,
            filters,
            fee: "0.001".parse().unwrap(),
            can_short: kind.is_linear(),
            stops: Stops::Polled,
            orders_max: None,
            at_venue: None,
        });
    }
}

/// From here on so many candles of the series are kept, up to the last that closes then or earlier.
pub(super) fn keep(
    api: &Api,
    series: &Series,
    (count, end): (u32, &str),
    candle: fn(Interval, Timestamp) -> KeptCandle,
) {
    let (interval, end) = (series.interval, series.interval.opening(at(end)));
    let span = CandleSpan::between(interval, end.minus(interval.times(count)), end);
    keep_these(api, series, span.opens().map(|opens_at| candle(interval, opens_at)).collect());
}

pub(super) fn keep_these(api: &Api, series: &Series, candles: Vec<KeptCandle>) {
    let series = series.clone();
    done(api, |world| async move { Kept(&world).keep_candles(&series, &candles).await.unwrap() });
}

pub(super) fn at(time: &str) -> Timestamp {
    wire::view::moment(time).unwrap()
}

/// A price that stands still; kept as it closes.
pub(super) fn still(interval: Interval, opens_at: Timestamp) -> KeptCandle {
    let closes_at = opens_at.plus(interval.length());
    let price = |text: &str| text.parse().unwrap();
    let bar = Bar {
        opens_at,
        closes_at,
        open: price("86012.1"),
        high: price("86013.25"),
        low: price("86001"),
        close: price("86010"),
    };
    KeptCandle { candle: Candle { bar, volume: "12.34567".parse().unwrap(), is_closed: true }, kept_at: closes_at }
}

/// Prices and volumes of which each digit is another one's.
pub(super) fn jumping(interval: Interval, opens_at: Timestamp) -> KeptCandle {
    let step = opens_at.millis() / interval.length().get();
    let number = |salt: i64| step.wrapping_mul(2_654_435_761).wrapping_add(salt * 40_503).rem_euclid(999_983);
    let price = |salt: i64| format!("8{:06}", number(salt)).parse::<f64>().unwrap() / 100.0;
    let [open, close] = [price(1), price(2)];
    let text = |price: f64| format!("{price:.2}").parse().unwrap();
    let (high, low) = (text(open.max(close) + 1.37), text(open.min(close) - 1.37));
    let plain = still(interval, opens_at);
    let bar = Bar { open: text(open), high, low, close: text(close), ..plain.candle.bar };
    let volume = format!("{}.{:05}", number(3), number(4) % 100_000).parse().unwrap();
    KeptCandle { candle: Candle { bar, volume, ..plain.candle }, ..plain }
}

/// Status, code and fields of a refusal.
pub(super) fn said(problem: &Problem) -> (u16, String, Vec<String>) {
    let problem = serde_json::to_value(problem).unwrap();
    let fields = problem["fields"].as_array().into_iter().flatten();
    let fields = fields.map(|field| field.as_str().unwrap().to_owned()).collect();
    let status = problem["status"].as_u64().unwrap().try_into().unwrap();
    (status, problem["code"].as_str().unwrap().to_owned(), fields)
}

/// The same, as a test says it.
pub(super) fn refused(status: u16, code: &str, fields: &[&str]) -> (u16, String, Vec<String>) {
    (status, code.to_owned(), fields.iter().map(|field| (*field).to_owned()).collect())
}

pub(super) fn unavailable() -> StoreError {
    StoreError::Unavailable("table x".to_owned())
}

pub(super) fn unreadable() -> StoreError {
    StoreError::Unreadable("row y".to_owned())
}
