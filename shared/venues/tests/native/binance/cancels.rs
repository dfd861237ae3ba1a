//! What is sent to end an order, and what is believed of the answer.

use super::{World, address, shown};
use crate::server::{Reply, Server, json, text};
use app::ports::Cancelled;
use domain::order::{Fact, Status};
use venues::native::Native;

async fn cancelled(reply: Reply) -> Cancelled {
    let world = World::saying(vec![reply]).await;
    let cancelled = world.binance.cancel(&world.login, &address("mabc1")).await;
    assert_eq!(world.heard(), ["DELETE /api/v3/order?symbol=BTCUSDT&origClientOrderId=mabc1"]);
    cancelled
}

/// The answer to a cancel has an id of the cancel's own.
fn ended(id: &str, order: &str, executed: &str) -> String {
    let more = format!(r#","origClientOrderId":"{id}","transactTime":1700000000456"#);
    shown("cancelOfSomething", "CANCELED", executed, &more).replace("\"orderId\":28", &format!("\"orderId\":{order}"))
}

fn fact(order: &str, executed: &str) -> Fact {
    let venue_id = Some(order.to_owned());
    Fact { venue_id, cumulative: executed.parse().unwrap(), ..Fact::of(Status::Cancelled) }
}

#[tokio::test]
async fn a_cancelled_order_is_told_with_what_was_filled_of_it() {
    let done = cancelled(json(200, &ended("mabc1", "28", "0.00100000"))).await;
    assert_eq!(done, Cancelled::Done(fact("28", "0.001")));
}

#[tokio::test]
async fn of_a_pair_the_order_that_was_meant_is_told() {
    let (limit, stop) = (ended("mabc1", "28", "0.00100000"), ended("mabc2", "29", "0.00000000"));
    let body = format!(r#"{{"orderListId":7,"listOrderStatus":"ALL_DONE","orderReports":[{stop},{limit}]}}"#);
    assert_eq!(cancelled(json(200, &body)).await, Cancelled::Done(fact("28", "0.001")));
    assert!(matches!(cancelled(json(200, &body.replace("mabc1", "x"))).await, Cancelled::Unknown(_)));
}

#[tokio::test]
async fn an_order_that_is_not_open_is_gone_and_anything_else_unknown() {
    let gone = [(-2011, "Unknown order sent."), (-2013, "Order does not exist.")];
    for (code, message) in gone {
        let said = cancelled(json(400, &format!(r#"{{"code":{code},"msg":"{message}"}}"#))).await;
        assert_eq!(said, Cancelled::Gone, "{message}");
    }
    let unknown = [
        json(400, r#"{"code":-2011,"msg":"Order was not canceled due to cancel restrictions."}"#),
        json(400, r#"{"code":-1021,"msg":"Timestamp for this request is outside of the recvWindow."}"#),
        json(503, r#"{"code":-1007,"msg":"Timeout waiting for response from backend server."}"#),
        text(502, "<html>"),
        json(200, "{}"),
        json(200, &ended("mabc9", "28", "0.00000000")),
    ];
    for reply in unknown {
        let said = cancelled(reply.clone()).await;
        assert!(matches!(said, Cancelled::Unknown(_)), "{reply:?}: {said:?}");
    }
}

#[tokio::test]
async fn a_cancel_whose_answer_breaks_off_is_unknown_and_not_sent_again() {
    let world = World::saying(Vec::new()).await;
    for cut in json(200, &ended("mabc1", "28", "0.00000000")).cuts() {
        let server = Server::script(vec![cut]).await;
        let said = world.binance.cancel(&super::login(&server.url()), &address("mabc1")).await;
        assert!(matches!(said, Cancelled::Unknown(_)), "{said:?}");
        assert_eq!(server.heard().len(), 1);
    }
}
