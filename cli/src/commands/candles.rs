//! `moniqo candles`

use super::{Api, act, filtered, paged};
use crate::args::{Candles, Series};
use crate::failure::Failure;
use crate::table::{facts, maybe, plain, table, time, word};
use comfy_table::Cell;
use wire::view::{Backfill, LatestCandle, List, ListedSeries, SeriesStats};

const SERIES: [&str; 4] = ["market", "timeframe", "since (UTC)", "until (UTC)"];
const FETCHES: [&str; 7] = ["id", "market", "state", "percent", "reached (UTC)", "candles", "detail"];
const ROUTE: &str = "market-data";
const LISTED: &str = "market-data/symbols";
const FETCHED: &str = "market-data/backfill";

pub(super) fn run(api: &Api, wanted: &Candles) -> Result<(), Failure> {
    match wanted {
        Candles::List => api.show_all(LISTED, |page: &List<ListedSeries>| {
            table(
                &SERIES,
                page.items.iter().map(listed).collect(),
                "There are no subscriptions. Subscribe: moniqo candles subscribe --help",
            )
        }),
        Candles::Subscribe(series) => api.put(&named(LISTED, series), String::new(), None, |listed: &ListedSeries| {
            format!("{} {} is fetched as it closes.", market(&listed.exchange, &listed.symbol), listed.timeframe)
        }),
        Candles::Unsubscribe(series) => {
            let Series { symbol, exchange, timeframe } = series;
            let name = format!("{} {timeframe}", market(exchange, symbol));
            act::delete(api, &named(LISTED, series), None, &name)
        }
        Candles::Latest { series, watch } => api.show(&named(&format!("{ROUTE}/latest"), series), *watch, latest),
        Candles::Export { series, since, until } => save(api, series, since.as_ref(), until.as_ref()),
        Candles::Stats { series, last } => {
            let limit = last.to_string();
            api.show(&filtered(named(&format!("{ROUTE}/stats"), series), &[("limit", Some(&limit))]), false, stats)
        }
        Candles::Backfill { series, since, until } => {
            let span = [("since", Some(since)), ("until", until.as_ref())];
            api.act(&filtered(named(FETCHED, series), &span), None, |fetch: &Backfill| {
                format!("{} has started. Its progress: moniqo candles backfills --watch", fetch.id)
            })
        }
        Candles::Backfills(list) => api.show(&paged(FETCHED, list), list.watch, |page: &List<Backfill>| {
            let rows = table(&FETCHES, page.items.iter().map(fetch).collect(), "There are no backfills.");
            rows.with_next(page.next_cursor.as_ref())
        }),
        Candles::CancelBackfill { id } => {
            api.end(&format!("{FETCHED}/{id}"), |ended: &Backfill| table(&FETCHES, vec![fetch(ended)], ""))
        }
    }
}

/// As long pages as there are; only one where the newest alone are wanted.
fn save(api: &Api, series: &Series, since: Option<&String>, until: Option<&String>) -> Result<(), Failure> {
    let (format, limit) = ("csv".to_owned(), since.map(|_| "1000".to_owned()));
    let asked = [("since", since), ("until", until), ("limit", limit.as_ref()), ("format", Some(&format))];
    let rows = api.save(&filtered(named(ROUTE, series), &asked))?;
    anstream::eprintln!("{rows} candles. Whether any are missing: moniqo candles stats --help");
    Ok(())
}

fn named(path: &str, series: &Series) -> String {
    let Series { symbol, exchange, timeframe } = series;
    filtered(path.to_owned(), &[("symbol", Some(symbol)), ("exchange", Some(exchange)), ("timeframe", Some(timeframe))])
}

fn market(exchange: &str, symbol: &str) -> String {
    format!("{exchange}:{symbol}")
}

fn listed(series: &ListedSeries) -> Vec<Cell> {
    let until = maybe(series.until.map(time).as_ref());
    vec![plain(market(&series.exchange, &series.symbol)), plain(&*series.timeframe), plain(time(series.since)), until]
}

