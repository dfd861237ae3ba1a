use super::*;
use crate::desk::BacktestDesk;
use domain::backtests::{Backtest, BacktestPlan, BacktestState, NoMore};
use domain::ids::{AttemptId, BacktestId, Sha};
use domain::limits::{BACKTEST_PACKED_BYTES_MAX, BACKTEST_TOLD_BYTES_MAX};
use research::{BacktestError, Whole};
use serde_json::json;
use std::collections::BTreeSet;
use wire::backtest::{Asked, pack};

const READS: &str = "trading:read";
const RESEARCHES: &str = "trading:read+research:write";
const WHOLE: &str = r#"{"equity":[1.10,2.0]}"#;

/// One of Ann's goes on, and one is done; of SOL there are too many.
impl BacktestDesk for Stub {
    async fn submit(
        &self,
        asked: Asked,
        user: &UserId,
        (attempt, _): (&AttemptId, &str),
        now: Timestamp,
    ) -> Result<Backtest, BacktestError> {
        match asked.series.market.symbol.base.to_string().as_str() {
            "SOL" => return Err(NoMore::AtOnce.into()),
            "ADA" => return Err(BacktestError::NoCandles("BINANCE".parse().unwrap())),
            "XRP" => return Err(BacktestError::UnknownMarket(asked.series.market)),
            _ => {}
        }
        let (id, created_at) = (BacktestId::at(now, &[attempt.as_str()]), now);
        Ok(Backtest { id, created_at, series: asked.series, since: asked.since, until: asked.until, ..queued(user) })
    }

    async fn backtests(&self, user: &UserId) -> Result<Vec<Backtest>, BacktestError> {
        Ok(vec![done(user), queued(user)])
    }

    async fn look_at(&self, user: &UserId, id: &BacktestId, _: &str, _: Timestamp) -> Result<Backtest, BacktestError> {
        [done(user), queued(user)].into_iter().find(|one| one.id == *id).ok_or(BacktestError::NoBacktest)
    }

    async fn cancel(&self, user: &UserId, id: &BacktestId, now: Timestamp) -> Result<Backtest, BacktestError> {
        Ok(self.look_at(user, id, "", now).await?.cancelled(now))
    }

    async fn result(&self, user: &UserId, id: &BacktestId, now: Timestamp) -> Result<Whole, BacktestError> {
        let found = self.look_at(user, id, "", now).await?;
        if found.figures.is_none() {
            return Err(BacktestError::NotDone(found.id));
        }
        Ok(self.result.clone().unwrap_or_else(|| pack(WHOLE).unwrap()).into())
    }

    async fn compare(&self, user: &UserId, ids: &[BacktestId]) -> Result<Vec<Backtest>, BacktestError> {
        let mut found = Vec::new();
        for id in ids {
            found.push(self.look_at(user, id, "", AT).await?);
        }
        Ok(found)
    }
}

fn queued(user: &UserId) -> Backtest {
    let since = Timestamp::from_millis(1_762_000_200_000);
    let market =
        domain::market::MarketKey { exchange: "BINANCE".parse().unwrap(), symbol: "BTC/USDT".parse().unwrap() };
    Backtest {
        id: BacktestId::at(since, &["one"]),
        by: user.clone(),
        version: 1,
        series: domain::series::Series { market, interval: domain::market::Interval::OneHour },
        since,
        until: Timestamp::from_millis(1_762_036_200_000),
        asked: Sha::of_bytes(b"{}"),
        state: BacktestState::Queued,
        plan: None,
        played: BTreeSet::new(),
        figures: None,
        why: None,
        created_at: since,
        updated_at: since,
    }
}

fn done(user: &UserId) -> Backtest {
    let digest = Sha::of_bytes(b"x");
    let plan = BacktestPlan { candles: 8, digest, items: 1, items_per_part: 1, is_spread: false };
    let one = Backtest { id: BacktestId::at(AT, &["done"]), created_at: AT, ..queued(user) };
    one.planned(plan, AT).having_played(0, AT).done(r#"{"stats":{"fees":1.10}}"#.to_owned(), AT)
}

async fn asked(method: &str, rest: &str, scopes: &str, body: &str) -> (StatusCode, HeaderMap, Value) {
    ask(&Stub::default(), method, &format!("/api/v1/backtests{rest}"), scopes, body).await
}

fn body(rest: &str) -> String {
    format!(
        r#"{{"exchange": "BINANCE", "symbol": "BTCUSDT", "timeframe": "1h", "since": "2025-11-01T00:00:00Z",
             "strategy": "ema_cross"{rest}}}"#
    )
}

#[tokio::test]
async fn what_is_asked_for_is_kept_and_shown_where_the_answer_says() {
    let (status, headers, told) = asked("POST", "", RESEARCHES, &body("")).await;
    assert_eq!((status, &told["state"]), (StatusCode::ACCEPTED, &json!("queued")), "{told}");
    assert_eq!((&told["progress"], &told["figures"]), (&json!({"done": 0, "of": 0}), &json!(null)));
    assert!(told["until"].as_str().unwrap() > "2025-11-20T08:51:00Z", "until now: {told}");
    let id = told["id"].as_str().unwrap();
    assert_eq!(headers["location"].to_str().unwrap(), format!("/api/v1/backtests/{id}"));
}

