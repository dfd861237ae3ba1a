use super::*;
use crate::desk::BackfillDesk;
use app::backfills::{BackfillError, Wanted};
use domain::ids::{AttemptId, BackfillId};
use domain::series::{Backfill, BackfillState};
use serde_json::json;

const READS: &str = "trading:read";
const RESEARCHES: &str = "trading:read+research:write";

/// One of Ann's goes on; of SOL there are too many, and what begins in 2020 is gone.
impl BackfillDesk for Stub {
    async fn backfill(
        &self,
        wanted: Wanted,
        user: &UserId,
        attempt: &AttemptId,
        now: Timestamp,
    ) -> Result<Backfill, BackfillError> {
        if wanted.series.market.symbol.base.to_string() == "SOL" {
            return Err(BackfillError::TooMany);
        }
        if wanted.since < Timestamp::from_millis(1_600_000_000_000) {
            return Err(BackfillError::TooOld(Timestamp::from_millis(1_600_000_000_000)));
        }
        Ok(Backfill {
            id: BackfillId::at(now, &[attempt.as_str()]),
            by: user.clone(),
            version: 1,
            series: wanted.series,
            since: wanted.since,
            until: wanted.until,
            reached: wanted.until,
            candles: 0,
            corrected: 0,
            state: BackfillState::Running,
            failures: 0,
            detail: None,
            created_at: now,
            updated_at: now,
        })
    }

    async fn backfills(&self, user: &UserId) -> Result<Vec<Backfill>, BackfillError> {
        Ok(vec![earlier(user), one(user)])
    }

    async fn find_backfill(&self, user: &UserId, id: &BackfillId) -> Result<Backfill, BackfillError> {
        Some(one(user)).filter(|one| one.id == *id).ok_or(BackfillError::NoBackfill)
    }

    async fn call_off(&self, user: &UserId, id: &BackfillId, now: Timestamp) -> Result<Backfill, BackfillError> {
        Ok(self.find_backfill(user, id).await?.ended(BackfillState::Cancelled, None, now))
    }
}

fn one(user: &UserId) -> Backfill {
    let (since, until) = (Timestamp::from_millis(1_762_000_200_000), Timestamp::from_millis(1_762_036_200_000));
    let market =
        domain::market::MarketKey { exchange: "BINANCE".parse().unwrap(), symbol: "BTC/USDT".parse().unwrap() };
    Backfill {
        id: BackfillId::at(since, &["one"]),
        by: user.clone(),
        version: 3,
        series: domain::series::Series { market, interval: domain::market::Interval::OneMinute },
        since,
        until,
        reached: Timestamp::from_millis(1_762_009_200_000),
        candles: 450,
        corrected: 2,
        state: BackfillState::Running,
        failures: 1,
        detail: Some("BINANCE does not answer".to_owned()),
        created_at: until,
        updated_at: until,
    }
}

fn earlier(user: &UserId) -> Backfill {
    let created_at = one(user).created_at.minus(domain::clock::Millis::new(1));
    Backfill { id: BackfillId::at(created_at, &["earlier"]), created_at, ..one(user) }
}

async fn asked(method: &str, rest: &str, scopes: &str) -> (StatusCode, HeaderMap, Value) {
    ask(&Stub::default(), method, &format!("/api/v1/market-data/backfill{rest}"), scopes, "").await
}

#[tokio::test]
async fn what_is_asked_for_is_begun_and_shown_where_the_answer_says() {
    let query = "?symbol=BTCUSDT&timeframe=1m&start_date=2025-11-01T00:00:00Z&end_date=2025-11-02T00:00:00Z";
    let (status, headers, told) = asked("POST", query, RESEARCHES).await;
    assert_eq!((status, &told["state"], &told["percent"]), (StatusCode::ACCEPTED, &json!("running"), &json!(0)));
    assert_eq!(told["start_date"], json!("2025-11-01T00:00:00Z"));
    let id = told["id"].as_str().unwrap();
    assert_eq!(headers["location"].to_str().unwrap(), format!("/api/v1/market-data/backfill/{id}"));
    let (_, _, told) = asked("POST", "?symbol=BTCUSDT&start_date=2025-11-01T00:00:00Z", RESEARCHES).await;
    assert_eq!(told["timeframe"], json!("1h"));
    assert!(told["end_date"].as_str().unwrap() > "2025-11-20T08:51:00Z", "until now: {told}");
}

