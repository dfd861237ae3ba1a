//! Trades, and what they have made.

use super::*;
use app::trading::{Both, Closed, Held, Open};
use domain::market::MarketKey;

/// One of its owner's; the list goes on behind it.
pub(super) fn listed(of: &UserId, wanted: &WantedTrades, page: &PageRequest) -> Page<Position> {
    let is_there = *of == user() && page.cursor.is_none() && wanted.closed != Some(true);
    let next = is_there.then(|| "place".to_owned());
    Page { items: is_there.then(position).into_iter().collect(), next }
}

pub(super) fn summed(of: &UserId, wanted: &WantedTrades) -> Profits {
    let (since, until) = wanted.since.zip(wanted.until).unwrap();
    assert!(since < until);
    if *of != user() {
        return Profits::default();
    }
    let asset = || ("BINANCE".parse().unwrap(), "USDT".parse().unwrap());
    let closed = Closed { trades: 3, won: 2, realised: "12.5".parse().unwrap(), fee_unvalued: false };
    let both = Both { closed, open: Open { trades: 1, unrealised: "-0.5".parse().unwrap(), ..Open::default() } };
    let bot = BotId::at(AT, &["bot"]);
    let market = MarketKey { exchange: asset().0, symbol: "BTC/USDT".parse().unwrap() };
    let (quantity, cost) = ("0.00008991".parse().unwrap(), "5.76".parse().unwrap());
    let held = Held { positions: 1, unsold: 1, quantity, cost };
    Profits {
        days: [((AT.day(), asset()), closed)].into(),
        bots: [((None, asset()), Both::default()), ((Some(bot), asset()), both)].into(),
        totals: [(asset(), both)].into(),
        held: [(market, held)].into(),
        known_since: Some(since),
    }
}

#[tokio::test]
async fn trades_are_told_as_json_and_as_a_sheet_with_a_link_to_its_next_page() {
    for path in ["/trades/history", "/api/v1/trades/history"] {
        let (status, _, page) = get(&format!("{path}?symbol=BTC/USDT&status=open")).await;
        let trade = &page["items"][0];
        assert_eq!((status, &trade["id"]), (StatusCode::OK, &json!(group_id().as_str())), "{path}: {page}");
        assert_eq!((&trade["entry_price"], &trade["unrealised_pnl"]), (&json!("100.1"), &json!("2.9")));
        assert_eq!(trade["bot_run_id"], RunId::at(AT, &["run"]).as_str());
        let cursor = page["next_cursor"].as_str().unwrap();
        let next = get(&format!("{path}?status=open&symbol=BTC/USDT&cursor={cursor}")).await;
        assert_eq!(next.2, json!({"items": [], "next_cursor": null}));
        let (status, _, problem) = get(&format!("{path}?status=closed&cursor={cursor}")).await;
        assert_eq!((status.as_u16(), &problem["field"]), (422, &json!("cursor")), "it is good for what it came of");
    }
    let (headers, sheet) = sheet("/trades/history?format=csv&limit=1&status=open").await;
    assert_eq!(headers["content-type"], "text/csv; charset=utf-8");
    let link = headers["link"].to_str().unwrap();
    assert!(
        link.starts_with("<?format=csv&limit=1&status=open&cursor=") && link.ends_with(">; rel=\"next\""),
        "{link}"
    );
    let lines: Vec<_> = sheet.lines().collect();
    assert!(
        lines.len() == 2 && lines[0].starts_with("id,bot_id,") && lines[1].starts_with(group_id().as_str()),
        "{sheet}"
    );
    let query = link.trim_start_matches('<').split('>').next().unwrap();
    let (headers, last) = self::sheet(&format!("/trades/history{query}")).await;
    assert_eq!((headers.get("link"), last.lines().count()), (None, 1));
}

async fn sheet(path: &str) -> (HeaderMap, String) {
    let request = Request::get(path).header("authorization", "Bearer mq_token").body(Body::empty()).unwrap();
    let response = lambda::edge::prepare(router(allowing())).oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    assert_eq!(parts.status, StatusCode::OK);
    (parts.headers, String::from_utf8(to_bytes(body, 10_000).await.unwrap().to_vec()).unwrap())
}

#[tokio::test]
async fn profit_is_told_by_day_by_bot_and_in_all() {
    for path in ["/dashboard/pnl", "/api/v1/dashboard/pnl"] {
        let (status, _, told) = get(&format!("{path}?start_time=2026-01-01&end_time=2026-01-31")).await;
        assert_eq!(status, StatusCode::OK, "{told}");
        assert_eq!(
            (&told["start_time"], &told["end_time"]),
            (&json!("2026-01-01T00:00:00Z"), &json!("2026-02-01T00:00:00Z"))
        );
        let day = json!({"date": "2025-11-20", "exchange": "BINANCE", "asset": "USDT", "trades": 3, "won": 2, "realised_pnl": "12.5", "fee_unvalued": false});
        assert_eq!(told["days"], json!([day]));
        let (none, bot) = (&told["bots"][0], &told["bots"][1]);
        assert_eq!((&none["bot_id"], &none["closed"]["trades"]), (&Value::Null, &json!(0)));
        assert_eq!(bot["bot_id"], BotId::at(AT, &["bot"]).as_str());
        let held = json!({"exchange": "BINANCE", "symbol": "BTC/USDT", "positions": 1, "unsold": 1, "quantity": "0.00008991", "cost": "5.76"});
        assert_eq!(told["still_held"], json!([held]));
        let total = &told["totals"][0];
        assert_eq!(
            (&total["open"]["unrealised_pnl"], &total["closed"], &bot["open"]),
            (&json!("-0.5"), &bot["closed"], &total["open"])
        );
    }
}

#[tokio::test]
async fn what_is_asked_of_trades_is_refused_by_its_name() {
    for (path, query, field) in [
        ("trades/history", "bot=x", "bot"),
        ("trades/history", "run=bot_1", "run"),
        ("trades/history", "account=x", "account"),
        ("trades/history", "symbol=", "symbol"),
        ("trades/history", "exchange=BINANCE", "exchange"),
        ("trades/history", "status=over", "status"),
        ("trades/history", "format=xlsx", "format"),
        ("trades/history", "start_time=yesterday", "start_time"),
        ("trades/history", "start_time=2026-01-02&end_time=2026-01-01", "end_time"),
        ("trades/history", "bot_id=x", "bot_id"),
        ("dashboard/pnl", "start_time=2024-01-01&end_time=2025-06-01", "start_time"),
        ("dashboard/pnl", "limit=1", "limit"),
        ("dashboard/pnl", "status=open", "status"),
    ] {
        let (status, _, problem) = get(&format!("/{path}?{query}")).await;
        assert_eq!((status.as_u16(), &problem["field"]), (422, &json!(field)), "{path}?{query}: {problem}");
    }
    let (_, _, problem) = get("/trades/history?symbol=BTC").await;
    assert_eq!(problem["detail"], "symbol must be a pair such as BTC/USDT or BTCUSDT");
}
