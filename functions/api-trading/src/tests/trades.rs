//! Trades, and what they have made.

use super::*;
use domain::group::{Exit, ExitReason, GroupStatus, Mark, Settled, StillHeld};
use domain::ids::{GroupId, RunId};
use domain::money::Quantity;
use rows::{amount, at_binance, binance, bought, open, price};

#[test]
fn trades_are_told_as_json_and_as_a_sheet_with_a_link_to_its_next_page() {
    let api = api();
    for path in ["/trades/history", "/api/v1/trades/history"] {
        let (status, _, page) = get(&api, &format!("{path}?symbol=BTC/USDT&status=open&limit=1"));
        let trade = &page["items"][0];
        assert_eq!((status, &trade["id"]), (200, &json!(group_id().as_str())), "{path}: {page}");
        assert_eq!((&trade["entry_price"], &trade["unrealised_pnl"]), (&json!("100.1"), &json!("2.9")));
        assert_eq!(trade["bot_run_id"], bots::run().id.as_str());
        let cursor = page["next_cursor"].as_str().unwrap();
        let next = get(&api, &format!("{path}?status=open&symbol=BTC/USDT&cursor={cursor}"));
        assert_eq!(next.2, json!({"items": [], "next_cursor": null}));
        let other = get(&api, &format!("{path}?status=closed&cursor={cursor}"));
        assert_eq!(told(other), wrong("cursor"), "it is good for what it came of");
    }
    let sheet = |path: &str| {
        let (status, headers, text) = ask_for(&api, ("GET", path, ""), TOKEN, &[]);
        assert_eq!(status, 200, "{text}");
        (headers, text)
    };
    let (headers, page) = sheet("/trades/history?format=csv&limit=1&status=open");
    assert_eq!(headers["content-type"], "text/csv; charset=utf-8");
    let link = headers["link"].to_str().unwrap();
    assert!(
        link.starts_with("<?format=csv&limit=1&status=open&cursor=") && link.ends_with(">; rel=\"next\""),
        "{link}"
    );
    let lines: Vec<_> = page.lines().collect();
    assert!(
        lines.len() == 2 && lines[0].starts_with("id,bot_id,") && lines[1].starts_with(group_id().as_str()),
        "{page}"
    );
    let query = link.trim_start_matches('<').split('>').next().unwrap();
    let (headers, last) = sheet(&format!("/trades/history{query}"));
    assert_eq!((headers.get("link"), last.lines().count()), (None, 1));
}

#[test]
fn trades_are_those_that_are_all_that_was_asked_for() {
    let api = api();
    let (bot, run) = (bots::bot().id, bots::run().id);
    for (query, found) in [
        (format!("bot={bot}&run={run}&account={}", account().id), 1),
        (format!("account={}", binance().id), 0),
        (format!("run={}", RunId::at(AT, &["other"])), 0),
        ("symbol=ETH/USDT".to_owned(), 0),
        ("status=closed".to_owned(), 0),
        ("start_time=2025-11-20&end_time=2025-11-20".to_owned(), 1),
        ("start_time=2025-11-21".to_owned(), 0),
        ("end_time=2025-11-19".to_owned(), 0),
        ("since=2025-11-20&until=2025-11-20".to_owned(), 1),
        ("since=2025-11-21".to_owned(), 0),
    ] {
        let (status, _, page) = get(&api, &format!("/trades/history?{query}"));
        assert_eq!((status, page["items"].as_array().map(Vec::len)), (200, Some(found)), "{query}: {page}");
    }
}

/// One of the bot's that is over, with so much profit.
fn closed(name: &str, realised: &str, still_held: Option<StillHeld>) -> Position {
    let mut over = at_binance(open("BTC/USDT", |group| vec![bought(group)]));
    over.group.id = GroupId::of(&[name]);
    over.orders = vec![bought(&over.group.id)];
    over.group.status = GroupStatus::Closed;
    over.group.exit = Some(Exit { reason: ExitReason::Signal, at: AT });
    let dust = still_held.map_or(Quantity::ZERO, |held| held.quantity);
    let (realised, missing) = (amount(realised), Quantity::ZERO);
    over.group.settled = Some(Settled { at: AT, realised, dust, still_held, missing, fee_unvalued: false });
    over
}

