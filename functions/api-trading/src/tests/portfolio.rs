//! What is held and worth, every fill, trades that are over, and how they have gone.

use super::*;
use app::risk::assessed::assess_book;
use domain::account::Account;
use domain::group::{Exit, ExitReason, GroupStatus, Mark, Settled};
use domain::ids::GroupId;
use domain::money::Quantity;
use domain::order::{Direction, Fee, FeeValue, Fill, Order, TradeId};
use domain::risk::AssessedFor;
use domain::vault::Mode;
use rows::{amount, at_binance, binance, bought, open, price};
use std::collections::BTreeMap;

const NEW: &str = r#"{"exchange": "kraken", "symbol": "BTC/EUR", "side": "short", "quantity": "0.1", "entry_price": "41000",
    "exit_price": "40000", "fees": "8.1", "opened_at": "2025-11-01T08:00:00Z", "closed_at": "2025-11-02T09:30:00Z",
    "notes": "by phone", "tags": ["Breakout", "breakout", "news"]}"#;

/// So many were bought at this price, without a fee.
fn filled(group: &GroupId, leg: u32, direction: Direction, quantity: &str, at: &str) -> Order {
    let purpose = if direction == Direction::Buy { Purpose::Entry } else { Purpose::Reduce(leg) };
    let fee = Fee { asset: "USDT".parse().unwrap(), amount: amount("0"), value: FeeValue::Own };
    let quantity: Quantity = quantity.parse().unwrap();
    let time = AT.minus(Millis::seconds(100)).plus(Millis::seconds(i64::from(leg)));
    let fill = Fill { fee: Some(fee), price: price(at), quantity, at: time };
    let order = rows::order(group, purpose, direction, domain::preset::OrderKind::Market, Status::Filled);
    let id = domain::ids::OrderId::of(&[group.as_str(), &leg.to_string(), direction.as_str()]);
    let client_id = domain::ids::ClientOrderId::of("test", &id);
    let fills = BTreeMap::from([(TradeId(leg.to_string()), fill)]);
    Order { id, client_id, quantity, fills, leg, mode: Some(Mode::Live), ..order }
}

/// One at an exchange that is over, opened so many hours ago and closed one later.
fn over(name: &str, realised: &str, hours: i64) -> Position {
    let mut over = at_binance(open("BTC/USDT", |group| vec![bought(group)]));
    over.group.id = GroupId::of(&[name]);
    over.orders = vec![bought(&over.group.id)];
    over.group.mode = Some(Mode::Live);
    over.group.status = GroupStatus::Closed;
    over.group.opened_at = AT.minus(Millis::seconds(hours * 3_600));
    let at = over.group.opened_at.plus(Millis::seconds(3_600));
    over.group.exit = Some(Exit { reason: ExitReason::Signal, at });
    let (realised, none) = (amount(realised), Quantity::ZERO);
    let settled = Settled { at, realised, dust: none, still_held: None, missing: none, fee_unvalued: false };
    over.group.settled = Some(settled);
    over
}

/// Three trades that are over, and a long of 2 ETH at an exchange that was bought at 100 and 200, 1 of 3 sold at 300; its last price is 250.
fn traded() -> (Api, Vec<Position>) {
    let mut held = at_binance(open("ETH/USDT", |group| {
        vec![
            filled(group, 0, Direction::Buy, "1", "100"),
            filled(group, 1, Direction::Buy, "2", "200"),
            filled(group, 2, Direction::Sell, "1", "300"),
        ]
    }));
    held.group.market.key.symbol = "ETH/USDT".parse().unwrap();
    held.group.mode = Some(Mode::Live);
    held.group.bot = None;
    held.group.mark = Some(Mark { price: price("250"), at: AT });
    let closed = [("a", "10", 30), ("b", "-4", 20), ("c", "6", 3)].map(|(name, pnl, hours)| over(name, pnl, hours));
    let api = api_with(&[]);
    rows::put_account(&api.store, binance(), &[&[held], &closed[..]].concat());
    (api, closed.to_vec())
}

