//! What is sent for an order of contracts, once, and what is believed of the answer.

use super::super::{NOW, pair, stop_loss, take_profit};
use super::{address, order, parse, saying, shown};
use crate::server::{Server, json, text};
use app::ports::{Cancelled, Outcome, Request, Trigger};
use domain::order::Direction::{Buy, Sell};
use domain::order::{Fact, Status};
use venues::native::{Native, words};

#[tokio::test]
async fn each_order_is_one_line_and_says_whether_it_may_only_reduce() {
    async fn check(request: Request, line: &str) {
        let world = saying(vec![text(503, "")]).await;
        world.binance.submit(&world.login, &request).await;
        assert_eq!(world.heard(), [format!("POST /fapi/v1/order?symbol=BTCUSDT&{line}")]);
        assert!(world.server.heard()[0].query().contains(&format!("&recvWindow=5000&timestamp={}&", NOW.millis())));
    }
    let end = "newClientOrderId=mabc1&newOrderRespType=RESULT";
    check(
        order(Buy, Some("64250.30"), false),
        &format!("side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01234&price=64250.3&{end}"),
    )
    .await;
    check(
        order(Sell, Some("70000"), true),
        &format!("side=SELL&type=LIMIT&timeInForce=GTC&quantity=0.01234&price=70000&reduceOnly=true&{end}"),
    )
    .await;
    check(order(Sell, None, false), &format!("side=SELL&type=MARKET&quantity=0.01234&{end}")).await;
    check(order(Buy, None, true), &format!("side=BUY&type=MARKET&quantity=0.01234&reduceOnly=true&{end}")).await;
}

#[tokio::test]
async fn what_waits_for_a_price_is_not_sent_at_all() {
    async fn check(trigger: Option<Trigger>) {
        let world = saying(Vec::new()).await;
        let outcome = world.binance.submit(&world.login, &Request { trigger, ..order(Sell, None, true) }).await;
        let is_refused = matches!(&outcome, Outcome::Rejected(refusal) if refusal.code == words::STOP_NOT_TAKEN);
        assert!(is_refused && world.server.connections() == 0, "{outcome:?}");
    }
    check(stop_loss("60000")).await;
    check(take_profit("70000")).await;
    let world = saying(Vec::new()).await;
    let outcome = world.binance.submit_oco(&world.login, &pair(Sell, "70000", "60000", None)).await;
    let is_refused = matches!(&outcome, Outcome::Rejected(refusal) if refusal.code == words::STOP_NOT_TAKEN);
    assert!(is_refused && world.server.connections() == 0, "{outcome:?}");
}

#[tokio::test]
async fn an_accepted_order_tells_how_much_was_filled_and_no_trades() {
    let body = shown("mabc1", "FILLED", "0.012", r#","cumQty":"0.012""#);
    let world = saying(vec![json(200, &body)]).await;
    let fact = Fact {
        venue_id: Some("8389765591122845789".to_owned()),
        cumulative: parse("0.012"),
        ..Fact::of(Status::Filled)
    };
    let request = Request { quantity: parse("0.012"), ..order(Buy, None, false) };
    assert_eq!(world.binance.submit(&world.login, &request).await, Outcome::Accepted(fact));
}

#[tokio::test]
async fn an_acceptance_of_another_order_is_unknown() {
    for body in [shown("mabc9", "NEW", "0", ""), shown("mabc1", "CALCULATED", "0", ""), "{}".to_owned()] {
        let world = saying(vec![json(200, &body)]).await;
        let outcome = world.binance.submit(&world.login, &order(Buy, None, false)).await;
        assert!(matches!(outcome, Outcome::Unknown(_)), "{body}: {outcome:?}");
    }
}

#[tokio::test]
async fn an_order_of_contracts_is_sent_once_whenever_the_connection_breaks() {
    let world = saying(Vec::new()).await;
    for cut in json(200, &shown("mabc1", "NEW", "0", "")).cuts() {
        let server = Server::script(vec![cut]).await;
        let login = super::super::login(&server.url());
        let outcome = world.binance.submit(&login, &order(Buy, Some("64250.3"), false)).await;
        assert!(matches!(outcome, Outcome::Unknown(_)), "{outcome:?}");
        assert_eq!(server.heard().len(), 1);
    }
}

#[tokio::test]
async fn a_cancelled_order_is_told_under_its_own_id() {
    let gone = json(400, r#"{"code":-2011,"msg":"Unknown order sent."}"#);
    let world = saying(vec![json(200, &shown("mabc1", "CANCELED", "0.005", "")), gone, text(503, "")]).await;
    let told = world.binance.cancel(&world.login, &address("mabc1")).await;
    let Cancelled::Done(fact) = told else { panic!("{told:?}") };
    assert_eq!((fact.status, fact.cumulative), (Some(Status::Cancelled), parse("0.005")));
    assert_eq!(world.binance.cancel(&world.login, &address("mabc1")).await, Cancelled::Gone);
    let lost = world.binance.cancel(&world.login, &address("mabc1")).await;
    assert!(matches!(lost, Cancelled::Unknown(_)), "{lost:?}");
    assert_eq!(world.heard(), ["DELETE /fapi/v1/order?symbol=BTCUSDT&origClientOrderId=mabc1"; 3]);
}