#[tokio::test]
async fn its_owner_looks_at_it_reads_it_holds_it_beside_another_and_calls_it_off() {
    let (done, queued) = (done(&ann()).id, queued(&ann()).id);
    let (status, _, told) = asked("GET", &format!("/{done}"), READS, "").await;
    assert_eq!((status, &told["state"], &told["candles"]), (StatusCode::OK, &json!("done"), &json!(8)));
    assert_eq!(told["expected"], 9, "from 12:30 to 22:30");
    assert_eq!((&told["figures"]["stats"]["fees"], &told["progress"]["done"]), (&json!(1.1), &json!(1)));
    let (_, _, list) = asked("GET", "", READS, "").await;
    assert_eq!((&list["items"][0], list["items"].as_array().unwrap().len()), (&told, 2));
    let path = format!("/api/v1/backtests/{done}/result");
    let (status, headers, whole) = ask_for(&Stub::default(), "GET", &path, READS, "").await;
    assert_eq!((status, whole.as_str()), (StatusCode::OK, WHOLE), "to the letter");
    assert_eq!(headers["content-type"], "application/json");
    let (headers, bytes) = packed(&path, READS).await;
    assert_eq!(headers["vary"], "accept-encoding");
    assert_eq!(headers["content-type"], "application/json");
    assert_eq!(bytes, pack(WHOLE).unwrap(), "to the byte");
    let (status, _, problem) = asked("GET", &format!("/{queued}/result"), READS, "").await;
    assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("not_done")));
    let (status, _, both) = asked("GET", &format!("/compare?ids={done},{queued}"), READS, "").await;
    assert_eq!((status, &both["items"][0]), (StatusCode::OK, &told));
    let (status, _, told) = asked("POST", &format!("/{queued}/cancel"), RESEARCHES, "").await;
    assert_eq!((status, &told["state"]), (StatusCode::OK, &json!("cancelled")));
}

#[tokio::test]
async fn a_result_that_is_too_long_says_how_it_is_taken() {
    let path = format!("/api/v1/backtests/{}/result", done(&ann()).id);
    let longer = pack(&"x".repeat(BACKTEST_TOLD_BYTES_MAX + 1)).unwrap();
    let stub = Stub { result: Some(longer.clone()), ..Stub::default() };
    let (status, _, problem) = ask(&stub, "GET", &path, READS, "").await;
    assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("result_too_large")));
    assert!(problem["detail"].as_str().unwrap().contains("Accept-Encoding: gzip"), "{problem}");
    let (headers, body) = taking_gzip(&stub, &path, READS).await;
    assert_eq!((&headers["content-encoding"], body), (&"gzip".parse().unwrap(), longer));

    let stub = Stub { result: Some(vec![0; BACKTEST_PACKED_BYTES_MAX + 1]), ..Stub::default() };
    let (headers, body) = taking_gzip(&stub, &path, READS).await;
    let problem: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!((&problem["status"], &problem["code"]), (&json!(409), &json!("result_too_large")));
    assert_eq!(headers["content-type"], "application/problem+json");
    assert!(problem["detail"].as_str().unwrap().contains("shorter time"), "{problem}");
}

#[tokio::test]
async fn what_is_nobodys_or_needs_more_is_refused() {
    for (method, rest) in [("GET", "/bkt_x"), ("GET", "/bkt_x/result"), ("POST", "/bkt_x/cancel"), ("GET", "/nothing")]
    {
        let (status, _, problem) = asked(method, rest, RESEARCHES, "").await;
        assert_eq!((status, &problem["code"]), (StatusCode::NOT_FOUND, &json!("not_found")), "{rest}");
    }
    for (rest, body) in [("", body("")), ("/bkt_x/cancel", String::new())] {
        assert_eq!(asked("POST", rest, READS, &body).await.0, StatusCode::FORBIDDEN, "{rest}");
    }
    for ids in ["", "?ids=", "?ids=x,y", "?ids=bkt_x&ids=bkt_y"] {
        let (status, _, problem) = asked("GET", &format!("/compare{ids}"), READS, "").await;
        let found = (status, &problem["fields"][0]);
        assert_eq!(found, (StatusCode::UNPROCESSABLE_ENTITY, &json!("ids")), "{ids} {problem}");
    }
}

#[tokio::test]
async fn what_is_wrong_of_a_backtest_is_named() {
    for (rest, field) in [
        (r#", "cash": "NaN""#, "cash"),
        (r#", "cash": {}"#, "cash"),
        (r#", "speed": 1"#, "speed"),
        (r#", "sweep": {"tried": {"fast": []}}"#, "sweep.tried.fast"),
        (r#", "until": 12"#, "until"),
    ] {
        let (status, _, problem) = asked("POST", "", RESEARCHES, &body(rest)).await;
        let found = (status, &problem["fields"][0]);
        assert_eq!(found, (StatusCode::UNPROCESSABLE_ENTITY, &json!(field)), "{rest} {problem}");
    }
    let (status, _, problem) = asked("POST", "", RESEARCHES, "{").await;
    assert_eq!((status, &problem["code"]), (StatusCode::BAD_REQUEST, &json!("invalid_json")));
    let of = |symbol: &str| body("").replace("BTCUSDT", symbol);
    let (status, _, problem) = asked("POST", "", RESEARCHES, &of("SOLUSDT")).await;
    assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("too_many_backtests")));
    let (status, _, problem) = asked("POST", "", RESEARCHES, &of("XRPUSDT")).await;
    assert_eq!((status, &problem["code"]), (StatusCode::NOT_FOUND, &json!("unknown_market")));
    let (_, _, problem) = asked("POST", "", RESEARCHES, &of("ADAUSDT")).await;
    assert_eq!(problem["fields"][0], json!("candles"));
    assert!(problem["detail"].as_str().unwrap().contains("POST /api/v1/market-data/backfill"));
}
