//! One request for an order, and what is made of what comes back.

use super::{ID, KEY, SENT_AT, World, login, request, token};
use crate::held::held;
use crate::server::{Reply, Server, json, text, with};
use app::ports::{OcoRequest, Outcome, Request, Trigger, TriggerKind};
use domain::order::{Direction, Status};
use domain::preset::OrderKind;
use domain::reason::Reason;
use serde_json::json as value;
use venues::native::Native;

fn accepted() -> Reply {
    let said = value!({
        "success": true, "failure_reason": "UNKNOWN_FAILURE_REASON", "order_id": "52cfe5e2",
        "success_response":
            { "order_id": "52cfe5e2", "product_id": "BTC-USD", "side": "BUY", "client_order_id": ID },
        "order_configuration": null
    });
    json(200, &said.to_string())
}

#[tokio::test]
async fn each_order_leaves_as_one_request_with_one_body() {
    async fn check(request: Request, side: &str, configuration: &str) {
        let server = Server::script(vec![json(500, "{}"), json(500, "{}")]).await;
        let world = World::of(&server);
        for _ in 0..2 {
            world.coinbase.submit(&world.login, &request).await;
        }
        let heard = server.heard();
        assert_eq!(server.lines(), ["POST /api/v3/brokerage/orders"; 2]);
        let head = format!(r#""client_order_id":"{ID}","product_id":"BTC-USD","side":"{side}""#);
        assert_eq!(heard[0].body, format!(r#"{{{head},"order_configuration":{{{configuration}}}}}"#));
        assert_eq!(heard[0].body, heard[1].body, "again it is the same, byte by byte");
        assert_ne!(heard[0].header("authorization"), heard[1].header("authorization"), "with a token of its own");
        assert_eq!(heard[0].header("content-type"), Some("application/json"));
    }
    let (buy, sell) = (Direction::Buy, Direction::Sell);
    let (size, limit) = (r#""base_size":"0.0123""#, OrderKind::Limit("60000.50".parse().unwrap()));
    let trigger = |kind| Some(Trigger { kind, price: "61000".parse().unwrap() });
    let market = format!(r#""market_market_ioc":{{{size}}}"#);
    check(Request { kind: OrderKind::Market, ..request() }, "BUY", &market).await;
    check(Request { kind: OrderKind::Market, direction: sell, ..request() }, "SELL", &market).await;
    let resting = format!(r#""limit_limit_gtc":{{{size},"limit_price":"60000.5","post_only":false}}"#);
    check(Request { kind: limit, direction: sell, ..request() }, "SELL", &resting).await;
    let prices = r#""limit_price":"60000.5","stop_price":"61000""#;
    for (direction, kind, side, way) in [
        (sell, TriggerKind::StopLoss, "SELL", "DOWN"),
        (sell, TriggerKind::TakeProfit, "SELL", "UP"),
        (buy, TriggerKind::StopLoss, "BUY", "UP"),
        (buy, TriggerKind::TakeProfit, "BUY", "DOWN"),
    ] {
        let where_to = format!(r#""stop_direction":"STOP_DIRECTION_STOP_{way}""#);
        let stop = format!(r#""stop_limit_stop_limit_gtc":{{{size},{prices},{where_to}}}"#);
        check(Request { direction, kind: limit, trigger: trigger(kind), ..request() }, side, &stop).await;
    }
}

#[tokio::test]
async fn an_order_is_signed_with_its_persisted_time_and_ends_ten_seconds_later() {
    let server = Server::script(vec![accepted()]).await;
    let world = World::of(&server);
    let outcome = world.coinbase.submit(&world.login, &request()).await;
    let Outcome::Accepted(fact) = outcome else { panic!("{outcome:?}") };
    assert_eq!((fact.venue_id.as_deref(), fact.status), (Some("52cfe5e2"), Some(Status::Open)));
    let (header, claims) = token(&server.heard()[0]);
    assert_eq!((header.kid.as_deref(), header.typ.as_deref()), (Some(KEY), Some("JWT")));
    assert_eq!(header.nonce.map(|nonce| nonce.len()), Some(32));
    // The exchange's clock is 2 s before ours.
    let nbf = SENT_AT.millis() / 1_000 + 2;
    let uri = format!("POST {}/api/v3/brokerage/orders", server.url().trim_start_matches("http://"));
    assert_eq!(claims, value!({ "sub": KEY, "iss": "cdp", "nbf": nbf, "exp": nbf + 10, "uri": uri }));
}

fn is_unknown(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Unknown(_))
}

/// How a submit ends, and how many requests and connections it took.
async fn check(world: &World, server: &Server, expected: fn(&Outcome) -> bool, heard: usize) {
    let world = world.moved_to(server);
    let outcome = world.coinbase.submit(&world.login, &request()).await;
    assert!(expected(&outcome), "{outcome:?}");
    assert_eq!((server.heard().len(), server.connections()), (heard, 1), "{outcome:?}");
}

#[tokio::test]
async fn a_connection_that_breaks_at_any_byte_of_the_answer_leaves_the_order_unknown_and_sent_once() {
    let world = World::at("");
    for cut in accepted().cuts() {
        check(&world, &Server::script(vec![cut]).await, is_unknown, 1).await;
    }
}

#[tokio::test]
async fn a_connection_that_closes_before_anything_is_read_leaves_the_order_unknown() {
    check(&World::at(""), &Server::deaf().await, is_unknown, 0).await;
}

#[tokio::test]
async fn where_nobody_listens_the_order_is_not_sent() {
    let world = World::at(&Server::nobody());
    let outcome = world.coinbase.submit(&world.login, &request()).await;
    assert!(matches!(outcome, Outcome::NotSent(_)), "{outcome:?}");
}

#[tokio::test]
async fn a_failing_server_is_asked_once() {
    let world = World::at("");
    for status in [301, 307, 408, 409, 500, 502, 503, 504] {
        let reply = with(status, &[("location", "/"), ("retry-after", "0")], "");
        check(&world, &Server::script(vec![reply]).await, is_unknown, 1).await;
    }
    check(&world, &Server::script(vec![text(200, "<html>")]).await, is_unknown, 1).await;
}

#[tokio::test]
async fn who_asks_too_much_is_refused_and_waits_as_long_as_it_is_told() {
    for (header, seconds) in [("7", 7), ("soon", 1), ("4000000000", 300), ("-7", 1)] {
        let server = Server::script(vec![with(429, &[("retry-after", header)], "")]).await;
        let world = World::of(&server);
        let outcome = world.coinbase.submit(&world.login, &request()).await;
        assert!(matches!(&outcome, Outcome::Rejected(refusal) if refusal.code == Reason::RateLimited), "{outcome:?}");
        let held = held(&world.traffic, &world.login, world.login.now);
        assert_eq!(held, (None, Some(seconds * 1_000)), "it is counted by key");
    }
}

#[tokio::test]
async fn what_cannot_be_signed_or_is_not_offered_is_refused_and_nothing_leaves() {
    let server = Server::script(Vec::new()).await;
    let world = World::of(&server);
    let refused = async |login, request: Request| match world.coinbase.submit(login, &request).await {
        Outcome::Rejected(refusal) => refusal.code,
        other => panic!("{other:?}"),
    };
    let without = login(&server.url(), "no key");
    assert_eq!(refused(&without, request()).await, Reason::KeyRefused);
    let trigger = Some(Trigger { kind: TriggerKind::StopLoss, price: "60000".parse().unwrap() });
    let stop = Request { kind: OrderKind::Market, trigger, ..request() };
    assert_eq!(refused(&world.login, stop).await, Reason::RefusedByVenue);
    let Request { account, market, direction, quantity, client_id: limit_id, sent_at, .. } = request();
    let (stop_id, price) = (limit_id.of_stop(), "60000".parse().unwrap());
    let (limit, stop, stop_limit) = (price, price, None);
    let pair = OcoRequest {
        account,
        market,
        direction,
        quantity,
        limit_id,
        limit,
        stop_id,
        stop,
        stop_limit,
        reduce_only: false,
        sent_at,
    };
    let outcome = world.coinbase.submit_oco(&world.login, &pair).await;
    assert!(matches!(outcome, Outcome::Rejected(_)), "{outcome:?}");
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn nothing_that_is_told_holds_the_key_or_a_token() {
    let server =
        Server::start(|heard| json(400, &value!({ "error": "INVALID_ARGUMENT", "message": heard.body }).to_string()))
            .await;
    let world = World::of(&server);
    let outcome = format!("{:?}", world.coinbase.submit(&world.login, &request()).await);
    let read = format!("{:?}", world.coinbase.balances(&world.login).await);
    for told in [outcome, read, format!("{:?}", world.login)] {
        assert!(!told.contains("PRIVATE") && !told.contains("Bearer") && !told.contains("eyJ"), "{told}");
    }
}
