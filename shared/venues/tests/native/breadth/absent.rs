//! What it takes for an order to be called absent.

use super::orders::{NO_SUCH_ORDER, empty};
use super::paged::{asks_for_trades, order, told_so, trade};
use super::{EXCHANGES, OF_CONTRACTS, World, parse};
use crate::server::{Heard, Reply, Server, json, text};
use app::ports::{Tells, VenueError};
use domain::order::{Fact, Status};
use serde_json::Value;
use venues::native::Native;

/// Of one order, by whatever id.
fn asks_for_one(heard: &Heard) -> bool {
    let path = heard.path();
    ["/trade/order", "/orderInfo"].iter().any(|end| path.ends_with(end))
        || asks_by_its_id(heard)
        || path.contains("client-order")
}

fn asks_by_its_id(heard: &Heard) -> bool {
    heard.path().contains("/hf/orders/7") || heard.query().contains("orderId=7")
}

fn unknown(name: &str) -> &'static str {
    match name {
        "okx" => NO_SUCH_ORDER,
        "kucoin" => r#"{"code":"100001","msg":"error.getOrder.orderNotExist"}"#,
        _ => empty(name),
    }
}

/// Where no id and no list knows the order: what is found behind these trades, where an order of one of them is told so by its
/// own id.
async fn found(
    name: &'static str,
    trades: Reply,
    own: Option<Value>,
    listed: Option<Value>,
) -> (Result<Option<Fact>, VenueError>, Vec<String>) {
    let listed = listed.map(|row| told_so(name, &[row], "", 0).to_string());
    let own = own.map(|own| own.to_string());
    let reply = move |heard: &Heard| {
        if asks_for_trades(heard) {
            return trades.clone();
        }
        if asks_for_one(heard) {
            return json(200, own.as_deref().filter(|_| asks_by_its_id(heard)).unwrap_or_else(|| unknown(name)));
        }
        json(200, listed.as_deref().unwrap_or_else(|| empty(name)))
    };
    let world = World::at(name, Server::start(reply).await);
    (world.spoken.find_order(&world.login, &world.address()).await, world.server.lines())
}

fn trades(name: &str, rows: &[Value]) -> Reply {
    json(200, &told_so(name, rows, "", 0).to_string())
}

/// The same order, or trade, of somebody else.
fn of_another(told: &Value, id: &str) -> Value {
    let text = told.to_string().replace(r#""77""#, &format!(r#""{id}""#)).replace(super::CLIENT_ID, "another");
    serde_json::from_str(&text).unwrap()
}

#[tokio::test]
async fn an_order_that_has_traded_is_not_absent_though_no_list_knows_it() {
    for name in EXCHANGES {
        let (fact, _) = found(name, trades(name, &[trade(name, 1)]), Some(order(name)), None).await;
        let fact = fact.unwrap().unwrap();
        // Where a trade says our id, its order was not asked for: that it goes on is not said.
        let says_ours = ["bybit", "okx"].contains(&name);
        let (status, filled) = if says_ours { (Status::PartiallyFilled, "0.01") } else { (Status::Filled, "1.3") };
        assert_eq!((fact.status, fact.venue_id.as_deref()), (Some(status), Some("77")), "{name}");
        assert_eq!((fact.cumulative, fact.fills.len()), (parse(filled), 1), "{name}");
    }
}

#[tokio::test]
async fn an_order_is_absent_where_all_trades_since_then_are_of_others() {
    for name in EXCHANGES {
        let rows = [of_another(&trade(name, 1), "78")];
        let (fact, _) = found(name, trades(name, &rows), Some(of_another(&order(name), "78")), None).await;
        assert_eq!(fact, Ok(None), "{name}");
        let (fact, _) = found(name, trades(name, &[]), None, None).await;
        assert_eq!(fact, Ok(None), "{name}");
    }
}

#[tokio::test]
async fn an_order_is_not_absent_where_its_trades_cannot_be_read_or_belong_to_nobody() {
    for name in EXCHANGES {
        let (fact, _) = found(name, text(503, ""), None, None).await;
        fact.unwrap_err();
    }
    for name in ["kucoin", "bitget"] {
        let rows = [of_another(&trade(name, 1), "78")];
        let (fact, _) = found(name, trades(name, &rows), None, None).await;
        assert!(fact.is_err(), "{name}: whose it is is not told");
        let many: Vec<Value> = (0..21).map(|n| of_another(&trade(name, n + 1), &format!("78{n}"))).collect();
        let ((fact, asked), other) =
            (found(name, trades(name, &many[..19]), None, None).await, of_another(&order(name), "78"));
        assert!(fact.is_err() && asked.iter().any(|line| line.contains("780")), "{name}");
        let (fact, _) = found(name, trades(name, &many), Some(other), None).await;
        assert!(fact.is_err(), "{name}: more than are asked for");
    }
}

#[tokio::test]
async fn an_order_that_a_list_has_is_not_asked_for_because_it_has_traded() {
    for name in ["kucoin", "bitget"] {
        let another = of_another(&order(name), "78");
        let row = if name == "kucoin" { another["data"].clone() } else { another["data"][0].clone() };
        let rows = [of_another(&trade(name, 1), "78")];
        let (fact, asked) = found(name, trades(name, &rows), None, Some(row)).await;
        assert_eq!(fact, Ok(None), "{name}");
        assert!(asked.iter().all(|line| !line.contains("/78") && !line.contains("orderId=78")), "{name}: {asked:?}");
    }
}

/// Bybit answers a question for one order with a list: that it is empty ends no order that was accepted.
#[tokio::test]
async fn an_exchange_says_by_what_it_tells_of_one_order() {
    for name in EXCHANGES.into_iter().chain(OF_CONTRACTS) {
        let tells = World::saying(name, Vec::new()).await.spoken.terms().tells;
        let lists = name.starts_with("bybit");
        assert_eq!(tells, if lists { Tells::InLists } else { Tells::ByItsOwnId }, "{name}");
    }
}
