//! What is sent for an order, once, and what is believed of the answer.

use super::{KEY, NOW, World, limit_buy, login, market, pair, parse, request, shown, stop_loss, take_profit, unsigned};
use crate::server::{Reply, Server, json, text, with};
use app::ports::{OcoFacts, OcoRequest, Outcome, Request};
use domain::clock::Millis;
use domain::order::Direction::{Buy, Sell};
use domain::order::{Fact, Fee, FeeValue, Fill, Status, TradeId};
use domain::preset::OrderKind;
use std::sync::Arc;
use venues::native::{Binance, Native, Traffic, Transport};

#[tokio::test]
async fn each_order_is_one_line_with_exact_numbers() {
    async fn check(request: Request, line: &str) {
        let world = World::saying(vec![text(503, "")]).await;
        world.binance.submit(&world.login, &request).await;
        assert_eq!(world.heard(), [format!("POST /api/v3/order?symbol=BTCUSDT&{line}")]);
    }
    let end = "newClientOrderId=mabc1&newOrderRespType=FULL";
    let limit = |price| OrderKind::Limit(parse(price));
    let of = |direction, kind, trigger| request(direction, kind, trigger);
    check(
        of(Buy, limit("64250.30"), None),
        &format!("side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01234&price=64250.3&{end}"),
    )
    .await;
    check(
        of(Sell, limit("1e-8"), None),
        &format!("side=SELL&type=LIMIT&timeInForce=GTC&quantity=0.01234&price=0.00000001&{end}"),
    )
    .await;
    check(of(Sell, OrderKind::Market, None), &format!("side=SELL&type=MARKET&quantity=0.01234&{end}")).await;
    check(
        of(Sell, OrderKind::Market, stop_loss("60000.00")),
        &format!("side=SELL&type=STOP_LOSS&quantity=0.01234&stopPrice=60000&{end}"),
    )
    .await;
    check(
        of(Sell, limit("59900.1"), stop_loss("60000")),
        &format!("side=SELL&type=STOP_LOSS_LIMIT&timeInForce=GTC&quantity=0.01234&price=59900.1&stopPrice=60000&{end}"),
    )
    .await;
    check(
        of(Sell, OrderKind::Market, take_profit("70000")),
        &format!("side=SELL&type=TAKE_PROFIT&quantity=0.01234&stopPrice=70000&{end}"),
    )
    .await;
    check(
        of(Buy, limit("50000"), take_profit("50001")),
        &format!("side=BUY&type=TAKE_PROFIT_LIMIT&timeInForce=GTC&quantity=0.01234&price=50000&stopPrice=50001&{end}"),
    )
    .await;
}

#[tokio::test]
async fn a_pair_is_one_line_with_both_client_ids() {
    async fn check(request: OcoRequest, line: &str) {
        let world = World::saying(vec![text(503, "")]).await;
        world.binance.submit_oco(&world.login, &request).await;
        assert_eq!(world.heard(), [format!("POST /api/v3/orderList/oco?symbol=BTCUSDT&{line}&newOrderRespType=FULL")]);
    }
    check(
        pair(Sell, "70000", "60000", None),
        "side=SELL&quantity=0.01234&aboveType=LIMIT_MAKER&aboveClientOrderId=mabc1&abovePrice=70000\
         &belowType=STOP_LOSS&belowClientOrderId=mabc2&belowStopPrice=60000",
    )
    .await;
    check(
        pair(Sell, "70000", "60000", Some("59900")),
        "side=SELL&quantity=0.01234&aboveType=LIMIT_MAKER&aboveClientOrderId=mabc1&abovePrice=70000\
         &belowType=STOP_LOSS_LIMIT&belowClientOrderId=mabc2&belowPrice=59900&belowStopPrice=60000\
         &belowTimeInForce=GTC",
    )
    .await;
    check(
        pair(Buy, "50000", "60000", Some("60100")),
        "side=BUY&quantity=0.01234&aboveType=STOP_LOSS_LIMIT&aboveClientOrderId=mabc2&abovePrice=60100\
         &aboveStopPrice=60000&aboveTimeInForce=GTC&belowType=LIMIT_MAKER&belowClientOrderId=mabc1&belowPrice=50000",
    )
    .await;
}