/// At an exchange three trades of the bot's that are over, one that is open, and coins that it could not sell; on paper one
/// that is open and that no bot has opened.
fn sold() -> Api {
    let mut by_hand = position();
    by_hand.group.bot = None;
    let (quantity, cost) = ("0.00008991".parse().unwrap(), amount("5.76"));
    let unsold = StillHeld { quantity, cost, nothing_sold: true };
    let mut held = at_binance(open("BTC/USDT", |group| vec![bought(group)]));
    held.group.mark = Some(Mark { price: price("99.6"), at: AT });
    let over = [("a", "10", None), ("b", "5", None), ("c", "-2.5", None), ("d", "0", Some(unsold))];
    let over = over.map(|(name, realised, held)| closed(name, realised, held));
    let api = api_with(&[by_hand]);
    rows::put_account(&api.store, binance(), &[&[held], &over[..]].concat());
    api
}

#[test]
fn profit_is_told_by_day_by_bot_and_in_all() {
    let api = sold();
    for path in ["/dashboard/pnl", "/api/v1/dashboard/pnl"] {
        let (status, _, told) = get(&api, &format!("{path}?start_time=2025-11-01&end_time=2025-11-30"));
        assert_eq!(status, 200, "{told}");
        assert_eq!(
            (&told["start_time"], &told["end_time"]),
            (&json!("2025-11-01T00:00:00Z"), &json!("2025-12-01T00:00:00Z"))
        );
        let day = json!({"date": "2025-11-20", "mode": null, "exchange": "BINANCE", "asset": "USDT", "trades": 3, "won": 2, "realised_pnl": "12.5", "fee_unvalued": false});
        assert_eq!(told["days"], json!([day]));
        let (none, bot) = (&told["bots"][0], &told["bots"][1]);
        assert_eq!((&none["bot_id"], &none["closed"]["trades"]), (&Value::Null, &json!(0)));
        assert_eq!((&none["exchange"], &none["open"]["unrealised_pnl"]), (&json!("PAPER"), &json!("2.9")));
        assert_eq!(bot["bot_id"], bots::bot().id.as_str());
        let held = json!({"mode": null, "exchange": "BINANCE", "symbol": "BTC/USDT", "positions": 1, "unsold": 1, "quantity": "0.00008991", "cost": "5.76"});
        assert_eq!(told["still_held"], json!([held]));
        let total = &told["totals"][0];
        assert_eq!(
            (&total["open"]["unrealised_pnl"], &total["closed"], &bot["open"]),
            (&json!("-0.5"), &bot["closed"], &total["open"])
        );
        assert_eq!(told["known_since"], Value::Null, "all of them are known");
    }
    let (_, _, before) = get(&api, "/dashboard/pnl?start_time=2025-10-01&end_time=2025-10-31");
    assert_eq!((&before["days"], &before["still_held"]), (&json!([]), &Value::Null), "closed later");
    assert_eq!(before["totals"][0]["open"]["trades"], 1, "what is open now is told all the same");
}

#[test]
fn what_is_asked_of_trades_is_refused_by_its_name() {
    let api = api();
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
        ("trades/history", "since=2026-01-02&until=2026-01-01", "until"),
        ("trades/history", "since=2026-01-02&start_time=2026-01-01", "start_time"),
        ("trades/history", "mode=real", "mode"),
        ("api/v1/position-groups", "status=open", "status"),
        ("api/v1/position-groups", "since=yesterday", "since"),
        ("api/v1/orders", "status=pending", "status"),
        ("api/v1/deliveries", "mode=demo", "mode"),
        ("api/v1/deliveries", "account=main", "account"),
        ("api/v1/position-groups", "status=live&limit=49", "limit"),
        ("api/v1/orders", "start_time=2026-01-01", "start_time"),
        ("dashboard/pnl", "start_time=2024-01-01&end_time=2025-06-01", "start_time"),
        ("dashboard/pnl", "limit=1", "limit"),
        ("dashboard/pnl", "status=open", "status"),
    ] {
        let (status, _, problem) = get(&api, &format!("/{path}?{query}"));
        assert_eq!((status, &problem["field"]), (422, &json!(field)), "{path}?{query}: {problem}");
    }
    let (_, _, problem) = get(&api, "/trades/history?symbol=BTC");
    assert_eq!(problem["detail"], "symbol must be a pair such as BTC/USDT or BTCUSDT");
}