fn latest(of: &LatestCandle) -> String {
    let candle = &of.candle;
    let number = |value: Option<f64>| value.map(|value| value.to_string());
    let macd = candle.indicators.macd;
    let bands = candle.indicators.bollinger_bands;
    facts([
        ("candle (UTC)", Some(time(candle.timestamp))),
        ("open", Some(candle.open.clone())),
        ("high", Some(candle.high.clone())),
        ("low", Some(candle.low.clone())),
        ("close", Some(candle.close.clone())),
        ("volume", Some(candle.volume.clone())),
        ("RSI 14", number(candle.indicators.rsi_14)),
        ("MACD", macd.map(|of| format!("{}, signal {}, histogram {}", of.macd_line, of.signal_line, of.histogram))),
        ("EMA 50", number(candle.indicators.ema_50)),
        ("EMA 200", number(candle.indicators.ema_200)),
        ("SMA 20", number(candle.indicators.sma_20)),
        ("Bollinger", bands.map(|of| format!("{} to {}, middle {}", of.lower, of.upper, of.middle))),
        ("ATR 14", number(candle.indicators.atr_14)),
        ("fetched", Some(fetched(of.fetched))),
    ])
}

fn fetched(is: bool) -> String {
    if is { "as it closes" } else { "no: moniqo candles subscribe --help" }.to_owned()
}

fn stats(of: &SeriesStats) -> String {
    let late = of.freshness.map(|late| {
        format!("median {} s, 95 of 100 {} s, latest {} s", late.p50_seconds, late.p95_seconds, late.max_seconds)
    });
    facts([
        ("from (UTC)", Some(time(of.start_time))),
        ("to (UTC)", Some(time(of.end_time))),
        ("fetched", Some(fetched(of.fetched))),
        ("expected", Some(of.expected.to_string())),
        ("stored", Some(of.candles.to_string())),
        ("without trades", Some(of.silent.to_string())),
        ("missing", Some(of.missing.to_string())),
        ("before the first", Some(of.before.to_string())),
        ("late by", late),
        ("backfilled", Some(of.caught_up.to_string())),
        ("failing", of.failing.as_ref().map(|failing| format!("since {}: {}", time(failing.since), failing.detail))),
    ])
}

fn fetch(of: &Backfill) -> Vec<Cell> {
    let name = plain(format!("{} {}", market(&of.exchange, &of.symbol), of.timeframe));
    let cells = [plain(&*of.id), name, word(of.state.as_str()), plain(of.percent.to_string()), plain(time(of.reached))];
    cells.into_iter().chain([plain(of.candles.to_string()), maybe(of.detail.as_ref())]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_is_named_in_the_query_beside_what_else_is_asked_for() {
        let [symbol, exchange, timeframe] = ["BTC/USDT", "PAPER", "1m"].map(str::to_owned);
        let path = named("market-data/stats", &Series { symbol, exchange, timeframe });
        assert_eq!(path, "market-data/stats?symbol=BTC%2FUSDT&exchange=PAPER&timeframe=1m");
        let limit = "30".to_owned();
        assert!(filtered(path, &[("limit", Some(&limit))]).ends_with("&timeframe=1m&limit=30"));
    }

    #[test]
    fn stats_tell_how_late_candles_came_and_what_is_missing() {
        let of = r#"{"exchange": "PAPER", "symbol": "BTC/USDT", "timeframe": "1m", "fetched": false, "oldest": null, "newest": null,
            "start_time": "2026-01-01T00:00:00Z", "end_time": "2026-01-01T00:03:00Z", "expected": 3, "candles": 2, "silent": 0,
            "missing": 1, "before": 0, "freshness": {"candles": 2, "p50_seconds": 5, "p95_seconds": 9, "max_seconds": 9},
            "caught_up": 0, "failing": null, "next_cursor": null}"#;
        let text = stats(&serde_json::from_str(of).unwrap());
        for part in ["missing          1", "median 5 s, 95 of 100 9 s", "no: moniqo candles subscribe --help"] {
            assert!(text.contains(part), "{part}: {text}");
        }
    }
}
