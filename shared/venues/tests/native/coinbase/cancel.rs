//! An order is ended by the exchange's id of it, and read again.

use super::find::{fills, order, orders, trade};
use super::{ID, World, address};
use crate::server::{Reply, Server, json};
use app::ports::Cancelled;
use domain::order::Status;
use serde_json::json as value;
use venues::native::Native;

fn results(success: bool, reason: &str) -> Reply {
    json(200, &value!({ "results": [{ "success": success, "failure_reason": reason, "order_id": "o-2" }] }).to_string())
}

fn one(status: &str, filled: &str) -> Reply {
    json(200, &value!({ "order": order("o-2", ID, status, filled) }).to_string())
}

async fn cancelled(server: &Server) -> Cancelled {
    let world = World::of(server);
    world.coinbase.cancel(&world.login, &address()).await
}

fn resting() -> Reply {
    orders(&[order("o-2", ID, "OPEN", "0")], "")
}

#[tokio::test]
async fn an_open_order_is_ended_and_its_end_is_read() {
    let trades = fills(&[trade("t-1", "o-2", "0.01")], "");
    let taken = results(true, "UNKNOWN_CANCEL_FAILURE_REASON");
    let server = Server::script(vec![resting(), taken, one("CANCELLED", "0.01"), trades]).await;
    let outcome = cancelled(&server).await;
    let Cancelled::Done(fact) = outcome else { panic!("{outcome:?}") };
    assert_eq!((fact.status, fact.fills.len()), (Some(Status::Cancelled), 1));
    let heard = &server.heard()[1];
    assert_eq!(heard.line(), "POST /api/v3/brokerage/orders/batch_cancel");
    assert_eq!(heard.body, r#"{"order_ids":["o-2"]}"#);
}

#[tokio::test]
async fn a_wish_that_was_taken_before_is_taken() {
    let server =
        Server::script(vec![resting(), results(false, "DUPLICATE_CANCEL_REQUEST"), one("CANCEL_QUEUED", "0")]).await;
    assert!(matches!(cancelled(&server).await, Cancelled::Done(fact) if fact.status == Some(Status::Open)));
}

#[tokio::test]
async fn what_is_over_is_told_and_not_ended() {
    let server = Server::script(vec![orders(&[order("o-2", ID, "EXPIRED", "0")], "")]).await;
    assert!(matches!(cancelled(&server).await, Cancelled::Done(fact) if fact.status == Some(Status::Expired)));
    assert_eq!(server.heard().len(), 1);
}

#[tokio::test]
async fn what_is_not_there_is_gone() {
    for reason in ["UNKNOWN_CANCEL_ORDER", "ORDER_IS_FULLY_FILLED"] {
        let server = Server::script(vec![resting(), results(false, reason)]).await;
        assert_eq!(cancelled(&server).await, Cancelled::Gone, "{reason}");
    }
    let nowhere = vec![orders(&[], ""), orders(&[], ""), fills(&[], "")];
    assert_eq!(cancelled(&Server::script(nowhere).await).await, Cancelled::Gone);
}

#[tokio::test]
async fn whatever_else_is_said_the_order_may_be_open() {
    let taken = || results(true, "");
    let checks: Vec<Vec<Reply>> = vec![
        vec![json(500, "{}")],
        vec![resting(), json(500, "{}")],
        vec![resting(), json(429, "{}")],
        vec![resting(), json(200, "{}")],
        vec![resting(), json(200, r#"{"results":[]}"#)],
        vec![resting(), json(200, r#"{"results":[{"success":true,"order_id":"another"}]}"#)],
        vec![resting(), results(false, "COMMANDER_REJECTED_CANCEL_ORDER")],
        vec![resting(), results(false, "INVALID_CANCEL_REQUEST")],
        vec![resting(), taken(), json(500, "{}")],
        vec![resting(), taken(), json(200, r#"{"order":null}"#)],
    ];
    for script in checks {
        let outcome = cancelled(&Server::script(script.clone()).await).await;
        assert!(matches!(outcome, Cancelled::Unknown(_)), "{script:?}: {outcome:?}");
    }
    let world = World::at("");
    for cut in taken().cuts() {
        let server = Server::script(vec![resting(), cut]).await;
        let World { coinbase, login, .. } = world.moved_to(&server);
        assert!(matches!(coinbase.cancel(&login, &address()).await, Cancelled::Unknown(_)));
        assert_eq!(server.heard().len(), 2, "it is said once");
    }
}
