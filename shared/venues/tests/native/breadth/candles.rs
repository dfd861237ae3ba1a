//! Candles as the library asks for them and reads them.

use super::{EXCHANGES, OF_CONTRACTS, World, parse};
use crate::server::{Reply, with};
use app::ports::CandlesError;
use domain::clock::Timestamp;
use domain::market::{Candle, CandleSpan, Interval};
use venues::native::Native;

/// 22:13:00 on a day in November.
const MINUTE: i64 = 1_699_999_980_000;
/// Half a minute after the third candle has begun.
const NOW: Timestamp = Timestamp::from_millis(MINUTE + 150_000);
const LATE: &str = "Tue, 14 Nov 2023 22:15:30 GMT";

/// The three minutes up to that which is open.
fn span() -> CandleSpan {
    CandleSpan::asked(Interval::OneMinute, None, 3, NOW)
}

/// Candles as the exchange tells them; what was traded stands where it has base, or contracts where it counts those.
fn rows(name: &str, told: &[(i64, [&str; 4], &str)]) -> String {
    let text =
        |parts: &[&str]| format!("[{}]", parts.iter().map(|part| format!("{part:?}")).collect::<Vec<_>>().join(","));
    let row = |(number, [open, high, low, close], traded): &(i64, [&str; 4], &str)| {
        let ms = (MINUTE + number * 60_000).to_string();
        let seconds = (MINUTE / 1_000 + number * 60).to_string();
        match name {
            "bybit" | "bybitusdm" => text(&[&ms, open, high, low, close, traded, "9"]),
            "okx" => text(&[&ms, open, high, low, close, traded, "9", "9", "0"]),
            "okxusdm" => text(&[&ms, open, high, low, close, "777", traded, "9", "0"]),
            "kucoin" => text(&[&seconds, open, close, high, low, traded, "9"]),
            "kucoinusdm" => format!("[{ms},{open},{high},{low},{close},{traded}]"),
            _ => text(&[&ms, open, high, low, close, traded, "9", "9"]),
        }
    };
    let list = told.iter().map(row).collect::<Vec<_>>().join(",");
    match name {
        "bybit" | "bybitusdm" => format!(r#"{{"retCode":0,"retMsg":"OK","result":{{"list":[{list}]}},"time":1}}"#),
        "okx" | "okxusdm" => format!(r#"{{"code":"0","msg":"","data":[{list}]}}"#),
        "kucoin" | "kucoinusdm" => format!(r#"{{"code":"200000","data":[{list}]}}"#),
        _ => format!(r#"{{"code":"00000","msg":"success","requestTime":1,"data":[{list}]}}"#),
    }
}

fn reply(body: &str) -> Reply {
    with(200, &[("content-type", "application/json"), ("date", LATE)], body)
}

async fn asked(name: &'static str, body: &str) -> (Result<Vec<Candle>, CandlesError>, Vec<String>) {
    let world = World::saying(name, vec![reply(body)]).await;
    world.spoken.learn(&world.market());
    let told = world.spoken.candles(&world.login.site, &world.market().key, &span(), NOW).await;
    (told, world.server.lines())
}

/// What people use most.
const THE_COMMON_ONES: [&str; 10] = ["1m", "3m", "5m", "15m", "30m", "1h", "2h", "4h", "12h", "1d"];

const PLAIN: [&str; 4] = ["64250.1", "64300", "64200.25", "64250.2"];

#[tokio::test]
async fn every_exchange_tells_candles_and_the_open_one_is_marked() {
    for name in EXCHANGES.into_iter().chain(OF_CONTRACTS) {
        // Of what is counted in contracts one is a thousandth.
        let (traded, base) = if name == "kucoinusdm" { ("12500", "12.5") } else { ("12.5", "12.5") };
        let body = rows(name, &[(2, PLAIN, traded), (0, PLAIN, traded)]);
        let (told, lines) = asked(name, &body).await;
        let told = told.unwrap_or_else(|error| unreachable!("{name}: {error} {lines:?}"));
        let seen: Vec<_> = told.iter().map(|one| (one.bar.opens_at.millis() - MINUTE, one.is_closed)).collect();
        assert_eq!(seen, [(0, true), (120_000, false)], "{name}");
        let bar = told[0].bar;
        assert_eq!([bar.open, bar.high, bar.low, bar.close], PLAIN.map(parse), "{name}");
        assert_eq!(told[0].volume, parse(base), "{name}");
        assert_eq!(lines.len(), 1, "{name} {lines:?}");
    }
}

#[tokio::test]
async fn candles_that_an_exchange_lacks_are_made_of_the_longest_that_it_tells() {
    let mut lacking = 0;
    for name in EXCHANGES.into_iter().chain(OF_CONTRACTS) {
        let world = World::saying(name, Vec::new()).await;
        world.spoken.learn(&world.market());
        for interval in Interval::ALL {
            let made_of = world.spoken.told_in(interval);
            lacking += usize::from(made_of != interval && THE_COMMON_ONES.contains(&interval.as_str()));
            let is_made = interval.is_made_of(made_of) || made_of == interval;
            assert!(is_made && world.spoken.told_in(made_of) == made_of, "{name} {interval} {made_of}");
        }
    }
    assert_eq!(lacking, 0, "those that are compiled in tell these");
}

#[tokio::test]
async fn candles_of_a_length_that_an_exchange_lacks_are_joined() {
    for name in EXCHANGES.into_iter().chain(OF_CONTRACTS) {
        let body =
            rows(name, &[(2, PLAIN, "4"), (1, ["64250.2", "64900", "64200.25", "64250.2"], "2"), (0, PLAIN, "1")]);
        let world = World::saying(name, vec![reply(&body)]).await;
        world.spoken.learn(&world.market());
        let first = Timestamp::from_millis(MINUTE - MINUTE.rem_euclid(120_000));
        let span = CandleSpan::between(Interval::TwoMinutes, first, NOW.plus(Interval::TwoMinutes.length()));
        let told = world.spoken.candles(&world.login.site, &world.market().key, &span, NOW).await.unwrap();
        assert!(
            told.iter().all(|one| one.bar.closes_at.since(one.bar.opens_at) == Interval::TwoMinutes.length()),
            "{name}"
        );
        assert!(told.iter().any(|one| one.bar.high == parse("64900")), "{name} {told:?}");
        assert_eq!(told.last().map(|one| one.is_closed), Some(false), "{name} {told:?}");
    }
}

#[tokio::test]
async fn what_a_double_does_not_keep_is_no_price_and_of_what_was_traded_the_first_digits_are_told() {
    for name in ["bybit", "okx", "kucoin", "bitget"] {
        let (told, _) = asked(name, &rows(name, &[(0, PLAIN, "1234567890123.123456")])).await;
        assert_eq!(told.unwrap()[0].volume, parse("1234567890123.12"), "{name}");
        let fine = ["64250.1234567890123", "64300", "64200.25", "64250.2"];
        let (told, _) = asked(name, &rows(name, &[(0, fine, "1")])).await;
        assert_eq!(told, Ok(Vec::new()), "{name}");
    }
}

#[tokio::test]
async fn one_candle_that_cannot_be_is_left_out_and_others_are_none_at_all() {
    for wrong in [
        rows("okx", &[(0, ["2", "1", "1", "1"], "1")]),
        rows("okx", &[(0, ["NaN", "4", "1", "3"], "1")]),
        rows("okx", &[(0, ["2", "4", "-1", "3"], "1")]),
        rows("okx", &[(0, PLAIN, "-1")]),
        r#"{"code":"0","msg":"","data":[["1699999980000","1","1"]]}"#.to_owned(),
        format!(r#"{{"code":"0","msg":"","data":[["{}","2","4","1","3","1","1","1","0"]]}}"#, MINUTE + 1),
    ] {
        assert_eq!(asked("okx", &wrong).await.0, Ok(Vec::new()), "{wrong}");
    }
    for (name, wrong) in [
        ("okx", rows("okx", &[(0, PLAIN, "1"), (0, PLAIN, "1")])),
        ("okx", r#"{"code":"51001","msg":"Instrument ID does not exist.","data":[]}"#.to_owned()),
        ("bybit", rows("bybit", &[(9, PLAIN, "1"), (8, PLAIN, "1")])),
    ] {
        asked(name, &wrong).await.0.expect_err(&wrong);
    }
}

#[tokio::test]
async fn a_long_span_is_asked_for_in_parts_each_with_its_beginning() {
    for name in EXCHANGES.into_iter().chain(OF_CONTRACTS) {
        let world = World::saying(name, (0..3).map(|_| reply(&rows(name, &[]))).collect()).await;
        world.spoken.learn(&world.market());
        let span = CandleSpan::asked(Interval::OneDay, None, 200, NOW);
        let told = world.spoken.candles(&world.login.site, &world.market().key, &span, NOW).await;
        assert_eq!(told, Ok(Vec::new()), "{name}");
        let lines = world.server.lines();
        assert_eq!(lines.len(), 3, "{name} {lines:?}");
        for (page, line) in span.pages(90).zip(&lines) {
            // OKX takes what is later than a moment, Bitget's history what is earlier than one.
            let (first, end) = (page.first().millis(), page.end().millis());
            let bounds = [first, first - 1, first / 1_000, end, end - 1].map(|at| format!("={at}"));
            assert!(bounds.iter().any(|bound| line.contains(bound)), "{name} {page:?} {line}");
        }
    }
}
