//! Orders that were taken in and thrown out again.

use super::{CLIENT_ID, World, parse};
use crate::server::json;
use app::ports::{Address, Outcome};
use domain::order::{Direction, Status};
use domain::preset::OrderKind;
use venues::native::{Native, words};

/// Of Bybit, which says so and why.
fn rejected(done: &str, why: &str) -> String {
    format!(
        r#"{{"retCode":0,"retMsg":"OK","result":{{"list":[{{"orderId":"77","orderLinkId":"{CLIENT_ID}","symbol":"BTCUSDT","price":"64250.3","qty":"1","side":"Sell","orderStatus":"Rejected","rejectReason":"{why}","avgPrice":"","leavesQty":"0","cumExecQty":"{done}","cumExecValue":"0","cumExecFee":"0","orderType":"Limit","timeInForce":"GTC","createdTime":"1700000000123","updatedTime":"1700000000223"}}],"category":"spot"}},"time":1700000000300}}"#
    )
}

#[tokio::test]
async fn an_order_that_was_accepted_is_told_as_rejected_where_the_exchange_tells_so() {
    let told = [("EC_PostOnlyWillTakeLiquidity", "EC_PostOnlyWillTakeLiquidity")];
    for (said, why) in told.into_iter().chain(["EC_NoError", ""].map(|said| (said, "accepted, and rejected then"))) {
        let world = World::saying("bybit", vec![json(200, &rejected("0", said))]).await;
        let address = Address { venue_id: Some("77".to_owned()), ..world.address() };
        let fact = world.spoken.find_order(&world.login, &address).await.unwrap().unwrap();
        let refusal = fact.refusal.unwrap();
        assert_eq!((fact.status, fact.venue_id.as_deref()), (Some(Status::Rejected), Some("77")));
        assert_eq!((refusal.code, refusal.detail.as_str()), (words::REFUSED_BY_VENUE.into(), why));
    }
}

#[tokio::test]
async fn what_has_traded_was_no_refusal_however_it_has_ended() {
    let trade = format!(
        r#"{{"retCode":0,"retMsg":"OK","result":{{"list":[{{"symbol":"BTCUSDT","orderId":"77","orderLinkId":"{CLIENT_ID}","side":"Sell","orderPrice":"64250.3","orderQty":"1","orderType":"Limit","execFee":"0.1","execId":"9","execPrice":"64250.3","execQty":"0.4","execType":"Trade","execValue":"25700.12","feeCurrency":"USDT","execTime":"1700000000200","isMaker":true,"feeRate":"0.001"}}],"category":"spot"}},"time":1700000000300}}"#
    );
    let world = World::saying("bybit", vec![json(200, &rejected("0.4", "EC_Others")), json(200, &trade)]).await;
    let fact = world.spoken.find_order(&world.login, &world.address()).await.unwrap().unwrap();
    assert_eq!((fact.status, fact.cumulative, fact.refusal), (Some(Status::Cancelled), parse("0.4"), None));
}

#[tokio::test]
async fn an_order_whose_own_answer_says_that_it_is_rejected_is_refused() {
    let limit = OrderKind::Limit(parse("64250.3"));
    let outcome = async |status: &str| {
        let said = format!(
            r#"{{"retCode":0,"retMsg":"OK","result":{{"orderId":"77","orderLinkId":"{CLIENT_ID}","orderStatus":"{status}","rejectReason":"EC_Others"}},"time":1700000000200}}"#
        );
        let world = World::saying("bybit", vec![json(200, &said)]).await;
        world.spoken.submit(&world.login, &world.request(Direction::Buy, limit)).await
    };
    let Outcome::Rejected(refusal) = outcome("Rejected").await else { unreachable!() };
    assert_eq!((refusal.code, refusal.detail.as_str()), (words::REFUSED_BY_VENUE.into(), "EC_Others"));
    // What has ended otherwise may have traded before: it is looked at.
    for ended in ["Cancelled", "Filled"] {
        let Outcome::Accepted(fact) = outcome(ended).await else { unreachable!("{ended}") };
        assert_eq!(fact.status, Some(Status::Open), "{ended}");
    }
}