#[tokio::test]
async fn an_order_is_signed_with_its_own_time_by_the_exchanges_clock_and_a_question_with_that_of_now() {
    let mut world = World::saying(vec![text(503, ""), text(503, "")]).await;
    world.login.offset = Millis::new(-250);
    world.login.now = NOW.plus(Millis::seconds(1));
    world.binance.submit(&world.login, &limit_buy()).await;
    world.binance.balances(&world.login).await.unwrap_err();
    let ends: Vec<String> = world.server.heard().iter().map(|heard| heard.query().to_owned()).collect();
    let is_signed = |end: &str| end.split("&signature=").nth(1).is_some_and(|signature| signature.len() == 64);
    assert!(ends[0].contains("&recvWindow=5000&timestamp=1699999999873&signature="), "{ends:?}");
    assert!(ends[1].contains("&recvWindow=5000&timestamp=1700000000873&signature="), "{ends:?}");
    assert!(ends.iter().all(|end| is_signed(end)), "{ends:?}");
    assert!(
        world.server.heard().iter().all(|heard| heard.header("x-mbx-apikey") == Some(KEY) && heard.body.is_empty())
    );
}

fn fill(price: &str, quantity: &str, asset: &str, amount: &str, at: i64) -> Fill {
    let fee = Fee::of(&market().key.symbol, parse(asset), parse(amount));
    let at = domain::clock::Timestamp::from_millis(at);
    Fill { fee: Some(fee), price: parse(price), quantity: parse(quantity), at }
}

#[tokio::test]
async fn an_accepted_order_comes_with_its_trades_and_their_fees() {
    let fills = r#","transactTime":1700000000456,"fills":[
        {"price":"64250.30000000","qty":"0.01000000","commission":"0.00001000","commissionAsset":"BTC","tradeId":56},
        {"price":"64250.20000000","qty":"0.00234000","commission":"0.00010000","commissionAsset":"BNB","tradeId":57}]"#;
    let world = World::saying(vec![json(200, &shown("mabc1", "FILLED", "0.01234000", fills))]).await;
    let Outcome::Accepted(fact) = world.binance.submit(&world.login, &limit_buy()).await else { panic!("accepted") };
    let wanted = [
        (TradeId("56".to_owned()), fill("64250.3", "0.01", "BTC", "0.00001", 1_700_000_000_456)),
        (TradeId("57".to_owned()), fill("64250.2", "0.00234", "BNB", "0.0001", 1_700_000_000_456)),
    ];
    assert_eq!(fact.fills, wanted.into());
    assert_eq!((fact.status, fact.venue_id.as_deref()), (Some(Status::Filled), Some("28")));
    assert_eq!(fact.cumulative, parse("0.01234"));
    let valued: Vec<FeeValue> = fact.fills.values().filter_map(|fill| Some(fill.fee.as_ref()?.value)).collect();
    assert_eq!(valued, [FeeValue::Own, FeeValue::Wanted]);
}

#[tokio::test]
async fn an_acceptance_that_is_not_understood_whole_is_unknown() {
    async fn check(body: &str, is_fine: impl Fn(&Outcome) -> bool) {
        let world = World::saying(vec![json(200, body)]).await;
        let outcome = world.binance.submit(&world.login, &limit_buy()).await;
        assert!(is_fine(&outcome), "{body}: {outcome:?}");
    }
    let open = shown("mabc1", "NEW", "0.00000000", "");
    let unknown = |outcome: &Outcome| matches!(outcome, Outcome::Unknown(_));
    let accepted = |outcome: &Outcome| matches!(outcome, Outcome::Accepted(fact) if fact.status == Some(Status::Open));
    check(&open, accepted).await;
    check(&open.replace("\"orderId\":28,", ""), unknown).await;
    check(&open.replace("mabc1", "mabc9"), unknown).await;
    check(&open.replace("BTCUSDT", "BTCUSDC"), unknown).await;
    check(&open.replace("\"symbol\":\"BTCUSDT\",", ""), unknown).await;
    check(&open.replace("\"BUY\"", "\"SELL\""), unknown).await;
    check(&open.replace("\"origQty\":\"0.01234000\"", "\"origQty\":\"0.12340000\""), unknown).await;
    check(&open.replace("\"NEW\"", "\"SOMETHING\""), unknown).await;
    check(&open.replace("\"executedQty\":\"0.00000000\"", "\"executedQty\":\"much\""), unknown).await;
    check("{}", unknown).await;
    check("", unknown).await;
    check("<html>", unknown).await;
    let rejected = |outcome: &Outcome| matches!(outcome, Outcome::Rejected(_));
    check(&open.replace("\"NEW\"", "\"REJECTED\""), rejected).await;
    let expired =
        |outcome: &Outcome| matches!(outcome, Outcome::Accepted(fact) if fact.status == Some(Status::Expired));
    check(&open.replace("\"NEW\"", "\"EXPIRED\""), expired).await;
}