#[test]
fn net_positions_say_what_is_left_at_average_cost_or_first_in_first_out() {
    let (api, _) = traded();
    let (status, _, page) = get(&api, "/api/v1/positions");
    let net = &page["items"][0];
    assert_eq!((status, page["items"].as_array().unwrap().len()), (200, 1), "{page}");
    assert_eq!((&net["side"], &net["quantity"], &net["symbol"]), (&json!("long"), &json!("2"), &json!("ETH/USDT")));
    // 500 for 3: a third of it was sold for 300.
    assert_eq!((&net["cost"], &net["realised_pnl"]), (&json!("333.33333333"), &json!("133.33333333")));
    assert_eq!(net["unrealised_pnl"], "166.66666666");
    let (_, _, page) = get(&api, "/api/v1/positions?cost=fifo");
    let net = &page["items"][0];
    assert_eq!((&net["cost"], &net["average_price"]), (&json!("400"), &json!("200")), "the first one was sold: {page}");
    assert_eq!((&net["realised_pnl"], &net["unrealised_pnl"]), (&json!("200"), &json!("100")));
    assert_eq!(get(&api, "/api/v1/positions?mode=paper").2["items"], json!([]));
    assert_eq!(get(&api, "/api/v1/positions?cost=lifo").2["field"], "cost");
}

/// 1 at 100, then 1 at 200 in another position, which sells a half.
#[test]
fn first_in_first_out_is_over_all_positions_of_a_market() {
    let mut held = ["first", "second"].map(|name| {
        let mut held = at_binance(open("ETH/USDT", |_| Vec::new()));
        held.group.id = GroupId::of(&[name]);
        held.group.timeframe = Some(name.parse().unwrap());
        held.group.market.key.symbol = "ETH/USDT".parse().unwrap();
        held
    });
    held[0].orders = vec![filled(&held[0].group.id, 0, Direction::Buy, "1", "100")];
    held[1].orders = vec![
        filled(&held[1].group.id, 1, Direction::Buy, "1", "200"),
        filled(&held[1].group.id, 2, Direction::Sell, "0.5", "300"),
    ];
    let api = api_with(&[]);
    rows::put_account(&api.store, binance(), &held);
    for (method, cost, realised) in [("average", "200", "50"), ("fifo", "250", "100")] {
        let page = get(&api, &format!("/api/v1/positions?cost={method}")).2;
        let net = &page["items"][0];
        assert_eq!((&net["quantity"], &net["cost"]), (&json!("1.5"), &json!(cost)), "{method}: {page}");
        assert_eq!(net["realised_pnl"], json!(realised), "{method}: {page}");
    }
}

#[test]
fn every_fill_is_a_transaction() {
    let (api, _) = traded();
    let (status, _, page) = get(&api, "/api/v1/transactions?symbol=ETH/USDT");
    let items = page["items"].as_array().unwrap();
    assert_eq!((status, items.len()), (200, 3), "{page}");
    let sale = items.iter().find(|item| item["side"] == "sell").unwrap();
    assert_eq!((&sale["value"], &sale["quantity"], &sale["fee"]), (&json!("300"), &json!("1"), &json!("0")));
    assert_eq!(sale["account_id"], binance().id.as_str());
    let (_, headers, sheet) = ask_for(&api, ("GET", "/api/v1/transactions?format=csv", ""), TOKEN, &[]);
    assert_eq!(headers["content-type"], "text/csv; charset=utf-8");
    assert!(sheet.starts_with("id,at,account_id,") && sheet.lines().count() == 7, "{sheet}");
}