#[tokio::test]
async fn one_is_looked_at_and_called_off_by_its_owner() {
    let id = one(&ann()).id;
    let (status, _, told) = asked("GET", &format!("/{id}"), READS).await;
    assert_eq!(
        (status, &told["percent"], &told["detail"]),
        (StatusCode::OK, &json!(75), &json!("BINANCE does not answer"))
    );
    let (_, _, list) = asked("GET", "", READS).await;
    assert_eq!(list["items"][0], told);
    let (status, _, told) = asked("DELETE", &format!("/{id}"), RESEARCHES).await;
    assert_eq!((status, &told["state"]), (StatusCode::OK, &json!("cancelled")));
    for method in ["GET", "DELETE"] {
        let (status, _, problem) = asked(method, "/bfl_nobodys", RESEARCHES).await;
        assert_eq!((status, &problem["code"]), (StatusCode::NOT_FOUND, &json!("not_found")), "{method}");
    }
    for (method, rest) in [("POST", "?symbol=BTCUSDT&start_date=2025-11-01T00:00:00Z"), ("DELETE", "/bfl_x")] {
        assert_eq!(asked(method, rest, READS).await.0, StatusCode::FORBIDDEN, "{method}");
    }
}

#[tokio::test]
async fn ones_backfills_are_told_newest_first_on_one_page_and_on_several() {
    let both = [one(&ann()).id, earlier(&ann()).id].map(|id| json!(id.to_string()));
    let (_, _, list) = asked("GET", "", READS).await;
    assert_eq!([&list["items"][0]["id"], &list["items"][1]["id"]], [&both[0], &both[1]]);
    let (_, _, first) = asked("GET", "?limit=1", READS).await;
    assert_eq!((first["items"].as_array().unwrap().len(), &first["items"][0]["id"]), (1, &both[0]));
    let cursor = first["next_cursor"].as_str().unwrap();
    let (_, _, second) = asked("GET", &format!("?limit=1&cursor={cursor}"), READS).await;
    assert_eq!((&second["items"][0]["id"], &second["next_cursor"]), (&both[1], &Value::Null));
}

#[tokio::test]
async fn what_is_wrong_of_a_backfill_is_named() {
    for (rest, field) in [
        ("?start_date=2025-11-01T00:00:00Z", "symbol"),
        ("?symbol=BTCUSDT", "start_date"),
        ("?symbol=BTCUSDT&start_date=yesterday", "start_date"),
        ("?symbol=BTCUSDT&start_date=2099-01-01T00:00:00Z", "start_date"),
        ("?symbol=BTCUSDT&start_date=2020-01-01T00:00:00Z", "start_date"),
        ("?symbol=BTCUSDT&start_date=2025-11-02T00:00:00Z&end_date=2025-11-01T00:00:00Z", "end_date"),
        ("?symbol=BTCUSDT&start_date=2025-11-01T00:00:00Z&limit=3", "limit"),
    ] {
        let (status, _, problem) = asked("POST", rest, RESEARCHES).await;
        let found = (status, &problem["fields"][0]);
        assert_eq!(found, (StatusCode::UNPROCESSABLE_ENTITY, &json!(field)), "{rest} {problem}");
    }
    let (status, _, problem) = asked("POST", "?symbol=SOLUSDT&start_date=2025-11-01T00:00:00Z", RESEARCHES).await;
    assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("too_many_backfills")));
}