fn accepted_pair() -> String {
    let limit = shown("mabc1", "NEW", "0.00000000", r#","transactTime":1"#).replace("BUY", "SELL");
    let stop = shown("mabc2", "NEW", "0.00000000", r#","transactTime":1,"stopPrice":"60000.0""#).replace("28", "29");
    let stop = stop.replace("BUY", "SELL");
    format!(
        r#"{{"orderListId":1,"contingencyType":"OCO","listOrderStatus":"EXECUTING","orderReports":[{stop},{limit}]}}"#
    )
}

#[tokio::test]
async fn a_pair_is_accepted_where_both_are() {
    let request = pair(Sell, "70000", "60000", None);
    let world =
        World::saying(vec![json(200, &accepted_pair()), json(200, &accepted_pair().replace("mabc2", "x"))]).await;
    let of = |id: &str| Fact { venue_id: Some(id.to_owned()), ..Fact::of(Status::Open) };
    let outcome = world.binance.submit_oco(&world.login, &request).await;
    assert_eq!(outcome, Outcome::Accepted(OcoFacts { limit: of("28"), stop: of("29") }));
    let outcome = world.binance.submit_oco(&world.login, &request).await;
    assert!(matches!(outcome, Outcome::Unknown(_)), "{outcome:?}");
    for (ours, anothers) in [("SELL", "BUY"), ("BTCUSDT", "ETHUSDT"), ("0.01234000", "0.02468000")] {
        let world = World::saying(vec![json(200, &accepted_pair().replacen(ours, anothers, 1))]).await;
        let outcome = world.binance.submit_oco(&world.login, &request).await;
        assert!(matches!(outcome, Outcome::Unknown(_)), "{anothers}: {outcome:?}");
    }
}

/// What became of an order, of a pair and of how many requests, where a server behaves so.
async fn check_once(binance: &Binance, server: &Server, heard: usize) {
    let login = login(&server.url());
    let outcome = binance.submit(&login, &limit_buy()).await;
    assert!(matches!(outcome, Outcome::Unknown(_)), "{outcome:?}");
    assert_eq!(server.heard().len(), heard);
}

#[tokio::test]
async fn an_order_is_sent_once_whenever_the_connection_breaks() {
    let binance = Binance::new(Arc::new(Transport::new(true)), Arc::new(Traffic::default()));
    for cut in json(200, &shown("mabc1", "NEW", "0.00000000", r#","fills":[]"#)).cuts() {
        check_once(&binance, &Server::script(vec![cut]).await, 1).await;
    }
    for cut in json(400, r#"{"code":-2010,"msg":"Account has insufficient balance for requested action."}"#).cuts() {
        check_once(&binance, &Server::script(vec![cut]).await, 1).await;
    }
    check_once(&binance, &Server::deaf().await, 0).await;
}

#[tokio::test]
async fn a_pair_is_sent_once_whenever_the_connection_breaks() {
    let world = World::saying(Vec::new()).await;
    for cut in json(200, &accepted_pair()).cuts() {
        let server = Server::script(vec![cut]).await;
        let outcome = world.binance.submit_oco(&login(&server.url()), &pair(Sell, "70000", "60000", None)).await;
        assert!(matches!(outcome, Outcome::Unknown(_)), "{outcome:?}");
        assert_eq!(server.heard().len(), 1);
    }
}

#[tokio::test]
async fn an_order_that_finds_nobody_has_not_left() {
    let world = World::saying(Vec::new()).await;
    let nobody = login(&Server::nobody());
    let outcome = world.binance.submit(&nobody, &limit_buy()).await;
    assert!(matches!(outcome, Outcome::NotSent(_)), "{outcome:?}");
    let outcome = world.binance.submit_oco(&nobody, &pair(Sell, "70000", "60000", None)).await;
    assert!(matches!(outcome, Outcome::NotSent(_)), "{outcome:?}");
}

#[tokio::test]
async fn a_kept_connection_that_is_closed_meanwhile_is_no_reason_to_send_twice() {
    let whole = json(200, &shown("mabc1", "NEW", "0.00000000", ""));
    let world = World::saying(vec![whole.clone(), Reply::Cut(Vec::new()), whole]).await;
    for heard in 1..=3 {
        world.binance.submit(&world.login, &limit_buy()).await;
        assert_eq!(world.server.heard().len(), heard);
    }
}

#[tokio::test]
async fn no_answer_tells_the_key() {
    let said = with(400, &[], r#"{"code":-1022,"msg":"Signature for this request is not valid."}"#);
    let world = World::saying(vec![said]).await;
    let outcome = format!("{:?}", world.binance.submit(&world.login, &limit_buy()).await);
    let line = world.server.lines().remove(0);
    let signature = line.split("signature=").nth(1).unwrap();
    assert!(unsigned(&line).len() < line.len());
    for secret in [KEY, super::SECRET, signature] {
        assert!(!outcome.contains(secret) && !format!("{:?}", world.login).contains(secret), "{outcome}");
    }
}