#[test]
fn trades_that_are_over_stand_beside_those_made_elsewhere_page_by_page() {
    let (api, closed) = traded();
    let (status, headers, own) = ask(&api, "POST", "/api/v1/user-trades", NEW, TOKEN);
    assert_eq!((status, &headers["etag"]), (201, &"\"1\"".parse().unwrap()), "{own}");
    assert_eq!(
        (&own["realised_pnl"], &own["source"], &own["mode"]),
        (&json!("91.9"), &json!("manual"), &json!("live"))
    );
    assert_eq!(
        (&own["tags"], &own["exchange"], &own["fees"]),
        (&json!(["breakout", "news"]), &json!("KRAKEN"), &json!({"EUR": "8.1"}))
    );
    let mut seen = Vec::new();
    let mut path = "/api/v1/user-trades?limit=1".to_owned();
    loop {
        let (status, _, page) = get(&api, &path);
        assert_eq!(status, 200, "{page}");
        seen.extend(page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()));
        let Some(next) = page["next_cursor"].as_str() else { break };
        path = format!("/api/v1/user-trades?limit=1&cursor={next}");
    }
    let [a, b, c] = [0, 1, 2].map(|at| closed[at].group.id.to_string());
    assert_eq!(seen, [c.clone(), b, a, own["id"].as_str().unwrap().to_owned()], "each once, newest first");
    let ids = |query: &str| {
        let (status, _, page) = get(&api, &format!("/api/v1/user-trades?{query}"));
        assert_eq!(status, 200, "{query}: {page}");
        page["items"].as_array().unwrap().iter().map(|item| item["id"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(ids("source=manual"), [own["id"].clone()]);
    assert_eq!(ids("source=bot").len(), 3);
    assert_eq!(ids("tag=news&since=2025-11-01&until=2025-11-01"), [own["id"].clone()]);
    assert_eq!(ids("symbol=ETH/USDT"), Vec::<Value>::new(), "it is open");
    assert_eq!(ids(&format!("account={}", binance().id)).len(), 3);
    let note = json!({"notes": "=HYPERLINK(\"x\")\nsold, too early", "tags": ["news"]}).to_string();
    let (status, headers, noted) = ask(&api, "PATCH", &format!("/api/v1/user-trades/{c}"), &note, TOKEN);
    assert_eq!((status, &headers["etag"], &noted["version"]), (200, &"\"1\"".parse().unwrap(), &json!(1)), "{noted}");
    assert_eq!(ids("tag=news"), [json!(c), own["id"].clone()]);
    let (_, _, sheet) = ask_for(&api, ("GET", "/api/v1/user-trades?format=csv&tag=news", ""), TOKEN, &[]);
    assert!(sheet.contains(",news,\"'=HYPERLINK(\"\"x\"\")\nsold, too early\"\n"), "no formula: {sheet}");
}

#[test]
fn what_is_kept_of_a_trade_is_its_users_and_versioned() {
    let (api, closed) = traded();
    let group = &closed[0].group.id;
    let own = ask(&api, "POST", "/api/v1/user-trades", NEW, TOKEN).2["id"].as_str().unwrap().to_owned();
    let patch = |id: &str, tag: &str, body: &str| {
        ask_with(&api, "PATCH", &format!("/api/v1/user-trades/{id}"), body, TOKEN, &[("if-match", tag)])
    };
    assert_eq!(patch(&own, "\"1\"", r#"{"tags": null}"#).2["tags"], json!([]));
    assert_eq!(patch(&own, "\"1\"", r#"{"notes": "x"}"#).2["code"], "version_conflict");
    let kept = patch(&own, "\"2\"", r#"{"notes": "x"}"#).2;
    assert_eq!((&kept["notes"], &kept["tags"], &kept["realised_pnl"]), (&json!("x"), &json!([]), &json!("91.9")));
    let delete = |id: &str, token: &str| ask(&api, "DELETE", &format!("/api/v1/user-trades/{id}"), "", token);
    assert_eq!(delete(group.as_str(), TOKEN).2["code"], "not_manual");
    for id in [&*own, group.as_str(), "trd_x", "acc_x"] {
        let path = format!("/api/v1/user-trades/{id}");
        assert_eq!(ask(&api, "GET", &path, "", MANAGER).0, 404, "{id} is another user's");
        assert_eq!(ask(&api, "PATCH", &path, "{}", MANAGER).0, 404);
        assert_eq!(delete(id, MANAGER).0, 404);
    }
    assert_eq!(delete(&own, LOOKING).0, 403);
    assert_eq!((delete(&own, TOKEN).0, delete(&own, TOKEN).0), (204, 404));
    assert_eq!(get(&api, "/api/v1/user-trades?source=manual").2["items"], json!([]));
    let done = api.store.table().audits().filter(|audit| audit.action.contains("user trade")).count();
    assert_eq!(done, 4, "each change is on record");
}

#[test]
fn own_trade_that_cannot_be_is_refused_by_its_member() {
    let api = api();
    let with = |member: &str, value: Value| {
        let mut body: Value = serde_json::from_str(NEW).unwrap();
        body[member] = value;
        body.to_string()
    };
    for (member, value) in [
        ("quantity", json!("0")),
        ("quantity", json!("999999999999999")),
        ("quantity", json!("1e999")),
        ("entry_price", json!("-1")),
        ("fees", json!("-1")),
        ("side", json!("up")),
        ("symbol", json!("BTC")),
        ("closed_at", json!("2025-10-31T08:00:00Z")),
        ("closed_at", json!("2035-10-31T08:00:00Z")),
        ("opened_at", json!("yesterday")),
        ("tags", json!(["two words"])),
        ("tags", json!(["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"])),
        ("notes", json!("x".repeat(2_001))),
        ("mode", json!("real")),
        ("account", json!("main")),
    ] {
        let (status, _, refused) = ask(&api, "POST", "/api/v1/user-trades", &with(member, value.clone()), TOKEN);
        assert_eq!((status, &refused["field"]), (422, &json!(member)), "{member} {value}: {refused}");
    }
    assert_eq!(ask(&api, "POST", "/api/v1/user-trades", NEW, LOOKING).0, 403);
}

#[test]
fn performance_is_told_in_all_and_by_what_is_asked_for() {
    let (api, closed) = traded();
    ask(&api, "POST", "/api/v1/user-trades", NEW, TOKEN);
    ask(&api, "PATCH", &format!("/api/v1/user-trades/{}", closed[0].group.id), r#"{"tags": ["a", "b"]}"#, TOKEN);
    let (status, _, told) = get(&api, "/api/v1/performance");
    assert_eq!(status, 200, "{told}");
    let [euros, dollars] = [&told["totals"][0], &told["totals"][1]];
    assert_eq!((&euros["currency"], &euros["realised_pnl"]), (&json!("EUR"), &json!("91.9")));
    assert_eq!((&dollars["trades"], &dollars["won"], &dollars["lost"]), (&json!(3), &json!(2), &json!(1)));
    assert_eq!((&dollars["realised_pnl"], &dollars["profit_factor"]), (&json!("12"), &json!("4")));
    assert_eq!((&dollars["win_rate_percent"], &dollars["expectancy"]), (&json!("66.66"), &json!("4")));
    assert_eq!((&dollars["drawdown"], &dollars["holding_seconds"]), (&json!("4"), &json!(3_600)));
    assert_eq!(dollars["fees"], json!({"USDT": "0.3"}));
    let keys = |query: &str| {
        let (status, _, told) = get(&api, &format!("/api/v1/performance?{query}"));
        assert_eq!(status, 200, "{told}");
        let groups = told["groups"].as_array().unwrap().iter();
        groups.map(|group| (group["key"].clone(), group["trades"].clone())).collect::<Vec<_>>()
    };
    assert_eq!(keys("by=period"), [(json!("2025-11"), json!(1)), (json!("2025-11"), json!(3))]);
    assert_eq!(keys("by=period&period=day&mode=live&symbol=BTC/USDT").len(), 2);
    assert_eq!(keys("by=symbol"), [(json!("BTC/EUR"), json!(1)), (json!("BTC/USDT"), json!(3))]);
    assert_eq!(keys("by=exchange"), [(json!("BINANCE"), json!(3)), (json!("KRAKEN"), json!(1))]);
    assert_eq!(keys("by=source"), [(json!("bot"), json!(3)), (json!("manual"), json!(1))]);
    assert_eq!(keys("by=tag&source=bot"), [(Value::Null, json!(2)), (json!("a"), json!(1)), (json!("b"), json!(1))]);
    assert_eq!(keys("by=bot&source=bot"), [(json!(bots::bot().id.as_str()), json!(3))]);
    assert_eq!(keys("by=strategy&source=bot").len(), 1);
    assert_eq!(keys("since=2024-01-01&until=2024-02-01"), []);
    for (query, field) in [
        ("by=luck", "by"),
        ("period=year", "period"),
        ("tag=a+b", "tag"),
        ("since=2020-01-01&until=2025-01-01", "since"),
    ] {
        assert_eq!(get(&api, &format!("/api/v1/performance?{query}")).2["field"], field, "{query}");
    }
}

#[test]
fn portfolio_adds_up_no_modes_and_says_what_it_lacks() {
    let (api, _) = traded();
    let (status, _, told) = get(&api, "/api/v1/portfolio");
    assert_eq!((status, &told["currency"]), (200, &json!("USDT")), "{told}");
    let accounts = told["accounts"].as_array().unwrap();
    let real = accounts.iter().find(|one| one["exchange"] == "BINANCE").unwrap();
    assert_eq!((&real["exposure"], &real["unrealised_pnl"]), (&json!("333.33333334"), &json!("166.66666666")));
    let cash: f64 = real["cash"].as_str().unwrap().parse().unwrap();
    let equity: f64 = real["equity"].as_str().unwrap().parse().unwrap();
    assert!((equity - cash - 500.0).abs() < 1e-6, "two at 250: {real}");
    assert_eq!(told["totals"].as_array().unwrap().len(), 2, "paper and what is not: {told}");
    let (_, _, other) = get(&api, "/api/v1/portfolio?currency=ETH");
    let total = other["totals"].as_array().unwrap().iter().find(|total| total["partial"] == false);
    assert!(total.is_some(), "the position's own market leads there: {other}");
    let (_, _, none) = get(&api, "/api/v1/portfolio?currency=CHF");
    let total = &none["totals"][0];
    assert_eq!(
        (&total["partial"], &total["unvalued"], &total["equity"]),
        (&json!(true), &json!(["USDT"]), &json!("0"))
    );
    assert_eq!(get(&api, "/api/v1/portfolio?currency=$").2["field"], "currency");
}

#[test]
fn bought_coins_are_no_cash_as_well() {
    let lines = |positions: &[Position]| {
        let api = api_with(&[]);
        let balances = [("USDT", "900"), ("BTC", "1.5")].map(|(asset, has)| (asset.parse().unwrap(), amount(has)));
        rows::put_account(&api.store, Account { balances: balances.into(), ..binance() }, positions);
        let told = get(&api, "/api/v1/portfolio").2;
        let of_account = told["accounts"].as_array().unwrap().iter().filter(|one| one["exchange"] == "BINANCE");
        of_account.map(|one| (one["currency"].clone(), one["cash"].clone())).collect::<Vec<_>>()
    };
    let mut held = at_binance(open("BTC/USDT", |group| vec![bought(group)]));
    held.group.mark = Some(Mark { price: price("103"), at: AT });
    let dollars = (json!("USDT"), json!("900"));
    assert_eq!(lines(std::slice::from_ref(&held)), std::slice::from_ref(&dollars), "nothing was traded for BTC");
    let mut for_coins = at_binance(open("ETH/BTC", |group| vec![bought(group)]));
    for_coins.group.market.key.symbol = "ETH/BTC".parse().unwrap();
    assert_eq!(
        lines(&[held, for_coins]),
        [(json!("BTC"), json!("0.5")), dollars],
        "one of the coins is the position's"
    );
}

#[test]
fn equity_is_that_of_days_and_of_now_with_the_closes_between() {
    let (api, closed) = traded();
    done(&api.store, |world| async move {
        assess_book(&world, &user(), AssessedFor::Schedule, AT.minus(Millis::DAY)).await.unwrap();
        assess_book(&world, &user(), AssessedFor::Schedule, AT.minus(Millis::DAY).plus(Millis::seconds(60)))
            .await
            .unwrap();
    });
    let (status, _, told) = get(&api, "/api/v1/portfolio/equity");
    assert_eq!(status, 200, "{told}");
    let curves = told["curves"].as_array().unwrap();
    let live = curves.iter().find(|curve| curve["closes"] != json!([])).unwrap();
    assert_eq!(live["closes"].as_array().unwrap().len(), 3);
    assert_eq!(
        (&live["closes"][2]["total"], &live["closes"][2]["position_id"]),
        (&json!("12"), &json!(closed[2].group.id.as_str()))
    );
    let points = curves.iter().flat_map(|curve| curve["points"].as_array().unwrap()).count();
    assert_eq!(points, 4, "of either account yesterday's last look, and now: {told}");
    assert_eq!(get(&api, "/api/v1/portfolio/equity?since=2024-01-01&until=2024-02-01").2["curves"], json!([]));
}
