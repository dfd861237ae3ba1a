//! An order leaves once, with exact numbers, and what its answer says is what becomes of it.

use super::{NOW, SECRET, added, address, field, kraken, kraken_with, login, market, no, now, price, request};
use crate::held::held;
use crate::server::{Heard, Server, json, text};
use app::ports::{Cancelled, OcoRequest, Outcome, Request, Secret, Trigger, TriggerKind};
use data_encoding::BASE64;
use domain::clock::Millis;
use domain::ids::ClientOrderId;
use domain::order::Direction;
use domain::preset::OrderKind;
use domain::reason::Reason;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256, Sha512};
use std::sync::Arc;
use venues::native::{Login, Native, Traffic, words};

const REST: &str = "cl_ord_id=mabcdefghijklmnopq&oflags=fciq&deadline=2026-11-21T12%3A00%3A05.250Z";

/// The body of this request, behind its number.
async fn check(request: &Request, expected: &str) {
    let undescribed = json(200, r#"{"error":[],"result":{"txid":["OUF4EM-FRGI2-MQMWZD"]}}"#);
    let server = Server::script(vec![undescribed]).await;
    let outcome = kraken().submit(&login(server.url()), request).await;
    assert!(matches!(&outcome, Outcome::Accepted(fact) if fact.venue_id.is_some()), "{outcome:?}");
    let heard = server.heard().remove(0);
    assert_eq!(heard.body, format!("nonce=1795262400000000&{expected}&{REST}"));
    assert_eq!(heard.line(), "POST /0/private/AddOrder");
    assert_eq!(heard.header("api-key"), Some("a key"));
    assert_eq!(heard.header("content-type"), Some("application/x-www-form-urlencoded"));
    assert_eq!(heard.header("api-sign"), Some(signature(&heard).as_str()));
}

/// Recomputed from what arrived.
pub(super) fn signature(heard: &Heard) -> String {
    let nonce = field(heard, "nonce").unwrap();
    let digest = Sha256::digest(format!("{nonce}{}", heard.body));
    let mut mac = Hmac::<Sha512>::new_from_slice(&BASE64.decode(SECRET.as_bytes()).unwrap()).unwrap();
    mac.update(heard.path().as_bytes());
    mac.update(&digest);
    BASE64.encode(&mac.finalize().into_bytes())
}

fn triggered(kind: TriggerKind, at: &str, order: OrderKind) -> Request {
    let trigger = Some(Trigger { kind, price: price(at) });
    Request { direction: Direction::Sell, trigger, kind: order, ..request() }
}

#[tokio::test]
async fn each_kind_of_order_has_its_body() {
    use TriggerKind::{StopLoss, TakeProfit};
    let limit = |text: &str| OrderKind::Limit(price(text));
    let market_order = Request { kind: OrderKind::Market, ..request() };
    check(&request(), "ordertype=limit&type=buy&volume=1.25&pair=XBTUSD&price=37500").await;
    check(&market_order, "ordertype=market&type=buy&volume=1.25&pair=XBTUSD").await;
    let stop = "type=sell&volume=1.25&pair=XBTUSD&price=30000.1";
    let gain = "type=sell&volume=1.25&pair=XBTUSD&price=40000.5";
    check(&triggered(StopLoss, "30000.1", OrderKind::Market), &format!("ordertype=stop-loss&{stop}")).await;
    check(&triggered(StopLoss, "30000.1", limit("29900")), &format!("ordertype=stop-loss-limit&{stop}&price2=29900"))
        .await;
    check(&triggered(TakeProfit, "40000.5", OrderKind::Market), &format!("ordertype=take-profit&{gain}")).await;
    check(
        &triggered(TakeProfit, "40000.5", limit("40000")),
        &format!("ordertype=take-profit-limit&{gain}&price2=40000"),
    )
    .await;
}

#[tokio::test]
async fn an_answer_that_describes_another_order_leaves_it_unknown() {
    let outcome = async |descr: &str| {
        let result = format!(r#"{{"error":[],"result":{{{descr}"txid":["OUF4EM-FRGI2-MQMWZD"]}}}}"#);
        let server = Server::script(vec![json(200, &result)]).await;
        kraken().submit(&login(server.url()), &request()).await
    };
    let described = async |order: &str| outcome(&format!(r#""descr":{{"order":"{order}"}},"#)).await;
    for ours in
        ["buy 1.25000000 XBTUSD @ limit 37500.0", "buy 1.25 XBT/USD @ limit 37500.0", "buy 1.25 BTCUSD @ market"]
    {
        assert!(matches!(described(ours).await, Outcome::Accepted(_)), "{ours}");
    }
    assert!(matches!(outcome("").await, Outcome::Accepted(_)), "it need not describe it");
    for another in [
        "sell 1.25 XBTUSD @ limit 37500.0",
        "buy 12.5 XBTUSD @ limit 37500.0",
        "buy 1.25 XBTEUR @ limit 37500.0",
        "buy 1.25",
        "something",
        "",
    ] {
        assert!(matches!(described(another).await, Outcome::Unknown(_)), "{another}");
    }
}

#[tokio::test]
async fn the_deadline_counts_from_the_persisted_time_whenever_it_is_sent() {
    let server = Server::script(vec![added()]).await;
    let earlier = Request { sent_at: now().minus(Millis::new(1_750)), ..request() };
    kraken().submit(&login(server.url()), &earlier).await;
    let heard = server.heard().remove(0);
    assert_eq!(field(&heard, "deadline").as_deref(), Some("2026-11-21T12:00:03.500Z"));
    assert_eq!(field(&heard, "nonce").as_deref(), Some("1795262400000000"));
}

#[tokio::test]
async fn numbers_leave_as_exact_plain_decimals() {
    let of = |symbol: &str, quantity: &str, at: &str| Request {
        market: market(symbol),
        quantity: quantity.parse().unwrap(),
        kind: OrderKind::Limit(price(at)),
        ..request()
    };
    let doge = of("DOGE/BTC", "100000000", "0.0000012300");
    check(&doge, "ordertype=limit&type=buy&volume=100000000&pair=XDGXBT&price=0.00000123").await;
    let small = of("ETH/EUR", "0.00000001", "999999999999.9");
    check(&small, "ordertype=limit&type=buy&volume=0.00000001&pair=ETHEUR&price=999999999999.9").await;
    check(&of("SOL/USDT", "1e-8", "64250.30"), "ordertype=limit&type=buy&volume=0.00000001&pair=SOLUSDT&price=64250.3")
        .await;
}

#[tokio::test]
async fn an_answer_that_is_cut_off_at_any_byte_leaves_the_order_unknown_and_sent_once() {
    let kraken = kraken();
    for cut in added().cuts() {
        let server = Server::script(vec![cut.clone()]).await;
        let outcome = kraken.submit(&login(server.url()), &request()).await;
        assert!(matches!(outcome, Outcome::Unknown(_)), "{cut:?} {outcome:?}");
        assert_eq!((server.heard().len(), server.connections()), (1, 1), "{cut:?}");
    }
}

#[tokio::test]
async fn a_connection_that_closes_unread_leaves_the_order_unknown_and_none_at_all_leaves_it_not_sent() {
    let deaf = Server::deaf().await;
    let outcome = kraken().submit(&login(deaf.url()), &request()).await;
    assert!(matches!(outcome, Outcome::Unknown(_)), "{outcome:?}");
    assert_eq!(deaf.connections(), 1);
    let outcome = kraken().submit(&login(Server::nobody()), &request()).await;
    assert!(matches!(outcome, Outcome::NotSent(_)), "{outcome:?}");
}

#[tokio::test]
async fn orders_of_one_key_arrive_one_after_another_with_growing_numbers() {
    let server = Server::start(|_| added()).await;
    let (kraken, login) = (kraken(), login(server.url()));
    let of = |id: &str| Request { client_id: ClientOrderId::from_stored(id), ..request() };
    let (first, second, third) = (of("m1"), of("m2"), of("m3"));
    let all =
        tokio::join!(kraken.submit(&login, &first), kraken.submit(&login, &second), kraken.submit(&login, &third));
    assert!(matches!(all, (Outcome::Accepted(_), Outcome::Accepted(_), Outcome::Accepted(_))), "{all:?}");
    let heard = server.heard();
    let told = |name: &str| heard.iter().map(|heard| field(heard, name).unwrap()).collect::<Vec<_>>();
    assert_eq!(told("cl_ord_id"), ["m1", "m2", "m3"]);
    assert_eq!(told("nonce"), ["1795262400000000", "1795262400000001", "1795262400000002"]);
    assert_eq!(server.connections(), 1, "each waited for the answer to the one before");
}

#[tokio::test]
async fn numbers_count_by_our_clock_unless_the_exchange_has_another_time() {
    let check = async |offset: i64, nonce: i64| {
        let server = Server::script(vec![added()]).await;
        let login = Login { offset: Millis::new(offset), ..login(server.url()) };
        kraken().submit(&login, &request()).await;
        assert_eq!(field(&server.heard()[0], "nonce"), Some(nonce.to_string()), "{offset}");
    };
    check(0, NOW * 1_000).await;
    check(999, NOW * 1_000).await;
    check(-999, NOW * 1_000).await;
    check(1_000, (NOW + 1_000) * 1_000).await;
    check(-3_000, (NOW - 3_000) * 1_000).await;
}

#[tokio::test]
async fn an_order_that_is_as_late_as_it_may_be_is_not_sent() {
    let server = Server::start(|_| added()).await;
    let late = Request { sent_at: now().minus(Millis::seconds(2)), ..request() };
    let outcome = kraken().submit(&login(server.url()), &late).await;
    assert!(matches!(outcome, Outcome::NotSent(_)), "{outcome:?}");
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn a_secret_that_signs_nothing_sends_nothing() {
    let server = Server::start(|_| added()).await;
    let mut login = login(server.url());
    login.key.api_secret = Secret::new("no base 64!".to_owned());
    let outcome = kraken().submit(&login, &request()).await;
    let Outcome::Rejected(refusal) = outcome else { panic!("{outcome:?}") };
    assert_eq!(refusal.code, words::KEY_REFUSED);
    assert!(!refusal.detail.contains("no base 64!"));
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn a_pair_of_orders_is_refused_without_a_word_to_the_exchange() {
    let server = Server::start(|_| added()).await;
    let Request { account, market, quantity, sent_at, .. } = request();
    let pair = OcoRequest {
        account,
        market,
        direction: Direction::Sell,
        quantity,
        limit_id: ClientOrderId::from_stored("m1"),
        limit: price("40000"),
        stop_id: ClientOrderId::from_stored("m2"),
        stop: price("30000"),
        stop_limit: None,
        reduce_only: false,
        sent_at,
    };
    let outcome = kraken().submit_oco(&login(server.url()), &pair).await;
    assert!(matches!(outcome, Outcome::Rejected(_)), "{outcome:?}");
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn what_is_answered_is_what_becomes_of_the_order_and_a_limit_holds_back_its_key() {
    async fn check(reply: crate::server::Reply, code: Option<Reason>, paused: (Option<i64>, Option<i64>)) {
        let server = Server::script(vec![reply]).await;
        let traffic = Arc::<Traffic>::default();
        let login: Login = login(server.url());
        let outcome = kraken_with(&traffic).submit(&login, &request()).await;
        match (&outcome, code) {
            (Outcome::Rejected(refusal), Some(code)) => assert_eq!(refusal.code, code),
            (Outcome::Unknown(_), None) => {}
            _ => panic!("{code:?} {outcome:?}"),
        }
        assert_eq!(held(&traffic, &login, now()), paused, "{outcome:?}");
        assert_eq!(server.heard().len(), 1);
        assert_eq!(login.doubt.is_told(), code == Some(words::CLOCK), "{outcome:?}");
    }
    check(json(200, &no("EAPI:Invalid nonce")), Some(words::CLOCK), (None, None)).await;
    check(json(200, &no("EGeneral:Invalid arguments:deadline")), Some(words::CLOCK), (None, None)).await;
    check(json(200, &no("EAPI:Rate limit exceeded")), Some(words::RATE_LIMITED), (None, Some(10_000))).await;
    check(json(200, &no("EGeneral:Temporary lockout")), Some(words::RATE_LIMITED), (None, Some(180_000))).await;
    check(json(200, &no("EService:Unavailable")), None, (None, None)).await;
    check(json(200, &no("EGeneral:Invalid arguments:cl_ord_id not unique")), None, (None, None)).await;
    check(text(429, "slow down"), Some(words::RATE_LIMITED), (Some(60_000), None)).await;
    check(text(403, "not from there"), Some(words::KEY_REFUSED), (Some(60_000), None)).await;
    check(text(520, "origin"), None, (None, None)).await;
    check(json(503, &no("EOrder:Insufficient funds")), None, (None, None)).await;
}

#[tokio::test]
async fn a_question_and_a_deadline_that_was_missed_say_that_the_clock_may_be_off() {
    for (word, doubted) in [("EAPI:Invalid nonce", true), ("EService:Deadline elapsed", true), ("EService:Busy", false)]
    {
        let server = Server::script(vec![json(200, &no(word)), json(200, &no(word))]).await;
        let (asking, ending) = (login(server.url()), login(server.url()));
        kraken().balances(&asking).await.unwrap_err();
        assert!(matches!(kraken().cancel(&ending, &address()).await, Cancelled::Unknown(_)), "{word}");
        assert_eq!((asking.doubt.is_told(), ending.doubt.is_told()), (doubted, doubted), "{word}");
    }
}
